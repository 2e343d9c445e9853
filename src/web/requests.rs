//! Requests and callbacks: what is asked for, and what an answer means.
//!
//! JavaScript makes them and waits for them; it tells what becomes of each under its number. Here is
//! noted which chat a number belongs to and what was asked. A number that is no longer noted was
//! given up: its answers find no one.

use std::cell::RefCell;

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::convert::{cause, member, text_member};
use super::driver::Driver;
use super::host::{Fields, Response};
use crate::Secret;
use crate::error::Error;
use crate::io::{
    AppendOutcome, Body, CallId, ChatInput, HeadStartHead, Progress, RequestId, StartFailure,
    StartedSession,
};
use crate::link::ResponseHead;
use crate::text::joined;
use crate::wire::input::STOP_BODY;

/// What was asked for.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    Session,
    Token,
    Append,
    HeadStart,
    /// A subscription, or the rest of a head start's answer.
    Body,
}

/// The requests under way.
#[derive(Default)]
pub(super) struct Requests(RefCell<Vec<(RequestId, String, Asked)>>);

impl Requests {
    fn note(&self, request: RequestId, chat: &str, asked: Asked) {
        self.0.borrow_mut().push((request, chat.to_owned(), asked));
    }

    /// Forgets a request; `None` if it was given up before.
    pub(super) fn take(&self, request: RequestId) -> Option<(String, Asked)> {
        let mut requests = self.0.borrow_mut();
        let at = requests.iter().position(|(of, ..)| *of == request)?;
        let (_, chat, asked) = requests.swap_remove(at);
        Some((chat, asked))
    }

    fn chat(&self, request: RequestId) -> Option<String> {
        let requests = self.0.borrow();
        requests.iter().find(|(of, ..)| *of == request).map(|(_, chat, _)| chat.clone())
    }
}

/// What a subscription asks for.
pub(super) struct Subscription {
    pub(super) last_event_id: Option<String>,
    pub(super) peek_settled: bool,
    pub(super) call: CallId,
}

/// Asking.
impl Driver {
    pub(super) fn start_session(&self, chat: String, request: RequestId) {
        self.requests.note(request, &chat, Asked::Session);
        if !self.host.start_session(request, &chat) {
            self.requests.take(request);
            let answer = Err(StartFailure::NotConfigured);
            self.tell(chat, ChatInput::SessionStarted { request, answer });
        }
    }

    pub(super) fn mint_token(&self, chat: &str, request: RequestId) {
        self.requests.note(request, chat, Asked::Token);
        self.host.access_token(request, chat);
    }

    pub(super) fn append(
        &self,
        chat: &str,
        request: RequestId,
        token: &Secret,
        part_id: &str,
        body: Body,
    ) {
        let (call, text) = match body {
            Body::Of(call) => (call, self.body(call)),
            Body::Stop => (0, Some(JsString::from(STOP_BODY))),
        };
        let headers = Fields::new();
        headers.text("Content-Type", Some(JSON));
        authorize(&headers, token);
        headers.text("x-trigger-source", Some("sdk"));
        headers.text("X-Part-Id", Some(part_id));
        self.requests.note(request, chat, Asked::Append);
        self.host.fetch(request, call, "in", chat, &path(chat, "in/append"), &headers, text);
    }

    /// Asks the application's own server for the first turn. Its URL is the application's: no token
    /// goes with it.
    pub(super) fn head_start(&self, chat: &str, request: RequestId, call: CallId) {
        let headers = Fields::new();
        headers.text("Content-Type", Some(JSON));
        self.requests.note(request, chat, Asked::HeadStart);
        self.host.head_start(request, call, &headers, self.body(call));
    }

    pub(super) fn subscribe(
        &self,
        chat: &str,
        request: RequestId,
        token: &Secret,
        ask: &Subscription,
    ) {
        let headers = Fields::new();
        headers.text("Accept", Some("text/event-stream"));
        authorize(&headers, token);
        headers.text("Timeout-Seconds", Some(&self.host.timeout_seconds()));
        if let Some(cursor) = &ask.last_event_id {
            headers.text("Last-Event-ID", Some(cursor));
        }
        if ask.peek_settled {
            headers.text("X-Peek-Settled", Some("1"));
        }
        self.requests.note(request, chat, Asked::Body);
        self.host.fetch(request, ask.call, "out", chat, &path(chat, "out"), &headers, None);
    }

    /// Gives a request up.
    pub(super) fn disconnect(&self, request: RequestId) {
        if self.requests.take(request).is_some() {
            self.host.abort(request);
        }
    }
}

/// The type of what we send.
const JSON: &str = "application/json";

