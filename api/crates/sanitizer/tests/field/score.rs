//! Scores spans on labelled cases. The field test and `examples/score_field` share it, so that the bounds of the test, the tables of
//! the documentation and the figures of other tools are counted in the same way.

use std::{collections::BTreeMap, ops::Range};

use serde::{Deserialize, Serialize};

/// A value leaks when so many of its letters and digits stay outside every span: fewer tell nothing. Of a value that has fewer, all.
const LEAKED_CHARS_MIN: usize = 3;

/// A text as somebody might send it to a model, with what must become of its values. The other keys of a line are for people.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Case {
    /// Its name, in one file only once.
    pub(crate) id: String,
    /// The kind of text: `form`, `chat`, `secret`, …
    #[serde(rename = "cat")]
    pub(crate) category: String,
    /// The language, as a code of ISO 639 or a tag of BCP 47. Cases of several languages, and some from reports, have none.
    #[serde(rename = "lang")]
    pub(crate) language: Option<String>,
    /// The text.
    pub(crate) text: String,
    /// Values that must not survive. Each stands in the text.
    pub(crate) must: Vec<String>,
    /// Values that must stay. Each stands in the text.
    pub(crate) keep: Vec<String>,
}

impl Case {
    /// The cases of a file, one a line.
    ///
    /// # Panics
    /// When a line is no case, or a value does not stand in its text.
    pub(crate) fn all_of(lines: &str) -> Vec<Self> {
        let cases: Vec<Self> =
            lines.lines().map(|line| serde_json::from_str(line).expect("each line is a case")).collect();
        for case in &cases {
            for value in case.must.iter().chain(&case.keep) {
                assert!(!value.is_empty() && case.text.contains(value), "{}: {value:?} is not in its text", case.id);
            }
        }
        cases
    }
}

/// How many values leaked and how many were masked wrongly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    /// Texts.
    pub(crate) cases: usize,
    /// Values that must not survive, and how many of them do.
    pub(crate) must: usize,
    pub(crate) leaked: usize,
    /// Values that must stay, and how many of them do not.
    pub(crate) keep: usize,
    pub(crate) masked: usize,
}

/// The counts of a file, in all and by the kinds and the languages of its texts.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Score {
    pub(crate) all: Counts,
    pub(crate) categories: BTreeMap<String, Counts>,
    pub(crate) languages: BTreeMap<String, Counts>,
    /// Each fault in words, to be read when a bound is exceeded.
    #[serde(skip)]
    pub(crate) faults: Vec<String>,
}

impl Score {
    /// Scores what `find` gives for each case: the places that it would replace, in bytes.
    pub(crate) fn of(cases: &[Case], mut find: impl FnMut(&Case) -> Vec<Range<usize>>) -> Self {
        let mut score = Self::default();
        for case in cases {
            let spans = find(case);
            let counts = score.judge(case, &spans);
            score.all.add(counts);
            score.categories.entry(case.category.clone()).or_default().add(counts);
            if let Some(language) = &case.language {
                score.languages.entry(language.clone()).or_default().add(counts);
            }
        }
        score
    }

    fn judge(&mut self, case: &Case, spans: &[Range<usize>]) -> Counts {
        let mut is_covered = vec![false; case.text.len()];
        for span in spans {
            is_covered[span.clone()].fill(true);
        }
        let mut counts = Counts { cases: 1, must: case.must.len(), keep: case.keep.len(), ..Counts::default() };
        for value in &case.must {
            let letters = value.chars().filter(|c| c.is_alphanumeric()).count();
            let open = |at: usize| {
                let letters = value.char_indices().filter(|(_, c)| c.is_alphanumeric());
                letters.filter(|(offset, _)| !is_covered[at + offset]).count()
            };
            let worst = case.text.match_indices(value).map(|(at, _)| open(at)).max().unwrap_or(letters);
            if worst >= LEAKED_CHARS_MIN.min(letters) {
                counts.leaked += 1;
                self.faults.push(format!("{} leaks {value:?}", case.id));
            }
        }
        for value in &case.keep {
            let is_masked = |at: usize| is_covered[at..at + value.len()].contains(&true);
            if case.text.match_indices(value).any(|(at, _)| is_masked(at)) {
                counts.masked += 1;
                self.faults.push(format!("{} masks {value:?}", case.id));
            }
        }
        counts
    }

    /// A table of the counts, a line for each kind of text and for each language.
    pub(crate) fn table(&self, name: &str) -> String {
        let head = ["cases", "must", "leaked", "%", "keep", "masked", "%"];
        let mut table = format!("{name:<24}");
        head.iter().for_each(|title| table.push_str(&format!("{title:>8}")));
        let by_language = self.languages.iter().filter(|_| self.languages.len() > 1);
        let rows = self.categories.iter().chain(by_language).map(|(name, counts)| (&**name, counts));
        for (name, counts) in rows.chain([("all", &self.all)]) {
            let Counts { cases, must, leaked, keep, masked } = *counts;
            let (leaks, masks) = (percent(leaked, must), percent(masked, keep));
            table.push_str(&format!(
                "\n  {name:<22}{cases:>8}{must:>8}{leaked:>8}{leaks:>8.1}{keep:>8}{masked:>8}{masks:>8.1}"
            ));
        }
        table
    }
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.must += other.must;
        self.leaked += other.leaked;
        self.keep += other.keep;
        self.masked += other.masked;
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::single_range_in_vec_init, reason = "the spans of a case, of which there may be one")]
    fn a_value_leaks_with_three_open_letters_and_one_that_stays_may_not_be_touched() {
        // The span of each row, and what is wrong then: Jane-Doe must go, Berlin must stay.
        let text = "Jane-Doe in Berlin, Jane-Doe";
        let cases: [(&[(usize, usize)], _, _); 8] = [
            (&[(0, 8), (20, 28)], 0, 0),
            (&[(0, 6), (20, 28)], 0, 0),
            (&[(0, 5), (20, 28)], 1, 0),
            (&[(0, 8)], 1, 0),
            (&[(0, 4), (5, 8), (20, 28)], 0, 0),
            (&[(0, 13), (20, 28)], 0, 1),
            (&[(0, 28)], 0, 1),
            (&[], 1, 0),
        ];
        for (spans, leaked, masked) in cases {
            let case = Case {
                id: "1".into(),
                category: "chat".into(),
                language: None,
                text: text.into(),
                must: vec!["Jane-Doe".into()],
                keep: vec!["Berlin".into()],
            };
            let score = Score::of(&[case], |_| spans.iter().map(|(start, end)| *start..*end).collect());
            assert_eq!((score.all.leaked, score.all.masked), (leaked, masked), "{spans:?}");
        }
    }

    #[test]
    fn a_short_value_leaks_only_as_a_whole() {
        let case =
            |must: &str| Case::all_of(&format!(r#"{{"id":"1","cat":"c","text":"Li Xu","must":["{must}"],"keep":[]}}"#));
        let leaked = |must: &str, span: Range<usize>| {
            Score::of(&case(must), |_| std::iter::once(span.clone()).collect()).all.leaked
        };
        assert_eq!((leaked("Li", 0..1), leaked("Li", 3..5), leaked("Li Xu", 0..2)), (0, 1, 0));
    }
}
