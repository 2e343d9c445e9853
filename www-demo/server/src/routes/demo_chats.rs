//! `/demo/chats`: the conversations as a page's own database would have them, and the full logs that
//! tests compare with.

use std::{cmp::Reverse, sync::Arc};

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::{PathId, lifecycle};
use crate::{error::ApiError, server::Server, sessions::Session};

pub(crate) async fn list(State(server): State<Arc<Server>>) -> Json<Value> {
    let mut sessions = server.sessions.all();
    sessions.sort_by_cached_key(|session| Reverse(session.row().updated_at()));
    let mut chats = Vec::with_capacity(sessions.len());
    for session in sessions {
        let title = session.chat.lock().await.title();
        let row = session.row();
        chats.push(json!({
            "id": session.key(),
            "title": title,
            "updatedAt": row.updated_at(),
            "closed": row.is_closed(),
        }));
    }
    Json(Value::Array(chats))
}

pub(crate) async fn show(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    let session = find(&server, &id)?;
    let chat = session.chat.lock().await;
    Ok(Json(json!({
        "messages": chat.messages,
        // A cursor, so a text: sequence numbers leave as JSON numbers only inside S2's own events.
        "lastEventId": chat.last_turn_complete.map(|seq| seq.to_string()),
        "isStreaming": chat.is_streaming(),
    })))
}

pub(crate) async fn delete(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    let session = find(&server, &id)?;
    lifecycle::delete(&server, &session).await?;
    Ok(Json(json!({ "ok": true })))
}

pub(crate) async fn log(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    let session = find(&server, &id)?;
    Ok(Json(Value::Array(session.output.log().await)))
}

pub(crate) async fn inputs(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    let session = find(&server, &id)?;
    let inputs = session.inputs.lock().await;
    let entries = inputs
        .entries
        .iter()
        .map(|entry| json!({ "seq": entry.seq, "chunk": entry.chunk, "partId": entry.part_id }));
    Ok(Json(entries.collect()))
}

/// Ends the agent's silence; where it has not begun, as soon as it does.
pub(crate) async fn break_silence(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    find(&server, &id)?.silence_broken.notify_one();
    Ok(Json(json!({ "ok": true })))
}

fn find(server: &Server, id: &str) -> Result<Arc<Session>, ApiError> {
    server.sessions.find(id).ok_or_else(|| ApiError::not_found(format!("Chat {id} not found")))
}
