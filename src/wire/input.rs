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
    /// An empty object.
    fn object() -> Self;
    /// This object with one more member, unless that is absent.
    #[must_use]
    fn with(self, name: &str, value: Option<Self>) -> Self;
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
    fn merged(self, over: &Self) -> Self;
}

/// The body of a send, of what its caller gave under the AI SDK's names.
///
/// A message or action: the `ChatInputChunk` `{kind: "message", payload: {...body, message?, chatId,
/// trigger, action?, messageId?, metadata?}}`, where `message` is slimmed (B2, B3, B4). A head start,
/// known by its `messages`: the payload itself, with them as `headStartMessages` (F1). `metadata` is
/// the transport's `clientData` with the call's metadata over it (B2).
pub fn send_body<V: Value>(chat_id: &str, given: &V) -> V {
    let messages = given.member("messages");
    let is_chunk = messages.is_none();
    let own = V::object()
        .with("message", given.member("message").map(|message| slim(&message)))
        .with("headStartMessages", messages)
        .with("chatId", Some(V::string(chat_id)))
        .with("trigger", given.member("trigger"))
        .with("action", given.member("action"))
        .with("messageId", given.member("messageId"))
        .with("metadata", over(given.member("clientData"), given.member("metadata")));
    let payload = over(given.member("body"), Some(own));
    if is_chunk {
        V::object().with("kind", Some(V::string("message"))).with("payload", payload)
    } else {
        payload.unwrap_or_else(V::object)
    }
}

/// The members of one object with those of another over them; `None` if there is neither.
fn over<V: Value>(base: Option<V>, over: Option<V>) -> Option<V> {
    let mut members = None;
    for object in [base, over].into_iter().flatten() {
        members = Some(members.unwrap_or_else(V::object).merged(&object));
    }
    members
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
    V::object()
        .with("id", message.member("id"))
        .with("role", message.member("role"))
        .with("parts", Some(V::array(resolved)))
}

fn slim_part<V: Value>(part: &V) -> Option<V> {
    let kind = part.member("type")?.text()?;
    let dynamic = kind == "dynamic-tool";
    if !dynamic && !kind.starts_with("tool-") {
        return None;
    }
    let outcome = match &*part.member("state")?.text()? {
        "output-available" => "output",
        "output-error" => "errorText",
        "approval-responded" | "output-denied" => "",
        _ => return None,
    };
    let name = if dynamic { "toolName" } else { "" };
    let mut slimmed = V::object();
    for name in ["type", "toolCallId", "state", name, outcome, "approval"] {
        if !name.is_empty() {
            slimmed = slimmed.with(name, part.member(name));
        }
    }
    Some(slimmed)
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
