//! What may happen next, chosen by bytes.

use std::rc::Rc;

use trigger_chat_transport::error::Cause;
use trigger_chat_transport::io::{
    AppendOutcome, ChatInput, HeadStartHead, PersistedSession, Progress, RequestId, Send,
    SendSource, StartFailure, StartedSession, Wake,
};
use trigger_chat_transport::link::ResponseHead;
use trigger_chat_transport::{Error, Input, Secret};

use super::super::calls::SOURCES;
use super::super::choices::Choices;
use super::world::{Moves, World, state};

/// One operation on one chat.
pub(super) fn next(world: &mut World, choices: &mut Choices<'_>) {
    let operation = choices.byte();
    let chat = usize::from(operation >= 0xF0);
    match operation % 24 {
        0 | 1 => send(world, chat, choices),
        2 => reconnect(world, chat, choices),
        3 => call_ends(world, choices),
        4 => hydrate(world, chat, choices),
        5 => start(world, chat, choices),
        6 | 7 => append_answered(world, chat, choices),
        8 => callback_answered(world, chat, choices),
        9 | 10 => head(world, chat, choices),
        11..=14 => records(world, chat, choices),
        15 => bytes(world, chat, choices),
        16 => body_ends(world, chat, choices),
        17 => world.chats[chat].server.write(choices),
        18 => world.chats[chat].server.write_chunks(1 + choices.below(4)),
        19 => tick(world),
        20 => time_passes(world, choices),
        21 => wake(world, choices),
        22 => seldom(world, chat, choices),
        _ => stray(world, chat, choices),
    }
}

fn send(world: &mut World, chat: usize, choices: &mut Choices<'_>) {
    let source = *choices.one_of(&SOURCES);
    let call = world.calls.begin(chat, source == SendSource::HeadStart);
    world.chats[chat].stopped |= source == SendSource::Stop;
    let escaped_body_bytes = if choices.one_in(32) { 2 << 20 } else { 12 };
    let send = Send { source, message_id: None, body_bytes: 10, escaped_body_bytes };
    let input = ChatInput::Send { call, send };
    if choices.one_in(64) {
        return world.tell_nobody(["", ".", ".."][choices.below(3)], input);
    }
    world.tell(chat, Moves::Not, input);
}

fn reconnect(world: &mut World, chat: usize, choices: &mut Choices<'_>) {
    let call = world.calls.begin(chat, false);
    let stop_on_abort = choices.one_in(2);
    world.tell(chat, Moves::Back, ChatInput::Reconnect { call, stop_on_abort });
}

/// A signal is aborted, or a stream cancelled.
fn call_ends(world: &mut World, choices: &mut Choices<'_>) {
    let count = world.calls.count();
    if count == 0 {
        return;
    }
    let call = (count - 1 - choices.below(count.min(4))) as u32;
    let chat = world.calls.get(call).chat;
    if choices.one_in(2) {
        return world.tell(chat, Moves::Not, ChatInput::Cancel(call));
    }
    world.chats[chat].stopped = true;
    world.tell(chat, Moves::Not, ChatInput::Abort(call));
}

fn hydrate(world: &mut World, chat: usize, choices: &mut Choices<'_>) {
    world.cursor_is_told(chat);
    let cursor = choices.below(world.chats[chat].server.log.len() + 1).checked_sub(1);
    let state = PersistedSession {
        token: Secret::new(if choices.one_in(16) { "" } else { "canary hydrated" }),
        last_event_id: cursor.map(|seq| seq.to_string()),
        active_input_seq: choices.one_in(2).then(|| choices.below(4) as u64),
        is_streaming: *choices.one_of(&[None, Some(false), Some(true)]),
        closed: choices.one_in(16).then_some(true),
        ..state()
    };
    world.tell(chat, Moves::Anywhere, ChatInput::Hydrate { state, notify: choices.one_in(2) });
}

fn start(world: &mut World, chat: usize, choices: &mut Choices<'_>) {
    let call = world.calls.begin(chat, false);
    if choices.one_in(64) {
        return world.tell_nobody("", ChatInput::Start { call });
    }
    world.tell(chat, Moves::Not, ChatInput::Start { call });
}

fn answer(status: u16) -> ResponseHead {
    ResponseHead { status, ..ResponseHead::default() }
}

fn cause() -> Cause {
    Cause(Rc::new("thrown"))
}

