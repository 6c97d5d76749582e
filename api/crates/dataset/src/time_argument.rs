//! Times as they are given on the command line.

use jiff::Timestamp;

/// Reads a day, which begins at midnight UTC, or a time with its offset.
///
/// # Errors
/// The accepted forms, for clap to show.
pub fn parse_time(text: &str) -> Result<Timestamp, String> {
    let midnight = format!("{text}T00:00:00Z");
    let is_day = text.len() == "2026-11-01".len();
    if is_day { &midnight } else { text }
        .parse()
        .map_err(|_| "a day as 2026-11-01 (in UTC) or a time as 2026-11-01T12:00:00Z".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_utc() {
        assert_eq!(parse_time("2026-11-01").unwrap().to_string(), "2026-11-01T00:00:00Z");
        assert_eq!(parse_time("2026-11-01T12:00:00+01:00").unwrap().to_string(), "2026-11-01T11:00:00Z");
        assert!(parse_time("yesterday").is_err() && parse_time("2026-13-01").is_err());
    }
}