fn authorize(headers: &Fields, token: &Secret) {
    headers.text("Authorization", Some(&joined(&["Bearer ", token.expose()])));
}

/// The path of a session's route.
fn path(chat: &str, route: &str) -> String {
    let id = String::from(js_sys::encode_uri_component(chat));
    joined(&["/realtime/v1/sessions/", &id, "/", route])
}

/// What becomes of it.
impl Driver {
    /// A callback gave a value, or a server a response; `body` is the text of an append's answer.
    pub(super) fn answered(&self, request: RequestId, answer: &JsValue, body: Option<String>) {
        let Some((chat, asked)) = self.requests.take(request) else { return };
        let response = answer.unchecked_ref();
        if let Asked::HeadStart | Asked::Body = asked {
            self.requests.note(request, &chat, Asked::Body);
        }
        let input = match asked {
            Asked::Session => {
                let answer = started(answer).map_err(StartFailure::Failed);
                ChatInput::SessionStarted { request, answer }
            }
            Asked::Token => ChatInput::TokenMinted { request, answer: minted(answer) },
            Asked::Append => {
                let head = self.head(response);
                let outcome = AppendOutcome::Answer(head, body.unwrap_or_default());
                ChatInput::Appended { request, outcome }
            }
            Asked::HeadStart => {
                ChatInput::HeadStarted { request, answer: Ok(self.head_start_head(response)) }
            }
            Asked::Body => {
                ChatInput::Subscription { request, progress: Progress::Head(self.head(response)) }
            }
        };
        self.tell(chat, input);
    }

    /// A callback, a request or a body failed. `threw`: by the application's own code, so that trying
    /// again will not help.
    pub(super) fn failed(&self, request: RequestId, thrown: JsValue, threw: bool) {
        let Some((chat, asked)) = self.requests.take(request) else { return };
        let cause = cause(thrown);
        let input = match asked {
            Asked::Session => {
                let answer = Err(StartFailure::Failed(Error::Callback(cause)));
                ChatInput::SessionStarted { request, answer }
            }
            Asked::Token => ChatInput::TokenMinted { request, answer: Err(Error::Callback(cause)) },
            Asked::Append => {
                let outcome =
                    if threw { AppendOutcome::Threw(cause) } else { AppendOutcome::Failed(cause) };
                ChatInput::Appended { request, outcome }
            }
            Asked::HeadStart => ChatInput::HeadStarted { request, answer: Err(cause) },
            Asked::Body => {
                let progress = if threw { Progress::Threw(cause) } else { Progress::Failed(cause) };
                ChatInput::Subscription { request, progress }
            }
        };
        self.tell(chat, input);
    }

    /// The body of a response was read to its end.
    pub(super) fn ended(&self, request: RequestId) {
        self.progressed(request, Progress::End);
        self.requests.take(request);
    }

    /// A body is being read.
    pub(super) fn progressed(&self, request: RequestId, progress: Progress) {
        if let Some(chat) = self.requests.chat(request) {
            self.tell(chat, ChatInput::Subscription { request, progress });
        }
    }

    fn head(&self, response: &Response) -> ResponseHead {
        let header = |name| self.host.header(response, name);
        ResponseHead {
            status: response.status(),
            content_type: header("Content-Type"),
            stream_version: header("X-Stream-Version"),
            settled: header("X-Session-Settled").as_deref() == Some("true"),
            retry_after: header("Retry-After"),
            ratelimit_reset: header("x-ratelimit-reset"),
        }
    }

    fn head_start_head(&self, response: &Response) -> HeadStartHead {
        let header = |name| self.host.header(response, name);
        HeadStartHead {
            status: response.status(),
            token: header("X-Trigger-Chat-Access-Token").map(Secret::new),
            pending_version: header("X-Trigger-Chat-Pending-Version").as_deref() == Some("1"),
            has_body: member(response, "body").is_some(),
        }
    }
}

/// What `startSession` resolved to.
fn started(answer: &JsValue) -> Result<StartedSession, Error> {
    let token = text_member(answer, "publicAccessToken").filter(|token| !token.is_empty());
    let expected = "startSession must resolve to { publicAccessToken: string }: return what \
                    chat.createStartSessionAction returned";
    Ok(StartedSession {
        token: Secret::new(token.ok_or(Error::BadAnswer { expected })?),
        pending_version: member(answer, "pendingVersion").is_some_and(|flag| flag.is_truthy()),
    })
}

/// What `accessToken` gave.
fn minted(answer: &JsValue) -> Result<Secret, Error> {
    let token = answer.as_string().filter(|token| !token.is_empty());
    let expected = "accessToken must return, or resolve to, a token";
    token.map(Secret::new).ok_or(Error::BadAnswer { expected })
}
