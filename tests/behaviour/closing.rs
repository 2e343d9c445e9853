//! Closed sessions and disposed transports (A8, C14).

use trigger_chat_transport::io::{
    CloseSource, Event, Outcome, PersistedSession, SendSource, TabMode,
};
use trigger_chat_transport::{Error, Input, Output};

use crate::world::{World, control, data, session};

fn closes(world: &World) -> Vec<CloseSource> {
    let closes = world.events().into_iter().filter_map(|event| match event {
        Event::SessionClosed { source, .. } => Some(*source),
        _ => None,
    });
    closes.collect()
}

#[test]
fn c14_a_close_in_the_stream_ends_everything_once() {
    let (mut world, call) = World::streaming(0);
    let record = [["trigger-control", "session-closed"], ["session-closed-reason", "done"]];
    world.records(&[data(0, "a"), control(1, &record), control(2, &record)]);
    assert!(world.is_closed(call) && world.is_quiet());
    assert_eq!(closes(&world), [CloseSource::Stream]);
    assert_eq!(world.state().closed_reason.as_deref(), Some("done"));
    let next = world.submit();
    assert_eq!(world.failure(next).status(), Some(409));
    assert_eq!(world.failure(next).code(), Some("session_closed"));
}

#[test]
fn c7_a_turn_complete_may_close_the_session_too() {
    let (mut world, call) = World::streaming(0);
    let record = [["trigger-control", "turn-complete"], ["session-closed", "true"]];
    world.records(&[control(0, &record)]);
    assert!(world.is_closed(call));
    assert_eq!(closes(&world), [CloseSource::Stream]);
    assert_eq!(world.state().is_streaming, Some(false));
}

#[test]
fn c7_a_turn_complete_that_says_not_closed_closes_nothing() {
    let (mut world, _) = World::streaming(0);
    let record = [["trigger-control", "turn-complete"], ["session-closed", "false"]];
    world.records(&[control(0, &record)]);
    assert!(closes(&world).is_empty());
    assert_eq!(world.state().closed, None);
}

#[test]
fn b6_a_refused_append_says_that_the_session_is_closed_and_is_not_retried() {
    let mut world = World::started();
    let call = world.submit();
    let behind = world.send(SendSource::Steer);
    let body = r#"{"ok":false,"code":"session_closed","closedReason":"over"}"#;
    world.answer(409, body);
    assert!(world.failure(call).is_session_closed());
    assert_eq!(closes(&world), [CloseSource::Append]);
    assert_eq!(world.state().closed_reason.as_deref(), Some("over"));
    world.answer(409, body);
    assert_eq!(closes(&world).len(), 1);
    assert!(world.outcome(behind).is_some() && world.is_quiet());
}

#[test]
fn a8_dispose_ends_everything_and_later_calls_are_refused() {
    let (mut world, call) = World::streaming(0);
    let pending = world.submit();
    world.feed(Input::Dispose);
    world.feed(Input::Dispose);
    assert!(world.is_closed(call) && world.is_quiet());
    assert_eq!(*world.failure(pending), Error::Disposed);
    let late = world.start();
    assert_eq!(*world.failure(late), Error::Disposed);
}

#[test]
fn c14_nothing_is_sent_to_a_closed_session() {
    let mut world = World::new();
    world.hydrate(PersistedSession {
        closed: Some(true),
        closed_reason: Some("over".into()),
        ..session()
    });
    for source in [SendSource::SubmitMessage, SendSource::RegenerateMessage, SendSource::Action] {
        let call = world.send(source);
        assert!(world.failure(call).is_session_closed());
        assert_eq!(world.failure(call).closed_reason(), Some("over"));
    }
    for source in [SendSource::Steer, SendSource::Stop] {
        let call = world.send(source);
        assert_eq!(world.outcome(call), Some(&Outcome::Accepted(false)));
    }
    assert_eq!(world.count(|output| matches!(output, Output::Append { .. })), 0);
    assert!(closes(&world).is_empty(), "it was known before");
}

#[test]
fn c14_a_close_that_is_learned_twice_is_told_once() {
    let (mut world, _) = World::streaming(0);
    let call = world.submit();
    world.records(&[control(0, &[["trigger-control", "session-closed"]])]);
    world.answer(409, r#"{"code":"session_closed","closedReason":"over"}"#);
    assert!(world.failure(call).is_session_closed());
    assert_eq!(closes(&world), [CloseSource::Stream]);
}

#[test]
fn c14_a_send_to_a_closed_session_rejects_at_once_and_asks_no_other_tab() {
    let mut world = World::tab(TabMode::Locks, 1);
    world.hydrate(PersistedSession { closed: Some(true), ..session() });
    let call = world.submit();
    assert!(world.failure(call).is_session_closed());
    assert_eq!(world.count(|output| matches!(output, Output::Tab(_))), 0);
}
