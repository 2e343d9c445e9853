//! What may happen next, chosen by bytes: every operation is one, of one tab and one chat.

use std::rc::Rc;

use trigger_chat_transport::error::Cause;
use trigger_chat_transport::io::{
    AppendOutcome, Body, ChatInput, HeadStartHead, Progress, TabEvent, TabMessage, TabMode, TabWord,
};
use trigger_chat_transport::link::ResponseHead;
use trigger_chat_transport::{Input, Secret};

use super::super::calls::SOURCES;
use super::super::choices::Choices;
use super::super::server::Entry;
use super::CHATS;
use super::forged;
use super::origin::Origin;
use super::tab::input_of;

pub(super) fn next(origin: &mut Origin, choices: &mut Choices<'_>) {
    let operation = usize::from(choices.byte());
    let (kind, who) = (operation % 24, operation / 24);
    let (tab, chat) = (who % origin.tabs.len(), usize::from(who > 7));
    match kind {
        14 => return origin.settle(),
        15 => return time_passes(origin, choices),
        16 => return stands_still(origin, tab, choices),
        17 => return seldom(origin, tab, choices),
        _ if !origin.tabs[tab].runs() => return,
        _ => {}
    }
    match kind {
        0..=2 => send(origin, tab, chat, choices),
        3 => gives_up(origin, tab, choices),
        4..=7 => goes_on(origin, tab, chat, choices),
        8 => goes_wrong(origin, tab, chat, choices),
        9 | 10 => drop(origin.hear_next(tab)),
        11 => is_disturbed(origin, tab, choices),
        12 | 13 => drop(origin.learn_next(tab)),
        18 => tick(origin, tab),
        19 => page(origin, tab, chat, choices),
        20 => shows(origin, tab, chat),
        21 => has_shown(origin, tab, chat, choices),
        _ => lies(origin, tab, choices),
    }
}

fn send(origin: &mut Origin, tab: usize, chat: usize, choices: &mut Choices<'_>) {
    let what = choices.byte();
    let bytes = if what >= 0xF0 { 2 << 20 } else { 12 };
    let input = origin.tabs[tab].send(chat, SOURCES[usize::from(what) % SOURCES.len()], bytes);
    origin.feed(tab, input);
}

/// A signal is aborted, or a stream cancelled.
fn gives_up(origin: &mut Origin, tab: usize, choices: &mut Choices<'_>) {
    let calls = &origin.tabs[tab].calls;
    let count = calls.count();
    if count == 0 {
        return;
    }
    let which = choices.byte();
    let call = (count - 1 - usize::from(which) % count.min(4)) as u32;
    let chat = calls.get(call).chat;
    origin.tabs[tab].chats[chat].is_stopped = true;
    let input = if which < 0xC0 { ChatInput::Abort(call) } else { ChatInput::Cancel(call) };
    origin.feed(tab, input_of(chat, input));
}

fn cause() -> Cause {
    Cause(Rc::new("thrown"))
}

fn head(status: u16) -> ResponseHead {
    ResponseHead { status, stream_version: Some("v2".into()), ..ResponseHead::default() }
}

