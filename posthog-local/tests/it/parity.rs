//! `PARITY.md`: what posthog-local does as PostHog does, what it does more simply, and what it does not do.
//!
//! The table is made here, of [`rows`](crate::parity_rows), and each row that claims something names the tests that prove
//! it; a name that no test has fails.

use std::{fs, path::Path};

use crate::{
    parity_rows::{ROWS, Row, State},
    parity_rows_ai::AI_ROWS,
    parity_rows_flags::FLAG_ROWS,
};

const INTRO: &str = "\
# Parity

What posthog-local does as PostHog does (same), does in a simpler way (simplified), and does not do (absent).

Made by the tests: each row that claims something names those that prove it. Do not edit; change `tests/it/parity_rows.rs`
and run `PARITY=write cargo test -p posthog-local --test it parity`.

As of 2026-11-25. \"PostHog\" is its source as publicly indexed on that day (`rust/capture`, `nodejs/src/cdp`,
`products/cdp`, `products/workflows`; several revisions, for none could be pinned as the newest), and what was measured by
running `posthog-js` 1.449.2, `posthog-node` 5.70.0, `posthog` 7.91.1 for Python, and `@posthog/hogvm` 1.0.71. Nothing was
compared with PostHog Cloud itself.
";

fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().chain(AI_ROWS).chain(FLAG_ROWS)
}

fn table() -> String {
    let count = |state| rows().filter(|row| row.state == state).count();
    let (same, simplified, absent) = (count(State::Same), count(State::Simplified), count(State::Absent));
    let mut text = format!("{INTRO}\n{same} same, {simplified} simplified, {absent} absent.\n");
    let mut area = "";
    for row in rows() {
        if row.area != area {
            area = row.area;
            text.push_str(&format!("\n## {area}\n\n| what | parity | how | proved by |\n|---|---|---|---|\n"));
        }
        let proofs: Vec<_> = row.proofs.iter().map(|(file, name)| format!("[{name}]({file})")).collect();
        let cells = [row.what, row.state.name(), row.how, &proofs.join(", ")].map(|cell| cell.replace('|', "\\|"));
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

#[test]
fn the_parity_table_is_up_to_date_and_every_proof_is_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for Row { what, state, proofs, .. } in rows() {
        assert!(*state == State::Absent || !proofs.is_empty(), "nothing proves: {what}");
        for (file, name) in *proofs {
            let source = fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            let at = source.find(&format!("fn {name}()")).unwrap_or_else(|| panic!("{file} has no test {name}"));
            let before = source[..at].trim_end().trim_end_matches("async").trim_end();
            assert!(before.ends_with("test]"), "{file}: {name} is no test");
        }
    }
    let path = root.join("PARITY.md");
    let table = table();
    if std::env::var("PARITY").is_ok_and(|value| value == "write") {
        fs::write(&path, &table).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == table,
        "PARITY.md is not what the tests say; run: PARITY=write cargo test -p posthog-local --test it parity"
    );
}
