//! In which texts the model decides, and how sure it must be.

use super::WEIGHT_ONE;
use crate::{people::names::context::Context, scan::Scanned};

/// A longer record is a log or a document. There the rules decide alone, so that the time stays bounded.
const RECORD_BYTES_MAX: usize = 16 << 10;

/// The scores that decide in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gate {
    /// A word with this score or more is a part of a name, whether a rule found it or not.
    pub(super) adds_from: Option<i32>,
    /// A name that only the dictionary found stays if one of its words has this score or more.
    pub(super) keeps_from: Option<i32>,
}

fn env(name: &str, default: f64) -> Option<i32> {
    let v: f64 = std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    if v > 50.0 || v < -50.0 {
        return None;
    }
    Some((v * f64::from(WEIGHT_ONE)) as i32)
}

impl Gate {
    pub(super) const SHUT: Self = Self { adds_from: None, keeps_from: None };

    pub(super) fn of(context: &Context) -> Self {
        let scanned = context.scanned;
        let is_remark = context.is_short && context.is_english && !context.is_task && !is_code(scanned);
        if context.is_record {
            // A short record is read again once its values are replaced, and then it is a remark.
            let adds_from = if is_remark && !context.is_question { env("S_ADD", -1.5) } else { env("R_ADD", 2.0) };
            return if scanned.text.len() <= RECORD_BYTES_MAX {
                Self { adds_from, keeps_from: None }
            } else {
                Self::SHUT
            };
        }
        if is_remark && context.is_question {
            Self { adds_from: env("Q_ADD", 2.0), keeps_from: env("Q_KEEP", -1.0) }
        } else if is_remark {
            Self { adds_from: env("S_ADD", -1.5), keeps_from: env("S_KEEP", -1.5) }
        } else if context.is_short && context.is_english && context.is_task {
            Self { adds_from: None, keeps_from: env("T_KEEP", 0.0) }
        } else {
            Self::SHUT
        }
    }
}

/// Whether a short text holds code.
fn is_code(scanned: &Scanned) -> bool {
    scanned.has_sign(b'{')
        || scanned.has_sign(b'`')
        || ["()", "</", ">>>", "def "].iter().any(|sign| scanned.text.contains(sign))
}
