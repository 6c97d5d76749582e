//! The person that an event belongs to, and that person's properties.
//!
//! Persons are found by distinct_id. `$identify` and `$create_alias` give a person a further distinct_id, and merge two
//! persons when both ids are known. `$set`, `$set_once` and `$unset` change the properties. An event's filters and
//! templates see the person right after the event was applied.
//!
//! Simplified: PostHog also sets `$initial_*` and `$geoip_*` properties. posthog-local does not.

mod ids;
mod limits;
mod merge;
mod properties;
mod refused;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use self::ids::id_of;
use crate::{event::CapturedEvent, js, json::excerpt, warning::Warning};

/// The most persons. Beyond it, the person whose last event is the oldest is evicted.
const PERSONS_MAX: usize = 10_000;
/// The most distinct_ids, of all persons together.
const DISTINCT_IDS_MAX: usize = 40_000;
/// The most bytes of JSON that the properties of all persons may take together.
const PROPERTIES_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How much of a value a warning shows, in characters.
const SHOWN_CHARS_MAX: usize = 80;

/// Events that only work on persons. Without a person profile PostHog drops them.
const PERSON_EVENTS: [&str; 4] = ["$identify", "$create_alias", "$merge_dangerously", "$groupidentify"];
/// Events that leave the person's properties alone (`NO_PERSON_UPDATE_EVENTS`).
const NO_UPDATE_EVENTS: [&str; 2] = ["$exception", "$$heatmap"];

/// A person as an event sees them.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The person's own id. It is none of their distinct_ids.
    pub id: Uuid,
    /// The person's properties.
    pub properties: Arc<Map<String, Value>>,
}

#[derive(Debug)]
struct Record {
    id: Uuid,
    properties: Arc<Map<String, Value>>,
    bytes: usize,
    distinct_ids: Vec<String>,
    is_identified: bool,
    last_seen: u64,
}

/// A person in a file: in an export, or in the seed of `project.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonState {
    /// All ids of the person; the first one is the one of their first event.
    pub distinct_ids: Vec<String>,
    /// The person's properties.
    #[serde(default)]
    pub properties: Map<String, Value>,
    /// Whether the person was identified. An identified person is not merged into another one.
    #[serde(default)]
    pub is_identified: bool,
}

/// All persons. Time is counted in events, so that eviction does not depend on a clock.
#[derive(Debug, Default)]
pub struct Persons {
    records: HashMap<Uuid, Record>,
    by_distinct_id: HashMap<String, Uuid>,
    by_last_seen: BTreeMap<u64, Uuid>,
    properties_bytes: usize,
    events: u64,
}

impl Persons {
    /// The persons of a file. A person without a distinct_id is skipped.
    pub fn seeded(people: &[PersonState]) -> Self {
        let mut persons = Self::default();
        for person in people {
            persons.events += 1;
            let Some((first, others)) = person.distinct_ids.split_first() else { continue };
            let id = persons.find_or_create(first);
            for other in others.iter().filter(|other| !persons.by_distinct_id.contains_key(*other)).collect::<Vec<_>>()
            {
                persons.give(id, other);
            }
            persons.change(id, |properties| *properties = person.properties.clone());
            if let Some(record) = persons.records.get_mut(&id) {
                record.is_identified = person.is_identified;
            }
            persons.evict_oldest(id);
        }
        persons
    }

    /// All persons, in the order of their last events, oldest first.
    pub fn states(&self) -> Vec<PersonState> {
        let records = self.by_last_seen.values().filter_map(|id| self.records.get(id));
        let state = |record: &Record| PersonState {
            distinct_ids: record.distinct_ids.clone(),
            properties: (*record.properties).clone(),
            is_identified: record.is_identified,
        };
        records.map(state).collect()
    }

    /// All persons with their distinct_ids, in the order of their last events, oldest first.
    pub fn all(&self) -> impl Iterator<Item = (Person, &[String])> {
        let records = self.by_last_seen.values().filter_map(|id| self.records.get(id));
        records.map(|record| {
            (Person { id: record.id, properties: Arc::clone(&record.properties) }, record.distinct_ids.as_slice())
        })
    }

