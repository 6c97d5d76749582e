//! The page: one file without scripts that fetches nothing, for light and dark.

use std::fmt::Write;

use super::{collect::Stats, count::Count, escape::escaped, generations::GenerationStats, periods, svg, text};
use crate::numbers::{counted, percent, thousands};

const CSS: &str = include_str!("page.css");
const PERIODS_MAX: usize = 120;
const ROWS_MAX: usize = 12;

/// The page for these numbers.
pub(super) fn page(stats: &Stats) -> String {
    let (first, last) = (stats.days.keys().next(), stats.days.keys().next_back());
    let span = match (first, last) {
        (Some(first), Some(last)) => format!("{first} to {last}, "),
        _ => String::new(),
    };
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Failed generations</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n<main>\n\
         <h1>Failed generations</h1>\n<p class=\"quiet\">{span}{} in {}, {} bytes</p>\n",
        counted(stats.lines, "line"),
        counted(stats.files, "file"),
        thousands(stats.bytes)
    );
    tiles(&mut page, stats);
    page.push_str("<div class=\"charts\">\n");

    let (period, bars) = periods::bars(&stats.days, PERIODS_MAX);
    let period = period.name().trim_end_matches('s');
    let chart = svg::bars(&bars, 1_000, &format!("Failed generations by {period}"));
    section(&mut page, "wide", &format!("Failures by {period}"), &chart);

    let failures = rows(&stats.failures, stats.other_failures, stats.lines);
    section(&mut page, "", "Why they failed", &failures);
    let types = rows(&stats.placeholders.types, 0, stats.placeholders.types.iter().map(|count| count.lines).sum());
    section(&mut page, "", "Redacted, by type", &types);

    let lengths = &stats.prompt_length;
    let powers: Vec<_> =
        lengths.powers_of_two.iter().enumerate().map(|(power, prompts)| (thousands(1 << power), *prompts)).collect();
    let chart = svg::bars(&powers, 1_000, "Prompts by length");
    let percentiles = format!(
        "<p class=\"quiet\">Each bar begins at its label. Median {}, 90 % up to {}, 99 % up to {}, longest {} characters.</p>",
        thousands(lengths.median),
        thousands(lengths.p90),
        thousands(lengths.p99),
        thousands(lengths.max)
    );
    section(&mut page, "wide", "Prompts by length in characters", &(chart + &percentiles));

    if let Some(generations) = &stats.generations {
        add_generations(&mut page, generations);
    }
    let _ = write!(
        page,
        "</div>\n<footer>Made by misfire {}. Ids, numbers and paths are removed from the reasons so that like failures count \
         together; days are UTC. Near repetitions share about four fifths of their runs of three words (MinHash).</footer>\n\
         </main>\n</body>\n</html>\n",
        env!("CARGO_PKG_VERSION")
    );
    page
}

/// What `generations.jsonl` adds.
fn add_generations(page: &mut String, stats: &GenerationStats) {
    for (heading, counts) in [
        ("Failures by model", &stats.failures_by_model),
        ("Failures by provider", &stats.failures_by_provider),
        ("Failures by status", &stats.failures_by_status),
    ] {
        section(page, "", heading, &rows(counts, 0, stats.failures));
    }
    let outcomes = [
        ("failed", stats.failures),
        ("tried again within an hour", stats.retried),
        ("of those, succeeded", stats.retried_and_succeeded),
    ];
    section(page, "", "Tried again", &rows(&named(&outcomes), 0, stats.failures));
    let verdicts: Vec<_> = stats
        .verdicts
        .iter()
        .flat_map(|verdicts| {
            [("good", verdicts.good), ("bad", verdicts.bad), ("no label", verdicts.other)]
                .map(|(label, lines)| Count { name: format!("{}, {label}", verdicts.name), lines })
        })
        .filter(|count| count.lines > 0)
        .collect();
    section(page, "", "Verdicts", &rows(&verdicts, 0, verdicts.iter().map(|count| count.lines).sum()));
    let exports = named(&text::exports(stats));
    section(page, "", "Rows that an export would have today", &rows(&exports, 0, stats.rows));
}

fn named(counts: &[(&str, u64)]) -> Vec<Count> {
    counts.iter().map(|(name, lines)| Count { name: (*name).to_owned(), lines: *lines }).collect()
}

fn tiles(page: &mut String, stats: &Stats) {
    let repeated = stats.duplicates.exact + stats.duplicates.near;
    let users = &stats.users;
    let tiles = [
        (thousands(stats.lines), "failed generations".to_owned()),
        (
            thousands(users.count),
            format!("users; half have {} or fewer, most {}", thousands(users.lines_median), thousands(users.lines_max)),
        ),
        (
            format!("{} %", percent(repeated, stats.lines)),
            format!(
                "repeat a prompt: {} exactly, {} nearly",
                thousands(stats.duplicates.exact),
                thousands(stats.duplicates.near)
            ),
        ),
        (
            format!("{} %", percent(stats.placeholders.lines, stats.lines)),
            "had personal data or secrets redacted".to_owned(),
        ),
    ];
    page.push_str("<ul class=\"tiles\">\n");
    for (number, meaning) in tiles {
        let _ = writeln!(page, "<li><b>{number}</b> {meaning}</li>");
    }
    if stats.unreadable_lines > 0 {
        let _ = writeln!(page, "<li><b>{}</b> lines could not be read</li>", thousands(stats.unreadable_lines));
    }
    page.push_str("</ul>\n");
}

fn section(page: &mut String, class: &str, heading: &str, body: &str) {
    let _ = writeln!(page, "<section class=\"{class}\">\n<h2>{}</h2>\n{body}\n</section>", escaped(heading));
}

/// A table with horizontal bars; the rest is one row at the end.
fn rows(counts: &[Count], uncounted: u64, whole: u64) -> String {
    if counts.is_empty() {
        return "<p class=\"quiet\">None.</p>".into();
    }
    let others = uncounted + counts.iter().skip(ROWS_MAX).map(|count| count.lines).sum::<u64>();
    let shown = counts.iter().take(ROWS_MAX).map(|count| (count.name.as_str(), count.lines, ""));
    let others = (others > 0).then_some(("others", others, "other"));
    let rows: Vec<_> = shown.chain(others).collect();
    let most = rows.iter().map(|(_, lines, _)| *lines).max().unwrap_or(0).max(1);
    let mut table = String::from("<table>\n");
    for (name, lines, class) in rows {
        let _ = writeln!(
            table,
            "<tr class=\"{class}\"><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"number\">{} %</td>\
             <td class=\"track\"><i style=\"width:{:.1}%\"></i></td></tr>",
            escaped(name),
            thousands(lines),
            percent(lines, whole),
            lines as f64 * 100.0 / most as f64
        );
    }
    table + "</table>"
}
