//! The session row: what `POST /api/v1/sessions` takes and what every session answer shows.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{clock, error::ApiError};

/// Characters, as the protocol states its limits.
const EXTERNAL_ID_LIMIT: usize = 256;
const TYPE_LIMIT: usize = 64;
const TASK_LIMIT: usize = 128;
const TAGS_LIMIT: usize = 10;
const TAG_LIMIT: usize = 128;
const REASON_LIMIT: usize = 256;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionRequest {
    pub(crate) r#type: String,
    pub(crate) external_id: Option<String>,
    pub(crate) task_identifier: String,
    pub(crate) trigger_config: TriggerConfig,
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) metadata: Option<Map<String, Value>>,
    pub(crate) expires_at: Option<String>,
}

/// Only the payload means something here; the rest is kept and echoed.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TriggerConfig {
    pub(crate) base_payload: Map<String, Value>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl TriggerConfig {
    pub(crate) fn with_payload(base_payload: Map<String, Value>) -> Self {
        Self { base_payload, rest: Map::new() }
    }
}

impl SessionRequest {
    /// Reads and checks a body: 400 for what is not JSON, 422 for what breaks a rule.
    pub(crate) fn read(body: &[u8]) -> Result<Self, ApiError> {
        let value: Value = serde_json::from_slice(body)
            .map_err(|error| ApiError::bad_request(format!("Invalid JSON: {error}")))?;
        let request: Self = serde_json::from_value(value)
            .map_err(|error| ApiError::unprocessable(format!("Invalid session: {error}")))?;
        request.checked()
    }

    /// The request if it keeps the rules, with its id trimmed.
    pub(crate) fn checked(mut self) -> Result<Self, ApiError> {
        self.external_id = self.external_id.map(|id| id.trim().to_owned());
        match self.check() {
            Ok(()) => Ok(self),
            Err(broken) => Err(ApiError::unprocessable(broken)),
        }
    }

    fn check(&self) -> Result<(), String> {
        within("type", &self.r#type, TYPE_LIMIT)?;
        within("taskIdentifier", &self.task_identifier, TASK_LIMIT)?;
        if let Some(id) = &self.external_id {
            within("externalId", id, EXTERNAL_ID_LIMIT)?;
            if id.starts_with("session_") {
                return Err("externalId cannot start with 'session_'".to_owned());
            }
        }
        let tags = self.tags.as_deref().unwrap_or_default();
        if tags.len() > TAGS_LIMIT {
            return Err(format!("tags: at most {TAGS_LIMIT}"));
        }
        if tags.iter().any(|tag| tag.chars().count() > TAG_LIMIT) {
            return Err(format!("tags: at most {TAG_LIMIT} characters each"));
        }
        Ok(())
    }
}

fn within(field: &str, text: &str, limit: usize) -> Result<(), String> {
    match text.chars().count() {
        0 => Err(format!("{field} must not be empty")),
        length if length > limit => Err(format!("{field}: at most {limit} characters")),
        _ => Ok(()),
    }
}

pub(crate) struct Row {
    request: SessionRequest,
    pub(crate) run_id: String,
    closed_at: Option<String>,
    closed_reason: Option<String>,
    created_at: String,
    updated_at: String,
}

impl Row {
    pub(crate) fn new(request: SessionRequest) -> Self {
        let now = clock::iso_now();
        Self {
            request,
            run_id: format!("run_{}", Uuid::new_v4().simple()),
            closed_at: None,
            closed_reason: None,
            created_at: now.clone(),
            updated_at: now,
        }
    }

    pub(crate) fn external_id(&self) -> Option<String> {
        self.request.external_id.clone()
    }

    pub(crate) fn base_payload(&self) -> Value {
        Value::Object(self.request.trigger_config.base_payload.clone())
    }

    pub(crate) fn updated_at(&self) -> String {
        self.updated_at.clone()
    }

    pub(crate) fn touch(&mut self) {
        self.updated_at = clock::iso_now();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed_at.is_some()
    }

    pub(crate) fn closed_reason(&self) -> Option<String> {
        self.closed_reason.clone()
    }

