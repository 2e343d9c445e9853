//! One turn: writes an answer's chunks to `.out` while listening for a stop, ends it cleanly, and
//! writes the control record that ends the turn.
//!
//! An append is never abandoned half-way: a stop takes effect between two steps.

use std::{collections::VecDeque, future, pin::pin, time::Duration};

use serde_json::{Value, json};
use tokio::{sync::mpsc, time::Instant};

use super::{Agent, assembly::Assembly, history, script::Step};
use crate::{sessions::OutRecord, store::StoreError};

/// Where the steps of an answer come from.
pub(crate) enum Source {
    Scripted(VecDeque<Step>),
    /// A model that is still speaking.
    Live(mpsc::Receiver<Step>),
}

impl Source {
    pub(crate) fn scripted(steps: Vec<Step>) -> Self {
        Self::Scripted(steps.into())
    }

    /// Giving up on this future loses no step.
    async fn next(&mut self) -> Option<Step> {
        match self {
            Self::Scripted(steps) => steps.pop_front(),
            Self::Live(steps) => steps.recv().await,
        }
    }
}

pub(crate) struct Plan {
    pub(crate) turn: String,
    pub(crate) assembly: Assembly,
    pub(crate) source: Source,
}

/// Gives every record of a turn an id of its own.
struct PartIds {
    turn: String,
    next: u64,
}

impl PartIds {
    fn next(&mut self) -> String {
        self.next += 1;
        format!("{}-{}", self.turn, self.next)
    }
}

impl Agent {
    pub(super) async fn run_turn(&mut self, plan: Plan) {
        self.session.chat.lock().await.answering = true;
        let Plan { turn, mut assembly, mut source } = plan;
        let mut parts = PartIds { turn, next: 0 };
        if let Err(error) = self.speak(&mut source, &mut assembly, &mut parts).await {
            eprintln!("session {}: answering: {error}", self.session.id);
        }
        self.stopping = false;
        self.complete_turn(assembly.into_message()).await;
    }

    async fn speak(
        &mut self,
        source: &mut Source,
        assembly: &mut Assembly,
        parts: &mut PartIds,
    ) -> Result<(), StoreError> {
        let head = vec![
            json!({ "type": "start", "messageId": assembly.id() }),
            json!({ "type": "start-step" }),
        ];
        self.write(head, assembly, parts).await?;
        while let Some(step) = self.next_step(source).await {
            match step {
                Step::Write(chunks) => self.write(chunks, assembly, parts).await?,
                Step::Wait(pause) => self.pause(pause, future::pending()).await,
                Step::Silence(longest) => {
                    let session = self.session.clone();
                    self.pause(longest, session.silence_broken.notified()).await;
                }
            }
        }
        let mut tail = assembly.closing_chunks();
        if !assembly.has_failed() {
            tail.push(json!({ "type": "finish-step" }));
            tail.push(json!({ "type": "finish" }));
        }
        self.write(tail, assembly, parts).await
    }

    /// The next step, or `None` when the answer is over or was stopped.
    async fn next_step(&mut self, source: &mut Source) -> Option<Step> {
        while let Ok(event) = self.events.try_recv() {
            self.take(event);
        }
        while !self.stopping {
            tokio::select! {
                biased;
                event = self.events.recv() => self.take(event?),
                step = source.next() => return step,
            }
        }
        None
    }

    /// Ends with the pause, a stop, or what is waited for besides.
    async fn pause(&mut self, pause: Duration, other: impl Future<Output = ()>) {
        let end = Instant::now() + pause;
        let mut other = pin!(other);
        while !self.stopping {
            tokio::select! {
                event = self.events.recv() => match event {
                    Some(event) => self.take(event),
                    None => return,
                },
                () = tokio::time::sleep_until(end) => return,
                () = &mut other => return,
            }
        }
    }

    async fn write(
        &mut self,
        chunks: Vec<Value>,
        assembly: &mut Assembly,
        parts: &mut PartIds,
    ) -> Result<(), StoreError> {
        if chunks.is_empty() {
            return Ok(());
        }
        chunks.iter().for_each(|chunk| assembly.apply(chunk));
        let records = chunks
            .into_iter()
            .map(|chunk| OutRecord::Chunk { chunk, part_id: parts.next() })
            .collect();
        let output = &self.session.output;
        output.append(&self.server.store, records).await?;
        Ok(())
    }

    /// Ends the turn on `.out`, then lets S2 drop what lies before the turn before it.
    pub(super) async fn complete_turn(&mut self, message: Option<Value>) {
        if let Err(error) = self.try_complete_turn(message).await {
            eprintln!("session {}: ending a turn: {error}", self.session.id);
        }
    }

    async fn try_complete_turn(&mut self, message: Option<Value>) -> Result<(), StoreError> {
        let record = self.turn_complete();
        let store = &self.server.store;
        let previous = {
            // Held across the append: whoever has seen the end of the turn on the stream finds the
            // finished message here.
            let mut chat = self.session.chat.lock().await;
            if let Some(message) = message {
                history::finish(&mut chat.messages, message);
            }
            chat.answering = false;
            chat.handled_seq = self.committed().or(chat.handled_seq);
            self.session.row().touch();
            let seq = self.session.output.append(store, vec![record]).await?;
            chat.last_turn_complete.replace(seq)
        };
        if let Some(previous) = previous {
            store.trim(&self.session.output.stream, previous).await?;
        }
        Ok(())
    }

    fn turn_complete(&self) -> OutRecord {
        let run_id = self.session.row().run_id.clone();
        let mut headers = Vec::new();
        // The header is optional on the wire: a turn without a fresh token is still a turn.
        if let Ok(token) = self.server.tokens.for_session(self.session.key(), Some(&run_id)) {
            headers.push(("public-access-token".to_owned(), token));
        }
        if let Some(seq) = self.committed() {
            headers.push(("session-in-event-id".to_owned(), seq.to_string()));
        }
        headers.extend(self.closed_headers());
        OutRecord::Control { subtype: "turn-complete", headers }
    }
}
