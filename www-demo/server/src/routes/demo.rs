//! What the demo page's own back end would do with the secret key: start sessions and mint tokens.
//! Unauthenticated, which is only right on a server that listens to its own machine.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::lifecycle;
use crate::{
    agent::behaviours::BEHAVIOURS,
    error::ApiError,
    server::Server,
    sessions::{SessionRequest, TriggerConfig},
};

const TASK: &str = "demo-agent";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChatRequest {
    chat_id: String,
    client_data: Option<Value>,
}

impl ChatRequest {
    fn read(body: &[u8]) -> Result<Self, ApiError> {
        let request: Self = serde_json::from_slice(body)
            .map_err(|error| ApiError::bad_request(format!("Invalid request: {error}")))?;
        if request.chat_id.trim().is_empty() {
            return Err(ApiError::bad_request("chatId must not be empty"));
        }
        Ok(request)
    }
}

pub(crate) async fn behaviours() -> Json<Value> {
    let list = BEHAVIOURS
        .iter()
        .map(|behaviour| json!({ "phrase": behaviour.phrase, "shows": behaviour.shows }));
    Json(list.collect())
}

pub(crate) async fn start_session(
    State(server): State<Arc<Server>>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let request = ChatRequest::read(&body)?;
    let mut payload = Map::new();
    payload.insert("chatId".into(), json!(request.chat_id));
    payload.insert("trigger".into(), json!("preload"));
    if let Some(data) = request.client_data {
        payload.insert("metadata".into(), data);
    }
    let request = SessionRequest {
        r#type: "chat.agent".to_owned(),
        tags: None,
        external_id: Some(request.chat_id),
        task_identifier: TASK.to_owned(),
        trigger_config: TriggerConfig::with_payload(payload),
        metadata: None,
        expires_at: None,
    };
    let request = request.checked()?;
    let created = lifecycle::create(&server, request).await?;
    let token = server.tokens.for_session(created.session.key(), None)?;
    Ok(Json(json!({ "publicAccessToken": token })))
}

/// Mints without looking whether the session exists, as a real back end does: a client that holds a
/// valid token for a lost session learns so from the session routes.
pub(crate) async fn access_token(
    State(server): State<Arc<Server>>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let request = ChatRequest::read(&body)?;
    let token = server.tokens.for_session(&request.chat_id, None)?;
    Ok(Json(json!({ "token": token })))
}
