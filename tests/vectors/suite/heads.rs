//! Heads of answers to what they mean for a subscription.

use serde_json::Value as Json;
use trigger_chat_transport::link::{ResponseHead, Verdict};

use super::file;

/// Runs a file of vectors.
pub(crate) fn run(file: &str) {
    for case in file::cases(file) {
        let text = |member: &str| case.get(member).and_then(Json::as_str).map(str::to_owned);
        let head = ResponseHead {
            status: case["status"].as_u64().expect("a status") as u16,
            content_type: text("content_type"),
            retry_after: text("retry_after"),
            ratelimit_reset: text("ratelimit_reset"),
            ..ResponseHead::default()
        };
        let asked_ms = case.get("asked_ms").and_then(Json::as_u64);
        let expected = match case["verdict"].as_str().expect("a verdict") {
            "stream" => Verdict::Stream,
            "unauthorized" => Verdict::Unauthorized,
            "refused" => Verdict::Refused,
            "wrong-answer" => Verdict::NotAnEventStream,
            "later" => Verdict::Later { asked_ms },
            other => panic!("verdict {other}"),
        };
        let now_ms = case.get("now_ms").and_then(Json::as_u64).unwrap_or(0);
        assert_eq!(head.verdict(now_ms), expected, "{}", file::name(&case));
    }
}
