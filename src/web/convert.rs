//! JavaScript values to machine values and back.
//!
//! Objects that users see are plain and have own properties; what is absent is `undefined`.

use js_sys::Reflect;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

use super::host::Fields;
use crate::Secret;
use crate::error::{Cause, Error};
use crate::io::{
    Attribution, CloseSource, Connection, ConnectionState, Event, PendingVersionSource,
    PersistedSession, SendFacts,
};

/// A member of any value; `None` for `undefined`, `null`, and what throws when it is read.
pub(super) fn member(value: &JsValue, name: &str) -> Option<JsValue> {
    let member = Reflect::get(value, &name.into()).ok()?;
    (!member.is_undefined() && !member.is_null()).then_some(member)
}

pub(super) fn text_member(value: &JsValue, name: &str) -> Option<String> {
    member(value, name)?.as_string()
}

// Sequence numbers and byte counts stay far below 2^53 (DESIGN: never a BigInt).
fn number(object: &Fields, name: &str, value: Option<u64>) {
    object.number(name, value.map(|value| value as f64));
}

/// What something threw, for the machine to carry through.
pub(super) fn cause(thrown: JsValue) -> Cause {
    Cause(Rc::new(thrown))
}

/// Reads a `ChatSessionPersistedState`.
pub(super) fn read_session(state: &JsValue) -> PersistedSession {
    let flag = |name| member(state, name).and_then(|value| value.as_bool());
    let seq = member(state, "activeInputSeq").and_then(|value| value.as_f64());
    PersistedSession {
        token: Secret::new(text_member(state, "publicAccessToken").unwrap_or_default()),
        last_event_id: text_member(state, "lastEventId"),
        active_input_seq: seq
            .filter(|seq| *seq >= 0.0 && *seq <= 9_007_199_254_740_991.0)
            .map(|seq| seq as u64),
        is_streaming: flag("isStreaming"),
        closed: flag("closed"),
        closed_reason: text_member(state, "closedReason"),
    }
}

/// Writes a `ChatSessionPersistedState`.
pub(super) fn write_session(state: &PersistedSession) -> Fields {
    let object = Fields::new();
    object.text("publicAccessToken", Some(state.token.expose()));
    object.text("lastEventId", state.last_event_id.as_deref());
    number(&object, "activeInputSeq", state.active_input_seq);
    object.flag("isStreaming", state.is_streaming);
    object.flag("closed", state.closed);
    object.text("closedReason", state.closed_reason.as_deref());
    object
}

/// Writes a `ChatActionSettlement`.
pub(super) fn write_settlement(
    input_seq: u64,
    session_in_event_id: &str,
    last_event_id: Option<&str>,
) -> Fields {
    let object = Fields::new();
    number(&object, "inputSeq", Some(input_seq));
    object.text("sessionInEventId", Some(session_in_event_id));
    object.text("lastEventId", last_event_id);
    object
}

/// A real `Error`, or what a callback of the application threw.
pub(super) fn write_error(error: &Error) -> JsValue {
    if let Error::Callback(cause) = error
        && let Some(thrown) = cause.0.downcast_ref::<JsValue>()
    {
        return thrown.clone();
    }
    let message = error.message();
    let object: Fields = match error {
        // `useChat` knows a disconnect by a TypeError whose message contains "network".
        Error::Network { .. } => js_sys::TypeError::new(&message).unchecked_into(),
        _ => js_sys::Error::new(&message).unchecked_into(),
    };
    if let Some(status) = error.status() {
        object.text("name", Some("TriggerApiError"));
        object.number("status", Some(status.into()));
    }
    if let Error::Aborted = error {
        object.text("name", Some("AbortError"));
    }
    if let Some(code) = error.code() {
        object.text("code", Some(code));
    }
    if let Some(reason) = error.closed_reason() {
        object.text("closedReason", Some(reason));
    }
    if let Some(thrown) = error.cause().and_then(|cause| cause.0.downcast_ref::<JsValue>()) {
        object.value("cause", thrown);
    }
    object.into()
}

/// Writes a `ChatTransportEvent`.
pub(super) fn write_event(chat: &str, timestamp_ms: u64, event: &Event) -> Fields {
    let object = Fields::new();
    object.text("type", Some(event.name()));
    object.text("chatId", Some(chat));
    number(&object, "timestamp", Some(timestamp_ms));
    match event {
        Event::MessageSent(facts) => write_facts(&object, facts),
        Event::MessageSendFailed(facts, error) => {
            write_facts(&object, facts);
            write_failure(&object, error);
        }
        Event::StreamConnected { resumed, last_event_id, message_id } => {
            object.flag("resumed", Some(*resumed));
            object.text("lastEventId", last_event_id.as_deref());
            object.text("messageId", message_id.as_deref());
        }
        Event::FirstChunk { chunk_type, last_event_id, attribution } => {
            object.text("chunkType", chunk_type.as_deref());
            object.text("lastEventId", last_event_id.as_deref());
            write_attribution(&object, attribution);
        }
        Event::TurnCompleted { last_event_id, session_in_event_id, attribution } => {
            object.text("lastEventId", last_event_id.as_deref());
            object.text("sessionInEventId", session_in_event_id.as_deref());
            write_attribution(&object, attribution);
        }
        Event::StreamError(error) => write_failure(&object, error),
        Event::SessionClosed { reason, source } => {
            object.text("reason", reason.as_deref());
            let source = match source {
                CloseSource::Stream => "stream",
                CloseSource::Append => "append",
            };
            object.text("source", Some(source));
        }
        Event::RunPendingVersion(source) => {
            let source = match source {
                PendingVersionSource::Start => "start",
                PendingVersionSource::Send => "send",
                PendingVersionSource::HeadStart => "head-start",
                PendingVersionSource::Upgrade => "upgrade",
            };
            object.text("source", Some(source));
        }
        Event::ConnectionChanged(connection) => {
            object.value("connection", &write_connection(connection));
        }
    }
    object
}

/// Writes a `ChatConnection`.
pub(super) fn write_connection(connection: &Connection) -> Fields {
    let object = Fields::new();
    let state = match connection.state {
        ConnectionState::Idle => "idle",
        ConnectionState::Connecting => "connecting",
        ConnectionState::Live => "live",
        ConnectionState::Waiting => "waiting",
        ConnectionState::Reconnecting => "reconnecting",
        ConnectionState::Offline => "offline",
        ConnectionState::Closed => "closed",
    };
    object.text("state", Some(state));
    object.number("attempt", Some(connection.attempt.into()));
    number(&object, "nextRetryAt", connection.next_retry_ms);
    object.text("lastEventId", connection.last_event_id.as_deref());
    number(&object, "behind", connection.behind);
    object
}

fn write_facts(object: &Fields, facts: &SendFacts) {
    object.text("source", Some(facts.source.name()));
    number(object, "durationMs", Some(facts.duration_ms));
    object.text("messageId", facts.message_id.as_deref());
    object.text("partId", facts.part_id.as_deref());
    number(object, "bodyBytes", Some(facts.body_bytes));
}

fn write_failure(object: &Fields, error: &Error) {
    object.value("error", &write_error(error));
    object.number("status", error.status().map(f64::from));
}

fn write_attribution(object: &Fields, attribution: &Attribution) {
    object.text("messageId", attribution.message_id.as_deref());
    number(object, "sinceSendMs", attribution.since_send_ms);
}
