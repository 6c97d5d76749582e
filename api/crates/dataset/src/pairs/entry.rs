//! A row without its texts, as the two sorts hold it.

use crate::{
    at::{At, take},
    external_sort::Entry,
};

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Failure,
    Success,
    Bad,
    Good,
}

impl Kind {
    fn from_byte(byte: u8) -> Self {
        match byte {
            0 => Self::Failure,
            1 => Self::Success,
            2 => Self::Bad,
            _ => Self::Good,
        }
    }
}

/// A row, sorted by the generation that it is or judges. A generation comes before its verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ByGeneration {
    /// Of the uuid.
    pub(super) generation: u128,
    pub(super) kind: Kind,
    pub(super) time_ms: i64,
    pub(super) row: RowFacts,
}

/// What is known of a row wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowFacts {
    pub(super) at: At,
    pub(super) ordinal: u64,
    /// Person and prompt; 0 for a row that may not be paired.
    pub(super) group: u128,
    /// Whether it has an answer that says or calls anything.
    pub(super) has_answer: bool,
    /// Whether its time and reason are those that were asked for.
    pub(super) is_chosen: bool,
    /// Whether its model is the one that was asked for.
    pub(super) is_of_model: bool,
}

/// What happened to a prompt of a person, sorted by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct InGroup {
    pub(super) group: u128,
    pub(super) time_ms: i64,
    pub(super) step: Step,
    /// The row with the text.
    pub(super) at: At,
    /// The row with the line: a verdict's, where an answer was judged bad.
    pub(super) about: At,
    pub(super) is_chosen: bool,
    pub(super) is_of_model: bool,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Failure,
    /// A success that was judged bad.
    Rejected,
    /// The same where the success was not pulled: its row and its time are those of the verdict.
    RejectedAlone,
    /// A success that nobody calls bad.
    Success,
    /// One that was judged good besides, by a verdict that the options choose.
    SuccessJudgedGood,
    /// A success without an answer, or one that was judged bad by a verdict that has no line: a retry, and nothing to learn from.
    UselessSuccess,
}

impl Step {
    fn from_byte(byte: u8) -> Self {
        match byte {
            0 => Self::Failure,
            1 => Self::Rejected,
            2 => Self::RejectedAlone,
            3 => Self::Success,
            4 => Self::SuccessJudgedGood,
            _ => Self::UselessSuccess,
        }
    }
}

impl Entry for ByGeneration {
    const BYTES: usize = 16 + 1 + 8 + RowFacts::BYTES;

    fn append_to(self, bytes: &mut Vec<u8>) {
        self.generation.append_to(bytes);
        bytes.push(self.kind as u8);
        bytes.extend_from_slice(&self.time_ms.to_le_bytes());
        self.row.append_to(bytes);
    }

    fn from_bytes(mut bytes: &[u8]) -> Self {
        let bytes = &mut bytes;
        Self {
            generation: u128::from_le_bytes(take(bytes)),
            kind: Kind::from_byte(take::<1>(bytes)[0]),
            time_ms: i64::from_le_bytes(take(bytes)),
            row: RowFacts::from_bytes(bytes),
        }
    }
}

impl Entry for RowFacts {
    const BYTES: usize = At::BYTES + 8 + 16 + 3;

    fn append_to(self, bytes: &mut Vec<u8>) {
        self.at.append_to(bytes);
        bytes.extend_from_slice(&self.ordinal.to_le_bytes());
        self.group.append_to(bytes);
        bytes.extend([self.has_answer, self.is_chosen, self.is_of_model].map(u8::from));
    }

    fn from_bytes(mut bytes: &[u8]) -> Self {
        let bytes = &mut bytes;
        let at = At::from_bytes(&take::<{ At::BYTES }>(bytes));
        let ordinal = u64::from_le_bytes(take(bytes));
        let group = u128::from_le_bytes(take(bytes));
        let [has_answer, is_chosen, is_of_model] = take::<3>(bytes).map(|byte| byte != 0);
        Self { at, ordinal, group, has_answer, is_chosen, is_of_model }
    }
}

impl Entry for InGroup {
    const BYTES: usize = 16 + 8 + 1 + 2 * At::BYTES + 2;

    fn append_to(self, bytes: &mut Vec<u8>) {
        self.group.append_to(bytes);
        bytes.extend_from_slice(&self.time_ms.to_le_bytes());
        bytes.push(self.step as u8);
        self.at.append_to(bytes);
        self.about.append_to(bytes);
        bytes.extend([self.is_chosen, self.is_of_model].map(u8::from));
    }

    fn from_bytes(mut bytes: &[u8]) -> Self {
        let bytes = &mut bytes;
        let group = u128::from_le_bytes(take(bytes));
        let time_ms = i64::from_le_bytes(take(bytes));
        let step = Step::from_byte(take::<1>(bytes)[0]);
        let [at, about] =
            [At::from_bytes(&take::<{ At::BYTES }>(bytes)), At::from_bytes(&take::<{ At::BYTES }>(bytes))];
        let [is_chosen, is_of_model] = take::<2>(bytes).map(|byte| byte != 0);
        Self { group, time_ms, step, at, about, is_chosen, is_of_model }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same<E: Entry + std::fmt::Debug>(entry: E) {
        let mut bytes = Vec::new();
        entry.append_to(&mut bytes);
        assert_eq!((bytes.len(), E::from_bytes(&bytes)), (E::BYTES, entry));
    }

    #[test]
    fn entries_are_read_as_they_were_written() {
        let at = At { file: 7, offset: 1 << 40, length: 9 };
        for kind in [Kind::Failure, Kind::Success, Kind::Bad, Kind::Good] {
            let row = RowFacts {
                at,
                ordinal: 3,
                group: u128::MAX - 1,
                has_answer: true,
                is_chosen: false,
                is_of_model: true,
            };
            same(ByGeneration { generation: 5 << 100, kind, time_ms: -4, row });
        }
        for step in (0..6).map(Step::from_byte) {
            let about = At { file: 8, ..at };
            same(InGroup { group: 11, time_ms: 12, step, at, about, is_chosen: true, is_of_model: false });
        }
    }
}
