//! From the bytes that arrive to the event in them. Nothing here knows HTTP: the webhook, a pull and a test hand over a body.

mod fields;
mod received_event;

pub use self::received_event::{BodyError, ReceivedEvent, parse};
