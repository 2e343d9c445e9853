//! What waits for a chat's lock: sends, and the reading of a turn that is nobody's.
//!
//! A lock that is another's says only that there is another. Whoever has it is asked; one that is
//! silent stands still, and a send takes the lock from it. A reading never does: it goes on without.

use super::claim::Owner;
use super::{ANSWER_MS, TabAct, TabContext, TabWord, Tabs};
use crate::error::Error;
use crate::io::{CallId, Send};

/// Sends of one chat that wait to learn whether this tab gets the turn.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) chat: String,
    /// In their order. None: their caller gave them up, or a turn is merely read.
    pub(super) sends: Vec<(CallId, Send)>,
    /// Until then another may say that it has the turn; `None`: the lock is asked for.
    pub(super) until_ms: Option<u64>,
    /// Another has the lock.
    pub(super) refused: bool,
}

impl Tabs {
    pub(super) fn waiting(&mut self, chat: &str) -> Option<&mut Waiting> {
        self.waiting.iter_mut().find(|waiting| waiting.chat == chat)
    }

    pub(super) fn ask_for_lock(
        &mut self,
        chat: &str,
        sends: Vec<(CallId, Send)>,
        cx: &mut TabContext<'_>,
    ) {
        cx.act(TabAct::Lock, chat);
        self.wait(chat, sends, None);
    }

    pub(super) fn wait(&mut self, chat: &str, sends: Vec<(CallId, Send)>, until_ms: Option<u64>) {
        let chat = chat.to_owned();
        self.waiting.push(Waiting { chat, sends, until_ms, refused: false });
    }

    fn take_waiting(&mut self, chat: &str) -> Vec<(CallId, Send)> {
        let at = self.waiting.iter().position(|waiting| waiting.chat == chat);
        at.map(|at| self.waiting.swap_remove(at).sends).unwrap_or_default()
    }

    /// The lock is this tab's; `follows`: the chat's turn is being read.
    pub(super) fn locked(
        &mut self,
        chat: &str,
        follows: bool,
        cx: &mut TabContext<'_>,
    ) -> Vec<(CallId, Send)> {
        let sends = self.take_waiting(chat);
        let follows = follows && matches!(self.owner(chat), Owner::Nobody { .. });
        if sends.is_empty() && !follows {
            cx.act(TabAct::Unlock, chat);
        } else {
            self.take(chat, cx);
        }
        sends
    }

    /// The lock is another's: unless it is known whose, it may be that of a tab that stands still.
    pub(super) fn refused(&mut self, chat: &str, follows: bool, cx: &mut TabContext<'_>) {
        let known = matches!(self.owner(chat), Owner::Other { .. });
        match self.waiting(chat) {
            Some(waiting) if !known && (follows || !waiting.sends.is_empty()) => {
                waiting.until_ms = Some(cx.now_ms.saturating_add(ANSWER_MS));
                waiting.refused = true;
                cx.act(TabAct::Post(TabWord::Join), "");
            }
            _ => self.refuse(chat, cx),
        }
    }

    pub(super) fn refuse(&mut self, chat: &str, cx: &mut TabContext<'_>) {
        for (call, send) in self.take_waiting(chat) {
            cx.fail(call, send.source, Error::ActiveElsewhere);
        }
    }

    /// Takes back what waits for its turn in a chat: one call, or all of them. Whether there was any.
    pub fn withdraw(
        &mut self,
        chat: &str,
        call: Option<CallId>,
        error: &Error,
        cx: &mut TabContext<'_>,
    ) -> bool {
        let Some(waiting) = self.waiting(chat) else { return false };
        let mut kept = Vec::new();
        let mut withdrawn = false;
        for (of, send) in core::mem::take(&mut waiting.sends) {
            if call.is_none_or(|call| call == of) {
                cx.fail(of, send.source, error.clone());
                withdrawn = true;
            } else {
                kept.push((of, send));
            }
        }
        waiting.sends = kept;
        self.forget_given_up();
        withdrawn
    }

    /// Where nobody is left to ask for, only a lock that is asked for is waited for: to let it go.
    fn forget_given_up(&mut self) {
        self.waiting.retain(|waiting| !waiting.sends.is_empty() || waiting.until_ms.is_none());
    }

    /// Silence is an answer.
    pub(super) fn tick_waiting(&mut self, cx: &mut TabContext<'_>) {
        let now_ms = cx.now_ms;
        let is_due = |waiting: &Waiting| waiting.until_ms.is_some_and(|at_ms| now_ms >= at_ms);
        self.waiting.retain(|waiting| !waiting.sends.is_empty() || !is_due(waiting));
        for waiting in self.waiting.iter_mut().filter(|waiting| is_due(waiting)) {
            waiting.until_ms = None;
            let act = if waiting.refused { TabAct::Steal } else { TabAct::Lock };
            cx.act(act, &waiting.chat);
        }
    }
}
