//! What a chat reads: one subscription to `.out` at most, kept alive by its [`Link`] (C1, C9–C12).

use super::sending::Sending;
use super::{Context, Event, PartIds, Session, ending, head_start};
use crate::error::Error;
use crate::io::{CallId, Outcome, Output, Progress, RequestId, Wake};
use crate::link::{GaveUp, Jitter, Link, Recent, ResponseHead, Step};
use crate::wire::{Cursor, Decoder, Frame, Version, WireError, join_deltas};

/// One open subscription.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) call: CallId,
    pub(super) link: Link,
    /// The request under way.
    request: Option<RequestId>,
    decoder: Option<Decoder>,
    /// It follows a turn that was under way.
    resumed: bool,
    /// Aborting it stops the turn.
    pub(super) stop_on_abort: bool,
    peek_settled: bool,
    /// The append whose turn it reads for (C7); none any more in a watch behind that turn.
    pub(super) awaited_seq: Option<u64>,
    /// The append that it was opened by, until that is known to be processed (B4).
    pub(super) unsettled_seq: Option<u64>,
    /// A resumed call that waits to learn whether there is anything to follow (C12).
    pub(super) unanswered: bool,
    pub(super) connected: bool,
    /// Where its first attempt began.
    from: Option<String>,
    pub(super) saw_chunk: bool,
    /// The `seq_num` that the stream's next record will get, as far as the server has told.
    pub(super) tail: Option<u64>,
    /// It reads the answer of a head start, which is no subscription (F1).
    pub(super) head_start: Option<head_start::Progress>,
}

impl Reader {
    /// The reader of an append's answer.
    fn new(call: CallId, awaited_seq: Option<u64>, recent: Recent, cx: &mut Context<'_>) -> Self {
        let jitter = Jitter::new(cx.jitter.next_u64());
        Self {
            call,
            link: Link::new(cx.pace, jitter, recent),
            request: None,
            decoder: None,
            resumed: false,
            stop_on_abort: true,
            peek_settled: false,
            awaited_seq,
            unsettled_seq: awaited_seq,
            unanswered: false,
            connected: false,
            from: None,
            saw_chunk: false,
            tail: None,
            head_start: None,
        }
    }

    /// The reader of a head start's answer, whose body follows under `request`.
    pub(super) fn of_head_start(call: CallId, request: RequestId, cx: &mut Context<'_>) -> Self {
        Self {
            request: Some(request),
            decoder: Some(Decoder::new(Version::HeadStart)),
            head_start: Some(head_start::Progress::Unfinished),
            ..Self::new(call, None, Recent::default(), cx)
        }
    }
}

impl Session {
    /// An append that asks for a turn was acknowledged: its stream supersedes an earlier one (B8).
    pub(super) fn turn_requested(
        &mut self,
        call: CallId,
        seq: Option<u64>,
        sending: Sending,
        cx: &mut Context<'_>,
    ) {
        self.drop_reader(cx);
        if let Some(error) = self.closed_error() {
            // Closed while the append was under way: no turn will answer it.
            return cx.settle(call, Outcome::Failed(error));
        }
        // The rest of a turn whose beginning was shown is nobody's: in the middle of it the AI SDK takes up
        // nothing. Without numbers the turn asked for could not be told from it.
        let has_numbers = seq.is_some() && !matches!(self.cursor, Some(Cursor::Id(_)));
        let is_left = has_numbers && self.rest_to_come;
        // It may have begun under the reader of one that will never end.
        let unended = sending.left_at.filter(|_| is_left);
        if let Some(start) = self.turn.read_before(seq).or(unended) {
            // An earlier reader has taken records of this turn already: this one gets all of it.
            self.read_again_from(start);
        }
        self.turn.begin(seq, self.cursor.clone());
        if sending.aborted {
            self.gate.shut(seq);
            self.turn.detach();
            self.tell_changed(true, cx);
            cx.settle(call, Outcome::Stream { repeats: false });
            cx.emit(Output::Close { call });
            return self.send_stop(cx);
        }
        self.gate.shut_to_others(self.shown_elsewhere, is_left);
        self.tell_changed(true, cx);
        self.reader = Some(Reader::new(call, seq, self.recent, cx));
        cx.settle(call, Outcome::Stream { repeats: false });
        self.start_reader(cx);
    }

