//! What a user name looks like, and which names are nobody's.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

use crate::secrets::is_public_id;

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

/// Whether a name belongs to no person: it is one of the list, or the name of a model or the id of a request.
pub(super) fn is_nobody(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    NOBODY_IN_ORDER.binary_search(&lower.as_str()).is_ok()
        || lower.starts_with("user_name")
        || is_nobody_in_base_64(&lower, name)
        || is_public_id(name.as_bytes())
}

/// Whether a name is one of the list in base 64, as a Secret of Kubernetes has it: `YWRtaW4=` is `admin`.
fn is_nobody_in_base_64(lower: &str, name: &str) -> bool {
    const LENGTHS: std::ops::RangeInclusive<usize> = 6..=12;
    LENGTHS.contains(&name.len())
        && lower != name
        && STANDARD_NO_PAD
            .decode(name)
            .ok()
            .and_then(|decoded| String::from_utf8(decoded).ok())
            .is_some_and(|decoded| NOBODY_IN_ORDER.binary_search(&decoded.as_str()).is_ok())
}

/// Whether a name is one of those that tests and manuals write: `test_user`, `demo-app`.
pub(super) fn is_made_up(name: &str) -> bool {
    const BEGINNINGS: [&str; 8] = ["test", "demo", "example", "dummy", "sample", "your", "fake", "mock"];
    BEGINNINGS
        .iter()
        .filter_map(|beginning| name.strip_prefix(beginning))
        .any(|rest| rest.starts_with("user") || !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// The length of the name that `bytes` begin with, 0 if it is not ASCII.
pub(super) fn name_length(bytes: &[u8]) -> usize {
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
