//! A model of the agent: it answers each input with a turn, in the order of `.in`, and listens for
//! stops while it does.

use std::collections::VecDeque;

use crate::faults::Fault;
use crate::log;
use crate::random::Random;
use crate::server::{self, What};
use crate::world::{Event, World};

/// What an agent is doing.
#[derive(Debug, Default)]
pub(crate) struct Agent {
    pub(crate) turns: Vec<Turn>,
    /// The turn that is being written.
    pub(crate) running: Option<usize>,
    /// Inputs that wait for it to end.
    waiting: VecDeque<u64>,
    last_received: u64,
    /// The step that is planned; others are of a turn that was stopped.
    step: u64,
}

/// One turn.
#[derive(Debug)]
pub(crate) struct Turn {
    /// The `.in` seq that it answers.
    pub(crate) input_seq: u64,
    /// Where its first and its last part stand.
    pub(crate) first: Option<i64>,
    pub(crate) last: Option<i64>,
    /// Where its boundary stands.
    pub(crate) boundary: Option<i64>,
    /// Its run died: no boundary will come.
    pub(crate) died: bool,
    planned: u64,
    written: u64,
    random: Random,
}

impl Agent {
    pub(crate) fn turn_of(&self, input_seq: u64) -> Option<&Turn> {
        self.turns.iter().find(|turn| turn.input_seq == input_seq)
    }

    /// The last `.in` record that needs no more handling.
    fn committed(&self) -> u64 {
        self.waiting.front().map_or(self.last_received, |seq| seq.saturating_sub(1))
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.running.is_none() && self.waiting.is_empty()
    }
}

impl World {
    /// A new entry of `.in` reaches the agent.
    pub(crate) fn agent_receives(&mut self, chat: usize, seq: u64) {
        let Some(&(what, _)) = self.chats[chat].inputs.get(seq as usize) else { return };
        let agent = &mut self.chats[chat].agent;
        agent.last_received = seq;
        match (what, agent.running) {
            (What::Stop, Some(turn)) => self.end_turn(chat, turn, true),
            (What::Steer(_), Some(turn)) => {
                // It goes into the running turn, which says one thing more.
                agent.turns[turn].planned += 1;
            }
            (What::Stop, None) => {}
            (_, Some(_)) => agent.waiting.push_back(seq),
            (_, None) => self.begin_turn(chat, seq),
        }
    }

    fn begin_turn(&mut self, chat: usize, seq: u64) {
        let number = self.chats[chat].agent.turns.len();
        let mut random = Random::of(self.plan.seed, "turn", (chat as u64) << 32 | number as u64);
        let what = self.chats[chat].inputs[seq as usize].0;
        let planned = match what {
            What::Action(_) if random.chance(50) => 0,
            _ if self.active(Fault::BigTurn) && random.chance(50) => {
                self.hits.hit(Fault::BigTurn);
                random.within(200, 1_200)
            }
            _ => random.within(0, 12),
        };
        if self.active(Fault::Upgrade) && random.chance(60) {
            self.hits.hit(Fault::Upgrade);
            self.chats[chat].log.upgrade();
        }
        let agent = &mut self.chats[chat].agent;
        let turn = Turn {
            input_seq: seq,
            first: None,
            last: None,
            boundary: None,
            died: false,
            planned,
            written: 0,
            random,
        };
        agent.turns.push(turn);
        agent.running = Some(number);
        self.plan_step(chat, number);
    }

    fn plan_step(&mut self, chat: usize, turn: usize) {
        let slow_tool = self.active(Fault::SlowTool);
        let agent = &mut self.chats[chat].agent;
        agent.step += 1;
        let step = agent.step;
        let random = &mut agent.turns[turn].random;
        let mut delay_ms = random.within(1, 40) * random.within(1, 20);
        if slow_tool && random.chance(12) {
            self.hits.hit(Fault::SlowTool);
            delay_ms = random.within(20_000, 200_000);
        }
        self.queue.push(self.now_ms + delay_ms, Event::AgentStep { chat, step });
    }