    /// The application wants to follow the turn under way (C10).
    pub(super) fn reconnect(&mut self, call: CallId, stop_on_abort: bool, cx: &mut Context<'_>) {
        let settled = self.turn.streaming() == Some(false) && !cx.watches();
        let open = self.reader.as_ref().is_some_and(|reader| !reader.unanswered);
        if self.token.is_none() || self.closed.is_some() || settled || open {
            return cx.settle(call, Outcome::NoStream);
        }
        self.drop_reader(cx);
        self.rewind();
        let awaited_seq = self.turn.input_seq();
        self.reader = Some(Reader {
            resumed: true,
            unanswered: true,
            stop_on_abort,
            // Behind a known append the tail may still be the turn before it; not so where the turn is
            // the first that this session knows of, and a transcript may hold its end.
            peek_settled: !cx.watches() && (awaited_seq.is_none() || self.turn.is_seeded()),
            unsettled_seq: None,
            ..Reader::new(call, awaited_seq, self.recent, cx)
        });
        self.start_reader(cx);
    }

    /// A consumer that joins late needs the turn from its start: the AI SDK cannot take up a text in
    /// its middle.
    fn rewind(&mut self) {
        let start = self.turn.resume_cursor(self.cursor.as_ref()).cloned();
        if start != self.cursor {
            self.read_again_from(start);
        }
    }

    /// Moves the cursor back: what comes behind it counts as new once more.
    fn read_again_from(&mut self, cursor: Option<Cursor>) {
        self.cursor = cursor;
        self.part_ids = PartIds::default();
        self.gate.forget_held();
    }

    fn start_reader(&mut self, cx: &mut Context<'_>) {
        if let Some(reader) = &mut self.reader {
            self.steered.followed();
            let step = reader.link.start(cx.now_ms);
            self.step_reader(step, None, cx);
        }
    }

    pub(super) fn reader_awaits_token(&self) -> bool {
        self.reader.as_ref().is_some_and(|reader| reader.link.awaits_token())
    }

    /// A fresh token is there: a subscription that waits for it goes on.
    pub(super) fn resume_reader(&mut self, cx: &mut Context<'_>) {
        if self.reader_awaits_token() {
            self.start_reader(cx);
        }
    }

    /// `accessToken` failed.
    pub(super) fn fail_unauthorized_reader(&mut self, error: Error, cx: &mut Context<'_>) {
        if self.reader_awaits_token() {
            self.fail_reader(error, cx);
        }
    }

    pub(super) fn tick_reader(&mut self, cx: &mut Context<'_>) {
        if let Some(reader) = &mut self.reader {
            let step = reader.link.tick(cx.now_ms);
            self.step_reader(step, None, cx);
        }
    }

    /// The device, the page or the network woke up (D4).
    pub fn wake(&mut self, wake: Wake, cx: &mut Context<'_>) {
        self.wake_reader(wake, cx);
        if !matches!(wake, Wake::Check | Wake::Offline) {
            self.retry_sends_now(cx);
        }
        self.tell_connection(cx);
    }

    fn wake_reader(&mut self, wake: Wake, cx: &mut Context<'_>) {
        if let Some(reader) = &mut self.reader {
            let step = match wake {
                Wake::Reconnect => reader.link.reconnect(cx.now_ms),
                Wake::RetryNow | Wake::Online => reader.link.retry_now(cx.now_ms),
                Wake::Check => {
                    reader.link.check(cx.now_ms);
                    Step::Wait
                }
                Wake::Offline => Step::Wait,
            };
            self.step_reader(step, None, cx);
        }
    }

    pub(super) fn progressed(
        &mut self,
        request: RequestId,
        progress: Progress,
        cx: &mut Context<'_>,
    ) {
        let Some(reader) = &mut self.reader else { return };
        if reader.request != Some(request) {
            return;
        }
        match progress {
            Progress::Head(head) => self.read_head(&head, cx),
            Progress::Bytes(bytes) => self.read_bytes(&bytes, cx),
            Progress::Held => reader.link.hold(),
            Progress::Resumed => reader.link.bytes(cx.now_ms),
            Progress::End if reader.head_start.is_some() => self.end_head_start(None, cx),
            Progress::Failed(cause) if reader.head_start.is_some() => {
                self.end_head_start(Some(cause), cx);
            }
            Progress::End => {
                let step = reader.link.ended(cx.now_ms);
                self.step_reader(step, None, cx);
            }
            Progress::Failed(cause) => {
                let step = reader.link.failed(cx.now_ms);
                let error = Error::Network { what: "the .out stream broke", cause: Some(cause) };
                self.step_reader(step, Some(error), cx);
            }
            Progress::Threw(cause) => self.fail_reader(Error::Callback(cause), cx),
        }
    }

    fn read_head(&mut self, head: &ResponseHead, cx: &mut Context<'_>) {
        let Some(reader) = &mut self.reader else { return };
        let step = reader.link.head(cx.now_ms, head);
        if step != Step::Wait {
            return self.step_reader(step, None, cx);
        }
        reader.decoder = Some(Decoder::new(Version::from_header(head.stream_version.as_deref())));
        if !reader.link.is_settled() {
            self.answer_reader(cx);
        }
    }

