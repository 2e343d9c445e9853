//! A token that cannot be printed by accident (security rule S3).
//!
//! It never appears in `Debug` or `Display`; [`Secret::expose`] is the one way to its text and is
//! called only where a request header or a persisted session is written.

use core::fmt;

/// A session-scoped access token (a JWT). Prints as dots.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a token.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The token itself, for an `Authorization` header or for the application's own storage.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to authorize with.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("••••")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s3_a_secret_prints_as_dots() {
        let secret = Secret::new("canary");
        assert_eq!(format!("{secret:?}"), "••••");
        assert_eq!(secret.expose(), "canary");
    }
}
