//! What the server answers to an append. Unknown, missing and malformed members are absent.

use super::json::{member, text_member};

/// The body of an acknowledged append.
#[derive(Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// The record's place in `.in`; older servers do not tell.
    pub seq: Option<u64>,
    /// The run waits for its deployment.
    pub pending_version: bool,
}

/// The body of a refusal (B7).
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: Option<String>,
    /// Why the session is closed.
    pub closed_reason: Option<String>,
}

impl Acknowledged {
    /// Reads the body of a 2xx answer.
    pub fn read(body: &str) -> Self {
        Self {
            seq: member(body.as_bytes(), "seq").and_then(|mut at| at.integer()),
            pending_version: member(body.as_bytes(), "pendingVersion")
                .and_then(|mut at| at.value())
                == Some(b"true"),
        }
    }
}

impl Refusal {
    /// Reads the body of any other answer.
    pub fn read(body: &str) -> Self {
        let text = |name| text_member(body.as_bytes(), name);
        Self { code: text("code"), closed_reason: text("closedReason") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b7_what_a_refusal_tells() {
        let body = r#"{"ok":false,"code":"session_closed","closedReason":"done"}"#;
        let refusal = Refusal::read(body);
        assert_eq!(refusal.code.as_deref(), Some("session_closed"));
        assert_eq!(refusal.closed_reason.as_deref(), Some("done"));
        for odd in ["", "<html>", r#"{"code":7,"closedReason":null}"#] {
            assert_eq!(Refusal::read(odd), Refusal { code: None, closed_reason: None });
        }
    }

    #[test]
    fn b1_an_acknowledgement_may_lack_its_seq() {
        let read = Acknowledged::read;
        assert_eq!(read(r#"{"ok":true,"seq":7}"#).seq, Some(7));
        assert!(read(r#"{"pendingVersion":true}"#).pending_version);
        assert_eq!(read("odd"), Acknowledged { seq: None, pending_version: false });
        assert_eq!(read(r#"{"seq":"7"}"#).seq, None);
    }
}
