//! Times in the line's form, read as text: they sort as they are.

/// Whether `text` is a time as `sanitize::format_time` writes it: `2025-11-30T16:38:21.968Z`. The years are those that
/// the webhook's reading lets in, which every reader can hold.
pub(super) fn is_line_time(text: &str) -> bool {
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
        (1..=days).contains(&day) && number(11, 2) < 24 && number(14, 2) < 60 && number(17, 2) < 60
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lines_form_and_days_that_exist() {
        for good in ["2025-11-30T16:38:21.968Z", "2024-02-29T00:00:00.000Z", "2000-02-29T23:59:59.999Z"] {
            assert!(is_line_time(good), "{good}");
        }
        for bad in [
            "",
            "2025-11-30T16:38:21Z",
            "2025-11-30T16:38:21.968+00:00",
            "2025-11-30 16:38:21.968Z",
            "2025-02-29T00:00:00.000Z",
            "1900-02-29T00:00:00.000Z",
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
    fn it_agrees_with_the_calendar() {
        let mut day: jiff::civil::Date = "1895-01-01".parse().unwrap();
        for _ in 0..100_000 {
            assert!(is_line_time(&format!("{day}T00:00:00.000Z")), "{day}");
            if day.day() == day.days_in_month() {
                assert!(!is_line_time(&format!("{}-{:02}T00:00:00.000Z", &day.to_string()[..7], day.day() + 1)));
            }
            day = day.tomorrow().unwrap();
        }
    }
}
