//! A page that comes back follows the turn under way (C10, C12, and DESIGN on replays).

use trigger_chat_transport::io::{CallId, ChatInput, Outcome, PersistedSession};
use trigger_chat_transport::{Output, Secret};

use crate::world::{World, batch, complete, data, session, v2};

/// A page that was reloaded while the answer to append 4 streamed.
fn reloaded() -> World {
    let mut world = World::new();
    world.hydrate(PersistedSession {
        last_event_id: Some("9".into()),
        active_input_seq: Some(4),
        is_streaming: Some(true),
        ..session()
    });
    world
}

fn peeks(world: &World) -> usize {
    world.count(|output| matches!(output, Output::Connect { peek_settled: true, .. }))
}

#[test]
fn c10_a_reload_replays_the_turn_from_its_start() {
    let mut world = reloaded();
    let call = world.reconnect();
    assert_eq!(world.cursors(), [Some("9")]);
    assert_eq!(world.outcome(call), None);
    world.open();
    assert_eq!(world.outcome(call), Some(&Outcome::Stream { repeats: false }));
    world.records(&[data(10, "a"), complete(11, 4)]);
    assert_eq!(world.chunks(call), ["\"a\""]);
    assert!(world.is_closed(call));
    // A known append must not be peeked behind: the tail may be the turn before it.
    assert_eq!(peeks(&world), 0);
}

#[test]
fn c10_there_may_be_nothing_to_follow() {
    let unknown = World::new();
    let closed = {
        let mut world = World::new();
        world.hydrate(PersistedSession {
            closed: Some(true),
            is_streaming: Some(true),
            ..session()
        });
        world
    };
    let idle = World::started();
    let reading = World::streaming(0).0;
    for mut world in [unknown, closed, idle, reading] {
        let connects = world.cursors().len();
        let call = world.reconnect();
        assert_eq!(world.outcome(call), Some(&Outcome::NoStream));
        assert_eq!(world.cursors().len(), connects);
    }
}

/// A reload's reconnect, which the server answers as settled.
fn settled() -> (World, CallId) {
    let mut world = World::new();
    world.hydrate(PersistedSession { is_streaming: Some(true), ..session() });
    let call = world.reconnect();
    assert_eq!(peeks(&world), 1);
    world.head(trigger_chat_transport::link::ResponseHead { settled: true, ..v2(200) });
    assert_eq!(world.outcome(call), None);
    (world, call)
}

#[test]
fn c12_a_settled_stream_that_drains_empty_is_nothing_to_follow() {
    let (mut world, call) = settled();
    world.bytes(b"data: [DONE]\n\n");
    world.end();
    assert_eq!(world.outcome(call), Some(&Outcome::NoStream));
    assert_eq!(world.state().is_streaming, Some(false));
    assert!(world.is_quiet());
}

#[test]
fn c12_a_settled_stream_with_something_left_is_followed_to_its_end() {
    let (mut world, call) = settled();
    world.records(&[data(0, "left"), complete(1, 0)]);
    assert_eq!(world.outcome(call), Some(&Outcome::Stream { repeats: false }));
    assert_eq!(world.chunks(call), ["\"left\""]);
    assert!(world.is_closed(call));
}

#[test]
fn d3_a_settled_stream_that_is_cut_is_read_on() {
    let batch = batch(&[data(0, "a"), data(1, "b"), complete(2, 0)]);
    for cut in [&batch[..batch.len() - 1], &batch[..1], ""] {
        let (mut world, call) = settled();
        world.bytes(cut.as_bytes());
        world.end();
        assert_eq!(world.outcome(call), None, "{cut}");
        world.pass();
        world.open();
        world.bytes(batch.as_bytes());
        assert_eq!(world.chunks(call), ["\"a\"", "\"b\""]);
        assert!(world.is_closed(call));
    }
}

#[test]
fn c12_another_event_does_not_make_a_settled_stream_whole() {
    let (mut world, call) = settled();
    world.bytes(b"data: {}\n\n");
    world.end();
    assert_eq!(world.outcome(call), None);
}

