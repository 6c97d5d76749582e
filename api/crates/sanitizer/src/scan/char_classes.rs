//! Counts what a value is made of. Several finders decide from these counts whether a value looks random.

/// How many bytes of each class a value has, and how they follow each other. All is counted in one pass.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CharClasses {
    counts: [usize; CLASSES],
    /// How often the class changes from one byte to the next. Small letters, capitals, digits and all other bytes are four
    /// classes here.
    pub(crate) changes: usize,
    /// The length of the longest run of small letters.
    pub(crate) longest_lower: usize,
    /// The length of the longest run of capitals.
    pub(crate) longest_upper: usize,
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

/// The class of each byte; 0 for a byte of no class.
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

/// How many digits a value has, for finders that need no other count.
#[inline]
pub(crate) fn digits(value: &[u8]) -> usize {
    value.iter().filter(|byte| byte.is_ascii_digit()).count()
}

/// How many digits and how many letters a value has, for finders that need no other count.
#[inline]
pub(crate) fn digits_and_letters(value: &[u8]) -> (usize, usize) {
    value.iter().fold((0, 0), |(digits, letters), byte| {
        (digits + usize::from(byte.is_ascii_digit()), letters + usize::from(byte.is_ascii_alphabetic()))
    })
}

/// How often a digit follows something else, or something else a digit.
#[inline]
pub(crate) fn digit_changes(value: &[u8]) -> usize {
    value.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count()
}

/// How often a capital follows a small letter, as in `getClientSecret`.
#[inline]
pub(crate) fn capitals_after_small(value: &[u8]) -> usize {
    value.windows(2).filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase()).count()
}

/// How many different bytes a value has. Values typed to fill a form have few.
#[inline]
pub(crate) fn distinct_bytes(value: &[u8]) -> u32 {
    let mut seen = [0_u128; 2];
    for byte in value {
        seen[usize::from(byte >> 7)] |= 1 << (byte & 127);
    }
    seen[0].count_ones() + seen[1].count_ones()
}

impl CharClasses {
    pub(crate) fn of(value: &[u8]) -> Self {
        let mut classes = Self::default();
        let (mut last, mut run) = (None, 0);
        for byte in value {
            let class = CLASS[usize::from(*byte)];
            classes.counts[usize::from(class)] += 1;
            // For changes and runs, all signs are one class.
            let class = if class > DIGIT { 0 } else { class };
            run = if last == Some(class) { run + 1 } else { 1 };
            classes.changes += usize::from(last.is_some_and(|last| last != class));
            match class {
                LOWER => classes.longest_lower = classes.longest_lower.max(run),
                UPPER => classes.longest_upper = classes.longest_upper.max(run),
                _ => {}
            }
            last = Some(class);
        }
        classes
    }

    pub(crate) fn digits(&self) -> usize {
        self.counts[usize::from(DIGIT)]
    }

    pub(crate) fn lower(&self) -> usize {
        self.counts[usize::from(LOWER)]
    }

    pub(crate) fn upper(&self) -> usize {
        self.counts[usize::from(UPPER)]
    }

    pub(crate) fn letters(&self) -> usize {
        self.lower() + self.upper()
    }

    /// `.`
    pub(crate) fn dots(&self) -> usize {
        self.counts[usize::from(DOT)]
    }

    /// `/`
    pub(crate) fn slashes(&self) -> usize {
        self.counts[usize::from(SLASH)]
    }

    /// `_` and `-`
    pub(crate) fn joiners(&self) -> usize {
        self.counts[usize::from(JOINER)]
    }

    /// `~`
    pub(crate) fn tildes(&self) -> usize {
        self.counts[usize::from(TILDE)]
    }

    /// `#!$%^&`, which words and names do not contain.
    pub(crate) fn marks(&self) -> usize {
        self.counts[usize::from(MARK)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_change_and_run_is_counted() {
        let classes = CharClasses::of(b"abCDE_f-12.g/~!\xC3");
        let counts = [classes.lower(), classes.upper(), classes.digits(), classes.dots(), classes.slashes()];
        assert_eq!(counts, [4, 3, 2, 1, 1]);
        assert_eq!([classes.letters(), classes.joiners(), classes.tildes(), classes.marks()], [7, 2, 1, 1]);
        assert_eq!([classes.longest_lower, classes.longest_upper, classes.changes], [2, 3, 8]);
        assert_eq!(CharClasses::of(b""), CharClasses::default());
        assert_eq!([digits(b"a1b22"), digit_changes(b"a1b22"), capitals_after_small(b"aBcDE")], [3, 3, 2]);
        assert_eq!(digits_and_letters(b"a1b22-"), (3, 2));
        assert_eq!(distinct_bytes(b"abab\xE1a"), 3);
    }
}
