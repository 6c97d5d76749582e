//! Text made from templates: records, sentences about persons, and prompts in which nobody is named.

use std::collections::BTreeMap;

use crate::{corpus::Labelled, names::Names, random::Random};

pub(crate) struct Templates {
    pub(crate) with_names: Vec<&'static str>,
    pub(crate) records: Vec<&'static str>,
    pub(crate) without_names: Vec<&'static str>,
    lists: BTreeMap<&'static str, Vec<&'static str>>,
}

impl Templates {
    pub(crate) fn read() -> Self {
        let lines = |text: &'static str| text.lines().filter(|line| !line.starts_with('#')).collect();
        let lists = include_str!("vocabulary/lists.txt").lines().filter_map(|line| line.split_once(": "));
        Self {
            with_names: lines(include_str!("vocabulary/with_names.txt")),
            records: lines(include_str!("vocabulary/records.txt")),
            without_names: lines(include_str!("vocabulary/without_names.txt")),
            lists: lists.map(|(slot, values)| (slot, values.split(", ").collect())).collect(),
        }
    }

    /// Fills the slots of a template. Slots for names become labelled.
    pub(crate) fn fill(&self, template: &str, names: &Names, random: &mut Random) -> Labelled {
        let mut labelled = Labelled::default();
        let mut rest = template;
        while let Some(at) = rest.find(['{', '\\']) {
            labelled.text.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("\\n") {
                labelled.text.push('\n');
                rest = after;
                continue;
            }
            if let Some(after) = rest.strip_prefix("{{") {
                labelled.text.push('{');
                rest = after;
                continue;
            }
            let Some(end) = rest.find('}') else { break };
            let slot = &rest[1..end];
            rest = &rest[end + 1..];
            let name = match slot {
                "given" => Some(names.given(random)),
                "family" => Some(names.family(random)),
                "full" => Some(names.full(random)),
                _ => None,
            };
            let start = labelled.text.len();
            match name {
                Some(name) => {
                    labelled.text.push_str(&name);
                    labelled.names.push(start..labelled.text.len());
                }
                None => labelled.text.push_str(&self.value(slot, random)),
            }
        }
        labelled.text.push_str(&rest.replace("}}", "}"));
        labelled
    }

    fn value(&self, slot: &str, random: &mut Random) -> String {
        match slot {
            "number" => (2 + random.below(90)).to_string(),
            "year" => (1900 + random.below(126)).to_string(),
            "phone" => format!("+{} {} 555 01{}", 1 + random.below(98), 100 + random.below(900), 10 + random.below(90)),
            "email" => format!("user{}@example.com", random.below(1000)),
            slot => random.pick(&self.lists[slot]).to_owned(),
        }
    }
}

/// The text in small letters, with the same names. Texts whose length changes stay as they are.
pub(crate) fn lower_cased(labelled: &Labelled) -> Labelled {
    let text = labelled.text.to_lowercase();
    let fits = text.len() == labelled.text.len()
        && labelled.names.iter().all(|name| text.is_char_boundary(name.start) && text.is_char_boundary(name.end));
    if fits { Labelled { text, names: labelled.names.clone() } } else { labelled.clone() }
}

/// The text as a title, with each word capitalised. So ordinary words become known as such.
pub(crate) fn as_title(labelled: &Labelled) -> Labelled {
    let mut text = String::with_capacity(labelled.text.len());
    let mut before = ' ';
    for c in labelled.text.chars() {
        text.push(if before == ' ' { c.to_ascii_uppercase() } else { c });
        before = c;
    }
    Labelled { text, names: labelled.names.clone() }
}
