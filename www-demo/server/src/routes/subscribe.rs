//! `GET …/out` and `GET …/in`: S2's server-sent events, passed on byte for byte.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use futures_util::StreamExt as _;

use super::{PathId, session::authorized};
use crate::{
    error::ApiError,
    server::Server,
    store::{Store, StoreError, StoredRecord},
};

const DEFAULT_TIMEOUT: u64 = 60;
const LONGEST_TIMEOUT: u64 = 600;
/// Enough to find a data or control record under the commands at the tail.
const PEEKED: u64 = 16;

pub(crate) async fn read_outputs(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let session = authorized(&server, &headers, &id, "read")?;
    require_event_stream(&headers)?;
    let stream = &session.output.stream;
    let settled =
        text(&headers, "x-peek-settled") == Some("1") && is_settled(&server.store, stream).await?;
    let wait = if settled { Duration::ZERO } else { timeout(&headers) };
    let events = server.store.events(stream, &start(&headers), wait).await?;
    let connection = server.faults.count_connection(session.key());
    let counted = events.into_data_stream().map(move |bytes| {
        let _held_while_streaming = &connection;
        bytes
    });
    Ok(event_stream(Body::from_stream(counted), settled))
}

pub(crate) async fn read_inputs(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    server.tokens.authenticate(&headers)?.require_secret_key()?;
    let session = authorized(&server, &headers, &id, "read")?;
    require_event_stream(&headers)?;
    let events =
        server.store.events(&session.input_stream(), &start(&headers), timeout(&headers)).await?;
    Ok(event_stream(events, false))
}

fn require_event_stream(headers: &HeaderMap) -> Result<(), ApiError> {
    let accepts = text(headers, "accept").is_some_and(|value| value.contains("text/event-stream"));
    if accepts {
        return Ok(());
    }
    Err(ApiError::not_acceptable(
        "This route answers with server-sent events: send Accept: text/event-stream",
    ))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Where to start: after the last event, at the tail if that is asked for, else at the beginning.
fn start(headers: &HeaderMap) -> String {
    let last = text(headers, "last-event-id").and_then(|id| id.trim().parse::<u64>().ok());
    match last {
        Some(seq) => format!("seq_num={}", seq.saturating_add(1)),
        None if text(headers, "x-trigger-stream-start") == Some("latest") => {
            "tail_offset=0".to_owned()
        }
        None => "seq_num=0".to_owned(),
    }
}

fn timeout(headers: &HeaderMap) -> Duration {
    let seconds = text(headers, "timeout-seconds")
        .and_then(|seconds| seconds.trim().parse().ok())
        .unwrap_or(DEFAULT_TIMEOUT);
    Duration::from_secs(seconds.clamp(1, LONGEST_TIMEOUT))
}

/// Nothing is going on: the last record that is not S2's own ends a turn or the session.
async fn is_settled(store: &Store, stream: &str) -> Result<bool, StoreError> {
    let last = store.last(stream, PEEKED).await?;
    Ok(ends_settled(&last))
}

fn ends_settled(records: &[StoredRecord]) -> bool {
    records
        .iter()
        .rev()
        .find(|record| !record.is_command())
        .and_then(|record| record.header("trigger-control"))
        .is_some_and(|subtype| subtype == "turn-complete" || subtype == "session-closed")
}

fn event_stream(body: Body, settled: bool) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-cache, no-transform"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    headers.insert("x-stream-version", HeaderValue::from_static("v2"));
    if settled {
        headers.insert("x-session-settled", HeaderValue::from_static("true"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        headers
    }

    fn record(name: &str, value: &str) -> StoredRecord {
        StoredRecord {
            seq_num: 0,
            headers: vec![(name.to_owned(), value.to_owned())],
            body: String::new(),
        }
    }

    #[test]
    fn a_cursor_is_one_whole_number() {
        assert_eq!(start(&headers("last-event-id", "42")), "seq_num=43");
        for odd in ["0,1,106", "-1", "1.5", "", "abc"] {
            assert_eq!(start(&headers("last-event-id", odd)), "seq_num=0", "{odd}");
        }
        assert_eq!(start(&headers("x-trigger-stream-start", "latest")), "tail_offset=0");
    }

    #[test]
    fn timeouts_are_held_within_bounds() {
        let seconds = |value| timeout(&headers("timeout-seconds", value)).as_secs();
        assert_eq!((seconds("0"), seconds("5"), seconds("9999")), (1, 5, 600));
        assert_eq!((seconds("soon"), timeout(&HeaderMap::new()).as_secs()), (60, 60));
    }

    #[test]
    fn settled_is_decided_under_the_commands() {
        let turn = record("trigger-control", "turn-complete");
        let trim = record("", "trim");
        let data = StoredRecord { headers: Vec::new(), ..turn.clone() };
        assert!(ends_settled(&[data.clone(), turn.clone(), trim.clone()]));
        assert!(!ends_settled(&[turn, trim, data]));
        assert!(!ends_settled(&[]));
        assert!(ends_settled(&[record("trigger-control", "session-closed")]));
    }
}
