//! Faults on purpose: rules that break requests of the realtime routes, for tests and for the
//! demo's buttons. Without a rule nothing here touches a request.

mod body;
mod cut;
mod rule;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::Next,
    response::Response,
};
use tokio::sync::watch;

pub(crate) use rule::Rule;
use rule::{Action, End, Endpoint};

use crate::{routes::PathId, server::Server, socket::SocketFate};

#[derive(Default)]
pub(crate) struct Faults {
    rules: Mutex<Vec<Rule>>,
    /// Changes when the rules are cleared: whoever waits because of a rule goes on.
    healed: watch::Sender<u64>,
    connections: Arc<Mutex<BTreeMap<String, usize>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Faults {
    pub(crate) fn add(&self, rule: Rule) {
        lock(&self.rules).push(rule);
    }

    pub(crate) fn list(&self) -> Vec<Rule> {
        lock(&self.rules).clone()
    }

    pub(crate) fn clear(&self) {
        lock(&self.rules).clear();
        self.healed.send_modify(|generation| *generation += 1);
    }

    /// Live `.out` connections by chat.
    pub(crate) fn connections(&self) -> BTreeMap<String, usize> {
        lock(&self.connections).clone()
    }

    /// Counts a connection until the guard is dropped.
    pub(crate) fn count_connection(&self, chat: &str) -> ConnectionGuard {
        *lock(&self.connections).entry(chat.to_owned()).or_default() += 1;
        ConnectionGuard { chat: chat.to_owned(), connections: self.connections.clone() }
    }

    /// The action of the first rule that is due for this request.
    fn take(&self, endpoint: Endpoint, chat: &str) -> Option<Action> {
        lock(&self.rules).iter_mut().find_map(|rule| rule.take(endpoint, chat))
    }
}

pub(crate) struct ConnectionGuard {
    chat: String,
    connections: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        let mut connections = lock(&self.connections);
        if let Some(count) = connections.get_mut(&self.chat) {
            *count -= 1;
            if *count == 0 {
                connections.remove(&self.chat);
            }
        }
    }
}

/// Middleware of the realtime routes.
pub(crate) async fn inject(
    State(server): State<Arc<Server>>,
    ConnectInfo(fate): ConnectInfo<SocketFate>,
    PathId(id): PathId,
    request: Request,
    next: Next,
) -> Response {
    let endpoint = match request.uri().path() {
        path if path.ends_with("/in/append") => Endpoint::In,
        path if path.ends_with("/out") => Endpoint::Out,
        _ => return next.run(request).await,
    };
    let session = server.sessions.find(&id);
    let chat = session.as_ref().map_or(id.as_str(), |session| session.key());
    let Some(action) = server.faults.take(endpoint, chat) else {
        return next.run(request).await;
    };
    let healed = server.faults.healed.subscribe();
    apply(action, healed, fate, request, next).await
}

async fn apply(
    action: Action,
    mut healed: watch::Receiver<u64>,
    fate: SocketFate,
    request: Request,
    next: Next,
) -> Response {
    match action {
        Action::Status { status, headers, body } => status_response(status, &headers, body),
        Action::Delay { ms } => {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(ms)) => {}
                _ = healed.changed() => {}
            }
            next.run(request).await
        }
        Action::Drop => {
            fate.mute();
            Response::default()
        }
        Action::LoseAnswer => {
            next.run(request).await;
            fate.reset_at_end();
            fate.mute();
            Response::default()
        }
        Action::Cut { .. } | Action::Stall { .. } | Action::Slice { .. } => {
            let response = next.run(request).await;
            response.map(|inner| body::break_body(inner, action, healed, fate))
        }
    }
}

fn status_response(status: u16, headers: &BTreeMap<String, String>, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(name.as_str()), HeaderValue::try_from(value.as_str()))
        {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
