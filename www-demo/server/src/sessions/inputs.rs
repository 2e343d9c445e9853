//! The `.in` side of a session: appends once per part id, and remembers every record.
//!
//! The caller holds the session's `inputs` lock across an append, so that a repeated part id that
//! arrives while the first is still being written waits for its number.

use std::collections::{HashMap, VecDeque};

use serde_json::{Value, json};

use crate::store::{NewRecord, Store, StoreError};

/// Part ids that are remembered. A retry comes within seconds, not thousands of messages later.
const REMEMBERED_PARTS: usize = 10_000;

/// One record, as tests compare it.
pub(crate) struct InputEntry {
    pub(crate) seq: u64,
    pub(crate) chunk: Value,
    pub(crate) part_id: String,
}

pub(crate) struct Appended {
    pub(crate) seq: u64,
    /// False for a part id that was known already.
    pub(crate) is_new: bool,
}

pub(crate) struct Inputs {
    stream: String,
    by_part: HashMap<String, u64>,
    oldest_first: VecDeque<String>,
    pub(crate) entries: Vec<InputEntry>,
}

/// The record's body: the request's body as a JSON string, beside its part id.
pub(crate) fn wrap(body: &str, part_id: &str) -> String {
    json!({ "data": body, "id": part_id }).to_string()
}

impl Inputs {
    pub(crate) fn new(stream: String) -> Self {
        Self { stream, by_part: HashMap::new(), oldest_first: VecDeque::new(), entries: Vec::new() }
    }

    /// Durable when it returns.
    pub(crate) async fn append(
        &mut self,
        store: &Store,
        chunk: Value,
        wrapped: String,
        part_id: &str,
    ) -> Result<Appended, StoreError> {
        if let Some(&seq) = self.by_part.get(part_id) {
            return Ok(Appended { seq, is_new: false });
        }
        let record = NewRecord { headers: Vec::new(), body: wrapped };
        let seq = store.append(&self.stream, &[record]).await?;
        self.remember(part_id, seq);
        self.entries.push(InputEntry { seq, chunk, part_id: part_id.to_owned() });
        Ok(Appended { seq, is_new: true })
    }

    fn remember(&mut self, part_id: &str, seq: u64) {
        self.by_part.insert(part_id.to_owned(), seq);
        self.oldest_first.push_back(part_id.to_owned());
        if self.oldest_first.len() > REMEMBERED_PARTS
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.by_part.remove(&oldest);
        }
    }
}
