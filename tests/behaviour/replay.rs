//! What `debug()` gives is enough to replay a bug, and can be shared (G3).

use serde_json::{Value as Json, json};
use trigger_chat_transport::io::{
    AppendOutcome, ChatInput, Progress, Send, SendSource, StartedSession, TabMode, Wake,
};
use trigger_chat_transport::link::ResponseHead;
use trigger_chat_transport::{Config, Input, Machine, Secret};

use crate::world::{World, batch, cause, complete, control, data, session};

/// The entries of a rendered trace, behind the seed, the watch flag and the number that is gone.
fn entries(rendered: &str) -> (u64, Vec<Json>) {
    let mut all: Vec<Json> = serde_json::from_str(rendered).expect("a trace is JSON");
    let entries = all.split_off(3);
    (all[2].as_u64().expect("a number"), entries)
}

fn text(value: &Json) -> Option<String> {
    value.as_str().map(Into::into)
}

/// Feeds the inputs of a trace to a new machine; its own trace.
fn replay(rendered: &str) -> String {
    let (_, entries) = entries(rendered);
    let mut machine = Machine::new(Config { watch: false, tabs: TabMode::Alone, seed: 1 });
    for (at, entry) in entries.iter().enumerate() {
        let word = entry[2].as_str().expect("a word");
        let is_frame = ["records", "turn-complete", "ping", "skipped", "tail"].contains(&word);
        if !word.starts_with('>') && !is_frame {
            let input = input(entry, &entries[at + 1..]);
            machine.handle(entry[0].as_u64().expect("a time"), input);
            machine.drain();
        }
    }
    machine.trace().render()
}

fn input(entry: &Json, behind: &[Json]) -> Input {
    let number = |at: usize| entry[at].as_u64().expect("a number");
    let input = match entry[2].as_str().expect("a word") {
        "tick" => return Input::Tick,
        "wake-reconnect" => return Input::Wake(Wake::Reconnect),
        "send" => {
            let source = [SendSource::SubmitMessage, SendSource::Stop]
                .into_iter()
                .find(|source| source.name() == entry[4])
                .expect("a source");
            let (message_id, body_bytes) = (text(&entry[5]), number(6));
            let send = Send { source, message_id, body_bytes, escaped_body_bytes: number(7) };
            ChatInput::Send { call: number(3) as u32, send }
        }
        "abort" => ChatInput::Abort(number(3) as u32),
        "session-started" => ChatInput::SessionStarted {
            request: number(3) as u32,
            answer: Ok(StartedSession { token: Secret::new("•"), pending_version: false }),
        },
        "token-minted" => {
            ChatInput::TokenMinted { request: number(3) as u32, answer: Ok(Secret::new("•")) }
        }
        "appended" => {
            let outcome = match entry[4].as_str() {
                Some(_) => AppendOutcome::Failed(cause()),
                None => AppendOutcome::Answer(head(entry, 4), text(&entry[10]).expect("a body")),
            };
            ChatInput::Appended { request: number(3) as u32, outcome }
        }
        "subscription" => {
            let progress = match entry[4].as_str().expect("a word") {
                "head" => Progress::Head(head(entry, 5)),
                "bytes" => Progress::Bytes(bytes(number(5) as usize, behind)),
                "failed" => Progress::Failed(cause()),
                "end" => Progress::End,
                other => panic!("{other}"),
            };
            ChatInput::Subscription { request: number(3) as u32, progress }
        }
        other => panic!("{other}"),
    };
    Input::Chat { chat: text(&entry[1]).expect("a chat"), input }
}

fn head(entry: &Json, at: usize) -> ResponseHead {
    ResponseHead {
        status: entry[at].as_u64().expect("a status") as u16,
        content_type: text(&entry[at + 1]),
        stream_version: text(&entry[at + 2]),
        settled: entry[at + 3] == true,
        retry_after: text(&entry[at + 4]),
        ratelimit_reset: text(&entry[at + 5]),
    }
}

/// As many bytes, which mean the same.
fn bytes(length: usize, behind: &[Json]) -> Vec<u8> {
    let mut text = String::new();
    for frame in behind {
        let seq = |at: usize| frame[at].as_u64().expect("a seq");
        match frame[2].as_str().expect("a word") {
            "ping" => text.push_str("event: ping\ndata:\n\n"),
            "records" => {
                assert_eq!(seq(5) - seq(4) + 1, seq(6));
                let record = |seq| json!({ "seq_num": seq, "body": "{\"data\":1}" });
                text.push_str(&batch(&(seq(4)..=seq(5)).map(record).collect::<Vec<_>>()));
            }
            "turn-complete" => {
                let seq = frame[4].as_str().expect("a cursor").parse().expect("a seq");
                let committed = frame[5].as_str().expect("a seq").parse().expect("a seq");
                text.push_str(&batch(&[complete(seq, committed)]));
            }
            _ => break,
        }
    }
    let padding = length.checked_sub(text.len() + 2).expect("what is kept is shorter");
    format!(":{}\n{text}", " ".repeat(padding)).into_bytes()
}

/// A conversation with a lost connection, a refused token, a stop and what time does.
fn conversation() -> World {
    let mut world = World::new();
    world.submit();
    world.session_started("a secret token");
    world.append_failed();
    world.pass();
    world.answer(401, "");
    world.minted("another secret token");
    world.acknowledge(0);
    world.open();
    world.bytes(b"event: ping\ndata: {\"timestamp\":1}\n\n");
    world.records(&[data(0, "what the chat says"), data(1, "and says")]);
    world.break_off();
    world.pass();
    world.open();
    let renewed = [
        ["trigger-control", "turn-complete"],
        ["session-in-event-id", "0"],
        ["public-access-token", "a third secret token"],
    ];
    world.records(&[data(2, "more"), control(3, &renewed)]);
    let call = world.submit();
    world.acknowledge(1);
    world.open();
    world.feed(Input::Wake(Wake::Reconnect));
    world.tell(ChatInput::Abort(call));
    world.acknowledge(2);
    world
}

#[test]
fn g3_the_inputs_that_are_kept_replay_a_run_exactly() {
    let world = conversation();
    let rendered = world.trace();
    assert!(entries(&rendered).1.len() > 40, "{rendered}");
    assert_eq!(replay(&rendered), rendered);
}

#[test]
fn g3_no_token_and_nothing_that_was_said_is_kept() {
    let rendered = conversation().trace();
    for secret in ["secret", "says", "more"] {
        assert!(!rendered.contains(secret), "{secret} in {rendered}");
    }
}

#[test]
fn g3_the_last_few_hundred_entries_are_kept_in_order() {
    let mut world = World::started();
    for _ in 0..1_000 {
        world.now_ms += 1;
        world.feed(Input::Tick);
    }
    let (gone, entries) = entries(&world.trace());
    assert_eq!(entries.len(), 400);
    assert_eq!(gone, 1_002 - 400);
    let times: Vec<_> = entries.iter().map(|entry| entry[0].as_u64().expect("a time")).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(times.last(), Some(&world.now_ms));
}

#[test]
fn g3_odd_texts_stay_json() {
    let mut world = World::new();
    for chat in ["a\"b", "back\\slash", "line\nbreak", "\u{7f}😀\u{0}"] {
        let input = ChatInput::Hydrate { state: session(), notify: true };
        world.feed(Input::Chat { chat: chat.into(), input });
    }
    let (_, entries) = entries(&world.trace());
    assert_eq!(entries[0][1], "a\"b");
    assert_eq!(entries.last().expect("an entry")[2], ">session-changed");
}
