//! The conversation's messages and the ways a turn changes them. Pure: no streams, no clock.

use serde_json::{Map, Value, json};

/// States of a tool part that a client may report.
const REPORTED_STATES: [&str; 4] =
    ["output-available", "output-error", "approval-responded", "output-denied"];

pub(crate) fn text_of(message: &Value) -> String {
    let parts = message["parts"].as_array().map(Vec::as_slice);
    parts
        .unwrap_or_default()
        .iter()
        .filter(|part| part["type"] == "text")
        .filter_map(|part| part["text"].as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

pub(crate) fn first_user_text(messages: &[Value]) -> Option<String> {
    messages
        .iter()
        .find(|message| message["role"] == "user")
        .map(text_of)
        .filter(|text| !text.trim().is_empty())
}

/// One line of at most `length` characters.
pub(crate) fn shorten(text: impl AsRef<str>, length: usize) -> String {
    let line = text.as_ref().split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= length {
        return line;
    }
    let mut short: String = line.chars().take(length.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Adds a user message; one whose id is known is an edit and replaces everything from there on.
pub(crate) fn submit(messages: &mut Vec<Value>, message: Value) {
    if let Some(index) = position(messages, &message["id"]) {
        messages.truncate(index);
    }
    messages.push(message);
}

/// Drops the trailing answers, so that the last question can be answered again.
pub(crate) fn drop_trailing_answers(messages: &mut Vec<Value>) {
    while messages.last().is_some_and(|message| message["role"] == "assistant") {
        messages.pop();
    }
}

/// Drops the last question and its answers.
pub(crate) fn undo(messages: &mut Vec<Value>) {
    if let Some(index) = messages.iter().rposition(|message| message["role"] == "user") {
        messages.truncate(index);
    }
}

/// Lays a client's tool states over the message with the same id, which becomes the last one.
/// Answers that message and the ids of the calls that changed; `None` if there is no such message.
pub(crate) fn report(messages: &mut Vec<Value>, slim: &Value) -> Option<(Value, Vec<String>)> {
    let index = position(messages, &slim["id"])?;
    messages.truncate(index + 1);
    let message = messages.last_mut()?;
    let changed = overlay(message, slim);
    Some((message.clone(), changed))
}

/// Adds a finished answer; one that an earlier turn began takes the place of its beginning.
pub(crate) fn finish(messages: &mut Vec<Value>, answer: Value) {
    match messages.last_mut() {
        Some(last) if last["id"] == answer["id"] => *last = answer,
        _ => messages.push(answer),
    }
}

fn position(messages: &[Value], id: &Value) -> Option<usize> {
    id.as_str()?;
    messages.iter().position(|message| &message["id"] == id)
}

/// Lays the tool states of a slim client message over the full one; answers the ids of the calls
/// that changed. Everything else of the full message stays as it is.
fn overlay(message: &mut Value, slim: &Value) -> Vec<String> {
    let mut changed = Vec::new();
    let Some(parts) = message["parts"].as_array_mut() else {
        return changed;
    };
    for reported in slim["parts"].as_array().map(Vec::as_slice).unwrap_or_default() {
        let state = reported["state"].as_str().unwrap_or_default();
        let Some(call) = reported["toolCallId"].as_str() else {
            continue;
        };
        if !REPORTED_STATES.contains(&state) {
            continue;
        }
        let known =
            parts.iter_mut().find(|part| part["toolCallId"] == call).and_then(Value::as_object_mut);
        if let Some(part) = known
            && part.get("state") != Some(&json!(state))
        {
            advance(part, reported);
            changed.push(call.to_owned());
        }
    }
    changed
}

fn advance(part: &mut Map<String, Value>, reported: &Value) {
    for field in ["state", "output", "errorText", "approval"] {
        if let Some(value) = reported.get(field) {
            part.insert(field.to_owned(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str, text: &str) -> Value {
        json!({ "id": id, "role": "user", "parts": [{ "type": "text", "text": text }] })
    }

    fn assistant(id: &str) -> Value {
        json!({ "id": id, "role": "assistant", "parts": [] })
    }

    #[test]
    fn a_slim_message_changes_tool_states_only() {
        let mut full = json!({ "id": "a1", "role": "assistant", "parts": [
            { "type": "text", "text": "May I?" },
            { "type": "tool-sendEmail", "toolCallId": "c1", "state": "approval-requested",
              "input": { "to": "ada" }, "approval": { "id": "p1" } },
        ]});
        let slim = json!({ "id": "a1", "role": "assistant", "parts": [
            { "type": "tool-sendEmail", "toolCallId": "c1", "state": "approval-responded",
              "input": { "to": "mallory" }, "approval": { "id": "p1", "approved": true } },
            { "type": "tool-sendEmail", "toolCallId": "unknown", "state": "output-available" },
        ]});
        assert_eq!(overlay(&mut full, &slim), ["c1"]);
        assert_eq!(full["parts"][0]["text"], "May I?");
        assert_eq!(full["parts"][1]["input"]["to"], "ada");
        assert_eq!(full["parts"][1]["approval"]["approved"], true);
        assert!(overlay(&mut full, &slim).is_empty(), "the same report changes nothing");
    }

    #[test]
    fn an_answer_that_goes_on_stays_in_its_place() {
        let mut messages = vec![user("u1", "one"), assistant("a1"), user("u2", "two")];
        assert!(report(&mut messages, &assistant("unknown")).is_none());
        assert!(report(&mut messages, &assistant("a1")).is_some());
        assert_eq!(messages, [user("u1", "one"), assistant("a1")]);
        let whole = json!({ "id": "a1", "role": "assistant", "parts": [{ "type": "text" }] });
        finish(&mut messages, whole.clone());
        finish(&mut messages, assistant("a2"));
        assert_eq!(messages, [user("u1", "one"), whole, assistant("a2")]);
    }

    #[test]
    fn a_known_user_message_is_an_edit() {
        let mut messages = vec![user("u1", "one"), assistant("a1"), user("u2", "two")];
        submit(&mut messages, user("u1", "uno"));
        assert_eq!(messages, [user("u1", "uno")]);
    }

    #[test]
    fn undo_and_regenerate_cut_where_they_should() {
        let mut messages =
            vec![user("u1", "one"), assistant("a1"), user("u2", "two"), assistant("a2")];
        drop_trailing_answers(&mut messages);
        assert_eq!(messages.len(), 3);
        undo(&mut messages);
        assert_eq!(messages, [user("u1", "one"), assistant("a1")]);
        undo(&mut messages);
        undo(&mut messages);
        assert!(messages.is_empty());
    }

    #[test]
    fn titles_are_one_short_line_of_whole_characters() {
        assert_eq!(shorten("a  b\nc", 10), "a b c");
        assert_eq!(shorten("😀😀😀😀", 3), "😀😀…");
    }
}