#[test]
fn c12_a_first_turn_that_a_transcript_holds_to_its_end_is_nothing_to_follow() {
    let mut world = World::new();
    world.hydrate(PersistedSession {
        is_streaming: Some(true),
        active_input_seq: Some(0),
        ..session()
    });
    world.tell(ChatInput::SeedCursor("7".into()));
    let call = world.reconnect();
    assert_eq!((world.cursors(), peeks(&world)), (vec![Some("7")], 1));
    world.head(trigger_chat_transport::link::ResponseHead { settled: true, ..v2(200) });
    world.bytes(b"data: [DONE]\n\n");
    world.end();
    assert_eq!(world.outcome(call), Some(&Outcome::NoStream));
    assert_eq!(world.state().is_streaming, Some(false));
}

#[test]
fn c12_of_two_reconnects_at_once_the_second_gets_the_stream() {
    let mut world = reloaded();
    let first = world.reconnect();
    let second = world.reconnect();
    world.open();
    assert_eq!(world.outcome(first), Some(&Outcome::NoStream));
    assert_eq!(world.outcome(second), Some(&Outcome::Stream { repeats: false }));
}

#[test]
fn c10_following_again_in_the_same_page_replays_and_says_that_it_repeats() {
    let mut world = reloaded();
    let first = world.reconnect();
    world.open();
    world.records(&[data(10, "a")]);
    world.tell(ChatInput::Abort(first));
    let second = world.reconnect();
    assert_eq!(world.cursors().last(), Some(&Some("9")));
    world.open();
    assert_eq!(world.outcome(second), Some(&Outcome::Stream { repeats: true }));
    world.records(&[data(10, "a"), data(11, "b")]);
    assert_eq!(world.chunks(second), ["\"a\"", "\"b\""]);
}

#[test]
fn c9_aborting_a_resumed_stream_stops_nothing_unless_asked() {
    let mut world = reloaded();
    let call = world.reconnect();
    world.open();
    world.tell(ChatInput::Abort(call));
    assert!(world.is_closed(call));
    let appends = |world: &World| world.count(|output| matches!(output, Output::Append { .. }));
    assert_eq!(appends(&world), 0);

    let mut world = reloaded();
    let call = world.next_call();
    world.tell(ChatInput::Reconnect { call, stop_on_abort: true });
    world.open();
    world.tell(ChatInput::Abort(call));
    assert_eq!(appends(&world), 1);
}

#[test]
fn c10_a_state_that_makes_no_sense_is_survived() {
    let mut world = World::new();
    world.hydrate(PersistedSession {
        token: Secret::new(""),
        last_event_id: Some("0,1,106\r\nX-Evil: 1".into()),
        ..session()
    });
    assert_eq!(world.state().last_event_id, None);
}

#[test]
fn c10_a_watched_chat_is_followed_though_no_turn_streams() {
    let mut world = World::watching();
    world.hydrate(session());
    let call = world.reconnect();
    assert_eq!(peeks(&world), 0);
    world.open();
    assert_eq!(world.outcome(call), Some(&Outcome::Stream { repeats: false }));
}

#[test]
fn c12_a_reconnect_behind_one_that_was_just_aborted_gets_the_stream() {
    let mut world = reloaded();
    let first = world.reconnect();
    world.tell(ChatInput::Abort(first));
    let second = world.reconnect();
    assert_eq!(world.outcome(first), Some(&Outcome::NoStream));
    world.open();
    assert_eq!(world.outcome(second), Some(&Outcome::Stream { repeats: false }));
    world.records(&[data(10, "a"), complete(11, 4)]);
    assert_eq!(world.chunks(second), ["\"a\""]);
}

#[test]
fn b4_a_resumed_stream_tells_nobody_that_an_append_was_processed() {
    let mut world = reloaded();
    let call = world.reconnect();
    world.open();
    world.records(&[complete(10, 4)]);
    assert!(world.is_closed(call));
    assert_eq!(world.count(|output| matches!(output, Output::Settled { .. })), 0);
}
