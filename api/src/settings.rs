//! The settings of `misfire serve`: each setting is an environment variable and a flag with a working default. A secret is a
//! variable or a file and never a flag, for flags show in process lists.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;

use credentials::{Secret, SecretError};
use dataset::LiveSettings;

use crate::{pull::settings::PullSettings, queue::settings::QueueSettings};

/// Settings of `misfire serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeSettings {
    /// How requests are received.
    #[command(flatten)]
    pub receive: ReceiveSettings,
    /// How the file is written.
    #[command(flatten)]
    pub writer: WriterSettings,
    /// What becomes of an event.
    #[command(flatten)]
    pub ingest: IngestSettings,
    /// Which cluster events pass through, if any.
    #[command(flatten)]
    pub queue: QueueSettings,
    /// Check the settings, print what the API would do, and exit with 0, or with 1 if it would not start. The data and its lock are
    /// not touched, so an API may be running.
    #[arg(long)]
    pub check: bool,
}

/// What becomes of an event, wherever it comes from.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct IngestSettings {
    /// The sanitizer's policy (TOML), applied on top of the built-in rules.
    #[arg(long = "policy", env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,
    /// The events table (TOML): events to keep besides the built-in ones.
    #[arg(long, env = "EVENTS", value_name = "EVENTS")]
    pub events: Option<PathBuf>,
    /// What is pulled from PostHog.
    #[command(flatten)]
    pub pull: PullSettings,
}

/// How requests are received.
#[derive(Debug, Clone, Args)]
pub struct ReceiveSettings {
    /// Where the API listens.
    #[arg(long = "addr", env = "API_ADDR", value_name = "API_ADDR", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,

    /// Answer /health, /ready and /metrics at this address, and nowhere else. [default: where the API listens]
    #[arg(long, env = "ADMIN_ADDR", value_name = "ADMIN_ADDR")]
    pub admin_addr: Option<SocketAddr>,

    /// Accept webhooks without a secret even on an address that others can reach.
    #[arg(long, env = "ALLOW_UNAUTHENTICATED", default_value_t = false, num_args = 0..=1,
          default_missing_value = "true", action = clap::ArgAction::Set)]
    pub allow_unauthenticated: bool,

    /// The largest body that is read, in bytes; a larger one is answered 413.
    #[arg(long, env = "BODY_BYTES_MAX", default_value_t = 2 * 1024 * 1024,
          value_parser = clap::value_parser!(u32).range(1024..=16 * 1024 * 1024))]
    pub body_bytes_max: u32,

    /// How long a caller may take to send a body, in milliseconds; then it is answered 408.
    #[arg(long, env = "BODY_TIMEOUT_MS", default_value_t = 5_000,
          value_parser = clap::value_parser!(u64).range(100..=60_000))]
    pub body_timeout_ms: u64,

    /// How many connections may be open at once; more wait to be accepted. [default: 1024, or what the limit on open files leaves]
    #[arg(long, env = "CONNECTIONS_MAX", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub connections_max: Option<u32>,
}

/// How the file is written.
#[derive(Debug, Clone, Args)]
pub struct WriterSettings {
    /// Where the data is.
    #[command(flatten)]
    pub data: LiveSettings,

    /// The size at which the live file is closed and a new one begins, in bytes; 0 for never.
    #[arg(long, env = "ROTATE_BYTES", default_value_t = 1024 * 1024 * 1024)]
    pub rotate_bytes: u64,

    /// How many bytes must stay free on the disk; with less, events are answered 503.
    #[arg(long, env = "FREE_BYTES_MIN", default_value_t = 64 * 1024 * 1024)]
    pub free_bytes_min: u64,

    /// How many records may wait for the disk; one more is answered 429.
    #[arg(long, env = "QUEUE_RECORDS_MAX", default_value_t = 8_192,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub queue_records_max: u32,

    /// How many bytes of records may wait for the disk; more are answered 429. At least 8388608, because the longest line and its
    /// row, 5 MiB together, must fit.
    #[arg(long, env = "QUEUE_BYTES_MAX", default_value_t = 16 * 1024 * 1024,
          value_parser = clap::value_parser!(u32).range(8 * 1024 * 1024..))]
    pub queue_bytes_max: u32,

    /// How many of the newest uuids are remembered, to recognise a redelivery; about 50 bytes each.
    #[arg(long, env = "RECENT_UUIDS_MAX", default_value_t = 500_000,
          value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    pub recent_uuids_max: u32,

    /// The most bytes that the quarantine in .misfire/ may have; beyond that its oldest lines are dropped.
    #[arg(long, env = "QUARANTINE_BYTES_MAX", default_value_t = 256 * 1024 * 1024,
          value_parser = clap::value_parser!(u64).range(1024 * 1024..))]
    pub quarantine_bytes_max: u64,
}

/// The secrets; they never show in help, logs or `Debug`.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// `WEBHOOK_SECRET`, one or two values.
    pub webhook: Vec<Secret>,
    /// `WEBHOOK_SIGNING_SECRET`, one or two values.
    pub webhook_signing: Vec<Secret>,
    /// `PSEUDONYM_KEY`, one or two values: the first writes, both are matched.
    pub pseudonym_key: Vec<Secret>,
    /// `POSTHOG_PERSONAL_API_KEY`, for the commands that ask PostHog.
    pub posthog_personal_api_key: Option<Secret>,
    /// `NATS_CREDS`, the content of a .creds file.
    pub nats_creds: Option<Secret>,
}

impl Secrets {
    /// The variables that hold them; each may be replaced by one that names a file, with `_FILE` behind its name.
    pub const NAMES: [&str; 5] =
        ["WEBHOOK_SECRET", "WEBHOOK_SIGNING_SECRET", "PSEUDONYM_KEY", "POSTHOG_PERSONAL_API_KEY", "NATS_CREDS"];

    /// Reads the secrets from the environment and the files that it names.
    ///
    /// # Errors
    /// When a variable and its `_FILE` are both set, or a file cannot be read.
    pub fn from_env() -> Result<Self, SecretError> {
        Ok(Self {
            webhook: Secret::list_from_env("WEBHOOK_SECRET")?,
            webhook_signing: Secret::list_from_env("WEBHOOK_SIGNING_SECRET")?,
            pseudonym_key: Secret::list_from_env("PSEUDONYM_KEY")?,
            posthog_personal_api_key: Secret::from_env("POSTHOG_PERSONAL_API_KEY")?,
            nats_creds: Secret::from_env("NATS_CREDS")?,
        })
    }

    /// The values of `PSEUDONYM_KEY`.
    pub fn pseudonym_keys(&self) -> Vec<&str> {
        self.pseudonym_key.iter().map(Secret::expose).collect()
    }
}
