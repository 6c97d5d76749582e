//! The summary in the terminal.

use std::fmt::Write;

use super::{collect::Stats, count::Count, generations::GenerationStats, periods};
use crate::numbers::{counted, percent, thousands};

const BAR_CHARS: usize = 30;
const BARS_MAX: usize = 31;
const FAMILIES_SHOWN: usize = 12;
const NAME_CHARS_MAX: usize = 60;

pub(super) fn summary(stats: &Stats) -> String {
    let mut text = String::new();
    if stats.lines == 0 {
        text.push_str(&why_no_lines(stats));
        if let Some(generations) = stats.generations.as_ref().filter(|generations| generations.rows > 0) {
            add_generations(&mut text, generations);
        }
        return text;
    }
    let (first, last) = (stats.days.keys().next(), stats.days.keys().next_back());
    let span = match (first, last) {
        (Some(first), Some(last)) if first != last => format!(", {first} to {last}"),
        (Some(day), _) => format!(", {day}"),
        _ => String::new(),
    };
    let _ = writeln!(
        text,
        "{} in {}, {} bytes{span}",
        counted(stats.lines, "line"),
        counted(stats.files, "file"),
        thousands(stats.bytes)
    );
    if stats.unreadable_lines > 0 {
        let unreadable = counted(stats.unreadable_lines, "more line");
        let _ = writeln!(text, "{unreadable} cannot be read; `misfire verify` lists them");
    }
    if let Some(left_out @ 1..) = stats.lines_left_out {
        let _ = writeln!(text, "{} outside --since and --until", counted(left_out, "more line"));
    }

    let (period, bars) = periods::bars(&stats.days, BARS_MAX);
    table(&mut text, &format!("Lines by {}", period.name().trim_end_matches('s')), &bars, None);

    let mut failures: Vec<_> = shown(&stats.failures);
    let others =
        stats.other_failures + stats.failures.iter().skip(FAMILIES_SHOWN).map(|count| count.lines).sum::<u64>();
    if others > 0 {
        failures.push(("(others)".into(), others));
    }
    let families = format!("Failures, {} families", thousands(stats.failures.len() as u64));
    table(&mut text, &families, &failures, Some(stats.lines));

    let users = &stats.users;
    let _ = writeln!(
        text,
        "\nUsers: {}; lines of each: median {}, 90 % up to {}, most {}",
        thousands(users.count),
        thousands(users.lines_median),
        thousands(users.lines_p90),
        thousands(users.lines_max)
    );
    let length = &stats.prompt_length;
    let _ = writeln!(
        text,
        "Prompts, in characters: median {}, 90 % up to {}, 99 % up to {}, longest {}",
        thousands(length.median),
        thousands(length.p90),
        thousands(length.p99),
        thousands(length.max)
    );
    let duplicates = &stats.duplicates;
    let _ = writeln!(
        text,
        "Prompts that came before: {} exactly ({} %), {} more nearly ({} %)",
        thousands(duplicates.exact),
        percent(duplicates.exact, stats.lines),
        thousands(duplicates.near),
        percent(duplicates.near, stats.lines)
    );
    let placeholders = &stats.placeholders;
    let heading = format!(
        "Placeholders, in {} ({} %)",
        counted(placeholders.lines, "line"),
        percent(placeholders.lines, stats.lines)
    );
    let types: Vec<_> = placeholders.types.iter().map(|count| (count.name.clone(), count.lines)).collect();
    table(&mut text, &heading, &types, None);
    if let Some(generations) = &stats.generations {
        add_generations(&mut text, generations);
    }
    text
}

fn why_no_lines(stats: &Stats) -> String {
    match (stats.unreadable_lines, stats.lines_left_out) {
        (0, None | Some(0)) => "no lines yet\n".into(),
        (unreadable, None | Some(0)) => {
            let lines = counted(unreadable, "line");
            format!("{lines}, and none of them can be read; `misfire verify` says what is wrong\n")
        }
        (_, Some(left_out)) => format!("none of {} is between --since and --until\n", counted(left_out, "line")),
    }
}

