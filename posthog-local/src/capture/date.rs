//! The forms of a timestamp (`parse_date` in `rust/common/types/src/timestamp.rs`): RFC 3339, then those of the crate
//! `dateparser`. Without a zone they are UTC. A date alone takes the time of day at which it arrives.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    fmt::rfc2822,
    tz::TimeZone,
};

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads a timestamp that arrives at `now`.
pub(super) fn parse(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    let utc = |time: DateTime| Some(time.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp());
    text.parse()
        .ok()
        .or_else(|| number(text))
        .or_else(|| rfc2822::DateTimeParser::new().parse_timestamp(text).ok())
        .or_else(|| {
            let (date, rest) = date(text)?;
            let time = match rest.trim() {
                "" => now.to_zoned_datetime(TimeZone::UTC).time(),
                rest => time(rest)?,
            };
            utc(date.to_datetime(time))
        })
        .or_else(|| text.parse().ok().and_then(utc))
}

/// A number since 1970, whose length tells whether it counts seconds, milli-, micro- or nanoseconds.
fn number(text: &str) -> Option<Timestamp> {
    let number: i64 = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    match text.len() {
        10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::from_millisecond(number).ok(),
        16 => Timestamp::from_microsecond(number).ok(),
        19 => Timestamp::from_nanosecond(number.into()).ok(),
        _ => None,
    }
}

/// `2023-01-02`, `2023/01/02`, `01/02/2023` (the month first), `Jan 2, 2023` or `2 Jan 2023`, and what follows.
fn date(text: &str) -> Option<(Date, &str)> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    for separator in ['-', '/'] {
        let parts: Vec<&str> = word.split(separator).collect();
        let [first, second, third] = parts.as_slice() else { continue };
        let (year, month, day) = match (first.len(), separator) {
            (4, _) => (first, second, third),
            (1 | 2, '/') => (third, first, second),
            _ => return None,
        };
        let year = year.parse::<i16>().ok().map(|short| if year.len() == 2 { 2000 + short } else { short })?;
        let month = month.parse().ok().or_else(|| month_named(month))?;
        return Some((Date::new(year, month, day.parse().ok()?).ok()?, rest));
    }
    let mut words = text.splitn(4, ' ').filter(|word| !word.is_empty());
    let (first, second, year) = (words.next()?, words.next()?, words.next()?);
    let (month, day) = match month_named(first) {
        Some(month) => (month, second),
        None => (month_named(second)?, first),
    };
    let number = |text: &str| text.trim_end_matches(',').parse::<i16>().ok();
    let date = Date::new(
        number(year).filter(|_| year.trim_end_matches(',').len() == 4)?,
        month,
        number(day)?.try_into().ok()?,
    );
    Some((date.ok()?, words.next().unwrap_or_default()))
}

fn month_named(word: &str) -> Option<i8> {
    let word = word.trim_end_matches([',', '.']).to_ascii_lowercase();
    let is_word = word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let at = MONTHS.iter().position(|month| is_word && word.starts_with(month))?;
    i8::try_from(at + 1).ok()
}

/// `15:04`, `15:04:05.678` or `3:04 PM`, in UTC.
fn time(text: &str) -> Option<Time> {
    let lower = text.to_ascii_lowercase();
    let lower = lower.strip_suffix("utc").or_else(|| lower.strip_suffix('z')).unwrap_or(&lower).trim();
    let (clock, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (lower, None),
    };
    let clock = clock.trim();
    let padded = if clock.find(':') == Some(1) { format!("0{clock}") } else { clock.to_owned() };
    let time: Time = padded.parse().ok()?;
    match half {
        None => Some(time),
        Some(half) if (1..=12).contains(&time.hour()) => time.with().hour(time.hour() % 12 + half).build().ok(),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_dateparser_are_read() {
        let now = "2026-03-02T12:34:56Z".parse().unwrap();
        for (text, expected) in [
            ("1672574400000", Some("2023-01-01T12:00:00Z")),
            ("1672574400", Some("2023-01-01T12:00:00Z")),
            ("1672574400000000", Some("2023-01-01T12:00:00Z")),
            ("2023-01-02", Some("2023-01-02T12:34:56Z")),
            ("2023/01/02", Some("2023-01-02T12:34:56Z")),
            ("01/02/2023", Some("2023-01-02T12:34:56Z")),
            ("2023/01/02 03:04:05", Some("2023-01-02T03:04:05Z")),
            ("1/2/2023 3:04 PM", Some("2023-01-02T15:04:00Z")),
            ("2023-01-02 12:04 am", Some("2023-01-02T00:04:00Z")),
            ("Jan 2, 2023", Some("2023-01-02T12:34:56Z")),
            ("January 2 2023 15:04:05", Some("2023-01-02T15:04:05Z")),
            ("2 Jan 2023", Some("2023-01-02T12:34:56Z")),
            ("2023-Feb-03", Some("2023-02-03T12:34:56Z")),
            ("2023-01-02T03:04:05", Some("2023-01-02T03:04:05Z")),
            ("Mon, 02 Jan 2023 03:04:05 +0200", Some("2023-01-02T01:04:05Z")),
            ("16725744", None),
            ("13/32/2023", None),
            ("yesterday", None),
            ("Jan 2", None),
            ("2023-01-02 25:00", None),
            ("", None),
        ] {
            assert_eq!(parse(text, now), expected.map(|expected| expected.parse().unwrap()), "{text}");
        }
    }
}
