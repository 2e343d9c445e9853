//! The durable streams: S2 spoken over HTTP, embedded or remote in the same shape.
//!
//! It knows records and sequence numbers, never sessions, chats or chunks. An append is sent once:
//! S2 cannot tell a repeated one from a new one, so repeating is the caller's decision.

mod embedded;
mod records;

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub(crate) use embedded::Embedded;
use records::{AppendAnswer, AppendRequest, ReadAnswer};
pub(crate) use records::{NewRecord, StoredRecord};

/// One basin holds the streams of this server.
pub(crate) const BASIN: &str = "session-server";
/// S2 answers a unary read with at most this much.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;

#[derive(Debug)]
pub(crate) enum StoreError {
    Unreachable(String),
    Refused { status: StatusCode, body: String },
    Malformed(String),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable(cause) => write!(formatter, "S2 cannot be reached: {cause}"),
            Self::Refused { status, body } => write!(formatter, "S2 answered {status}: {body}"),
            Self::Malformed(cause) => write!(formatter, "S2 answered something else: {cause}"),
        }
    }
}

impl std::error::Error for StoreError {}

/// How a writer of its own reaches the streams.
pub(crate) enum Access {
    /// Through this process, which holds the store.
    Embedded,
    External {
        url: String,
        token: Option<String>,
    },
}

enum Transport {
    Embedded(Router),
    External { client: reqwest::Client, base: String, token: Option<String> },
}

/// The code of a refusal that is to be tried again, and how often that is done.
const CONFLICT: &str = "transaction_conflict";
const CONFLICTS_LIMIT: u32 = 10;

pub(crate) struct Store {
    transport: Transport,
}

/// What a call sends besides its path.
#[derive(Clone, Default)]
struct Call {
    method: Method,
    accept: Option<&'static str>,
    format: Option<&'static str>,
    body: Option<String>,
}

impl Store {
    pub(crate) async fn embedded(embedded: &Embedded) -> Result<Self, StoreError> {
        Self::open(Transport::Embedded(embedded.router())).await
    }

    pub(crate) async fn external(url: &str, token: Option<String>) -> Result<Self, StoreError> {
        let client = reqwest::Client::builder()
            .build()
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        Self::open(Transport::External {
            client,
            base: url.trim_end_matches('/').to_owned(),
            token,
        })
        .await
    }

    async fn open(transport: Transport) -> Result<Self, StoreError> {
        let store = Self { transport };
        store.create("/v1/basins", json!({ "basin": BASIN })).await?;
        Ok(store)
    }

    pub(crate) fn access(&self) -> Access {
        match &self.transport {
            Transport::Embedded(_) => Access::Embedded,
            Transport::External { base, token, .. } => {
                Access::External { url: base.clone(), token: token.clone() }
            }
        }
    }

    /// S2's own routes, where the store is in this process.
    pub(crate) fn router(&self) -> Option<Router> {
        match &self.transport {
            Transport::Embedded(router) => Some(router.clone()),
            Transport::External { .. } => None,
        }
    }

    pub(crate) async fn create_stream(&self, stream: &str) -> Result<(), StoreError> {
        self.create("/v1/streams", json!({ "stream": stream })).await
    }

    pub(crate) async fn delete_stream(&self, stream: &str) -> Result<(), StoreError> {
        let call = Call { method: Method::DELETE, ..Call::default() };
        self.call(&format!("/v1/streams/{stream}"), call).await.map(drop)
    }

    /// Appends in order, all or nothing; answers the sequence number of the first.
    pub(crate) async fn append(
        &self,
        stream: &str,
        records: &[NewRecord],
    ) -> Result<u64, StoreError> {
        let body = serde_json::to_string(&AppendRequest { records })
            .map_err(|error| StoreError::Malformed(error.to_string()))?;
        self.append_as(stream, body, None).await
    }

    /// Asks S2 to drop everything before `seq_num`. S2 does so in its own time.
    pub(crate) async fn trim(&self, stream: &str, seq_num: u64) -> Result<u64, StoreError> {
        // The eight bytes of a trim point are not always UTF-8: the whole record travels as base64.
        let record = json!({
            "headers": [["", STANDARD.encode("trim")]],
            "body": STANDARD.encode(seq_num.to_be_bytes()),
        });
        let body = json!({ "records": [record] }).to_string();
        self.append_as(stream, body, Some("base64")).await
    }

    /// Records from `seq_num` on, waiting up to `wait` for the first one.
    pub(crate) async fn read(
        &self,
        stream: &str,
        seq_num: u64,
        wait: Duration,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        let wait = wait.as_secs();
        self.read_at(stream, &format!("seq_num={seq_num}&clamp=true&wait={wait}")).await
    }

