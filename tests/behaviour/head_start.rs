//! The first turn through the application's own server (F1).

use trigger_chat_transport::io::{
    CallId, ChatInput, ConnectionState, Event, HeadStartHead, Outcome, PendingVersionSource,
    Progress, RequestId, SendSource, Wake,
};
use trigger_chat_transport::{Error, Input, Output, Secret};

use crate::world::{World, cause, complete, data};

fn head() -> HeadStartHead {
    let token = Some(Secret::new("from the handler"));
    HeadStartHead { status: 200, token, pending_version: false, has_body: true }
}

/// A world whose first send waits for the answer of the application's server.
fn sent() -> (World, CallId, RequestId) {
    let mut world = World::new();
    let call = world.send(SendSource::HeadStart);
    let Some(Output::HeadStart { request, call: of, .. }) = world.outputs.first() else {
        panic!("no head start: {:?}", world.outputs)
    };
    assert_eq!(*of, call);
    let request = *request;
    (world, call, request)
}

fn answer(world: &mut World, request: RequestId, head: HeadStartHead) {
    world.tell(ChatInput::HeadStarted { request, answer: Ok(head) });
}

/// A world that reads the answer.
fn reading() -> (World, CallId, RequestId) {
    let (mut world, call, request) = sent();
    answer(&mut world, request, head());
    (world, call, request)
}

fn progress(world: &mut World, request: RequestId, progress: Progress) {
    world.tell(ChatInput::Subscription { request, progress });
}

fn chunks(world: &mut World, request: RequestId, chunks: &[&str]) {
    let text: String = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    progress(world, request, Progress::Bytes(text.into_bytes()));
}

const START: &str = r#"{"type":"start"}"#;
const FINISH: &str = r#"{"type":"finish"}"#;
const COMPLETE: &str = r#"{"type":"trigger:turn-complete"}"#;

#[test]
fn f1_the_answer_streams_and_leaves_a_session_that_later_sends_use() {
    let (mut world, call, request) = reading();
    assert_eq!(world.outcome(call), Some(&Outcome::Stream { repeats: false }));
    assert_eq!(world.state().token.expose(), "from the handler");
    assert_eq!(world.state().is_streaming, Some(true));
    chunks(&mut world, request, &[START, FINISH, COMPLETE]);
    assert_eq!(world.chunks(call), [START, FINISH]);
    assert_eq!(world.state().is_streaming, Some(false));
    let state = r#"{"type":"trigger:session-state","lastEventId":"17"}"#;
    chunks(&mut world, request, &[state]);
    assert_eq!(world.state().last_event_id.as_deref(), Some("17"));
    assert!(!world.is_closed(call));
    progress(&mut world, request, Progress::End);
    assert!(world.is_closed(call));

    world.submit();
    world.acknowledge(1);
    assert_eq!(world.cursors(), [Some("17")]);
}

#[test]
fn f1_what_happens_is_told_in_the_order_in_which_it_happens() {
    let (mut world, _, request) = sent();
    answer(&mut world, request, HeadStartHead { pending_version: true, ..head() });
    chunks(&mut world, request, &[START, COMPLETE]);
    let told: Vec<_> = world
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::MessageSent(facts) => {
                assert_eq!((facts.source, &facts.part_id), (SendSource::HeadStart, &None));
                Some("sent")
            }
            Event::RunPendingVersion(PendingVersionSource::HeadStart) => Some("pending"),
            Event::StreamConnected { resumed: false, message_id: Some(_), .. } => Some("connected"),
            Event::FirstChunk { .. } => Some("first"),
            Event::TurnCompleted { .. } => Some("complete"),
            Event::ConnectionChanged(_) => None,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, ["sent", "pending", "connected", "first", "complete"]);
}

#[test]
fn f1_an_answer_that_ends_behind_its_finish_is_complete() {
    let (mut world, call, request) = reading();
    chunks(&mut world, request, &[START, FINISH, "[DONE]"]);
    assert_eq!(world.chunks(call), [START, FINISH]);
    progress(&mut world, request, Progress::End);
    assert!(world.is_closed(call));
    assert_eq!(world.state().is_streaming, Some(false));
}

#[test]
fn f1_an_answer_that_breaks_off_fails_and_can_be_resumed_from_the_session() {
    for end in [Progress::End, Progress::Failed(cause())] {
        let (mut world, call, request) = reading();
        chunks(&mut world, request, &[START]);
        progress(&mut world, request, end);
        assert!(matches!(world.stream_error(call), Some(Error::Network { .. })));
        assert_eq!(world.state().is_streaming, Some(true));
        world.reconnect();
        assert_eq!(world.cursors(), [None]);
    }
}

#[test]
fn f1_a_refusal_rejects_with_its_status_and_the_next_send_asks_again() {
    let (mut world, call, request) = sent();
    answer(&mut world, request, HeadStartHead { status: 500, ..head() });
    assert_eq!(world.failure(call).status(), Some(500));
    assert!(matches!(world.events()[..], [.., Event::MessageSendFailed(..), _]));
    world.send(SendSource::HeadStart);
    assert_eq!(world.count(|output| matches!(output, Output::HeadStart { .. })), 2);
}

