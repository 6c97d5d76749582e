//! The cluster through its front doors: real nats-servers on loopback, real nodes, a real writer. Here with one server;
//! `scripts/test-cluster` has three, and lets every part fail under load. Skipped, with a word, where there is no nats-server.

#[path = "../api/helpers.rs"]
#[allow(dead_code, reason = "the vocabulary of the other tests, of which this one needs a part")]
mod helpers;

mod backlog;
mod client;
mod faults;
mod flow;
mod messages;
mod refusals;
mod servers;
mod vocabulary;
