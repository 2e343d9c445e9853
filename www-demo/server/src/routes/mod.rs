//! The HTTP surface: which path goes where. The routes' own modules do the work.

mod append;
mod cors;
mod demo;
mod demo_chats;
mod fault_port;
mod lifecycle;
mod session;
mod static_files;
mod subscribe;
mod worker;

use std::{path::PathBuf, sync::Arc};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts, Path},
    http::request::Parts,
    middleware,
    routing::{get, post, put},
};

use crate::{error::ApiError, faults, server::Server};

/// The `{id}` of a path, percent-decoded. What cannot be decoded is a 400 in the usual JSON.
pub(crate) struct PathId(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Path::<String>::from_request_parts(parts, state)
            .await
            .map(|Path(id)| Self(id))
            .map_err(|rejection| ApiError::bad_request(rejection.body_text()))
    }
}

pub(crate) fn router(server: Arc<Server>, static_dir: Option<PathBuf>) -> Router {
    let realtime = Router::new()
        .route("/realtime/v1/sessions/{id}/in/append", post(append::append_input))
        .route("/realtime/v1/sessions/{id}/in", get(subscribe::read_inputs))
        .route("/realtime/v1/sessions/{id}/out", get(subscribe::read_outputs))
        .route_layer(middleware::from_fn_with_state(server.clone(), faults::inject));
    // A worker's side of a session: no fault touches it, faults are for clients.
    let worker = Router::new()
        .route("/realtime/v1/sessions/{id}/out", put(worker::open_output))
        .route("/realtime/v1/sessions/{id}/out/records", get(worker::output_records))
        .route("/realtime/v1/sessions/{id}/in/records", get(worker::input_records))
        .route("/api/v1/sessions/{id}/end-and-continue", post(worker::end_and_continue))
        .route("/api/v1/auth/jwt/claims", post(worker::token_claims))
        .merge(worker::direct_store(&server));
    Router::new()
        .merge(realtime)
        .merge(worker)
        .route("/api/v1/sessions", post(session::create))
        .route("/api/v1/sessions/{id}", get(session::retrieve))
        .route("/api/v1/sessions/{id}/close", post(session::close))
        .route("/demo/behaviours", get(demo::behaviours))
        .route("/demo/start-session", post(demo::start_session))
        .route("/demo/access-token", post(demo::access_token))
        .route("/demo/chats", get(demo_chats::list))
        .route("/demo/chats/{id}", get(demo_chats::show).delete(demo_chats::delete))
        .route("/demo/chats/{id}/log", get(demo_chats::log))
        .route("/demo/chats/{id}/inputs", get(demo_chats::inputs))
        .route("/demo/chats/{id}/break-silence", post(demo_chats::break_silence))
        .route("/faults", post(fault_port::add).get(fault_port::list).delete(fault_port::clear))
        .route("/faults/connections", get(fault_port::connections))
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .fallback(static_files::fallback(static_dir))
        // The append route has its own limit, with its own answer.
        .layer(DefaultBodyLimit::max(append::BODY_DRAINED))
        .layer(middleware::from_fn(cors::allow_every_origin))
        .with_state(server)
}
