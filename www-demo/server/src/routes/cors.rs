//! Lets pages of every origin call this server and read what the protocol puts in headers; on errors
//! too, since a browser hides a status that comes without these headers.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

const EXPOSED: HeaderValue = HeaderValue::from_static(
    "X-Session-Settled, X-Stream-Version, Retry-After, x-ratelimit-limit, x-ratelimit-remaining, \
     x-ratelimit-reset, X-Trigger-Chat-Access-Token, X-Trigger-Chat-Pending-Version, x-trigger-jwt",
);
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS");
const ANY: HeaderValue = HeaderValue::from_static("*");
/// Seconds for which a browser may remember a preflight.
const PREFLIGHT_AGE: HeaderValue = HeaderValue::from_static("600");

pub(crate) async fn allow_every_origin(request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let is_preflight = request.method() == Method::OPTIONS
        && asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response =
        if is_preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin(&asked));
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    if is_preflight {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE);
        // `*` does not cover Authorization: the requested names are repeated instead.
        let requested = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, requested.cloned().unwrap_or(ANY));
    }
    response
}

fn origin(asked: &HeaderMap) -> HeaderValue {
    asked.get(header::ORIGIN).cloned().unwrap_or(ANY)
}
