//! `POST …/in/append`: one message, stop or action onto `.in`, durable before the answer.
//!
//! It looks into the body only far enough to know that it is JSON and whether a turn is to come.

use std::sync::Arc;

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use bytes::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{PathId, session::authorized};
use crate::{
    error::ApiError,
    server::Server,
    sessions::{Session, wrap_input},
};

/// The limit of the HTTP body, and of the record that it becomes.
const LIMIT: usize = 1024 * 1024;
/// What S2 counts for a record besides its body.
const RECORD_OVERHEAD: usize = 8;
/// Of a body that is too large this much is still read: a connection that closes on an unread body
/// is reset, and the browser would never see the 413.
pub(crate) const BODY_DRAINED: usize = 64 * 1024 * 1024;

pub(crate) async fn append_input(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let body = axum::body::to_bytes(body, BODY_DRAINED).await;
    let session = authorized(&server, &headers, &id, "write")?;
    let body = body.map_err(|_| ApiError::too_large("Request body too large"))?;
    let part_id = part_id(&headers)?;
    let (chunk, wrapped) = read(&body, &part_id)?;
    let seq = append(&server, &session, chunk, wrapped, &part_id).await?;
    Ok(Json(json!({ "ok": true, "seq": seq })))
}

fn part_id(headers: &HeaderMap) -> Result<String, ApiError> {
    match headers.get("x-part-id").map(|value| value.to_str()) {
        Some(Ok(id)) if !id.is_empty() => Ok(id.to_owned()),
        Some(Err(_)) => Err(ApiError::bad_request("X-Part-Id must be ASCII")),
        _ => Ok(Uuid::new_v4().to_string()),
    }
}

fn read(body: &Bytes, part_id: &str) -> Result<(Value, String), ApiError> {
    if body.len() > LIMIT {
        return Err(ApiError::too_large(format!("Request body exceeds {LIMIT} bytes")));
    }
    let text = std::str::from_utf8(body)
        .map_err(|_| ApiError::bad_request("The request body must be JSON"))?;
    let chunk: Value = serde_json::from_str(text).map_err(|error| {
        ApiError::bad_request(format!("The request body must be JSON: {error}"))
    })?;
    let wrapped = wrap_input(text, part_id);
    if RECORD_OVERHEAD + wrapped.len() > LIMIT {
        return Err(ApiError::too_large(format!(
            "The record would be {} bytes, more than {LIMIT}",
            RECORD_OVERHEAD + wrapped.len()
        )));
    }
    Ok((chunk, wrapped))
}

async fn append(
    server: &Server,
    session: &Session,
    chunk: Value,
    wrapped: String,
    part_id: &str,
) -> Result<u64, ApiError> {
    let brings_a_turn = chunk["kind"] == "message";
    let mut inputs = session.inputs.lock().await;
    let closed = {
        let row = session.row();
        row.is_closed().then(|| row.closed_reason())
    };
    if let Some(reason) = closed {
        return Err(ApiError::session_closed(
            "Cannot append to a closed session",
            reason.as_deref(),
        ));
    }
    let appended = inputs.append(&server.store, chunk, wrapped, part_id).await?;
    if appended.is_new {
        session.row().touch();
        if brings_a_turn {
            session.chat.lock().await.last_message_seq = Some(appended.seq);
        }
    }
    Ok(appended.seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wrapped_record_is_what_counts() {
        let plain = Bytes::from(format!("\"{}\"", "a".repeat(LIMIT - 100)));
        assert!(read(&plain, "p").is_ok());
        let escaped = Bytes::from(format!("\"{}\"", "\\n".repeat(LIMIT / 2 - 100)));
        assert!(escaped.len() < LIMIT);
        assert!(read(&escaped, "p").is_err());
        assert!(read(&Bytes::from(vec![b' '; LIMIT + 1]), "p").is_err());
    }

    #[test]
    fn the_limit_is_exact() {
        // 8 + {"data":"\"…\"","id":"p"}: the two quotes cost two bytes each.
        let around = RECORD_OVERHEAD + wrap_input("\"\"", "p").len();
        let fits = Bytes::from(format!("\"{}\"", "a".repeat(LIMIT - around)));
        assert!(read(&fits, "p").is_ok());
        let over = Bytes::from(format!("\"{}\"", "a".repeat(LIMIT - around + 1)));
        assert!(read(&over, "p").is_err());
    }

    #[test]
    fn only_json_is_taken() {
        assert!(read(&Bytes::from_static(b"hello"), "p").is_err());
        assert!(read(&Bytes::from_static(b"\xff"), "p").is_err());
        assert!(read(&Bytes::from_static(b"{}"), "p").is_ok());
    }
}
