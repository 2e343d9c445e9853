//! What the JavaScript class calls. Each method turns its arguments into one input.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::convert::{read_session, write_connection};
use super::driver::Driver;
use super::host::{Fields, Host};
use super::tabs;
use crate::io::{CallId, ChatInput, Progress, RequestId, Send, SendSource, TabMessage, Wake};
use crate::{Config, Input};

/// The machine of one transport. Internal: users hold `TriggerChatTransport`.
#[wasm_bindgen]
pub struct Core {
    driver: Driver,
}

#[wasm_bindgen]
impl Core {
    /// A machine that answers to `host`.
    #[wasm_bindgen(constructor)]
    pub fn new(host: Host, watch: bool, tabs: u8) -> Self {
        // 106 bits of the engine's randomness, folded into the seed.
        let random = || (js_sys::Math::random() * 9_007_199_254_740_992.0) as u64;
        let seed = random() ^ random().rotate_left(32);
        Self { driver: Driver::new(host, Config { watch, tabs: tabs::mode(tabs), seed }) }
    }

    /// Installs a session's state.
    pub fn hydrate(&self, chat: String, state: JsValue, notify: bool) {
        self.driver.tell(chat, ChatInput::Hydrate { state: read_session(&state), notify });
    }

    /// Seeds the resume cursor.
    #[wasm_bindgen(js_name = seedCursor)]
    pub fn seed_cursor(&self, chat: String, cursor: String) {
        self.driver.tell(chat, ChatInput::SeedCursor(cursor));
    }

    /// Starts the session, stops or follows its turn, or gives a call up, as the JavaScript side
    /// numbers it. One function for all of them: each costs its own glue.
    pub fn act(&self, act: u8, chat: String, call: CallId) {
        let input = match act {
            0 => ChatInput::Start { call },
            1 => ChatInput::Send { call, send: Send::stop() },
            2 => ChatInput::Reconnect { call, stop_on_abort: false },
            3 => ChatInput::Reconnect { call, stop_on_abort: true },
            4 => ChatInput::ClearGate,
            5 => ChatInput::Abort(call),
            _ => ChatInput::Cancel(call),
        };
        self.driver.tell(chat, input);
    }

    /// Sends a body of so many bytes, and as a JSON string of so many (0 for a head start, which is no
    /// record). `source` is `submit-message`, `regenerate-message`, `action`, `head-start` or, for a
    /// message into the running turn, `steer`; `message_id` is for events.
    #[expect(
        clippy::too_many_arguments,
        reason = "an object of them would cost glue on both sides"
    )]
    pub fn send(
        &self,
        call: CallId,
        chat: String,
        source: &str,
        message_id: Option<String>,
        body: JsString,
        body_bytes: f64,
        escaped_body_bytes: f64,
    ) {
        let source = match source {
            "regenerate-message" => SendSource::RegenerateMessage,
            "action" => SendSource::Action,
            "head-start" => SendSource::HeadStart,
            "steer" => SendSource::Steer,
            _ => SendSource::SubmitMessage,
        };
        self.driver.keep_body(call, body);
        let send = Send {
            source,
            message_id,
            body_bytes: body_bytes as u64,
            escaped_body_bytes: escaped_body_bytes as u64,
        };
        self.driver.tell(chat, ChatInput::Send { call, send });
    }

    /// How a chat's connection stands, as a `ChatConnection`.
    pub fn connection(&self, chat: &str) -> Fields {
        write_connection(&self.driver.connection(chat))
    }

    /// The last inputs and outputs, as JSON.
    pub fn trace(&self) -> String {
        self.driver.trace()
    }

    /// Another tab says something, by the members of its message.
    #[wasm_bindgen(js_name = tabSays)]
    pub fn tab_says(
        &self,
        word: u8,
        chat: String,
        tab: String,
        locked: bool,
        last_event_id: Option<String>,
    ) {
        let word = tabs::word(word);
        self.driver.feed(Input::TabSays(TabMessage { word, chat, tab, locked, last_event_id }));
    }

    /// Something happened to the channel or to a chat's lock: see `TabEvent`.
    #[wasm_bindgen(js_name = tabEvent)]
    pub fn tab_event(&self, event: u8, chat: String) {
        self.driver.feed(tabs::event(event, chat));
    }

    /// A callback gave a value, or a server a response; `body` is the text of an append's answer.
    pub fn answered(&self, request: RequestId, answer: &JsValue, body: Option<String>) {
        self.driver.answered(request, answer, body);
    }

    /// A callback, a request or a body failed; `threw`: by the application's own code.
    pub fn failed(&self, request: RequestId, thrown: JsValue, threw: bool) {
        self.driver.failed(request, thrown, threw);
    }

    /// Bytes of a body arrived.
    pub fn bytes(&self, request: RequestId, bytes: Vec<u8>) {
        self.driver.progressed(request, Progress::Bytes(bytes));
    }

    /// A body is not read on until the consumer has room, or it is again.
    pub fn hold(&self, request: RequestId, held: bool) {
        let progress = if held { Progress::Held } else { Progress::Resumed };
        self.driver.progressed(request, progress);
    }

    /// A body was read to its end.
    pub fn ended(&self, request: RequestId) {
        self.driver.ended(request);
    }

    /// The timer fired.
    pub fn tick(&self) {
        self.driver.tick();
    }

    /// What the page or the device says, as the JavaScript side numbers it; or that everything ends.
    pub fn wake(&self, word: u8) {
        self.driver.feed(match word {
            0 => Input::Wake(Wake::Reconnect),
            1 => Input::Wake(Wake::RetryNow),
            2 => Input::Wake(Wake::Check),
            3 => Input::Wake(Wake::Online),
            4 => Input::Wake(Wake::Offline),
            _ => Input::Dispose,
        });
    }
}
