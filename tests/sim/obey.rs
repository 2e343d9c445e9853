//! Obeys a machine's outputs: makes requests, calls callbacks, hands chunks to consumers.

use trigger_chat_transport::io::{Body, CallId, Output, RequestId};

use crate::calls::{Asked, State, chat_number, label};
use crate::faults::Fault;
use crate::judge::place;
use crate::page::{Reading, Request, ToPage};
use crate::plan::Mode;
use crate::server::{What, token_number};
use crate::world::{Event, World};

impl World {
    pub(crate) fn obey(&mut self, page: usize, output: Output) {
        match output {
            Output::StartSession { chat, request } => {
                self.start_session(page, chat_number(&chat), request);
            }
            Output::MintToken { chat, request } => {
                self.mint_token(page, chat_number(&chat), request)
            }
            Output::Append { chat, request, token, part_id, body } => {
                let chat = chat_number(&chat);
                let what = match body {
                    Body::Stop => What::Stop,
                    Body::Of(call) => self.body(page, call),
                };
                self.pages[page].requests.insert(request, Request::Append { chat });
                let about = (chat, token_number(token.expose()), part_id, what);
                self.send_append(page, request, about);
            }
            Output::Connect { chat, request, token, last_event_id, peek_settled, call } => {
                let chat = chat_number(&chat);
                let reading = Reading::new(chat, call);
                self.pages[page].requests.insert(request, Request::Reading(reading));
                let cursor = place(last_event_id.as_deref());
                let ask = (token_number(token.expose()), cursor, peek_settled);
                self.send_subscription((page, request), chat, ask);
            }
            Output::Disconnect { request } => {
                let it = &mut self.pages[page];
                if let Some(Request::Reading(reading)) = it.requests.remove(&request)
                    && reading.spoke
                {
                    it.judged[reading.chat].heard();
                }
                self.drop_connections(page, Some(request));
            }
            Output::Chunks { call, chunks } => self.hand_over(page, call, chunks.len()),
            Output::SessionChanged { chat, state, notify } => {
                self.pages[page].stored[chat_number(&chat)] = Some(state);
                if notify {
                    self.called_back(page, chat_number(&chat));
                }
            }
            Output::Tab(output) => self.obey_tab(page, output),
            Output::Event { chat, .. } => self.called_back(page, chat_number(&chat)),
            Output::HeadStart { .. }
            | Output::Settle { .. }
            | Output::Settled { .. }
            | Output::Close { .. }
            | Output::Fail { .. } => {}
        }
    }

    fn body(&self, page: usize, call: CallId) -> What {
        match self.pages[page].calls.get(&call).map(|call| call.asked) {
            Some(Asked::Send(what)) => what,
            _ => What::Message(label(page, call)),
        }
    }

    fn hand_over(&mut self, page: usize, number: CallId, chunks: usize) {
        let Some(call) = self.pages[page].calls.get_mut(&number) else { return };
        if call.pace_ms == 0 {
            return;
        }
        if call.backlog == 0 {
            let to = ToPage::Consumed { call: number };
            self.queue.push(self.now_ms + call.pace_ms, Event::ToPage { page, to });
        }
        self.hits.hit(Fault::SlowConsumer);
        call.backlog += chunks;
    }

    /// How long a callback takes; `None`: it never answers.
    fn callback_takes(&mut self, page: usize) -> Option<u64> {
        let mut random = self.pages[page].random.clone();
        let draw = random.next();
        self.pages[page].random = random;
        if self.active(Fault::SilentCallback) && draw % 100 < 30 {
            self.hits.hit(Fault::SilentCallback);
            // Where everything must come to its end, it answers late.
            return (self.plan.mode == Mode::Safety).then_some(45_000).xor(Some(45_000));
        }
        if self.active(Fault::SlowCallback) && draw % 100 < 60 {
            self.hits.hit(Fault::SlowCallback);
            return Some(500 + draw / 100 % 20_000);
        }
        Some(1 + draw / 100 % 50)
    }

    fn throws(&mut self, page: usize) -> bool {
        let throws = self.active(Fault::ThrowingCallback) && self.pages[page].random.chance(50);
        if throws {
            self.hits.hit(Fault::ThrowingCallback);
        }
        throws
    }

    fn start_session(&mut self, page: usize, chat: usize, request: RequestId) {
        let starts = self.starts_sessions[self.pages[page].slot];
        let answer = if !starts {
            Err(false)
        } else if self.throws(page) {
            Err(true)
        } else {
            self.chats[chat].exists = true;
            Ok(self.chats[chat].mint())
        };
        let takes_ms = if starts { self.callback_takes(page) } else { Some(0) };
        if let Some(takes_ms) = takes_ms {
            let to = ToPage::Started { chat, request, answer };
            self.queue.push(self.now_ms + takes_ms, Event::ToPage { page, to });
        }
    }

    fn mint_token(&mut self, page: usize, chat: usize, request: RequestId) {
        let answer = if self.throws(page) { None } else { Some(self.chats[chat].mint()) };
        if let Some(takes_ms) = self.callback_takes(page) {
            let to = ToPage::Minted { chat, request, answer };
            self.queue.push(self.now_ms + takes_ms, Event::ToPage { page, to });
        }
    }

    /// A callback of the application may do anything at once.
    fn called_back(&mut self, page: usize, chat: usize) {
        if !self.active(Fault::CallsBack) || !self.pages[page].random.chance(4) {
            return;
        }
        self.hits.hit(Fault::CallsBack);
        let it = &mut self.pages[page];
        let streams = it.calls.values().any(|call| call.state == State::Streaming);
        match it.random.next() % 3 {
            0 if streams => self.abort(page, chat),
            1 => self.press_stop(page, chat),
            _ => self.reconnect(page, chat),
        }
    }
}
