//! Locks between the tabs of this page (the Web Locks API). web-sys has them only behind an unstable flag, so they are bound here.

use std::{cell::Cell, future::Future, pin::Pin, rc::Rc};

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// Held while the ledger is read and written.
pub const LEDGER: &str = "misfire.ledger";
/// Held while events are being sent, so that only one tab sends.
pub const SENDER: &str = "misfire.sender";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    fn request(name: &str, callback: &Closure<dyn FnMut() -> Promise>) -> Result<Promise, JsValue>;
}

/// Does the work while holding the lock with this name. The browser queues waiting tabs in order, and releases the lock of a tab
/// that is closed.
///
/// Pages on plain `http://` other than localhost have no locks. There the work runs without one. That is safe within one tab, which
/// reads and writes the ledger without a pause in between, but two tabs may overwrite each other's changes.
pub async fn holding(name: &str, work: impl Future<Output = ()> + 'static) {
    // Boxed, so that this is compiled once: a copy for each type of future would add a kilobyte to the page.
    let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    let work = Rc::new(Cell::new(Some(work)));
    let done = Rc::new(Cell::new(false));

    let callback = {
        let (work, done) = (Rc::clone(&work), Rc::clone(&done));
        Closure::once(move || {
            let work = work.take();
            future_to_promise(async move {
                if let Some(work) = work {
                    work.await;
                }
                done.set(true);
                Ok(JsValue::UNDEFINED)
            })
        })
    };

    if let Ok(promise) = request(name, &callback) {
        let _ = JsFuture::from(promise).await;
    } else if let Some(work) = work.take() {
        work.await;
        done.set(true);
    }
    if !done.get() {
        // The browser cancels a request only when the page is being left, so there is nothing more to do.
        std::future::pending::<()>().await;
    }
}
