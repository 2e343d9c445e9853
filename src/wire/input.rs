//! What goes to `.in`: the `ChatInputChunk` and its wire payload (B2–B5).
//!
//! Written once over [`Value`], since the message is the caller's own object: in a page it is a
//! JavaScript value that never passes through a Rust string (lone surrogates would be lost), in
//! native programs and tests a JSON tree.

/// The most that one record of `.in` may be metered at, in bytes (B10).
pub const RECORD_LIMIT_BYTES: u64 = 1024 * 1024;

/// The body of a stop (B5).
pub const STOP_BODY: &str = r#"{"kind":"stop"}"#;

/// What S2 adds to a record's body when it meters it, in bytes.
const RECORD_OVERHEAD_BYTES: u64 = 8;

/// A JSON value of some kind. Absent and `undefined` members are `None`.
pub trait Value: Sized + Clone {
    /// An object with the given members, in order, without the absent ones.
    fn object<const N: usize>(members: [(&str, Option<Self>); N]) -> Self;
    /// An array.
    fn array(items: Vec<Self>) -> Self;
    /// A string.
    fn string(text: &str) -> Self;
    /// A member of an object.
    fn member(&self, name: &str) -> Option<Self>;
    /// The text of a string.
    fn text(&self) -> Option<String>;
    /// The items of an array; none if it is something else.
    fn items(&self) -> Vec<Self>;
    /// This object with the members of `over` put over its own.
    #[must_use]
    fn merged(&self, over: Self) -> Self;
}

/// Why the agent is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// A new user message, or the resolved tool parts of an assistant message.
    SubmitMessage,
    /// The last answer again.
    RegenerateMessage,
    /// A custom action.
    Action,
}

impl Trigger {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::SubmitMessage => "submit-message",
            Self::RegenerateMessage => "regenerate-message",
            Self::Action => "action",
        }
    }
}

/// The `ChatInputChunk` of a message: `{kind: "message", payload: {...body, message?, chatId,
/// trigger, messageId, metadata}}` (B2). `message` is the last message of a submit, slimmed here.
pub fn message_chunk<V: Value>(
    chat_id: &str,
    trigger: Trigger,
    body: Option<&V>,
    message: Option<&V>,
    message_id: Option<V>,
    metadata: Option<V>,
) -> V {
    let own = V::object([
        ("message", message.map(slim)),
        ("chatId", Some(V::string(chat_id))),
        ("trigger", Some(V::string(trigger.name()))),
        ("messageId", message_id),
        ("metadata", metadata),
    ]);
    let payload = match body {
        Some(body) => body.merged(own),
        None => own,
    };
    chunk("message", payload)
}

/// The `ChatInputChunk` of an action (B4).
pub fn action_chunk<V: Value>(chat_id: &str, action: V, metadata: Option<V>) -> V {
    let payload = V::object([
        ("chatId", Some(V::string(chat_id))),
        ("trigger", Some(V::string(Trigger::Action.name()))),
        ("action", Some(action)),
        ("metadata", metadata),
    ]);
    chunk("message", payload)
}

fn chunk<V: Value>(kind: &str, payload: V) -> V {
    V::object([("kind", Some(V::string(kind))), ("payload", Some(payload))])
}

/// The transport's client data with the metadata of one call over it (B2).
pub fn merged_metadata<V: Value>(client_data: Option<V>, per_call: Option<V>) -> Option<V> {
    let empty = || V::object([]);
    match (client_data, per_call) {
        (None, None) => None,
        (Some(base), None) => Some(empty().merged(base)),
        (base, Some(over)) => {
            Some(base.map_or_else(empty, |base| empty().merged(base)).merged(over))
        }
    }
}

/// An assistant message with resolved tool parts goes out with only those, each reduced to what the
/// agent takes over from it; everything else passes untouched (B3).
fn slim<V: Value>(message: &V) -> V {
    if message.member("role").and_then(|role| role.text()).as_deref() != Some("assistant") {
        return message.clone();
    }
    let parts = message.member("parts").map(|parts| parts.items()).unwrap_or_default();
    let resolved: Vec<V> = parts.iter().filter_map(slim_part).collect();
    if resolved.is_empty() {
        return message.clone();
    }
    V::object([
        ("id", message.member("id")),
        ("role", message.member("role")),
        ("parts", Some(V::array(resolved))),
    ])
}

fn slim_part<V: Value>(part: &V) -> Option<V> {
    let kind = part.member("type")?.text()?;
    let dynamic = kind == "dynamic-tool";
    if !dynamic && !kind.starts_with("tool-") {
        return None;
    }
    let field = |name: &str, kept: bool| if kept { part.member(name) } else { None };
    let state = part.member("state")?.text()?;
    let (output, error) = match &*state {
        "output-available" => (true, false),
        "output-error" => (false, true),
        "approval-responded" | "output-denied" => (false, false),
        _ => return None,
    };
    Some(V::object([
        ("type", part.member("type")),
        ("toolCallId", part.member("toolCallId")),
        ("state", part.member("state")),
        ("toolName", field("toolName", dynamic)),
        ("output", field("output", output)),
        ("errorText", field("errorText", error)),
        ("approval", part.member("approval")),
    ]))
}

/// What the server's record of a body is metered at, in bytes: the body is stored as a JSON string
/// in `{"data": …, "id": <part id>}` (B10). `escaped_body_bytes` counts the body as such a string,
/// quotes included.
pub fn metered_bytes(escaped_body_bytes: u64, part_id: &str) -> u64 {
    const ENVELOPE: u64 = r#"{"data":,"id":""}"#.len() as u64;
    RECORD_OVERHEAD_BYTES
        .saturating_add(ENVELOPE)
        .saturating_add(escaped_body_bytes)
        .saturating_add(part_id.len() as u64)
}

#[cfg(test)]
mod tests;
