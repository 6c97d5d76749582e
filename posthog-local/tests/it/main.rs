//! posthog-local through its front door: real requests in, a real receiver for what goes out. Loopback only.

mod binary;
mod capture;
mod delivery;
mod doors;
mod faults;
mod provision;
mod rest;
mod support;
mod workflows;
