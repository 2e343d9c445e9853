//! Requests and callbacks: makes them and feeds back what became of them.
//!
//! Waits between steps are promises. No borrow is held across an await.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::{JsString, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, ReadableStreamDefaultReader, Response};

use super::convert::{cause, member, set, text_member};
use super::driver::Driver;
use crate::Secret;
use crate::error::Error;
use crate::io::{
    AppendOutcome, Body, CallId, ChatInput, HeadStartHead, Progress, RequestId, StartFailure,
    StartedSession,
};
use crate::link::ResponseHead;
use crate::text::joined;
use crate::wire::input::STOP_BODY;

/// The type of what we send.
const JSON: &str = "application/json";

/// What a subscription asks for.
pub(super) struct Subscription {
    pub(super) last_event_id: Option<String>,
    pub(super) peek_settled: bool,
    pub(super) call: CallId,
}

/// Runs a task. Boxed: the executor is then compiled once and not for every kind of task.
fn spawn(task: impl Future<Output = ()> + 'static) {
    spawn_local(Box::pin(task) as Pin<Box<dyn Future<Output = ()>>>);
}

pub(super) fn start_session(driver: &Rc<Driver>, chat: String, request: RequestId) {
    let answer = driver.host.start_session(&chat);
    let driver = Rc::clone(driver);
    spawn(async move {
        let answer = match answer {
            Ok(absent) if absent.is_undefined() => Err(StartFailure::NotConfigured),
            answer => started(settled(answer).await).map_err(StartFailure::Failed),
        };
        driver.tell(&chat, ChatInput::SessionStarted { request, answer });
    });
}

fn started(answer: Result<JsValue, JsValue>) -> Result<StartedSession, Error> {
    let answer = answer.map_err(|thrown| Error::Callback(cause(thrown)))?;
    let token = text_member(&answer, "publicAccessToken").filter(|token| !token.is_empty());
    let expected = "startSession must resolve to { publicAccessToken: string }: return what \
                    chat.createStartSessionAction returned";
    Ok(StartedSession {
        token: Secret::new(token.ok_or(Error::BadAnswer { expected })?),
        pending_version: member(&answer, "pendingVersion").is_some_and(|flag| flag.is_truthy()),
    })
}

pub(super) fn mint_token(driver: &Rc<Driver>, chat: String, request: RequestId) {
    let answer = driver.host.access_token(&chat);
    let driver = Rc::clone(driver);
    spawn(async move {
        let token = match settled(answer).await {
            Ok(token) => {
                token.as_string().filter(|token| !token.is_empty()).map(Secret::new).ok_or(
                    Error::BadAnswer {
                        expected: "accessToken must return, or resolve to, a token",
                    },
                )
            }
            Err(thrown) => Err(Error::Callback(cause(thrown))),
        };
        driver.tell(&chat, ChatInput::TokenMinted { request, answer: token });
    });
}

/// What a callback gave, awaited if it is a promise.
async fn settled(answer: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&answer?)).await
}

pub(super) fn append(
    driver: &Rc<Driver>,
    chat: String,
    request: RequestId,
    token: &Secret,
    part_id: &str,
    body: Body,
) {
    let (call, text) = match body {
        Body::Of(call) => (call, driver.body(call)),
        Body::Stop => (0, Some(JsString::from(STOP_BODY))),
    };
    let headers = Object::new();
    set(&headers, "Content-Type", JSON);
    set(&headers, "Authorization", joined(&["Bearer ", token.expose()]));
    set(&headers, "x-trigger-source", "sdk");
    set(&headers, "X-Part-Id", part_id);
    let init = init(driver, call, &headers);
    post(&init, text);
    let response = open(driver, "in", &chat, "in/append", request, &init);
    let driver = Rc::clone(driver);
    spawn(async move {
        let outcome = match answer_text(response).await {
            Ok((head, body)) => AppendOutcome::Answer(head, body),
            Err(Broken::Failed(thrown)) => AppendOutcome::Failed(cause(thrown)),
            Err(Broken::Threw(thrown)) => AppendOutcome::Threw(cause(thrown)),
        };
        driver.take_request(request);
        driver.tell(&chat, ChatInput::Appended { request, outcome });
    });
}

/// Asks the application's own server for the first turn. Its URL is the application's: a redirect is
/// its own affair, and no token goes with it.
pub(super) fn head_start(driver: &Rc<Driver>, chat: String, request: RequestId, call: CallId) {
    let headers = Object::new();
    set(&headers, "Content-Type", JSON);
    let init = Object::new();
    set(&init, "headers", driver.host.headers(call, &headers));
    post(&init, driver.body(call));
    let opened = signal(driver, request, &init).and_then(|()| driver.host.head_start(&init));
    let driver = Rc::clone(driver);
    spawn(async move {
        let tell = |input| driver.tell(&chat, input);
        let progress = match response(opened).await {
            Ok(response) => {
                tell(ChatInput::HeadStarted { request, answer: Ok(head_start_head(&response)) });
                read_body(&driver, &chat, request, call, &response).await
            }
            Err(Broken::Failed(thrown) | Broken::Threw(thrown)) => {
                return tell(ChatInput::HeadStarted { request, answer: Err(cause(thrown)) });
            }
        };
        finish(&driver, &chat, request, progress);
    });
}

fn head_start_head(response: &Response) -> HeadStartHead {
    let header = |name| response.headers().get(name).ok().flatten();
    HeadStartHead {
        status: response.status(),
        token: header("X-Trigger-Chat-Access-Token").map(Secret::new),
        pending_version: header("X-Trigger-Chat-Pending-Version").as_deref() == Some("1"),
        has_body: response.body().is_some(),
    }
}

