//! The oracle: holds what the machine does against the server's logs, output by output.
//!
//! Named exceptions, where nobody could tell better:
//! - what belongs to a turn that the user stopped may be shown or not;
//! - what the server has trimmed is gone;
//! - an answer that the server calls settled and that is cut three times in a row is believed;
//! - the old form of the stream does not say whose a boundary is, nor can a page tell whose answer did
//!   not say where the append was written: behind a stop any may be taken;
//! - behind a turn whose reader has ended in its middle, by the next send or by an error, what comes up to
//!   the next boundary and is not the awaited turn's may be shown or not;
//! - behind a stop, turns that this page did not ask for may be taken for the stopped one.

use core::ops::Range;

use trigger_chat_transport::io::{CallId, Event as Told, Outcome, Output};

use crate::calls::{Asked, Call, State, chat_id, chat_number};
use crate::faults::Fault;
use crate::log::{Kind, parts};
use crate::page::Request;
use crate::server::{What, token_number};
use crate::world::World;

/// What a batch of outputs excuses.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Excuses {
    /// Another reader of the chat begins, or a stop of it is accepted.
    replaced: bool,
    closed: bool,
}

/// The record that a cursor names; -1 for none.
pub(crate) fn place(cursor: Option<&str>) -> i64 {
    let number = cursor.map(|text| text.split('-').next().unwrap_or_default());
    number.and_then(|number| number.parse().ok()).unwrap_or(-1)
}

impl World {
    /// Looks at a batch as a whole, before its outputs are judged one by one.
    pub(crate) fn judge_batch(&mut self, page: usize, outputs: &[Output]) {
        let mut excuses = vec![Excuses::default(); self.chats.len()];
        for output in outputs {
            match output {
                Output::Settle { call, outcome } => {
                    let Some(call) = self.pages[page].calls.get(call) else { continue };
                    let begins = matches!(outcome, Outcome::Stream { .. } | Outcome::Failed(_));
                    let sends =
                        matches!(call.asked, Asked::Send(What::Message(_) | What::Action(_)));
                    let stops = call.asked == Asked::Stop && *outcome == Outcome::Accepted(true);
                    excuses[call.chat].replaced |= begins && sends || stops;
                }
                Output::Connect { chat, .. } => excuses[chat_number(chat)].replaced = true,
                Output::Event { chat, event: Told::SessionClosed { .. }, .. } => {
                    excuses[chat_number(chat)].closed = true;
                }
                _ => {}
            }
        }
        self.excuses = excuses;
    }

    /// Judges one output before it is obeyed.
    pub(crate) fn judge(&mut self, page: usize, output: &Output) {
        match output {
            Output::Append { chat, token, part_id, .. } => {
                let chat = chat_number(chat);
                self.judge_token(page, chat, token_number(token.expose()));
                let in_flight =
                    |one: &Request| matches!(one, Request::Append { chat: of } if *of == chat);
                if self.pages[page].requests.values().any(in_flight) {
                    self.violate("P4", "an append overtakes another".into());
                }
                self.judge_turn(page, chat);
                let wrong = self.pages[page].judged[chat].appends(self.now_ms, part_id);
                self.complain("P7", wrong);
            }
            Output::Connect { chat, token, last_event_id, call, .. } => {
                let chat = chat_number(chat);
                self.judge_token(page, chat, token_number(token.expose()));
                self.judge_connect(page, chat, place(last_event_id.as_deref()), *call);
            }
            Output::Settle { call, outcome } => self.judge_settle(page, *call, outcome),
            Output::Chunks { call, chunks } => {
                for part in chunks.iter().flat_map(|chunk| parts(chunk)) {
                    self.judge_chunk(page, *call, &part);
                }
            }
            Output::Close { call } => self.judge_close(page, *call),
            Output::Fail { call, error } => {
                self.end_stream(page, *call);
                self.judge_error(page, *call, error);
            }
            Output::Event { chat, event: Told::TurnCompleted { last_event_id, .. }, .. } => {
                let chat = chat_number(chat);
                let at = place(last_event_id.as_deref());
                let kind = self.chats[chat].log.kinds.get(at.max(0) as usize);
                if let Some(Kind::Complete { token: Some(number), .. }) = kind {
                    let number = *number;
                    self.pages[page].judged[chat].told_token(number);
                }
            }
            _ => {}
        }
        // What is told prints its secrets as dots. Not looked at every time: it costs the most.
        if self.plan.seed.is_multiple_of(8)
            && let Output::Event { .. } | Output::SessionChanged { .. } = output
            && format!("{output:?}").contains("canary")
        {
            self.violate("P8", "a token is in what the application is told".into());
        }
    }

    pub(crate) fn complain(&mut self, property: &'static str, wrong: Option<String>) {
        if let Some(wrong) = wrong {
            self.violate(property, wrong);
        }
    }

    fn judge_token(&mut self, page: usize, chat: usize, number: u64) {
        if !self.pages[page].judged[chat].may_use(number) {
            self.violate(
                "C6",
                format!("token {number} is used although a boundary brought another"),
            );
        }
    }

