//! The sanitizer on texts as people who build AI products meet them: support chats, forms, logs, letters, in 64 languages. Each case has
//! values that must not survive and values that must stay; all personal data in them is invented.
//!
//! - `handed.jsonl`: cases from public reports, written by others.
//! - `languages.jsonl`: the project's own cases, written before the rules for their languages.
//!
//! The bounds below are a little above what was measured. Whoever makes a rule better lowers them.

use misfire_sanitizer::{Scope, find};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    id: String,
    text: String,
    /// Values that must not survive.
    must: Vec<String>,
    /// Values that must stay.
    keep: Vec<String>,
}

/// What went wrong, over all cases of a file.
#[derive(Default)]
struct Score {
    must: usize,
    leaked: usize,
    keep: usize,
    masked: usize,
    /// The faults, to be printed when a bound is exceeded.
    faults: Vec<String>,
}

/// A value leaks when so many of its letters and digits stay outside every span: fewer tell nothing.
const LEAKED_CHARS_MIN: usize = 3;

impl Score {
    fn of(lines: &str) -> Self {
        let mut score = Self::default();
        for line in lines.lines() {
            let case: Case = serde_json::from_str(line).expect("each line is a case");
            let spans = find(&case.text, Scope::Text);
            let is_covered = |at: usize| spans.iter().any(|span| span.range.contains(&at));
            for value in &case.must {
                score.must += 1;
                let letters = value.chars().filter(|c| c.is_alphanumeric()).count();
                let open = |at: usize| {
                    value.char_indices().filter(|(offset, c)| c.is_alphanumeric() && !is_covered(at + offset)).count()
                };
                let worst = case.text.match_indices(value).map(|(at, _)| open(at)).max();
                let worst = worst.unwrap_or_else(|| panic!("{}: {value:?} is not in its text", case.id));
                if worst >= LEAKED_CHARS_MIN.min(letters) {
                    score.leaked += 1;
                    score.faults.push(format!("{} leaks {value:?}", case.id));
                }
            }
            for value in &case.keep {
                score.keep += 1;
                let is_masked = |at: usize| (at..at + value.len()).any(is_covered);
                if case.text.match_indices(value).any(|(at, _)| is_masked(at)) {
                    score.masked += 1;
                    score.faults.push(format!("{} masks {value:?}", case.id));
                }
            }
        }
        score
    }

    /// Holds the shares of leaked and of wrongly masked values to bounds, in per mille.
    #[track_caller]
    fn holds(&self, leaked_max: usize, masked_max: usize) {
        let (leaked, masked) = (1000 * self.leaked / self.must, 1000 * self.masked / self.keep);
        assert!(
            leaked <= leaked_max && masked <= masked_max,
            "{leaked} ‰ leaked (at most {leaked_max}), {masked} ‰ wrongly masked (at most {masked_max}):\n{}",
            self.faults.join("\n")
        );
    }
}

#[test]
fn values_in_all_languages_are_found_and_look_alikes_stay() {
    Score::of(include_str!("languages.jsonl")).holds(65, 26);
}

#[test]
fn values_of_public_reports_are_found_and_look_alikes_stay() {
    Score::of(include_str!("handed.jsonl")).holds(90, 20);
}
