//! What another tab says. Any program on the origin can say it: it counts only from the tab that has the
//! turn, or had it last.

use super::claim::Owner;
use super::{TabAct, TabContext, TabMessage, TabMode, TabWord, Tabs};

/// A page that went away in the middle of a turn may be a reload, which resumes it within this.
const RESUME_MS: u64 = 5_000;

impl Tabs {
    /// Another tab says something (E5). Gives the cursor up to which it has shown the chat, if it says
    /// that and was the last to have its turn.
    pub fn hear<'a>(
        &mut self,
        message: &'a TabMessage,
        cx: &mut TabContext<'_>,
    ) -> Option<&'a str> {
        if self.mode == TabMode::Alone {
            return None;
        }
        let chat = message.chat.as_str();
        let by_owner = self.claim(chat).is_some_and(|claim| claim.tab == message.tab);
        match message.word {
            TabWord::Claim | TabWord::Heartbeat => self.hear_claim(message, cx),
            TabWord::Release | TabWord::Unfinished | TabWord::Left if by_owner => {
                self.hear_release(message, cx);
            }
            TabWord::Join => self.heartbeats(cx),
            TabWord::Messages if by_owner => cx.act(TabAct::Show, chat),
            TabWord::Session if by_owner => return message.last_event_id.as_deref(),
            _ => {}
        }
        None
    }

    fn hear_release(&mut self, message: &TabMessage, cx: &mut TabContext<'_>) {
        let chat = message.chat.as_str();
        if !matches!(self.owner(chat), Owner::Other { .. }) {
            return;
        }
        let goes_away = message.word == TabWord::Left;
        let resumed_ms = if goes_away { cx.now_ms.saturating_add(RESUME_MS) } else { 0 };
        self.set(chat, Owner::Nobody { resumed_ms }, message.tab.clone());
        if message.word != TabWord::Release {
            self.note_left(chat);
        }
        cx.act(TabAct::ReadOnly(false), chat);
    }

    fn hear_claim(&mut self, message: &TabMessage, cx: &mut TabContext<'_>) {
        let chat = message.chat.as_str();
        if matches!(self.owner(chat), Owner::Mine { until_ms: Some(_) }) {
            self.free(chat, TabWord::Release, cx);
        }
        let known = self.owner(chat);
        if matches!(known, Owner::Mine { .. }) {
            // A tab of the published package did not know of ours: it is told once more.
            if message.word == TabWord::Claim && !message.locked && self.mode == TabMode::Locks {
                cx.act(TabAct::Post(TabWord::Claim), chat);
            }
            return;
        }
        let owner = Owner::Other { locked: message.locked, seen_ms: cx.now_ms, asked: false };
        if !self.set(chat, owner, message.tab.clone()) {
            return;
        }
        if matches!(known, Owner::Nobody { .. }) {
            cx.act(TabAct::ReadOnly(true), chat);
        }
        if self.waiting(chat).is_some_and(|waiting| waiting.until_ms.is_some()) {
            self.refuse(chat, cx);
        }
    }
}
