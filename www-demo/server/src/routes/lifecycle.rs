//! Making, closing and forgetting sessions: what several routes need done in the same order.

use std::{sync::Arc, time::Duration};

use serde_json::{Map, Value, json};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::{
    agent::{self, Event},
    error::ApiError,
    server::Server,
    sessions::{Row, Session, SessionRequest},
};

/// How long a close waits for the agent to say so on `.out`.
const CLOSE_WAIT: Duration = Duration::from_secs(5);

pub(crate) struct Created {
    pub(crate) session: Arc<Session>,
    pub(crate) is_cached: bool,
}

/// Creates the session and starts its first run, or returns the one that this id has.
pub(crate) async fn create(
    server: &Arc<Server>,
    request: SessionRequest,
) -> Result<Created, ApiError> {
    let _creating = server.sessions.creating.lock().await;
    let known = request.external_id.as_deref().and_then(|id| server.sessions.find(id));
    if let Some(session) = known {
        let closed = {
            let mut row = session.row();
            if !row.is_closed() {
                row.update(request);
            }
            row.is_closed().then(|| row.closed_reason())
        };
        return match closed {
            None => Ok(Created { session, is_cached: true }),
            Some(reason) => Err(ApiError::session_closed(
                "This session is closed: use another externalId",
                reason.as_deref(),
            )),
        };
    }
    let session = start(server, request).await?;
    Ok(Created { session, is_cached: false })
}

async fn start(server: &Arc<Server>, request: SessionRequest) -> Result<Arc<Session>, ApiError> {
    let id = format!("session_{}", Uuid::new_v4().simple());
    let has_worker = server.worker_task.as_ref() == Some(&request.task_identifier);
    let row = Row::new(request);
    let first = row.base_payload();
    let (sender, events) = mpsc::unbounded_channel();
    let session = Arc::new(Session::new(id, row, sender));
    server.store.create_stream(&session.input_stream()).await?;
    server.store.create_stream(&session.output.stream).await?;
    server.sessions.insert(session.clone());
    if !has_worker {
        agent::start(server, &session, events, &first);
    }
    Ok(session)
}

/// Closes once; the second time changes nothing. `.out` says so before this returns.
pub(crate) async fn close(session: &Session, reason: Option<String>) {
    if !session.row().close(reason) {
        return;
    }
    let (done, said) = oneshot::channel();
    session.notify(Event::Close(done));
    // An agent that cannot write any more must not hold the caller: the row is closed already.
    let _ = tokio::time::timeout(CLOSE_WAIT, said).await;
}

/// Forgets the session, its agent and its streams.
pub(crate) async fn delete(server: &Server, session: &Session) -> Result<(), ApiError> {
    server.sessions.remove(session);
    session.abort_tasks();
    server.store.delete_stream(&session.input_stream()).await?;
    server.store.delete_stream(&session.output.stream).await?;
    Ok(())
}

/// The answer of a create: the row, a fresh token, and whether it was there before.
pub(crate) fn created_json(
    server: &Server,
    created: &Created,
) -> Result<Map<String, Value>, ApiError> {
    let session = &created.session;
    let (mut fields, run_id) = {
        let row = session.row();
        (row.to_json(&session.id), row.run_id.clone())
    };
    let token = server.tokens.for_session(session.key(), None)?;
    fields.insert("runId".into(), json!(run_id));
    fields.insert("publicAccessToken".into(), json!(token));
    fields.insert("isCached".into(), json!(created.is_cached));
    Ok(fields)
}
