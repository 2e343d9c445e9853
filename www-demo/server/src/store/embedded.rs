//! s2-lite inside this process, in memory. Its own `server::run` binds every interface and is not used.

use std::{sync::Arc, time::Duration};

use axum::Router;
use bytesize::ByteSize;
use s2_lite::{backend::Backend, handlers};
use slatedb::object_store::{ObjectStore, memory::InMemory};

use super::StoreError;

/// Appended bytes that may wait for durability at once, over all streams.
const APPEND_IN_FLIGHT: ByteSize = ByteSize::mib(128);
/// Memory is quick: a short flush keeps the time to durability at a few milliseconds.
const FLUSH_INTERVAL: Duration = Duration::from_millis(5);

pub(crate) struct Embedded {
    backend: Backend,
}

impl Embedded {
    pub(crate) async fn start() -> Result<Self, StoreError> {
        let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let settings = slatedb::Settings {
            flush_interval: Some(FLUSH_INTERVAL),
            ..slatedb::Settings::default()
        };
        let database = slatedb::Db::builder("", objects)
            .with_settings(settings)
            .build()
            .await
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        let backend = Backend::new(database, APPEND_IN_FLIGHT);
        s2_lite::backend::bgtasks::spawn(&backend);
        Ok(Self { backend })
    }

    pub(crate) fn router(&self) -> Router {
        handlers::router().with_state(self.backend.clone())
    }

    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        self.backend.close().await.map_err(|error| StoreError::Unreachable(error.to_string()))
    }
}