    fn judge_connect(&mut self, page: usize, chat: usize, cursor: i64, number: CallId) {
        let reads =
            |one: &Request| matches!(one, Request::Reading(reading) if reading.chat == chat);
        if self.pages[page].disposed || self.pages[page].requests.values().any(reads) {
            self.violate("P3", format!("{} is read twice, or after dispose", chat_id(chat)));
        }
        let punctual = self.is_punctual(page);
        let it = &mut self.pages[page];
        let wrong = it.judged[chat].connects(self.now_ms, number, punctual);
        let holds_back = self.may_hold_back(page, chat);
        let numbered = !self.plan.has(Fault::AppendWithoutSeq);
        let has_left = numbered && self.has_left(page, chat, cursor);
        let it = &mut self.pages[page];
        let begun = |call: &&Call| call.chat == chat && call.start.is_some();
        let shown = it.calls.values().filter(begun).map(|call| call.place).max();
        // What the gate holds back may come with the next stream.
        let begin = match shown {
            Some(shown) if holds_back || has_left => cursor.min(shown),
            None if holds_back => -1,
            _ => cursor,
        };
        let Some(call) = it.calls.get_mut(&number) else { return };
        let fell = call.start.is_some() && cursor < call.cursor;
        let was = call.cursor;
        call.cursor = cursor;
        let first = call.start.is_none();
        if first {
            call.start = Some(begin);
            call.place = begin;
            call.joined = cursor;
        }
        self.complain("P7", wrong);
        if fell {
            self.violate("P2", format!("the cursor went from {was} back to {cursor}"));
        }
        if !first && let Some(opens_at) = self.gate_opens_at(page, number) {
            self.judge_passed(page, number, opens_at + 1..cursor + 1, "P2");
        }
    }

    /// The boundary behind which nothing may be held back; `None`: not known.
    fn gate_opens_at(&self, page: usize, number: CallId) -> Option<i64> {
        // Behind a turn that another tab has left, or seems to have, this one's own is held back to its end.
        if self.plan.has(Fault::MultiTab) {
            return None;
        }
        let call = self.pages[page].calls.get(&number)?;
        let chat = call.chat;
        let log = &self.chats[chat].log;
        let left = if self.has_left(page, chat, call.joined) {
            log.boundary_behind(call.joined)?
        } else {
            -1
        };
        if !self.may_hold_back(page, chat) {
            return Some(left);
        }
        let judged = &self.pages[page].judged[chat];
        let up_to = judged.stopped_up_to.filter(|_| !self.unnamed && !judged.stopped_unknown)?;
        let ends_it =
            |kind: &Kind| matches!(kind, Kind::Complete { committed, .. } if *committed >= up_to);
        let at = log.kinds.iter().position(ends_it)?;
        Some(left.max(at as i64))
    }

    /// Whether a reader has ended in this tab, or was never wanted, whose turn goes on behind `place`: its
    /// rest is held back (B8).
    fn has_left(&self, page: usize, chat: usize, place: i64) -> bool {
        let slot = self.pages[page].slot;
        let here = (0..self.pages.len()).filter(|other| self.pages[*other].slot == slot);
        let goes_on = |seq| {
            let turn = self.chats[chat].agent.turn_of(seq);
            turn.and_then(|turn| turn.boundary).is_none_or(|boundary| boundary > place)
        };
        here.into_iter().any(|other| {
            self.pages[other].calls.iter().any(|(number, call)| {
                let had_reader = call.start.is_some() || call.given_up;
                let is_over = call.state == State::Ended || self.pages[other].gone;
                let mine = call.chat == chat && had_reader && is_over;
                // A watch reads the turns of others, too.
                let watched = self.pages[other].watch;
                mine && (watched || self.own_seq(other, *number).is_none_or(goes_on))
            })
        })
    }

    /// Behind a stop whose boundary may never come, the machine may hold records in its gate.
    pub(crate) fn may_hold_back(&self, page: usize, chat: usize) -> bool {
        let judged = &self.pages[page].judged[chat];
        judged.stopped_unknown || judged.stopped_up_to.is_some()
    }

    /// Every part of a call's stream between two places was shown, or need not be.
    fn judge_passed(
        &mut self,
        page: usize,
        number: CallId,
        places: Range<i64>,
        property: &'static str,
    ) {
        let Some(call) = self.pages[page].calls.get(&number) else { return };
        let chat = &self.chats[call.chat];
        let judged = &self.pages[page].judged[call.chat];
        let own = self.own_seq(page, number);
        // What another tab has shown need not be shown again.
        let may_hold_back = self.may_hold_back(page, call.chat);
        let stops = may_hold_back || self.plan.has(Fault::MultiTab);
        let mut begin = places.start.max(call.place + 1).max(chat.log.first as i64);
        if self.unnamed && may_hold_back {
            // The first boundary among them may have been taken for the stopped turn's.
            let boundary = chat.log.boundary_behind(call.joined.max(begin - 1));
            begin = boundary.filter(|at| *at < places.end).unwrap_or(begin);
        }
        let left_up_to = match self.has_left(page, call.chat, call.joined) {
            true => chat.log.boundary_behind(call.joined).unwrap_or(places.end),
            false => -1,
        };
        for place in begin..places.end {
            let Some(Kind::Part { turn, repeats: false }) = chat.log.kinds.get(place as usize)
            else {
                continue;
            };
            let seq = chat.agent.turns[*turn].input_seq;
            let stopped = judged.stopped_up_to.is_some_and(|up_to| seq <= up_to);
            let of_others = stops && own != Some(seq);
            let is_left = place < left_up_to && own > Some(seq);
            if !stopped && !of_others && !is_left {
                let wrong = format!(
                    "call {number} of page {page} lost record {place} before {}",
                    places.end
                );
                return self.violate(property, wrong);
            }
        }
    }

