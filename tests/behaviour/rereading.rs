//! What is read again is shown once and whole; what a pause costs is not held against anybody. Each of
//! these once went wrong, in runs that were made up.

use trigger_chat_transport::Input;
use trigger_chat_transport::io::{ChatInput, Outcome, PersistedSession, Progress};

use crate::world::{World, cause, complete, data, session};

#[test]
fn d5_a_watch_that_fails_before_the_append_is_acknowledged_leaves_the_whole_turn_to_it() {
    let mut world = World::watching();
    world.hydrate(session());
    world.reconnect();
    world.open();
    let call = world.submit();
    world.append_failed();
    world.records(&[data(0, "a"), data(1, "b")]);
    world.progress(Progress::Threw(cause()));
    world.pass();
    world.acknowledge(0);
    world.open();
    let all = [data(0, "a"), data(1, "b"), complete(2, 0)];
    world.records_behind_the_cursor(&all);
    assert_eq!(world.chunks(call), ["\"a\"", "\"b\""]);
}

#[test]
fn c11_what_a_gate_holds_is_shown_once_also_if_the_stream_was_taken_up_again() {
    let (mut world, first) = World::streaming(0);
    world.records(&[data(0, "of a turn that dies")]);
    world.tell(ChatInput::Abort(first));
    world.acknowledge(1);
    let second = world.submit();
    world.acknowledge(2);
    world.open();
    world.records(&[data(1, "a"), data(2, "b")]);
    world.tell(ChatInput::Cancel(second));
    let again = world.reconnect();
    world.open();
    let all = [data(0, "of a turn that dies"), data(1, "a"), data(2, "b"), complete(3, 2)];
    world.records_behind_the_cursor(&all);
    assert_eq!(world.chunks(again), ["\"a\"", "\"b\""]);
}

#[test]
fn d5_behind_lost_answers_a_turn_that_began_under_the_reader_of_a_dead_one_is_read_whole() {
    let mut world = World::new();
    world.hydrate(PersistedSession { is_streaming: Some(true), ..session() });
    world.reconnect();
    world.open();
    world.records(&[data(0, "of a turn that died")]);
    let call = world.submit();
    world.append_failed();
    world.records(&[data(1, "a")]);
    world.pass();
    world.acknowledge(0);
    world.open();
    let all = [data(0, "of a turn that died"), data(1, "a"), data(2, "b"), complete(3, 0)];
    world.records_behind_the_cursor(&all);
    assert_eq!(world.chunks(call), ["\"a\"", "\"b\""]);
}

#[test]
fn b11_a_turn_whose_end_was_taken_for_a_stops_is_read_again_when_its_append_is_acknowledged() {
    let mut world = World::new();
    world.hydrate(PersistedSession { is_streaming: None, ..session() });
    let first = world.submit();
    world.append_failed();
    world.tell(ChatInput::Abort(first));
    world.acknowledge(0);
    let second = world.submit();
    world.append_failed();
    world.reconnect();
    world.open();
    let all = [data(0, "a"), data(1, "b"), complete(2, 1)];
    world.records(&all);
    world.pass();
    world.acknowledge(1);
    world.open();
    world.records_behind_the_cursor(&all);
    assert_eq!(world.chunks(second), ["\"a\"", "\"b\""]);
}

#[test]
fn b9_the_time_in_which_the_page_was_paused_does_not_count() {
    let mut world = World::started();
    let call = world.submit();
    world.now_ms += 3_600_000;
    world.feed(Input::Tick);
    assert!(world.outcome(call).is_none());
    world.pass();
    world.acknowledge(0);
    assert_eq!(world.outcome(call), Some(&Outcome::Stream { repeats: false }));
}

#[test]
fn a4_a_callback_has_its_minute_anew_behind_a_pause() {
    let mut world = World::new();
    let call = world.submit();
    world.now_ms += 3_600_000;
    world.feed(Input::Tick);
    assert!(world.outcome(call).is_none());
    assert_eq!(world.pass(), 60_000);
    assert!(world.failure(call).to_string().contains("startSession"));
}
