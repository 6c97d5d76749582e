//! Settings of the commands that change the data: `forget`, `resanitize`, `backfill`.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

/// Which PostHog is asked. The key is `POSTHOG_PERSONAL_API_KEY`.
#[derive(Debug, Clone, Args)]
pub struct PosthogSettings {
    /// PostHog's app, not its ingestion host, as `https://us.posthog.com` or `http://localhost:8000`.
    #[arg(long, requires = "project")]
    pub host: Option<String>,

    /// The project's number, or @current.
    #[arg(long, requires = "host")]
    pub project: Option<String>,
}

/// Settings of `misfire forget`.
#[derive(Debug, Clone, Args)]
#[command(group = clap::ArgGroup::new("person").required(true).multiple(true).args(["distinct_id", "email"]))]
pub struct ForgetSettings {
    /// An id of the person, as PostHog knows it or as it stands in the data; can be given again.
    #[arg(long, value_name = "ID")]
    pub distinct_id: Vec<String>,

    /// An address of the person; with --host and --project PostHog is asked for all ids of whoever has it.
    #[arg(long, value_name = "ADDRESS")]
    pub email: Vec<String>,

    /// Keep the text, under a fresh distinct_id and a fresh uuid.
    #[arg(long)]
    pub anonymise: bool,

    /// Which PostHog is asked.
    #[command(flatten)]
    pub posthog: PosthogSettings,

    /// The file that grows; an API may be writing it.
    #[arg(long, env = "TRAINING_DATA", default_value = "training_data.jsonl")]
    pub training_data: PathBuf,

    /// Print the receipt as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Settings of `misfire resanitize`.
#[derive(Debug, Clone, Args)]
pub struct ResanitizeSettings {
    /// Look at every file, also at those that today's sanitizer wrote: after a change of the policy.
    #[arg(long)]
    pub all: bool,

    /// Only show what would change.
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask.
    #[arg(long)]
    pub yes: bool,

    /// How many changed lines are shown.
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    pub examples: usize,

    /// What the sanitizer does besides what is built in: a TOML file.
    #[arg(long, env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,

    /// The file that grows; an API may be writing it.
    #[arg(long, env = "TRAINING_DATA", default_value = "training_data.jsonl")]
    pub training_data: PathBuf,

    /// Say it in JSON, without examples.
    #[arg(long)]
    pub json: bool,
}

/// Settings of `misfire backfill`.
#[derive(Debug, Clone, Args)]
pub struct BackfillSettings {
    /// Which PostHog is asked.
    #[command(flatten)]
    pub posthog: PosthogSettings,

    /// Events from this time on, say 2026-11-23T08:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub since: Timestamp,

    /// Events before this time. [default: now]
    #[arg(long, value_name = "TIME")]
    pub until: Option<Timestamp>,

    /// The API that takes the events.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3000")]
    pub api: String,

    /// How many events are on their way at once.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub concurrency: u8,

    /// Print the counts as JSON.
    #[arg(long)]
    pub json: bool,
}
