//! How a chat's connection stands, as an application can show it (G2).

use trigger_chat_transport::io::{
    ChatInput, Connection, ConnectionState, Event, Progress, SendSource, Wake,
};
use trigger_chat_transport::{Input, Output};

use crate::world::{World, batch, complete, data, v2};

/// Every state that was told, with its attempt.
fn told(world: &World) -> Vec<(ConnectionState, u32)> {
    let changes = world.events().into_iter().filter_map(|event| match event {
        Event::ConnectionChanged(connection) => Some((connection.state, connection.attempt)),
        _ => None,
    });
    changes.collect()
}

fn last(world: &World) -> &Connection {
    let mut changes = world.events().into_iter().rev().filter_map(|event| match event {
        Event::ConnectionChanged(connection) => Some(connection),
        _ => None,
    });
    changes.next().expect("a change was told")
}

#[test]
fn g2_a_turn_connects_is_live_and_comes_to_rest() {
    use ConnectionState::{Connecting, Idle, Live};
    let (mut world, _) = World::streaming(0);
    world.records(&[data(0, "a"), data(1, "b")]);
    world.records(&[complete(2, 0)]);
    assert_eq!(told(&world), [(Connecting, 1), (Live, 0), (Idle, 0)]);
    assert_eq!(world.connection(), *last(&world));
}

#[test]
fn g2_a_lost_connection_waits_reconnects_and_counts_its_attempts() {
    use ConnectionState::{Live, Reconnecting, Waiting};
    let (mut world, _) = World::streaming(0);
    world.records(&[data(0, "a")]);
    let before = told(&world).len();
    world.break_off();
    assert_eq!(last(&world).next_retry_ms, Some(world.now_ms + world.until_due()));
    world.pass();
    world.break_off();
    world.pass();
    world.open();
    let expected = [(Waiting, 0), (Reconnecting, 1), (Waiting, 1), (Reconnecting, 2), (Live, 0)];
    assert_eq!(told(&world)[before..], expected);
}

#[test]
fn g2_a_message_that_does_not_go_out_is_shown_as_waiting() {
    use ConnectionState::{Connecting, Reconnecting, Waiting};
    let mut world = World::started();
    world.submit();
    world.append_failed();
    world.pass();
    assert_eq!(told(&world), [(Connecting, 1), (Waiting, 1), (Reconnecting, 2)]);
}

#[test]
fn g2_offline_is_said_of_what_waits_and_never_of_what_lives() {
    use ConnectionState::{Live, Offline, Reconnecting};
    let (mut world, _) = World::streaming(0);
    world.records(&[data(0, "a")]);
    let before = told(&world).len();
    world.feed(Input::Wake(Wake::Offline));
    assert_eq!(told(&world).len(), before, "the device may lie: the stream lives");
    world.break_off();
    world.feed(Input::Wake(Wake::Reconnect));
    world.open();
    assert_eq!(told(&world)[before..], [(Offline, 0), (Reconnecting, 1), (Live, 0)]);
}

#[test]
fn g2_a_closed_session_is_closed() {
    let mut world = World::started();
    world.send(SendSource::Steer);
    world.answer(409, r#"{"code":"session_closed"}"#);
    assert_eq!(world.connection().state, ConnectionState::Closed);
    assert_eq!(last(&world).state, ConnectionState::Closed);
}

#[test]
fn g2_the_cursor_and_the_distance_to_the_tail_move_without_a_word() {
    let (mut world, _) = World::streaming(0);
    let before = told(&world).len();
    let tail = serde_json::json!({ "seq_num": 10, "timestamp": 0 });
    let records = [data(3, "a"), data(4, "b")];
    let batch = serde_json::json!({ "records": records, "tail": tail });
    world.bytes(format!("event: batch\ndata: {batch}\n\n").as_bytes());
    let connection = world.connection();
    assert_eq!((connection.last_event_id.as_deref(), connection.behind), (Some("4"), Some(5)));
    world.records(&[data(11, "past what the tail said")]);
    assert_eq!(world.connection().behind, Some(0));
    assert_eq!(told(&world).len(), before);
}

#[test]
fn g2_an_unknown_chat_is_idle() {
    let world = World::new();
    assert_eq!(world.connection(), Connection::default());
}

#[test]
fn g2_the_next_retry_is_told_by_the_devices_clock() {
    let (mut world, _) = World::streaming(0);
    world.records(&[data(0, "a")]);
    world.now_ms -= 5_000;
    world.progress(Progress::Bytes(batch(&[]).into_bytes()));
    world.break_off();
    let next_retry_ms = last(&world).next_retry_ms.expect("it waits");
    assert!((world.now_ms..world.now_ms + 1_000).contains(&next_retry_ms));
    assert_eq!(world.connection().next_retry_ms, Some(next_retry_ms));
}

#[test]
fn g2_a_change_is_told_behind_what_caused_it() {
    let (mut world, call) = World::streaming(0);
    world.outputs.clear();
    world.tell(ChatInput::Cancel(call));
    assert!(matches!(
        world.outputs[..],
        [.., Output::Close { .. }, Output::Event { event: Event::ConnectionChanged(_), .. }]
    ));
}

#[test]
fn g2_a_second_attempt_is_a_reconnect_though_none_has_succeeded() {
    use ConnectionState::{Connecting, Reconnecting, Waiting};
    let mut world = World::started();
    world.submit();
    world.acknowledge(0);
    let before = told(&world).len();
    world.break_off();
    world.pass();
    assert_eq!(told(&world)[before..], [(Waiting, 1), (Reconnecting, 2)]);
    assert_eq!(told(&world)[..before], [(Connecting, 1)]);
}

#[test]
fn g2_a_subscription_that_waits_for_a_token_is_not_live() {
    let mut world = World::started();
    world.submit();
    world.acknowledge(0);
    world.head(v2(401));
    assert_eq!(world.connection().state, ConnectionState::Connecting);
    world.minted("second");
    world.open();
    assert_eq!(world.connection().state, ConnectionState::Live);
}
