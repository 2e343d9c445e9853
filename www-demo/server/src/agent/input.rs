//! What arrives on `.in`, told apart. Whatever it does not know is `Ignored`, never an error: one
//! odd record must not end a conversation.

use serde_json::Value;

use crate::store::StoredRecord;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Input {
    /// A new user message, or an assistant message that carries tool results.
    Submit(Value),
    Regenerate,
    Action(Value),
    Stop,
    Close,
    Ignored,
}

/// An input and its place on `.in`; the payload of the first run has none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Received {
    pub(crate) seq: Option<u64>,
    pub(crate) input: Input,
}

impl Received {
    pub(crate) fn from_record(record: &StoredRecord) -> Self {
        Self {
            seq: Some(record.seq_num),
            input: unwrap(&record.body).map_or(Input::Ignored, |chunk| Input::from_chunk(&chunk)),
        }
    }
}

/// The record's body is `{"data": <the request's body as text>, "id": …}`.
fn unwrap(body: &str) -> Option<Value> {
    let envelope: Value = serde_json::from_str(body).ok()?;
    serde_json::from_str(envelope["data"].as_str()?).ok()
}

impl Input {
    pub(crate) fn from_chunk(chunk: &Value) -> Self {
        match chunk["kind"].as_str() {
            Some("stop") => Self::Stop,
            Some("message") => Self::from_payload(&chunk["payload"]),
            _ => Self::Ignored,
        }
    }

    pub(crate) fn from_payload(payload: &Value) -> Self {
        match payload["trigger"].as_str() {
            Some("submit-message") => Self::Submit(payload["message"].clone()),
            Some("regenerate-message") => Self::Regenerate,
            Some("action") => Self::Action(payload["action"].clone()),
            Some("close") => Self::Close,
            _ => Self::Ignored,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn received(body: &str) -> Input {
        let record = StoredRecord { seq_num: 7, headers: Vec::new(), body: body.to_owned() };
        Received::from_record(&record).input
    }

    #[test]
    fn records_are_unwrapped_and_told_apart() {
        let stop = json!({ "data": r#"{"kind":"stop"}"#, "id": "p" }).to_string();
        assert_eq!(received(&stop), Input::Stop);
        let chunk = json!({ "kind": "message", "payload": { "trigger": "regenerate-message" } });
        let regenerate = json!({ "data": chunk.to_string(), "id": "p" }).to_string();
        assert_eq!(received(&regenerate), Input::Regenerate);
    }

    #[test]
    fn odd_records_are_ignored() {
        for body in ["", "no json", "{}", r#"{"data":"{","id":"p"}"#, r#"{"data":"[]","id":"p"}"#] {
            assert_eq!(received(body), Input::Ignored, "{body}");
        }
    }
}
