//! What users, applications and devices do to a page.

use trigger_chat_transport::Input;
use trigger_chat_transport::Secret;
use trigger_chat_transport::io::{
    CallId, ChatInput, PersistedSession, Send, SendSource, TabEvent, Wake,
};

use crate::calls::{Asked, Call, State, label};
use crate::faults::Fault;
use crate::page::{Page, Request, ToPage};
use crate::plan::{Act, Op};
use crate::random::Random;
use crate::requests::Requests;
use crate::server::{What, token};
use crate::wire::Arrival;
use crate::world::{Event, World};

impl World {
    /// Does what the plan says.
    pub(crate) fn act(&mut self, number: usize) {
        let op = self.plan.ops[number];
        let Op { slot, chat, act, .. } = op;
        let page = self.slots[slot.min(self.slots.len() - 1)];
        if self.pages[page].frozen {
            // Nobody can touch a frozen page.
            return self.queue.push(self.now_ms + 500, Event::Op(number));
        }
        if self.pages[page].disposed && act != Act::Dispose {
            return;
        }
        let mut random = Random::of(self.plan.seed, "act", op.at_ms);
        if let Some(fault) = act.fault() {
            self.hits.hit(fault);
        }
        match act {
            Act::Send => self.send_when_idle(page, number),
            Act::SendAtOnce => self.send(page, chat, SendSource::SubmitMessage),
            Act::Action => self.send(page, chat, SendSource::Action),
            Act::Steer => self.send(page, chat, SendSource::Steer),
            Act::PressStop => self.press_stop(page, chat),
            Act::Abort => self.abort(page, chat),
            Act::Cancel => self.cancel(page, chat),
            Act::Remount => {
                self.cancel(page, chat);
                let at_ms = self.now_ms + random.within(0, 500);
                self.queue.push(at_ms, Event::Reconnect { page, chat });
            }
            Act::Reload => {
                self.pages[page].disposed = true;
                self.feed(page, Input::Dispose);
                self.reload(page);
            }
            Act::Crash => self.reload(page),
            Act::Dispose => {
                self.pages[page].disposed = true;
                self.feed(page, Input::Dispose);
                self.feed(page, Input::Dispose);
                self.send(page, chat, SendSource::SubmitMessage);
            }
            Act::TokensDie => {
                self.chats[chat].oldest_token = self.chats[chat].newest_token + 1;
            }
            Act::CloseSession => self.close_session(chat),
            _ => self.device(page, act, &mut random),
        }
    }

    fn device(&mut self, page: usize, act: Act, random: &mut Random) {
        match act {
            Act::FreezeKills | Act::FreezeKeeps => {
                let frozen_ms = random.within(1_000, 90_000);
                if act == Act::FreezeKills {
                    self.drop_connections(page, None);
                }
                self.freeze(page, frozen_ms, Wake::Check);
            }
            Act::BackForward => {
                let reads = |(request, one): (&u32, &Request)| {
                    matches!(one, Request::Reading(_)).then_some(*request)
                };
                let request = self.pages[page].requests.iter().find_map(reads);
                self.drop_connections(page, None);
                if let Some(request) = request {
                    self.reach(page, ToPage::Arrived { request, what: Arrival::Broke });
                }
                self.freeze(page, random.within(1_000, 60_000), Wake::Reconnect);
            }
            Act::Offline => {
                self.offline_until_ms[page] = self.now_ms + random.within(500, 25_000);
                self.reach(page, ToPage::Wake(Wake::Offline));
                let to = ToPage::Wake(Wake::Reconnect);
                self.queue.push(self.offline_until_ms[page], Event::ToPage { page, to });
            }
            Act::WakeStorm => {
                let mut at_ms = self.now_ms;
                for _ in 0..random.within(10, 40) {
                    at_ms += random.within(0, 250);
                    let kinds = [Wake::Reconnect, Wake::RetryNow, Wake::Check];
                    let to = ToPage::Wake(random.pick(&kinds));
                    self.queue.push(at_ms, Event::ToPage { page, to });
                }
            }
            Act::ClockForward => {
                let it = &mut self.pages[page];
                it.clock_offset_ms += 3_600_000;
                it.judged.iter_mut().for_each(Requests::clock_jumped);
            }
            _ => {
                self.pages[page].clock_offset_ms -= random.within(1_000, 3_600_000) as i64;
            }
        }
    }

    fn freeze(&mut self, page: usize, frozen_ms: u64, wake: Wake) {
        self.unpunctual = true;
        self.pages[page].frozen = true;
        self.queue.push(self.now_ms + frozen_ms, Event::Thaw { page, wake });
    }

    /// A new call of a page.
    fn call(&mut self, page: usize, chat: usize, asked: impl FnOnce(u64) -> Asked) -> CallId {
        self.active_ms = self.now_ms;
        let slow = self.active(Fault::SlowConsumer);
        let it = &mut self.pages[page];
        it.last_call += 1;
        let number = it.last_call;
        let mut call = Call::new(chat, asked(label(page, number)));
        if slow && it.random.chance(60) {
            call.pace_ms = it.random.within(1, 60) * it.random.within(1, 20);
        }
        it.calls.insert(number, call);
        number
    }

    /// The application starts the session before there is anything to send.
    pub(crate) fn start(&mut self, page: usize, chat: usize) {
        let call = self.call(page, chat, |_| Asked::Start);
        self.tell(page, chat, ChatInput::Start { call });
    }

    /// As an application does: the next message waits for the answer to the last.
    fn send_when_idle(&mut self, page: usize, op: usize) {
        let chat = self.plan.ops[op].chat;
        let busy = |call: &Call| call.chat == chat && call.is_active();
        if self.pages[page].watch || !self.pages[page].calls.values().any(busy) {
            return self.send(page, chat, SendSource::SubmitMessage);
        }
        if self.now_ms < self.last_act_ms + 60_000 {
            self.queue.push(self.now_ms + 400, Event::Op(op));
        }
    }

