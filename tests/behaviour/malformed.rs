//! Batches that are not what S2 writes: nothing before or behind them is lost, and nothing loops (C3).

use serde_json::{Value, json};
use trigger_chat_transport::io::Outcome;

use crate::world::{World, complete, data};

/// Records whose place in the stream cannot be known, or whose headers cannot be read: what follows
/// them in the same batch cannot be trusted.
fn unreadable() -> Vec<Value> {
    vec![
        json!(null),
        json!(7),
        json!("record"),
        json!([]),
        json!({}),
        json!({ "timestamp": 0, "body": "{}" }),
        json!({ "seq_num": null, "body": "" }),
        json!({ "seq_num": "1", "body": "" }),
        json!({ "seq_num": -1, "body": "" }),
        json!({ "seq_num": 1.5, "body": "" }),
        json!({ "seq_num": 1e300, "body": "" }),
        json!({ "seq_num": 1, "headers": {}, "body": "" }),
        json!({ "seq_num": 1, "headers": [["lonely"]], "body": "" }),
        json!({ "seq_num": 1, "headers": [["a", "b", "c"]], "body": "" }),
        json!({ "seq_num": 1, "headers": [[1, 2]], "body": "" }),
    ]
}

#[test]
fn c3_what_came_before_an_unreadable_record_is_kept_and_what_follows_is_read_again() {
    for record in unreadable() {
        let (mut world, call) = World::streaming(0);
        world.records(&[data(0, "before"), record.clone(), data(2, "behind")]);
        assert_eq!(world.chunks(call), ["\"before\""], "{record}");
        world.pass();
        assert_eq!(world.cursors(), [None, Some("0")], "{record}");
        world.open();
        world.records(&[data(1, "again"), data(2, "behind"), complete(3, 0)]);
        assert_eq!(world.chunks(call), ["\"before\"", "\"again\"", "\"behind\""], "{record}");
        assert!(world.is_closed(call));
    }
}

#[test]
fn c3_a_record_that_stays_unreadable_ends_the_stream_with_an_error_that_says_so() {
    for record in unreadable() {
        let (mut world, call) = World::streaming(0);
        for _ in 0..5 {
            world.records(std::slice::from_ref(&record));
            assert!(world.pass() <= 5_000);
            world.open();
        }
        world.records(std::slice::from_ref(&record));
        let text = world.stream_error(call).expect("failed").to_string();
        assert!(text.contains("malformed"), "{record}: {text}");
        assert!(world.is_quiet());
        let next = world.submit();
        world.acknowledge(1);
        assert_eq!(world.outcome(next), Some(&Outcome::Stream { repeats: false }));
    }
}

#[test]
fn c3_a_batch_that_is_no_batch_is_read_again_from_the_cursor() {
    for text in ["", "7", "null", "[]", "{}", r#"{"records":{}}"#, "<html>", r#"{"records":[{"seq"#]
    {
        let (mut world, call) = World::streaming(0);
        world.records(&[data(0, "a")]);
        world.bytes(format!("event: batch\ndata: {text}\n\n").as_bytes());
        world.pass();
        assert_eq!(world.cursors(), [None, Some("0")], "{text}");
        world.open();
        world.records(&[data(1, "b"), complete(2, 0)]);
        assert_eq!(world.chunks(call), ["\"a\"", "\"b\""], "{text}");
    }
}

#[test]
fn c3_the_largest_seq_num_is_still_a_cursor() {
    let (mut world, call) = World::streaming(0);
    world.records(&[data(u64::MAX, "last")]);
    world.break_off();
    world.pass();
    assert_eq!(world.cursors().last(), Some(&Some("18446744073709551615")));
    assert_eq!(world.chunks(call), ["\"last\""]);
}

#[test]
fn c3_depth_and_size_of_a_record_cost_no_stack() {
    let (mut world, call) = World::streaming(0);
    let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
    let body = format!(r#"{{"data":{deep},"id":"p"}}"#);
    world.records(&[json!({ "seq_num": 0, "timestamp": 0, "body": body }), complete(1, 0)]);
    assert_eq!(world.chunks(call), [deep]);
    assert!(world.is_closed(call));
}
