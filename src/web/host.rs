//! What the JavaScript class offers to the Rust side.

use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The transport object's private side. It looks callbacks and globals up at the time of use and
    /// swallows what observers throw.
    pub type Host;

    /// Calls `startSession`; `undefined` when there is none.
    #[wasm_bindgen(method, catch, js_name = startSession)]
    pub fn start_session(this: &Host, chat: &str) -> Result<JsValue, JsValue>;

    /// Calls `accessToken`.
    #[wasm_bindgen(method, catch, js_name = accessToken)]
    pub fn access_token(this: &Host, chat: &str) -> Result<JsValue, JsValue>;

    /// Calls `fetch`, or the application's override of it.
    #[wasm_bindgen(method, catch)]
    pub fn fetch(
        this: &Host,
        endpoint: &str,
        chat: &str,
        path: &str,
        init: &Object,
    ) -> Result<JsValue, JsValue>;

    /// Calls `fetch` with the `headStart` option's URL.
    #[wasm_bindgen(method, catch, js_name = headStart)]
    pub fn head_start(this: &Host, init: &Object) -> Result<JsValue, JsValue>;

    /// The headers to send: those of the application, for a call or (0) for none in particular, with
    /// ours over them.
    #[wasm_bindgen(method)]
    pub fn headers(this: &Host, call: u32, ours: &Object) -> Object;

    /// The value of `Timeout-Seconds`.
    #[wasm_bindgen(method, getter, js_name = timeoutSeconds)]
    pub fn timeout_seconds(this: &Host) -> String;

    /// The size of a text in UTF-8 bytes.
    #[wasm_bindgen(method, js_name = byteLength)]
    pub fn byte_length(this: &Host, text: &js_sys::JsString) -> f64;

    /// Resolves a call's promise with a value.
    #[wasm_bindgen(method)]
    pub fn resolve(this: &Host, call: u32, value: &JsValue);

    /// Resolves a call's promise with its stream. `repeats`: it may begin with what a consumer of
    /// this page holds already.
    #[wasm_bindgen(method, js_name = resolveStream)]
    pub fn resolve_stream(this: &Host, call: u32, repeats: bool);

    /// Rejects a call's promise.
    #[wasm_bindgen(method)]
    pub fn reject(this: &Host, call: u32, error: &JsValue);

    /// Enqueues a JSON array of chunks; false, and nothing done, if it is not JSON.
    #[wasm_bindgen(method)]
    pub fn chunks(this: &Host, call: u32, array: &str) -> bool;

    /// A call's append was processed.
    #[wasm_bindgen(method)]
    pub fn settled(this: &Host, call: u32, settlement: &Object);

    /// Closes a call's stream.
    #[wasm_bindgen(method)]
    pub fn close(this: &Host, call: u32);

    /// Fails a call's stream.
    #[wasm_bindgen(method)]
    pub fn fail(this: &Host, call: u32, error: &JsValue);

    /// `undefined` when a call's stream has room, else a promise of it.
    #[wasm_bindgen(method)]
    pub fn room(this: &Host, call: u32) -> Option<Promise>;

    /// A session has a new state.
    #[wasm_bindgen(method, js_name = sessionChanged)]
    pub fn session_changed(this: &Host, chat: &str, state: &Object, notify: bool);

    /// Does something between tabs: see `TabAct`.
    #[wasm_bindgen(method)]
    pub fn tab(this: &Host, act: &str, chat: &str, last_event_id: Option<String>);

    /// Something to observe.
    #[wasm_bindgen(method)]
    pub fn event(this: &Host, event: &Object);
}