    /// The running turn goes on.
    pub(crate) fn agent_steps(&mut self, chat: usize, step: u64) {
        let agent = &mut self.chats[chat].agent;
        let Some(number) = agent.running.filter(|_| agent.step == step) else { return };
        let turn = &mut agent.turns[number];
        if turn.written >= turn.planned {
            return self.end_turn(chat, number, false);
        }
        let burst = if turn.planned > 100 { turn.random.within(1, 400) } else { 3 };
        let parts = turn.random.within(1, burst).min(turn.planned - turn.written);
        let dies = turn.random.chance(25);
        for _ in 0..parts {
            self.write_part(chat, number);
        }
        if self.active(Fault::AgentDies) && dies {
            self.hits.hit(Fault::AgentDies);
            self.chats[chat].agent.turns[number].died = true;
            self.flush(chat);
            return self.next_turn(chat);
        }
        self.flush(chat);
        self.plan_step(chat, number);
    }

    fn write_part(&mut self, chat: usize, number: usize) {
        let doubles = self.active(Fault::DoublePart);
        let malformed = self.active(Fault::MalformedRecord);
        let commands = self.active(Fault::CommandRecords);
        // An agent may leave it out, but then it always does.
        let says_start = self.plan.seed.is_multiple_of(2);
        let Self { chats, hits, legacy, .. } = self;
        let server::Chat { log, agent, .. } = &mut chats[chat];
        let turn = &mut agent.turns[number];
        let text = log::chunk(chat, number, turn.written, says_start);
        let part_id = format!("{chat}-{number}-{}", turn.written);
        let place = log.len() as i64;
        log.part(number, &text, &part_id);
        turn.first.get_or_insert(place);
        turn.last = Some(place);
        turn.written += 1;
        if doubles && !*legacy && turn.random.chance(30) {
            hits.hit(Fault::DoublePart);
            log.part(number, &text, &part_id);
        }
        if malformed && turn.random.chance(10) {
            hits.hit(Fault::MalformedRecord);
            log.malformed();
        }
        if commands && turn.random.chance(20) {
            hits.hit(Fault::CommandRecords);
            log.command();
        }
    }

    /// Writes what still belongs to a turn, and its boundary.
    fn end_turn(&mut self, chat: usize, number: usize, stopped: bool) {
        if stopped && self.chats[chat].agent.turns[number].random.chance(50) {
            self.write_part(chat, number);
        }
        let rotates = self.active(Fault::TokenInBoundary);
        let trims = self.active(Fault::Trim);
        let server = &mut self.chats[chat];
        let token = rotates.then(|| {
            self.hits.hit(Fault::TokenInBoundary);
            let number = server.mint();
            server.oldest_token = number;
            (number, server::token(number))
        });
        let before =
            server.log.kinds.iter().rposition(|kind| matches!(kind, log::Kind::Complete { .. }));
        server.agent.turns[number].boundary = Some(server.log.len() as i64);
        let committed = server.agent.committed();
        server.log.complete(committed, token);
        if trims {
            server.log.command();
            if let Some(before) = before.filter(|_| server.agent.turns.len() > 1) {
                self.hits.hit(Fault::Trim);
                server.log.first = before;
            }
        }
        self.flush(chat);
        self.next_turn(chat);
    }

    fn next_turn(&mut self, chat: usize) {
        let agent = &mut self.chats[chat].agent;
        agent.running = None;
        if self.chats[chat].closed {
            self.chats[chat].agent.waiting.clear();
            self.chats[chat].log.closed();
            return self.flush(chat);
        }
        let agent = &mut self.chats[chat].agent;
        if let Some(seq) = agent.waiting.pop_front() {
            self.begin_turn(chat, seq);
        }
    }

    /// The session closes: the running turn ends first.
    pub(crate) fn close_session(&mut self, chat: usize) {
        if core::mem::replace(&mut self.chats[chat].closed, true) || !self.chats[chat].exists {
            return;
        }
        self.hits.hit(Fault::SessionCloses);
        match self.chats[chat].agent.running {
            Some(turn) => self.end_turn(chat, turn, true),
            None => self.next_turn(chat),
        }
    }
}
