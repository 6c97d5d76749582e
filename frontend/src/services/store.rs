//! The ledger in localStorage, a key for each of its parts.

use std::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::Storage;

use super::json;
use crate::state::{entry::Entry, ledger::Ledger, outbox::Outbox, person::Person, sent::Sent};

/// The simulated person.
pub const PERSON: &str = "misfire.person";
/// Events that PostHog does not have yet.
pub const OUTBOX: &str = "misfire.outbox";
/// Events that PostHog accepted or refused.
pub const SENT: &str = "misfire.sent";

/// The number of the last write; see [`super::revision`].
pub const REVISION: &str = "misfire.revision";

/// Where the ledger is kept.
#[derive(Debug)]
pub enum Store {
    /// In the browser; it survives the tab.
    Browser(Storage),
    /// In this tab's memory, because the browser stores nothing for the page.
    Tab(RefCell<Vec<(&'static str, String)>>),
}

/// The browser has no room left for the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRoom;

impl Store {
    /// Opens the browser's storage, if the page may use it.
    pub fn open() -> Self {
        let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
        // Some browsers hand out a storage and then refuse every write.
        match storage {
            Some(storage) if storage.set_item("misfire.try", "").is_ok() => {
                let _ = storage.remove_item("misfire.try");
                Self::Browser(storage)
            }
            _ => Self::Tab(RefCell::default()),
        }
    }

    /// Reads the ledger. A missing part is empty. An unreadable part is copied to `<key>.unreadable` before it can be overwritten.
    pub fn load(&self) -> Ledger {
        Ledger {
            person: self.part(PERSON, person).unwrap_or_default(),
            outbox: self.part(OUTBOX, outbox).unwrap_or_default(),
            sent: self.part(SENT, entries).map(Sent).unwrap_or_default(),
        }
    }

    /// Writes the changed parts, all or none, and then this revision; false when nothing changed.
    pub fn save(&self, ledger: &Ledger, revision: u64) -> Result<bool, NoRoom> {
        let outbox_before = self.get(OUTBOX);
        let outbox = self.set_part(OUTBOX, serde_json::to_string(&ledger.outbox))?;
        let Ok(person) = self.set_part(PERSON, serde_json::to_string(&ledger.person)) else {
            self.set(OUTBOX, outbox_before.as_deref().unwrap_or_default())?;
            return Err(NoRoom);
        };
        // The list is only for show: when there is no room for it, it is dropped rather than an event refused.
        let sent = match self.set_part(SENT, serde_json::to_string(&ledger.sent)) {
            Ok(sent) => sent,
            Err(NoRoom) => self.set(SENT, "[]").is_ok(),
        };
        let changed = outbox || person || sent;
        if changed {
            // Where there was room for the rest, there is room for a number.
            let _ = self.set(REVISION, &revision.to_string());
        }
        Ok(changed)
    }

    /// The number of the last write that this tab's copy of the storage has.
    pub fn revision(&self) -> u64 {
        self.get(REVISION).and_then(|revision| revision.parse().ok()).unwrap_or(0)
    }

    fn part<T>(&self, key: &'static str, read: impl FnOnce(&JsValue) -> Option<T>) -> Option<T> {
        let text = self.get(key)?;
        let part = read(&json::parse(&text));
        if let (None, Self::Browser(storage)) = (&part, self) {
            let _ = storage.set_item(&format!("{key}.unreadable"), &text);
        }
        part
    }

    fn set_part(&self, key: &'static str, text: serde_json::Result<String>) -> Result<bool, NoRoom> {
        let text = text.map_err(|_| NoRoom)?;
        // A write notifies every other tab, even when it changes nothing.
        if self.get(key).as_deref() == Some(&text) {
            return Ok(false);
        }
        self.set(key, &text)?;
        Ok(true)
    }

    fn get(&self, key: &'static str) -> Option<String> {
        match self {
            Self::Browser(storage) => storage.get_item(key).ok().flatten(),
            Self::Tab(parts) => parts.borrow().iter().find(|(name, _)| *name == key).map(|(_, text)| text.clone()),
        }
    }

    fn set(&self, key: &'static str, text: &str) -> Result<(), NoRoom> {
        match self {
            Self::Browser(storage) => storage.set_item(key, text).map_err(|_| NoRoom),
            Self::Tab(parts) => {
                parts.borrow_mut().retain(|(name, _)| *name != key);
                parts.borrow_mut().push((key, text.to_owned()));
                Ok(())
            }
        }
    }
}

fn person(json: &JsValue) -> Option<Person> {
    Some(Person {
        distinct_id: json::text(json, "distinct_id")?,
        usage_count: json::number(json, "usage_count")? as u32,
        email_asked: json::field(json, "email_asked").as_bool()?,
        email: json::text(json, "email"),
    })
}

fn outbox(json: &JsValue) -> Option<Outbox> {
    Some(Outbox {
        queue: entries(&json::field(json, "queue"))?,
        in_flight: json::number(json, "in_flight")? as usize,
        alone: json::number(json, "alone")? as usize,
        tries: json::number(json, "tries")? as u32,
        retry_at_ms: json::number(json, "retry_at_ms")?,
        trouble: json::text(json, "trouble"),
    })
}

fn entries(json: &JsValue) -> Option<Vec<Entry>> {
    json.is_array().then_some(())?;
    Array::from(json).iter().map(|json| entry(&json)).collect()
}

fn entry(json: &JsValue) -> Option<Entry> {
    Some(Entry {
        uuid: json::text(json, "uuid")?,
        event: json::text(json, "event")?,
        detail: json::text(json, "detail")?,
        at_ms: json::number(json, "at_ms")?,
        json: json::text(json, "json")?,
        refused: json::text(json, "refused"),
    })
}
