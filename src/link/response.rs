//! What the head of a response means for the link (D2, C13).

use crate::text::number;

/// The longest `Retry-After` that is read as seconds; beyond it only the cap matters.
const SECONDS_LIMIT: u64 = 1_000_000;

/// The head of an HTTP response, as far as a transport reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResponseHead {
    /// The status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `X-Stream-Version`.
    pub stream_version: Option<String>,
    /// `X-Session-Settled` is `true`.
    pub settled: bool,
    /// `Retry-After` in seconds as written.
    pub retry_after: Option<String>,
    /// `x-ratelimit-reset`: Unix time in milliseconds when the limit is lifted.
    pub ratelimit_reset: Option<String>,
}

/// What to do with a response.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Read it.
    Stream,
    /// The token is not good, or no longer.
    Unauthorized,
    /// It will not get better.
    Refused,
    /// A successful answer that is something else.
    NotAnEventStream,
    /// Try again, after as long as the server asked for if it did.
    Later {
        /// In milliseconds.
        asked_ms: Option<u64>,
    },
}

impl ResponseHead {
    /// Judges the answer to a subscription.
    pub fn verdict(&self, now_ms: u64) -> Verdict {
        match self.status {
            200 if self.is_event_stream() => Verdict::Stream,
            200..=299 => Verdict::NotAnEventStream,
            401 | 403 => Verdict::Unauthorized,
            400 | 404 | 409 | 410 | 422 => Verdict::Refused,
            _ => Verdict::Later { asked_ms: retry_after_ms(self, now_ms) },
        }
    }

    /// A response without a type is taken for what was asked for: tests and proxies leave it out.
    fn is_event_stream(&self) -> bool {
        self.is_of_type(b"") || self.is_of_type(b"text/event-stream")
    }

    /// A page for people: whoever sent it is not the server that was asked.
    pub fn is_html(&self) -> bool {
        self.is_of_type(b"text/html")
    }

    fn is_of_type(&self, wanted: &[u8]) -> bool {
        let full = self.content_type.as_deref().unwrap_or_default();
        let essence = full.as_bytes().split(|&b| b == b';').next().unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(wanted)
    }
}

/// How long the server asks to be left alone, in milliseconds. Dates in `Retry-After` are not read:
/// a page's clock may be off by more than the wait.
pub fn retry_after_ms(head: &ResponseHead, now_ms: u64) -> Option<u64> {
    let number = |text: &Option<String>| number(text.as_deref()?.trim_ascii().as_bytes());
    let seconds =
        number(&head.retry_after).map(|seconds| seconds.min(SECONDS_LIMIT).saturating_mul(1_000));
    seconds.or_else(|| Some(number(&head.ratelimit_reset)?.saturating_sub(now_ms)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(status: u16, content_type: &str) -> ResponseHead {
        ResponseHead { status, content_type: Some(content_type.into()), ..ResponseHead::default() }
    }

    #[test]
    fn c13_only_an_event_stream_is_read() {
        for good in ["text/event-stream", "text/event-stream; charset=utf-8", "Text/Event-Stream;"]
        {
            assert_eq!(head(200, good).verdict(0), Verdict::Stream, "{good}");
        }
        for bad in ["text/html", "text/event-streams", "application/json"] {
            assert_eq!(head(200, bad).verdict(0), Verdict::NotAnEventStream, "{bad}");
        }
        assert_eq!(head(204, "text/event-stream").verdict(0), Verdict::NotAnEventStream);
    }

    #[test]
    fn d2_statuses_that_are_not_retried() {
        for status in [400, 404, 409, 410, 422] {
            assert_eq!(head(status, "").verdict(0), Verdict::Refused);
        }
        for status in [401, 403] {
            assert_eq!(head(status, "").verdict(0), Verdict::Unauthorized);
        }
        for status in [408, 429, 500, 502, 503] {
            assert_eq!(head(status, "").verdict(0), Verdict::Later { asked_ms: None });
        }
    }

    #[test]
    fn d2_retry_after_is_seconds_and_rubbish_is_ignored() {
        let asked = |text: &str| {
            let head = ResponseHead { retry_after: Some(text.into()), ..head(503, "") };
            retry_after_ms(&head, 0)
        };
        assert_eq!(asked("2"), Some(2_000));
        assert_eq!(asked("99999999999"), Some(1_000_000_000));
        for rubbish in ["", "-1", "1.5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"] {
            assert_eq!(asked(rubbish), None, "{rubbish:?}");
        }
        let reset = ResponseHead { ratelimit_reset: Some("5500".into()), ..head(429, "") };
        assert_eq!(retry_after_ms(&reset, 5_000), Some(500));
        assert_eq!(retry_after_ms(&reset, 6_000), Some(0));
    }
}
