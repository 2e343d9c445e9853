//! A fault rule: which requests it is for, how often, and what it does to them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Endpoint {
    /// Appends to `.in`.
    In,
    /// Subscriptions to `.out`.
    Out,
    Any,
}

/// How a cut connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum End {
    /// A TCP reset.
    Reset,
    /// A FIN without the last chunk of the chunked body.
    Truncate,
    /// A proper end of the body.
    Clean,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(crate) enum Action {
    /// Ends the response after some bytes, or inside its k-th record (from 1).
    Cut {
        #[serde(skip_serializing_if = "Option::is_none")]
        after_bytes: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        inside_record: Option<u64>,
        end: End,
    },
    /// Silence after some bytes; goes on when the rules are cleared.
    Stall { after_bytes: u64 },
    /// Sends the body in small pieces.
    Slice { bytes: usize, delay_ms: u64 },
    /// Waits before the response's head.
    Delay { ms: u64 },
    /// Answers this instead.
    Status {
        status: u16,
        #[serde(default)]
        headers: BTreeMap<String, String>,
        #[serde(default)]
        body: String,
    },
    /// Closes the connection without any answer; the request is not carried out.
    Drop,
    /// Carries the request out, then resets the connection without an answer.
    LoseAnswer,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rule {
    endpoint: Endpoint,
    #[serde(skip_serializing_if = "Option::is_none")]
    chat_id: Option<String>,
    /// How many requests it still has to break.
    #[serde(default = "once")]
    times: u64,
    /// How many matching requests pass first.
    #[serde(default)]
    skip: u64,
    action: Action,
    /// How many requests it has broken.
    #[serde(default, skip_deserializing)]
    hits: u64,
}

fn once() -> u64 {
    1
}

impl Rule {
    pub(crate) fn check(&self) -> Result<(), String> {
        match &self.action {
            Action::Cut { after_bytes, inside_record, .. }
                if after_bytes.is_some() == inside_record.is_some() =>
            {
                Err("cut takes either afterBytes or insideRecord".to_owned())
            }
            Action::Cut { inside_record: Some(0), .. } => {
                Err("insideRecord counts from 1".to_owned())
            }
            Action::Slice { bytes: 0, .. } => Err("slice needs at least 1 byte".to_owned()),
            Action::Status { status, .. } if !(200..=599).contains(status) => {
                Err("status must be from 200 to 599".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// The action, if this rule is due for the request.
    pub(crate) fn take(&mut self, endpoint: Endpoint, chat: &str) -> Option<Action> {
        let matches = (self.endpoint == Endpoint::Any || self.endpoint == endpoint)
            && self.chat_id.as_deref().is_none_or(|wanted| wanted == chat);
        if !matches || self.hits >= self.times {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        self.hits += 1;
        Some(self.action.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rule {
        serde_json::from_str(text).expect("a valid rule")
    }

    #[test]
    fn a_rule_skips_then_hits_then_is_done() {
        let mut rule =
            rule(r#"{"endpoint":"out","chatId":"c","times":2,"skip":1,"action":{"kind":"drop"}}"#);
        assert_eq!(rule.take(Endpoint::In, "c"), None);
        assert_eq!(rule.take(Endpoint::Out, "other"), None);
        let hits: Vec<_> = (0..4).map(|_| rule.take(Endpoint::Out, "c").is_some()).collect();
        assert_eq!(hits, [false, true, true, false]);
    }

    #[test]
    fn every_action_is_read_in_the_documented_spelling() {
        for action in [
            r#"{"kind":"cut","afterBytes":10,"end":"reset"}"#,
            r#"{"kind":"cut","insideRecord":2,"end":"truncate"}"#,
            r#"{"kind":"stall","afterBytes":0}"#,
            r#"{"kind":"slice","bytes":1,"delayMs":0}"#,
            r#"{"kind":"delay","ms":5}"#,
            r#"{"kind":"status","status":429,"headers":{"Retry-After":"1"},"body":"{}"}"#,
            r#"{"kind":"drop"}"#,
            r#"{"kind":"lose-answer"}"#,
        ] {
            let rule = rule(&format!(r#"{{"endpoint":"any","action":{action}}}"#));
            assert_eq!(rule.check(), Ok(()), "{action}");
        }
    }

    #[test]
    fn rules_that_mean_nothing_are_refused() {
        for action in [
            r#"{"kind":"cut","end":"reset"}"#,
            r#"{"kind":"cut","insideRecord":0,"end":"reset"}"#,
            r#"{"kind":"slice","bytes":0,"delayMs":0}"#,
            r#"{"kind":"status","status":100}"#,
        ] {
            let rule = rule(&format!(r#"{{"endpoint":"any","action":{action}}}"#));
            assert!(rule.check().is_err(), "{action}");
        }
    }
}
