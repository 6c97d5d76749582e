//! A caller's TCP connection, with the bounds that the dispatcher of actix-http lacks.

use std::{
    cell::Cell,
    future::Future,
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

/// How long a caller may leave an answer unread once the kernel's buffers are full.
const UNREAD_MAX: Duration = Duration::from_secs(5);
/// What is read at once of a caller whose webhook was not taken yet, in bytes. The dispatcher parses all requests that it was given
/// before it answers the second, and each takes 7 KiB: of 128 KiB of short requests it would make 50 MiB.
const READ_AT_ONCE: usize = 2 * 1024;

/// What is known of a connection. The service sets it, and the stream acts on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    New,
    /// A webhook was taken, and the connection stays open.
    Kept,
    /// The last answer was given.
    Closing,
    /// Nothing more is written.
    Closed,
}

/// A connection that fails when its caller does not read, or once the service has closed it.
pub struct CallerStream {
    stream: TcpStream,
    stage: Rc<Cell<Stage>>,
    /// Bytes that were read since the stream last let others run.
    read_at_once: usize,
    /// Runs while a write waits for the caller.
    unread: Option<Pin<Box<Sleep>>>,
}

impl CallerStream {
    /// Of a connection that was accepted.
    pub fn new(stream: TcpStream) -> Self {
        Self { stream, stage: Rc::new(Cell::new(Stage::New)), read_at_once: 0, unread: None }
    }

    pub(super) fn stage(&self) -> Rc<Cell<Stage>> {
        self.stage.clone()
    }
}

impl AsyncRead for CallerStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.stage.get() == Stage::Kept {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let at_most = buffer.remaining().min(READ_AT_ONCE - self.read_at_once);
        if at_most == 0 {
            self.read_at_once = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut part = ReadBuf::new(buffer.initialize_unfilled_to(at_most));
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut part))?;
        let read = part.filled().len();
        buffer.advance(read);
        self.read_at_once += read;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for CallerStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.stage.get() == Stage::Closed {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        if let Poll::Ready(written) = Pin::new(&mut self.stream).poll_write(context, bytes) {
            self.unread = None;
            return Poll::Ready(written);
        }
        let unread = self.unread.get_or_insert_with(|| Box::pin(sleep(UNREAD_MAX)));
        ready!(unread.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