fn add_generations(text: &mut String, stats: &GenerationStats) {
    let _ = writeln!(
        text,
        "\ngenerations.jsonl: {} in {}, {} bytes: {}, {}",
        counted(stats.rows, "row"),
        counted(stats.files, "file"),
        thousands(stats.bytes),
        counted(stats.failures, "failure"),
        format_args!("{} {}", thousands(stats.successes), if stats.successes == 1 { "success" } else { "successes" }),
    );
    if stats.without_line > 0 {
        let _ = writeln!(
            text,
            "{}: the line in training_data.jsonl is missing (a crash); the event's next delivery brings it",
            counted(stats.without_line, "row")
        );
    }
    for (heading, counts) in [
        ("Failures by model", &stats.failures_by_model),
        ("Failures by provider", &stats.failures_by_provider),
        ("Failures by status", &stats.failures_by_status),
    ] {
        if !counts.is_empty() {
            table(text, heading, &shown(counts), Some(stats.failures));
        }
    }
    let _ = writeln!(
        text,
        "\nTried again within an hour: {} ({} % of failures), of which {} succeeded ({} %)",
        thousands(stats.retried),
        percent(stats.retried, stats.failures),
        thousands(stats.retried_and_succeeded),
        percent(stats.retried_and_succeeded, stats.retried)
    );
    if !stats.verdicts.is_empty() {
        let verdicts = stats.verdicts.iter().take(FAMILIES_SHOWN).flat_map(|verdicts| {
            [("good", verdicts.good), ("bad", verdicts.bad), ("no label", verdicts.other)]
                .into_iter()
                .filter(|(_, count)| *count > 0)
                .map(|(label, count)| (format!("{}, {label}", verdicts.name), count))
        });
        table(text, "Verdicts", &verdicts.collect::<Vec<_>>(), None);
    }
    let exports: Vec<_> = exports(stats).into_iter().map(|(name, rows)| (name.to_owned(), rows)).collect();
    table(text, "Rows that an export would have today", &exports, None);
}

/// The exports that answers are needed for, with their rows.
pub(super) fn exports(stats: &GenerationStats) -> [(&'static str, u64); 4] {
    let exports = &stats.exports;
    [
        ("sft", exports.sft),
        ("dpo", exports.dpo),
        ("kto, label true", exports.kto_good),
        ("kto, label false", exports.kto_bad),
    ]
}

fn shown(counts: &[Count]) -> Vec<(String, u64)> {
    counts.iter().take(FAMILIES_SHOWN).map(|count| (count.name.clone(), count.lines)).collect()
}

/// Rows of a name, a number and a bar; with `whole`, also the part in percent.
fn table(text: &mut String, heading: &str, rows: &[(String, u64)], whole: Option<u64>) {
    let _ = writeln!(text, "\n{heading}");
    let names: Vec<_> = rows.iter().map(|(name, _)| cut(name)).collect();
    let name_chars = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let numbers: Vec<_> = rows.iter().map(|(_, number)| thousands(*number)).collect();
    let number_chars = numbers.iter().map(String::len).max().unwrap_or(0);
    let most = rows.iter().map(|(_, number)| *number).max().unwrap_or(0);
    for ((name, number), (_, value)) in names.iter().zip(&numbers).zip(rows) {
        let _ = write!(text, "  {name:name_chars$}  {number:>number_chars$}");
        if let Some(whole) = whole {
            let _ = write!(text, "  {:>5} %", percent(*value, whole));
        }
        let _ = match bar(*value, most).as_str() {
            "" => writeln!(text),
            bar => writeln!(text, "  {bar}"),
        };
    }
}

/// Bars in eighths of a block, so that small differences show.
fn bar(value: u64, most: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (u128::from(value) * (BAR_CHARS as u128 * 8)).div_ceil(u128::from(most.max(1))) as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

fn cut(name: &str) -> String {
    match name.char_indices().nth(NAME_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_is_full_and_the_shortest_is_seen() {
        assert_eq!(bar(7, 7), "█".repeat(BAR_CHARS));
        assert_eq!((bar(0, 7), bar(1, 1_000_000), bar(0, 0)), (String::new(), "▏".into(), String::new()));
    }
}
