//! The settings of the pull inside `misfire serve`.

use clap::Args;
use dataset::parse_time;
use jiff::Timestamp;

use crate::posthog;

/// What is pulled, and how often. Nothing is pulled unless `POSTHOG_PROJECT` is set.
#[derive(Debug, Clone, Args)]
pub struct PullSettings {
    /// Which PostHog is asked.
    #[command(flatten)]
    pub posthog: posthog::Settings,

    /// How often PostHog is asked, in seconds.
    #[arg(long, env = "PULL_INTERVAL_S", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub pull_interval_s: u64,

    /// Where the first pull begins: a day (2026-11-01), a time (2026-11-01T12:00:00Z), or how long ago (2h, 3d). Each later pull begins
    /// where the one before it ended. [default: 1h]
    #[arg(long, env = "PULL_SINCE", value_parser = parse_time)]
    pub pull_since: Option<Timestamp>,

    /// Also keep successful generations whose trace, session or person had a failure or a verdict within an hour.
    #[arg(long, env = "PULL_SUCCESSES", default_value_t = false, num_args = 0..=1,
          default_missing_value = "true", action = clap::ArgAction::Set)]
    pub pull_successes: bool,
}
