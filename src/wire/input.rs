//! Records of `.in`: how large one may be (B10), and the one that is always the same (B5).

/// The most that one record of `.in` may be metered at, in bytes (B10).
pub const RECORD_LIMIT_BYTES: u64 = 1024 * 1024;

/// The body of a stop (B5).
pub const STOP_BODY: &str = r#"{"kind":"stop"}"#;

/// What S2 adds to a record's body when it meters it, in bytes.
const RECORD_OVERHEAD_BYTES: u64 = 8;

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
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn b5_a_stop_is_one_word() {
        assert_eq!(STOP_BODY, json!({ "kind": "stop" }).to_string());
    }

    #[test]
    fn b10_a_record_is_metered_as_the_server_stores_it() {
        let body = r#"{"kind":"stop"}"#;
        let stored = json!({ "data": body, "id": "part" }).to_string();
        let escaped = serde_json::to_string(body).unwrap().len() as u64;
        assert_eq!(metered_bytes(escaped, "part"), 8 + stored.len() as u64);
    }
}
