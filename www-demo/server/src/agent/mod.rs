//! The agent of one session: takes inputs in order, answers them in turns, and is the only writer of
//! the session's `.out`.
//!
//! An input never ends it; only closing the session does.

pub(crate) mod behaviours;
pub(crate) mod history;

mod assembly;
mod inbox;
mod input;
pub(crate) mod model;
mod prose;
mod script;
mod turn;

use std::{collections::VecDeque, sync::Arc};

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::{
    server::Server,
    sessions::{OutRecord, Session},
};
use assembly::Assembly;
use behaviours::Question;
pub(crate) use input::{Input, Received};
use turn::{Plan, Source};

/// What reaches the agent.
pub(crate) enum Event {
    Received(Received),
    /// Someone closed the session; answered once `.out` says so.
    Close(oneshot::Sender<()>),
}

pub(crate) struct Agent {
    server: Arc<Server>,
    session: Arc<Session>,
    events: mpsc::UnboundedReceiver<Event>,
    /// Inputs that arrived while a turn ran.
    waiting: VecDeque<Received>,
    last_received: Option<u64>,
    stopping: bool,
    closing: Vec<oneshot::Sender<()>>,
}

/// Starts the agent and its reader of `.in`; `first` is the payload of the first run.
pub(crate) fn start(
    server: &Arc<Server>,
    session: &Arc<Session>,
    events: mpsc::UnboundedReceiver<Event>,
    first: &Value,
) {
    let mut agent = Agent {
        server: server.clone(),
        session: session.clone(),
        events,
        waiting: VecDeque::new(),
        last_received: None,
        stopping: false,
        closing: Vec::new(),
    };
    let input = Input::from_payload(first);
    if let (Input::Submit(_), Ok(mut chat)) = (&input, session.chat.try_lock()) {
        // From the start a reader of this chat is told to expect an answer.
        chat.answering = true;
    }
    agent.waiting.push_back(Received { seq: None, input });
    let reader = tokio::spawn(inbox::follow(server.clone(), session.clone())).abort_handle();
    session.adopt_task(reader.clone());
    let agent = tokio::spawn(async move {
        agent.run().await;
        reader.abort();
    });
    session.adopt_task(agent.abort_handle());
}

impl Agent {
    async fn run(&mut self) {
        loop {
            while let Some(received) = self.waiting.pop_front() {
                self.handle(received.input).await;
                self.settle().await;
                if self.session.row().is_closed() {
                    return self.say_closed().await;
                }
            }
            match self.events.recv().await {
                Some(event) => self.take(event),
                None => return,
            }
            // A stop between turns stops nothing, and must not stop the next one.
            self.stopping = false;
            if self.session.row().is_closed() {
                return self.say_closed().await;
            }
        }
    }

    /// Notes an event; during a turn this is all that happens until the turn ends.
    fn take(&mut self, event: Event) {
        match event {
            Event::Close(done) => {
                self.closing.push(done);
                self.stopping = true;
            }
            Event::Received(received) => {
                self.last_received = received.seq.or(self.last_received);
                match received.input {
                    Input::Stop => self.stopping = true,
                    _ => self.waiting.push_back(received),
                }
            }
        }
    }

    async fn handle(&mut self, input: Input) {
        match input {
            Input::Submit(message) => self.submit(message).await,
            Input::Regenerate => {
                history::drop_trailing_answers(&mut self.session.chat.lock().await.messages);
                self.answer().await;
            }
            Input::Action(action) => {
                if action["type"] == "undo" {
                    history::undo(&mut self.session.chat.lock().await.messages);
                }
                self.complete_turn(None).await;
            }
            Input::Close => {
                self.session.row().close(None);
            }
            Input::Stop | Input::Ignored => {}
        }
    }

    async fn submit(&mut self, message: Value) {
        match message["role"].as_str() {
            Some("user") => {
                history::submit(&mut self.session.chat.lock().await.messages, message);
                self.answer().await;
            }
            Some("assistant") => self.resume(&message).await,
            // Nothing to answer: an empty turn tells the client so.
            _ => self.complete_turn(None).await,
        }
    }

