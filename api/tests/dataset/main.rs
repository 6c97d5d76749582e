//! The commands on the data, on files that the real writer made of what the real sanitizer let through.

mod card;
mod export;
mod generations;
mod helpers;
mod pairs;
mod stats;
mod verify;
