//! The good answer that came later to what failed, as the reference of an eval.

use journal::generation::Generation;

use super::{
    answer::{Answer, answer_of},
    by_uuid::ByUuid,
    placeholders::{Labels, Numbers},
};
use crate::{
    at::{At, LineReader},
    data_files::Dataset,
    external_sort::{ExternalSort, Sorted},
    pairs::{Chosen, Finder, Found},
    progress::Progress,
    read::for_each_generation,
};

const SORT_BYTES: usize = 4 * 1024 * 1024;

/// Answers by line, in the order of lines.
pub(super) struct LaterAnswers<'a> {
    labels: &'a Labels,
    reader: LineReader<'a>,
    answers: Sorted<(u64, Later)>,
    next: Option<(u64, Later)>,
}

/// The row of what failed, and that of the answer.
pub(super) type Later = (At, At);

impl<'a> LaterAnswers<'a> {
    pub(super) fn find(generations: &'a Dataset, lines: &Dataset, labels: &'a Labels) -> anyhow::Result<Self> {
        let progress = Progress::hidden();
        let mut finder = Finder::new();
        for_each_generation(generations, &progress, |row, generation| Ok(finder.add(row, generation, Chosen::ALL)?))?;
        let mut found = ExternalSort::new(SORT_BYTES);
        finder.finish(Some(lines), &progress, &mut |what| match what {
            Found::Later { about, answer } => found.push((about, answer)),
            Found::Answer { .. } | Found::Pair { .. } | Found::Labelled { .. } => Ok(()),
        })?;

        let mut reader = LineReader::new(generations);
        let mut buffer = Vec::new();
        let mut by_uuid = ByUuid::new();
        let mut sorted = found.sorted()?;
        while let Some((about, answer)) = sorted.next()? {
            reader.read(about, &mut buffer)?;
            by_uuid.add(&Generation::parse(&buffer)?.uuid, (about, answer))?;
        }
        let mut answers = by_uuid.by_line(lines)?;
        let next = answers.next()?;
        Ok(Self { labels, reader, answers, next })
    }

    /// Where the answer to a line is. Lines come in their order.
    pub(super) fn next(&mut self, line: u64) -> anyhow::Result<Option<Later>> {
        match self.next {
            Some((next, later)) if next == line => {
                // A second line with the same uuid is none that the writer wrote.
                while self.next.is_some_and(|(next, _)| next == line) {
                    self.next = self.answers.next()?;
                }
                Ok(Some(later))
            }
            _ => Ok(None),
        }
    }

    /// The answer. Its placeholders are the prompt's, or apart from them.
    pub(super) fn answer(&mut self, (about, answer): Later, prompt: &str) -> anyhow::Result<Option<Answer>> {
        let [mut failed, mut succeeded] = [Vec::new(), Vec::new()];
        self.reader.read(about, &mut failed)?;
        self.reader.read(answer, &mut succeeded)?;
        let (failed, succeeded) = (Generation::parse(&failed)?, Generation::parse(&succeeded)?);
        let mut numbers = Numbers::new(self.labels, prompt, &[]);
        let (text, _) = numbers.apart_from_event(&succeeded.output, failed.input == succeeded.input);
        Ok(answer_of(&text))
    }
}
