//! The cluster: events pass through a message queue on several servers, NATS JetStream, so that any machine may fail.
//!
//! ```text
//! PostHog ──▶ balancer ──▶ misfire serve × N ──publish──▶ JetStream (3 servers, 2 streams) ──▶ misfire write ──▶ files
//! ```
//!
//! Nothing of it is used unless `NATS_URL` is set. **The files hold the position; the streams are only a buffer.** So everything stays
//! correct although JetStream forgets ids, or a message comes twice: the writer knows the uuids of the newest lines, in the files.
//!
//! - [`settings`], `link` (two connections), `api` (JetStream's JSON), `streams` and `checks` (what is refused, and what to change);
//! - a node: `message` (an entry as bytes), `route` and [`publish`] (two streams, and what is tried when one is silent);
//! - the writer: `batch` (reading), `consume` (appending), `renew` (older sanitizers), `tend` (positions, purges, leaders),
//!   `peers` (more than one writer).

mod api;
mod batch;
mod checks;
mod consume;
mod link;
mod message;
mod monitor;
mod peers;
mod progress;
pub mod publish;
pub mod reading;
mod renew;
mod route;
pub mod settings;
mod start;
mod streams;
mod tend;

pub use self::{publish::QueueHandle, reading::Reading, start::open_for_publishing};
