//! Requests on their way to the server and back, and what goes wrong with them.

use trigger_chat_transport::link::ResponseHead;

use crate::faults::Fault;
use crate::page::ToPage;
use crate::random::Random;
use crate::server::{Answer, What};
use crate::wire::{Arrival, Stop, Wire};
use crate::world::{Event, World};

/// An append on its way.
#[derive(Debug)]
pub(crate) struct Append {
    pub(crate) page: usize,
    pub(crate) request: u32,
    pub(crate) chat: usize,
    pub(crate) token: u64,
    pub(crate) part_id: String,
    pub(crate) what: What,
    fate: Fate,
}

/// What becomes of an append that reaches the server.
#[derive(Debug, Clone)]
enum Fate {
    Answered,
    /// It is written, and this status is all that comes back.
    Status(u16),
    Lost,
    Hangs,
}

/// A subscription on its way, and then open.
#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) page: usize,
    pub(crate) request: u32,
    pub(crate) chat: usize,
    token: u64,
    /// The last record that the page has.
    cursor: i64,
    peek: bool,
    /// The next record to send.
    pub(crate) next: usize,
    pub(crate) open: bool,
    pub(crate) wire: Wire,
    head_after_ms: u64,
    no_body: bool,
    /// What is sent with the next batch that goes wrong.
    pub(crate) odd_event: Option<Fault>,
    pub(crate) window_ms: u64,
}

fn status(status: u16) -> ResponseHead {
    ResponseHead { status, ..ResponseHead::default() }
}