    pub(crate) fn send(&mut self, page: usize, chat: usize, source: SendSource) {
        let call = self.call(page, chat, |label| {
            Asked::Send(match source {
                SendSource::Steer => What::Steer(label),
                SendSource::Action => What::Action(label),
                _ => What::Message(label),
            })
        });
        let message_id = Some("message".to_owned());
        let send = Send { source, message_id, body_bytes: 10, escaped_body_bytes: 12 };
        self.tell(page, chat, ChatInput::Send { call, send });
    }

    pub(crate) fn press_stop(&mut self, page: usize, chat: usize) {
        if self.active_call(page, chat).is_none() && self.legacy {
            return;
        }
        let seq = self.last_seq_of(page, chat);
        let pending = |call: &Call| call.chat == chat && call.state == State::Pending;
        let unknown = self.pages[page].calls.values().any(pending);
        let it = &mut self.pages[page];
        it.judged[chat].stopped_unknown |= unknown;
        let known = seq.or(it.judged[chat].stopped_up_to);
        if known.is_some() {
            it.judged[chat].stopped(known);
        }
        for call in it.calls.values_mut().filter(|call| call.chat == chat) {
            // What has not left is taken back.
            call.given_up |= call.is_active() && call.state == State::Pending;
        }
        let call = self.call(page, chat, |_| Asked::Stop);
        let source = SendSource::Stop;
        let send = Send { source, message_id: None, body_bytes: 15, escaped_body_bytes: 15 };
        self.tell(page, chat, ChatInput::Send { call, send });
    }

    /// The newest call that an answer is read for, or is to be.
    fn active_call(&self, page: usize, chat: usize) -> Option<CallId> {
        let calls = self.pages[page].calls.iter().rev();
        let mut active = calls.filter(|(_, call)| call.chat == chat && call.is_active());
        active.next().map(|(number, _)| *number)
    }

    pub(crate) fn abort(&mut self, page: usize, chat: usize) {
        let Some(number) = self.active_call(page, chat) else { return };
        let it = &self.pages[page];
        let Some(call) = it.calls.get(&number) else { return };
        if self.legacy && call.state != State::Streaming {
            return;
        }
        let seq = match call.label() {
            Some(label) => self.chats[chat].seq_of(label),
            None => self.last_seq_of(page, chat),
        };
        let it = &mut self.pages[page];
        it.judged[chat].stopped(seq);
        if let Some(call) = it.calls.get_mut(&number) {
            it.judged[chat].stopped_unknown |= call.state == State::Pending;
            call.given_up = true;
        }
        self.tell(page, chat, ChatInput::Abort(number));
    }

    fn cancel(&mut self, page: usize, chat: usize) {
        let Some(number) = self.active_call(page, chat) else { return };
        if let Some(call) = self.pages[page].calls.get_mut(&number) {
            if call.state != State::Streaming {
                return;
            }
            call.given_up = true;
        }
        self.tell(page, chat, ChatInput::Cancel(number));
    }

    pub(crate) fn reconnect(&mut self, page: usize, chat: usize) {
        if self.pages[page].disposed || self.pages[page].gone {
            return;
        }
        let state = self.pages[page].stored[chat].as_ref();
        let streams = state.filter(|state| state.is_streaming == Some(true));
        let resumes = streams.and_then(|state| state.active_input_seq);
        let call = self.call(page, chat, |_| Asked::Reconnect);
        let stop_on_abort = self.pages[page].random.chance(50);
        if let Some(call) = self.pages[page].calls.get_mut(&call) {
            call.resumes = resumes;
        }
        self.tell(page, chat, ChatInput::Reconnect { call, stop_on_abort });
    }

    /// The page is loaded anew, from what the application stored.
    fn reload(&mut self, page: usize) {
        let (slot, watch) = (self.pages[page].slot, self.pages[page].watch);
        self.pages[page].gone = true;
        self.free_locks(page);
        self.pages[page].requests.clear();
        self.drop_connections(page, None);
        let stored = self.pages[page].stored.clone();
        let new = self.open_page(slot, watch);
        for (chat, state) in stored.into_iter().enumerate() {
            if let Some(state) = state {
                self.hydrate(new, chat, state);
                let at_ms = self.now_ms + 1 + self.pages[new].random.within(0, 300);
                self.queue.push(at_ms, Event::Reconnect { page: new, chat });
            }
        }
    }

    pub(crate) fn open_page(&mut self, slot: usize, watch: bool) -> usize {
        let number = self.pages.len();
        let random = Random::of(self.plan.seed, "page", number as u64);
        let tabs = self.tab_mode(watch);
        self.pages.push(Page::new(slot, self.chats.len(), (watch, tabs), random));
        self.offline_until_ms.push(0);
        self.slots[slot] = number;
        let (event, chat) = (TabEvent::Opened, String::new());
        self.tab_input(number, Input::TabEvent { event, chat });
        number
    }

    fn hydrate(&mut self, page: usize, chat: usize, state: PersistedSession) {
        self.tell(page, chat, ChatInput::Hydrate { state, notify: false });
    }

    /// The application knows a session that it made before.
    pub(crate) fn hydrate_new(&mut self, page: usize, chat: usize, exists: bool) {
        self.chats[chat].exists |= exists;
        let number = self.chats[chat].mint();
        let state = PersistedSession {
            token: Secret::new(token(number)),
            last_event_id: None,
            active_input_seq: None,
            is_streaming: self.pages[page].random.chance(70).then_some(false),
            closed: None,
            closed_reason: None,
        };
        self.hydrate(page, chat, state);
    }
}
