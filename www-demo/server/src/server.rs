//! What every request shares. Only fields: the behaviour is in the modules that they come from.

use std::sync::Arc;

use crate::{
    agent::model::Model, faults::Faults, sessions::Registry, store::Store, tokens::Tokens,
};

pub(crate) struct Server {
    pub(crate) store: Store,
    pub(crate) tokens: Tokens,
    pub(crate) sessions: Registry,
    pub(crate) faults: Faults,
    pub(crate) model: Option<Arc<Model>>,
    /// The task whose sessions a worker outside answers, instead of the demo agent.
    pub(crate) worker_task: Option<String>,
}
