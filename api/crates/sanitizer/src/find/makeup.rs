//! What a value is made of, counted in one pass: whether it looks random is asked in many ways.

/// How many bytes of each class a value has, and how they follow each other.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Makeup {
    counts: [usize; CLASSES],
    /// How often the kind changes from one byte to the next, of small letters, capitals, digits and all others.
    pub(super) turns: usize,
    /// The longest row of small letters.
    pub(super) longest_lower: usize,
    /// The longest row of capitals.
    pub(super) longest_upper: usize,
}

const LOWER: u8 = 1;
const UPPER: u8 = 2;
const DIGIT: u8 = 3;
const DOT: u8 = 4;
const SLASH: u8 = 5;
const JOINER: u8 = 6;
const TILDE: u8 = 7;
const MARK: u8 = 8;
const CLASSES: usize = 9;

/// The class of each byte; 0 for any that is in no other.
const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        class[byte] = match byte as u8 {
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            b'.' => DOT,
            b'/' => SLASH,
            b'_' | b'-' => JOINER,
            b'~' => TILDE,
            b'#' | b'!' | b'$' | b'%' | b'^' | b'&' => MARK,
            _ => 0,
        };
        byte += 1;
    }
    class
};

impl Makeup {
    pub(super) fn of(value: &[u8]) -> Self {
        let mut makeup = Self::default();
        let (mut last, mut row) = (None, 0);
        for byte in value {
            let class = CLASS[usize::from(*byte)];
            makeup.counts[usize::from(class)] += 1;
            // Signs are all the same here.
            let class = if class > DIGIT { 0 } else { class };
            row = if last == Some(class) { row + 1 } else { 1 };
            makeup.turns += usize::from(last.is_some_and(|last| last != class));
            match class {
                LOWER => makeup.longest_lower = makeup.longest_lower.max(row),
                UPPER => makeup.longest_upper = makeup.longest_upper.max(row),
                _ => {}
            }
            last = Some(class);
        }
        makeup
    }

    pub(super) fn digits(&self) -> usize {
        self.counts[usize::from(DIGIT)]
    }

    pub(super) fn lower(&self) -> usize {
        self.counts[usize::from(LOWER)]
    }

    pub(super) fn upper(&self) -> usize {
        self.counts[usize::from(UPPER)]
    }

    pub(super) fn letters(&self) -> usize {
        self.lower() + self.upper()
    }

    /// `.`
    pub(super) fn dots(&self) -> usize {
        self.counts[usize::from(DOT)]
    }

    /// `/`
    pub(super) fn slashes(&self) -> usize {
        self.counts[usize::from(SLASH)]
    }

    /// `_` and `-`
    pub(super) fn joiners(&self) -> usize {
        self.counts[usize::from(JOINER)]
    }

    /// `~`
    pub(super) fn tildes(&self) -> usize {
        self.counts[usize::from(TILDE)]
    }

    /// `#!$%^&`, which words and names do not have.
    pub(super) fn marks(&self) -> usize {
        self.counts[usize::from(MARK)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_turn_and_row_is_counted() {
        let makeup = Makeup::of(b"abCDE_f-12.g/~!\xC3");
        let counts = [makeup.lower(), makeup.upper(), makeup.digits(), makeup.dots(), makeup.slashes()];
        assert_eq!(counts, [4, 3, 2, 1, 1]);
        assert_eq!([makeup.letters(), makeup.joiners(), makeup.tildes(), makeup.marks()], [7, 2, 1, 1]);
        assert_eq!([makeup.longest_lower, makeup.longest_upper, makeup.turns], [2, 3, 8]);
        assert_eq!(Makeup::of(b""), Makeup::default());
    }
}
