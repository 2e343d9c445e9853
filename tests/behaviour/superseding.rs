//! A message that is sent in mid-answer: the rest of that answer has no consumer any more, and the AI SDK
//! can take up nothing in its middle, so the next stream is the next answer and nothing else (B8, C7).

use serde_json::{Value, json};
use trigger_chat_transport::io::{CallId, ChatInput, Progress};

use crate::world::{World, cause, complete, data};

/// A record whose chunk says that a message begins.
fn start(seq_num: u64) -> Value {
    let body = json!({ "data": { "type": "start" }, "id": format!("part {seq_num}") });
    json!({ "seq_num": seq_num, "timestamp": 0, "body": body.to_string() })
}

/// Sends a message where append 3 has got its first word, in record 0; answers as append 4.
fn sent_in_mid_answer() -> (World, CallId) {
    let (mut world, _) = World::streaming(3);
    world.records(&[data(0, "the first answer")]);
    let next = world.submit();
    world.acknowledge(4);
    world.open();
    (world, next)
}

#[test]
fn b8_c7_the_rest_of_an_answer_is_no_part_of_the_next_one() {
    let (mut world, next) = sent_in_mid_answer();
    world.records(&[data(1, "goes on"), complete(2, 3), data(3, "the next")]);
    assert_eq!(world.chunks(next), ["\"the next\""]);
    world.records(&[data(4, "is live"), complete(5, 4)]);
    assert_eq!(world.chunks(next), ["\"the next\"", "\"is live\""]);
    assert!(world.is_closed(next));
}

#[test]
fn b8_behind_a_turn_that_died_the_next_one_is_live_where_its_message_begins() {
    let (mut world, next) = sent_in_mid_answer();
    world.records(&[data(1, "goes on"), start(2), data(3, "the next")]);
    assert_eq!(world.chunks(next), [r#"{"type":"start"}"#, "\"the next\""]);
}

#[test]
fn b8_d5_behind_a_turn_that_died_the_next_one_is_whole_at_its_end() {
    let (mut world, next) = sent_in_mid_answer();
    world.records(&[data(1, "the next"), complete(2, 4)]);
    assert_eq!(world.chunks(next), ["\"the next\""]);
    assert!(world.is_closed(next));
}

#[test]
fn d5_a_turn_that_began_under_the_reader_of_a_dead_one_is_read_whole() {
    let (mut world, _) = World::streaming(3);
    world.records(&[data(0, "of a turn that dies")]);
    let next = world.submit();
    world.records(&[data(1, "a")]);
    world.acknowledge(4);
    world.open();
    world.records_behind_the_cursor(&[data(0, ""), data(1, "a"), data(2, "b"), complete(3, 4)]);
    assert_eq!(world.chunks(next), ["\"a\"", "\"b\""]);
}

#[test]
fn b8_of_several_messages_in_mid_answer_the_last_one_gets_its_own_answer() {
    let (mut world, _) = sent_in_mid_answer();
    world.records(&[data(1, "goes on")]);
    let last = world.submit();
    world.acknowledge(5);
    world.open();
    let dead = [data(0, ""), data(1, "goes on"), data(2, "the last"), complete(3, 5)];
    world.records_behind_the_cursor(&dead);
    assert_eq!(world.chunks(last), ["\"the last\""]);
}

#[test]
fn b8_an_answer_of_which_nothing_was_shown_is_shown_with_the_next() {
    let (mut world, _) = World::streaming(3);
    let next = world.submit();
    world.acknowledge(4);
    world.open();
    world.records(&[data(0, "first"), complete(1, 3), data(2, "next"), complete(3, 4)]);
    assert_eq!(world.chunks(next), ["\"first\"", "\"next\""]);
}

#[test]
fn b8_behind_an_answer_that_was_read_to_its_end_nothing_is_held_back() {
    let (mut world, _) = sent_in_mid_answer();
    world.records(&[complete(1, 3), complete(2, 4)]);
    let next = world.submit();
    world.acknowledge(5);
    world.open();
    world.records(&[data(3, "live")]);
    assert_eq!(world.chunks(next), ["\"live\""]);
}

#[test]
fn b8_however_the_stream_of_an_answer_ended_its_rest_is_no_part_of_the_next_one() {
    for fails in [false, true] {
        let (mut world, first) = World::streaming(3);
        world.records(&[data(0, "the first answer")]);
        match fails {
            true => world.progress(Progress::Threw(cause())),
            false => world.tell(ChatInput::Cancel(first)),
        }
        let next = world.submit();
        world.acknowledge(4);
        world.open();
        world.records(&[data(1, "goes on"), complete(2, 3), data(3, "the next")]);
        assert_eq!(world.stream_error(first).is_some(), fails);
        assert_eq!(world.chunks(next), ["\"the next\""]);
    }
}

#[test]
fn c7_without_numbers_everything_is_shown() {
    let (mut world, _) = World::streaming(3);
    world.records(&[data(0, "the first answer")]);
    let next = world.submit();
    world.answer(200, "{}");
    world.open();
    world.records(&[data(1, "goes on")]);
    assert_eq!(world.chunks(next), ["\"goes on\""]);
}
