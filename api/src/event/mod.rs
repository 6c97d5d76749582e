//! From the bytes that arrive to the event in them. Nothing here knows HTTP: the webhook, a pull and a test hand over a body.

mod fields;
pub(crate) mod json;
mod received_event;

pub use self::received_event::{About, BodyError, ReceivedEvent, parse};
