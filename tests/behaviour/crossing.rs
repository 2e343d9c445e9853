//! Calls, answers and records that cross on the way. Each of these once went wrong.

use trigger_chat_transport::io::{
    AppendOutcome, Body, ChatInput, Outcome, PersistedSession, SendSource, Wake,
};
use trigger_chat_transport::link::ResponseHead;
use trigger_chat_transport::{Input, Output};

use crate::world::{World, cause, complete, control, data, session, v2};

const START_MS: u64 = 1_000_000;

fn bodies(world: &World) -> Vec<Body> {
    let appends = world.outputs.iter().filter_map(|output| match output {
        Output::Append { body, .. } => Some(*body),
        _ => None,
    });
    appends.collect()
}

/// What the answer to append 5 shows when the turn of append 3 left something over.
fn shown_behind_left_overs(world: &mut World) -> Vec<String> {
    let next = world.submit();
    world.acknowledge(5);
    world.open();
    world.records(&[data(50, "left over"), complete(51, 3), data(52, "new")]);
    world.chunks(next)
}

#[test]
fn b11_the_stop_of_an_aborted_append_leaves_before_the_next_message() {
    let mut world = World::started();
    let first = world.submit();
    world.tell(ChatInput::Abort(first));
    let second = world.submit();
    for seq in 3..6 {
        world.acknowledge(seq);
    }
    assert_eq!(bodies(&world), [Body::Of(first), Body::Stop, Body::Of(second)]);
    world.open();
    world.records(&[data(50, "left over"), complete(51, 3), data(52, "new")]);
    assert_eq!(world.chunks(second), ["\"new\""]);
}

#[test]
fn c8_a_stop_pressed_while_the_append_is_under_way_arms_the_gate() {
    let mut world = World::started();
    world.submit();
    world.send(SendSource::Stop);
    world.acknowledge(3);
    assert_eq!(world.state().is_streaming, Some(false), "written down before the stop leaves");
    world.acknowledge(4);
    assert_eq!(shown_behind_left_overs(&mut world), ["\"new\""]);
}

#[test]
fn b11_a_stop_pressed_while_the_session_starts_takes_the_message_back() {
    let mut world = World::new();
    world.submit();
    let stop = world.send(SendSource::Stop);
    world.session_started("token");
    assert_eq!(world.outcome(stop), Some(&Outcome::Accepted(true)));
    assert!(bodies(&world).is_empty());
}

#[test]
fn b5_a_stop_behind_a_message_does_not_join_the_stop_before_it() {
    let (mut world, first) = World::streaming(3);
    world.tell(ChatInput::Abort(first));
    let second = world.submit();
    let stop = world.send(SendSource::Stop);
    world.acknowledge(4);
    world.acknowledge(5);
    assert_eq!(world.outcome(stop), Some(&Outcome::Accepted(true)));
    assert!(matches!(world.outcome(second), Some(Outcome::Failed(_))), "it had not left");
}

#[test]
fn b5_an_abort_joins_the_stop_that_was_pressed() {
    let (mut world, call) = World::streaming(3);
    world.send(SendSource::Stop);
    world.tell(ChatInput::Abort(call));
    world.acknowledge(4);
    assert_eq!(bodies(&world), [Body::Of(call), Body::Stop]);
}

#[test]
fn c8_a_reader_that_fails_while_the_stop_is_under_way_keeps_the_gate() {
    let (mut world, _) = World::streaming(3);
    world.records(&[data(0, "a")]);
    world.send(SendSource::Stop);
    world.break_off();
    world.pass();
    world.head(v2(410));
    world.acknowledge(4);
    assert_eq!(shown_behind_left_overs(&mut world), ["\"new\""]);
}

