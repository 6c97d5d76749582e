//! Environment variables that look like settings and are none. A misspelt one would otherwise count as unset, without a word.

use std::{collections::BTreeSet, fmt};

use strsim::osa_distance;

/// What the names of our variables begin with. Whatever else begins so is meant for us, or looks as if it were.
const PREFIXES: [&str; 19] = [
    "ADMIN_",
    "ALLOW_UNAUTHENTICATED",
    "API_",
    "BODY_",
    "CONNECTIONS_",
    "EVENTS_",
    "FREE_BYTES_",
    "INSPECTOR_",
    "NATS_",
    "POSTHOG_",
    "PSEUDONYM_",
    "PULL_",
    "QUARANTINE_",
    "QUEUE_",
    "RECENT_UUIDS_",
    "ROTATE_",
    "SANITIZER_",
    "TRAINING_",
    "WEBHOOK_",
];

/// Variables with our prefixes that others read: PostHog's SDKs, its command line and its examples, and NATS's command line.
const OF_OTHERS: [&str; 16] = [
    "NATS_CONTEXT",
    "POSTHOG_API_HOST",
    "POSTHOG_API_KEY",
    "POSTHOG_API_TOKEN",
    "POSTHOG_API_URL",
    "POSTHOG_DEBUG",
    "POSTHOG_DISABLED",
    "POSTHOG_ENABLED",
    "POSTHOG_ENV_ID",
    "POSTHOG_ENVIRONMENT",
    "POSTHOG_FEATURE_FLAGS_SECURE_API_KEY",
    "POSTHOG_LOCAL_BIN",
    "POSTHOG_PROJECT_API_KEY",
    "POSTHOG_PROJECT_ID",
    "POSTHOG_PROJECT_TOKEN",
    "POSTHOG_TOKEN",
];

/// The same by how they begin: posthog-cli's.
const PREFIXES_OF_OTHERS: [&str; 1] = ["POSTHOG_CLI_"];

/// A known name is suggested when at least this part of its letters is there, in their order.
const LIKENESS_MIN: f64 = 0.6;

/// A variable that is set and has no effect.
#[derive(Debug, PartialEq, Eq)]
pub struct Unknown {
    name: String,
    nearest: Option<String>,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is set, but there is no such setting", self.name)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean {nearest}?"),
            None => Ok(()),
        }
    }
}

/// The variables that look like settings and are not among the known ones, by name. Values are not looked at, but for the addresses
/// that Kubernetes and Docker put into every container.
pub fn unknown(known: &BTreeSet<String>, set: impl Iterator<Item = (String, String)>) -> Vec<Unknown> {
    let is_unknown = |(name, value): &(String, String)| {
        !known.contains(name) && !is_of_others(name) && !is_service_address(name, value)
    };
    let mut unknown: Vec<_> = set.filter(is_unknown).filter_map(|(name, _)| judged(known, name)).collect();
    unknown.sort_by(|one, other| one.name.cmp(&other.name));
    unknown
}

fn judged(known: &BTreeSet<String>, name: String) -> Option<Unknown> {
    let upper = name.to_ascii_uppercase().replace('-', "_");
    let distance = |known: &&String| osa_distance(&upper, known);
    let nearest = known.iter().min_by_key(distance)?;
    let (distance, length) = (distance(&nearest), nearest.len());
    // Without our prefix only what is a letter or two off is meant for us: HTTP_URL is not SMTP_URL.
    let is_near_miss = length >= 8 && distance <= length / 7;
    if !is_near_miss && !PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        return None;
    }
    let is_like = 1.0 - distance as f64 / length.max(upper.len()) as f64 >= LIKENESS_MIN;
    Some(Unknown { name, nearest: is_like.then(|| nearest.clone()) })
}

fn is_of_others(name: &str) -> bool {
    OF_OTHERS.contains(&name) || PREFIXES_OF_OTHERS.iter().any(|prefix| name.starts_with(prefix))
}

