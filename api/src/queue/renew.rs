//! An entry that an older sanitizer redacted, as today's rules would have: the writer's files are of one version each.

use anyhow::Context;
use journal::{Generation, GenerationRow, Record, Sanitizer, TrainingRecord, quarantine};

use crate::writer::entry::{Entry, Lines};

/// The entry under today's rules. Its owner is known by the old ids and by the new one.
///
/// # Errors
/// When a line is none that misfire writes.
pub(super) fn renewed(entry: Entry, sanitizer: &Sanitizer) -> anyhow::Result<Entry> {
    let Entry { mut whose, lines } = entry;
    let lines = match lines {
        Lines::Event { line, row } => {
            let line = line.map(|line| {
                let record = Record::parse(trimmed(&line)).context("the line")?;
                let today = TrainingRecord::resanitized(&record, sanitizer).context("the line")?;
                if let Some(today) = &today {
                    add(&mut whose.ids, today.distinct_id());
                }
                anyhow::Ok(today.map_or_else(|| line.clone(), |today| today.to_line()))
            });
            let row = row.map(|row| {
                let generation = Generation::parse(trimmed(&row)).context("the row")?;
                let today = GenerationRow::resanitized(&generation, sanitizer).context("the row")?;
                if let Some(today) = &today {
                    add(&mut whose.ids, &today.row.values().distinct_id);
                }
                anyhow::Ok(today.map_or_else(|| row.clone(), |today| today.row.to_line()))
            });
            Lines::Event { line: line.transpose()?, row: row.transpose()? }
        }
        Lines::Rejection(line) => {
            let today = quarantine::resanitized(trimmed(&line), sanitizer).context("the rejection")?;
            Lines::Rejection(today.unwrap_or(line))
        }
    };
    Ok(Entry { whose, lines })
}

fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").unwrap_or(line)
}

fn add(ids: &mut Vec<String>, id: &str) {
    if ids.iter().all(|known| known != id) {
        ids.push(id.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use misfire_sanitizer::{Policy, PseudonymKey};
    use uuid::Uuid;

    use super::*;
    use crate::writer::entry::Whose;

    #[test]
    fn a_line_that_todays_rules_change_is_changed_and_another_stays_byte_by_byte() {
        let key = PseudonymKey::new(*b"0123456789abcdef").unwrap();
        let sanitizer = Sanitizer::new(key.into(), Arc::new(Policy::default()));
        let line = |prompt: &str| {
            let uuid = "0193acb2-7d10-7b3e-9a55-000000000001";
            format!(
                "{{\"timestamp\":\"2025-11-30T16:38:21.968Z\",\"event\":\"generation_failed\",\"failure_reason\":\"timeout\",\
                 \"input_prompt\":\"{prompt}\",\"distinct_id\":\"user_1007\",\"uuid\":\"{uuid}\"}}\n"
            )
        };
        let entry = |prompt: &str| Entry {
            whose: Whose {
                ids: vec!["user_1007".into()],
                time: "2025-11-30T16:38:21.968Z".parse().unwrap(),
                uuid: Uuid::from_u128(1),
                about: None,
            },
            lines: Lines::Event { line: Some(line(prompt).into_bytes()), row: None },
        };
        let Lines::Event { line: Some(today), row: None } =
            renewed(entry("write to jane@example.com"), &sanitizer).unwrap().lines
        else {
            panic!()
        };
        let today = String::from_utf8(today).unwrap();
        assert!(today.contains("write to [EMAIL_1]") && today.ends_with("}\n"), "{today}");
        assert_eq!(renewed(entry("say hello"), &sanitizer).unwrap(), entry("say hello"));
        let foreign = Entry { lines: Lines::Rejection(b"{}\n".to_vec()), ..entry("") };
        assert!(renewed(foreign, &sanitizer).is_err());
    }
}
