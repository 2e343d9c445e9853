//! What the application is told: every change of what it stores, and every event (A3, A7, G1).

use trigger_chat_transport::Output;
use trigger_chat_transport::Secret;
use trigger_chat_transport::io::{
    CloseSource, Event, PendingVersionSource, PersistedSession, SendSource, StartedSession,
};

use crate::world::{World, complete, control, data, session, v2};

/// Every state that the application was told of, in order.
fn told(world: &World) -> Vec<&PersistedSession> {
    let changes = world.outputs.iter().filter_map(|output| match output {
        Output::SessionChanged { state, notify: true, .. } => Some(state),
        _ => None,
    });
    changes.collect()
}

/// The last event that `wanted` takes.
fn last<T>(world: &World, wanted: impl Fn(&Event) -> Option<T>) -> T {
    world.events().into_iter().rev().find_map(wanted).expect("an event was told")
}

#[test]
fn a7_every_change_of_what_is_stored_is_told() {
    let mut world = World::new();
    world.submit();
    world.session_started("first");
    let created = told(&world).pop().cloned().expect("created");
    assert_eq!((created.token.expose(), created.is_streaming), ("first", Some(false)));

    world.answer(401, "");
    world.minted("second");
    assert_eq!(told(&world).last().map(|state| state.token.expose()), Some("second"));

    world.acknowledge(3);
    let streaming = told(&world).pop().cloned().expect("streaming");
    assert_eq!((streaming.is_streaming, streaming.active_input_seq), (Some(true), Some(3)));

    world.open();
    world.records(&[data(0, "a"), complete(1, 3)]);
    let ended = told(&world).pop().cloned().expect("ended");
    assert_eq!((ended.is_streaming, ended.active_input_seq), (Some(false), None));
    assert_eq!(ended.last_event_id.as_deref(), Some("1"));

    world.submit();
    world.answer(409, r#"{"code":"session_closed","closedReason":"over"}"#);
    let closed = told(&world).pop().cloned().expect("closed");
    assert_eq!((closed.closed, closed.closed_reason.as_deref()), (Some(true), Some("over")));
}

#[test]
fn a7_a_stream_that_fails_is_told_as_a_turn_that_no_longer_streams() {
    let (mut world, _) = World::streaming(0);
    world.head(v2(410));
    assert_eq!(told(&world).last().and_then(|state| state.is_streaming), Some(false));
}

#[test]
fn a3_behind_a_turn_a_reload_resumes_from_the_last_record_seen() {
    let (mut world, call) = World::streaming(0);
    world.records(&[data(0, "a"), complete(1, 0)]);
    let mut page = World::new();
    page.hydrate(world.state().clone());
    page.submit();
    page.acknowledge(1);
    assert_eq!(page.cursors(), [Some("1")]);
    assert!(world.is_closed(call));
}

#[test]
fn g1_a_message_that_was_sent_is_told_with_its_part_id_size_and_time() {
    let mut world = World::started();
    world.submit();
    world.append_failed();
    world.pass();
    world.now_ms += 20;
    world.acknowledge(3);
    let ids: Vec<_> = world
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::Append { part_id, .. } => Some(part_id.clone()),
            _ => None,
        })
        .collect();
    let facts = last(&world, |event| match event {
        Event::MessageSent(facts) => Some(facts.clone()),
        _ => None,
    });
    assert_eq!(facts.source, SendSource::SubmitMessage);
    assert_eq!(facts.message_id.as_deref(), Some("message 1"));
    assert_eq!(facts.part_id.as_ref(), ids.first());
    assert_eq!(facts.body_bytes, 10);
    assert!(facts.duration_ms >= 270, "from the call on: {}", facts.duration_ms);
}

#[test]
fn g1_every_kind_of_send_is_told_as_what_it_was() {
    let sources = [
        SendSource::SubmitMessage,
        SendSource::RegenerateMessage,
        SendSource::Steer,
        SendSource::Action,
        SendSource::Stop,
    ];
    for source in sources {
        let mut world = World::started();
        world.send(source);
        world.acknowledge(0);
        let sent = last(&world, |event| match event {
            Event::MessageSent(facts) => Some(facts.source),
            _ => None,
        });
        assert_eq!(sent, source);

        let mut world = World::started();
        world.send(source);
        world.answer(413, "");
        let (failed, status) = last(&world, |event| match event {
            Event::MessageSendFailed(facts, error) => Some((facts.source, error.status())),
            _ => None,
        });
        assert_eq!((failed, status), (source, Some(413)));
    }
}

#[test]
fn g1_a_stream_is_told_once_when_it_opens_and_whether_it_was_resumed() {
    let connected = |world: &World| {
        let opened = world.events().into_iter().filter_map(|event| match event {
            Event::StreamConnected { resumed, last_event_id, message_id } => {
                Some((*resumed, last_event_id.clone(), message_id.clone()))
            }
            _ => None,
        });
        opened.collect::<Vec<_>>()
    };
    let (mut world, _) = World::streaming(0);
    world.records(&[data(0, "a")]);
    world.break_off();
    world.pass();
    world.open();
    assert_eq!(connected(&world), [(false, None, Some("message 1".into()))]);

    let mut page = World::new();
    let last_event_id = Some("9".to_owned());
    page.hydrate(PersistedSession {
        is_streaming: Some(true),
        last_event_id: last_event_id.clone(),
        ..session()
    });
    page.reconnect();
    page.open();
    assert_eq!(connected(&page), [(true, last_event_id, None)]);
}