    /// Applies an event to its person, and returns the person as the event sees them. It takes out of the event what
    /// does not belong there without a person profile, and drops events that need one.
    pub fn apply(&mut self, event: &mut CapturedEvent) -> Person {
        self.events += 1;
        match event.properties.get("$process_person_profile") {
            Some(Value::Bool(false)) => return self.without_profile(event),
            None | Some(Value::Bool(true)) => {}
            Some(other) => event.warnings.push(Warning::new(
                "invalid_process_person_profile",
                format!("$process_person_profile is {other}, which is no boolean; it counts as true"),
                json!({ "eventUuid": event.uuid, "event": event.event, "distinctId": event.distinct_id, "$process_person_profile": other }),
            )),
        }
        let (source, is_forced) = match event.event.as_str() {
            "$identify" => (event.properties.get("$anon_distinct_id"), false),
            // JavaScript's truth: neither an empty text nor 0.
            name @ ("$create_alias" | "$merge_dangerously") => {
                (event.properties.get("alias").filter(|alias| is_truthy(alias)), name == "$merge_dangerously")
            }
            _ => (None, false),
        };
        let merged = source.map(js::text).map(|other| self.merge(&event.distinct_id, &other, is_forced));
        if let Some(Err(refused)) = merged {
            event.warnings.push(refused.warning(event));
        }
        let id = self.find_or_create(&event.distinct_id);
        if !NO_UPDATE_EVENTS.contains(&event.event.as_str()) {
            let ignored: Vec<_> = ["$set", "$set_once"].iter().filter_map(|key| not_an_object(event, key)).collect();
            event.warnings.extend(ignored);
            self.set(id, &event.properties);
        }
        self.evict_oldest(id);
        let record = &self.records[&id];
        Person { id, properties: Arc::clone(&record.properties) }
    }

    /// An event that shall not touch persons (`normalizeProcessPerson`).
    fn without_profile(&mut self, event: &mut CapturedEvent) -> Person {
        if PERSON_EVENTS.contains(&event.event.as_str()) {
            let why = format!("{} needs a person, but $process_person_profile is false", event.event);
            event.warnings.push(Warning::new(
                "invalid_event_when_process_person_profile_is_false",
                why.clone(),
                json!({ "eventUuid": event.uuid, "event": event.event, "distinctId": event.distinct_id }),
            ));
            event.dropped = Some(why);
        }
        for key in ["$set", "$set_once", "$unset"] {
            event.properties.shift_remove(key);
        }
        self.nobody(&event.distinct_id)
    }

    /// The person of an event that no person is kept for: without properties, under the id of whoever has the distinct_id.
    pub fn nobody(&self, distinct_id: &str) -> Person {
        let known = self.by_distinct_id.get(distinct_id).copied();
        Person { id: known.unwrap_or_else(|| id_of(distinct_id)), properties: Arc::default() }
    }
}

/// A warning, if the properties of a person are none.
fn not_an_object(event: &CapturedEvent, key: &str) -> Option<Warning> {
    let value = event.properties.get(key).filter(|value| !value.is_object() && !value.is_null())?;
    let why = format!("{key} is {}, which is no object; it changes no person", excerpt(value, SHOWN_CHARS_MAX));
    Some(Warning::new("ignored_property", why, json!({ "eventUuid": event.uuid, "property": key })))
}

fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(bool) => *bool,
        Value::Number(_) => js::number(value) != 0.0,
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;

    fn event(event: &str, distinct_id: &str, properties: Value) -> CapturedEvent {
        let Value::Object(properties) = properties else { panic!("properties are an object") };
        let now = Timestamp::UNIX_EPOCH;
        let (event, distinct_id) = (event.to_owned(), distinct_id.to_owned());
        CapturedEvent {
            uuid: Uuid::nil(),
            event,
            distinct_id,
            properties,
            timestamp: now,
            captured_at: now,
            ..CapturedEvent::default()
        }
    }

    fn known(persons: &mut Persons, distinct_id: &str) -> Value {
        json!(*persons.apply(&mut event("look", distinct_id, json!({}))).properties)
    }

    #[test]
    fn set_overwrites_set_once_does_not_and_unset_removes() {
        let mut persons = Persons::default();
        persons.apply(&mut event("e", "a", json!({"$set": {"x": 1}, "$set_once": {"x": 2, "y": 3}})));
        assert_eq!(known(&mut persons, "a"), json!({"x": 1, "y": 3}));
        persons.apply(&mut event("e", "a", json!({"$set": {"x": 4}, "$set_once": {"y": 5}, "$unset": ["y"]})));
        assert_eq!(known(&mut persons, "a"), json!({"x": 4}));
    }

    #[test]
    fn an_event_keeps_the_state_it_saw() {
        let mut persons = Persons::default();
        let before = persons.apply(&mut event("e", "a", json!({"$set": {"plan": "free"}})));
        persons.apply(&mut event("e", "a", json!({"$set": {"plan": "paid"}})));
        assert_eq!(json!(*before.properties), json!({"plan": "free"}));
    }

    #[test]
    fn identify_merges_the_anonymous_person_and_the_identified_one_wins() {
        let mut persons = Persons::default();
        persons.apply(&mut event("e", "anon", json!({"$set": {"color": "red", "plan": "free"}})));
        persons.apply(&mut event("e", "jane", json!({"$set": {"plan": "paid"}})));
        persons.apply(&mut event(
            "$identify",
            "jane",
            json!({"$anon_distinct_id": "anon", "$set": {"email": "j@x.test"}}),
        ));
        let expected = json!({"plan": "paid", "color": "red", "email": "j@x.test"});
        assert_eq!(known(&mut persons, "jane"), expected);
        assert_eq!(known(&mut persons, "anon"), expected);
        assert_eq!(persons.records.len(), 1);
    }

    #[test]
    fn an_identified_person_is_not_taken_over_unless_forced() {
        let mut persons = Persons::default();
        persons.apply(&mut event("e", "john", json!({})));
        persons.apply(&mut event("$identify", "jane", json!({"$anon_distinct_id": "anon", "$set": {"name": "Jane"}})));
        for (name, key) in [("$identify", "$anon_distinct_id"), ("$create_alias", "alias")] {
            let mut refused = event(name, "john", json!({key: "jane"}));
            persons.apply(&mut refused);
            assert_eq!(refused.warnings[0].r#type, "cannot_merge_already_identified");
            assert_eq!(refused.dropped, None);
        }
        assert_eq!(known(&mut persons, "john"), json!({}));
        persons.apply(&mut event("$merge_dangerously", "john", json!({"alias": "jane"})));
        assert_eq!(known(&mut persons, "john"), json!({"name": "Jane"}));
    }

    #[test]
    fn persons_come_back_from_a_file_as_they_were() {
        let mut persons = Persons::default();
        persons.apply(&mut event("e", "anon", json!({"$set": {"color": "red"}})));
        persons.apply(&mut event("$identify", "jane", json!({"$anon_distinct_id": "anon", "$set": {"name": "Jane"}})));
        persons.apply(&mut event("e", "other", json!({})));
        let states = persons.states();
        assert_eq!(states[0].distinct_ids, ["anon", "jane"]);
        let mut again = Persons::seeded(&states);
        assert_eq!(again.states(), states);
        assert_eq!(known(&mut again, "anon"), json!({"color": "red", "name": "Jane"}));
    }

    #[test]
    fn an_identify_of_a_server_does_not_block_a_later_merge() {
        let mut persons = Persons::default();
        persons.apply(&mut event("$identify", "jane", json!({"$set": {"name": "Jane"}})));
        let mut merge = event("$identify", "new", json!({"$anon_distinct_id": "jane"}));
        persons.apply(&mut merge);
        assert_eq!(merge.warnings, []);
        assert_eq!(known(&mut persons, "new"), json!({"name": "Jane"}));
    }

    #[test]
    fn an_unknown_id_is_given_to_the_known_person_even_if_they_are_identified() {
        let mut persons = Persons::default();
        let before = persons.apply(&mut event("$identify", "jane", json!({"$anon_distinct_id": "anon"})));
        let mut alias = event("$create_alias", "brand new", json!({"alias": "jane"}));
        assert_eq!(persons.apply(&mut alias).id, before.id);
        assert_eq!(alias.warnings, []);
        assert_eq!(persons.states()[0].distinct_ids, ["jane", "anon", "brand new"]);
    }

    #[test]
    fn numbers_are_read_as_text_and_nothing_is_no_alias() {
        for (alias, is_merged) in
            [(json!(7), true), (json!("7"), true), (json!(0), false), (json!(""), false), (json!(null), false)]
        {
            let mut persons = Persons::default();
            persons.apply(&mut event("e", "7", json!({"$set": {"x": 1}})));
            persons.apply(&mut event("e", "jane", json!({})));
            persons.apply(&mut event("$create_alias", "jane", json!({"alias": alias})));
            assert_eq!(known(&mut persons, "jane") == json!({"x": 1}), is_merged, "{alias}");
        }
    }

    #[test]
    fn nobody_is_merged_by_an_id_that_many_share() {
        for (id, is_illegal) in [
            (json!("Anonymous"), true),
            (json!("'guest'"), true),
            (json!("\"NaN\""), true),
            (json!("null"), true),
            (json!(null), true),
            (json!(" "), true),
            (json!(true), true),
            (json!({}), true),
            (json!("nan"), false),
            (json!("NULL"), false),
            (json!("anonymous-7"), false),
        ] {
            let mut persons = Persons::default();
            persons.apply(&mut event("e", &js::text(&id), json!({"$set": {"x": 1}})));
            let mut merge = event("$identify", "jane", json!({"$anon_distinct_id": id}));
            persons.apply(&mut merge);
            let warned = merge.warnings.first().is_some_and(|w| w.r#type == "cannot_merge_with_illegal_distinct_id");
            assert_eq!((known(&mut persons, "jane") == json!({}), warned), (is_illegal, is_illegal), "{id}");
        }
    }

    #[test]
    fn unset_is_a_list_or_an_object_and_an_exception_changes_nobody() {
        let mut persons = Persons::default();
        persons.apply(&mut event("e", "a", json!({"$set": {"x": 1, "y": 2, "z": 3}})));
        persons.apply(&mut event("e", "a", json!({"$unset": {"x": null}})));
        persons.apply(&mut event("e", "a", json!({"$unset": ["y"]})));
        persons.apply(&mut event("$exception", "a", json!({"$set": {"z": 4}, "$unset": ["z"]})));
        assert_eq!(known(&mut persons, "a"), json!({"z": 3}));
    }

    #[test]
    fn without_a_profile_the_events_about_persons_are_dropped_and_others_lose_set() {
        let mut persons = Persons::default();
        for name in PERSON_EVENTS {
            let mut event = event(name, "a", json!({"$process_person_profile": false, "alias": "b"}));
            persons.apply(&mut event);
            assert!(event.dropped.is_some_and(|why| why.contains(name)));
            assert_eq!(event.warnings[0].r#type, "invalid_event_when_process_person_profile_is_false");
        }
        let mut event = event(
            "e",
            "a",
            json!({"$process_person_profile": false, "$set": {"x": 1}, "$set_once": {}, "$unset": [], "n": 1}),
        );
        persons.apply(&mut event);
        assert_eq!(json!(event.properties), json!({"$process_person_profile": false, "n": 1}));
        assert_eq!((event.dropped, event.warnings), (None, Vec::new()));
        assert_eq!(persons.records.len(), 0);
    }

    #[test]
    fn a_set_that_is_no_object_changes_nobody_and_is_warned_of() {
        let mut persons = Persons::default();
        let mut odd = event("e", "a", json!({"$set": "x", "$set_once": null}));
        persons.apply(&mut odd);
        assert_eq!(odd.warnings.len(), 1);
        assert_eq!(odd.warnings[0].why, "$set is \"x\", which is no object; it changes no person");
        assert_eq!(known(&mut persons, "a"), json!({}));
    }

    #[test]
    fn what_is_no_boolean_keeps_the_profile_and_is_warned_of() {
        let mut persons = Persons::default();
        let mut event = event("e", "a", json!({"$process_person_profile": "false", "$set": {"x": 1}}));
        persons.apply(&mut event);
        assert_eq!(event.warnings[0].r#type, "invalid_process_person_profile");
        assert_eq!(known(&mut persons, "a"), json!({"x": 1}));
    }

    #[test]
    fn a_personless_event_leaves_no_person() {
        let mut persons = Persons::default();
        let personless = json!({"$process_person_profile": false, "$set": {"x": 1}});
        let person = persons.apply(&mut event("e", "a", personless));
        assert_eq!((person.id, person.properties.len(), persons.records.len()), (id_of("a"), 0, 0));
    }

    #[test]
    fn the_person_not_heard_of_for_longest_is_forgotten_first() {
        let mut persons = Persons::default();
        for n in 0..PERSONS_MAX {
            persons.apply(&mut event("e", &n.to_string(), json!({"$set": {"n": n}})));
        }
        persons.apply(&mut event("e", "0", json!({})));
        persons.apply(&mut event("e", "one more", json!({})));
        assert_eq!(persons.records.len(), PERSONS_MAX);
        assert_eq!(known(&mut persons, "0"), json!({"n": 0}));
        assert_eq!(persons.by_distinct_id.get("1"), None);
        assert_eq!(persons.by_last_seen.len(), persons.records.len());
    }
}
