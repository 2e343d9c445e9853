//! What the run of a real agent asks of the platform: a way to write `.out` itself, what the streams
//! hold by now, a successor, and the claims of the tokens that it signs. All of it needs the secret
//! key, and none of it answers a user.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Query, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{PathId, session::authorized};
use crate::{
    error::ApiError,
    server::Server,
    sessions::Session,
    store::{Access, BASIN, StoredRecord},
};

/// Where S2's own routes are when the store is in this process.
const STORE_PATH: &str = "/s2";
/// A writer gathers chunks for this long before it appends them.
const FLUSH_INTERVAL_MS: &str = "5";

/// `PUT …/out`: where and with which token to append, in headers.
pub(crate) async fn open_output(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let session = for_worker(&server, &headers, &id)?;
    let (endpoint, token) = match server.store.access() {
        Access::Embedded => (own_endpoint(&headers)?, bearer(&headers).map(str::to_owned)),
        Access::External { url, token } => (format!("{url}/v1"), token),
    };
    let fields = [
        ("x-s2-basin", BASIN),
        ("x-s2-stream-name", session.output.stream.as_str()),
        ("x-s2-endpoint", endpoint.as_str()),
        // A client refuses an empty token, also where the store asks for none.
        ("x-s2-access-token", token.as_deref().unwrap_or("none")),
        ("x-s2-flush-interval-ms", FLUSH_INTERVAL_MS),
    ];
    let mut response = Json(json!({ "version": "v2" })).into_response();
    for (name, value) in fields {
        let value = HeaderValue::from_str(value)
            .map_err(|_| ApiError::internal(format!("{name} does not fit into a header")))?;
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    Ok(response)
}

/// S2's own routes under `STORE_PATH`, for holders of the secret key.
pub(crate) fn direct_store(server: &Arc<Server>) -> Router<Arc<Server>> {
    match server.store.router() {
        Some(store) => {
            let guard = middleware::from_fn_with_state(server.clone(), require_secret_key);
            Router::new().nest_service(STORE_PATH, store.layer(guard))
        }
        None => Router::new(),
    }
}

async fn require_secret_key(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    server.tokens.authenticate(request.headers())?.require_secret_key()?;
    Ok(next.run(request).await)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct After {
    after_event_id: Option<u64>,
}

pub(crate) async fn output_records(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
    Query(after): Query<After>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let session = for_worker(&server, &headers, &id)?;
    records(&server, &session.output.stream, &after).await
}

pub(crate) async fn input_records(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
    Query(after): Query<After>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let session = for_worker(&server, &headers, &id)?;
    records(&server, &session.input_stream(), &after).await
}

/// Everything that the stream holds after the cursor, without waiting for more.
async fn records(server: &Server, stream: &str, after: &After) -> Result<Json<Value>, ApiError> {
    let first = after.after_event_id.map_or(0, |seq| seq.saturating_add(1));
    let held = server.store.held(stream, first).await?;
    let shown = held.iter().filter(|record| !record.is_command()).map(show);
    Ok(Json(json!({ "records": shown.collect::<Vec<_>>() })))
}

/// The envelope of a data record is taken off; a control record has nothing but its headers.
fn show(record: &StoredRecord) -> Value {
    let envelope: Value = serde_json::from_str(&record.body).unwrap_or_default();
    let id = envelope["id"].as_str().map_or_else(|| record.seq_num.to_string(), str::to_owned);
    json!({
        "data": envelope["data"],
        "id": id,
        "seqNum": record.seq_num,
        "headers": record.headers,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HandOver {
    calling_run_id: String,
}

/// The session's next run takes over from the one that asks, unless another has done so before.
pub(crate) async fn end_and_continue(
    State(server): State<Arc<Server>>,
    PathId(id): PathId,
    headers: HeaderMap,
    Json(request): Json<HandOver>,
) -> Result<Json<Value>, ApiError> {
    let session = for_worker(&server, &headers, &id)?;
    let mut row = session.row();
    let swapped = row.hand_over(&request.calling_run_id);
    Ok(Json(json!({ "runId": row.run_id, "swapped": swapped })))
}

/// What a worker puts into a session token that it signs with the secret key.
pub(crate) async fn token_claims(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    server.tokens.authenticate(&headers)?.require_secret_key()?;
    let id = Uuid::new_v4().simple().to_string();
    Ok(Json(json!({ "sub": "env_demo", "pub": true, "jti": id })))
}

fn for_worker(server: &Server, headers: &HeaderMap, id: &str) -> Result<Arc<Session>, ApiError> {
    server.tokens.authenticate(headers)?.require_secret_key()?;
    authorized(server, headers, id, "write")
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.split_once(' ').map(|(_, token)| token.trim())
}

/// This server under the name by which the worker reached it.
fn own_endpoint(headers: &HeaderMap) -> Result<String, ApiError> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.map(|host| format!("http://{host}{STORE_PATH}/v1"))
        .ok_or_else(|| ApiError::bad_request("The request names no host"))
}