#[test]
fn c8_a_stop_and_an_abort_without_a_known_seq_keep_the_gate() {
    let mut world = World::started();
    let call = world.submit();
    world.answer(200, r#"{"ok":true}"#);
    world.open();
    world.send(SendSource::Stop);
    world.tell(ChatInput::Abort(call));
    world.answer(200, r#"{"ok":true}"#);
    assert_eq!(shown_behind_left_overs(&mut world), ["\"new\""]);
}

#[test]
fn p7_a_server_that_asks_for_no_wait_causes_no_loop_of_appends() {
    let mut world = World::started();
    world.submit();
    for _ in 0..30 {
        let request = world.append_request();
        let ratelimit_reset = Some("1".into());
        let head = ResponseHead { status: 429, ratelimit_reset, ..ResponseHead::default() };
        let outcome = AppendOutcome::Answer(head, String::new());
        world.tell(ChatInput::Appended { request, outcome });
        if world.is_quiet() {
            break;
        }
        world.pass();
    }
    assert!(world.now_ms > START_MS + 10_000 && bodies(&world).len() <= 20);
}

#[test]
fn p7_a_server_that_asks_for_no_wait_causes_no_loop_of_subscriptions() {
    let mut world = World::started();
    world.submit();
    world.acknowledge(3);
    for _ in 0..30 {
        world.head(ResponseHead { ratelimit_reset: Some("1".into()), ..v2(429) });
        world.pass();
    }
    assert!(world.now_ms > START_MS + 60_000);
}

#[test]
fn p7_a_retry_field_does_not_replace_the_backoff() {
    let (mut world, _) = World::streaming(3);
    world.bytes(b"retry: 1\n\n");
    for _ in 0..30 {
        world.break_off();
        world.pass();
    }
    assert!(world.now_ms > START_MS + 60_000);
}

#[test]
fn d2_a_token_may_expire_twice_during_a_long_tool() {
    let (mut world, call) = World::streaming(3);
    world.records(&[data(0, "a")]);
    for _ in 0..2 {
        for _ in 0..30 {
            world.now_ms += 10_000;
            world.bytes(b"event: ping\ndata: {}\n\n");
        }
        world.end();
        world.pass();
        world.head(v2(401));
        world.minted("fresh");
        world.open();
    }
    assert!(world.stream_error(call).is_none());
}

#[test]
fn b6_a_renewed_token_does_not_hurry_a_send_that_waits_for_its_session() {
    let (mut world, _) = World::streaming(3);
    let call = world.submit();
    world.answer(404, "");
    world.break_off();
    world.pass();
    world.head(v2(401));
    world.minted("second");
    assert_eq!(bodies(&world).len(), 2);
    world.session_started("third");
    world.acknowledge(0);
    assert!(matches!(world.outcome(call), Some(Outcome::Stream { .. })));
}

#[test]
fn b11_an_aborted_append_that_was_refused_is_not_sent_again() {
    for status in [401, 404, 429] {
        let mut world = World::started();
        let call = world.submit();
        world.tell(ChatInput::Abort(call));
        world.answer(status, "");
        assert_eq!(bodies(&world), [Body::Of(call)], "{status}");
        assert!(matches!(world.outcome(call), Some(Outcome::Failed(_))));
    }
}

#[test]
fn b11_taking_back_what_was_surely_not_written_stops_no_other_turn() {
    let (mut world, first) = World::streaming(3);
    let second = world.submit();
    world.answer(429, "");
    world.tell(ChatInput::Abort(second));
    assert_eq!(bodies(&world), [Body::Of(first), Body::Of(second)]);
}

#[test]
fn b11_left_overs_of_an_append_that_may_have_been_written_are_swallowed() {
    let mut world = World::started();
    let call = world.submit();
    world.append_failed();
    world.tell(ChatInput::Abort(call));
    world.acknowledge(4);
    assert_eq!(shown_behind_left_overs(&mut world), ["\"new\""]);
}

#[test]
fn c8_clearing_the_gate_releases_what_was_held_and_a_later_stop_still_stops() {
    let (mut world, call) = World::streaming(3);
    world.tell(ChatInput::Abort(call));
    world.acknowledge(4);
    let next = world.submit();
    world.acknowledge(5);
    world.open();
    world.records(&[data(1, "new")]);
    world.tell(ChatInput::ClearGate);
    world.records(&[data(2, "answer")]);
    assert_eq!(world.chunks(next), ["\"new\"", "\"answer\""]);
    world.tell(ChatInput::Abort(next));
    assert_eq!(bodies(&world).last(), Some(&Body::Stop));
}

#[test]
fn c8_a_reload_behind_the_stopped_turns_boundary_does_not_show_its_left_overs() {
    let all = [data(0, "a"), data(1, "left over"), complete(2, 3), data(3, "new")];
    let (mut world, call) = World::streaming(3);
    world.records(&all[..1]);
    world.tell(ChatInput::Abort(call));
    world.acknowledge(4);
    world.submit();
    world.acknowledge(5);
    world.open();
    world.records(&all[1..]);
    let mut page = World::new();
    page.hydrate(world.state().clone());
    let again = page.reconnect();
    page.open();
    page.records_behind_the_cursor(&all);
    assert_eq!(page.chunks(again), ["\"new\""]);
}

#[test]
fn a6_set_session_in_the_middle_of_a_turn_loses_and_repeats_nothing() {
    let plain = |seq_num: u64, text: &str| {
        let body = serde_json::json!({ "data": text }).to_string();
        serde_json::json!({ "seq_num": seq_num, "timestamp": 0, "body": body })
    };
    let all = [plain(0, "a"), plain(1, "b"), plain(2, "c")];
    let (mut world, call) = World::streaming(3);
    world.records(&all[..2]);
    world.hydrate(world.state().clone());
    world.break_off();
    world.pass();
    world.open();
    world.records_behind_the_cursor(&all);
    assert_eq!(world.chunks(call), ["\"a\"", "\"b\"", "\"c\""]);
}

#[test]
fn a6_a_replay_after_set_session_is_complete() {
    let (mut world, call) = World::streaming(3);
    world.records(&[data(0, "a"), data(1, "b")]);
    world.tell(ChatInput::Cancel(call));
    world.hydrate(world.state().clone());
    let again = world.reconnect();
    world.open();
    world.records(&[data(0, "a"), data(1, "b"), data(2, "c")]);
    assert_eq!(world.chunks(again), ["\"a\"", "\"b\"", "\"c\""]);
}

#[test]
fn a6_a_session_installed_while_another_starts_stands() {
    let mut world = World::new();
    world.start();
    world.hydrate(PersistedSession { last_event_id: Some("7".into()), ..session() });
    world.session_started("second");
    assert_eq!(world.state().last_event_id.as_deref(), Some("7"));
    assert_eq!(world.state().token.expose(), "second");
}

#[test]
fn a6_of_two_cursors_seeded_before_the_session_the_later_one_stands() {
    let mut world = World::new();
    world.tell(ChatInput::SeedCursor("9".into()));
    world.tell(ChatInput::SeedCursor("4".into()));
    world.submit();
    world.session_started("token");
    assert_eq!(world.state().last_event_id.as_deref(), Some("9"));
}

#[test]
fn c14_a_send_acknowledged_behind_the_close_is_over() {
    let (mut world, _) = World::streaming(3);
    let call = world.submit();
    world.records(&[control(0, &[["trigger-control", "session-closed"]])]);
    world.acknowledge(4);
    assert!(world.failure(call).is_session_closed());
    assert!(world.is_quiet());
}

#[test]
fn b6_a_session_created_again_ends_the_reader_of_the_old_one() {
    let (mut world, call) = World::streaming(3);
    world.send(SendSource::Steer);
    world.answer(404, "");
    world.session_started("second");
    world.acknowledge(0);
    assert_eq!(world.state().is_streaming, Some(false));
    assert!(world.is_closed(call));
}

#[test]
fn d5_a_turn_that_a_watch_began_to_read_before_its_acknowledgement_is_read_whole() {
    let all = [data(0, "start"), data(1, "text"), complete(2, 3)];
    for read_before in 1..=3 {
        let mut world = World::watching();
        world.hydrate(session());
        world.reconnect();
        world.open();
        let call = world.submit();
        world.records(&all[..read_before]);
        world.acknowledge(3);
        world.open();
        world.records_behind_the_cursor(&all);
        assert_eq!(world.chunks(call), ["\"start\"", "\"text\""], "{read_before} read before");
        assert_eq!(world.state().is_streaming, Some(false));
    }
}

#[test]
fn c3_a_record_with_a_null_body_is_lost_alone() {
    let (mut world, call) = World::streaming(3);
    let null = serde_json::json!({ "seq_num": 0, "timestamp": 0, "body": null });
    world.records(&[null, data(1, "x")]);
    assert_eq!(world.chunks(call), ["\"x\""]);
}

#[test]
fn d2_a_clock_that_is_set_back_delays_nothing() {
    let (mut world, _) = World::streaming(3);
    world.break_off();
    world.now_ms -= 900_000;
    world.feed(Input::Tick);
    assert!(world.pass() <= 5_000);
}

#[test]
fn d4_waking_up_tries_a_waiting_append_at_once() {
    let mut world = World::started();
    world.submit();
    world.append_failed();
    world.feed(Input::Wake(Wake::Reconnect));
    assert_eq!(bodies(&world).len(), 2);
}

#[test]
fn a2_an_option_that_throws_is_the_callers_error_and_not_a_network_failure() {
    let mut world = World::started();
    let call = world.submit();
    let request = world.append_request();
    let outcome = AppendOutcome::Threw(cause());
    world.tell(ChatInput::Appended { request, outcome });
    assert!(world.failure(call).cause().is_some() && world.is_quiet());
}
