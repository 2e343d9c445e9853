//! Records reach the consumer once and in order; what is not for it does not (C3–C6, D5).

use trigger_chat_transport::io::{Event, Progress, SendSource};
use trigger_chat_transport::{Error, Output};

use crate::world::{World, batch, complete, control, data, v2};

#[test]
fn c6_a_turn_complete_ends_the_turn() {
    let (mut world, call) = World::streaming(2);
    world.records(&[data(10, "hello")]);
    let boundary = [
        ["trigger-control", "turn-complete"],
        ["public-access-token", "fresh"],
        ["session-in-event-id", "2"],
    ];
    world.records(&[control(11, &boundary)]);
    assert!(world.is_closed(call) && world.is_quiet());
    let state = world.state();
    assert_eq!(state.token.expose(), "fresh");
    assert_eq!(state.last_event_id.as_deref(), Some("11"));
    assert_eq!((state.is_streaming, state.active_input_seq), (Some(false), None));
    let completed = world.events().into_iter().find_map(|event| match event {
        Event::TurnCompleted { last_event_id, session_in_event_id, attribution } => {
            Some((last_event_id.clone(), session_in_event_id.clone(), attribution.clone()))
        }
        _ => None,
    });
    let (cursor, input, attribution) = completed.expect("told");
    assert_eq!((cursor.as_deref(), input.as_deref()), (Some("11"), Some("2")));
    assert_eq!(attribution.message_id.as_deref(), Some("message 1"));
}

#[test]
fn a3_while_a_turn_streams_a_reload_would_replay_it_whole() {
    let (mut world, _) = World::streaming(0);
    world.records(&[data(0, "a")]);
    world.records(&[complete(1, 0)]);
    world.submit();
    world.acknowledge(1);
    world.open();
    world.records(&[data(2, "b"), data(3, "c")]);
    // A renewed token is a change, and tells the rest of the state with it.
    world.send(SendSource::Steer);
    world.answer(401, "");
    world.minted("fresh");
    assert_eq!(world.state().last_event_id.as_deref(), Some("1"));
}

#[test]
fn c3_commands_unknown_controls_and_malformed_records_move_only_the_cursor() {
    let (mut world, call) = World::streaming(0);
    let malformed = serde_json::json!({ "seq_num": 3, "timestamp": 0, "body": "{" });
    world.records(&[
        data(0, "a"),
        control(1, &[["", "trim"]]),
        control(2, &[["trigger-control", "upgrade-required"]]),
        malformed,
        control(4, &[["trigger-control", "something new"]]),
    ]);
    world.break_off();
    world.pass();
    assert_eq!(world.cursors().last(), Some(&Some("4")));
    assert_eq!(world.chunks(call), ["\"a\""]);
}

#[test]
fn c4_a_chunk_that_is_null_is_nothing() {
    let (mut world, call) = World::streaming(0);
    let body = r#"{"data":null,"id":"p"}"#;
    world.records(&[serde_json::json!({ "seq_num": 0, "timestamp": 0, "body": body })]);
    assert!(world.chunks(call).is_empty());
    assert!(!world.events().iter().any(|event| matches!(event, Event::FirstChunk { .. })));
}

#[test]
fn c4_a_part_that_was_written_twice_is_delivered_once_also_across_connections() {
    let (mut world, call) = World::streaming(0);
    let twice = |seq_num: u64| {
        let body = r#"{"data":"once","id":"same part"}"#;
        serde_json::json!({ "seq_num": seq_num, "timestamp": 0, "body": body })
    };
    world.records(&[twice(0), twice(1)]);
    world.break_off();
    world.pass();
    world.open();
    world.records(&[twice(2), data(3, "next")]);
    assert_eq!(world.chunks(call), ["\"once\"", "\"next\""]);
}

#[test]
fn c5_a_pending_version_becomes_an_event() {
    let (mut world, call) = World::streaming(0);
    world.records(&[control(0, &[["trigger-control", "pending-version"]])]);
    assert!(world.events().iter().any(|event| matches!(event, Event::RunPendingVersion(_))));
    assert!(world.chunks(call).is_empty());
}

#[test]
fn d5_records_that_come_again_are_dropped() {
    let (mut world, call) = World::streaming(0);
    world.records(&[data(0, "a"), data(1, "b")]);
    world.records(&[data(0, "a"), data(1, "b"), data(2, "c")]);
    assert_eq!(world.chunks(call), ["\"a\"", "\"b\"", "\"c\""]);
}

