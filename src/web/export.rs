//! What the JavaScript class calls. Each method turns its arguments into one input.

use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::convert::read_session;
use super::driver::Driver;
use super::host::Host;
use crate::Config;
use crate::io::{CallId, ChatInput, Send, SendSource};
use crate::wire::input::{Trigger, action_chunk, merged_metadata, message_chunk};

/// The machine of one transport. Internal: users hold `TriggerChatTransport`.
#[wasm_bindgen]
pub struct Core {
    driver: Rc<Driver>,
}

#[wasm_bindgen]
impl Core {
    /// A machine that answers to `host`.
    #[wasm_bindgen(constructor)]
    pub fn new(host: Host, watch: bool) -> Self {
        // 106 bits of the engine's randomness, folded into the seed.
        let random = || (js_sys::Math::random() * 9_007_199_254_740_992.0) as u64;
        let seed = random() ^ random().rotate_left(32);
        Self { driver: Driver::new(host, Config { watch, seed }) }
    }

    /// Installs a session's state.
    pub fn hydrate(&self, chat: &str, state: JsValue, notify: bool) {
        self.driver.tell(chat, ChatInput::Hydrate { state: read_session(&state), notify });
    }

    /// Seeds the resume cursor.
    #[wasm_bindgen(js_name = seedCursor)]
    pub fn seed_cursor(&self, chat: &str, cursor: String) {
        self.driver.tell(chat, ChatInput::SeedCursor(cursor));
    }

    /// Starts the session.
    pub fn start(&self, call: CallId, chat: &str) {
        self.driver.tell(chat, ChatInput::Start { call });
    }

    /// Sends a message: `trigger` is `submit-message`, `regenerate-message` or, for a message into
    /// the running turn, `steer`. Throws what `JSON.stringify` throws.
    #[wasm_bindgen(js_name = sendMessage)]
    #[expect(clippy::too_many_arguments, reason = "an object would have to be taken apart again")]
    pub fn send_message(
        &self,
        call: CallId,
        chat: &str,
        trigger: &str,
        message_id: Option<String>,
        wire_message_id: JsValue,
        message: JsValue,
        body: JsValue,
        client_data: JsValue,
        metadata: JsValue,
    ) -> Result<(), JsValue> {
        let (source, trigger) = match trigger {
            "regenerate-message" => (SendSource::RegenerateMessage, Trigger::RegenerateMessage),
            "steer" => (SendSource::Steer, Trigger::SubmitMessage),
            _ => (SendSource::SubmitMessage, Trigger::SubmitMessage),
        };
        let chunk = message_chunk(
            chat,
            trigger,
            present(body).as_ref(),
            present(message).as_ref(),
            present(wire_message_id),
            merged_metadata(present(client_data), present(metadata)),
        );
        self.send(call, chat, source, message_id, &chunk)
    }

    /// Sends an action. Throws what `JSON.stringify` throws.
    #[wasm_bindgen(js_name = sendAction)]
    pub fn send_action(
        &self,
        call: CallId,
        chat: &str,
        action: JsValue,
        client_data: JsValue,
        metadata: JsValue,
    ) -> Result<(), JsValue> {
        let metadata = merged_metadata(present(client_data), present(metadata));
        let chunk = action_chunk(chat, action, metadata);
        self.send(call, chat, SendSource::Action, None, &chunk)
    }

    /// Stops the running turn.
    pub fn stop(&self, call: CallId, chat: &str) {
        self.driver.tell(chat, ChatInput::Send { call, send: Send::stop() });
    }

    /// Follows a turn that is under way.
    pub fn reconnect(&self, call: CallId, chat: &str, stop_on_abort: bool) {
        self.driver.tell(chat, ChatInput::Reconnect { call, stop_on_abort });
    }

    /// Disarms the stop gate.
    #[wasm_bindgen(js_name = clearGate)]
    pub fn clear_gate(&self, chat: &str) {
        self.driver.tell(chat, ChatInput::ClearGate);
    }

    /// The caller's signal was aborted.
    pub fn abort(&self, call: CallId, chat: &str) {
        self.driver.tell(chat, ChatInput::Abort(call));
    }

    /// The consumer cancelled the stream.
    pub fn cancel(&self, call: CallId, chat: &str) {
        self.driver.tell(chat, ChatInput::Cancel(call));
    }

    /// Ends everything.
    pub fn dispose(&self) {
        self.driver.dispose();
    }

    fn send(
        &self,
        call: CallId,
        chat: &str,
        source: SendSource,
        message_id: Option<String>,
        chunk: &JsValue,
    ) -> Result<(), JsValue> {
        let body = js_sys::JSON::stringify(chunk)?;
        let escaped = js_sys::JSON::stringify(&body)?;
        let bytes = |text: &JsString| self.driver.host.byte_length(text) as u64;
        let send = Send {
            source,
            message_id,
            body_bytes: bytes(&body),
            escaped_body_bytes: bytes(&escaped),
        };
        self.driver.keep_body(call, body);
        self.driver.tell(chat, ChatInput::Send { call, send });
        Ok(())
    }
}

fn present(value: JsValue) -> Option<JsValue> {
    (!value.is_undefined()).then_some(value)
}
