//! A stop ends what is shown at once, and what is left of the stopped turn is not shown later
//! (B5, C8, C9, C11).

use trigger_chat_transport::io::{ChatInput, Event, Outcome, SendSource};
use trigger_chat_transport::{Error, Output};

use crate::world::{World, complete, control, data};

fn appends(world: &World) -> usize {
    world.count(|output| matches!(output, Output::Append { .. }))
}

/// A page whose turn for append 3 was stopped by the user's signal, and which reads for append 5.
fn stopped_and_sent_again() -> (World, u32) {
    let (mut world, call) = World::streaming(3);
    world.records(&[data(0, "a")]);
    world.tell(ChatInput::Abort(call));
    world.acknowledge(4);
    let next = world.submit();
    world.acknowledge(5);
    world.open();
    (world, next)
}

/// The turn behind append 5 reaches its consumer as it comes.
fn assert_next_turn_is_shown(world: &mut World) {
    let next = world.submit();
    world.acknowledge(5);
    world.open();
    world.records(&[data(1, "new")]);
    assert_eq!(world.chunks(next), ["\"new\""]);
}

#[test]
fn c9_aborting_a_live_send_writes_the_stop_down_and_then_sends_it() {
    let (mut world, call) = World::streaming(3);
    world.outputs.clear();
    world.tell(ChatInput::Abort(call));
    let [
        Output::SessionChanged { state, .. },
        Output::Disconnect { .. },
        Output::Close { .. },
        Output::Append { .. },
        ..,
    ] = &world.outputs[..]
    else {
        panic!("unexpected order: {:?}", world.outputs)
    };
    assert_eq!(state.is_streaming, Some(false));
}

#[test]
fn c9_a_late_abort_stops_nothing() {
    let (mut world, call) = World::streaming(3);
    world.records(&[complete(0, 3)]);
    world.tell(ChatInput::Abort(call));
    assert_eq!(appends(&world), 1);
}

#[test]
fn c9_a_consumer_that_cancels_ends_the_reading_and_every_retry() {
    let (mut world, call) = World::streaming(3);
    world.break_off();
    world.tell(ChatInput::Cancel(call));
    assert!(world.is_quiet());
    assert_eq!(appends(&world), 1);
}

#[test]
fn c8_the_stopped_turns_records_are_swallowed_until_its_boundary() {
    let (mut world, next) = stopped_and_sent_again();
    world.records(&[data(1, "left over"), complete(2, 2), data(3, "left over"), complete(4, 4)]);
    world.records(&[data(5, "new"), complete(6, 5)]);
    assert_eq!(world.chunks(next), ["\"new\""]);
    assert!(world.is_closed(next));
}

#[test]
fn c8_a_close_and_a_pending_version_are_never_swallowed() {
    let (mut world, next) = stopped_and_sent_again();
    world.records(&[control(1, &[["trigger-control", "pending-version"]])]);
    assert!(world.events().iter().any(|event| matches!(event, Event::RunPendingVersion(_))));
    world.records(&[control(2, &[["trigger-control", "session-closed"]])]);
    assert!(world.is_closed(next));
    assert_eq!(world.state().closed, Some(true));
}

#[test]
fn c11_a_stopped_turn_that_died_without_a_boundary_does_not_cost_the_next_answer() {
    let (mut world, next) = stopped_and_sent_again();
    world.records(&[data(1, "new"), data(2, "answer"), complete(3, 5)]);
    assert_eq!(world.chunks(next), ["\"new\"", "\"answer\""]);
    assert!(world.is_closed(next) && world.stream_error(next).is_none());
}

#[test]
fn c11_b11_a_send_that_is_taken_back_costs_nothing_of_the_answer_before_it() {
    let (mut world, next) = stopped_and_sent_again();
    world.records(&[data(1, "new")]);
    let action = world.send(SendSource::Action);
    world.append_failed();
    world.tell(ChatInput::Abort(action));
    world.records(&[data(2, "answer"), complete(3, 5)]);
    assert_eq!(world.chunks(next), ["\"new\"", "\"answer\""]);
    assert!(world.is_closed(next) && world.stream_error(next).is_none());
}

#[test]
fn c8_clearing_the_gate_lets_the_next_turn_through_at_once() {
    let (mut world, call) = World::streaming(3);
    world.tell(ChatInput::Abort(call));
    world.acknowledge(4);
    world.tell(ChatInput::ClearGate);
    assert_next_turn_is_shown(&mut world);
}

#[test]
fn b5_stop_generation_closes_the_stream_once_the_stop_is_written() {
    let (mut world, call) = World::streaming(3);
    let stop = world.send(SendSource::Stop);
    assert_eq!(world.state().is_streaming, Some(false));
    assert!(!world.is_closed(call));
    world.acknowledge(4);
    assert!(world.is_closed(call));
    assert_eq!(world.outcome(stop), Some(&Outcome::Accepted(true)));
}

#[test]
fn b5_a_stop_joins_the_one_that_an_abort_has_sent() {
    let (mut world, call) = World::streaming(3);
    world.tell(ChatInput::Abort(call));
    let stop = world.send(SendSource::Stop);
    world.acknowledge(4);
    assert_eq!(world.outcome(stop), Some(&Outcome::Accepted(true)));
    assert_eq!(appends(&world), 2);
}

#[test]
fn b5_a_stop_that_fails_is_false_and_the_turn_goes_on() {
    let (mut world, call) = World::streaming(3);
    let stop = world.send(SendSource::Stop);
    world.answer(400, "");
    assert_eq!(world.outcome(stop), Some(&Outcome::Accepted(false)));
    assert_eq!(world.state().is_streaming, Some(true));
    world.records(&[data(0, "on"), complete(1, 3)]);
    assert_eq!(world.chunks(call), ["\"on\""]);
}

