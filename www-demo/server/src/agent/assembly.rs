//! Builds the `UIMessage` of a turn from the chunks that the agent itself writes.
//!
//! It knows the chunks this agent uses, not every chunk there is; it never fails, since its own
//! writer is its only source.

use std::collections::HashMap;

use serde_json::{Value, json};

pub(crate) struct Assembly {
    id: String,
    parts: Vec<Value>,
    /// Where the open text or reasoning part with this id is.
    open: HashMap<String, usize>,
    failed: bool,
}

impl Assembly {
    pub(crate) fn new(id: String) -> Self {
        Self { id, parts: Vec::new(), open: HashMap::new(), failed: false }
    }

    /// Goes on with a message that an earlier turn left waiting.
    pub(crate) fn resume(message: &Value) -> Self {
        Self {
            id: message["id"].as_str().unwrap_or_default().to_owned(),
            parts: message["parts"].as_array().cloned().unwrap_or_default(),
            open: HashMap::new(),
            failed: false,
        }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// An error chunk was written: the message ends there.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    pub(crate) fn apply(&mut self, chunk: &Value) {
        let kind = chunk["type"].as_str().unwrap_or_default();
        match kind {
            "error" => self.failed = true,
            "start-step" => self.parts.push(json!({ "type": "step-start" })),
            "text-start" => self.open_part("text", chunk),
            "reasoning-start" => self.open_part("reasoning", chunk),
            "text-delta" | "reasoning-delta" => self.append(chunk),
            "text-end" | "reasoning-end" => self.close_part(chunk),
            "tool-input-start" | "tool-input-available" => self.tool_input(kind, chunk),
            "tool-approval-request" => self.tool_state(
                chunk,
                &json!({ "state": "approval-requested", "approval": { "id": chunk["approvalId"] } }),
            ),
            "tool-output-available" => self.tool_state(
                chunk,
                &json!({ "state": "output-available", "output": chunk["output"] }),
            ),
            "tool-output-denied" => self.tool_state(chunk, &json!({ "state": "output-denied" })),
            _ if kind.starts_with("data-") => self.data(kind, chunk),
            _ => {}
        }
    }

    /// The chunks that close what is open, for a turn that ends early.
    pub(crate) fn closing_chunks(&self) -> Vec<Value> {
        let mut open: Vec<_> = self.open.iter().collect();
        open.sort_by_key(|(_, index)| **index);
        open.into_iter()
            .map(|(id, index)| {
                let kind = self.parts[*index]["type"].as_str().unwrap_or("text");
                json!({ "type": format!("{kind}-end"), "id": id })
            })
            .collect()
    }

    /// The message, unless nothing was said in it.
    pub(crate) fn into_message(self) -> Option<Value> {
        let said_something = self.parts.iter().any(|part| part["type"] != "step-start");
        said_something.then(|| json!({ "id": self.id, "role": "assistant", "parts": self.parts }))
    }

    fn open_part(&mut self, kind: &str, chunk: &Value) {
        if let Some(id) = chunk["id"].as_str() {
            self.open.insert(id.to_owned(), self.parts.len());
            self.parts.push(json!({ "type": kind, "text": "", "state": "streaming" }));
        }
    }

    fn append(&mut self, chunk: &Value) {
        let part = chunk["id"]
            .as_str()
            .and_then(|id| self.open.get(id))
            .and_then(|index| self.parts.get_mut(*index));
        if let Some(Value::String(text)) = part.and_then(|part| part.get_mut("text")) {
            text.push_str(chunk["delta"].as_str().unwrap_or_default());
        }
    }

    fn close_part(&mut self, chunk: &Value) {
        let index = chunk["id"].as_str().and_then(|id| self.open.remove(id));
        if let Some(part) = index.and_then(|index| self.parts.get_mut(index)) {
            part["state"] = json!("done");
        }
    }

    fn tool_input(&mut self, kind: &str, chunk: &Value) {
        let name = chunk["toolName"].as_str().unwrap_or_default();
        if self.tool(chunk).is_none() {
            self.parts.push(json!({
                "type": format!("tool-{name}"),
                "toolCallId": chunk["toolCallId"],
                "state": "input-streaming",
            }));
        }
        if kind == "tool-input-available" {
            self.tool_state(chunk, &json!({ "state": "input-available", "input": chunk["input"] }));
        }
    }

    fn tool_state(&mut self, chunk: &Value, fields: &Value) {
        let (Some(part), Some(fields)) =
            (self.tool(chunk).and_then(Value::as_object_mut), fields.as_object())
        else {
            return;
        };
        for (name, value) in fields {
            part.insert(name.clone(), value.clone());
        }
    }

    fn tool(&mut self, chunk: &Value) -> Option<&mut Value> {
        let call = chunk["toolCallId"].as_str()?;
        self.parts.iter_mut().find(|part| part["toolCallId"] == call)
    }

    fn data(&mut self, kind: &str, chunk: &Value) {
        if chunk["transient"] == true {
            return;
        }
        let part = json!({ "type": kind, "id": chunk["id"], "data": chunk["data"] });
        let known =
            self.parts.iter_mut().find(|known| known["type"] == kind && known["id"] == chunk["id"]);
        match known {
            Some(known) => *known = part,
            None => self.parts.push(part),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assemble(chunks: &[Value]) -> Assembly {
        let mut assembly = Assembly::new("a1".to_owned());
        chunks.iter().for_each(|chunk| assembly.apply(chunk));
        assembly
    }

    #[test]
    fn deltas_and_tools_become_parts() {
        let message = assemble(&[
            json!({ "type": "start-step" }),
            json!({ "type": "text-start", "id": "t" }),
            json!({ "type": "text-delta", "id": "t", "delta": "Hel" }),
            json!({ "type": "text-delta", "id": "t", "delta": "lo" }),
            json!({ "type": "text-end", "id": "t" }),
            json!({ "type": "tool-input-start", "toolCallId": "c", "toolName": "getWeather" }),
            json!({ "type": "tool-input-available", "toolCallId": "c", "toolName": "getWeather", "input": {} }),
            json!({ "type": "tool-output-available", "toolCallId": "c", "output": { "sky": "clear" } }),
        ])
        .into_message()
        .expect("it said something");
        assert_eq!(
            message["parts"][1],
            json!({ "type": "text", "text": "Hello", "state": "done" })
        );
        assert_eq!(message["parts"][2]["type"], "tool-getWeather");
        assert_eq!(message["parts"][2]["output"]["sky"], "clear");
    }

    #[test]
    fn an_early_end_closes_what_is_open() {
        let assembly = assemble(&[
            json!({ "type": "reasoning-start", "id": "r" }),
            json!({ "type": "text-start", "id": "t" }),
        ]);
        let kinds: Vec<_> =
            assembly.closing_chunks().iter().map(|chunk| chunk["type"].clone()).collect();
        assert_eq!(kinds, ["reasoning-end", "text-end"]);
    }

    #[test]
    fn a_turn_without_words_leaves_no_message() {
        let assembly = assemble(&[json!({ "type": "start-step" }), json!({ "type": "error" })]);
        assert!(assembly.has_failed());
        assert!(assembly.into_message().is_none());
    }
}
