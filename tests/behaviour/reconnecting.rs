//! A connection that breaks or ends is replaced from the cursor, soon and without a storm (D1–D4).

use trigger_chat_transport::io::{Event, Progress, Wake};
use trigger_chat_transport::{Error, Input, Output};

use crate::world::{World, batch, complete, data, v2};

#[test]
fn d5_a_half_event_of_a_broken_connection_is_dropped_and_read_again() {
    let (mut world, call) = World::streaming(0);
    let text = batch(&[data(0, "whole")]) + &batch(&[data(1, "cut")]);
    let cut = text.len() - 20;
    world.bytes(&text.as_bytes()[..cut]);
    world.break_off();
    assert!(world.pass() <= 300, "the first retry after a delivery is quick");
    assert_eq!(world.cursors(), [None, Some("0")]);
    world.open();
    world.records(&[data(1, "cut"), complete(2, 0)]);
    assert_eq!(world.chunks(call), ["\"whole\"", "\"cut\""]);
    assert!(world.is_closed(call));
}

#[test]
fn d2_the_streams_own_reconnection_time_is_kept_to() {
    let (mut world, _) = World::streaming(0);
    world.bytes(b"retry: 4000\n\n");
    world.break_off();
    assert!((4_000..5_000).contains(&world.pass()));
}

#[test]
fn d3_a_clean_end_is_no_better_than_a_broken_one() {
    let (mut world, call) = World::streaming(0);
    world.records(&[data(0, "a")]);
    world.end();
    world.pass();
    world.open();
    world.records(&[data(1, "b"), complete(2, 0)]);
    assert_eq!(world.cursors(), [None, Some("0")]);
    assert_eq!(world.chunks(call), ["\"a\"", "\"b\""]);
}

#[test]
fn d3_ends_without_a_record_are_borne_five_times_and_then_useful_to_use_chat() {
    let (mut world, call) = World::streaming(0);
    for _ in 0..5 {
        world.end();
        world.pass();
        world.open();
    }
    world.end();
    let text = world.stream_error(call).expect("failed").to_string();
    assert!(text.contains("network"), "{text}");
    assert_eq!(world.state().is_streaming, Some(false));
    assert!(world.events().iter().any(|event| matches!(event, Event::StreamError(_))));
}

#[test]
fn d3_an_end_after_a_replay_of_old_records_earns_no_budget() {
    let (mut world, call) = World::streaming(0);
    world.records(&[data(0, "a")]);
    for _ in 0..6 {
        world.end();
        world.pass();
        world.open();
        world.records(&[data(0, "a")]);
    }
    world.end();
    assert!(world.stream_error(call).is_some());
    assert_eq!(world.chunks(call), ["\"a\""]);
}

#[test]
fn c3_an_error_event_is_a_broken_connection() {
    let (mut world, call) = World::streaming(0);
    world.records(&[data(0, "a")]);
    world.bytes(b"event: error\ndata: restarting\n\n");
    world.pass();
    assert_eq!(world.cursors(), [None, Some("0")]);
    assert!(world.stream_error(call).is_none());
}

#[test]
fn c3_done_ends_the_window_and_the_next_one_starts_at_the_last_seq_num() {
    let (mut world, call) = World::streaming(0);
    world.bytes(batch(&[data(0, "a")]).replace("event:", "id: 99\nevent:").as_bytes());
    world.bytes(b"data: [DONE]\n\n");
    world.end();
    assert!(world.pass() <= 300);
    assert_eq!(world.cursors(), [None, Some("0")]);
    world.open();
    world.records(&[complete(1, 0)]);
    assert!(world.is_closed(call) && world.stream_error(call).is_none());
}

#[test]
fn c3_a_malformed_batch_is_read_again_but_not_for_ever() {
    let (mut world, call) = World::streaming(0);
    for _ in 0..5 {
        world.bytes(b"event: batch\ndata: {\"records\":[\n\n");
        world.pass();
        world.open();
    }
    world.bytes(b"event: batch\ndata: {\"records\":[\n\n");
    assert!(world.stream_error(call).is_some());
}

