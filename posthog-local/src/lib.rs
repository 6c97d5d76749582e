//! A stand-in for PostHog: it does for Misfire what PostHog does, in one process and without an account.
//!
//! An event goes through the modules in this order:
//!
//! 1. [`capture`]: PostHog's capture API. It finds the payload in a request and the events in the payload by PostHog's
//!    rules, and answers in PostHog's words. An accepted [`event`] goes on.
//! 2. [`pipeline`]: the steps below, in order, for each captured event.
//! 3. [`ai_events`]: the content of an `$ai_` event is split off, as on PostHog Cloud.
//! 4. [`persons`]: which person the event belongs to, and that person's properties at that moment.
//! 5. [`globals`]: the event and the person as filters and templates see them.
//! 6. [`filters`]: whether a destination or a workflow matches the event, and which rule decided.
//! 7. [`masking`]: whether a matching event is skipped as a repetition.
//! 8. [`destinations`]: the webhook is made from templates and posted, with PostHog's timeout and retries.
//! 9. [`workflows`]: the e-mail is made from [`liquid`] templates and put into the mailbox; it is also sent by SMTP if a
//!    server is set.
//! 10. [`store`]: the newest events and everything that happened to them, in memory.
//! 11. [`inspector`]: the page that shows the store, live, and the JSON behind the page.
//!
//! [`faults`] makes some of these steps fail on purpose, for tests of what is around posthog-local.
//!
//! [`flags`] answers the SDKs' questions for feature flags, and [`surveys`] that for surveys.
//!
//! Two modules are not on this path: [`rest`] is a part of PostHog's REST API, which sets up a project and answers a
//! receiver's queries, and [`provision`] is a client of that API, which sets up a real project.
//!
//! `project.toml` declares the destinations and workflows in PostHog's own terms. [`declaration`] is its shape, and
//! [`project`] makes it ready to run. The code holds no business rule. [`settings`] says where to listen and which
//! secrets to use, and [`app`] assembles everything.
//!
//! Comments cite PostHog's source for what is done as PostHog does it, and say where posthog-local differs. `PARITY.md`
//! lists both.

pub mod ai_events;
pub mod app;
pub mod capture;
pub mod declaration;
pub mod destinations;
pub mod event;
pub mod faults;
pub mod filters;
pub mod flags;
pub mod globals;
pub mod health;
pub mod hog;
pub mod http;
pub mod inspector;
pub mod js;
pub mod json;
pub mod liquid;
pub mod masking;
pub mod persons;
pub mod pipeline;
pub mod project;
pub mod provision;
pub mod rest;
pub mod settings;
pub mod store;
pub mod surveys;
pub mod warning;
pub mod workflows;
