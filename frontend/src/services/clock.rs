//! The browser's clock, and ids made from it.

use js_sys::{Date, Math};
use uuid::Uuid;
use wasm_bindgen::JsValue;

use crate::state::ledger::Stamp;

/// Milliseconds since 1970.
pub fn now_ms() -> u64 {
    Date::now() as u64
}

/// Now, in ISO 8601 with milliseconds and `Z`.
pub fn now_iso() -> String {
    Date::new_0().to_iso_string().into()
}

/// The time in ISO 8601.
pub fn iso(at_ms: u64) -> String {
    date(at_ms).to_iso_string().into()
}

/// The time of day in the reader's locale.
pub fn time_of_day(at_ms: u64) -> String {
    date(at_ms).to_locale_time_string("default").into()
}

/// Date and time in the reader's locale.
pub fn date_and_time(at_ms: u64) -> String {
    date(at_ms).to_locale_string("default", &JsValue::UNDEFINED).into()
}

/// An id and a time for an event that happens now.
pub fn stamp() -> Stamp {
    Stamp { uuid: Uuid::now_v7(), at_ms: now_ms(), timestamp: now_iso() }
}

/// An id for a new person.
pub fn distinct_id() -> String {
    Uuid::now_v7().to_string()
}

/// An id for the trace of a call.
pub fn trace_id() -> String {
    Uuid::now_v7().to_string()
}

/// A random number from 0 to 1.
pub fn chance() -> f64 {
    Math::random()
}

fn date(at_ms: u64) -> Date {
    Date::new(&JsValue::from_f64(at_ms as f64))
}
