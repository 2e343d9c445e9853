//! Appends: in order, under one part id each, tried again within bounds (B1, B5, B6, B8–B11).

use trigger_chat_transport::io::{ChatInput, Event, Outcome, Send, SendSource, StartFailure};
use trigger_chat_transport::{Error, Output};

use crate::world::{World, complete, data};

/// The part ids of every append so far.
fn part_ids(world: &World) -> Vec<&str> {
    let appends = world.outputs.iter().filter_map(|output| match output {
        Output::Append { part_id, .. } => Some(part_id.as_str()),
        _ => None,
    });
    appends.collect()
}

#[test]
fn b1_an_acknowledged_send_streams_and_the_session_says_so_first() {
    let mut world = World::started();
    let call = world.submit();
    world.outputs.clear();
    let request = 1;
    let head = crate::world::v2(200);
    let body = r#"{"ok":true,"seq":4}"#.into();
    let outcome = trigger_chat_transport::io::AppendOutcome::Answer(head, body);
    world.tell(ChatInput::Appended { request, outcome });
    let [
        Output::Event { event: Event::MessageSent(_), .. },
        Output::SessionChanged { state, .. },
        Output::Settle { call: settled, outcome: Outcome::Stream { .. } },
        Output::Connect { last_event_id: None, peek_settled: false, .. },
    ] = &world.outputs[..]
    else {
        panic!("unexpected order: {:?}", world.outputs)
    };
    assert_eq!(*settled, call);
    assert_eq!((state.is_streaming, state.active_input_seq), (Some(true), Some(4)));
}

#[test]
fn b1_appends_of_a_chat_do_not_overtake_each_other() {
    let mut world = World::started();
    world.submit();
    world.send(SendSource::Steer);
    world.send(SendSource::Stop);
    assert_eq!(part_ids(&world).len(), 1);
    world.acknowledge(0);
    assert_eq!(part_ids(&world).len(), 2);
    world.acknowledge(1);
    assert_eq!(part_ids(&world).len(), 3);
}

#[test]
fn b5_a_pending_message_leaves_the_stream_alone() {
    let (mut world, call) = World::streaming(0);
    let steer = world.send(SendSource::Steer);
    world.acknowledge(1);
    assert_eq!(world.outcome(steer), Some(&Outcome::Accepted(true)));
    world.records(&[data(0, "still here")]);
    assert_eq!(world.chunks(call), ["\"still here\""]);
}

#[test]
fn b5_a_pending_message_or_stop_for_an_unknown_chat_is_false() {
    let mut world = World::new();
    for source in [SendSource::Steer, SendSource::Stop] {
        let call = world.send(source);
        assert_eq!(world.outcome(call), Some(&Outcome::Accepted(false)));
    }
}

#[test]
fn b6_a_refused_token_is_renewed_once_and_the_part_id_stays() {
    let mut world = World::started();
    let call = world.submit();
    world.answer(401, "");
    world.minted("fresh");
    let ids = part_ids(&world);
    assert_eq!((ids.len(), ids[0]), (2, ids[1]));
    world.answer(403, "");
    assert_eq!(world.failure(call).status(), Some(403));
}

#[test]
fn b6_a_session_that_is_gone_is_created_again_once() {
    let mut world = World::started();
    world.tell(ChatInput::SeedCursor("9".into()));
    let call = world.submit();
    world.answer(401, "");
    world.minted("fresh");
    world.answer(404, "");
    world.session_started("new");
    assert_eq!(world.state().last_event_id, None);
    world.acknowledge(0);
    assert_eq!(world.outcome(call), Some(&Outcome::Stream { repeats: false }));
    assert_eq!(world.cursors(), [None]);
}

#[test]
fn b6_without_start_session_a_session_that_is_gone_is_an_error_that_says_so() {
    let mut world = World::started();
    let call = world.submit();
    world.answer(404, "");
    world.start_failed(StartFailure::NotConfigured);
    assert!(world.failure(call).to_string().contains("startSession"));
}

