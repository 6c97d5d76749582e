//! The person that an event belongs to, and that person's properties.
//!
//! Persons are found by distinct_id. `$identify` and `$create_alias` give a person a further distinct_id, and merge two
//! persons when both ids are known. `$set`, `$set_once` and `$unset` change the properties. An event's filters and
//! templates see the person right after the event was applied.
//!
//! Simplified: PostHog also sets `$initial_*` and `$geoip_*` properties. posthog-local does not.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::event::CapturedEvent;

/// The most persons. Beyond it, the person whose last event is the oldest is evicted.
const PERSONS_MAX: usize = 10_000;
/// The most distinct_ids, of all persons together.
const DISTINCT_IDS_MAX: usize = 40_000;
/// The most bytes of JSON that the properties of all persons may take together.
const PROPERTIES_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Ids that unrelated people share because of a bug in the sending app. PostHog never merges persons by them.
const ILLEGAL_IDS: [&str; 21] = [
    "0",
    "00000000-0000-0000-0000-000000000000",
    "[object object]",
    "anonymous",
    "anonymous-user",
    "backend",
    "distinct_id",
    "distinctid",
    "email",
    "false",
    "guest",
    "id",
    "nan",
    "none",
    "not_authenticated",
    "null",
    "system",
    "true",
    "undefined",
    "user",
    "",
];

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
                persons.merge(id, first, Some(other), true);
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

    /// Applies an event to its person, and returns the person as the event sees them.
    pub fn apply(&mut self, event: &CapturedEvent) -> Person {
        self.events += 1;
        if event.properties.get("$process_person_profile") == Some(&Value::Bool(false)) {
            let known = self.by_distinct_id.get(&event.distinct_id).copied();
            return Person { id: known.unwrap_or_else(|| id_of(&event.distinct_id)), properties: Arc::default() };
        }

        let id = self.find_or_create(&event.distinct_id);
        let text = |key| event.properties.get(key).and_then(Value::as_str);
        match event.event.as_str() {
            "$identify" => self.identify(id, &event.distinct_id, text("$anon_distinct_id")),
            "$create_alias" => self.merge(id, &event.distinct_id, text("alias"), false),
            "$merge_dangerously" => self.merge(id, &event.distinct_id, text("alias"), true),
            _ => {}
        }
        self.set(id, &event.properties);
        self.evict_oldest(id);
        let record = &self.records[&id];
        Person { id, properties: Arc::clone(&record.properties) }
    }

    fn find_or_create(&mut self, distinct_id: &str) -> Uuid {
        let last_seen = self.events;
        if let Some(&id) = self.by_distinct_id.get(distinct_id) {
            if let Some(record) = self.records.get_mut(&id) {
                self.by_last_seen.remove(&record.last_seen);
                record.last_seen = last_seen;
            }
            self.by_last_seen.insert(last_seen, id);
            return id;
        }
        let mut id = id_of(distinct_id);
        // The derived id may be taken: its person may have moved to another distinct_id by a merge.
        while self.records.contains_key(&id) {
            id = Uuid::now_v7();
        }
        let distinct_ids = vec![distinct_id.to_owned()];
        let record = Record { id, properties: Arc::default(), bytes: 2, distinct_ids, is_identified: false, last_seen };
        self.properties_bytes += record.bytes;
        self.records.insert(id, record);
        self.by_distinct_id.insert(distinct_id.to_owned(), id);
        self.by_last_seen.insert(last_seen, id);
        id
    }

    fn identify(&mut self, id: Uuid, distinct_id: &str, anonymous: Option<&str>) {
        self.merge(id, distinct_id, anonymous, false);
        if let Some(record) = self.records.get_mut(&id) {
            record.is_identified = true;
        }
    }

    /// Gives the person `id` the distinct_id `other`, and merges in the person who had it. A person who is identified
    /// already is only merged when the merge is forced (`$merge_dangerously`).
    fn merge(&mut self, id: Uuid, distinct_id: &str, other: Option<&str>, is_forced: bool) {
        let Some(other) = other.filter(|other| *other != distinct_id && !is_illegal(other) && !is_illegal(distinct_id))
        else {
            return;
        };
        match self.by_distinct_id.get(other).copied() {
            Some(other_id) if other_id == id => {}
            Some(other_id) => {
                if self.records[&other_id].is_identified && !is_forced {
                    return;
                }
                self.take_over(id, other_id);
            }
            None => {
                self.by_distinct_id.insert(other.to_owned(), id);
                if let Some(record) = self.records.get_mut(&id) {
                    record.distinct_ids.push(other.to_owned());
                }
            }
        }
        if let Some(record) = self.records.get_mut(&id) {
            record.is_identified = true;
        }
    }

    fn take_over(&mut self, id: Uuid, other_id: Uuid) {
        let Some(mut other) = self.remove(other_id) else { return };
        for distinct_id in &other.distinct_ids {
            self.by_distinct_id.insert(distinct_id.clone(), id);
        }
        if let Some(record) = self.records.get_mut(&id) {
            record.distinct_ids.append(&mut other.distinct_ids);
        }
        self.change(id, |properties| {
            for (key, value) in other.properties.iter() {
                properties.entry(key).or_insert_with(|| value.clone());
            }
        });
    }

    fn set(&mut self, id: Uuid, event: &Map<String, Value>) {
        let object = |key| event.get(key).and_then(Value::as_object).filter(|object| !object.is_empty());
        let unset = event.get("$unset").and_then(Value::as_array);
        let (set, set_once) = (object("$set"), object("$set_once"));
        if set.is_none() && set_once.is_none() && unset.is_none() {
            return;
        }
        self.change(id, |properties| {
            for (key, value) in set_once.into_iter().flatten() {
                properties.entry(key).or_insert_with(|| value.clone());
            }
            for (key, value) in set.into_iter().flatten() {
                properties.insert(key.clone(), value.clone());
            }
            for key in unset.into_iter().flatten().filter_map(Value::as_str) {
                properties.shift_remove(key);
            }
        });
    }

    fn change(&mut self, id: Uuid, change: impl FnOnce(&mut Map<String, Value>)) {
        let Some(record) = self.records.get_mut(&id) else { return };
        change(Arc::make_mut(&mut record.properties));
        let bytes = serde_json::to_string(&*record.properties).map_or(0, |json| json.len());
        self.properties_bytes = self.properties_bytes - record.bytes + bytes;
        record.bytes = bytes;
    }

    /// Evicts persons until all limits hold, but never `except`, whose event is being handled.
    fn evict_oldest(&mut self, except: Uuid) {
        while self.records.len() > PERSONS_MAX
            || self.by_distinct_id.len() > DISTINCT_IDS_MAX
            || self.properties_bytes > PROPERTIES_BYTES_MAX
        {
            let Some(oldest) = self.by_last_seen.values().find(|id| **id != except).copied() else { return };
            for distinct_id in self.remove(oldest).map(|record| record.distinct_ids).unwrap_or_default() {
                self.by_distinct_id.remove(&distinct_id);
            }
        }
    }

    /// Removes a record. The caller must move or remove its distinct_ids.
    fn remove(&mut self, id: Uuid) -> Option<Record> {
        let record = self.records.remove(&id)?;
        self.by_last_seen.remove(&record.last_seen);
        self.properties_bytes -= record.bytes;
        debug_assert_eq!(record.id, id);
        Some(record)
    }
}

