//! The server's side of an open subscription: batches, pings, the end of its window.

use crate::faults::Fault;
use crate::page::ToPage;
use crate::wire::{Arrival, Stop};
use crate::world::{Event, World};

/// The most records in one batch.
const BATCH_LIMIT: usize = 1_000;

impl World {
    /// A chat's log has grown.
    pub(crate) fn flush(&mut self, chat: usize) {
        for &number in &self.live {
            if self.subscriptions[number].chat == chat {
                let travels_ms = 1 + (number as u64 * 7 + self.now_ms) % 20;
                self.queue.push(self.now_ms + travels_ms, Event::Flush(number));
            }
        }
    }

    /// Sends what the log holds and was not sent.
    pub(crate) fn flush_one(&mut self, number: usize) {
        let chat = self.subscriptions[number].chat;
        let to = self.chats[chat].log.len();
        loop {
            let from = self.subscriptions[number].next;
            if !self.subscriptions[number].open || from >= to {
                return;
            }
            let until = to.min(from + BATCH_LIMIT);
            self.subscriptions[number].next = until;
            let text = self.chats[chat].log.bytes(from, until, self.legacy);
            self.odd_event(number, &text);
            self.transmit(number, &text);
        }
    }

    /// Sends something that is no batch of records before one.
    fn odd_event(&mut self, number: usize, batch: &str) {
        let Some(fault) = self.subscriptions[number].odd_event.take() else { return };
        if !self.active(fault) {
            return;
        }
        self.hits.hit(fault);
        match fault {
            Fault::EmptyBatch if !self.legacy => {
                self.transmit(number, "event: batch\ndata: {\"records\":[]}\n\n");
            }
            Fault::RetryHint => {
                let hint = self.subscriptions[number].wire.random.pick(&["50", "2000", "9999999"]);
                self.transmit(number, &format!("retry: {hint}\n\n"));
            }
            Fault::MalformedBatch if !self.legacy => {
                let half = &batch[..batch.floor_char_boundary(batch.len() / 2)];
                self.transmit(number, &format!("{half}\n\n"));
            }
            Fault::ErrorEvent if !self.legacy => {
                self.transmit(number, "event: error\ndata: storage\n\n");
                self.finish(number, Stop::Clean);
            }
            _ => {}
        }
    }

    pub(crate) fn ping(&mut self, number: usize) {
        if self.subscriptions[number].open {
            let ping =
                if self.legacy { ": ping\n\n" } else { "event: ping\ndata: {\"timestamp\":1}\n\n" };
            self.transmit(number, ping);
            self.queue.push(self.now_ms + 10_000, Event::Ping(number));
        }
    }

    /// The window of a long poll is over.
    pub(crate) fn end_window(&mut self, number: usize) {
        if self.subscriptions[number].open {
            if self.subscriptions[number].window_ms < 120_000 {
                self.hits.hit(Fault::ShortWindow);
            }
            self.transmit(number, "data: [DONE]\n\n");
            self.finish(number, Stop::Clean);
        }
    }

    fn transmit(&mut self, number: usize, text: &str) {
        let now_ms = self.now_ms;
        let subscription = &mut self.subscriptions[number];
        if !subscription.open {
            return;
        }
        let faults_stopped = self.faults_stopped;
        let wire = &mut subscription.wire;
        if faults_stopped && !wire.over {
            (wire.stop, wire.tricky) = (None, None);
            (wire.slice, wire.pause_ms) = (usize::MAX, 0);
        }
        let tricky = wire.tricky.is_some();
        let how = wire.stop.map(|(_, how)| how);
        let (arrivals, stopped) = wire.send(now_ms, text);
        self.arrive(number, arrivals);
        if stopped {
            self.hits.hit(match how {
                _ if tricky => Fault::TrickyCut,
                Some(Stop::Reset) => Fault::Reset,
                Some(Stop::Silent) => Fault::Silence,
                _ => Fault::CleanCut,
            });
            self.close_subscription(number);
        }
    }

    fn finish(&mut self, number: usize, how: Stop) {
        let arrival = self.subscriptions[number].wire.finish(self.now_ms, how);
        self.arrive(number, arrival.into_iter().collect());
        self.close_subscription(number);
    }

    fn arrive(&mut self, number: usize, arrivals: Vec<(u64, Arrival)>) {
        let (page, request) = (self.subscriptions[number].page, self.subscriptions[number].request);
        for (at_ms, what) in arrivals {
            self.queue.push(at_ms, Event::ToPage { page, to: ToPage::Arrived { request, what } });
        }
    }

    /// Nothing more is sent.
    pub(crate) fn close_subscription(&mut self, number: usize) {
        self.subscriptions[number].open = false;
        self.live.retain(|one| *one != number);
    }

    /// The connections of a page, or one of its requests, break on the server's side.
    pub(crate) fn drop_connections(&mut self, page: usize, request: Option<u32>) {
        let of_page = |one: &usize| {
            let subscription = &self.subscriptions[*one];
            subscription.page == page && request.is_none_or(|it| it == subscription.request)
        };
        let gone: Vec<usize> = self.live.iter().copied().filter(of_page).collect();
        for number in gone {
            self.close_subscription(number);
        }
    }
}
