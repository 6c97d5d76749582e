//! The file that holds the sanitizer's policy.

use std::{fs, path::Path};

use anyhow::Context;
use misfire_sanitizer::Policy;

/// Reads the policy of `SANITIZER_POLICY`; without a file it is the default policy.
///
/// # Errors
/// When the file cannot be read or used; the message names the file and the line.
pub fn read_policy(path: Option<&Path>) -> anyhow::Result<Policy> {
    let Some(path) = path else { return Ok(Policy::default()) };
    let text = fs::read_to_string(path).with_context(|| format!("SANITIZER_POLICY: cannot read {}", path.display()))?;
    Policy::parse(&text).with_context(|| format!("SANITIZER_POLICY: {}", path.display()))
}
