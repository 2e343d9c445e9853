//! Session tokens: signing, reading, and who the caller of a request is.
//!
//! It decides *who* asks (401), never whether that caller *may* (403): see `scopes` and the routes.

use axum::http::{HeaderMap, header};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{clock, error::ApiError, scopes};

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    #[serde(rename = "pub")]
    public: bool,
    scopes: Vec<String>,
    iat: u64,
    exp: u64,
    /// Makes two tokens of one second differ, so that a refreshed one can be told from the old.
    jti: String,
}

/// Who makes a request.
pub(crate) enum Caller {
    SecretKey,
    Token(Vec<String>),
}

impl Caller {
    /// 403 unless the caller may do `action` to the session known under any of `ids`.
    pub(crate) fn require_session(&self, action: &str, ids: &[&str]) -> Result<(), ApiError> {
        match self {
            Caller::SecretKey => Ok(()),
            Caller::Token(held) if scopes::allow(held, action, "sessions", ids) => Ok(()),
            Caller::Token(_) => Err(ApiError::forbidden(format!(
                "The token does not carry {action}:sessions:{}",
                ids.first().copied().unwrap_or_default()
            ))),
        }
    }

    /// Creating a session triggers a task: both scopes are needed.
    pub(crate) fn require_create(&self, task: &str) -> Result<(), ApiError> {
        let Caller::Token(held) = self else {
            return Ok(());
        };
        let sessions = scopes::allow_every(held, "write", "sessions");
        let tasks =
            ["write", "trigger"].iter().any(|action| scopes::allow(held, action, "tasks", &[task]));
        if sessions && tasks {
            return Ok(());
        }
        Err(ApiError::forbidden(format!(
            "The token must carry write:sessions and write:tasks:{task}"
        )))
    }

    pub(crate) fn require_secret_key(&self) -> Result<(), ApiError> {
        match self {
            Caller::SecretKey => Ok(()),
            Caller::Token(_) => Err(ApiError::forbidden("This route needs the secret API key")),
        }
    }
}

/// Signs and reads tokens under one secret key.
pub(crate) struct Tokens {
    secret_key: String,
    ttl_seconds: u64,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Tokens {
    pub(crate) fn new(secret_key: &str, ttl_seconds: u64) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.validate_aud = false;
        Self {
            secret_key: secret_key.to_owned(),
            ttl_seconds,
            encoding: EncodingKey::from_secret(secret_key.as_bytes()),
            decoding: DecodingKey::from_secret(secret_key.as_bytes()),
            validation,
        }
    }

    /// A token that reads and writes the session known as `key`, and names its run if there is one.
    pub(crate) fn for_session(&self, key: &str, run_id: Option<&str>) -> Result<String, ApiError> {
        let mut scopes = vec![format!("read:sessions:{key}"), format!("write:sessions:{key}")];
        scopes.extend(run_id.map(|run_id| format!("read:runs:{run_id}")));
        let now = clock::unix_seconds();
        let claims = Claims {
            iss: "https://id.trigger.dev".to_owned(),
            aud: "https://api.trigger.dev".to_owned(),
            sub: "env_demo".to_owned(),
            public: true,
            scopes,
            iat: now,
            exp: now.saturating_add(self.ttl_seconds),
            jti: Uuid::new_v4().simple().to_string(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map_err(|error| ApiError::internal(format!("Could not sign a token: {error}")))
    }

    /// 401 unless the request carries the secret key or a token that is valid now.
    pub(crate) fn authenticate(&self, headers: &HeaderMap) -> Result<Caller, ApiError> {
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| ApiError::unauthorized("Missing or invalid Authorization header"))?;
        if bearer == self.secret_key {
            return Ok(Caller::SecretKey);
        }
        jsonwebtoken::decode::<Claims>(bearer, &self.decoding, &self.validation)
            .map(|token| Caller::Token(token.claims.scopes))
            .map_err(|error| ApiError::unauthorized(format!("Invalid access token: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn bearer(token: &str) -> HeaderMap {
        let value = HeaderValue::from_str(&format!("Bearer {token}")).expect("ascii token");
        HeaderMap::from_iter([(header::AUTHORIZATION, value)])
    }

    #[test]
    fn a_signed_token_opens_its_own_session_only() {
        let tokens = Tokens::new("tr_dev_test", 60);
        let token = tokens.for_session("chat-1", None).expect("signed");
        let caller = tokens.authenticate(&bearer(&token)).expect("valid");
        assert!(caller.require_session("write", &["chat-1"]).is_ok());
        assert!(caller.require_session("write", &["chat-2"]).is_err());
        assert!(caller.require_create("ai-chat").is_err());
        assert!(caller.require_secret_key().is_err());
    }

    #[test]
    fn other_keys_and_no_key_are_refused() {
        let token = Tokens::new("one", 60).for_session("chat-1", None).expect("signed");
        let tokens = Tokens::new("another", 60);
        assert!(tokens.authenticate(&bearer(&token)).is_err());
        assert!(tokens.authenticate(&HeaderMap::new()).is_err());
        assert!(tokens.authenticate(&bearer("another")).is_ok());
    }
}