    /// There is something to follow: a waiting call gets its stream, and the application is told.
    pub(super) fn answer_reader(&mut self, cx: &mut Context<'_>) {
        let Some(reader) = &mut self.reader else { return };
        if core::mem::take(&mut reader.unanswered) {
            cx.settle(reader.call, Outcome::Stream { repeats: self.turn.is_handed_over() });
        }
        self.tell_connected(cx);
    }

    /// Tells the application, once, that the stream is open.
    pub(super) fn tell_connected(&mut self, cx: &mut Context<'_>) {
        let Some(reader) = &mut self.reader else { return };
        if !core::mem::replace(&mut reader.connected, true) {
            let (resumed, last_event_id) = (reader.resumed, reader.from.take());
            let event = Event::StreamConnected {
                resumed,
                last_event_id,
                message_id: self.last_sent.as_ref().and_then(|(id, _)| id.clone()),
            };
            self.tell(event, cx);
        }
    }

    fn read_bytes(&mut self, bytes: &[u8], cx: &mut Context<'_>) {
        let Some(reader) = &mut self.reader else { return };
        let Some(decoder) = &mut reader.decoder else { return };
        reader.link.bytes(cx.now_ms);
        let mut frames = Vec::new();
        let outcome = decoder.decode(bytes, &mut frames);
        reader.link.hint(decoder.retry_ms());
        let call = reader.call;
        self.read_frames(frames, cx);
        let Some(reader) = self.reader.as_mut().filter(|reader| reader.call == call) else {
            return;
        };
        match outcome {
            Ok(()) => {}
            Err(WireError::TooLong) => self.fail_reader(Error::EventTooLarge, cx),
            Err(WireError::MalformedBatch) => {
                let step = reader.link.malformed(cx.now_ms);
                self.step_reader(step, Some(Error::MalformedStream), cx);
            }
            Err(WireError::ReadFailed) => {
                let step = reader.link.failed(cx.now_ms);
                self.step_reader(step, None, cx);
            }
        }
    }

    fn read_frames(&mut self, frames: Vec<Frame>, cx: &mut Context<'_>) {
        let mut chunks = Vec::new();
        for frame in frames {
            let Some(reader) = &mut self.reader else { break };
            cx.trace.frame(cx.unix_ms, reader.request.unwrap_or(0), &frame);
            match frame {
                Frame::Tail(tail) => reader.tail = Some(tail),
                Frame::Ping => reader.link.ping(cx.now_ms),
                Frame::Done => reader.link.done(),
                Frame::Record(record) => self.read_record(record, &mut chunks, cx),
            }
        }
        self.hand_over(&mut chunks, cx);
    }

    /// Hands chunks to the consumer; before anything that must come behind them.
    pub(super) fn hand_over(&mut self, chunks: &mut Vec<String>, cx: &mut Context<'_>) {
        if chunks.is_empty() {
            return;
        }
        self.answer_reader(cx);
        self.turn.note_handed_over();
        self.rest_to_come = true;
        if let Some(reader) = &self.reader {
            let chunks = join_deltas(core::mem::take(chunks));
            cx.emit(Output::Chunks { call: reader.call, chunks });
        }
    }

    /// Obeys the link. `error` is what made it give up, if that is known better than it knows.
    fn step_reader(&mut self, step: Step, error: Option<Error>, cx: &mut Context<'_>) {
        match step {
            Step::Wait => {}
            Step::Disconnect => self.disconnect(cx),
            Step::Authorize => {
                self.disconnect(cx);
                self.request_token(cx);
            }
            Step::Connect => self.connect(cx),
            Step::GiveUp(GaveUp::Settled) => self.end_settled(cx),
            Step::GiveUp(reason) => {
                self.fail_reader(error.unwrap_or_else(|| ending::gave_up(reason)), cx);
            }
        }
    }

    fn connect(&mut self, cx: &mut Context<'_>) {
        self.disconnect(cx);
        let last_event_id = self.last_event_id();
        let Some(reader) = &mut self.reader else { return };
        let Some(token) = self.token.clone() else { return };
        let request = cx.next_request();
        reader.request = Some(request);
        self.recent = reader.link.recent();
        if !reader.connected {
            reader.from.clone_from(&last_event_id);
        }
        cx.emit(Output::Connect {
            chat: self.chat.clone(),
            request,
            token,
            last_event_id,
            peek_settled: reader.peek_settled,
            call: reader.call,
        });
    }

    /// Gives the request under way up; with its decoder goes the half event it left behind.
    pub(super) fn disconnect(&mut self, cx: &mut Context<'_>) {
        let Some(reader) = &mut self.reader else { return };
        reader.decoder = None;
        if let Some(request) = reader.request.take() {
            cx.emit(Output::Disconnect { request });
        }
    }
}