#[test]
fn g1_what_an_agent_answers_is_attributed_to_the_message_and_timed_from_its_acknowledgement() {
    let (mut world, _) = World::streaming(0);
    world.now_ms += 700;
    world.records(&[data(0, "a")]);
    world.now_ms += 300;
    world.records(&[complete(1, 0)]);
    let of = |world: &World, first: bool| {
        let found = last(world, |event| match event {
            Event::FirstChunk { attribution, .. } if first => Some(attribution.clone()),
            Event::TurnCompleted { attribution, .. } if !first => Some(attribution.clone()),
            _ => None,
        });
        (found.message_id, found.since_send_ms)
    };
    assert_eq!(of(&world, true), (Some("message 1".into()), Some(700)));
    assert_eq!(of(&world, false), (Some("message 1".into()), Some(1_000)));
}

#[test]
fn g1_steers_and_stops_do_not_take_over_the_attribution() {
    let (mut world, _) = World::streaming(0);
    world.send(SendSource::Steer);
    world.acknowledge(1);
    world.records(&[complete(0, 0)]);
    let message_id = last(&world, |event| match event {
        Event::TurnCompleted { attribution, .. } => Some(attribution.message_id.clone()),
        _ => None,
    });
    assert_eq!(message_id.as_deref(), Some("message 1"));
}

#[test]
fn g1_the_first_chunk_is_told_again_for_every_turn_of_a_watch() {
    let mut world = World::watching();
    world.hydrate(session());
    world.reconnect();
    world.open();
    world.records(&[data(0, "a"), data(1, "b"), complete(2, 0), data(3, "c"), complete(4, 1)]);
    let firsts = world.events().into_iter().filter_map(|event| match event {
        Event::FirstChunk { last_event_id, .. } => last_event_id.clone(),
        _ => None,
    });
    assert_eq!(firsts.collect::<Vec<_>>(), ["0", "3"]);
}

#[test]
fn g1_a_stream_that_fails_is_told_once_with_its_status() {
    let (mut world, _) = World::streaming(0);
    world.break_off();
    world.pass();
    world.head(v2(404));
    let failures = world.events().into_iter().filter_map(|event| match event {
        Event::StreamError(error) => Some(error.status()),
        _ => None,
    });
    assert_eq!(failures.collect::<Vec<_>>(), [Some(404)]);
}

#[test]
fn g1_a_close_tells_its_reason_and_where_it_was_learned() {
    let (mut world, _) = World::streaming(0);
    let record = [["trigger-control", "session-closed"], ["session-closed-reason", "done"]];
    world.records(&[control(0, &record)]);
    let close = last(&world, |event| match event {
        Event::SessionClosed { reason, source } => Some((reason.clone(), *source)),
        _ => None,
    });
    assert_eq!(close, (Some("done".into()), CloseSource::Stream));
}

#[test]
fn g1_a_pending_version_tells_where_it_was_learned() {
    let source = |world: &World| {
        last(world, |event| match event {
            Event::RunPendingVersion(source) => Some(*source),
            _ => None,
        })
    };
    let mut world = World::new();
    world.start();
    let started = StartedSession { token: Secret::new("token"), pending_version: true };
    world.answer_start(Ok(started));
    assert_eq!(source(&world), PendingVersionSource::Start);
    world.submit();
    world.answer(200, r#"{"ok":true,"seq":0,"pendingVersion":true}"#);
    assert_eq!(source(&world), PendingVersionSource::Send);
    world.open();
    world.records(&[control(0, &[["trigger-control", "pending-version"]])]);
    assert_eq!(source(&world), PendingVersionSource::Upgrade);
}

#[test]
fn g1_every_event_carries_the_chat_and_the_devices_time() {
    let (mut world, _) = World::streaming(0);
    world.now_ms -= 5_000;
    world.records(&[data(0, "a"), complete(1, 0)]);
    let stamped = world.outputs.iter().rev().find_map(|output| match output {
        Output::Event { chat, timestamp_ms, event: Event::TurnCompleted { .. } } => {
            Some((chat.as_str(), *timestamp_ms))
        }
        _ => None,
    });
    assert_eq!(stamped, Some((crate::world::CHAT, world.now_ms)));
}

#[test]
fn g1_every_event_has_the_name_that_is_published() {
    let (mut world, _) = World::streaming(0);
    let pending = control(0, &[["trigger-control", "pending-version"]]);
    world.records(&[pending, data(1, "a"), complete(2, 0)]);
    world.submit();
    world.answer(413, "");
    world.submit();
    world.acknowledge(1);
    world.head(v2(410));
    world.submit();
    world.answer(409, r#"{"code":"session_closed"}"#);
    let names: Vec<_> = world.events().into_iter().map(Event::name).collect();
    let (changes, others): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| *name == "connection-changed");
    assert!(!changes.is_empty());
    let expected = [
        "message-sent",
        "stream-connected",
        "run-pending-version",
        "first-chunk",
        "turn-completed",
        "message-send-failed",
        "message-sent",
        "stream-error",
        "session-closed",
        "message-send-failed",
    ];
    assert_eq!(others, expected);
}

#[test]
fn g1_every_kind_of_send_has_the_name_that_is_published() {
    let sources = [
        SendSource::SubmitMessage,
        SendSource::RegenerateMessage,
        SendSource::Steer,
        SendSource::Action,
        SendSource::Stop,
        SendSource::HeadStart,
    ];
    let names = sources.map(SendSource::name);
    let expected =
        ["submit-message", "regenerate-message", "steer", "action", "stop", "head-start"];
    assert_eq!(names, expected);
}