/// What a server that is asked too often says.
fn too_many(random: &mut Random, now_ms: u64) -> ResponseHead {
    let retry_after =
        random.pick(&["1", "7", "0", "3600", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"]);
    let mut head = status(random.pick(&[429, 503]));
    if random.chance(70) {
        head.retry_after = Some(retry_after.into());
    } else {
        head.ratelimit_reset = Some((now_ms + random.within(0, 20_000)).to_string());
    }
    head
}

impl World {
    fn fates(&mut self) -> Random {
        self.requests += 1;
        Random::of(self.plan.seed, "request", self.requests)
    }

    /// Whether a fault takes effect now.
    fn strikes(&mut self, fault: Fault, percent: u64, random: &mut Random) -> bool {
        let strikes = self.active(fault) && random.chance(percent);
        if strikes {
            self.hits.hit(fault);
        }
        strikes
    }

    /// A page makes an append.
    pub(crate) fn send_append(
        &mut self,
        page: usize,
        request: u32,
        about: (usize, u64, String, What),
    ) {
        let (chat, token, part_id, what) = about;
        let mut random = self.fates();
        let travels_ms = random.within(2, 60) * if random.chance(10) { 10 } else { 1 };
        let answer = |world: &mut Self, head: Option<ResponseHead>| {
            let to = ToPage::Appended { request, head, body: String::new() };
            world.queue.push(world.now_ms + 2 * travels_ms, Event::ToPage { page, to });
        };
        let offline = self.now_ms < self.offline_until_ms[page];
        if offline || self.strikes(Fault::AppendRefused, 60, &mut random) {
            return answer(self, None);
        }
        if self.strikes(Fault::AppendUnauthorized, 40, &mut random) {
            return answer(self, Some(status(random.pick(&[401, 403]))));
        }
        if self.strikes(Fault::AppendTooMany, 50, &mut random) {
            let head = too_many(&mut random, self.now_ms);
            return answer(self, Some(head));
        }
        if self.strikes(Fault::AppendPortal, 30, &mut random) {
            let content_type = Some("text/html".to_owned());
            return answer(self, Some(ResponseHead { content_type, ..status(200) }));
        }
        if self.strikes(Fault::AppendTooLarge, 30, &mut random) {
            return answer(self, Some(status(random.pick(&[400, 413, 422]))));
        }
        let mut fate = Fate::Answered;
        if self.strikes(Fault::AppendAnswerLost, 50, &mut random) {
            fate = Fate::Lost;
        } else if self.strikes(Fault::AppendHangs, 40, &mut random) {
            if random.chance(50) {
                return;
            }
            fate = Fate::Hangs;
        } else if self.strikes(Fault::AppendServerError, 50, &mut random) {
            let failed = random.pick(&[408, 500, 502, 503, 504]);
            if random.chance(60) {
                return answer(self, Some(status(failed)));
            }
            fate = Fate::Status(failed);
        }
        let append = Append { page, request, chat, token, part_id, what, fate };
        self.queue.push(self.now_ms + travels_ms, Event::AppendArrives(Box::new(append)));
    }

    pub(crate) fn append_arrives(&mut self, append: &Append) {
        let Append { page, request, chat, token, part_id, what, fate } = append;
        let answer = self.chats[*chat].append(*token, part_id, *what, *page);
        if let Answer::Written { seq, is_new: true } = answer {
            self.judge_written(*chat, seq);
            let at_ms = self.now_ms + 1;
            self.queue.push(at_ms, Event::AgentReceives { chat: *chat, seq });
        }
        let (head, body) = match answer {
            Answer::Written { .. } if self.plan.has(Fault::AppendWithoutSeq) => {
                self.hits.hit(Fault::AppendWithoutSeq);
                (status(200), r#"{"ok":true}"#.to_owned())
            }
            Answer::Written { seq, .. } => (status(200), format!(r#"{{"ok":true,"seq":{seq}}}"#)),
            Answer::Unauthorized => (status(401), String::new()),
            Answer::NotFound => (status(404), String::new()),
            Answer::Closed => (status(409), r#"{"code":"session_closed"}"#.to_owned()),
        };
        let (head, body) = match fate {
            Fate::Answered => (Some(head), body),
            Fate::Status(failed) => (Some(status(*failed)), String::new()),
            Fate::Lost => (None, String::new()),
            Fate::Hangs => return,
        };
        let to = ToPage::Appended { request: *request, head, body };
        let travels_ms = 2 + u64::from(*request) % 50;
        self.queue.push(self.now_ms + travels_ms, Event::ToPage { page: *page, to });
    }

    /// A page subscribes; `cursor` is the last record that it has.
    pub(crate) fn send_subscription(
        &mut self,
        (page, request): (usize, u32),
        chat: usize,
        (token, cursor, peek): (u64, i64, bool),
    ) {
        let mut random = self.fates();
        let travels_ms = random.within(2, 60) * if random.chance(10) { 10 } else { 1 };
        let offline = self.now_ms < self.offline_until_ms[page];
        let refusal = if offline { Some(Some(None)) } else { self.refusal(&mut random) };
        if let Some(head) = refusal {
            let Some(head) = head else { return };
            let to = match head {
                Some(head) => ToPage::Head { request, head },
                None => ToPage::Arrived { request, what: Arrival::Broke },
            };
            return self.queue.push(self.now_ms + 2 * travels_ms, Event::ToPage { page, to });
        }
        let mut subscription = Subscription {
            page,
            request,
            chat,
            token,
            cursor,
            peek,
            next: 0,
            open: false,
            wire: Wire::new(Random::of(self.plan.seed, "wire", self.requests)),
            head_after_ms: travels_ms,
            no_body: self.strikes(Fault::NoBody, 40, &mut random),
            odd_event: None,
            window_ms: 120_000,
        };
        self.draw_faults(&mut subscription, &mut random);
        self.subscriptions.push(subscription);
        let number = self.subscriptions.len() - 1;
        self.queue.push(self.now_ms + travels_ms, Event::SubscriptionArrives(number));
    }

    /// What else than the stream comes back. Outer `None`: nothing else; then: nothing at all, a
    /// failure, or a head.
    fn refusal(&mut self, random: &mut Random) -> Option<Option<Option<ResponseHead>>> {
        if self.strikes(Fault::ConnectRefused, 60, random) {
            return Some(Some(None));
        }
        if self.strikes(Fault::Redirect, 40, random) {
            return Some(Some(None));
        }
        if self.strikes(Fault::ConnectHangs, 40, random) {
            return Some(None);
        }
        let mut head = None;
        if self.strikes(Fault::Portal, 25, random) {
            let content_type = Some("text/html; charset=utf-8".to_owned());
            head = Some(ResponseHead { content_type, ..status(200) });
        } else if self.strikes(Fault::NoContent, 25, random) {
            head = Some(status(204));
        } else if self.strikes(Fault::Unauthorized, 40, random) {
            head = Some(status(random.pick(&[401, 403])));
        } else if self.strikes(Fault::Refused, 25, random) {
            head = Some(status(random.pick(&[400, 404, 409, 410, 422])));
        } else if self.strikes(Fault::TooMany, 50, random) {
            head = Some(too_many(random, self.now_ms));
        } else if self.strikes(Fault::ServerError, 60, random) {
            head = Some(status(random.pick(&[408, 500, 502, 503, 504])));
        }
        head.map(|head| Some(Some(head)))
    }

    fn draw_faults(&mut self, to: &mut Subscription, random: &mut Random) {
        if self.strikes(Fault::LateHead, 40, random) {
            to.head_after_ms = random.within(2_000, 40_000);
        }
        if self.active(Fault::ReplayOlder) && random.chance(60) && to.cursor >= 0 && !self.legacy {
            self.hits.hit(Fault::ReplayOlder);
            to.cursor = (to.cursor - random.within(1, 10) as i64).max(-1);
        }
        if self.strikes(Fault::Reslice, 90, random) {
            to.wire.slice = random.within(1, 200) as usize;
        }
        if self.strikes(Fault::Drip, 70, random) {
            to.wire.slice = random.within(1, 60) as usize;
            to.wire.pause_ms = random.within(1, 400);
        }
        if self.strikes(Fault::ShortWindow, 70, random) {
            to.window_ms = random.within(100, 15_000);
        }
        for fault in [Fault::ErrorEvent, Fault::MalformedBatch, Fault::RetryHint, Fault::EmptyBatch]
        {
            if self.active(fault) && random.chance(50) {
                to.odd_event = Some(fault);
            }
        }
        for (fault, how) in [
            (Fault::CleanCut, Stop::Clean),
            (Fault::Reset, Stop::Reset),
            (Fault::Silence, Stop::Silent),
        ] {
            if self.active(fault) && random.chance(50) {
                to.wire.stop =
                    Some((random.within(0, 400 * random.clone().within(1, 8)) as usize, how));
            }
        }
        if self.active(Fault::TrickyCut) && random.chance(70) {
            to.wire.tricky = Some(random.pick(&[Stop::Clean, Stop::Reset]));
        }
    }

    pub(crate) fn subscription_arrives(&mut self, number: usize) {
        let (legacy, pings) = (self.legacy, !self.plan.has(Fault::NoPings));
        let asker = &self.pages[self.subscriptions[number].page];
        if asker.gone || !asker.requests.contains_key(&self.subscriptions[number].request) {
            return;
        }
        let subscription = &mut self.subscriptions[number];
        let chat = &mut self.chats[subscription.chat];
        let (page, request) = (subscription.page, subscription.request);
        let at_ms = self.now_ms + subscription.head_after_ms;
        let refused = if !chat.exists {
            Some(404)
        } else if subscription.token < chat.oldest_token {
            Some(401)
        } else {
            None
        };
        if let Some(refused) = refused {
            let to = ToPage::Head { request, head: status(refused) };
            return self.queue.push(at_ms, Event::ToPage { page, to });
        }
        // The old storage does not know.
        let settled = subscription.peek && !legacy && chat.log.is_settled();
        let head = ResponseHead {
            content_type: Some("text/event-stream".into()),
            stream_version: (!legacy).then(|| "v2".to_owned()),
            settled,
            ..status(200)
        };
        self.queue.push(at_ms, Event::ToPage { page, to: ToPage::Head { request, head } });
        subscription.wire.last_at_ms = at_ms;
        if subscription.no_body {
            let to = ToPage::Arrived { request, what: Arrival::Broke };
            return self.queue.push(at_ms, Event::ToPage { page, to });
        }
        subscription.next = (subscription.cursor + 1) as usize;
        subscription.open = true;
        self.live.push(number);
        if settled {
            self.flush_one(number);
            return self.end_window(number);
        }
        let window_ms = subscription.window_ms;
        self.queue.push(at_ms, Event::Flush(number));
        self.queue.push(at_ms + window_ms, Event::WindowEnds(number));
        if pings {
            self.queue.push(at_ms + 10_000, Event::Ping(number));
        } else {
            self.hits.hit(Fault::NoPings);
        }
    }
}
