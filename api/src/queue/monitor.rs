//! Asks the servers' monitoring pages what clients are not told: whether each message is synced before it is acknowledged.

use std::time::Duration;

use anyhow::Context;
use serde::Deserialize;

use super::{
    checks::{Refusal, ServerFacts, check_server},
    settings::QueueSettings,
};

/// How long a server may take to answer.
const TIMEOUT: Duration = Duration::from_secs(3);

/// What `/varz` says (`server/monitor.go` of nats-server).
#[derive(Deserialize)]
struct Varz {
    server_name: String,
    version: String,
    max_payload: usize,
    #[serde(default)]
    jetstream: JetStream,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct JetStream {
    config: Option<Config>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Config {
    sync_always: bool,
}

/// Checks every server that is monitored; how many there were.
///
/// # Errors
/// The first [`Refusal`], and when a server does not answer.
pub(super) fn check_servers(settings: &QueueSettings, body_bytes_max: usize) -> anyhow::Result<usize> {
    let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).proxy(None);
    let agent = config.build().new_agent();
    let mut checked = 0;
    for url in settings.monitors() {
        let url = format!("{}/varz", url.trim_end_matches('/'));
        let ask = || anyhow::Ok(agent.get(&url).call()?.body_mut().read_to_string()?);
        let text = ask().with_context(|| format!("NATS_MONITOR: {url} does not answer as it should"))?;
        let server: Varz = serde_json::from_str(&text)
            .with_context(|| format!("NATS_MONITOR: {url} is not the monitoring page of a NATS server"))?;
        let facts =
            ServerFacts { name: &server.server_name, version: &server.version, max_payload: server.max_payload };
        check_server(&facts, body_bytes_max)?;
        check_sync(&server, settings.nats_allow_lazy_sync)?;
        checked += 1;
    }
    Ok(checked)
}

fn check_sync(server: &Varz, is_lazy_allowed: bool) -> Result<(), Refusal> {
    let is_synced = server.jetstream.config.as_ref().is_some_and(|config| config.sync_always);
    match is_synced || is_lazy_allowed {
        true => Ok(()),
        false => Err(Refusal::LazySync { server: server.server_name.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(config: &str) -> Varz {
        let json = format!(
            r#"{{"server_name":"n1","version":"2.15.1","max_payload":8388608,"jetstream":{{"config":{config}}},"cpu":1}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn a_server_that_acknowledges_before_it_syncs_is_refused_unless_that_is_allowed() {
        assert_eq!(check_sync(&server(r#"{"sync_always":true,"sync_interval":120}"#), false), Ok(()));
        for lazy in [r#"{"sync_interval":120000000000}"#, r#"{"sync_always":false}"#, "null"] {
            let refused = check_sync(&server(lazy), false).unwrap_err().to_string();
            assert!(refused.contains("sync_interval: always"), "{refused}");
            assert_eq!(check_sync(&server(lazy), true), Ok(()));
        }
    }
}
