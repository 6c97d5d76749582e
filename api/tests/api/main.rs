//! The API through its front door: each test starts the real binary on a free port with a folder of its own.

mod ai_rows;
mod availability;
mod durability;
mod faults;
mod fixtures;
mod generations;
mod helpers;
mod secrets;
mod web;
mod webhooks;