    /// The `.in` seq of the turn that a call's stream is for.
    fn own_seq(&self, page: usize, number: CallId) -> Option<u64> {
        let call = self.pages[page].calls.get(&number)?;
        match call.label() {
            Some(label) => self.chats[call.chat].seq_of(label),
            None => call.resumes,
        }
    }

    fn judge_chunk(&mut self, page: usize, number: CallId, chunk: &str) {
        let Some(call) = self.pages[page].calls.get(&number) else { return };
        if call.state != State::Streaming {
            return self
                .violate("P5", format!("call {number} gets a part, but has no open stream"));
        }
        let (after, start, chat) = (call.place, call.start.unwrap_or(-1), call.chat);
        let places = self.chats[chat].log.places(chunk);
        let Some(&first) = places.first() else {
            return self.violate("C4", format!("nobody wrote {chunk}"));
        };
        let place = match places.iter().find(|place| **place > after) {
            Some(&place) if place == first || first <= start => place,
            _ => return self.violate("P1", format!("{chunk} comes twice or out of order")),
        };
        self.judge_passed(page, number, 0..place, "P1");
        let it = &mut self.pages[page];
        if let Some(call) = it.calls.get_mut(&number) {
            call.place = place;
        }
        it.judged[chat].delivered();
        self.active_ms = self.now_ms;
        for request in it.requests.values_mut() {
            if let Request::Reading(reading) = request
                && reading.call == number
            {
                reading.delivered = true;
            }
        }
    }

    fn end_stream(&mut self, page: usize, number: CallId) {
        let Some(call) = self.pages[page].calls.get_mut(&number) else { return };
        if core::mem::replace(&mut call.state, State::Ended) != State::Streaming {
            self.violate("P5", format!("the stream of call {number} ends, but is not open"));
        }
    }

    fn judge_close(&mut self, page: usize, number: CallId) {
        self.end_stream(page, number);
        let it = &self.pages[page];
        let Some(call) = it.calls.get(&number) else { return };
        let excuses = self.excuses[call.chat];
        if call.given_up || excuses.replaced || excuses.closed || it.disposed {
            return;
        }
        let chat = &self.chats[call.chat];
        if self.unnamed {
            return self.judge_unnamed_close(page, number);
        }
        if chat.closed {
            return;
        }
        let Some(seq) = self.own_seq(page, number) else {
            return self.judge_unnamed_close(page, number);
        };
        let stopped = it.judged[call.chat].stopped_up_to.is_some_and(|up_to| seq <= up_to);
        let Some(turn) = chat.agent.turn_of(seq) else {
            return self.violate("P1", format!("call {number} closed before its turn began"));
        };
        if stopped || turn.died {
            return;
        }
        if turn.boundary.is_none() {
            return self.violate("P1", format!("call {number} closed in the middle of its turn"));
        }
        let Some((first, last)) = turn.first.zip(turn.last) else { return };
        let first_kept = chat.log.first as i64;
        let begun = call.start.is_some_and(|start| start < first.max(first_kept));
        if last >= first_kept && (call.place < last || !begun) {
            let shown = (call.start, call.place);
            self.violate("P1", format!("call {number} shows {shown:?} of parts {first}..={last}"));
        }
    }

    /// Nobody said whose boundary it is: the first one ends the turn.
    fn judge_unnamed_close(&mut self, page: usize, number: CallId) {
        let Some(call) = self.pages[page].calls.get(&number) else { return };
        let log = &self.chats[call.chat].log;
        let read = call.place.max(call.joined) + 1;
        let mut behind = log.kinds.iter().skip(log.first.max(read as usize));
        let shown = |kind: &&Kind| !matches!(kind, Kind::Other | Kind::Part { repeats: true, .. });
        let next = behind.find(shown);
        // A session that is made anew has another stream.
        let excused = self.plan.has(Fault::SessionGone)
            || self.may_hold_back(page, call.chat)
            || self.pages[page].judged[call.chat].believes_settled();
        if !excused && !matches!(next, Some(Kind::Complete { .. } | Kind::Closed)) {
            self.violate("P1", format!("call {number} closed before a boundary"));
        }
    }
}

impl Excuses {
    pub(crate) fn replaced(self) -> bool {
        self.replaced
    }
}
