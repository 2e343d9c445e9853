//! Keeps the driving rule: one input in, every output out, one timer.
//!
//! Outputs are drained before any of them is obeyed, and a borrow lasts a statement: whatever is
//! called may call back in.

use std::cell::{Cell, RefCell};

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::convert::{write_error, write_event, write_session, write_settlement};
use super::host::Host;
use super::requests::{Requests, Subscription};
use crate::io::{CallId, ChatInput, Connection, Outcome, TabOutput};
use crate::wire::{array_of, first_value};
use crate::{Config, Input, Machine, Output};

/// The longest time that `setTimeout` takes without overflowing into "at once".
const TIMEOUT_LIMIT_MS: u64 = i32::MAX as u64;

/// A machine in a page.
pub(super) struct Driver {
    pub(super) host: Host,
    machine: RefCell<Machine>,
    /// Outputs to be obeyed: a batch for every input that came while another was obeyed.
    queue: RefCell<Vec<Vec<Output>>>,
    obeying: Cell<bool>,
    /// When the timer fires, if it is armed.
    armed_ms: Cell<Option<u64>>,
    /// The bodies of sends that are not settled yet.
    bodies: RefCell<Vec<(CallId, JsString)>>,
    pub(super) requests: Requests,
    listens: Cell<bool>,
}

impl Driver {
    pub(super) fn new(host: Host, config: Config) -> Self {
        Self {
            host,
            machine: RefCell::new(Machine::new(config)),
            queue: RefCell::default(),
            obeying: Cell::default(),
            armed_ms: Cell::default(),
            bodies: RefCell::default(),
            requests: Requests::default(),
            listens: Cell::default(),
        }
    }

    /// Feeds what happened to a chat.
    pub(super) fn tell(&self, chat: String, input: ChatInput) {
        self.feed(Input::Chat { chat, input });
    }

    /// Feeds one input and obeys every output. Called from within an output (a callback of the
    /// application called back in), it leaves the outputs to the call that is obeying already.
    pub(super) fn feed(&self, input: Input) {
        {
            let mut machine = self.machine.borrow_mut();
            machine.handle(now_ms(), input);
            self.queue.borrow_mut().push(machine.drain());
        }
        if self.obeying.replace(true) {
            return;
        }
        while let Some(outputs) = self.next_batch() {
            outputs.into_iter().for_each(|output| self.obey(output));
        }
        self.obeying.set(false);
        self.arm();
        self.listen();
    }

    /// Listens to the page while something is sent or read, and no longer (D4).
    fn listen(&self) {
        let active = self.machine.borrow().is_active();
        if self.listens.replace(active) != active {
            self.host.listen(active);
        }
    }

    fn next_batch(&self) -> Option<Vec<Output>> {
        let mut queue = self.queue.borrow_mut();
        (!queue.is_empty()).then(|| queue.remove(0))
    }

    pub(super) fn keep_body(&self, call: CallId, body: JsString) {
        self.bodies.borrow_mut().push((call, body));
    }

    pub(super) fn body(&self, call: CallId) -> Option<JsString> {
        let bodies = self.bodies.borrow();
        bodies.iter().find(|(of, _)| *of == call).map(|(_, body)| body.clone())
    }

    /// How a chat's connection stands.
    pub(super) fn connection(&self, chat: &str) -> Connection {
        self.machine.borrow().connection(chat)
    }

    /// The last inputs and outputs, as JSON.
    pub(super) fn trace(&self) -> String {
        self.machine.borrow().trace().render()
    }

    /// The armed time has come.
    pub(super) fn tick(&self) {
        self.armed_ms.take();
        self.feed(Input::Tick);
    }

    fn obey(&self, output: Output) {
        match output {
            Output::StartSession { chat, request } => self.start_session(chat, request),
            Output::MintToken { chat, request } => self.mint_token(&chat, request),
            Output::Append { chat, request, token, part_id, body } => {
                self.append(&chat, request, &token, &part_id, body);
            }
            Output::HeadStart { chat, request, call } => self.head_start(&chat, request, call),
            Output::Connect { chat, request, token, last_event_id, peek_settled, call } => {
                let ask = Subscription { last_event_id, peek_settled, call };
                self.subscribe(&chat, request, &token, &ask);
            }
            Output::Disconnect { request } => self.disconnect(request),
            Output::Settle { call, outcome } => self.settle(call, outcome),
            Output::Chunks { call, chunks } => self.hand_over(call, &chunks),
            Output::Settled { call, input_seq, session_in_event_id, last_event_id } => {
                let settlement =
                    write_settlement(input_seq, &session_in_event_id, last_event_id.as_deref());
                self.host.settled(call, &settlement);
            }
            Output::Close { call } => self.host.close(call),
            Output::Fail { call, error } => self.host.fail(call, &write_error(&error)),
            Output::SessionChanged { chat, state, notify } => {
                self.host.session_changed(&chat, &write_session(&state), notify);
            }
            Output::Event { chat, timestamp_ms, event } => {
                self.host.event(&write_event(&chat, timestamp_ms, &event));
            }
            Output::Tab(TabOutput { act, chat, last_event_id }) => {
                self.host.tab(act.number(), &chat, last_event_id);
            }
        }
    }

    fn settle(&self, call: CallId, outcome: Outcome) {
        self.bodies.borrow_mut().retain(|(of, _)| *of != call);
        match outcome {
            Outcome::Session(state) => self.host.resolve(call, &write_session(&state)),
            Outcome::Stream { repeats } => self.host.resolve_stream(call, repeats),
            Outcome::NoStream => self.host.resolve(call, &JsValue::NULL),
            Outcome::Accepted(accepted) => self.host.resolve(call, &accepted.into()),
            Outcome::Failed(error) => self.host.reject(call, &write_error(&error)),
        }
    }

    /// Parses a group of chunks at once. If one of them is malformed, each is parsed alone, so that
    /// only that one is lost (C3); what a long body may hold behind its chunk is left away.
    fn hand_over(&self, call: CallId, chunks: &[String]) {
        if !self.host.chunks(call, &array_of(chunks)) {
            for chunk in chunks {
                self.host.chunks(call, &array_of(&[first_value(chunk).to_owned()]));
            }
        }
    }

    /// Arms the one timer. An earlier one is left to fire: it finds nothing due and arms anew, which
    /// spares a call for every read.
    fn arm(&self) {
        let deadline_ms = self.machine.borrow().deadline_ms();
        let delay_ms = match (deadline_ms, self.armed_ms.get()) {
            (None, None) => return,
            (Some(deadline_ms), Some(armed_ms)) if armed_ms <= deadline_ms => return,
            (deadline_ms, _) => deadline_ms.map(|deadline_ms| {
                deadline_ms.saturating_sub(now_ms()).min(TIMEOUT_LIMIT_MS) as u32
            }),
        };
        self.armed_ms.set(deadline_ms);
        self.host.arm_timer(delay_ms);
    }
}

/// Unix time in milliseconds. Not `performance.now()`: it goes backwards under fake timers.
fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}
