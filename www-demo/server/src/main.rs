//! The session server: Trigger.dev's session routes over S2, with a demo agent and a fault port.
//!
//! It listens on 127.0.0.1 only and keeps session rows in memory: a development and test server.

mod agent;
mod clock;
mod error;
mod faults;
mod options;
mod routes;
mod scopes;
mod server;
mod sessions;
mod socket;
mod store;
mod tokens;

use std::{error::Error, net::Ipv4Addr, process::ExitCode, sync::Arc};

use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use options::{Options, OptionsError, USAGE};
use server::Server;
use socket::{FatedListener, SocketFate};
use store::{Embedded, Store};
use tokens::Tokens;

#[tokio::main]
async fn main() -> ExitCode {
    let options = match options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(OptionsError::Help) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(OptionsError::Invalid(message)) => {
            eprintln!("{message}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("session-server: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
    let (store, embedded) = open_store(&options).await?;
    let server = Arc::new(Server {
        store,
        tokens: Tokens::new(&options.secret_key, options.token_ttl_seconds),
        sessions: sessions::Registry::default(),
        faults: faults::Faults::default(),
        model: agent::model::Model::from_environment(),
        worker_task: options.worker_task,
    });
    let service: IntoMakeServiceWithConnectInfo<_, SocketFate> =
        routes::router(server, options.static_dir).into_make_service_with_connect_info();
    println!("listening on http://{}", listener.local_addr()?);
    // Open event streams never end by themselves, so serving is dropped rather than drained.
    tokio::select! {
        served = axum::serve(FatedListener(listener), service).into_future() => served?,
        stopped = stop_signal() => stopped?,
    }
    if let Some(embedded) = embedded {
        embedded.close().await?;
    }
    Ok(())
}

async fn open_store(options: &Options) -> Result<(Store, Option<Embedded>), store::StoreError> {
    match &options.s2_url {
        Some(url) => {
            let token = std::env::var("S2_ACCESS_TOKEN").ok();
            Ok((Store::external(url, token).await?, None))
        }
        None => {
            let embedded = Embedded::start().await?;
            Ok((Store::embedded(&embedded).await?, Some(embedded)))
        }
    }
}

async fn stop_signal() -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