/// Whatever is under way is answered, as it should be.
fn goes_on(origin: &mut Origin, tab: usize, chat: usize, choices: &mut Choices<'_>) {
    let it = &mut origin.tabs[tab];
    if let Some((request, _)) = it.chats[chat].head_start {
        let token = Some(Secret::new("canary head start"));
        let answer = HeadStartHead { status: 200, token, pending_version: false, has_body: true };
        let input = ChatInput::HeadStarted { request, answer: Ok(answer) };
        return origin.feed(tab, input_of(chat, input));
    }
    if let Some((request, body)) = it.chats[chat].append.take() {
        let seq = origin.servers[chat].inputs;
        origin.servers[chat].inputs += 1;
        if let Body::Of(call) = body
            && it.has_answer(call)
        {
            it.turns.begin(call, seq);
        }
        let outcome = AppendOutcome::Answer(head(200), format!(r#"{{"ok":true,"seq":{seq}}}"#));
        return origin.feed(tab, input_of(chat, ChatInput::Appended { request, outcome }));
    }
    let Some(read) = &mut it.chats[chat].read else { return };
    let request = read.request;
    if !read.is_open {
        read.is_open = true;
        let progress = Progress::Head(head(200));
        return origin.feed(tab, input_of(chat, ChatInput::Subscription { request, progress }));
    }
    let text = if read.is_head_start {
        "data: {\"type\":\"text-delta\"}\n\ndata: {\"type\":\"trigger:turn-complete\",\
         \"publicAccessToken\":\"canary\"}\n\n"
            .to_owned()
    } else {
        let server = &mut origin.servers[chat];
        agent_writes(&mut server.log, server.inputs, choices.byte());
        let (text, sent) = server.batch(read.next, 8);
        read.next = read.next.min(server.log.len()) + sent;
        it.chats[chat].sent = read.next;
        text
    };
    let progress = Progress::Bytes(text.into_bytes());
    origin.feed(tab, input_of(chat, ChatInput::Subscription { request, progress }));
}

/// The agent writes chunks, and the end of a turn that was asked for: of the last or one before.
fn agent_writes(log: &mut Vec<Entry>, inputs: u64, how: u8) {
    for _ in 0..how / 4 % 4 {
        log.push(Entry::Data { part: log.len() });
    }
    let newest = inputs.checked_sub(1);
    let committed = match how % 4 {
        0 | 1 => newest,
        2 => newest.and_then(|seq| seq.checked_sub(1)),
        _ => None,
    };
    if committed.is_some() {
        log.push(Entry::Boundary { committed, closes: false, renews: how >= 0xF0 });
    }
}

fn goes_wrong(origin: &mut Origin, tab: usize, chat: usize, choices: &mut Choices<'_>) {
    let how = choices.below(8);
    let known = &mut origin.tabs[tab].chats[chat];
    if let Some((request, _)) = known.head_start.take() {
        let input = ChatInput::HeadStarted { request, answer: Err(cause()) };
        return origin.feed(tab, input_of(chat, input));
    }
    if let Some((request, _)) = known.append.take() {
        let outcome = match how {
            0 => AppendOutcome::Threw(cause()),
            1 => AppendOutcome::Answer(head(422), String::new()),
            2 => AppendOutcome::Answer(head(500), String::new()),
            3 => AppendOutcome::Answer(head(409), r#"{"code":"session_closed"}"#.into()),
            _ => AppendOutcome::Failed(cause()),
        };
        return origin.feed(tab, input_of(chat, ChatInput::Appended { request, outcome }));
    }
    let Some(read) = known.read.take() else { return };
    let progress = match how {
        0 => Progress::Threw(cause()),
        1 if !read.is_open => Progress::Head(head(404)),
        2..=4 => Progress::End,
        _ => Progress::Failed(cause()),
    };
    let input = ChatInput::Subscription { request: read.request, progress };
    origin.feed(tab, input_of(chat, input));
}

/// What is on the channel is lost, doubled, or overtaken.
fn is_disturbed(origin: &mut Origin, tab: usize, choices: &mut Choices<'_>) {
    let inbox = &mut origin.tabs[tab].inbox;
    match choices.below(4) {
        0 => inbox.clear(),
        1 => drop(inbox.pop_front()),
        2 => inbox.extend(inbox.front().cloned()),
        _ => {
            if let Some(message) = inbox.pop_front() {
                inbox.push_back(message);
            }
        }
    }
}

/// The next deadline of a tab comes. The timers of the others come late.
fn tick(origin: &mut Origin, tab: usize) {
    let Some(deadline_ms) = origin.tabs[tab].machine.deadline_ms() else { return };
    origin.now_ms = origin.now_ms.max(deadline_ms);
    origin.feed(tab, Input::Tick);
}

/// Time passes, or the device's clock is set back; timers come, or are late.
fn time_passes(origin: &mut Origin, choices: &mut Choices<'_>) {
    let how = choices.byte();
    let passed_ms = [1, 300, 1_000, 5_000, 9_000, 10_000, 61_000][usize::from(how) % 7];
    if how >= 0xE0 {
        origin.now_ms -= passed_ms.min(origin.now_ms);
        origin.is_set_back = true;
    } else if how.is_multiple_of(2) {
        origin.pass(passed_ms);
    } else {
        origin.now_ms += passed_ms;
    }
}

/// A tab is frozen, which its page may or may not learn, or goes on.
fn stands_still(origin: &mut Origin, tab: usize, choices: &mut Choices<'_>) {
    if origin.tabs[tab].is_frozen {
        origin.tabs[tab].is_frozen = false;
        return;
    }
    if choices.one_in(2) && origin.tabs[tab].runs() {
        origin.happens(tab, TabEvent::Left, "");
    }
    origin.tabs[tab].is_frozen = true;
}

/// A hostile page says that it had the turn, and has shown what is still to come, or left it.
fn has_shown(origin: &mut Origin, tab: usize, chat: usize, choices: &mut Choices<'_>) {
    let seq = choices.byte();
    let end = if seq.is_multiple_of(3) { TabWord::Left } else { TabWord::Release };
    for word in [TabWord::Claim, TabWord::Session, end] {
        let message = TabMessage {
            word,
            chat: CHATS[chat].to_owned(),
            tab: "forger".to_owned(),
            locked: seq < 0x80,
            last_event_id: Some((seq % 64).to_string()),
        };
        origin.feed(tab, Input::TabSays(message));
    }
}

/// What the page tells of itself, and answers of the locks to a question of long ago.
fn page(origin: &mut Origin, tab: usize, chat: usize, choices: &mut Choices<'_>) {
    let event = match choices.below(8) {
        0 => return origin.happens(tab, TabEvent::Left, ""),
        1 => return origin.happens(tab, TabEvent::Opened, ""),
        2 => TabEvent::Locked,
        3 => TabEvent::Refused,
        4 => TabEvent::Stolen,
        _ => {
            let input = origin.tabs[tab].reconnect(chat);
            return origin.feed(tab, input);
        }
    };
    let it = &origin.tabs[tab];
    let known = &it.chats[chat];
    let is_at_rest = !known.is_claimed && !known.is_shown && !it.calls.any_is_under_way(chat);
    let nobody_asks = is_at_rest && it.news.is_empty();
    if origin.mode == TabMode::Locks && nobody_asks {
        origin.happens(tab, event, CHATS[chat]);
    }
}

/// The application shows its messages to the other tabs.
fn shows(origin: &mut Origin, tab: usize, chat: usize) {
    let message = TabMessage {
        word: TabWord::Messages,
        chat: CHATS[chat].to_owned(),
        tab: origin.tabs[tab].name.clone(),
        locked: true,
        last_event_id: None,
    };
    origin.tell_others(tab, &message);
    origin.tabs[tab].chats[chat].is_shown = true;
    origin.happens(tab, TabEvent::Shown, CHATS[chat]);
}

fn lies(origin: &mut Origin, tab: usize, choices: &mut Choices<'_>) {
    let names = origin.tabs.iter().map(|tab| tab.name.as_str());
    let message = forged::message(names, choices);
    origin.feed(tab, Input::TabSays(message));
}

fn seldom(origin: &mut Origin, tab: usize, choices: &mut Choices<'_>) {
    match choices.byte() {
        0..=0x2F => origin.crash(tab),
        0x30..=0x5F if origin.tabs[tab].listens() && origin.tabs[tab].runs() => origin.dispose(tab),
        0x60..=0x9F => origin.reload(tab),
        _ => {}
    }
}