#[test]
fn b8_a_new_send_closes_the_earlier_stream_before_it_subscribes() {
    let (mut world, first) = World::streaming(0);
    let earlier = world.connect_request();
    let second = world.submit();
    world.acknowledge(1);
    let at = |wanted: Output| world.outputs.iter().position(|output| *output == wanted);
    let disconnect = at(Output::Disconnect { request: earlier }).expect("given up");
    let close = at(Output::Close { call: first }).expect("closed");
    let settle = at(Output::Settle { call: second, outcome: Outcome::Stream { repeats: false } });
    assert!(disconnect < close && close < settle.expect("settled"));
    // What the given up response still says counts for nothing.
    let progress = trigger_chat_transport::io::Progress::End;
    let before = world.outputs.len();
    world.tell(ChatInput::Subscription { request: earlier, progress });
    assert_eq!(world.outputs.len(), before);
}

#[test]
fn b9_failures_that_may_pass_are_tried_again_under_the_same_part_id() {
    let mut world = World::started();
    let call = world.submit();
    world.append_failed();
    assert!(world.pass() <= 500);
    world.answer(503, "");
    assert!(world.pass() <= 1_000);
    world.acknowledge(7);
    assert_eq!(world.outcome(call), Some(&Outcome::Stream { repeats: false }));
    let ids = part_ids(&world);
    assert!(ids.len() == 3 && ids.iter().all(|id| *id == ids[0]));
}

#[test]
fn b9_an_append_that_is_not_answered_is_given_up_and_its_time_is_bounded() {
    let mut world = World::started();
    let call = world.submit();
    let request = world.append_request();
    assert_eq!(world.pass(), 30_000);
    assert_eq!(world.count(|output| *output == Output::Disconnect { request }), 1);
    assert!(matches!(world.failure(call), Error::Network { .. }));
    assert!(world.is_quiet());
}

