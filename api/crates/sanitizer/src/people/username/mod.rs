//! Finds user names: assigned to a name, in logs, in prose, in home folders, in URLs of profiles, in handles.
//!
//! A user name is a word like any other, so each finder needs something beside it that says so. What says it for certain (a log of
//! `sshd`, a key of JSON) also holds for the rest of the text: the name is then found wherever it stands.

mod assigned;
mod handle;
mod home_folder;
mod in_log;
mod in_prose;
mod profile;

use std::{collections::BTreeSet, sync::LazyLock};

use memchr::memmem;

use crate::{
    scan::Scanned,
    secrets::is_public_id,
    span::{Kind, Span},
};

/// Names of users and of home folders that belong to no person: accounts of systems and services, and the words that code and
/// manuals write in place of a name.
const NOBODY: &str = "\
    admin administrador administrateur administrator airflow all all-users anonymous ansible any apache api app array \
    auth azureuser backup blob bool boolean bot build builder buildkite bytes cassandra celery centos char ci circleci \
    clickhouse coder codespace couchdb cron custom daemon data db debian decimal default demo deploy deployer desktop \
    dev developer docker double dword ec2-user elastic email empty enum env example f32 f64 false fedora field flask \
    float float32 float64 foo ftp gerrit git github gitlab gitlab-runner grafana guest hadoop http i16 i32 i64 i8 id \
    input int int16 int32 int64 int8 integer invalid isize jenkins jovyan kafka key kibana kubernetes ldap linuxbrew \
    local localhost login long mail master me minio mongo mongodb monitor mysql myuser myusername name named newuser \
    nginx nil nobody node none null number nvarchar object odoo ollama opc operator optional oracle owner param pass \
    passwd password pi placeholder postfix postgres postgresql primary prometheus public python rabbitmq redis \
    replication replicator required root rsync runner sa sample secret service shared slave solr some spark splunk sql \
    sshd staff steam str string su superuser svc syslog system systemd template test tester testuser text token tomcat \
    trino true type u16 u32 u64 u8 ubuntu uint uint16 uint32 uint64 uint8 undefined unknown user user1 userid username \
    username_here users usize vagrant value varchar varchar2 vault vscode web work worker workspace www www-data you \
    your your_username yourname yourusername zabbix";
static NOBODY_IN_ORDER: LazyLock<Vec<&str>> = LazyLock::new(|| NOBODY.split_whitespace().collect());

/// The most names that are looked for in the rest of the text, and the shortest. The bounds keep the time linear and common words
/// in the text.
const REPEATED_MAX: usize = 8;
const REPEATED_BYTES_MIN: usize = 5;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    home_folder::find(scanned, spans);
    profile::find(scanned, spans);
    let before = spans.len();
    assigned::find(scanned, spans);
    in_log::find(scanned, spans);
    repeated(scanned, before, spans);
    in_prose::find(scanned, spans);
    handle::find(scanned, spans);
}

/// The other places of the names that were found from `first` on.
fn repeated(scanned: &Scanned, first: usize, spans: &mut Vec<Span>) {
    let names: BTreeSet<&str> = spans[first..]
        .iter()
        .map(|span| &scanned.text[span.range.clone()])
        .filter(|name| name.len() >= REPEATED_BYTES_MIN)
        .take(REPEATED_MAX)
        .collect();
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || !byte.is_ascii();
    for name in names {
        for at in memmem::find_iter(scanned.bytes(), name.as_bytes()) {
            let range = at..at + name.len();
            if !is_part(scanned.byte_before(at)) && !is_part(scanned.byte_at(range.end)) {
                spans.push(Span { range, kind: Kind::Username, why: "a user name that the text gives elsewhere" });
            }
        }
    }
}

/// Whether a name belongs to no person: it is one of the list, or the name of a model or the id of a request.
fn is_nobody(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    NOBODY_IN_ORDER.binary_search(&lower.as_str()).is_ok()
        || lower.starts_with("user_name")
        || is_public_id(name.as_bytes())
}

/// Whether a name is one of those that tests and manuals write: `test_user`, `demo-app`.
fn is_made_up(name: &str) -> bool {
    const BEGINNINGS: [&str; 8] = ["test", "demo", "example", "dummy", "sample", "your", "fake", "mock"];
    BEGINNINGS
        .iter()
        .filter_map(|beginning| name.strip_prefix(beginning))
        .any(|rest| rest.starts_with("user") || !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// The length of the name that `bytes` begin with, 0 if it is not ASCII.
fn name_length(bytes: &[u8]) -> usize {
    let length = bytes
        .iter()
        .take(64)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') || !byte.is_ascii())
        .count();
    // A full stop after the name is not part of it. A name that is not ASCII may be cut within a character, so it does not count.
    let length = bytes[..length].iter().rposition(|byte| *byte != b'.').map_or(0, |last| last + 1);
    if bytes[..length].is_ascii() { length } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_known_in_any_case() {
        assert!(NOBODY_IN_ORDER.is_sorted(), "the words are in alphabetical order");
        assert!(is_nobody("root") && is_nobody("Administrator") && is_nobody("www-data") && !is_nobody("jwilkes"));
    }
}
