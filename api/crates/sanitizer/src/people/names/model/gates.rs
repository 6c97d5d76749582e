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

/// In a record, where a name is likely but most capitalised words are labels.
const RECORD_ADDS_FROM: i32 = 2 * WEIGHT_ONE;
/// In a remark, which is a short English text that asks for no work.
const REMARK_ADDS_FROM: i32 = -2 * WEIGHT_ONE;
const REMARK_KEEPS_FROM: i32 = -2 * WEIGHT_ONE;
/// In a question, which is more often about a place or a product.
const QUESTION_ADDS_FROM: i32 = 0;
const QUESTION_KEEPS_FROM: i32 = -WEIGHT_ONE;
/// In a request for a piece of work, whose names are mostly made up.
const REQUEST_KEEPS_FROM: i32 = 0;

impl Gate {
    const SHUT: Self = Self { adds_from: None, keeps_from: None };

    pub(super) fn of(context: &Context) -> Self {
        let scanned = context.scanned;
        let is_remark = context.is_short && context.is_english && !context.is_task && !is_code(scanned);
        if context.is_record {
            // A short record is read again once its values are replaced, and then it is a remark.
            let adds_from = if is_remark && !context.is_question { REMARK_ADDS_FROM } else { RECORD_ADDS_FROM };
            let is_bounded = scanned.text.len() <= RECORD_BYTES_MAX;
            return if is_bounded { Self { adds_from: Some(adds_from), keeps_from: None } } else { Self::SHUT };
        }
        if is_remark && context.is_question {
            Self { adds_from: Some(QUESTION_ADDS_FROM), keeps_from: Some(QUESTION_KEEPS_FROM) }
        } else if is_remark {
            Self { adds_from: Some(REMARK_ADDS_FROM), keeps_from: Some(REMARK_KEEPS_FROM) }
        } else if context.is_short && context.is_english && context.is_task {
            Self { adds_from: None, keeps_from: Some(REQUEST_KEEPS_FROM) }
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