#[test]
fn c8_a_stop_with_no_turn_outstanding_arms_nothing() {
    let (mut world, _) = World::streaming(3);
    world.records(&[complete(0, 3)]);
    world.send(SendSource::Stop);
    world.acknowledge(4);
    assert_next_turn_is_shown(&mut world);
}

#[test]
fn c8_a_turn_that_completes_before_its_stop_is_acknowledged_arms_nothing() {
    let (mut world, _) = World::streaming(3);
    world.send(SendSource::Stop);
    world.records(&[complete(0, 3)]);
    world.acknowledge(4);
    assert_next_turn_is_shown(&mut world);
}

#[test]
fn c8_more_than_can_be_held_back_fails_with_a_clear_message() {
    let (mut world, next) = stopped_and_sent_again();
    let large = "x".repeat(9 * 1024 * 1024);
    world.records(&[data(1, &large)]);
    world.records(&[complete(2, 5)]);
    assert_eq!(world.stream_error(next), Some(&Error::OutputLost));
}

#[test]
fn c9_aborting_a_watch_between_two_turns_stops_nothing() {
    let mut world = World::watching();
    world.hydrate(crate::world::session());
    let call = world.submit();
    world.acknowledge(3);
    world.open();
    world.records(&[data(0, "a"), complete(1, 3)]);
    world.tell(ChatInput::Abort(call));
    assert!(world.is_closed(call));
    assert_eq!(appends(&world), 1);
}

#[test]
fn c8_behind_a_cleared_gate_a_stop_has_nothing_to_swallow() {
    let (mut world, call) = World::streaming(2);
    world.tell(ChatInput::Abort(call));
    world.acknowledge(3);
    world.tell(ChatInput::ClearGate);
    world.send(SendSource::Stop);
    world.acknowledge(4);
    assert_next_turn_is_shown(&mut world);
}

#[test]
fn a3_behind_a_stop_a_reload_resumes_from_the_last_record_seen() {
    let (mut world, _) = World::streaming(3);
    world.records(&[data(0, "a"), complete(1, 3)]);
    let call = world.submit();
    world.acknowledge(4);
    world.open();
    world.records(&[data(2, "stopped")]);
    assert_eq!(world.state().last_event_id.as_deref(), Some("1"));
    world.tell(ChatInput::Abort(call));
    assert_eq!(world.state().last_event_id.as_deref(), Some("2"));
}

#[test]
fn a6_c8_a_session_that_is_set_behind_a_stop_has_nothing_to_swallow() {
    let (mut world, call) = World::streaming(3);
    world.tell(ChatInput::Abort(call));
    world.acknowledge(4);
    world.hydrate(crate::world::session());
    assert_next_turn_is_shown(&mut world);
}

#[test]
fn c8_any_number_of_older_boundaries_leaves_the_gate_shut() {
    let (mut world, next) = stopped_and_sent_again();
    world.records(&[complete(1, 1), data(2, "older"), complete(3, 2), data(4, "left over")]);
    world.records(&[complete(5, 3), data(6, "new"), complete(7, 5)]);
    assert_eq!(world.chunks(next), ["\"new\""]);
}

#[test]
fn c8_a_boundary_that_does_not_say_whose_it_is_ends_the_stopped_turn_only() {
    let (mut world, next) = stopped_and_sent_again();
    world.records(&[data(1, "left over"), control(2, &[["trigger-control", "turn-complete"]])]);
    assert!(!world.is_closed(next));
    world.records(&[data(3, "new"), complete(4, 5)]);
    assert_eq!(world.chunks(next), ["\"new\""]);
    assert!(world.is_closed(next));
}

#[test]
fn c8_c6_a_watch_tells_the_end_of_a_turn_whose_rest_is_swallowed() {
    let mut world = World::watching();
    world.hydrate(crate::world::session());
    let watch = world.reconnect();
    world.open();
    let unsent = world.submit();
    world.append_failed();
    world.tell(ChatInput::Abort(unsent));
    world.records(&[data(0, "left over"), complete(1, 3), data(2, "new")]);
    let completed = |event: &&Event| matches!(event, Event::TurnCompleted { .. });
    assert_eq!(world.events().into_iter().filter(completed).count(), 1);
    assert_eq!(world.chunks(watch), ["\"new\""]);
}

#[test]
fn c11_an_answer_of_several_megabytes_is_held_back_and_shown() {
    let (mut world, next) = stopped_and_sent_again();
    let large = "x".repeat(1024 * 1024);
    for seq_num in 1..8 {
        world.records(&[data(seq_num, &large)]);
    }
    assert!(world.chunks(next).is_empty());
    world.records(&[complete(8, 5)]);
    assert_eq!(world.chunks(next).len(), 7);
    assert!(world.stream_error(next).is_none());
}

#[test]
fn c8_a_watch_that_comes_back_behind_a_stop_shows_nothing_of_the_stopped_turn() {
    let mut world = World::watching();
    world.hydrate(crate::world::session());
    world.submit();
    world.acknowledge(3);
    world.open();
    world.records(&[data(0, "a")]);
    world.send(SendSource::Stop);
    world.acknowledge(4);
    let again = world.reconnect();
    world.open();
    world.records(&[data(1, "left over"), complete(2, 3), data(3, "new")]);
    assert_eq!(world.chunks(again), ["\"new\""]);
}