#[test]
fn d2_network_failures_are_retried_for_as_long_as_it_takes() {
    let mut world = World::started();
    let call = world.submit();
    world.acknowledge(0);
    for _ in 0..500 {
        world.break_off();
        assert!(world.pass() <= 5_000);
    }
    world.open();
    world.records(&[data(0, "at last"), complete(1, 0)]);
    assert_eq!(world.chunks(call), ["\"at last\""]);
}

#[test]
fn d2_statuses_that_will_not_pass_end_the_stream() {
    for status in [400, 404, 409, 410, 422] {
        let mut world = World::started();
        let call = world.submit();
        world.acknowledge(0);
        world.head(v2(status));
        assert_eq!(world.stream_error(call).and_then(Error::status), Some(status));
        assert!(world.is_quiet());
    }
}

#[test]
fn d4_waking_up_replaces_the_connection_and_the_old_one_counts_for_nothing() {
    let (mut world, call) = World::streaming(0);
    world.records(&[data(0, "a")]);
    let old = world.connect_request();
    world.feed(Input::Wake(Wake::Reconnect));
    assert_eq!(world.count(|output| *output == Output::Disconnect { request: old }), 1);
    assert_eq!(world.cursors(), [None, Some("0")]);
    world.open();
    world.records(&[data(1, "b")]);
    assert_eq!(world.chunks(call), ["\"a\"", "\"b\""]);
}

#[test]
fn d4_a_hint_cuts_a_wait_short_and_leaves_an_open_connection_alone() {
    let (mut world, _) = World::streaming(0);
    world.feed(Input::Wake(Wake::RetryNow));
    assert_eq!(world.cursors().len(), 1);
    world.break_off();
    world.feed(Input::Wake(Wake::RetryNow));
    assert_eq!(world.cursors().len(), 2);
}

#[test]
fn a2_an_option_that_throws_fails_a_subscription_with_its_own_error() {
    let mut world = World::started();
    let call = world.submit();
    world.acknowledge(0);
    world.progress(Progress::Threw(crate::world::cause()));
    assert!(matches!(world.stream_error(call), Some(Error::Callback(_))));
    assert!(world.is_quiet());
}

/// A page that watches a chat whose connection is open.
fn watching() -> (World, u32) {
    let mut world = World::watching();
    world.hydrate(crate::world::session());
    let call = world.reconnect();
    world.open();
    (world, call)
}

#[test]
fn d3_a_watch_bears_any_number_of_ends() {
    let (mut world, call) = watching();
    for _ in 0..20 {
        world.end();
        assert!(world.pass() <= 5_000);
        world.open();
    }
    world.records(&[data(0, "at last")]);
    assert_eq!(world.chunks(call), ["\"at last\""]);
}

#[test]
fn d1_a_watch_bears_any_number_of_stalls() {
    let (mut world, call) = watching();
    for _ in 0..20 {
        assert_eq!(world.pass(), 60_000, "the stall");
        world.pass();
        world.open();
    }
    assert!(world.stream_error(call).is_none());
}

#[test]
fn d2_a_watch_comes_back_sooner() {
    let (mut world, _) = watching();
    for full_ms in [100, 200, 400] {
        world.break_off();
        let waited_ms = world.pass();
        assert!((full_ms / 2..=full_ms).contains(&waited_ms), "{waited_ms} of {full_ms}");
    }
}

#[test]
fn d1_without_pings_a_record_a_minute_keeps_a_connection() {
    let (mut world, call) = World::streaming(0);
    for seq_num in 0..10 {
        world.now_ms += 59_000;
        world.feed(Input::Tick);
        world.records(&[data(seq_num, "on")]);
    }
    assert_eq!(world.chunks(call).len(), 10);
    assert_eq!(world.cursors(), [None]);
}

#[test]
fn d3_only_a_window_that_pinged_and_lasted_had_nothing_to_say() {
    for (pings, lasted_ms) in [(true, 1_000), (false, 20_000)] {
        let (mut world, call) = World::streaming(0);
        for end in 1..=6 {
            assert!(world.stream_error(call).is_none(), "{end}");
            if pings {
                world.bytes(b"event: ping\ndata: {\"timestamp\":1}\n\n");
            }
            world.now_ms += lasted_ms;
            world.end();
            if end < 6 {
                world.pass();
                world.open();
            }
        }
        assert!(world.stream_error(call).is_some(), "pings: {pings}");
    }
}
