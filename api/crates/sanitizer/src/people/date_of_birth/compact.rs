//! A date without separators: `19790214`.

/// Whether eight digits are a day of the last hundred and some years.
pub(super) fn is_compact(text: &str) -> bool {
    text.len() == 8
        && text.parse::<u32>().is_ok_and(|date| {
            (1900..=2029).contains(&(date / 10_000))
                && (1..=12).contains(&(date / 100 % 100))
                && (1..=31).contains(&(date % 100))
        })
}
