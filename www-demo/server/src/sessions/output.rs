//! The `.out` side of a session: appends records and keeps a log of them that no trim touches.
//!
//! The log is what tests compare a client's view with. Its lock is held across an append, so that
//! whoever has read a record from the stream finds it in the log.

use serde_json::{Value, json};

use crate::store::{NewRecord, Store, StoreError};

pub(crate) enum OutRecord {
    Chunk { chunk: Value, part_id: String },
    Control { subtype: &'static str, headers: Vec<(String, String)> },
}

impl OutRecord {
    fn to_stored(&self) -> NewRecord {
        match self {
            Self::Chunk { chunk, part_id } => {
                NewRecord { headers: Vec::new(), body: envelope(chunk, part_id) }
            }
            Self::Control { subtype, headers } => {
                let control = ("trigger-control".to_owned(), (*subtype).to_owned());
                NewRecord {
                    headers: std::iter::once(control).chain(headers.iter().cloned()).collect(),
                    body: String::new(),
                }
            }
        }
    }
}

/// The body of a data record. Written straight to text: a long answer has tens of thousands of them,
/// and a copy of each chunk would cost more than the append.
fn envelope(chunk: &Value, part_id: &str) -> String {
    format!("{{\"data\":{chunk},\"id\":{}}}", json!(part_id))
}

pub(crate) struct LoggedRecord {
    pub(crate) seq_num: u64,
    pub(crate) record: OutRecord,
}

impl LoggedRecord {
    pub(crate) fn to_json(&self) -> Value {
        match &self.record {
            OutRecord::Chunk { chunk, .. } => json!({ "seq_num": self.seq_num, "chunk": chunk }),
            OutRecord::Control { subtype, headers } => {
                json!({ "seq_num": self.seq_num, "control": subtype, "headers": headers })
            }
        }
    }
}

pub(crate) struct Output {
    pub(crate) stream: String,
    log: tokio::sync::Mutex<Vec<LoggedRecord>>,
}

impl Output {
    pub(crate) fn new(stream: String) -> Self {
        Self { stream, log: tokio::sync::Mutex::default() }
    }

    /// Appends in order, all or nothing; answers the sequence number of the last.
    pub(crate) async fn append(
        &self,
        store: &Store,
        records: Vec<OutRecord>,
    ) -> Result<u64, StoreError> {
        let stored: Vec<NewRecord> = records.iter().map(OutRecord::to_stored).collect();
        let mut log = self.log.lock().await;
        let first = store.append(&self.stream, &stored).await?;
        let mut next = first;
        for record in records {
            log.push(LoggedRecord { seq_num: next, record });
            next += 1;
        }
        Ok(next.saturating_sub(1))
    }

    pub(crate) async fn log(&self) -> Vec<Value> {
        let log = self.log.lock().await;
        log.iter().map(LoggedRecord::to_json).collect()
    }
}
