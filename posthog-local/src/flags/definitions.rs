//! The definitions of the flags, with which server SDKs evaluate them by themselves
//! (`products/feature_flags/backend/local_evaluation.py`, `MinimalFeatureFlagSerializer`).
//!
//! A fixed value is a flag of one condition that everybody fulfils. One that is off is not active.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Flag, evaluation::payload_key};
use crate::json::Object;

/// The length of an ETag, in characters.
const ETAG_CHARS: usize = 16;

/// All definitions, sorted by key, as PostHog sorts them.
pub fn definitions(flags: &[Flag]) -> Value {
    let mut flags: Vec<_> = flags.iter().collect();
    flags.sort_by_key(|flag| &flag.key);
    let flags: Vec<_> = flags.into_iter().map(definition).collect();
    json!({ "flags": flags, "group_type_mapping": {}, "cohorts": {} })
}

fn definition(flag: &Flag) -> Value {
    let value = &flag.state.value;
    let payloads: Object =
        flag.payload_text().into_iter().map(|text| (payload_key(value).to_owned(), json!(text))).collect();
    let variants = value.variant().map(|name| json!([{ "key": name, "name": "", "rollout_percentage": 100 }]));
    json!({
        "id": flag.id,
        "team_id": 1,
        "name": "",
        "key": flag.key,
        "filters": {
            "groups": [{ "variant": null, "properties": [], "rollout_percentage": 100 }],
            "payloads": payloads,
            "multivariate": variants.map(|variants| json!({ "variants": variants })),
        },
        "deleted": false,
        "active": value.is_on(),
        "ensure_experience_continuity": false,
        "has_encrypted_payloads": false,
        "version": flag.version,
        "evaluation_runtime": "all",
        "evaluation_tags": [],
    })
}

/// The ETag of an answer: weak, because of what may compress it on its way.
pub fn etag(json: &str) -> String {
    let digest = Sha256::digest(json);
    let hex: String = digest.iter().take(ETAG_CHARS / 2).map(|byte| format!("{byte:02x}")).collect();
    format!("W/\"{hex}\"")
}

/// Whether an `If-None-Match` names this ETag, be it weak or strong, with or without its quotes.
pub fn is_same(if_none_match: &str, etag: &str) -> bool {
    let bare = |etag: &str| etag.trim().trim_start_matches("W/").trim_matches('"').to_owned();
    !bare(if_none_match).is_empty() && bare(if_none_match) == bare(etag)
}
