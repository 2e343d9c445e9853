//! `/faults`: tests and the demo's buttons add, list and clear rules here. See `faults` for what
//! the rules do.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State};
use serde_json::{Value, json};

use crate::{error::ApiError, faults::Rule, server::Server};

pub(crate) async fn add(
    State(server): State<Arc<Server>>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let rule: Rule = serde_json::from_slice(&body)
        .map_err(|error| ApiError::bad_request(format!("Invalid fault: {error}")))?;
    rule.check().map_err(ApiError::bad_request)?;
    let shown = json!(rule);
    server.faults.add(rule);
    Ok(Json(shown))
}

pub(crate) async fn list(State(server): State<Arc<Server>>) -> Json<Value> {
    Json(json!(server.faults.list()))
}

pub(crate) async fn clear(State(server): State<Arc<Server>>) -> Json<Value> {
    server.faults.clear();
    Json(json!({ "ok": true }))
}

pub(crate) async fn connections(State(server): State<Arc<Server>>) -> Json<Value> {
    Json(json!(server.faults.connections()))
}
