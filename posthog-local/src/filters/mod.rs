//! Does a destination or a workflow want an event? PostHog's filters (`posthog/cdp/filters.py`), with the reason said.
//!
//! An event matches when all properties of the filter do, and one of its event entries does (or there is none).

pub mod compare;
pub mod operator;
mod property;
mod verdict;

pub use self::{property::PropertyFilter, verdict::Verdict};
use crate::{
    declaration::{DeclarationError, FiltersDeclaration, PropertyDeclaration},
    globals::Globals,
};

/// One of the events that are wanted.
#[derive(Debug)]
pub struct EventFilter {
    /// The event's name, compared as it is; `None` is every event.
    pub name: Option<String>,
    /// All must match as well.
    pub properties: Vec<PropertyFilter>,
}

/// What is wanted.
#[derive(Debug, Default)]
pub struct Filters {
    /// One must match; an empty list wants every event.
    pub events: Vec<EventFilter>,
    /// All must match.
    pub properties: Vec<PropertyFilter>,
}

impl Filters {
    /// Makes declared filters ready. `key` is their place in the declaration.
    ///
    /// # Errors
    /// The first key that is wrong.
    pub fn new(declared: &FiltersDeclaration, key: &str) -> Result<Self, DeclarationError> {
        let properties = |declared: &[PropertyDeclaration], key: &str| {
            let ready = |(n, declared): (usize, &PropertyDeclaration)| {
                let PropertyDeclaration { key: property, operator, value, r#type } = declared.clone();
                PropertyFilter::new(r#type.root(), property, operator, value)
                    .map_err(|problem| DeclarationError::new(format!("{key}.properties[{n}].value"), problem))
            };
            declared.iter().enumerate().map(ready).collect::<Result<Vec<_>, _>>()
        };
        let events = declared.events.iter().enumerate().map(|(n, entry)| {
            let properties = properties(&entry.properties, &format!("{key}.events[{n}]"))?;
            Ok(EventFilter { name: entry.id.clone(), properties })
        });
        Ok(Self { events: events.collect::<Result<_, _>>()?, properties: properties(&declared.properties, key)? })
    }

    /// Judges one event.
    pub fn judge(&self, globals: &Globals) -> Verdict {
        let mut reasons = Vec::new();
        for property in &self.properties {
            let verdict = property.judge(globals);
            if !verdict.matched {
                return verdict;
            }
            reasons.push(verdict.why);
        }
        let entry = self.judge_entries(globals);
        if !entry.matched {
            return entry;
        }
        reasons.insert(0, entry.why);
        Verdict { matched: true, why: reasons.join(", and ") }
    }

    fn judge_entries(&self, globals: &Globals) -> Verdict {
        if self.events.is_empty() {
            return Verdict { matched: true, why: "every event is wanted".to_owned() };
        }
        let verdicts = || self.events.iter().map(|entry| (entry, entry.judge(globals)));
        if let Some((_, matching)) = verdicts().find(|(_, verdict)| verdict.matched) {
            return matching;
        }
        // Of the entries that do not match, the one with the right name tells most.
        let name = globals.get("event")["event"].as_str().unwrap_or_default();
        let nearest = verdicts().find(|(entry, _)| entry.is_named(name));
        nearest.map(|(_, verdict)| verdict).unwrap_or_else(|| {
            let wanted: Vec<_> = self.events.iter().filter_map(|entry| entry.name.as_deref()).collect();
            Verdict { matched: false, why: format!("the event must be {}; it is {name}", wanted.join(" or ")) }
        })
    }
}

impl EventFilter {
    fn is_named(&self, name: &str) -> bool {
        self.name.as_deref().is_none_or(|wanted| wanted == name)
    }

    fn judge(&self, globals: &Globals) -> Verdict {
        let name = globals.get("event")["event"].as_str().unwrap_or_default();
        if !self.is_named(name) {
            return Verdict { matched: false, why: format!("the event is {name}") };
        }
        let mut reasons = vec![match &self.name {
            Some(name) => format!("the event is {name}"),
            None => "every event is wanted".to_owned(),
        }];
        for property in &self.properties {
            let verdict = property.judge(globals);
            if !verdict.matched {
                return verdict;
            }
            reasons.push(verdict.why);
        }
        Verdict { matched: true, why: reasons.join(", and ") }
    }
}
