//! In which texts the model decides, and how sure it must be.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::weight::WEIGHT_ONE;
use crate::{people::names::context::Context, scan::Scanned};

/// A longer record is a log or a document. There the rules decide alone, so that the time stays bounded.
const RECORD_BYTES_MAX: usize = 16 << 10;

/// In a record, where a name is likely but most capitalised words are labels.
pub(super) const RECORD_ADDS_FROM: i32 = 2 * WEIGHT_ONE;
/// In a remark, which is a short English text that asks for no work.
const REMARK_ADDS_FROM: i32 = -2 * WEIGHT_ONE;
const REMARK_KEEPS_FROM: i32 = -2 * WEIGHT_ONE;
/// In a question, which is more often about a place or a product.
const QUESTION_ADDS_FROM: i32 = 0;
const QUESTION_KEEPS_FROM: i32 = -WEIGHT_ONE;
/// In a request for a piece of work, whose names are mostly made up.
const REQUEST_KEEPS_FROM: i32 = 0;

/// The score from which on a word is a part of a name, whether a rule found it or not. `None` where the rules decide alone.
pub(super) fn adds_from(context: &Context) -> Option<i32> {
    let is_remark = || context.is_remark() && !is_code(context.scanned);
    if context.is_record {
        // A short record is read again once its values are replaced, and then it is a remark.
        let adds_from = if !context.is_question() && is_remark() { REMARK_ADDS_FROM } else { RECORD_ADDS_FROM };
        return (context.scanned.text.len() <= RECORD_BYTES_MAX).then_some(adds_from);
    }
    is_remark().then(|| if context.is_question() { QUESTION_ADDS_FROM } else { REMARK_ADDS_FROM })
}

/// The score that one of its words must have for a name to stay that only the dictionary found. `None` where it stays anyway: in
/// records, in long texts and in other languages.
pub(super) fn keeps_from(context: &Context) -> Option<i32> {
    if context.is_record || !context.is_short || is_code(context.scanned) {
        None
    } else if context.is_remark() {
        Some(if context.is_question() { QUESTION_KEEPS_FROM } else { REMARK_KEEPS_FROM })
    } else {
        context.is_english_task().then_some(REQUEST_KEEPS_FROM)
    }
}

/// How a function begins in Python and Ruby.
static DEFINITION: LazyLock<Finder> = LazyLock::new(|| Finder::new("def "));

/// Whether a short text holds code.
fn is_code(scanned: &Scanned) -> bool {
    // Each with a sign that it cannot be without, for most texts have none of these signs.
    const MARKS: [(u8, &str); 6] =
        [(b'(', "()"), (b'<', "</"), (b'>', ">>>"), (b'=', "=="), (b'(', "(\""), (b'(', "('")];
    scanned.has_sign(b'{')
        || scanned.has_sign(b'`')
        || MARKS.iter().any(|(sign, mark)| scanned.has_sign(*sign) && scanned.text.contains(mark))
        || DEFINITION.find(scanned.bytes()).is_some()
}
