//! What the page draws, from the whole to its parts.

pub mod actions;
pub mod app;
pub mod browser_events;
pub mod config_problem;
pub mod controls;
pub mod email_form;
pub mod failure_card;
pub mod keyboard;
pub mod live_regions;
pub mod modal;
pub mod outbox_banner;
pub mod payload_view;
pub mod sent_item;
pub mod sent_list;
pub mod shortcuts_dialog;
pub mod usage_card;