fn append_answered(world: &mut World, chat: usize, choices: &mut Choices<'_>) {
    let Some(request) = world.chats[chat].append.take() else { return };
    let outcome = match choices.below(16) {
        0 => AppendOutcome::Failed(cause()),
        1 => AppendOutcome::Threw(cause()),
        2 => AppendOutcome::Answer(answer(401), String::new()),
        3 => AppendOutcome::Answer(answer(404), String::new()),
        4 => AppendOutcome::Answer(answer(*choices.one_of(&[408, 413, 429, 500, 0])), "x".into()),
        5 => {
            let body = r#"{"code":"session_closed","closedReason":"done"}"#;
            AppendOutcome::Answer(answer(409), body.into())
        }
        6 => AppendOutcome::Answer(answer(200), "{".into()),
        _ => {
            let server = &mut world.chats[chat].server;
            let seq = server.inputs;
            server.inputs += 1;
            AppendOutcome::Answer(answer(200), format!(r#"{{"ok":true,"seq":{seq}}}"#))
        }
    };
    world.tell(chat, Moves::BackOrAgain, ChatInput::Appended { request, outcome });
}

/// The newest call of `startSession` or `accessToken` answers.
fn callback_answered(world: &mut World, chat: usize, choices: &mut Choices<'_>) {
    let kind = choices.below(6);
    if let Some(request) = world.chats[chat].minting.pop() {
        let answer = if kind == 0 {
            Err(Error::Callback(cause()))
        } else {
            Ok(Secret::new("canary minted"))
        };
        return world.tell(chat, Moves::Not, ChatInput::TokenMinted { request, answer });
    }
    let Some(request) = world.chats[chat].starting.pop() else { return };
    let answer = match kind {
        0 => Err(StartFailure::Failed(Error::Callback(cause()))),
        1 => Err(StartFailure::NotConfigured),
        _ => {
            Ok(StartedSession { token: Secret::new("canary started"), pending_version: kind == 2 })
        }
    };
    world.tell(chat, Moves::Back, ChatInput::SessionStarted { request, answer });
}

/// The head of whatever answer is awaited.
fn head(world: &mut World, chat: usize, choices: &mut Choices<'_>) {
    let kind = choices.below(16);
    if let Some((request, _)) = world.chats[chat].head_start {
        if kind < 4 {
            world.chats[chat].head_start = None;
        }
        let head = HeadStartHead {
            status: if kind == 1 { 500 } else { 200 },
            token: (kind != 2).then(|| Secret::new("canary head start")),
            pending_version: kind == 15,
            has_body: kind != 3,
        };
        let answer = if kind == 0 { Err(cause()) } else { Ok(head) };
        return world.tell(chat, Moves::Not, ChatInput::HeadStarted { request, answer });
    }
    let Some(read) = world.chats[chat].read.as_mut().filter(|read| !read.is_open) else { return };
    // The first kinds are no event streams, and nothing follows them.
    read.is_open = kind > 6;
    let request = read.request;
    let head = ResponseHead {
        status: [401, 403, 404, 429, 503, 204].get(kind).copied().unwrap_or(200),
        content_type: (kind == 6).then(|| "text/html".into()),
        stream_version: Some("v2".into()),
        settled: kind == 7,
        retry_after: (kind == 3).then(|| choices.below(99).to_string()),
        ratelimit_reset: None,
    };
    let input = ChatInput::Subscription { request, progress: Progress::Head(head) };
    world.tell(chat, Moves::Not, input);
}

/// The server sends records of its log, in two pieces.
fn records(world: &mut World, chat: usize, choices: &mut Choices<'_>) {
    let how = choices.byte();
    let Some(read) = world.chats[chat].read.as_mut().filter(|read| read.is_open) else { return };
    if read.is_head_start {
        return head_start_bytes(world, chat, how);
    }
    if how >= 0xE0 {
        // It begins with records that were sent before.
        read.next = read.next.saturating_sub(usize::from(how % 8));
    }
    let next = read.next;
    let (text, sent) = world.chats[chat].server.batch(next, 1 + usize::from(how % 8));
    let cut = usize::from(how) * text.len() / 256;
    let Some(read) = &mut world.chats[chat].read else { return };
    let request = read.request;
    read.next = next.min(world.chats[chat].server.log.len()) + sent;
    for piece in [&text.as_bytes()[..cut], &text.as_bytes()[cut..]] {
        let progress = Progress::Bytes(piece.to_vec());
        world.tell(chat, Moves::Forward, ChatInput::Subscription { request, progress });
    }
}

fn head_start_bytes(world: &mut World, chat: usize, how: u8) {
    let text = match how % 6 {
        0 => "data: {\"type\":\"trigger:turn-complete\",\"publicAccessToken\":\"canary\"}\n\n",
        1 => "data: {\"type\":\"trigger:session-state\",\"lastEventId\":\"2\"}\n\n",
        2 => "data: {\"type\":\"finish\"}\n\n",
        3 => "data: {\n\n",
        _ => "data: {\"type\":\"text-delta\"}\n\n",
    };
    let Some(read) = world.chats[chat].read else { return };
    if how % 6 == 1 {
        world.cursor_is_told(chat);
    }
    let progress = Progress::Bytes(text.into());
    let input = ChatInput::Subscription { request: read.request, progress };
    world.tell(chat, Moves::Anywhere, input);
}

/// Bytes that are not records.
fn bytes(world: &mut World, chat: usize, choices: &mut Choices<'_>) {
    let kind = choices.below(10);
    let Some(read) = world.chats[chat].read.filter(|read| read.is_open && !read.is_head_start)
    else {
        return;
    };
    let progress = match kind {
        0 => Progress::Bytes(b"event: error\ndata: gone\n\n".to_vec()),
        1 => Progress::Bytes(b"event: batch\ndata: {\"records\":[7]}\n\n".to_vec()),
        2 => Progress::Bytes(b"data: [DONE]\n\n".to_vec()),
        3 => Progress::Bytes(b"retry: 70000\n".to_vec()),
        // An event of its own: what it ran into would be lost by the server, not by the machine.
        4 => Progress::Bytes([choices.bytes(8), b"\n\n"].concat()),
        5 => Progress::Held,
        6 => Progress::Resumed,
        7 => Progress::Bytes(Vec::new()),
        _ => Progress::Bytes(b"event: ping\ndata: {\"timestamp\":1}\n\n".to_vec()),
    };
    world.tell(chat, Moves::Not, ChatInput::Subscription { request: read.request, progress });
}

fn body_ends(world: &mut World, chat: usize, choices: &mut Choices<'_>) {
    let Some(read) = world.chats[chat].read.take() else { return };
    let progress = match choices.below(8) {
        0 => Progress::Threw(cause()),
        1..=3 => Progress::Failed(cause()),
        _ => Progress::End,
    };
    world.tell(chat, Moves::Not, ChatInput::Subscription { request: read.request, progress });
}

/// The next deadline comes: whatever was due must not be due again at once.
fn tick(world: &mut World) {
    let Some(deadline_ms) = world.deadline_ms() else { return };
    world.now_ms = deadline_ms.max(world.now_ms);
    world.tell_all(Input::Tick);
    assert!(world.deadline_ms() > Some(world.now_ms) || world.deadline_ms().is_none(), "busy");
}

/// Time passes, or the device's clock is set back; a timer may come at any time.
fn time_passes(world: &mut World, choices: &mut Choices<'_>) {
    let passed_ms = [1, 300, 1_000, 5_000, 30_000, 61_000, 3_600_000][choices.below(7)];
    world.now_ms = match choices.one_in(8) {
        true => world.now_ms.saturating_sub(passed_ms),
        false => world.now_ms + passed_ms,
    };
    if choices.one_in(2) {
        world.tell_all(Input::Tick);
    }
}

fn wake(world: &mut World, choices: &mut Choices<'_>) {
    let wakes = [Wake::Reconnect, Wake::RetryNow, Wake::Check, Wake::Online, Wake::Offline];
    world.tell_all(Input::Wake(*choices.one_of(&wakes)));
}

fn seldom(world: &mut World, chat: usize, choices: &mut Choices<'_>) {
    match choices.below(8) {
        0 => world.dispose(),
        1..=3 => {
            world.cursor_is_told(chat);
            let cursor = choices.below(world.chats[chat].server.log.len() + 1).to_string();
            world.tell(chat, Moves::Anywhere, ChatInput::SeedCursor(cursor));
        }
        4 => {
            let state = PersistedSession { last_event_id: None, ..state() };
            world.cursor_is_told(chat);
            world.tell(chat, Moves::Anywhere, ChatInput::Hydrate { state, notify: true });
        }
        _ => world.tell(chat, Moves::Not, ChatInput::ClearGate),
    }
}

/// An answer to a request that nobody waits for counts for nothing.
fn stray(world: &mut World, chat: usize, choices: &mut Choices<'_>) {
    let request = choices.below(256) as RequestId;
    let known = &world.chats[chat];
    let awaited = known.read.is_some_and(|read| read.request == request)
        || known.append == Some(request)
        || known.head_start.is_some_and(|(head_start, _)| head_start == request)
        || known.starting.contains(&request)
        || known.minting.contains(&request);
    if awaited {
        return;
    }
    let input = match choices.below(6) {
        0 => ChatInput::Appended { request, outcome: AppendOutcome::Failed(cause()) },
        1 => ChatInput::Appended {
            request,
            outcome: AppendOutcome::Answer(answer(200), r#"{"seq":7}"#.into()),
        },
        2 => ChatInput::HeadStarted { request, answer: Err(cause()) },
        3 => ChatInput::Subscription { request, progress: Progress::End },
        4 => ChatInput::Subscription { request, progress: Progress::Head(answer(200)) },
        _ => {
            let (text, _) = world.chats[chat].server.batch(0, 9);
            ChatInput::Subscription { request, progress: Progress::Bytes(text.into_bytes()) }
        }
    };
    world.tell(chat, Moves::Not, input);
}
