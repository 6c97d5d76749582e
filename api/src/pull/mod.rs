//! Asks PostHog for the events that the [events table](crate::events_table) keeps, with the content that its webhooks never carry.
//!
//! PostHog Cloud keeps the content of its AI events in a table of its own, and deletes it after 30 days; destinations see a copy
//! without it (`docs: AI observability, data retention`). The query API has both. A pull takes two steps for each page:
//!
//! 1. `light`: the events that PostHog took since the last time (`cursor`), without content;
//! 2. `content`: what it keeps apart, and for a verdict the event that is judged.
//!
//! With `PULL_SUCCESSES`, `successes` finds the generations that went well and belong to these; they take the same two steps.
//!
//! The events then go to the service (`destination`) as if PostHog had posted them: the same uuid is stored once, whichever way it
//! comes, and what an erased person did before is refused.
//!
//! It has two uses. `background` pulls inside `misfire serve`, from the position that `position` keeps in `.misfire/`. `command` is
//! `misfire pull`, which pulls a period once and posts to a running API (`api_client`).

mod api_client;
mod background;
mod command;
mod content;
mod counts;
mod cursor;
mod destination;
mod given;
mod light;
mod position;
mod puller;
pub mod settings;
mod successes;
mod waiting;

pub(crate) use self::{api_client::ApiClient, background::project_of, given::Given};
pub use self::{
    background::{BackgroundPull, PullStatus},
    command::{Settings, run},
};
