//! The connections: how many may be open, which stay open between requests, and when one is ended.

mod caller_stream;
mod capacity;
mod keep_alive;

pub use self::{
    caller_stream::CallerStream,
    capacity::connections_max,
    keep_alive::{ConnectionKeepAlive, KeepAlivePermits, close_unless_taken},
};
