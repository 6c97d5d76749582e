//! Times as they are given on the command line and in settings: `--since`, `--until`, `PULL_SINCE`.

use anyhow::ensure;
use clap::Args;
use jiff::{SignedDuration, Timestamp};
use journal::time::format_time;

/// What a time may look like, for help and errors.
const FORMS: &str =
    "expected a day (2026-11-01, from midnight UTC), a time (2026-11-01T12:00:00Z) or how long ago (90m, 2h, 3d, 1w)";

/// The part of the data that a command looks at.
#[derive(Debug, Clone, Copy, Default, Args)]
#[group(skip)]
pub struct Period {
    /// Only what happened at this time or later: a day (2026-11-01), a time (2026-11-01T12:00:00Z), or how long ago (2h, 3d).
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub since: Option<Timestamp>,

    /// Only what happened before this time.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub until: Option<Timestamp>,
}

/// A period in the form of the times in lines, which sorts as text.
#[derive(Debug, Default)]
pub struct LinePeriod {
    since: Option<String>,
    until: Option<String>,
}

impl Period {
    /// Checks that it is one.
    ///
    /// # Errors
    /// When it ends before it begins.
    pub fn check(&self) -> anyhow::Result<()> {
        let is_empty = self.since.zip(self.until).is_some_and(|(since, until)| since >= until);
        ensure!(!is_empty, "--since must be before --until");
        Ok(())
    }

    /// The period for comparing it with lines.
    pub fn of_lines(self) -> LinePeriod {
        LinePeriod { since: self.since.map(format_time), until: self.until.map(format_time) }
    }
}

impl LinePeriod {
    /// Whether a line's `timestamp` is in it.
    pub fn contains(&self, timestamp: &str) -> bool {
        self.since.as_ref().is_none_or(|since| timestamp >= since.as_str())
            && self.until.as_ref().is_none_or(|until| timestamp < until.as_str())
    }

    /// Whether it leaves out nothing.
    pub fn is_all(&self) -> bool {
        self.since.is_none() && self.until.is_none()
    }
}

/// Reads a day, which begins at midnight UTC; a time with its offset (RFC 3339); or how long ago it is.
///
/// # Errors
/// The accepted forms, for clap to show.
pub fn parse_time(text: &str) -> Result<Timestamp, String> {
    time_at(text, Timestamp::now()).ok_or_else(|| FORMS.to_owned())
}

fn time_at(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Some(ago) = duration(text) {
        return now.checked_sub(ago).ok();
    }
    let midnight = format!("{text}T00:00:00Z");
    let is_day = text.len() == "2026-11-01".len();
    if is_day { &midnight } else { text }.parse().ok()
}

/// A whole number and a unit. A day has 24 hours, a week has seven days.
fn duration(text: &str) -> Option<SignedDuration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit_s = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    // `parse` alone takes a sign, too.
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = is_number.then(|| number.parse().ok()).flatten()?;
    Some(SignedDuration::from_secs(number.checked_mul(unit_s)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<String> {
        time_at(text, "2026-11-25T12:00:00Z".parse().unwrap()).map(|time| time.to_string())
    }

    #[test]
    fn a_time_is_a_day_an_instant_or_how_long_ago() {
        for (text, time) in [
            ("2026-11-01", "2026-11-01T00:00:00Z"),
            ("2026-11-01T12:00:00+01:00", "2026-11-01T11:00:00Z"),
            ("2026-11-01T12:00:00.5Z", "2026-11-01T12:00:00.5Z"),
            ("0s", "2026-11-25T12:00:00Z"),
            ("45s", "2026-11-25T11:59:15Z"),
            ("90m", "2026-11-25T10:30:00Z"),
            ("2h", "2026-11-25T10:00:00Z"),
            ("3d", "2026-11-22T12:00:00Z"),
            ("1w", "2026-11-18T12:00:00Z"),
        ] {
            assert_eq!(at(text).as_deref(), Some(time), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_what_would_do() {
        for text in [
            "",
            "h",
            "2",
            "2 h",
            "-2h",
            "+2h",
            "2H",
            "1.5h",
            "2h30m",
            "1y",
            "yesterday",
            "2026-13-01",
            "2026-11-01T12:00:00",
            "99999999999999999999h",
            "9223372036854775807w",
            "9999999w",
            "١h",
            "ü",
        ] {
            assert_eq!(at(text), None, "{text}");
        }
        assert!(parse_time("soon").unwrap_err().contains("(90m, 2h, 3d, 1w)"));
    }

    #[test]
    fn a_period_holds_its_beginning_and_not_its_end() {
        let time = |text: &str| Some(text.parse().unwrap());
        let period = Period { since: time("2026-11-01T00:00:00Z"), until: time("2026-11-02T00:00:00Z") }.of_lines();
        for (timestamp, is_in) in [
            ("2026-10-31T23:59:59.999Z", false),
            ("2026-11-01T00:00:00.000Z", true),
            ("2026-11-01T23:59:59.999Z", true),
            ("2026-11-02T00:00:00.000Z", false),
        ] {
            assert_eq!(period.contains(timestamp), is_in, "{timestamp}");
        }
        let [since, until] = ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"].map(time);
        for (since, until, is_one) in [
            (since, until, true),
            (until, since, false),
            (since, since, false),
            (None, since, true),
            (since, None, true),
        ] {
            assert_eq!(Period { since, until }.check().is_ok(), is_one, "{since:?} {until:?}");
        }
        let all = Period::default().of_lines();
        assert!(all.is_all() && all.contains("1970-01-01T00:00:00.000Z") && !period.is_all());
    }
}
