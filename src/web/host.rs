//! What the JavaScript class offers to the Rust side.

use js_sys::{JsString, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The transport object's private side. It looks callbacks and globals up at the time of use and
    /// swallows what observers throw.
    pub type Host;

    /// Calls `startSession`, whose answer comes under the number of the request; false when there is
    /// no such callback.
    #[wasm_bindgen(method, js_name = startSession)]
    pub fn start_session(this: &Host, request: u32, chat: &str) -> bool;

    /// Calls `accessToken`, whose answer comes under the number of the request.
    #[wasm_bindgen(method, js_name = accessToken)]
    pub fn access_token(this: &Host, request: u32, chat: &str);

    /// Makes a request, by `fetch` or the application's override of it; a POST if it has a body. With
    /// the headers go those of the application, for a call or (0) for none in particular.
    #[wasm_bindgen(method)]
    pub fn fetch(
        this: &Host,
        request: u32,
        call: u32,
        endpoint: &str,
        chat: &str,
        path: &str,
        headers: &Fields,
        body: Option<JsString>,
    );

    /// Makes a POST request to the `headStart` option's URL.
    #[wasm_bindgen(method, js_name = headStart)]
    pub fn head_start(
        this: &Host,
        request: u32,
        call: u32,
        headers: &Fields,
        body: Option<JsString>,
    );

    /// Aborts a request.
    #[wasm_bindgen(method)]
    pub fn abort(this: &Host, request: u32);

    /// A header of a response.
    #[wasm_bindgen(method)]
    pub fn header(this: &Host, response: &Response, name: &str) -> Option<String>;

    /// Arms the one timer, or disarms it.
    #[wasm_bindgen(method, js_name = armTimer)]
    pub fn arm_timer(this: &Host, delay_ms: Option<u32>);

    /// Listens to what the page and the device say of their network, or no longer.
    #[wasm_bindgen(method)]
    pub fn listen(this: &Host, listens: bool);

    /// The value of `Timeout-Seconds`.
    #[wasm_bindgen(method, getter, js_name = timeoutSeconds)]
    pub fn timeout_seconds(this: &Host) -> String;

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
    pub fn settled(this: &Host, call: u32, settlement: &Fields);

    /// Closes a call's stream.
    #[wasm_bindgen(method)]
    pub fn close(this: &Host, call: u32);

    /// Fails a call's stream.
    #[wasm_bindgen(method)]
    pub fn fail(this: &Host, call: u32, error: &JsValue);

    /// A session has a new state.
    #[wasm_bindgen(method, js_name = sessionChanged)]
    pub fn session_changed(this: &Host, chat: &str, state: &Fields, notify: bool);

    /// Does something between tabs: see `TabAct`.
    #[wasm_bindgen(method)]
    pub fn tab(this: &Host, act: u8, chat: &str, last_event_id: Option<String>);

    /// Something to observe.
    #[wasm_bindgen(method)]
    pub fn event(this: &Host, event: &Fields);

    /// A `Response`.
    pub type Response;

    #[wasm_bindgen(method, getter)]
    pub fn status(this: &Response) -> u16;

    /// An object of our own, or an error that we made.
    #[wasm_bindgen(extends = Object)]
    pub type Fields;

    #[wasm_bindgen(method, indexing_setter)]
    pub fn text(this: &Fields, name: &str, value: Option<&str>);

    #[wasm_bindgen(method, indexing_setter)]
    pub fn number(this: &Fields, name: &str, value: Option<f64>);

    #[wasm_bindgen(method, indexing_setter)]
    pub fn flag(this: &Fields, name: &str, value: Option<bool>);

    #[wasm_bindgen(method, indexing_setter)]
    pub fn value(this: &Fields, name: &str, value: &JsValue);
}

impl Fields {
    /// An object without members.
    pub fn new() -> Self {
        Object::<JsValue>::new().unchecked_into()
    }
}
