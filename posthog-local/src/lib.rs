//! posthog-local does for Misfire what PostHog does, in one process and with no account.
//!
//! An event goes through the modules in this order:
//!
//! 1. [`capture`]: PostHog's capture API. Finds the payload in a request, and the events in the payload, by PostHog's
//!    rules, and answers in PostHog's words.
//! 2. [`pipeline`]: what happens to a captured event, in one place and in order: person, filters, deliveries, e-mails.
//! 3. [`persons`]: who the event belongs to, and what is known about them at that moment.
//! 4. [`globals`]: the event and the person as filters and templates see them.
//! 5. [`filters`]: does a destination or a workflow want the event, and which rule decided?
//! 6. [`masking`]: is it a repetition that shall be left out?
//! 7. [`destinations`]: the body is made from a template and posted, with PostHog's patience.
//! 8. [`workflows`]: the e-mail is made from Liquid templates and goes to the mailbox, and to SMTP if there is one.
//! 9. [`store`]: the newest events with all that happened to them, in memory.
//! 10. [`inspector`]: the page that shows it, live, and the JSON behind the page.
//!
//! What goes wrong on that way on purpose is in [`faults`].
//!
//! Beside it stand [`rest`], the API that sets up a PostHog project, and [`provision`], which sets one up by it.
//!
//! What wants which event is declared in `project.toml`, in PostHog's own terms ([`project`]); no rule of the business
//! stands in the code. [`settings`] says where to listen and which secrets to use, and [`app`] puts it together.
//!
//! It does what PostHog does (the facts are cited where they are used), and says in the comments where it differs.

pub mod app;
pub mod capture;
pub mod declaration;
pub mod destinations;
pub mod event;
pub mod faults;
pub mod filters;
pub mod globals;
pub mod health;
pub mod http;
pub mod inspector;
pub mod json;
pub mod masking;
pub mod persons;
pub mod pipeline;
pub mod project;
pub mod provision;
pub mod rest;
pub mod settings;
pub mod store;
pub mod workflows;
