//! Times as they stand in a line: `2025-11-30T16:38:21.968Z`. Text in this form sorts by time.

use std::ops::RangeInclusive;

use jiff::{Timestamp, fmt::temporal::DateTimePrinter, tz::TimeZone};

/// The years that every reader can hold: pandas counts nanoseconds in 64 bits, which end in 2262.
pub const YEARS: RangeInclusive<i16> = 1970..=2261;

/// UTC with exactly three decimals and `Z`: pandas fails on mixed offsets, Hugging Face datasets on mixed precision.
pub fn format_time(time: Timestamp) -> String {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    PRINTER.timestamp_to_string(&time)
}

/// Whether every reader can hold the time, by its year in UTC ([`YEARS`]).
pub fn is_readable(time: Timestamp) -> bool {
    YEARS.contains(&TimeZone::UTC.to_datetime(time).year())
}

/// Whether `text` is a time as [`format_time`] writes it, of a day that exists in one of the [`YEARS`]. It reads the
/// digits instead of parsing, for it is asked of every line.
pub fn is_line_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Ok(bytes) = <&[u8; 24]>::try_from(bytes) else { return false };
    let is_shaped = bytes.iter().zip(b"0000-00-00T00:00:00.000Z").all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        fixed => byte == fixed,
    });
    let number = |from: usize, length: usize| {
        bytes[from..from + length].iter().fold(0_u32, |number, digit| number * 10 + u32::from(digit.wrapping_sub(b'0')))
    };
    is_shaped && {
        let (year, month, day) = (number(0, 4), number(5, 2), number(8, 2));
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        YEARS.contains(&(year as i16))
            && (1..=days).contains(&day)
            && number(11, 2) < 24
            && number(14, 2) < 60
            && number(17, 2) < 60
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lines_form_and_days_that_exist() {
        for good in [
            "2025-11-30T16:38:21.968Z",
            "2024-02-29T00:00:00.000Z",
            "2000-02-29T23:59:59.999Z",
            "1970-01-01T00:00:00.000Z",
            "2261-12-31T23:59:59.999Z",
        ] {
            assert!(is_line_time(good), "{good}");
        }
        for bad in [
            "",
            "2025-11-30T16:38:21Z",
            "2025-11-30T16:38:21.968+00:00",
            "2025-11-30 16:38:21.968Z",
            "2025-02-29T00:00:00.000Z",
            "1900-02-29T00:00:00.000Z",
            "1969-12-31T23:59:59.999Z",
            "2262-01-01T00:00:00.000Z",
            "9999-12-31T00:00:00.000Z",
            "2025-13-01T00:00:00.000Z",
            "2025-00-01T00:00:00.000Z",
            "2025-04-31T00:00:00.000Z",
            "2025-11-30T24:00:00.000Z",
            "2025-11-30T16:60:00.000Z",
            "2025-11-30T16:38:60.000Z",
            "2025-11-3aT16:38:21.968Z",
            "２025-11-30T16:38:21.9Z",
        ] {
            assert!(!is_line_time(bad), "{bad}");
        }
    }

    #[test]
    fn times_have_three_decimals_whatever_came() {
        for (given, written) in [
            ("2026-03-02T10:15:30Z", "2026-03-02T10:15:30.000Z"),
            ("2026-03-02T10:15:30.123456789Z", "2026-03-02T10:15:30.123Z"),
            ("2026-03-02T10:15:30.9999+02:00", "2026-03-02T08:15:30.999Z"),
        ] {
            assert_eq!(format_time(given.parse().unwrap()), written);
        }
    }

    #[test]
    fn it_agrees_with_the_calendar() {
        let mut day: jiff::civil::Date = "1970-01-01".parse().unwrap();
        for _ in 0..100_000 {
            assert!(is_line_time(&format!("{day}T00:00:00.000Z")), "{day}");
            if day.day() == day.days_in_month() {
                assert!(!is_line_time(&format!("{}-{:02}T00:00:00.000Z", &day.to_string()[..7], day.day() + 1)));
            }
            day = day.tomorrow().unwrap();
        }
    }
}
