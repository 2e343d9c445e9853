//! Callbacks of the application that never answer, or answer too late: nobody is bound to them for
//! ever (A4, A8, B6, B11).

use trigger_chat_transport::io::{
    ChatInput, Outcome, RequestId, SendSource, StartFailure, StartedSession,
};
use trigger_chat_transport::{Error, Input, Output, Secret};

use crate::world::{World, cause, complete, data, v2};

fn starts(world: &World) -> Vec<RequestId> {
    let starts = world.outputs.iter().filter_map(|output| match output {
        Output::StartSession { request, .. } => Some(*request),
        _ => None,
    });
    starts.collect()
}

fn mints(world: &World) -> Vec<RequestId> {
    let mints = world.outputs.iter().filter_map(|output| match output {
        Output::MintToken { request, .. } => Some(*request),
        _ => None,
    });
    mints.collect()
}

fn appends(world: &World) -> usize {
    world.count(|output| matches!(output, Output::Append { .. }))
}

fn started(token: &str) -> StartedSession {
    StartedSession { token: Secret::new(token), pending_version: false }
}

#[test]
fn b11_a_stop_takes_a_message_back_that_waits_for_a_callback() {
    for status in [401, 404] {
        let mut world = World::started();
        let call = world.submit();
        world.answer(status, "");
        let stop = world.send(SendSource::Stop);
        assert_eq!(*world.failure(call), Error::Aborted, "{status}");
        assert_eq!(world.outcome(stop), Some(&Outcome::Accepted(true)), "{status}");
        assert_eq!(appends(&world), 1, "{status}: no turn of this chat is to be stopped");
    }
}

#[test]
fn b11_a_stop_of_a_running_turn_goes_out_though_a_message_waits_for_a_token() {
    let (mut world, _) = World::streaming(3);
    let second = world.submit();
    world.answer(401, "");
    let stop = world.send(SendSource::Stop);
    assert_eq!(*world.failure(second), Error::Aborted);
    world.acknowledge(4);
    assert_eq!(world.outcome(stop), Some(&Outcome::Accepted(true)));
}

#[test]
fn a4_the_next_send_asks_again_once_nobody_waits_for_a_start() {
    let mut world = World::new();
    let first = world.submit();
    world.tell(ChatInput::Abort(first));
    world.submit();
    assert_eq!(starts(&world).len(), 2);
    world.session_started("second");
    assert_eq!(appends(&world), 1);
}

#[test]
fn a4_a_start_that_somebody_still_waits_for_is_not_asked_again() {
    let mut world = World::new();
    let start = world.start();
    let sent = world.submit();
    world.tell(ChatInput::Abort(sent));
    world.submit();
    assert_eq!(starts(&world).len(), 1);
    world.session_started("token");
    assert!(matches!(world.outcome(start), Some(Outcome::Session(_))));
    assert_eq!(appends(&world), 1);
}

#[test]
fn a4_a_start_that_fails_after_it_was_given_up_fails_nobody() {
    let mut world = World::new();
    let first = world.submit();
    world.tell(ChatInput::Abort(first));
    let second = world.submit();
    let [old, _] = starts(&world)[..] else { panic!("two starts") };
    let answer = Err(StartFailure::Failed(Error::Callback(cause())));
    world.tell(ChatInput::SessionStarted { request: old, answer });
    assert_eq!(world.outcome(second), None);
    world.session_started("token");
    assert_eq!(appends(&world), 1);
}

#[test]
fn a4_a_start_that_answers_after_it_was_given_up_is_welcome() {
    let mut world = World::new();
    let first = world.submit();
    world.tell(ChatInput::Abort(first));
    let second = world.submit();
    let [old, new] = starts(&world)[..] else { panic!("two starts") };
    world.tell(ChatInput::SessionStarted { request: old, answer: Ok(started("late")) });
    world.acknowledge(0);
    world.open();
    world.records(&[data(0, "a")]);
    world.tell(ChatInput::SessionStarted { request: new, answer: Ok(started("second")) });
    world.records(&[data(1, "b"), complete(2, 0)]);
    assert_eq!(world.chunks(second), ["\"a\"", "\"b\""]);
}

#[test]
fn b6_the_next_send_asks_again_once_nobody_waits_for_a_token() {
    let mut world = World::started();
    let first = world.submit();
    world.answer(401, "");
    world.tell(ChatInput::Abort(first));
    world.submit();
    world.answer(401, "");
    assert_eq!(mints(&world).len(), 2);
    world.minted("fresh");
    assert_eq!(appends(&world), 3);
}

#[test]
fn c9_a_cancelled_stream_that_waited_for_a_token_binds_nobody_to_it() {
    let (mut world, call) = World::streaming(0);
    world.break_off();
    world.pass();
    world.head(v2(401));
    world.tell(ChatInput::Cancel(call));
    world.submit();
    world.answer(401, "");
    assert_eq!(mints(&world).len(), 2);
}

#[test]
fn a8_dispose_ends_what_waits_for_a_callback() {
    let mut world = World::new();
    let calls = [world.submit(), world.start()];
    world.feed(Input::Dispose);
    for call in calls {
        assert_eq!(*world.failure(call), Error::Disposed);
    }
    assert!(world.is_quiet());
    let request = starts(&world)[0];
    let before = world.outputs.len();
    world.tell(ChatInput::SessionStarted { request, answer: Ok(started("late")) });
    assert_eq!(world.outputs.len(), before);
}

#[test]
fn b6_a_token_that_fails_after_it_was_given_up_fails_nobody() {
    let mut world = World::started();
    let first = world.submit();
    world.answer(401, "");
    world.tell(ChatInput::Abort(first));
    let second = world.submit();
    world.answer(401, "");
    let [old, _] = mints(&world)[..] else { panic!("two calls of accessToken") };
    let answer = Err(Error::Callback(cause()));
    world.tell(ChatInput::TokenMinted { request: old, answer });
    assert_eq!(world.outcome(second), None);
    world.minted("fresh");
    world.acknowledge(0);
    assert_eq!(world.outcome(second), Some(&Outcome::Stream { repeats: false }));
}

#[test]
fn a4_a_start_that_does_not_answer_within_a_minute_is_an_error_that_says_so() {
    let mut world = World::new();
    let (start, sent) = (world.start(), world.submit());
    assert_eq!(world.pass(), 60_000);
    for call in [start, sent] {
        let text = world.failure(call).to_string();
        assert!(text.contains("startSession has not answered"), "{text}");
    }
    assert!(world.is_quiet());
    world.session_started("late, and welcome all the same");
    world.submit();
    assert_eq!((starts(&world).len(), appends(&world)), (1, 1));
}

#[test]
fn b6_a_token_that_does_not_come_within_a_minute_is_an_error_that_says_so() {
    let mut world = World::started();
    let call = world.submit();
    world.answer(401, "");
    assert_eq!(world.pass(), 60_000);
    let text = world.failure(call).to_string();
    assert!(text.contains("accessToken has not answered"), "{text}");
}

#[test]
fn d2_a_stream_whose_token_does_not_come_within_a_minute_fails_with_that() {
    let mut world = World::started();
    let call = world.submit();
    world.acknowledge(0);
    world.head(v2(401));
    assert_eq!(world.pass(), 60_000);
    let text = world.stream_error(call).expect("it failed").to_string();
    assert!(text.contains("accessToken has not answered"), "{text}");
}