    /// Closes once; a later reason never replaces the first. Says whether this call closed it.
    pub(crate) fn close(&mut self, reason: Option<String>) -> bool {
        if self.is_closed() {
            return false;
        }
        self.touch();
        self.closed_at = Some(self.updated_at.clone());
        self.closed_reason = reason;
        true
    }

    /// Puts a fresh run in the place of `calling`; says whether that run still had it.
    pub(crate) fn hand_over(&mut self, calling: &str) -> bool {
        let is_current = self.run_id == calling;
        if is_current {
            self.run_id = format!("run_{}", Uuid::new_v4().simple());
            self.touch();
        }
        is_current
    }

    /// What a repeated create writes through: it counts for future runs.
    pub(crate) fn update(&mut self, request: SessionRequest) {
        self.request.trigger_config = request.trigger_config;
        self.request.tags = request.tags.or(self.request.tags.take());
        self.request.metadata = request.metadata.or(self.request.metadata.take());
        self.request.expires_at = request.expires_at.or(self.request.expires_at.take());
        self.touch();
    }

    pub(crate) fn to_json(&self, id: &str) -> Map<String, Value> {
        let fields = json!({
            "id": id,
            "externalId": self.request.external_id,
            "type": self.request.r#type,
            "taskIdentifier": self.request.task_identifier,
            "triggerConfig": self.request.trigger_config,
            "currentRunId": self.run_id,
            "tags": self.request.tags.as_deref().unwrap_or_default(),
            "metadata": self.request.metadata,
            "closedAt": self.closed_at,
            "closedReason": self.closed_reason,
            "expiresAt": self.request.expires_at,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
        });
        match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }
}

/// The optional reason in the body of a close: 400 for what is not JSON, 422 for one too long.
pub(crate) fn read_close_reason(body: &[u8]) -> Result<Option<String>, ApiError> {
    #[derive(Deserialize)]
    struct CloseRequest {
        reason: Option<String>,
    }
    if body.is_empty() {
        return Ok(None);
    }
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| ApiError::bad_request(format!("Invalid JSON: {error}")))?;
    let request: CloseRequest = serde_json::from_value(value)
        .map_err(|error| ApiError::unprocessable(format!("Invalid close: {error}")))?;
    let reason = request.reason;
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > REASON_LIMIT) {
        return Err(ApiError::unprocessable(format!("reason: at most {REASON_LIMIT} characters")));
    }
    Ok(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(external_id: &str) -> Vec<u8> {
        json!({
            "type": "chat.agent",
            "externalId": external_id,
            "taskIdentifier": "ai-chat",
            "triggerConfig": { "basePayload": { "chatId": external_id }, "machine": "micro" },
        })
        .to_string()
        .into_bytes()
    }

    #[test]
    fn reserved_empty_and_long_ids_are_refused() {
        assert!(SessionRequest::read(&body("chat-1")).is_ok());
        assert!(SessionRequest::read(&body("session_1")).is_err());
        assert!(SessionRequest::read(&body("  ")).is_err());
        assert!(SessionRequest::read(&body(&"x".repeat(257))).is_err());
        assert!(SessionRequest::read(b"{}").is_err());
        assert!(SessionRequest::read(b"not json").is_err());
    }

    #[test]
    fn the_whole_trigger_config_is_echoed() {
        let row = Row::new(SessionRequest::read(&body("chat-1")).expect("valid"));
        let shown = row.to_json("session_1");
        assert_eq!(shown["triggerConfig"]["machine"], "micro");
        assert_eq!(shown["triggerConfig"]["basePayload"]["chatId"], "chat-1");
    }

    #[test]
    fn only_the_current_run_hands_over() {
        let mut row = Row::new(SessionRequest::read(&body("chat-1")).expect("valid"));
        let first = row.run_id.clone();
        assert!(row.hand_over(&first));
        let second = row.run_id.clone();
        assert_ne!(first, second);
        assert!(!row.hand_over(&first));
        assert_eq!(row.run_id, second);
    }

    #[test]
    fn the_first_close_wins() {
        let mut row = Row::new(SessionRequest::read(&body("chat-1")).expect("valid"));
        assert!(row.close(Some("done".to_owned())));
        assert!(!row.close(Some("again".to_owned())));
        assert_eq!(row.closed_reason().as_deref(), Some("done"));
    }
}