#[test]
fn f1_an_answer_without_its_token_or_its_body_rejects_clearly_and_is_given_up() {
    let without_token = HeadStartHead { token: None, ..head() };
    let without_body = HeadStartHead { has_body: false, ..head() };
    for (head, words) in [(without_token, "X-Trigger-Chat-Access-Token"), (without_body, "no body")]
    {
        let (mut world, call, request) = sent();
        answer(&mut world, request, head);
        assert!(world.failure(call).to_string().contains(words));
        assert_eq!(world.count(|output| *output == Output::Disconnect { request }), 1);
    }
}

#[test]
fn f1_an_unreachable_server_is_a_network_error() {
    let (mut world, call, request) = sent();
    world.tell(ChatInput::HeadStarted { request, answer: Err(cause()) });
    assert!(matches!(world.failure(call), Error::Network { cause: Some(_), .. }));
    assert!(world.is_quiet());
}

#[test]
fn f1_an_abort_before_the_answer_gives_the_request_up_and_writes_no_stop() {
    let (mut world, call, request) = sent();
    world.tell(ChatInput::Abort(call));
    assert_eq!(world.failure(call), &Error::Aborted);
    assert_eq!(world.count(|output| *output == Output::Disconnect { request }), 1);
    answer(&mut world, request, head());
    assert_eq!(world.count(|output| matches!(output, Output::SessionChanged { .. })), 0);
}

#[test]
fn f1_a_stop_before_the_answer_takes_the_send_back() {
    let (mut world, call, request) = sent();
    let stop = world.send(SendSource::Stop);
    assert_eq!(world.outcome(stop), Some(&Outcome::Accepted(true)));
    assert_eq!(world.failure(call), &Error::Aborted);
    assert_eq!(world.count(|output| *output == Output::Disconnect { request }), 1);
}

#[test]
fn f1_c9_an_abort_while_it_streams_stops_the_agent_too() {
    let (mut world, call, request) = reading();
    chunks(&mut world, request, &[START]);
    world.tell(ChatInput::Abort(call));
    assert!(world.is_closed(call));
    assert_eq!(world.state().is_streaming, Some(false));
    assert_eq!(world.count(|output| matches!(output, Output::Append { .. })), 1);
    assert_eq!(world.count(|output| *output == Output::Disconnect { request }), 1);
}

#[test]
fn f1_a_head_start_is_left_alone_by_wakes_and_has_no_deadline() {
    let (mut world, call, request) = reading();
    world.feed(Input::Wake(Wake::Reconnect));
    assert!(world.is_quiet());
    chunks(&mut world, request, &[START]);
    assert_eq!(world.chunks(call), [START]);
}

#[test]
fn f1_a_session_state_in_an_ordinary_stream_moves_nothing() {
    let (mut world, call) = World::streaming(0);
    let body =
        serde_json::json!({ "data": { "type": "trigger:session-state", "lastEventId": "99" } });
    world.records(&[serde_json::json!({ "seq_num": 0, "timestamp": 0, "body": body.to_string() })]);
    world.break_off();
    world.pass();
    assert_eq!(world.cursors(), [None, Some("0")]);
    assert!(world.chunks(call).is_empty());
}

#[test]
fn f1_b8_an_answered_head_start_closes_the_earlier_stream() {
    let mut world = World::new();
    let first = world.submit();
    let second = world.send(SendSource::HeadStart);
    world.session_started("token");
    world.acknowledge(0);
    world.open();
    let find = |output: &Output| match output {
        Output::HeadStart { request, .. } => Some(*request),
        _ => None,
    };
    let request = world.outputs.iter().rev().find_map(find).expect("it left behind the first");
    answer(&mut world, request, head());
    assert!(world.is_closed(first));
    chunks(&mut world, request, &[START]);
    assert_eq!(world.chunks(second), [START]);
}

#[test]
fn f1_g2_the_connection_is_live_while_the_answer_is_read() {
    let (mut world, _, request) = reading();
    assert_eq!(world.connection().state, ConnectionState::Live);
    chunks(&mut world, request, &[START, FINISH, COMPLETE]);
    progress(&mut world, request, Progress::End);
    assert_eq!(world.connection().state, ConnectionState::Idle);
}

#[test]
fn f1_a_later_message_that_is_taken_back_holds_nothing_of_the_answer_back() {
    let (mut world, call, request) = reading();
    let later = world.submit();
    world.append_failed();
    world.tell(ChatInput::Abort(later));
    // The stop that follows what may have been written.
    world.acknowledge(1);
    chunks(&mut world, request, &[START, FINISH, COMPLETE]);
    progress(&mut world, request, Progress::End);
    assert_eq!(world.chunks(call), [START, FINISH]);
    assert!(world.is_closed(call));
    assert_eq!(world.state().is_streaming, Some(false));
    let next = world.submit();
    world.acknowledge(2);
    world.open();
    world.records(&[data(0, "new"), complete(1, 2)]);
    assert_eq!(world.chunks(next), ["\"new\""]);
}
