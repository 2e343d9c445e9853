//! The oracle's view of how calls settle, of errors, of what is written to `.in`, and of the end.

use trigger_chat_transport::Error;
use trigger_chat_transport::io::{CallId, Outcome};

use crate::calls::{Asked, State};
use crate::faults::Fault;
use crate::plan::Mode;
use crate::server::What;
use crate::world::World;

/// The kinds of faults that explain an error; `None`: nothing does.
fn explanations(error: &Error) -> &'static [Fault] {
    use Fault as F;
    match error {
        Error::Callback(_) => &[F::ThrowingCallback],
        Error::Api { status: 401 | 403, .. } => {
            &[F::Unauthorized, F::AppendUnauthorized, F::TokensDie, F::TokenInBoundary]
        }
        Error::Api { status: 400 | 404 | 409 | 410 | 413 | 422, .. } => {
            &[F::Refused, F::AppendTooLarge, F::SessionGone, F::SessionCloses]
        }
        Error::Api { .. } => &[F::AppendTooMany, F::AppendServerError],
        Error::Network { what, .. } if what.contains("ended") => {
            &[F::CleanCut, F::TrickyCut, F::ShortWindow, F::ErrorEvent, F::MalformedBatch]
        }
        Error::Network { what, .. } if what.contains("stalled") => {
            &[F::Silence, F::NoPings, F::LegacyStream, F::FreezeKills, F::AgentDies]
        }
        Error::Network { what, .. } if what.contains("message") => &[
            F::AppendRefused,
            F::AppendAnswerLost,
            F::AppendHangs,
            F::Offline,
            F::AppendServerError,
            F::ClockForward,
            F::FreezeKills,
            F::FreezeKeeps,
            F::BackForward,
        ],
        Error::WrongAnswer { .. } => &[F::Portal, F::NoContent, F::AppendPortal],
        // While a page stands still, or its clock jumps, the time of what is under way runs out.
        Error::BadAnswer { .. } => &[
            F::SilentCallback,
            F::SlowCallback,
            F::ClockForward,
            F::FreezeKills,
            F::FreezeKeeps,
            F::BackForward,
        ],
        Error::MalformedStream => &[F::MalformedBatch],
        Error::ActiveElsewhere => &[F::MultiTab],
        Error::SessionClosed { .. } => &[F::SessionCloses],
        Error::StartSessionMissing { .. } => &[F::SessionGone],
        _ => &[],
    }
}

impl World {
    pub(crate) fn judge_error(&mut self, page: usize, number: CallId, error: &Error) {
        let excused = match error {
            Error::Aborted => true,
            Error::Disposed => self.pages[page].disposed,
            _ => explanations(error).iter().any(|fault| self.plan.has(*fault)),
        };
        if *error == Error::ActiveElsewhere
            && let Some(call) = self.pages[page].calls.get(&number)
        {
            self.judge_refusal(page, call.chat);
        }
        if !excused {
            self.violate(
                "P6",
                format!("call {number} of page {page} fails without cause: {error}"),
            );
        }
    }

    pub(crate) fn judge_settle(&mut self, page: usize, number: CallId, outcome: &Outcome) {
        let Some(call) = self.pages[page].calls.get_mut(&number) else { return };
        if call.state != State::Pending {
            return self.violate("P5", format!("call {number} of page {page} settles twice"));
        }
        let streams = matches!(outcome, Outcome::Stream { .. });
        call.state = if streams { State::Streaming } else { State::Ended };
        let (chat, asked, resumes) = (call.chat, call.asked, call.resumes);
        let given_up = call.given_up;
        let succeeded = streams || *outcome == Outcome::Accepted(true);
        if let Asked::Send(what) = asked
            && succeeded
            && what.label().is_some_and(|label| self.chats[chat].seq_of(label).is_none())
        {
            self.violate(
                "P4",
                format!("call {number} of page {page} succeeded, but is not written"),
            );
        }
        match outcome {
            Outcome::Failed(error) => self.judge_error(page, number, error),
            Outcome::Accepted(true) if asked == Asked::Stop => {
                let seq = self.last_seq_of(page, chat);
                self.pages[page].judged[chat].stopped(seq);
            }
            Outcome::NoStream if !given_up => self.judge_no_stream(page, number, resumes),
            _ => {}
        }
    }

