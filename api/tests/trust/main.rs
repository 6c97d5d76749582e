//! What was acknowledged stays, and what was erased is gone: real faults (strace), kills, and other people's hands in the folder.
//! Each test is a way in which a hostile reader once broke a promise of the README.

#[path = "../api/helpers.rs"]
#[allow(dead_code, reason = "the vocabulary of the other tests, of which these need a part")]
mod helpers;

mod acknowledged;
mod erased;
mod every_call;
mod folder;
mod generations;
mod vocabulary;