#[test]
fn d5_any_cut_of_the_bytes_delivers_the_same() {
    let text = batch(&[data(0, "é"), data(1, "\u{1f600}")]) + &batch(&[complete(2, 0)]);
    for cut in 0..text.len() {
        let (mut world, call) = World::streaming(0);
        world.bytes(&text.as_bytes()[..cut]);
        if !world.is_closed(call) {
            world.bytes(&text.as_bytes()[cut..]);
        }
        assert_eq!(world.chunks(call), ["\"é\"", "\"\u{1f600}\""], "cut at {cut}");
        assert!(world.is_closed(call));
    }
}

#[test]
fn g1_the_first_chunk_of_a_turn_is_an_event_with_its_type() {
    let (mut world, _) = World::streaming(0);
    let body = r#"{"data":{"type":"start","messageId":"m"},"id":"p"}"#;
    world.records(&[serde_json::json!({ "seq_num": 0, "timestamp": 0, "body": body })]);
    world.records(&[data(1, "more")]);
    let firsts: Vec<_> = world
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::FirstChunk { chunk_type, last_event_id, .. } => {
                Some((chunk_type.as_deref(), last_event_id.as_deref()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(firsts, [(Some("start"), Some("0"))]);
}

#[test]
fn c6_a_watched_chat_reads_on() {
    let mut world = World::watching();
    world.hydrate(crate::world::session());
    let call = world.reconnect();
    world.open();
    world.records(&[data(0, "one"), complete(1, 0)]);
    world.records(&[data(2, "two"), complete(3, 1)]);
    assert_eq!(world.chunks(call), ["\"one\"", "\"two\""]);
    assert_eq!(world.count(|output| matches!(output, Output::Close { .. })), 0);
    let firsts = |event: &&Event| matches!(event, Event::FirstChunk { .. });
    assert_eq!(world.events().into_iter().filter(firsts).count(), 2);
}

#[test]
fn c13_an_answer_that_is_no_event_stream_is_an_error_that_says_so() {
    let mut world = World::started();
    let call = world.submit();
    world.acknowledge(0);
    world.head(trigger_chat_transport::link::ResponseHead {
        content_type: Some("text/html; charset=utf-8".into()),
        ..v2(200)
    });
    let text = world.stream_error(call).expect("failed").to_string();
    assert!(text.contains("text/html") && text.contains("baseURL"), "{text}");
    assert!(world.is_quiet());
}

#[test]
fn s9_an_event_that_is_too_large_fails_the_stream_and_nothing_loops() {
    let (mut world, call) = World::streaming(0);
    world.bytes(&vec![b'x'; 16 * 1024 * 1024 + 1]);
    assert_eq!(world.stream_error(call), Some(&Error::EventTooLarge));
    assert!(world.is_quiet());
}

#[test]
fn d1_a_consumer_that_is_full_is_no_reason_to_reconnect() {
    let (mut world, _) = World::streaming(0);
    world.bytes(b"event: ping\ndata: {}\n\n");
    world.progress(Progress::Held);
    assert!(world.is_quiet());
}

#[test]
fn c5_an_older_agents_control_chunks_do_what_records_do_and_are_not_shown() {
    let (mut world, call) = World::streaming(0);
    let chunk = |seq_num: u64, chunk: &str| {
        let body = format!(r#"{{"data":{chunk},"id":"part {seq_num}"}}"#);
        serde_json::json!({ "seq_num": seq_num, "timestamp": 0, "body": body })
    };
    world.records(&[
        chunk(0, r#"{"type":"trigger:upgrade-required"}"#),
        chunk(1, r#"{"type":"trigger:anything","text":"new"}"#),
        data(2, "shown"),
    ]);
    assert!(!world.is_closed(call));
    let boundary = r#"{"type":"trigger:turn-complete","publicAccessToken":"fresh"}"#;
    world.records(&[chunk(3, boundary)]);
    assert_eq!(world.chunks(call), ["\"shown\""]);
    assert!(world.is_closed(call));
    assert_eq!(world.state().token.expose(), "fresh");
}

#[test]
fn c7_a_boundary_without_a_cursor_or_for_a_send_without_a_seq_ends_the_turn() {
    let (mut world, call) = World::streaming(5);
    world.records(&[control(0, &[["trigger-control", "turn-complete"]])]);
    assert!(world.is_closed(call));

    let mut world = World::started();
    let call = world.submit();
    world.answer(200, r#"{"ok":true}"#);
    world.open();
    world.records(&[complete(0, 0)]);
    assert!(world.is_closed(call));
}

#[test]
fn c6_c7_the_token_of_an_earlier_turns_boundary_is_taken_too() {
    let (mut world, call) = World::streaming(5);
    let earlier = [
        ["trigger-control", "turn-complete"],
        ["session-in-event-id", "4"],
        ["public-access-token", "fresh"],
    ];
    world.records(&[control(0, &earlier)]);
    assert!(!world.is_closed(call));
    assert_eq!(world.state().token.expose(), "fresh");
}
