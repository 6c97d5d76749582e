//! An HTTP client that sends exactly what it is told to, as undici's `request()` does for PostHog: no `User-Agent`, no
//! `Accept` of its own, no proxy, no redirects, HTTP/1.1. (reqwest cannot be told to leave `Accept: */*` away.)

use std::{net::SocketAddr, time::Duration};

use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Request, StatusCode, body::Bytes};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};

/// How long an idle connection is kept (`EXTERNAL_REQUEST_KEEP_ALIVE_TIMEOUT_MS`).
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// The longest answer that is read. What comes after is not read.
const ANSWER_BYTES_MAX: usize = 2 * 1024 * 1024;

/// A body that is in memory.
pub type Body = Full<Bytes>;

/// The empty body.
pub fn no_body() -> Body {
    Full::default()
}

/// Where a browser on this machine reaches a server that listens at `addr`.
pub fn url_of(addr: SocketAddr) -> String {
    if addr.ip().is_unspecified() { format!("http://localhost:{}", addr.port()) } else { format!("http://{addr}") }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, cut after 2 MiB.
    pub body: Vec<u8>,
}

/// A failure to send a request or to read its answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection, or a connection that broke before the answer.
    #[error("{}", innermost(.0))]
    Send(#[from] legacy::Error),
    /// A connection that broke within the answer.
    #[error("{}", innermost(.0))]
    Read(#[from] hyper::Error),
}

impl Error {
    /// Whether an open connection went away under the request, which on a kept-alive one happens to the best of servers.
    pub fn connection_dropped(&self) -> bool {
        let Self::Send(error) = self else { return false };
        !error.is_connect() && causes(error).any(dropped)
    }
}

fn dropped(cause: &(dyn std::error::Error + 'static)) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionReset};
    let by_hyper = cause.downcast_ref::<hyper::Error>().is_some_and(|e| e.is_incomplete_message() || e.is_closed());
    let by_io =
        cause.downcast_ref::<std::io::Error>().is_some_and(|e| matches!(e.kind(), BrokenPipe | ConnectionReset));
    by_hyper || by_io
}

fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}

/// The outer errors of hyper only say that something failed.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

/// A pool of connections.
#[derive(Debug, Clone)]
pub struct Client(legacy::Client<HttpsConnector<HttpConnector>, Body>);

impl Client {
    /// A client that trusts Mozilla's roots, as Node does, whatever the machine has installed.
    #[expect(clippy::new_without_default, reason = "a pool of connections is not a plain value")]
    pub fn new() -> Self {
        // By name: where another crate of the build brings a second provider, rustls would not choose.
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        // As Node's sockets: nothing waits for more to send.
        tcp.set_nodelay(true);
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .expect("ring knows the default protocol versions")
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Self(
            legacy::Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(KEEP_ALIVE)
                .build(connector),
        )
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// No connection, or one that broke. There is no time-out: the caller knows how long it wants to wait.
    pub async fn send(&self, request: Request<Body>) -> Result<Answer, Error> {
        let (head, mut incoming) = self.0.request(request).await?.into_parts();
        let mut body = Vec::new();
        while let Some(frame) = incoming.frame().await {
            if let Ok(data) = frame?.into_data() {
                let room = ANSWER_BYTES_MAX - body.len();
                body.extend_from_slice(&data[..data.len().min(room)]);
                if body.len() == ANSWER_BYTES_MAX {
                    break;
                }
            }
        }
        Ok(Answer { status: head.status, headers: head.headers, body })
    }
}