/// Why there is no response, or no more of it.
enum Broken {
    /// The request failed.
    Failed(JsValue),
    /// The application's own code is wrong: trying again will not help.
    Threw(JsValue),
}

impl From<JsValue> for Broken {
    fn from(thrown: JsValue) -> Self {
        Self::Failed(thrown)
    }
}

/// The response of an opened request.
async fn response(opened: Result<JsValue, JsValue>) -> Result<Response, Broken> {
    let promise = opened.map_err(Broken::Threw)?;
    let response = settled(Ok(promise)).await?;
    if member(&response, "headers").is_some() {
        return Ok(response.unchecked_into());
    }
    let error = js_sys::TypeError::new("the fetch option must resolve to a Response");
    Err(Broken::Threw(error.into()))
}

async fn answer_text(opened: Result<JsValue, JsValue>) -> Result<(ResponseHead, String), Broken> {
    let response = response(opened).await?;
    let head = read_head(&response);
    let body = JsFuture::from(response.text()?).await;
    // An acknowledgement whose body broke is one all the same.
    Ok((head, body.ok().and_then(|body| body.as_string()).unwrap_or_default()))
}

pub(super) fn subscribe(
    driver: &Rc<Driver>,
    chat: String,
    request: RequestId,
    token: &Secret,
    ask: Subscription,
) {
    let headers = Object::new();
    set(&headers, "Accept", "text/event-stream");
    set(&headers, "Authorization", joined(&["Bearer ", token.expose()]));
    set(&headers, "Timeout-Seconds", driver.host.timeout_seconds());
    if let Some(cursor) = ask.last_event_id {
        set(&headers, "Last-Event-ID", cursor);
    }
    if ask.peek_settled {
        set(&headers, "X-Peek-Settled", "1");
    }
    let opened = open(driver, "out", &chat, "out", request, &init(driver, ask.call, &headers));
    let driver = Rc::clone(driver);
    spawn(async move {
        let read = async {
            let response = response(opened).await?;
            let progress = Progress::Head(read_head(&response));
            driver.tell(&chat, ChatInput::Subscription { request, progress });
            read_body(&driver, &chat, request, ask.call, &response).await
        };
        finish(&driver, &chat, request, read.await);
    });
}

/// Tells how reading a body ended, unless its request was given up.
fn finish(driver: &Rc<Driver>, chat: &str, request: RequestId, read: Result<(), Broken>) {
    let progress = match read {
        Ok(()) => Progress::End,
        Err(Broken::Failed(thrown)) => Progress::Failed(cause(thrown)),
        Err(Broken::Threw(thrown)) => Progress::Threw(cause(thrown)),
    };
    if driver.take_request(request).is_some() {
        driver.tell(chat, ChatInput::Subscription { request, progress });
    }
}

/// Reads a body to its end, as fast as the consumer of the call takes it. Ends quietly when the
/// request is given up.
async fn read_body(
    driver: &Rc<Driver>,
    chat: &str,
    request: RequestId,
    call: CallId,
    response: &Response,
) -> Result<(), Broken> {
    let tell = |progress| driver.tell(chat, ChatInput::Subscription { request, progress });
    let is_current = || driver.has_request(request);
    if !is_current() {
        return Ok(());
    }
    let body = response.body().ok_or_else(|| JsValue::from_str("the response has no body"))?;
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    while is_current() {
        if let Some(room) = driver.host.room(call) {
            tell(Progress::Held);
            JsFuture::from(room).await?;
            tell(Progress::Resumed);
            continue;
        }
        let read = JsFuture::from(reader.read()).await?;
        if member(&read, "done").is_some_and(|done| done.is_truthy()) {
            return Ok(());
        }
        let bytes: Uint8Array = member(&read, "value").unwrap_or_default().unchecked_into();
        tell(Progress::Bytes(bytes.to_vec()));
    }
    Ok(())
}

/// Redirects are errors: a token must not travel to where a redirect points (S2).
fn init(driver: &Driver, call: CallId, headers: &Object) -> Object {
    let init = Object::new();
    set(&init, "headers", driver.host.headers(call, headers));
    set(&init, "redirect", "error");
    set(&init, "cache", "no-store");
    init
}

/// Makes a request a POST with a body.
fn post(init: &Object, body: Option<JsString>) {
    set(init, "method", "POST");
    set(init, "body", body);
}

/// Makes a request one that can be given up under its number.
fn signal(driver: &Driver, request: RequestId, init: &Object) -> Result<(), JsValue> {
    let controller = AbortController::new()?;
    set(init, "signal", controller.signal());
    driver.keep_request(request, controller);
    Ok(())
}

/// Makes a request to a session's route.
fn open(
    driver: &Rc<Driver>,
    endpoint: &str,
    chat: &str,
    route: &str,
    request: RequestId,
    init: &Object,
) -> Result<JsValue, JsValue> {
    signal(driver, request, init)?;
    let id = String::from(js_sys::encode_uri_component(chat));
    let path = joined(&["/realtime/v1/sessions/", &id, "/", route]);
    driver.host.fetch(endpoint, chat, &path, init)
}

fn read_head(response: &Response) -> ResponseHead {
    let headers = response.headers();
    let header = |name| headers.get(name).ok().flatten();
    ResponseHead {
        status: response.status(),
        content_type: header("Content-Type"),
        stream_version: header("X-Stream-Version"),
        settled: header("X-Session-Settled").as_deref() == Some("true"),
        retry_after: header("Retry-After"),
        ratelimit_reset: header("x-ratelimit-reset"),
    }
}