#[test]
fn b9_the_time_to_succeed_waits_while_the_device_is_offline() {
    use trigger_chat_transport::Input;
    use trigger_chat_transport::io::Wake;
    let mut world = World::started();
    let call = world.submit();
    world.feed(Input::Wake(Wake::Offline));
    for _ in 0..100 {
        world.append_failed();
        world.pass();
    }
    assert!(world.outcome(call).is_none());
    world.append_failed();
    world.feed(Input::Wake(Wake::Reconnect));
    // It is under way at once.
    world.acknowledge(0);
    assert_eq!(world.outcome(call), Some(&Outcome::Stream { repeats: false }));
    assert!(part_ids(&world).windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn d4_going_offline_aborts_nothing() {
    use trigger_chat_transport::Input;
    use trigger_chat_transport::io::Wake;
    let (mut world, call) = World::streaming(0);
    let before = world.outputs.len();
    world.feed(Input::Wake(Wake::Offline));
    assert_eq!(world.outputs.len(), before);
    world.records(&[data(0, "still here")]);
    assert_eq!(world.chunks(call), ["\"still here\""]);
}

#[test]
fn b9_statuses_that_will_not_pass_are_not_tried_again() {
    for status in [400, 409, 413, 422] {
        let mut world = World::started();
        let call = world.submit();
        world.answer(status, "why");
        assert_eq!(world.failure(call).status(), Some(status));
        assert!(world.failure(call).to_string().contains("why"));
        assert!(world.is_quiet());
    }
}

#[test]
fn b10_a_body_over_the_record_limit_is_refused_before_sending() {
    let mut world = World::started();
    let send = |escaped_body_bytes| Send {
        source: SendSource::SubmitMessage,
        message_id: None,
        body_bytes: escaped_body_bytes,
        escaped_body_bytes,
    };
    // 8 for the record, 17 for the envelope, 36 for the part id.
    let most = 1_048_576 - 8 - 17 - 36;
    world.tell(ChatInput::Send { call: 1, send: send(most + 1) });
    let text = world.failure(1).to_string();
    assert!(text.contains("1048577") && text.contains("1048576"), "{text}");
    assert!(part_ids(&world).is_empty());
    world.tell(ChatInput::Send { call: 2, send: send(most) });
    assert_eq!(part_ids(&world).len(), 1);
}

#[test]
fn b11_an_abort_before_anything_left_sends_nothing() {
    let mut world = World::new();
    let call = world.submit();
    world.tell(ChatInput::Abort(call));
    assert_eq!(*world.failure(call), Error::Aborted);
    world.session_started("late");
    assert!(part_ids(&world).is_empty());
}

#[test]
fn b11_an_abort_while_the_append_is_under_way_is_followed_by_a_stop() {
    let mut world = World::started();
    let call = world.submit();
    world.tell(ChatInput::Abort(call));
    assert_eq!(world.outcome(call), None);
    world.acknowledge(3);
    assert_eq!(world.outcome(call), Some(&Outcome::Stream { repeats: false }));
    assert!(world.is_closed(call) && world.cursors().is_empty());
    assert_eq!(world.state().is_streaming, Some(false));
    assert_eq!(part_ids(&world).len(), 2);
}

#[test]
fn b11_an_abort_and_a_stop_while_the_append_is_under_way_write_one_stop() {
    let mut world = World::started();
    let call = world.submit();
    world.tell(ChatInput::Abort(call));
    let stop = world.send(SendSource::Stop);
    world.acknowledge(0);
    world.acknowledge(1);
    assert_eq!(world.outcome(stop), Some(&Outcome::Accepted(true)));
    assert_eq!(world.count(|output| matches!(output, Output::Append { .. })), 2);
}

#[test]
fn b11_an_abort_between_two_attempts_sends_a_stop_in_place_of_the_next() {
    let mut world = World::started();
    let call = world.submit();
    world.append_failed();
    world.tell(ChatInput::Abort(call));
    assert_eq!(*world.failure(call), Error::Aborted);
    let ids = part_ids(&world);
    assert!(ids.len() == 2 && ids[0] != ids[1]);
}

#[test]
fn c7_the_boundary_of_an_earlier_turn_does_not_end_this_one() {
    let (mut world, call) = World::streaming(5);
    world.records(&[data(0, "old"), complete(1, 4), data(2, "new")]);
    assert!(!world.is_closed(call));
    world.records(&[complete(3, 6)]);
    assert!(world.is_closed(call));
    assert_eq!(world.chunks(call), ["\"old\"", "\"new\""]);
}

#[test]
fn b4_an_action_is_told_once_that_it_was_processed_before_its_stream_closes() {
    let mut world = World::watching();
    world.hydrate(crate::world::session());
    let call = world.send(SendSource::Action);
    world.acknowledge(5);
    world.open();
    world.records(&[complete(0, 4), complete(1, 6), complete(2, 7)]);
    let settled: Vec<_> =
        world.outputs.iter().filter(|output| matches!(output, Output::Settled { .. })).collect();
    let expected = Output::Settled {
        call,
        input_seq: 5,
        session_in_event_id: "6".into(),
        last_event_id: Some("1".into()),
    };
    assert_eq!(settled, [&expected]);
}

#[test]
fn b4_a_boundary_at_the_seq_of_an_action_tells_that_it_was_processed() {
    let mut world = World::started();
    world.send(SendSource::Action);
    world.acknowledge(5);
    world.open();
    world.records(&[complete(0, 5)]);
    assert_eq!(world.count(|output| matches!(output, Output::Settled { input_seq: 5, .. })), 1);
}

#[test]
fn b4_an_action_is_not_told_without_a_cursor_or_after_an_abort() {
    let settled = |world: &World| world.count(|output| matches!(output, Output::Settled { .. }));
    let (mut world, call) = World::streaming(5);
    let boundary = [["trigger-control", "turn-complete"], ["session-in-event-id", "+6"]];
    world.records(&[crate::world::control(0, &boundary)]);
    assert!(world.is_closed(call));
    assert_eq!(settled(&world), 0);

    let (mut world, call) = World::streaming(5);
    world.tell(ChatInput::Abort(call));
    let next = world.reconnect();
    assert_eq!(world.outcome(next), Some(&Outcome::NoStream));
    assert_eq!(settled(&world), 0);
}