/// Kubernetes sets `API_SERVICE_HOST`, `API_PORT=tcp://…` and `API_PORT_3000_TCP_ADDR` for a service named `api`; Docker's links do
/// the same.
fn is_service_address(name: &str, value: &str) -> bool {
    let has_scheme = || ["tcp://", "udp://", "sctp://"].iter().any(|scheme| value.starts_with(scheme));
    let is_of_a_port = || {
        let after = name.split_once("_PORT_").map(|(_, after)| after.trim_start_matches(|c: char| c.is_ascii_digit()));
        after.is_some_and(|rest| ["_TCP", "_UDP", "_SCTP"].iter().any(|protocol| rest.starts_with(protocol)))
    };
    name.ends_with("_SERVICE_HOST")
        || name.ends_with("_SERVICE_PORT")
        || name.contains("_SERVICE_PORT_")
        || (name.ends_with("_PORT") && has_scheme())
        || is_of_a_port()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 9] = [
        "API_ADDR",
        "EVENTS",
        "POSTHOG_APP_HOST",
        "POSTHOG_PROJECT",
        "PULL_INTERVAL_S",
        "SMTP_URL",
        "TRAINING_DATA",
        "WEBHOOK_SECRET",
        "WEBHOOK_SECRET_FILE",
    ];

    fn said(name: &str, value: &str) -> Option<String> {
        let known = KNOWN.into_iter().map(str::to_owned).collect();
        let unknown = unknown(&known, [(name.to_owned(), value.to_owned())].into_iter());
        unknown.first().map(ToString::to_string)
    }

    #[test]
    fn a_misspelt_setting_is_told_with_the_nearest_one() {
        for (name, nearest) in [
            ("WEBHOOK_SECRT", Some("WEBHOOK_SECRET")),
            ("WEBHOOK_SECRETS", Some("WEBHOOK_SECRET")),
            ("WEBHOOK_SECRETFILE", Some("WEBHOOK_SECRET_FILE")),
            ("WEBHOK_SECRET", Some("WEBHOOK_SECRET")),
            ("webhook_secret", Some("WEBHOOK_SECRET")),
            ("TRANING_DATA", Some("TRAINING_DATA")),
            ("TRAINING_DATA_FILE", Some("TRAINING_DATA")),
            ("PULL_INTERVAL", Some("PULL_INTERVAL_S")),
            ("POSTHOG_APPHOST", Some("POSTHOG_APP_HOST")),
            ("API_ADRR", Some("API_ADDR")),
            ("NATS_JETSTREAM_DOMAIN", None),
            ("SANITIZER_LANGUAGES_EXTRA", None),
        ] {
            let hint = nearest.map_or(String::new(), |nearest| format!("; did you mean {nearest}?"));
            let expected = format!("{name} is set, but there is no such setting{hint}");
            assert_eq!(said(name, "s3cr3t").as_deref(), Some(expected.as_str()));
        }
    }

    #[test]
    fn what_is_known_or_somebody_elses_is_not_told() {
        for (name, value) in [
            ("WEBHOOK_SECRET", "x"),
            ("WEBHOOK_SECRET_FILE", "x"),
            ("POSTHOG_API_KEY", "phc_x"),
            ("POSTHOG_PROJECT_API_KEY", "phc_x"),
            ("POSTHOG_PROJECT_ID", "1"),
            ("POSTHOG_CLI_TOKEN", "phx_x"),
            ("API_SERVICE_HOST", "10.0.0.1"),
            ("API_SERVICE_PORT", "3000"),
            ("API_SERVICE_PORT_HTTP", "3000"),
            ("API_PORT", "tcp://10.0.0.1:3000"),
            ("NATS_PORT_4222_TCP_ADDR", "10.0.0.1"),
            ("HTTP_URL", "x"),
            ("EVENT", "x"),
            ("PATH", "x"),
            ("DATABASE_URL", "x"),
            ("WEB_CONCURRENCY", "4"),
            ("SECRET", "x"),
        ] {
            assert_eq!(said(name, value), None, "{name}");
        }
        assert!(said("API_PORT", "3000").is_some());
    }
}
