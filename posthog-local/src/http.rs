//! An HTTP/1.1 client that sends exactly the headers it is given, as undici's `request()` does for PostHog. It adds no
//! `User-Agent` and no `Accept`, uses no proxy and follows no redirect. (reqwest always adds `Accept: */*`.)

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
/// The most of an answer that is read, in bytes. The rest is ignored.
const ANSWER_BYTES_MAX: usize = 2 * 1024 * 1024;

/// A request's body, held in memory.
pub type Body = Full<Bytes>;

/// The empty body.
pub fn no_body() -> Body {
    Full::default()
}

/// The URL at which a browser on this machine reaches a server that listens on `addr`.
pub fn url_of(addr: SocketAddr) -> String {
    if addr.ip().is_unspecified() { format!("http://localhost:{}", addr.port()) } else { format!("http://{addr}") }
}

/// An answer, with its body.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, cut after 2 MiB.
    pub body: Vec<u8>,
}

/// Why a request could not be sent or its answer not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There was no connection, or it broke before the answer.
    #[error("{}", innermost(.0))]
    Send(#[from] legacy::Error),
    /// The connection broke within the answer.
    #[error("{}", innermost(.0))]
    Read(#[from] hyper::Error),
}

impl Error {
    /// Whether an open connection was closed while the request was sent. This is normal for a kept-alive connection,
    /// which the server may close at any time.
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

/// The innermost cause of an error. hyper's outer errors only say that something failed.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

/// A pool of connections.
#[derive(Debug, Clone)]
pub struct Client(legacy::Client<HttpsConnector<HttpConnector>, Body>);

impl Client {
    /// A client that trusts Mozilla's root certificates, as Node does, and not the ones of the machine.
    #[expect(clippy::new_without_default, reason = "a pool of connections is not a plain value")]
    pub fn new() -> Self {
        // The provider is named below, because rustls chooses none when the build contains two.
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        // As Node does: data is sent at once.
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
    /// There was no connection, or it broke. There is no timeout here; the caller sets one.
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
