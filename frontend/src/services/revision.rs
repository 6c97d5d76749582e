//! Makes sure that the holder of the ledger's lock reads what the previous holder wrote.
//!
//! The lock alone is not enough. Chrome keeps a copy of localStorage in each process and updates it asynchronously, perhaps only
//! after the lock has passed to a tab in another process: two tabs that clicked as fast as they could produced the same count twice
//! in fifty runs. So each write ends with a revision number, and the writer announces it before it releases the lock, by holding
//! another lock with the number in its name. One browser process manages all locks, so the next holder of the ledger's lock sees
//! the announcement, and waits until that revision has arrived. A page's writes arrive in order, so all earlier ones are there, too.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{clock, store::Store};

/// How long to wait for an announced revision. Normally it takes a few milliseconds; one that was cleared from the storage never arrives.
const WAIT_MS_MAX: u64 = 1_000;
/// How the names of announcements begin.
const PREFIX: &str = "misfire.revision.";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"])]
    fn query() -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    fn request(name: &str, callback: &Closure<dyn FnMut() -> Promise>) -> Result<Promise, JsValue>;
}

/// A revision that this tab has written; it is announced until this is dropped.
#[derive(Debug)]
pub struct Announced {
    release: Function,
}

impl Drop for Announced {
    fn drop(&mut self) {
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

/// Waits until the storage has the newest revision that any tab announces, and returns the number for the next one.
pub async fn caught_up(store: &Store) -> u64 {
    let deadline_ms = clock::now_ms() + WAIT_MS_MAX;
    loop {
        // No timer is needed: the answer comes from the browser process, and updates that it sent before arrive before the answer.
        let announced = newest().await;
        let here = store.revision();
        if here >= announced || clock::now_ms() > deadline_ms {
            return here.max(announced) + 1;
        }
    }
}

/// Announces a revision. `None`: this browser has no locks for the page.
pub async fn announce(revision: u64) -> Option<Announced> {
    let mut release = None;
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let mut grant = None;
    let granted = Promise::new(&mut |resolve, _| grant = Some(resolve));
    let (release, grant) = (release?, grant?);
    let callback = Closure::once(move || {
        let _ = grant.call0(&JsValue::UNDEFINED);
        held
    });
    let _released = request(&format!("{PREFIX}{revision}"), &callback).ok()?;
    JsFuture::from(granted).await.ok()?;
    Some(Announced { release })
}

/// The newest revision that is announced; 0 when none is.
async fn newest() -> u64 {
    let Ok(answer) = query() else { return 0 };
    let Ok(answer) = JsFuture::from(answer).await else { return 0 };
    let held = Reflect::get(&answer, &"held".into()).unwrap_or_default();
    let mut newest = 0;
    for lock in Array::from(&held) {
        let name = Reflect::get(&lock, &"name".into()).ok().and_then(|name| name.as_string());
        let revision = name.as_deref().and_then(|name| name.strip_prefix(PREFIX)?.parse().ok());
        newest = newest.max(revision.unwrap_or(0));
    }
    newest
}
