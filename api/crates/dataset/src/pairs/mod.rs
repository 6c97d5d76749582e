//! Which generations belong together: the retry of a failure, the better answer to the same prompt, the verdicts about an answer.
//!
//! Rows are read once and become small entries without their texts. Two sorts that need no more memory for more rows bring together
//! what belongs together:
//!
//! 1. by generation: a generation with the verdicts about it (`standing`);
//! 2. by person and `input_hash`, then by time: what was tried again within an hour (`retries`).
//!
//! Pairs match on the hash of what was asked, never on redacted text: the redacted prompts of two people look alike, and those of one
//! person may, too. The hash covers the tools. A row without a hash, or of an event without a person, is paired with none.
//!
//! What is found is told as places of rows ([`Found`]); whoever wants the texts reads them there.

mod entry;
mod find;
mod found;
mod retries;
mod standing;
mod without_line;

pub(super) use self::{
    find::{Chosen, Finder},
    found::{Counts, Found},
    without_line::{rows_without_line, uuid_key},
};
