//! The rows to be made, before their texts are read.

use crate::{at::At, export::settings::ExportFormat, external_sort::Entry, pairs::Found};

/// A row to be made: where its texts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Planned {
    /// The row with the prompt: the answer's in sft, the rejected answer's in dpo, the verdict's in kto.
    pub(super) prompt: At,
    /// In dpo the chosen answer's row; else the same.
    pub(super) answer: At,
    /// In sft: the answer was judged good. In kto: the label.
    pub(super) is_good: bool,
}

impl Planned {
    pub(super) fn of(found: Found, format: ExportFormat) -> Option<Self> {
        match (format, found) {
            (ExportFormat::Sft, Found::Answer { answer, is_judged_good }) => {
                Some(Self { prompt: answer, answer, is_good: is_judged_good })
            }
            (ExportFormat::Dpo, Found::Pair { rejected, chosen }) => {
                Some(Self { prompt: rejected, answer: chosen, is_good: true })
            }
            (ExportFormat::Kto, Found::Labelled { answer, is_good }) => Some(Self { prompt: answer, answer, is_good }),
            _ => None,
        }
    }
}

impl Entry for Planned {
    const BYTES: usize = <((At, At), u64)>::BYTES;

    fn append_to(self, bytes: &mut Vec<u8>) {
        ((self.prompt, self.answer), u64::from(self.is_good)).append_to(bytes);
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        let ((prompt, answer), is_good) = Entry::from_bytes(bytes);
        let is_good: u64 = is_good;
        Self { prompt, answer, is_good: is_good != 0 }
    }
}
