//! PostHog's filters (`posthog/cdp/filters.py`): whether a destination or a workflow matches an event, and why.
//!
//! An event matches if all property conditions hold, and if one of the event entries matches or there are none.

pub mod compare;
pub mod operator;
mod property;
mod verdict;

pub use self::{property::PropertyFilter, verdict::Verdict};
use crate::{
    declaration::{DeclarationError, FiltersDeclaration, PropertyDeclaration},
    globals::Globals,
};

/// An event entry: the name of an event and conditions on its properties.
#[derive(Debug)]
pub struct EventFilter {
    /// The event's name, which must be equal; `None` matches every event.
    pub name: Option<String>,
    /// All of these must hold as well.
    pub properties: Vec<PropertyFilter>,
}

/// The filters of a destination or of a workflow.
#[derive(Debug, Default)]
pub struct Filters {
    /// One of these must match; an empty list matches every event.
    pub events: Vec<EventFilter>,
    /// All of these must hold.
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
        // The reason is most helpful for an entry with the event's own name.
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