    /// The last thing of a page that asks for a turn and is written.
    pub(crate) fn last_seq_of(&self, page: usize, chat: usize) -> Option<u64> {
        let mine = |(what, writer): &(What, usize)| *writer == page && what.label().is_some();
        let own = self.chats[chat].inputs.iter().rposition(mine).map(|at| at as u64);
        let stored = self.pages[page].stored[chat].as_ref();
        own.max(stored.and_then(|state| state.active_input_seq))
    }

    /// Nothing to follow, although the application was told that a turn streams (C10).
    fn judge_no_stream(&mut self, page: usize, number: CallId, resumes: Option<u64>) {
        let it = &self.pages[page];
        let Some(call) = it.calls.get(&number) else { return };
        let chat = &self.chats[call.chat];
        let Some(turn) = resumes.and_then(|seq| chat.agent.turn_of(seq)) else { return };
        let reads = it
            .calls
            .iter()
            .any(|(other, one)| *other != number && one.chat == call.chat && one.is_active());
        // A boundary that does not say whose it is may have ended this turn for the page.
        let excused =
            self.unnamed || reads || it.disposed || chat.closed || self.is_replaced(call.chat);
        let stopped = it.judged[call.chat].stopped_up_to >= resumes;
        if turn.boundary.is_none() && !turn.died && !excused && !stopped {
            self.violate("C10", format!("call {number} of page {page} finds no turn to follow"));
        }
    }

    /// Something new is in `.in`.
    pub(crate) fn judge_written(&mut self, chat: usize, seq: u64) {
        let inputs = &self.chats[chat].inputs;
        let (what, page) = inputs[seq as usize];
        let Some(label) = what.label() else { return };
        let mine = inputs.iter().filter(|(_, writer)| *writer == page);
        let labels: Vec<u64> = mine.filter_map(|(what, _)| what.label()).collect();
        if labels.iter().filter(|one| **one == label).count() > 1 {
            return self.violate("P4", format!("a send of page {page} is written twice"));
        }
        if !labels.is_sorted() {
            return self.violate("P4", format!("sends of page {page} are written out of order"));
        }
        let call = self.pages[page].calls.get(&(label as u32));
        if call.is_some_and(|call| call.given_up) {
            self.pages[page].judged[chat].stopped(Some(seq));
        }
    }

    /// At the end of a schedule: nothing that was under way still is (P6), and no secret is out (P8).
    pub(crate) fn judge_end(&mut self) {
        if self.plan.mode == Mode::Liveness {
            self.judge_claims();
        }
        for page in 0..self.pages.len() {
            let it = &self.pages[page];
            let trace = it.machine.trace().render();
            if trace.contains("canary") {
                return self.violate("P8", format!("a token is in the trace of page {page}"));
            }
            if it.disposed && (it.machine.deadline_ms().is_some() || !it.requests.is_empty()) {
                return self.violate("P3", format!("page {page} goes on after dispose"));
            }
            if self.plan.mode == Mode::Liveness && !it.gone && !it.disposed {
                self.judge_finished(page);
            }
        }
    }

    /// Where nobody says whose a boundary is, a call may wait for one too many: behind a stop, behind a turn that has none, or behind one that was read under another
    /// call, before its append was known to be written.
    fn may_wait_in_vain(&self, page: usize, chat: usize) -> bool {
        let any_died = self.chats[chat].agent.turns.iter().any(|turn| turn.died);
        let unknown = [Fault::AppendAnswerLost, Fault::AppendHangs, Fault::AppendServerError];
        let unknown = unknown.iter().any(|fault| self.plan.has(*fault));
        any_died || unknown || self.may_hold_back(page, chat)
    }

    fn judge_finished(&mut self, page: usize) {
        let it = &self.pages[page];
        for (number, call) in &it.calls {
            let chat = &self.chats[call.chat];
            let seq = call.label().map_or(call.resumes, |label| chat.seq_of(label));
            let died = chat.agent.turns.last().is_some_and(|turn| turn.died)
                || seq.and_then(|seq| chat.agent.turn_of(seq)).is_some_and(|turn| turn.died);
            let died = died || self.unnamed && self.may_wait_in_vain(page, call.chat);
            let standing = it.watch && call.state == State::Streaming;
            let idle = call.asked == Asked::Reconnect && seq.is_none();
            if call.state != State::Ended && !died && !standing && !idle {
                let wrong = format!(
                    "call {number} of page {page} is still {:?} (asked {:?})",
                    call.state, call.asked
                );
                return self.violate("P6", wrong);
            }
        }
    }
}
