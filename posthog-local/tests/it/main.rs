//! posthog-local through its front door: real requests in, a real receiver for what goes out. Loopback only.

mod ai;
mod assertions;
mod binary;
mod browser;
mod browser_ai;
mod browser_compare;
mod browser_flags;
mod browser_lists;
mod capture;
mod delivery;
mod faithful;
mod faults;
mod flags;
mod parity;
mod parity_rows;
mod parity_rows_ai;
mod parity_rows_flags;
mod provision;
mod query;
mod rest;
mod sdk;
mod security;
mod speed;
mod support;
mod workflows;
