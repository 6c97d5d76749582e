//! What can be set: each setting is an environment variable and a flag with a working default; a secret is a variable
//! or a file, never a flag, for flags show in process lists.

mod dataset;
mod erase;
mod secret;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};

pub use self::{
    dataset::{CardSettings, DataSettings, Dedupe, ExportFormat, ExportSettings, Split, StatsSettings, VerifySettings},
    erase::{BackfillSettings, ForgetSettings, PosthogSettings, ResanitizeSettings},
    secret::{Secret, SecretError},
};

const SECRETS_HELP: &str = "\
Secrets have no flag. Each is read from its variable, or from the file that <NAME>_FILE names:
  WEBHOOK_SECRET          what PostHog sends as `Authorization: Bearer …` or `X-Webhook-Secret: …`
  WEBHOOK_SIGNING_SECRET  what PostHog signs with (Standard Webhooks, `whsec_…`)
  PSEUDONYM_KEY           what ids are pseudonymised with (default: .misfire/pseudonym.key, made at the first start)
The first two take two values with a comma between them, so that they can be rotated.

RUST_LOG sets the log's filter (default: info,actix_server=warn; `debug` adds a line per request).";

const POSTHOG_HELP: &str = "\
Secrets have no flag. Each is read from its variable, or from the file that <NAME>_FILE names:
  POSTHOG_PERSONAL_API_KEY  for PostHog's REST API (phx_…), with the scope query:read (backfill) or person:read (forget --email)
  PSEUDONYM_KEY             forget: the key that the API runs with, if it has one of its own
  WEBHOOK_SECRET            backfill: what the API asks for, or WEBHOOK_SIGNING_SECRET";

/// Turns the failed generations that PostHog reports into clean training data.
#[derive(Debug, Parser)]
#[command(name = "misfire", version, after_help = SECRETS_HELP, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands of `misfire`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Receive PostHog's webhooks and write the file.
    #[command(after_help = SECRETS_HELP)]
    Serve(ServeSettings),
    /// Serve the built page and its /config.json.
    Web(WebSettings),
    /// Take personal data and secrets out of text: standard input to standard output, line by line.
    Sanitize(SanitizeSettings),
    /// Check the data line by line; exit status 0 when nothing is wrong, 1 when something is, 2 when it cannot be read.
    Verify(VerifySettings),
    /// Say what is in the data: days, failures, users, lengths, duplicates, placeholders.
    Stats(StatsSettings),
    /// Describe the data for Hugging Face and others: README.md and schema.json beside it.
    Card(CardSettings),
    /// Write the data in another form: for training, for evaluation, or for tables.
    Export(ExportSettings),
    /// Remove a person from the data, beside a running API, and take their older events no more.
    #[command(after_help = POSTHOG_HELP)]
    Forget(ForgetSettings),
    /// Clean files that an older sanitizer wrote, by today's rules.
    Resanitize(ResanitizeSettings),
    /// Ask PostHog for the failed generations of a time, and give them to the API: after an outage.
    #[command(after_help = POSTHOG_HELP)]
    Backfill(BackfillSettings),
    /// Ask a running `misfire serve` whether it can take events; exit status 0 or 1.
    Health(HealthSettings),
}

/// Settings of `misfire serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeSettings {
    /// How requests are received.
    #[command(flatten)]
    pub receive: ReceiveSettings,
    /// How the file is written.
    #[command(flatten)]
    pub writer: WriterSettings,
    /// What the sanitizer does besides what is built in: a TOML file.
    #[arg(long = "policy", env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,
    /// What callers prove themselves with, and what ids are hidden with.
    #[arg(skip)]
    pub secrets: Secrets,
}

/// How requests are received.
#[derive(Debug, Clone, Args)]
pub struct ReceiveSettings {
    /// Where the API listens.
    #[arg(long = "addr", env = "API_ADDR", value_name = "API_ADDR", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,

    /// Listen on an open address although no secret is set.
    #[arg(long, env = "ALLOW_UNAUTHENTICATED", default_value_t = false, num_args = 0..=1,
          default_missing_value = "true", action = clap::ArgAction::Set)]
    pub allow_unauthenticated: bool,

    /// The largest body that is read, in bytes; a larger one is answered 413.
    #[arg(long, env = "BODY_BYTES_MAX", default_value_t = 1024 * 1024,
          value_parser = clap::value_parser!(u32).range(1024..=16 * 1024 * 1024))]
    pub body_bytes_max: u32,

    /// How long a caller may take to send a body, in milliseconds; then it is answered 408.
    #[arg(long, env = "BODY_TIMEOUT_MS", default_value_t = 5_000,
          value_parser = clap::value_parser!(u64).range(100..=60_000))]
    pub body_timeout_ms: u64,

    /// How many connections may be open at once; more wait to be accepted.
    #[arg(long, env = "CONNECTIONS_MAX", default_value_t = 1_024,
          value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub connections_max: u32,
}

