//! JavaScript values to machine values and back.
//!
//! Objects that users see are plain and have own properties; what is absent is `undefined`.

use js_sys::{Object, Reflect};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

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

/// Sets an own property of an object of our own.
pub(super) fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    // A plain object without setters takes any property; there is nothing to handle.
    let _ = Reflect::set(object, &name.into(), &value.into());
}

fn number(value: u64) -> JsValue {
    // Sequence numbers and byte counts stay far below 2^53 (DESIGN: never a BigInt).
    JsValue::from_f64(value as f64)
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
pub(super) fn write_session(state: PersistedSession) -> Object {
    let object = Object::new();
    set(&object, "publicAccessToken", state.token.expose());
    set(&object, "lastEventId", state.last_event_id);
    set(&object, "activeInputSeq", state.active_input_seq.map(number));
    set(&object, "isStreaming", state.is_streaming);
    set(&object, "closed", state.closed);
    set(&object, "closedReason", state.closed_reason);
    object
}

/// Writes a `ChatActionSettlement`.
pub(super) fn write_settlement(
    input_seq: u64,
    session_in_event_id: String,
    last_event_id: Option<String>,
) -> Object {
    let object = Object::new();
    set(&object, "inputSeq", number(input_seq));
    set(&object, "sessionInEventId", session_in_event_id);
    set(&object, "lastEventId", last_event_id);
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
    let object: Object = match error {
        // `useChat` knows a disconnect by a TypeError whose message contains "network".
        Error::Network { .. } => js_sys::TypeError::new(&message).into(),
        _ => js_sys::Error::new(&message).into(),
    };
    if let Some(status) = error.status() {
        set(&object, "name", "TriggerApiError");
        set(&object, "status", status);
    }
    if let Error::Aborted = error {
        set(&object, "name", "AbortError");
    }
    if let Some(code) = error.code() {
        set(&object, "code", code);
    }
    if let Some(reason) = error.closed_reason() {
        set(&object, "closedReason", reason);
    }
    if let Some(thrown) = error.cause().and_then(|cause| cause.0.downcast_ref::<JsValue>()) {
        set(&object, "cause", thrown);
    }
    object.into()
}

/// Writes a `ChatTransportEvent`.
pub(super) fn write_event(chat: &str, timestamp_ms: u64, event: Event) -> Object {
    let object = Object::new();
    set(&object, "type", event.name());
    set(&object, "chatId", chat);
    set(&object, "timestamp", number(timestamp_ms));
    match event {
        Event::MessageSent(facts) => write_facts(&object, facts),
        Event::MessageSendFailed(facts, error) => {
            write_facts(&object, facts);
            write_failure(&object, &error);
        }
        Event::StreamConnected { resumed, last_event_id, message_id } => {
            set(&object, "resumed", resumed);
            set(&object, "lastEventId", last_event_id);
            set(&object, "messageId", message_id);
        }
        Event::FirstChunk { chunk_type, last_event_id, attribution } => {
            set(&object, "chunkType", chunk_type);
            set(&object, "lastEventId", last_event_id);
            write_attribution(&object, attribution);
        }
        Event::TurnCompleted { last_event_id, session_in_event_id, attribution } => {
            set(&object, "lastEventId", last_event_id);
            set(&object, "sessionInEventId", session_in_event_id);
            write_attribution(&object, attribution);
        }
        Event::StreamError(error) => write_failure(&object, &error),
        Event::SessionClosed { reason, source } => {
            set(&object, "reason", reason);
            let source = match source {
                CloseSource::Stream => "stream",
                CloseSource::Append => "append",
            };
            set(&object, "source", source);
        }
        Event::RunPendingVersion(source) => {
            let source = match source {
                PendingVersionSource::Start => "start",
                PendingVersionSource::Send => "send",
                PendingVersionSource::HeadStart => "head-start",
                PendingVersionSource::Upgrade => "upgrade",
            };
            set(&object, "source", source);
        }
        Event::ConnectionChanged(connection) => {
            set(&object, "connection", write_connection(connection));
        }
    }
    object
}

/// Writes a `ChatConnection`.
pub(super) fn write_connection(connection: Connection) -> Object {
    let object = Object::new();
    let state = match connection.state {
        ConnectionState::Idle => "idle",
        ConnectionState::Connecting => "connecting",
        ConnectionState::Live => "live",
        ConnectionState::Waiting => "waiting",
        ConnectionState::Reconnecting => "reconnecting",
        ConnectionState::Offline => "offline",
        ConnectionState::Closed => "closed",
    };
    set(&object, "state", state);
    set(&object, "attempt", connection.attempt);
    set(&object, "nextRetryAt", connection.next_retry_ms.map(number));
    set(&object, "lastEventId", connection.last_event_id);
    set(&object, "behind", connection.behind.map(number));
    object
}

fn write_facts(object: &Object, facts: SendFacts) {
    set(object, "source", facts.source.name());
    set(object, "durationMs", number(facts.duration_ms));
    set(object, "messageId", facts.message_id);
    set(object, "partId", facts.part_id);
    set(object, "bodyBytes", number(facts.body_bytes));
}

fn write_failure(object: &Object, error: &Error) {
    set(object, "error", write_error(error));
    set(object, "status", error.status());
}

fn write_attribution(object: &Object, attribution: Attribution) {
    set(object, "messageId", attribution.message_id);
    set(object, "sinceSendMs", attribution.since_send_ms.map(number));
}
