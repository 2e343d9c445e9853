use super::*;
use serde_json::{Map, Value as Json, json};

impl Value for Json {
    fn object() -> Self {
        Self::Object(Map::new())
    }
    fn with(mut self, name: &str, value: Option<Self>) -> Self {
        if let Some((object, value)) = self.as_object_mut().zip(value) {
            object.insert(name.into(), value);
        }
        self
    }
    fn array(items: Vec<Self>) -> Self {
        Self::Array(items)
    }
    fn string(text: &str) -> Self {
        Self::String(text.into())
    }
    fn member(&self, name: &str) -> Option<Self> {
        self.get(name).cloned()
    }
    fn text(&self) -> Option<String> {
        self.as_str().map(Into::into)
    }
    fn items(&self) -> Vec<Self> {
        self.as_array().cloned().unwrap_or_default()
    }
    fn merged(self, over: &Self) -> Self {
        let members = |value: &Self| value.as_object().cloned().unwrap_or_default();
        let all: Map<_, _> = members(&self).into_iter().chain(members(over)).collect();
        Self::Object(all)
    }
}

#[test]
fn b2_a_submit_carries_the_last_message_and_a_regenerate_none() {
    let user = json!({ "id": "u1", "role": "user", "parts": [{ "type": "text", "text": "hi" }] });
    let body = json!({ "extra": 1, "chatId": "cannot override" });
    let given = json!({ "trigger": "submit-message", "messageId": "u1", "message": user,
        "body": body, "clientData": { "userId": "7" } });
    let expected = json!({ "kind": "message", "payload": {
        "extra": 1, "message": user, "chatId": "chat", "trigger": "submit-message",
        "messageId": "u1", "metadata": { "userId": "7" } } });
    assert_eq!(send_body("chat", &given), expected);
    let given = json!({ "trigger": "regenerate-message" });
    let payload = json!({ "chatId": "chat", "trigger": "regenerate-message" });
    assert_eq!(send_body("chat", &given), json!({ "kind": "message", "payload": payload }));
}

#[test]
fn b2_metadata_is_client_data_with_the_call_over_it() {
    assert_eq!(over::<Json>(None, None), None);
    let client = json!({ "a": 1, "b": 1 });
    assert_eq!(over(Some(client.clone()), None), Some(client.clone()));
    assert_eq!(over(Some(client), Some(json!({ "b": 2 }))), Some(json!({ "a": 1, "b": 2 })));
    assert_eq!(over(None, Some(json!({}))), Some(json!({})));
}

#[test]
fn f1_a_head_start_carries_the_whole_conversation_and_is_no_chunk() {
    let messages = json!([{ "id": "u1", "role": "user", "parts": [] }]);
    let given = json!({ "trigger": "submit-message", "messages": messages, "messageId": "u1",
        "body": { "extra": 1 }, "metadata": { "userId": "7" } });
    let expected = json!({ "extra": 1, "headStartMessages": messages, "chatId": "chat",
        "trigger": "submit-message", "messageId": "u1", "metadata": { "userId": "7" } });
    assert_eq!(send_body("chat", &given), expected);
}

#[test]
fn b3_resolved_tool_parts_go_out_slim() {
    let message = json!({ "id": "a1", "role": "assistant", "metadata": { "big": true }, "parts": [
        { "type": "text", "text": "long" },
        { "type": "tool-weather", "toolCallId": "1", "state": "output-available", "input": {}, "output": null },
        { "type": "dynamic-tool", "toolName": "t", "toolCallId": "2", "state": "output-error",
          "input": {}, "errorText": "no", "output": "not for this state" },
        { "type": "tool-mail", "toolCallId": "3", "state": "approval-responded", "input": {},
          "toolName": "not for this type", "approval": { "id": "p", "approved": true } },
        { "type": "tool-mail", "toolCallId": "4", "state": "output-denied", "approval": { "id": "q" } },
        { "type": "tool-mail", "toolCallId": "5", "state": "input-available", "input": {} },
    ] });
    let slimmed = json!({ "id": "a1", "role": "assistant", "parts": [
        { "type": "tool-weather", "toolCallId": "1", "state": "output-available", "output": null },
        { "type": "dynamic-tool", "toolCallId": "2", "state": "output-error", "toolName": "t", "errorText": "no" },
        { "type": "tool-mail", "toolCallId": "3", "state": "approval-responded", "approval": { "id": "p", "approved": true } },
        { "type": "tool-mail", "toolCallId": "4", "state": "output-denied", "approval": { "id": "q" } },
    ] });
    assert_eq!(slim(&message), slimmed);
}

#[test]
fn b3_everything_else_passes_untouched() {
    let tool =
        json!({ "type": "tool-x", "toolCallId": "1", "state": "output-available", "input": {} });
    for message in [
        json!({ "id": "u", "role": "user", "parts": [tool] }),
        json!({ "id": "a", "role": "assistant", "parts": [{ "type": "text", "text": "t" }] }),
        json!({ "id": "a", "role": "assistant" }),
        json!("odd"),
    ] {
        assert_eq!(slim(&message), message);
    }
}

#[test]
fn b4_b5_actions_and_stops() {
    let given = json!({ "trigger": "action", "action": { "type": "undo" } });
    let action = send_body("chat", &given);
    let payload = json!({ "chatId": "chat", "trigger": "action", "action": { "type": "undo" } });
    assert_eq!(action, json!({ "kind": "message", "payload": payload }));
    assert_eq!(STOP_BODY, json!({ "kind": "stop" }).to_string());
}

#[test]
fn b10_a_record_is_metered_as_the_server_stores_it() {
    let body = r#"{"kind":"stop"}"#;
    let stored = json!({ "data": body, "id": "part" }).to_string();
    let escaped = serde_json::to_string(body).unwrap().len() as u64;
    assert_eq!(metered_bytes(escaped, "part"), 8 + stored.len() as u64);
}
