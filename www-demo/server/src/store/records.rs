//! The shapes of S2's JSON. No behaviour beyond telling the kinds of records apart.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize)]
pub(crate) struct NewRecord {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) headers: Vec<(String, String)>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) body: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct StoredRecord {
    pub(crate) seq_num: u64,
    #[serde(default)]
    pub(crate) headers: Vec<(String, String)>,
    #[serde(default)]
    pub(crate) body: String,
}

impl StoredRecord {
    /// S2's own directives (trim, fence) have a first header with an empty name.
    pub(crate) fn is_command(&self) -> bool {
        self.headers.first().is_some_and(|(name, _)| name.is_empty())
    }

    pub(crate) fn header(&self, wanted: &str) -> Option<&str> {
        self.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }
}

#[derive(Serialize)]
pub(super) struct AppendRequest<'a> {
    pub(super) records: &'a [NewRecord],
}

#[derive(Deserialize)]
pub(super) struct AppendAnswer {
    pub(super) start: Position,
}

#[derive(Deserialize)]
pub(super) struct Position {
    pub(super) seq_num: u64,
}

#[derive(Deserialize)]
pub(super) struct ReadAnswer {
    pub(super) records: Vec<StoredRecord>,
}
