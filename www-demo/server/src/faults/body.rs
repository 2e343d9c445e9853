//! Breaks a response's body while it is sent. What is broken, and where, is decided elsewhere.

use std::{io, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use tokio::sync::{mpsc, watch};

use super::{Action, End, cut::Cutter};
use crate::socket::SocketFate;

/// Time for the bytes before a cut to reach the socket: the cut throws away what has not.
const FLUSH: Duration = Duration::from_millis(20);

type Piece = Result<Bytes, io::Error>;

pub(crate) fn break_body(
    inner: Body,
    action: Action,
    healed: watch::Receiver<u64>,
    fate: SocketFate,
) -> Body {
    let (pieces, mut receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        // The client closed the connection; there is nobody left to send to.
        let _ = pump(inner, action, healed, fate, pieces).await;
    });
    Body::from_stream(stream::poll_fn(move |context| receiver.poll_recv(context)))
}

type Sent = Result<(), mpsc::error::SendError<Piece>>;

async fn pump(
    inner: Body,
    action: Action,
    mut healed: watch::Receiver<u64>,
    fate: SocketFate,
    pieces: mpsc::Sender<Piece>,
) -> Sent {
    match action {
        Action::Cut { after_bytes, inside_record, end } => {
            let cutter = match inside_record {
                Some(record) => Cutter::inside_record(record),
                None => Cutter::AfterBytes(after_bytes.unwrap_or_default()),
            };
            if let (_, true) = pass_until(inner, cutter, &pieces).await? {
                finish(end, &fate, &pieces).await?;
            }
        }
        Action::Stall { after_bytes } => {
            let cutter = Cutter::AfterBytes(after_bytes);
            if let (Some(rest), true) = pass_until(inner, cutter, &pieces).await? {
                tokio::select! {
                    _ = healed.changed() => {}
                    () = pieces.closed() => return Ok(()),
                }
                pass(rest, &pieces).await?;
            }
        }
        Action::Slice { bytes, delay_ms } => {
            slice(inner, bytes, Duration::from_millis(delay_ms), &pieces).await?;
        }
        // These act before the body.
        Action::Delay { .. } | Action::Status { .. } | Action::Drop | Action::LoseAnswer => {
            pass(inner, &pieces).await?;
        }
    }
    Ok(())
}

/// The rest of the body when the cut came, and whether it came.
async fn pass_until(
    inner: Body,
    mut cutter: Cutter,
    pieces: &mpsc::Sender<Piece>,
) -> Result<(Option<Body>, bool), mpsc::error::SendError<Piece>> {
    let mut incoming = inner.into_data_stream();
    while let Some(bytes) = next(&mut incoming, pieces).await {
        let Ok(bytes) = bytes else {
            return Ok((None, false));
        };
        let (passed, cut) = cutter.feed(bytes.clone());
        let held = bytes.slice(passed.len().min(bytes.len())..);
        if !passed.is_empty() {
            pieces.send(Ok(passed)).await?;
        }
        if cut {
            let rest = stream::once(async move { Ok(held) }).chain(incoming);
            return Ok((Some(Body::from_stream(rest)), true));
        }
    }
    Ok((None, false))
}

async fn pass(inner: Body, pieces: &mpsc::Sender<Piece>) -> Sent {
    let mut incoming = inner.into_data_stream();
    while let Some(Ok(bytes)) = next(&mut incoming, pieces).await {
        pieces.send(Ok(bytes)).await?;
    }
    Ok(())
}

async fn slice(inner: Body, size: usize, delay: Duration, pieces: &mpsc::Sender<Piece>) -> Sent {
    let mut incoming = inner.into_data_stream();
    while let Some(Ok(mut bytes)) = next(&mut incoming, pieces).await {
        while !bytes.is_empty() {
            let piece = bytes.split_to(size.min(bytes.len()));
            pieces.send(Ok(piece)).await?;
            if delay.is_zero() {
                tokio::task::yield_now().await;
            } else {
                tokio::time::sleep(delay).await;
            }
        }
    }
    Ok(())
}

/// The next bytes of the inner body; none when the client has gone, so that the body is let go.
async fn next(
    incoming: &mut axum::body::BodyDataStream,
    pieces: &mpsc::Sender<Piece>,
) -> Option<Result<Bytes, axum::Error>> {
    tokio::select! {
        bytes = incoming.next() => bytes,
        () = pieces.closed() => None,
    }
}

async fn finish(end: End, fate: &SocketFate, pieces: &mpsc::Sender<Piece>) -> Sent {
    tokio::time::sleep(FLUSH).await;
    match end {
        End::Clean => return Ok(()),
        End::Truncate => {}
        End::Reset => fate.reset_at_end(),
    }
    pieces.send(Err(io::ErrorKind::ConnectionAborted.into())).await
}
