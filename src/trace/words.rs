//! What an input or output is called in a trace, and what of it is kept.

use super::line::Line;
use crate::error::Error;
use crate::io::{
    AppendOutcome, ChatInput, Input, Output, PersistedSession, Progress, RequestId, StartFailure,
    TabMessage, Wake,
};
use crate::link::ResponseHead;
use crate::wire::{Content, Control, Cursor, Frame};

pub(super) fn input(line: &mut Line, input: &Input) {
    match input {
        Input::Chat { input, .. } => chat_input(line, input),
        Input::Wake(wake) => line.word(match wake {
            Wake::Reconnect => "wake-reconnect",
            Wake::RetryNow => "wake-retry",
            Wake::Check => "wake-check",
            Wake::Online => "wake-online",
            Wake::Offline => "wake-offline",
        }),
        Input::TabSays(message) => tab_message(line, message),
        Input::TabEvent { event, chat } => {
            line.word("tab-event").number(*event as u64).text(Some(chat))
        }
        Input::Tick => line.word("tick"),
        Input::Dispose => line.word("dispose"),
    };
}

fn tab_message<'a>(line: &'a mut Line, message: &TabMessage) -> &'a mut Line {
    line.word("tab-says")
        .number(message.word as u64)
        .text(Some(&message.chat))
        .text(Some(&message.tab))
        .flag(message.locked)
        .text(message.last_event_id.as_deref())
}

fn chat_input<'a>(line: &'a mut Line, input: &ChatInput) -> &'a mut Line {
    match input {
        ChatInput::Hydrate { state, notify } => session(line.word("hydrate").flag(*notify), state),
        ChatInput::SeedCursor(cursor) => line.word("seed-cursor").text(Some(cursor)),
        ChatInput::Start { call } => line.word("start").number((*call).into()),
        ChatInput::Send { call, send } => line
            .word("send")
            .number((*call).into())
            .word(send.source.name())
            .text(send.message_id.as_deref())
            .number(send.body_bytes)
            .number(send.escaped_body_bytes),
        ChatInput::Reconnect { call, stop_on_abort } => {
            line.word("reconnect").number((*call).into()).flag(*stop_on_abort)
        }
        ChatInput::ClearGate => line.word("clear-gate"),
        ChatInput::Abort(call) => line.word("abort").number((*call).into()),
        ChatInput::Cancel(call) => line.word("cancel").number((*call).into()),
        ChatInput::SessionStarted { .. }
        | ChatInput::TokenMinted { .. }
        | ChatInput::Appended { .. }
        | ChatInput::HeadStarted { .. }
        | ChatInput::Subscription { .. } => answer(line, input),
    }
}

/// What became of something that the machine asked for.
fn answer<'a>(line: &'a mut Line, input: &ChatInput) -> &'a mut Line {
    match input {
        ChatInput::SessionStarted { request, answer } => {
            let line = line.word("session-started").number((*request).into());
            match answer {
                Ok(started) => line.flag(started.pending_version),
                Err(StartFailure::NotConfigured) => line.word("not-configured"),
                Err(StartFailure::Failed(error)) => failure(line, error),
            }
        }
        ChatInput::TokenMinted { request, answer } => {
            let line = line.word("token-minted").number((*request).into());
            match answer {
                Ok(_) => line,
                Err(error) => failure(line, error),
            }
        }
        ChatInput::Appended { request, outcome } => {
            let line = line.word("appended").number((*request).into());
            match outcome {
                AppendOutcome::Answer(answer, body) => head(line, answer).text(Some(body)),
                AppendOutcome::Failed(_) => line.word("failed"),
                AppendOutcome::Threw(_) => line.word("threw"),
            }
        }
        ChatInput::HeadStarted { request, answer } => {
            let line = line.word("head-started").number((*request).into());
            match answer {
                Ok(answer) => line
                    .number(answer.status.into())
                    .flag(answer.token.is_some())
                    .flag(answer.pending_version)
                    .flag(answer.has_body),
                Err(_) => line.word("failed"),
            }
        }
        ChatInput::Subscription { request, progress } => {
            let line = line.word("subscription").number((*request).into());
            match progress {
                Progress::Head(answer) => head(line.word("head"), answer),
                Progress::Bytes(bytes) => line.word("bytes").number(bytes.len() as u64),
                Progress::Held => line.word("held"),
                Progress::Resumed => line.word("resumed"),
                Progress::End => line.word("end"),
                Progress::Failed(_) => line.word("failed"),
                Progress::Threw(_) => line.word("threw"),
            }
        }
        _ => line,
    }
}

fn session<'a>(line: &'a mut Line, state: &PersistedSession) -> &'a mut Line {
    let line = line.flag(!state.token.is_empty()).text(state.last_event_id.as_deref());
    let line = match state.active_input_seq {
        Some(seq) => line.number(seq),
        None => line.text(None),
    };
    let line = match state.is_streaming {
        Some(streaming) => line.flag(streaming),
        None => line.text(None),
    };
    line.flag(state.closed == Some(true)).text(state.closed_reason.as_deref())
}

fn head<'a>(line: &'a mut Line, head: &ResponseHead) -> &'a mut Line {
    line.number(head.status.into())
        .text(head.content_type.as_deref())
        .text(head.stream_version.as_deref())
        .flag(head.settled)
        .text(head.retry_after.as_deref())
        .text(head.ratelimit_reset.as_deref())
}

fn failure<'a>(line: &'a mut Line, error: &Error) -> &'a mut Line {
    line.word("failed").text(Some(&error.message()))
}

/// Which output it is, and of which request or call. The rest follows from the inputs.
pub(super) fn output(output: &Output) -> (&'static str, u32) {
    let (word, number) = match output {
        Output::StartSession { request, .. } => (">start-session", request),
        Output::MintToken { request, .. } => (">mint-token", request),
        Output::Append { request, .. } => (">append", request),
        Output::HeadStart { request, .. } => (">head-start", request),
        Output::Connect { request, .. } => (">connect", request),
        Output::Disconnect { request } => (">disconnect", request),
        Output::Settle { call, .. } => (">settle", call),
        Output::Chunks { call, .. } => (">chunks", call),
        Output::Settled { call, .. } => (">settled", call),
        Output::Close { call } => (">close", call),
        Output::Fail { call, .. } => (">fail", call),
        Output::SessionChanged { .. } => (">session-changed", &0),
        Output::Event { .. } => (">event", &0),
        Output::Tab(_) => (">tab", &0),
    };
    (word, *number)
}

/// Writes a frame that is no data record.
pub(super) fn frame(line: &mut Line, request: RequestId, frame: &Frame) {
    let Frame::Record(record) = frame else {
        let word = if *frame == Frame::Ping { "ping" } else { "done" };
        line.word(word).number(request.into());
        return;
    };
    let (word, text) = match &record.content {
        Content::Control(Control::TurnComplete(turn)) => {
            let word = if turn.closed.is_some() { "turn-complete-closed" } else { "turn-complete" };
            (word, &turn.session_in_event_id)
        }
        Content::Control(Control::SessionState { last_event_id }) => {
            ("session-state", last_event_id)
        }
        Content::Control(Control::SessionClosed { reason }) => ("session-closed", reason),
        Content::Control(Control::PendingVersion) => ("pending-version", &None),
        _ => ("skipped", &None),
    };
    let cursor = record.cursor.as_ref().map(Cursor::text);
    line.word(word).number(request.into()).text(cursor.as_deref()).text(text.as_deref());
}