    /// Everything from `seq_num` on that the stream holds by now.
    pub(crate) async fn held(
        &self,
        stream: &str,
        seq_num: u64,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        let mut held: Vec<StoredRecord> = Vec::new();
        loop {
            let next = held.last().map_or(seq_num, |last| last.seq_num + 1);
            match self.read(stream, next, Duration::ZERO).await {
                Ok(records) if records.is_empty() => return Ok(held),
                Ok(records) => held.extend(records),
                // The end of the stream, for whoever does not wait.
                Err(StoreError::Refused { status: StatusCode::RANGE_NOT_SATISFIABLE, .. }) => {
                    return Ok(held);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The last records of the stream, oldest first.
    pub(crate) async fn last(
        &self,
        stream: &str,
        count: u64,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        self.read_at(stream, &format!("tail_offset={count}&count={count}&clamp=true")).await
    }

    /// S2's own server-sent events, to be passed on byte for byte. `start` is a query such as
    /// `seq_num=5` or `tail_offset=0`.
    pub(crate) async fn events(
        &self,
        stream: &str,
        start: &str,
        wait: Duration,
    ) -> Result<Body, StoreError> {
        let wait = wait.as_secs();
        let path = format!("/v1/streams/{stream}/records?{start}&clamp=true&wait={wait}");
        let call = Call { accept: Some("text/event-stream"), ..Call::default() };
        self.call(&path, call).await
    }

    async fn create(&self, path: &str, body: Value) -> Result<(), StoreError> {
        let call = Call { method: Method::POST, body: Some(body.to_string()), ..Call::default() };
        match self.call(path, call).await {
            Ok(_) => Ok(()),
            // It exists already, which is what was wanted.
            Err(StoreError::Refused { status, .. }) if status == StatusCode::CONFLICT => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn append_as(
        &self,
        stream: &str,
        body: String,
        format: Option<&'static str>,
    ) -> Result<u64, StoreError> {
        let call = Call { method: Method::POST, format, body: Some(body), ..Call::default() };
        let answer: AppendAnswer =
            self.call_json(&format!("/v1/streams/{stream}/records"), call).await?;
        Ok(answer.start.seq_num)
    }

    async fn read_at(&self, stream: &str, query: &str) -> Result<Vec<StoredRecord>, StoreError> {
        let answer: ReadAnswer = self
            .call_json(&format!("/v1/streams/{stream}/records?{query}"), Call::default())
            .await?;
        Ok(answer.records)
    }

    async fn call_json<T: DeserializeOwned>(
        &self,
        path: &str,
        call: Call,
    ) -> Result<T, StoreError> {
        let body = self.call(path, call).await?;
        let bytes = axum::body::to_bytes(body, ANSWER_LIMIT)
            .await
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        serde_json::from_slice(&bytes).map_err(|error| StoreError::Malformed(error.to_string()))
    }

    /// Makes a call again where S2 says that two of its transactions met: nothing of it was done.
    async fn call(&self, path: &str, call: Call) -> Result<Body, StoreError> {
        for _ in 0..CONFLICTS_LIMIT {
            match self.call_once(path, call.clone()).await {
                Err(StoreError::Refused { body, .. }) if body.contains(CONFLICT) => {
                    tokio::task::yield_now().await;
                }
                done => return done,
            }
        }
        self.call_once(path, call).await
    }

    async fn call_once(&self, path: &str, call: Call) -> Result<Body, StoreError> {
        let (status, body) = match &self.transport {
            Transport::Embedded(router) => call_embedded(router, path, call).await?,
            Transport::External { client, base, token } => {
                call_external(client, base, token.as_deref(), path, call).await?
            }
        };
        if status.is_success() {
            return Ok(body);
        }
        let bytes = axum::body::to_bytes(body, ANSWER_LIMIT).await.unwrap_or_default();
        Err(StoreError::Refused { status, body: String::from_utf8_lossy(&bytes).into_owned() })
    }
}

impl Call {
    fn headers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        [
            Some(("s2-basin", BASIN)),
            Some((header::ACCEPT.as_str(), self.accept.unwrap_or("application/json"))),
            self.format.map(|format| ("s2-format", format)),
            self.body.is_some().then_some((header::CONTENT_TYPE.as_str(), "application/json")),
        ]
        .into_iter()
        .flatten()
    }
}

async fn call_embedded(
    router: &Router,
    path: &str,
    call: Call,
) -> Result<(StatusCode, Body), StoreError> {
    let mut request = Request::builder().method(call.method.clone()).uri(path);
    for (name, value) in call.headers() {
        request = request.header(name, value);
    }
    let body = call.body.map_or_else(Body::empty, Body::from);
    let request = request.body(body).map_err(|error| StoreError::Malformed(error.to_string()))?;
    let response = match router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let (parts, body) = response.into_parts();
    Ok((parts.status, body))
}

async fn call_external(
    client: &reqwest::Client,
    base: &str,
    token: Option<&str>,
    path: &str,
    call: Call,
) -> Result<(StatusCode, Body), StoreError> {
    let mut request = client.request(call.method.clone(), format!("{base}{path}"));
    for (name, value) in call.headers() {
        request = request.header(name, value);
    }
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(body) = call.body {
        request = request.body(body);
    }
    let response =
        request.send().await.map_err(|error| StoreError::Unreachable(error.to_string()))?;
    Ok((response.status(), Body::from_stream(response.bytes_stream())))
}
