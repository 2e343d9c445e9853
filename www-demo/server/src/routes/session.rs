//! `/api/v1/sessions`: create, show and close, in Trigger.dev's shapes.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};

use super::{PathId, lifecycle};
use crate::{
    error::ApiError,
    server::Server,
    sessions::{Session, SessionRequest, read_close_reason},
};

pub(crate) async fn create(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let caller = server.tokens.authenticate(&headers)?;
    let request = SessionRequest::read(&body)?;
    caller.require_create(&request.task_identifier)?;
    let created = lifecycle::create(&server, request).await?;
    let status = if created.is_cached { StatusCode::OK } else { StatusCode::CREATED };
    let body = lifecycle::created_json(&server, &created)?;
    Ok((status, Json(body)).into_response())
}

pub(crate) async fn retrieve(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let session = authorized(&server, &headers, &id, "read")?;
    let row = session.row();
    Ok(Json(row.to_json(&session.id)))
}

pub(crate) async fn close(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let session = authorized(&server, &headers, &id, "admin")?;
    let reason = read_close_reason(&body)?;
    lifecycle::close(&session, reason).await;
    let row = session.row();
    Ok(Json(row.to_json(&session.id)))
}

/// The session called `id`, for a caller who may do `action` to it: 401, 403 and 404 in this order,
/// so that a stranger does not learn which sessions there are.
pub(crate) fn authorized(
    server: &Server,
    headers: &HeaderMap,
    id: &str,
    action: &str,
) -> Result<Arc<Session>, ApiError> {
    let caller = server.tokens.authenticate(headers)?;
    match server.sessions.find(id) {
        Some(session) => {
            caller.require_session(action, &[session.key(), session.id.as_str()])?;
            Ok(session)
        }
        None => {
            caller.require_session(action, &[id])?;
            Err(ApiError::not_found(format!("Session {id} not found")))
        }
    }
}