    /// Answers the last question.
    async fn answer(&mut self) {
        let turn = turn_name();
        let messages = self.session.chat.lock().await.messages.clone();
        let Some(question) = messages.last().map(history::text_of) else {
            return self.complete_turn(None).await;
        };
        let source = match &self.server.model {
            Some(model) => Source::Live(model.answer(&turn, &messages)),
            None => {
                Source::scripted(behaviours::answer(&Question { text: &question, turn: &turn }))
            }
        };
        let assembly = Assembly::new(format!("msg-{turn}"));
        self.run_turn(Plan { turn, assembly, source }).await;
    }

    /// Goes on with an answer that waited for the client: an approval, or a tool result.
    async fn resume(&mut self, slim: &Value) {
        let reported = {
            let mut chat = self.session.chat.lock().await;
            history::report(&mut chat.messages, slim)
        };
        let Some((message, changed)) = reported else {
            return self.complete_turn(None).await;
        };
        let turn = turn_name();
        let steps = decided(&turn, &message, &changed);
        let assembly = Assembly::resume(&message);
        let source = Source::scripted(steps);
        self.run_turn(Plan { turn, assembly, source }).await;
    }

    /// Records how far `.in` is done, so that readers know whether an answer is still to come.
    async fn settle(&mut self) {
        let committed = self.committed();
        let mut chat = self.session.chat.lock().await;
        chat.handled_seq = committed.or(chat.handled_seq);
    }

    /// The last `.in` record that needs no more handling.
    fn committed(&self) -> Option<u64> {
        match self.waiting.iter().find_map(|received| received.seq) {
            Some(waiting) => waiting.checked_sub(1),
            None => self.last_received,
        }
    }

    async fn say_closed(&mut self) {
        let record =
            OutRecord::Control { subtype: "session-closed", headers: self.closed_headers() };
        let written = self.session.output.append(&self.server.store, vec![record]).await;
        if let Err(error) = written {
            eprintln!("session {}: closing: {error}", self.session.id);
        }
        {
            // What was not answered by now never will be.
            let mut chat = self.session.chat.lock().await;
            chat.handled_seq = chat.last_message_seq;
            chat.answering = false;
        }
        self.answer_closers();
        while let Ok(event) = self.events.try_recv() {
            self.take(event);
        }
        self.answer_closers();
    }

    fn answer_closers(&mut self) {
        for done in self.closing.drain(..) {
            // Whoever asked may have gone; the record is there all the same.
            let _ = done.send(());
        }
    }

    /// The headers by which a control record says that the session is closed; none while it is open.
    fn closed_headers(&self) -> Vec<(String, String)> {
        let row = self.session.row();
        if !row.is_closed() {
            return Vec::new();
        }
        let mut headers = vec![("session-closed".to_owned(), "true".to_owned())];
        if let Some(reason) = row.closed_reason().filter(|reason| !reason.is_empty()) {
            headers.push(("session-closed-reason".to_owned(), reason));
        }
        headers
    }
}

fn turn_name() -> String {
    let mut name = Uuid::new_v4().simple().to_string();
    name.truncate(12);
    name
}

/// The steps that answer the client's decision about the calls in `changed`.
fn decided(turn: &str, message: &Value, changed: &[String]) -> Vec<script::Step> {
    let parts = message["parts"].as_array().map(Vec::as_slice);
    let part = parts
        .unwrap_or_default()
        .iter()
        .find(|part| changed.iter().any(|call| part["toolCallId"] == *call));
    match part {
        Some(part) if part["state"] == "approval-responded" => behaviours::after_approval(
            turn,
            part["toolCallId"].as_str().unwrap_or_default(),
            part["approval"]["approved"] == true,
            &part["input"],
        ),
        Some(_) => behaviours::after_tool_result(turn),
        None => Vec::new(),
    }
}
