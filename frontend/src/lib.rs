//! The Event Simulator: a page that creates Misfire's events and sends them to PostHog. It does not know what PostHog does with
//! them.
//!
//! 1. [`components`] draw the page from the state; each click calls an action;
//! 2. [`services`] do the I/O: each click is one change of the ledger in localStorage, made under a lock that all tabs share.
//!    The tab that holds the sender's lock sends the queued events in order;
//! 3. [`state`] decides: the ledger, the outbox and the page's reducers are plain data and pure functions.
//!
//! # Hooks for tests
//!
//! | what | where |
//! |---|---|
//! | buttons | `#use-feature`, `#fail-generation`, `#start-over`, `#try-now`, `#clear-list`, `#show-shortcuts` |
//! | the count | `#usage-count` (its text is the number) |
//! | the fields of the failure form | `#prompt`, `#reason`, their errors `#prompt-error`, `#reason-error`, examples `#example-0` to `#example-3`, the kind of event `#send-as-0`, `#send-as-1` |
//! | the event that will be sent | `#show-payload`, `#payload`, `#payload-error`, `#copy-curl` |
//! | the field for an e-mail address | `#email`, `#email-error`, `#email-save`, `#email-skip`, `#email-ask` |
//! | the list | `#sent-list`; each `li` has `data-uuid`, `data-event` and `data-state` (`sending`, `accepted`, `waiting`, `refused`), and |
//! | | `aria-current` when the address is `#/event/<uuid>`; `#unknown-event` when no line has that uuid |
//! | what a screen reader announces | `#status` (`role=status`), `#alert` (`role=alert`) |
//! | the page as a whole | `#page[data-start]`: `loading`, `ready`, `failed` |
//! | banners | `#outbox-banner[data-kind]` (`waiting`, `full`, `offline`, `forgetful`), `#config-problem`, `#crash` |
//! | localStorage | `misfire.person`, `misfire.outbox`, `misfire.sent`, `misfire.revision`, `misfire.shortcuts` |

pub mod components;
pub mod services;
pub mod state;
