//! Bars by day, or by week, month or year when there would be too many. Periods without a line have a bar, too.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};

/// A bar's label, and how many lines.
pub(super) type Bar = (String, u64);

/// The period of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    Day,
    Week,
    Month,
    Year,
}

impl Period {
    /// The plural, for a heading.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Day => "days",
            Self::Week => "weeks",
            Self::Month => "months",
            Self::Year => "years",
        }
    }

    fn start_of(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days()),
            Self::Month => day.first_of_month(),
            Self::Year => day.first_of_year(),
        }
    }

    fn next(self, start: Date) -> Date {
        start.saturating_add(match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
            Self::Year => 1.year(),
        })
    }

    fn label(self, start: Date) -> String {
        match self {
            Self::Day | Self::Week => start.to_string(),
            Self::Month => start.strftime("%Y-%m").to_string(),
            Self::Year => start.strftime("%Y").to_string(),
        }
    }
}

/// The bars for these days: the shortest period that makes no more than `bars_max`, or years.
pub(super) fn bars(days: &BTreeMap<String, u64>, bars_max: usize) -> (Period, Vec<Bar>) {
    let days: Vec<(Date, u64)> =
        days.iter().filter_map(|(day, lines)| day.parse().ok().map(|day| (day, *lines))).collect();
    let (Some(&(first, _)), Some(&(last, _))) = (days.first(), days.last()) else { return (Period::Day, Vec::new()) };
    let count = |period: Period| {
        let mut start = period.start_of(first);
        let mut bars = 1;
        while bars <= bars_max && start < period.start_of(last) {
            start = period.next(start);
            bars += 1;
        }
        bars
    };
    let period = [Period::Day, Period::Week, Period::Month]
        .into_iter()
        .find(|period| count(*period) <= bars_max)
        .unwrap_or(Period::Year);

    let mut bars = Vec::new();
    let mut days = days.into_iter().peekable();
    let mut start = period.start_of(first);
    while days.peek().is_some() {
        let next = period.next(start);
        let mut lines = 0;
        while let Some((_, more)) = days.next_if(|(day, _)| *day < next) {
            lines += more;
        }
        bars.push((period.label(start), lines));
        start = next;
    }
    (period, bars)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(days: &[(&str, u64)]) -> BTreeMap<String, u64> {
        days.iter().map(|(day, lines)| ((*day).to_owned(), *lines)).collect()
    }

    #[test]
    fn days_without_lines_are_shown() {
        let (period, bars) = bars(&days(&[("2026-02-27", 3), ("2026-03-02", 1)]), 31);
        let expected = [("2026-02-27", 3), ("2026-02-28", 0), ("2026-03-01", 0), ("2026-03-02", 1)];
        assert_eq!((period, bars), (Period::Day, expected.map(|(day, lines)| (day.to_owned(), lines)).to_vec()));
    }

    #[test]
    fn longer_spans_have_longer_periods_and_lose_nothing() {
        for (last, period) in [
            ("2026-01-31", Period::Day),
            ("2026-02-01", Period::Week),
            ("2026-08-30", Period::Month),
            ("2099-12-31", Period::Year),
        ] {
            let (found, bars) = bars(&days(&[("2026-01-01", 5), (last, 7)]), 31);
            assert_eq!(found, period, "{last}");
            assert_eq!(bars.iter().map(|(_, lines)| lines).sum::<u64>(), 12);
            assert_eq!((bars[0].1, bars[bars.len() - 1].1), (5, 7));
        }
        assert_eq!(bars(&BTreeMap::new(), 31).1, []);
    }
}