/// A person's first id. PostHog derives it from the first distinct_id too, so that an event without a person profile
/// has one.
fn id_of(distinct_id: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, distinct_id.as_bytes())
}

fn is_illegal(distinct_id: &str) -> bool {
    ILLEGAL_IDS.contains(&distinct_id.trim().to_lowercase().as_str())
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
        CapturedEvent { uuid: Uuid::nil(), event, distinct_id, properties, timestamp: now, captured_at: now }
    }

    fn known(persons: &mut Persons, distinct_id: &str) -> Value {
        json!(*persons.apply(&event("look", distinct_id, json!({}))).properties)
    }

    #[test]
    fn set_overwrites_set_once_does_not_and_unset_removes() {
        let mut persons = Persons::default();
        persons.apply(&event("e", "a", json!({"$set": {"x": 1}, "$set_once": {"x": 2, "y": 3}})));
        assert_eq!(known(&mut persons, "a"), json!({"x": 1, "y": 3}));
        persons.apply(&event("e", "a", json!({"$set": {"x": 4}, "$set_once": {"y": 5}, "$unset": ["y"]})));
        assert_eq!(known(&mut persons, "a"), json!({"x": 4}));
    }

    #[test]
    fn an_event_keeps_the_state_it_saw() {
        let mut persons = Persons::default();
        let before = persons.apply(&event("e", "a", json!({"$set": {"plan": "free"}})));
        persons.apply(&event("e", "a", json!({"$set": {"plan": "paid"}})));
        assert_eq!(json!(*before.properties), json!({"plan": "free"}));
    }

    #[test]
    fn identify_merges_the_anonymous_person_and_the_identified_one_wins() {
        let mut persons = Persons::default();
        persons.apply(&event("e", "anon", json!({"$set": {"color": "red", "plan": "free"}})));
        persons.apply(&event("e", "jane", json!({"$set": {"plan": "paid"}})));
        persons.apply(&event("$identify", "jane", json!({"$anon_distinct_id": "anon", "$set": {"email": "j@x.test"}})));
        let expected = json!({"plan": "paid", "color": "red", "email": "j@x.test"});
        assert_eq!(known(&mut persons, "jane"), expected);
        assert_eq!(known(&mut persons, "anon"), expected);
        assert_eq!(persons.records.len(), 1);
    }

    #[test]
    fn an_identified_person_is_not_taken_over_unless_forced() {
        let mut persons = Persons::default();
        persons.apply(&event("$identify", "jane", json!({"$set": {"name": "Jane"}})));
        persons.apply(&event("$identify", "john", json!({"$anon_distinct_id": "jane"})));
        persons.apply(&event("$create_alias", "john", json!({"alias": "jane"})));
        assert_eq!(known(&mut persons, "john"), json!({}));
        persons.apply(&event("$merge_dangerously", "john", json!({"alias": "jane"})));
        assert_eq!(known(&mut persons, "john"), json!({"name": "Jane"}));
    }

    #[test]
    fn persons_come_back_from_a_file_as_they_were() {
        let mut persons = Persons::default();
        persons.apply(&event("e", "anon", json!({"$set": {"color": "red"}})));
        persons.apply(&event("$identify", "jane", json!({"$anon_distinct_id": "anon", "$set": {"name": "Jane"}})));
        persons.apply(&event("e", "other", json!({})));
        let states = persons.states();
        assert_eq!(states[0].distinct_ids, ["jane", "anon"]);
        let mut again = Persons::seeded(&states);
        assert_eq!(again.states(), states);
        assert_eq!(known(&mut again, "anon"), json!({"color": "red", "name": "Jane"}));
    }

    #[test]
    fn nobody_is_merged_by_an_id_that_many_share() {
        let mut persons = Persons::default();
        persons.apply(&event("e", "Anonymous", json!({"$set": {"x": 1}})));
        persons.apply(&event("$identify", "jane", json!({"$anon_distinct_id": "Anonymous"})));
        assert_eq!(known(&mut persons, "jane"), json!({}));
    }

    #[test]
    fn a_personless_event_leaves_no_person() {
        let mut persons = Persons::default();
        let personless = json!({"$process_person_profile": false, "$set": {"x": 1}});
        let person = persons.apply(&event("e", "a", personless.clone()));
        assert_eq!((person.id, person.properties.len(), persons.records.len()), (id_of("a"), 0, 0));
    }

    #[test]
    fn the_person_not_heard_of_for_longest_is_forgotten_first() {
        let mut persons = Persons::default();
        for n in 0..PERSONS_MAX {
            persons.apply(&event("e", &n.to_string(), json!({"$set": {"n": n}})));
        }
        persons.apply(&event("e", "0", json!({})));
        persons.apply(&event("e", "one more", json!({})));
        assert_eq!(persons.records.len(), PERSONS_MAX);
        assert_eq!(known(&mut persons, "0"), json!({"n": 0}));
        assert_eq!(persons.by_distinct_id.get("1"), None);
        assert_eq!(persons.by_last_seen.len(), persons.records.len());
    }
}