/// How the file is written.
#[derive(Debug, Clone, Args)]
pub struct WriterSettings {
    /// The file that grows.
    #[arg(long, env = "TRAINING_DATA", default_value = "training_data.jsonl")]
    pub training_data: PathBuf,

    /// How large the file may grow, in bytes; then it is closed under a number and a new one is begun. 0 for never.
    #[arg(long, env = "ROTATE_BYTES", default_value_t = 1024 * 1024 * 1024)]
    pub rotate_bytes: u64,

    /// How many bytes must stay free on the disk; with less, events are answered 503.
    #[arg(long, env = "FREE_BYTES_MIN", default_value_t = 64 * 1024 * 1024)]
    pub free_bytes_min: u64,

    /// How many records may wait for the disk; one more is answered 429.
    #[arg(long, env = "QUEUE_RECORDS_MAX", default_value_t = 8_192,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub queue_records_max: u32,

    /// How many bytes of records may wait for the disk; more are answered 429.
    #[arg(long, env = "QUEUE_BYTES_MAX", default_value_t = 16 * 1024 * 1024,
          value_parser = clap::value_parser!(u32).range(1024..))]
    pub queue_bytes_max: u32,

    /// How many of the newest uuids are remembered, so that a redelivery is known; about 50 bytes each.
    #[arg(long, env = "RECENT_UUIDS_MAX", default_value_t = 500_000,
          value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    pub recent_uuids_max: u32,

    /// How large .misfire/quarantine.jsonl may grow, in bytes; then its older half goes.
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
    /// `PSEUDONYM_KEY`.
    pub pseudonym_key: Option<Secret>,
    /// `POSTHOG_PERSONAL_API_KEY`, for the commands that ask PostHog.
    pub posthog_personal_api_key: Option<Secret>,
}

impl Secrets {
    /// Reads the secrets from the environment and the files that it names.
    ///
    /// # Errors
    /// When a variable and its `_FILE` are both set, or a file cannot be read.
    pub fn from_env() -> Result<Self, SecretError> {
        Ok(Self {
            webhook: Secret::list_from_env("WEBHOOK_SECRET")?,
            webhook_signing: Secret::list_from_env("WEBHOOK_SIGNING_SECRET")?,
            pseudonym_key: Secret::from_env("PSEUDONYM_KEY")?,
            posthog_personal_api_key: Secret::from_env("POSTHOG_PERSONAL_API_KEY")?,
        })
    }
}

/// Settings of `misfire web`.
#[derive(Debug, Clone, Args)]
pub struct WebSettings {
    /// Where the page is served.
    #[arg(long = "addr", env = "WEB_ADDR", value_name = "WEB_ADDR", default_value = "127.0.0.1:4200")]
    pub addr: SocketAddr,

    /// The folder of the built page.
    #[arg(long = "root", env = "WEB_ROOT", value_name = "WEB_ROOT", default_value = "frontend/dist")]
    pub root: PathBuf,

    /// Where the page sends events: PostHog's ingestion host.
    #[arg(long, env = "POSTHOG_HOST", default_value = "http://localhost:8000")]
    pub posthog_host: String,

    /// The PostHog project's key, public by nature (`phc_…`).
    #[arg(long, env = "POSTHOG_KEY", default_value = "phc_local", hide_env_values = true)]
    pub posthog_key: String,

    /// Where one event can be looked at: the page links to /events/UUID there. [default: POSTHOG_HOST when that is this machine]
    #[arg(long, env = "INSPECTOR_URL")]
    pub inspector_url: Option<String>,
}

/// Settings of `misfire sanitize`.
#[derive(Debug, Clone, Args)]
pub struct SanitizeSettings {
    /// Read {"id","text"} lines and write {"id","spans":[{"start","end","type"}]} lines, in Unicode code points.
    #[arg(long)]
    pub spans: bool,

    /// Say what is taken and why: lines of their own instead of the text, or "why" in each span.
    #[arg(long)]
    pub explain: bool,

    /// What the sanitizer does besides what is built in: a TOML file.
    #[arg(long, env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,
}

/// Settings of `misfire health`.
#[derive(Debug, Clone, Args)]
pub struct HealthSettings {
    /// What to ask instead of the API's /ready, say http://127.0.0.1:4200/config.json for the page.
    #[arg(value_name = "URL")]
    pub url: Option<String>,

    /// Where the API listens.
    #[arg(long = "addr", env = "API_ADDR", value_name = "API_ADDR", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,
}

/// PostHog waits 3 s for an answer (`EXTERNAL_REQUEST_TIMEOUT_MS`), so the API gives one before that.
pub const COMMIT_TIMEOUT: Duration = Duration::from_millis(2_500);
/// PostHog's client keeps idle sockets for 10 s (`EXTERNAL_REQUEST_KEEP_ALIVE_TIMEOUT_MS`); a server that closes
/// first would reset requests that are on their way, and each reset is a duplicate.
pub const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long the head of a request may take.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long requests may finish once the process is told to stop.
pub const DRAIN_TIMEOUT_S: u64 = 3;
