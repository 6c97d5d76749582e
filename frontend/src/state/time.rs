//! Relative times in words.

/// How long ago `then_ms` was, both in milliseconds since 1970. A clock that was set back reads as "just now".
pub fn relative(now_ms: u64, then_ms: u64) -> String {
    let seconds = now_ms.saturating_sub(then_ms) / 1_000;
    match seconds {
        0..5 => "just now".into(),
        5..60 => format!("{seconds} s ago"),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        86_400..172_800 => "yesterday".into(),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_begins_where_the_one_before_ends() {
        let ago = |seconds: u64| relative(1_000_000_000, 1_000_000_000 - seconds * 1_000);
        assert_eq!(ago(4), "just now");
        assert_eq!(ago(5), "5 s ago");
        assert_eq!(ago(59), "59 s ago");
        assert_eq!(ago(60), "1 min ago");
        assert_eq!(ago(3_599), "59 min ago");
        assert_eq!(ago(3_600), "1 h ago");
        assert_eq!(ago(86_399), "23 h ago");
        assert_eq!(ago(86_400), "yesterday");
        assert_eq!(ago(172_800), "2 days ago");
    }

    #[test]
    fn a_time_ahead_of_the_clock_is_just_now() {
        assert_eq!(relative(1_000, 90_000), "just now");
    }
}
