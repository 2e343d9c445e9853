//! Reads `.in` and hands every record to the agent, in order. It keeps trying while the store fails
//! and never decides what a record means.

use std::{sync::Arc, time::Duration};

use super::{Event, input::Received};
use crate::{server::Server, sessions::Session};

/// How long one read waits for a record.
const POLL: Duration = Duration::from_secs(30);
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(250);

pub(crate) async fn follow(server: Arc<Server>, session: Arc<Session>) {
    let stream = session.input_stream();
    let mut next = 0;
    loop {
        match server.store.read(&stream, next, POLL).await {
            Ok(records) => {
                for record in &records {
                    next = record.seq_num + 1;
                    session.notify(Event::Received(Received::from_record(record)));
                }
            }
            Err(_) => tokio::time::sleep(PAUSE_AFTER_FAILURE).await,
        }
    }
}
