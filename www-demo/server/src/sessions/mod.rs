//! Sessions: the rows, and finding them by either of their names.
//!
//! Rows live in memory; what was said lives in the streams. Nothing here answers requests.

mod chat;
mod inputs;
mod output;
mod row;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    sync::{Notify, mpsc},
    task::AbortHandle,
};

pub(crate) use chat::Chat;
pub(crate) use inputs::{Inputs, wrap as wrap_input};
pub(crate) use output::{OutRecord, Output};
pub(crate) use row::{Row, SessionRequest, TriggerConfig, read_close_reason};

use crate::agent::Event;

/// A lock whose holder panicked still guards usable data: every write to it is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One conversation: its row, its two streams, its history, and the way to its agent.
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) external_id: Option<String>,
    row: Mutex<Row>,
    pub(crate) chat: tokio::sync::Mutex<Chat>,
    pub(crate) inputs: tokio::sync::Mutex<Inputs>,
    pub(crate) output: Output,
    /// The agent's silence, or its next one, is to end.
    pub(crate) silence_broken: Notify,
    events: mpsc::UnboundedSender<Event>,
    tasks: Mutex<Vec<AbortHandle>>,
}

impl Session {
    pub(crate) fn new(id: String, row: Row, events: mpsc::UnboundedSender<Event>) -> Self {
        Self {
            output: Output::new(format!("{id}.out")),
            inputs: tokio::sync::Mutex::new(Inputs::new(format!("{id}.in"))),
            external_id: row.external_id(),
            id,
            row: Mutex::new(row),
            chat: tokio::sync::Mutex::default(),
            silence_broken: Notify::new(),
            events,
            tasks: Mutex::default(),
        }
    }

    /// The name that tokens carry: the caller's own id where there is one.
    pub(crate) fn key(&self) -> &str {
        self.external_id.as_deref().unwrap_or(&self.id)
    }

    pub(crate) fn input_stream(&self) -> String {
        format!("{}.in", self.id)
    }

    pub(crate) fn row(&self) -> MutexGuard<'_, Row> {
        lock(&self.row)
    }

    /// Tells the agent; one that is gone needs no telling.
    pub(crate) fn notify(&self, event: Event) {
        let _ = self.events.send(event);
    }

    pub(crate) fn adopt_task(&self, task: AbortHandle) {
        lock(&self.tasks).push(task);
    }

    pub(crate) fn abort_tasks(&self) {
        lock(&self.tasks).drain(..).for_each(|task| task.abort());
    }
}

/// Every session of this process.
#[derive(Default)]
pub(crate) struct Registry {
    sessions: Mutex<HashMap<String, Arc<Session>>>,
    /// Held while a session is made, so that two creators of one chat meet in the same row.
    pub(crate) creating: tokio::sync::Mutex<()>,
}

impl Registry {
    /// By the `session_…` id or by the caller's own id.
    pub(crate) fn find(&self, name: &str) -> Option<Arc<Session>> {
        let sessions = lock(&self.sessions);
        sessions
            .get(name)
            .cloned()
            .or_else(|| sessions.values().find(|session| session.id == name).cloned())
    }

    pub(crate) fn insert(&self, session: Arc<Session>) {
        lock(&self.sessions).insert(session.key().to_owned(), session);
    }

    pub(crate) fn remove(&self, session: &Session) {
        lock(&self.sessions).remove(session.key());
    }

    pub(crate) fn all(&self) -> Vec<Arc<Session>> {
        lock(&self.sessions).values().cloned().collect()
    }
}
