//! What a conversation looks like from outside: its messages and whether it is being answered.

use serde_json::Value;

use crate::agent::history::{first_user_text, shorten};

const TITLE_LENGTH: usize = 60;

#[derive(Default)]
pub(crate) struct Chat {
    /// Complete messages; the answer that is still being written is not among them.
    pub(crate) messages: Vec<Value>,
    /// A turn runs now.
    pub(crate) answering: bool,
    /// The sequence number of the last `turn-complete` on `.out`.
    pub(crate) last_turn_complete: Option<u64>,
    /// The last message appended to `.in`, and how far the agent is done with `.in`.
    pub(crate) last_message_seq: Option<u64>,
    pub(crate) handled_seq: Option<u64>,
}

impl Chat {
    pub(crate) fn is_streaming(&self) -> bool {
        self.answering || self.last_message_seq > self.handled_seq
    }

    pub(crate) fn title(&self) -> String {
        first_user_text(&self.messages)
            .map(|text| shorten(text, TITLE_LENGTH))
            .unwrap_or_else(|| "New chat".to_owned())
    }
}
