//! Answers from an OpenAI-compatible chat-completions endpoint, streamed. Text and reasoning only; it
//! has no tools and never retries.

use std::sync::Arc;

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{history::text_of, script::Step};

const DEFAULT_MODEL: &str = "gpt-4o-mini";
/// Steps that may wait for the stream store before the model is slowed down.
const STEPS_AHEAD: usize = 64;

pub(crate) struct Model {
    client: reqwest::Client,
    url: String,
    key: Option<String>,
    name: String,
}

impl Model {
    /// The endpoint that the environment names, if it names one.
    pub(crate) fn from_environment() -> Option<Arc<Self>> {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let base = variable("OPENAI_BASE_URL")?;
        Some(Arc::new(Self {
            client: reqwest::Client::new(),
            url: format!("{}/chat/completions", base.trim_end_matches('/')),
            key: variable("OPENAI_API_KEY"),
            name: variable("OPENAI_MODEL").unwrap_or_else(|| DEFAULT_MODEL.to_owned()),
        }))
    }

    /// Starts an answer. Dropping the receiver ends the request.
    pub(crate) fn answer(self: &Arc<Self>, turn: &str, messages: &[Value]) -> mpsc::Receiver<Step> {
        let (steps, receiver) = mpsc::channel(STEPS_AHEAD);
        let model = self.clone();
        let turn = turn.to_owned();
        let body = json!({
            "model": self.name,
            "stream": true,
            "messages": messages.iter().map(to_prompt).collect::<Vec<_>>(),
        });
        tokio::spawn(async move {
            let mut parts = OpenParts::new(&turn);
            let failure = model.stream(body, &mut parts, &steps).await.err();
            let mut last = parts.close();
            last.extend(failure.map(|text| json!({ "type": "error", "errorText": text })));
            // The turn was stopped when nobody listens any more.
            let _ = steps.send(Step::Write(last)).await;
        });
        receiver
    }

    async fn stream(
        &self,
        body: Value,
        parts: &mut OpenParts,
        steps: &mpsc::Sender<Step>,
    ) -> Result<(), String> {
        let mut request = self.client.post(&self.url).json(&body);
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        let response = request
            .send()
            .await
            .map_err(|error| format!("The model cannot be reached: {error}"))?;
        if !response.status().is_success() {
            return Err(format!("The model answered {}", response.status()));
        }
        let mut bytes = response.bytes_stream();
        let mut lines = Lines::default();
        loop {
            let next = tokio::select! {
                next = bytes.next() => next,
                () = steps.closed() => return Ok(()),
            };
            let Some(piece) = next else {
                return Ok(());
            };
            let piece = piece.map_err(|error| format!("The model's answer broke off: {error}"))?;
            let chunks: Vec<Value> =
                lines.feed(&piece).iter().flat_map(|line| parts.chunks_of(line)).collect();
            if !chunks.is_empty() && steps.send(Step::Write(chunks)).await.is_err() {
                return Ok(());
            }
        }
    }
}

fn to_prompt(message: &Value) -> Value {
    json!({ "role": message["role"], "content": text_of(message) })
}

/// Cuts bytes into lines; a line may come in pieces, also inside a character.
#[derive(Default)]
struct Lines {
    rest: Vec<u8>,
}

impl Lines {
    fn feed(&mut self, bytes: &[u8]) -> Vec<String> {
        self.rest.extend_from_slice(bytes);
        let mut lines = Vec::new();
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            lines.push(String::from_utf8_lossy(&line).trim().to_owned());
        }
        lines
    }
}

/// The part that the model is writing: reasoning, then text.
struct OpenParts {
    turn: String,
    open: Option<&'static str>,
}

impl OpenParts {
    fn new(turn: &str) -> Self {
        Self { turn: turn.to_owned(), open: None }
    }

    fn chunks_of(&mut self, line: &str) -> Vec<Value> {
        let Some(data) = line.strip_prefix("data:") else {
            return Vec::new();
        };
        let Ok(event) = serde_json::from_str::<Value>(data.trim()) else {
            return Vec::new();
        };
        let delta = &event["choices"][0]["delta"];
        let mut chunks = Vec::new();
        for (kind, field) in [("reasoning", "reasoning_content"), ("text", "content")] {
            if let Some(text) = delta[field].as_str().filter(|text| !text.is_empty()) {
                chunks.extend(self.switch_to(kind));
                chunks.push(json!({
                    "type": format!("{kind}-delta"), "id": self.id(kind), "delta": text,
                }));
            }
        }
        chunks
    }

    fn switch_to(&mut self, kind: &'static str) -> Vec<Value> {
        if self.open == Some(kind) {
            return Vec::new();
        }
        let mut chunks = self.close();
        chunks.push(json!({ "type": format!("{kind}-start"), "id": self.id(kind) }));
        self.open = Some(kind);
        chunks
    }

    fn close(&mut self) -> Vec<Value> {
        let closed = self.open.take();
        closed
            .map(|kind| json!({ "type": format!("{kind}-end"), "id": self.id(kind) }))
            .into_iter()
            .collect()
    }

    fn id(&self, kind: &str) -> String {
        format!("{kind}-{}", self.turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_survive_being_cut_inside_a_character() {
        let mut lines = Lines::default();
        let bytes = "data: é\n".as_bytes();
        assert!(lines.feed(&bytes[..7]).is_empty());
        assert_eq!(lines.feed(&bytes[7..]), ["data: é"]);
    }

    #[test]
    fn reasoning_ends_where_text_begins() {
        let mut parts = OpenParts::new("1");
        let line = |field: &str| format!(r#"data: {{"choices":[{{"delta":{{"{field}":"x"}}}}]}}"#);
        let mut chunks = parts.chunks_of(&line("reasoning_content"));
        chunks.extend(parts.chunks_of(&line("content")));
        chunks.extend(parts.chunks_of("data: [DONE]"));
        chunks.extend(parts.close());
        let kinds: Vec<_> = chunks.iter().map(|chunk| chunk["type"].clone()).collect();
        assert_eq!(
            kinds,
            [
                "reasoning-start",
                "reasoning-delta",
                "reasoning-end",
                "text-start",
                "text-delta",
                "text-end"
            ]
        );
    }
}
