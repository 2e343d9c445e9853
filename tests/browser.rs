//! The browser layer in a real engine: real `Response`s, streams and signals; the JavaScript class and
//! the server are played, by a host object.
#![cfg(target_arch = "wasm32")]

use js_sys::Promise;
use trigger_chat_transport::web::{Core, Host};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/browser/host.js")]
extern "C" {
    #[wasm_bindgen(extends = Host)]
    type PlayedHost;

    /// A host whose `.out` responses have these bodies, one after another.
    #[wasm_bindgen(js_name = playedHost)]
    fn played_host(bodies: &JsValue) -> PlayedHost;

    /// Tells the host whom it answers to.
    #[wasm_bindgen(method, setter)]
    fn set_core(this: &PlayedHost, core: &Js);

    /// [`Core`] as JavaScript sees it.
    type Js;

    #[wasm_bindgen(method)]
    fn hydrate(this: &Js, chat: &str, state: &JsValue, notify: bool);

    #[wasm_bindgen(method)]
    fn send(
        this: &Js,
        call: u32,
        chat: &str,
        source: &str,
        id: &JsValue,
        body: &JsValue,
        bytes: f64,
        escaped_bytes: f64,
    );

    #[wasm_bindgen(method)]
    fn wake(this: &Js, word: u8);

    #[wasm_bindgen(method)]
    fn free(this: &Js);

    /// Resolves once the stream of the call was closed or failed.
    #[wasm_bindgen(method)]
    fn ended(this: &PlayedHost) -> Promise;

    /// Resolves once the `nth` subscription was made, from 1.
    #[wasm_bindgen(method)]
    fn subscribed(this: &PlayedHost, nth: u32) -> Promise;

    /// What was handed to the stream, as one text.
    #[wasm_bindgen(method, getter)]
    fn text(this: &PlayedHost) -> String;

    /// Every `Last-Event-ID` that was sent, joined by commas.
    #[wasm_bindgen(method, getter)]
    fn cursors(this: &PlayedHost) -> String;

    /// Whether the signals of all requests are aborted.
    #[wasm_bindgen(method, getter, js_name = allAborted)]
    fn all_aborted(this: &PlayedHost) -> bool;

    /// The body of the append, parsed and written again by JavaScript.
    #[wasm_bindgen(method, getter)]
    fn sent(this: &PlayedHost) -> String;

    /// From now on the stream has no room until it is given some.
    #[wasm_bindgen(method)]
    fn fill(this: &PlayedHost);

    /// Resolves once somebody waits for room.
    #[wasm_bindgen(method, js_name = roomWanted)]
    fn room_wanted(this: &PlayedHost) -> Promise;

    /// Gives it room.
    #[wasm_bindgen(method, js_name = giveRoom)]
    fn give_room(this: &PlayedHost);
}

/// A transport's core that has sent a message and reads the played answer.
fn sending(bodies: &str) -> (Js, PlayedHost) {
    let bodies = js_sys::JSON::parse(bodies).expect("bodies as JSON");
    let host = played_host(&bodies);
    let core = JsValue::from(Core::new(host.clone().unchecked_into(), false, 0));
    let core: Js = core.unchecked_into();
    host.set_core(&core);
    let state = js_sys::JSON::parse(r#"{"publicAccessToken":"token","isStreaming":false}"#);
    core.hydrate("chat", &state.expect("a state"), false);
    (core, host)
}

fn submit(core: &Js, body: &JsValue) {
    core.send(1, "chat", "submit-message", &JsValue::UNDEFINED, body, 10.0, 10.0);
}

async fn until(promise: Promise) {
    JsFuture::from(promise).await.expect("a promise that resolves");
}

/// One batch with the deltas `a`, `é` and an emoji, in pieces of one byte, then the boundary.
const ANSWER: &str =
    r#"[{"pieces":1,"end":"done","records":["a","é","😀"],"first":0,"complete":true}]"#;

#[wasm_bindgen_test]
async fn c2_bytes_one_by_one_give_every_chunk_in_order() {
    let (core, host) = sending(ANSWER);
    submit(&core, &"{}".into());
    until(host.ended()).await;
    assert_eq!(host.text(), "aé😀");
    assert!(host.all_aborted());
}

#[wasm_bindgen_test]
async fn d5_a_body_that_breaks_is_read_on_from_the_cursor() {
    let (core, host) = sending(
        r#"[{"pieces":7,"end":"error","records":["a","b"],"first":0,"tail":"event: batch\nda"},
            {"pieces":9,"end":"done","records":["b","c"],"first":1,"complete":true}]"#,
    );
    submit(&core, &"{}".into());
    until(host.ended()).await;
    assert_eq!(host.text(), "abc");
    assert_eq!(host.cursors(), ",1");
}

#[wasm_bindgen_test]
async fn d3_a_body_that_ends_early_is_read_on_from_the_cursor() {
    let (core, host) = sending(
        r#"[{"pieces":99,"end":"done","records":["a"],"first":0},
            {"pieces":99,"end":"done","records":["b"],"first":1,"complete":true}]"#,
    );
    submit(&core, &"{}".into());
    until(host.ended()).await;
    assert_eq!(host.text(), "ab");
    assert_eq!(host.cursors(), ",0");
}

#[wasm_bindgen_test]
async fn c3_a_malformed_chunk_is_lost_alone() {
    let body =
        r#"[{"pieces":99,"end":"done","raw":["\"a\"","oops]","\"b\""],"first":0,"complete":true}]"#;
    let (core, host) = sending(body);
    submit(&core, &"{}".into());
    until(host.ended()).await;
    assert_eq!(host.text(), "ab");
}

/// As the class tells it.
const DISPOSE: u8 = 5;

#[wasm_bindgen_test]
async fn a8_dispose_aborts_what_is_under_way_and_frees() {
    let (core, host) = sending(r#"[{"pieces":99,"end":"never","records":["a"],"first":0}]"#);
    submit(&core, &"{}".into());
    until(host.subscribed(1)).await;
    core.wake(DISPOSE);
    until(host.ended()).await;
    assert!(host.all_aborted());
    core.free();
}

#[wasm_bindgen_test]
async fn d1_nothing_is_read_while_the_consumer_is_full() {
    let (core, host) = sending(ANSWER);
    host.fill();
    submit(&core, &"{}".into());
    until(host.room_wanted()).await;
    assert_eq!(host.text(), "");
    host.give_room();
    until(host.ended()).await;
    assert_eq!(host.text(), "aé😀");
}

#[wasm_bindgen_test]
async fn b2_a_lone_surrogate_survives_sending() {
    let (core, host) = sending(ANSWER);
    let lone = js_sys::JSON::parse(r#""\"\ud83d\"""#).expect("JSON");
    submit(&core, &lone);
    until(host.ended()).await;
    assert_eq!(host.sent(), r#""\ud83d""#);
}
