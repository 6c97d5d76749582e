//! Ids by which nobody is merged, and the id that a person begins with.

use uuid::Uuid;

/// Ids that unrelated people share because of a bug in the sending app. PostHog never merges persons by them, in any
/// case of their letters and with or without quotes (`isDistinctIdIllegal` in `person-merge-service.ts`).
const ILLEGAL_IDS: [&str; 10] = [
    "anonymous",
    "guest",
    "distinctid",
    "distinct_id",
    "id",
    "not_authenticated",
    "email",
    "undefined",
    "true",
    "false",
];
/// Ids that are illegal in these letters alone: `NaN` is, and `nan` is not.
const ILLEGAL_IDS_AS_WRITTEN: [&str; 7] = ["[object Object]", "NaN", "None", "none", "null", "0", "undefined"];

/// Whether PostHog merges nobody by this id.
pub(super) fn is_illegal(distinct_id: &str) -> bool {
    let unquoted = ['\'', '"']
        .iter()
        .find_map(|quote| distinct_id.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(distinct_id);
    distinct_id.trim().is_empty()
        || ILLEGAL_IDS.contains(&unquoted.to_lowercase().as_str())
        || ILLEGAL_IDS_AS_WRITTEN.contains(&unquoted)
}

/// A person's first id. PostHog derives it from the first distinct_id too, so that an event without a person profile
/// has one.
pub(super) fn id_of(distinct_id: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, distinct_id.as_bytes())
}
