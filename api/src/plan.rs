//! What `misfire serve` will do, by its settings alone: everything that can be wrong about them is found here, before a file is
//! touched or an address is taken. `misfire serve` logs it at its start, and `misfire serve --check` prints it and ends.

use std::{
    fs,
    path::{self, Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use dataset::read_policy;
use journal::{
    erasure_guard::ErasureGuard,
    file_names::misfire_folder,
    pseudonym_key::{self, PseudonymKeys},
};
use misfire_sanitizer::{Policy, PseudonymKey, SANITIZER_VERSION};
use rustix::fs::{Access, access};
use uuid::Uuid;

use crate::{
    connections::connections_max,
    events_table::EventsTable,
    posthog::Project,
    pull,
    settings::{Secrets, ServeSettings},
    webhook::Authentication,
};

/// The settings, read and found usable.
pub struct Plan {
    /// How callers authenticate.
    pub authentication: Authentication,
    /// The sanitizer's policy.
    pub policy: Policy,
    /// Which events are kept.
    pub events: EventsTable,
    /// The live data file, where it really is.
    pub live: PathBuf,
    /// What is pulled from, if anything is.
    pub(crate) project: Option<Project>,
    /// The same in words.
    lines: Vec<String>,
}

impl Plan {
    /// Reads what the settings name.
    ///
    /// # Errors
    /// When a setting cannot be used; the message names it.
    pub fn new(settings: &ServeSettings, secrets: &Secrets) -> anyhow::Result<Self> {
        let receive = &settings.receive;
        let authentication = Authentication::new(secrets)?;
        if !receive.addr.ip().is_loopback() && !authentication.is_required() && !receive.allow_unauthenticated {
            bail!(
                "API_ADDR: {} is open to others and no secret is set. Set WEBHOOK_SECRET or WEBHOOK_SIGNING_SECRET (or \
                 ALLOW_UNAUTHENTICATED=true if something else keeps strangers out)",
                receive.addr
            );
        }
        let is_same_addr = receive.admin_addr.is_some_and(|addr| addr == receive.addr && addr.port() != 0);
        ensure!(!is_same_addr, "ADMIN_ADDR and API_ADDR are both {}; give one of them another port", receive.addr);
        let policy = read_policy(settings.ingest.policy.as_deref())?;
        let events = EventsTable::read(settings.ingest.events.as_deref())?;
        let live = settings.writer.data.live()?;
        let project = pull::project_of(&settings.ingest.pull, secrets)?;
        let lines = lines(settings, secrets, &live, &events, project.as_ref());
        Ok(Self { authentication, policy, events, live, project, lines })
    }

    /// What will be done, in a few lines.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// What only a start would find out, as far as it can be seen without the lock: the key of the pseudonyms, the folder, the limit on
    /// open files.
    ///
    /// # Errors
    /// When the API would not start.
    pub fn check_surroundings(&self, settings: &ServeSettings, secrets: &Secrets) -> anyhow::Result<()> {
        connections_max(settings.receive.connections_max)?;
        if settings.queue.is_set() {
            // The files are the writer's. Whether the cluster answers, only a start tells.
            return pseudonym_key::given(&secrets.pseudonym_keys()).map(drop).context(NEEDS_KEY);
        }
        let folder = misfire_folder(&self.live);
        let keys = keys(&folder, secrets)?;
        ErasureGuard::open(&folder, &keys).context(".misfire/forgotten")?.check_keys()?;
        check_writable(&folder)
    }
}

/// Why a node of a cluster does not start without a key.
pub(crate) const NEEDS_KEY: &str = "NATS_URL is set, so every node and the writer need the same PSEUDONYM_KEY";

/// The keys of the pseudonyms; where the first start would make one, any.
fn keys(misfire_folder: &Path, secrets: &Secrets) -> anyhow::Result<PseudonymKeys> {
    let given = secrets.pseudonym_keys();
    if given.is_empty() && !pseudonym_key::is_stored(misfire_folder)? {
        return Ok(PseudonymKey::new(Uuid::new_v4().as_bytes().to_vec()).context("a uuid has 16 bytes")?.into());
    }
    pseudonym_key::read(misfire_folder, &given)
}

/// Whether the folder, or the first one above it that is there, can be written.
fn check_writable(folder: &Path) -> anyhow::Result<()> {
    let folder = path::absolute(folder)?;
    let there = folder.ancestors().find(|folder| fs::symlink_metadata(folder).is_ok()).unwrap_or(&folder);
    access(there, Access::WRITE_OK | Access::EXEC_OK)
        .with_context(|| format!("TRAINING_DATA: {} cannot be written", there.display()))
}

fn lines(
    settings: &ServeSettings,
    secrets: &Secrets,
    live: &Path,
    events: &EventsTable,
    project: Option<&Project>,
) -> Vec<String> {
    let live = path::absolute(live).unwrap_or_else(|_| live.to_owned());
    let from = |file: &Option<PathBuf>| file.as_ref().map(|file| file.display().to_string());
    let policy = from(&settings.ingest.policy).map_or("the built-in rules".into(), |file| format!("the policy {file}"));
    let table = from(&settings.ingest.events).unwrap_or_else(|| "built in".into());
    let names = events.names().join(", ");
    let pull = match project {
        Some(_) if settings.queue.is_set() => {
            "nothing is pulled by this node: in a cluster `misfire write` pulls".to_owned()
        }
        None => "nothing is pulled (POSTHOG_PROJECT is not set)".to_owned(),
        Some(project) => format!("pulled from {project} every {} s", settings.ingest.pull.pull_interval_s),
    };
    let data = match settings.queue.is_set() {
        true => "data: published to the cluster of NATS_URL; `misfire write` takes it to the files".to_owned(),
        false => format!("data: {}, with generations.jsonl beside it", live.display()),
    };
    let mut lines = vec![
        data,
        callers(settings, secrets),
        format!("sanitizer: version {SANITIZER_VERSION}, {policy}"),
        format!("events: {names} ({table}); {pull}"),
    ];
    if settings.ingest.pull.pull_successes {
        lines.push(
            "PULL_SUCCESSES: generations that went well are kept, too, with their content, where a pull finds them within an hour \
             of a failure or a verdict of the same trace, session or person"
                .into(),
        );
    }
    lines
}

fn callers(settings: &ServeSettings, secrets: &Secrets) -> String {
    let values = |count: usize| if count > 1 { format!(" ({count} values)") } else { String::new() };
    let ways = [
        ("the secret of WEBHOOK_SECRET", secrets.webhook.len()),
        ("a signature by WEBHOOK_SIGNING_SECRET", secrets.webhook_signing.len()),
    ];
    let ways: Vec<_> =
        ways.iter().filter(|(_, count)| *count > 0).map(|(way, count)| format!("{way}{}", values(*count))).collect();
    match (ways.is_empty(), settings.receive.addr.ip().is_loopback()) {
        (false, _) => format!("callers: must send {}", ways.join(" or ")),
        (true, true) => "callers: anybody on this machine, for no secret is set".into(),
        (true, false) => "callers: ANYBODY who can connect, for no secret is set (ALLOW_UNAUTHENTICATED)".into(),
    }
}
