//! Connections whose end can be chosen: the listener that axum serves from, and the handle through
//! which a fault decides how a connection dies. Without a fault it is a plain TCP socket.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

/// How one connection is to end. Cloned into the requests of that connection.
#[derive(Clone, Default)]
pub(crate) struct SocketFate {
    muted: Arc<AtomicBool>,
    reset: Arc<AtomicBool>,
}

impl SocketFate {
    /// Nothing more is ever written; the next attempt ends the connection.
    pub(crate) fn mute(&self) {
        self.muted.store(true, Ordering::Relaxed);
    }

    /// The connection ends with a TCP reset instead of a FIN.
    pub(crate) fn reset_at_end(&self) {
        self.reset.store(true, Ordering::Relaxed);
    }
}

impl Connected<IncomingStream<'_, FatedListener>> for SocketFate {
    fn connect_info(stream: IncomingStream<'_, FatedListener>) -> Self {
        stream.io().fate.clone()
    }
}

pub(crate) struct FatedListener(pub(crate) TcpListener);

impl Listener for FatedListener {
    type Io = FatedSocket;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (FatedSocket, SocketAddr) {
        loop {
            match self.0.accept().await {
                Ok((stream, address)) => {
                    // Small events must leave at once; a socket that cannot be set up is already dead.
                    let _ = stream.set_nodelay(true);
                    let fate = SocketFate::default();
                    return (FatedSocket { stream, fate }, address);
                }
                // Out of descriptors, or the peer is gone already: others may still be served.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

pub(crate) struct FatedSocket {
    stream: TcpStream,
    fate: SocketFate,
}

impl FatedSocket {
    fn check(&self) -> io::Result<()> {
        if self.fate.muted.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(())
    }
}

impl Drop for FatedSocket {
    fn drop(&mut self) {
        if self.fate.reset.load(Ordering::Relaxed) {
            // Should the socket refuse, it closes with a FIN: still an end without an answer.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for FatedSocket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for FatedSocket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.fate.reset.load(Ordering::Relaxed) {
            // A FIN now would hide the reset that dropping the socket sends.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
