//! What is known of a generation once all verdicts about it are in.

use super::{
    entry::{ByGeneration, InGroup, Kind, RowFacts, Step},
    found::Found,
};

/// A generation and its verdicts, in constant memory.
#[derive(Default)]
pub(super) struct Standing {
    /// Its own row; none where only verdicts were pulled.
    row: Option<(Kind, i64, RowFacts)>,
    is_failure: bool,
    is_bad: bool,
    is_good: bool,
    /// A verdict that calls it bad and has its line: the first that the options choose, else the first.
    bad: Option<(i64, RowFacts)>,
    /// The same of those that call it good.
    good: Option<(i64, RowFacts)>,
}

impl Standing {
    /// Adds a row. `has_line` is whether its line is there, or it needs none.
    pub(super) fn add(&mut self, entry: ByGeneration, has_line: bool) {
        let ByGeneration { kind, time_ms, row, .. } = entry;
        let first = |verdict: &mut Option<(i64, RowFacts)>| {
            if verdict.is_none_or(|(_, known)| !known.is_chosen && row.is_chosen) {
                *verdict = Some((time_ms, row));
            }
        };
        self.is_failure |= kind == Kind::Failure;
        match kind {
            Kind::Failure if !has_line => {}
            Kind::Failure | Kind::Success => {
                self.row.get_or_insert((kind, time_ms, row));
            }
            Kind::Bad => {
                // Whoever called it bad did so, whatever became of the line.
                self.is_bad = true;
                if has_line {
                    first(&mut self.bad);
                }
            }
            Kind::Good => {
                self.is_good = true;
                first(&mut self.good);
            }
        }
    }

    pub(super) fn is_disputed(&self) -> bool {
        self.is_bad && self.is_good
    }

    /// The row that has the text which a verdict judges: the verdict's own, else the generation's. The text of a failure is none: what
    /// a cut connection left is not bad, it is not whole.
    fn judged_text(&self, verdict: &RowFacts) -> Option<RowFacts> {
        let own = self.row.map(|(_, _, row)| row);
        let text = [Some(*verdict), own].into_iter().flatten().find(|row| row.has_answer);
        text.filter(|_| !self.is_failure)
    }

    /// Whether the verdict's model, or the generation's, is the one that was asked for.
    fn is_of_model(&self, verdict: &RowFacts) -> bool {
        verdict.is_of_model || self.row.is_some_and(|(_, _, row)| row.is_of_model)
    }

    /// The answer with its label, if it has one.
    pub(super) fn labelled(&self) -> Option<Found> {
        let (_, verdict) = if self.is_bad { self.bad? } else { self.good? };
        let text = self.judged_text(&verdict)?;
        let is_wanted = verdict.is_chosen && self.is_of_model(&verdict);
        is_wanted.then_some(Found::Labelled { answer: text.at, is_good: !self.is_bad })
    }

    /// An answer to imitate whose generation was not pulled: the row of the verdict that calls it good.
    pub(super) fn good_alone(&self) -> Option<Found> {
        let (_, verdict) = self.good?;
        let is_alone = self.row.is_none() && !self.is_failure;
        let is_wanted = is_alone && !self.is_bad && verdict.has_answer && verdict.is_chosen && verdict.is_of_model;
        is_wanted.then_some(Found::Answer { answer: verdict.at, is_judged_good: true })
    }

    /// What it is among the other tries of its prompt.
    pub(super) fn step(&self) -> Option<InGroup> {
        let in_group = |step, time_ms, row: &RowFacts, is_chosen| InGroup {
            group: row.group,
            time_ms,
            step,
            at: row.at,
            about: row.at,
            is_chosen,
            is_of_model: row.is_of_model,
        };
        match self.row {
            Some((Kind::Failure, time_ms, row)) => Some(in_group(Step::Failure, time_ms, &row, row.is_chosen)),
            row if self.is_bad => {
                let Some((judged_ms, verdict)) = self.bad else {
                    return row.map(|(_, time_ms, row)| in_group(Step::UselessSuccess, time_ms, &row, false));
                };
                let text = self.judged_text(&verdict)?;
                // The prompt was tried again after the answer, often before anybody judged it.
                let time_ms = row.map_or(judged_ms, |(_, time_ms, _)| time_ms);
                let group = if verdict.group == 0 { text.group } else { verdict.group };
                let is_of_model = self.is_of_model(&verdict);
                let step = if row.is_some() { Step::Rejected } else { Step::RejectedAlone };
                let entry = in_group(step, time_ms, &text, verdict.is_chosen);
                Some(InGroup { group, about: verdict.at, is_of_model, ..entry })
            }
            Some((_, time_ms, row)) if row.has_answer => {
                let is_judged = self.good.is_some_and(|(_, verdict)| verdict.is_chosen);
                let step = if is_judged { Step::SuccessJudgedGood } else { Step::Success };
                Some(in_group(step, time_ms, &row, row.is_chosen))
            }
            Some((_, time_ms, row)) => Some(in_group(Step::UselessSuccess, time_ms, &row, false)),
            None => None,
        }
    }
}
