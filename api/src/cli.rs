//! The command line: the commands of `misfire` and what their help says.

use clap::{Parser, Subcommand};
use dataset::{card, export, resanitize, stats, verify};

use crate::{
    backfill,
    commands::{forget, health, sanitize},
    settings::ServeSettings,
    web,
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
    Web(web::Settings),
    /// Take personal data and secrets out of text: standard input to standard output, line by line.
    Sanitize(sanitize::Settings),
    /// Check the data line by line; exit status 0 when nothing is wrong, 1 when something is, 2 when it cannot be read.
    Verify(verify::Settings),
    /// Say what is in the data: days, failures, users, lengths, duplicates, placeholders.
    Stats(stats::Settings),
    /// Describe the data for Hugging Face and others: README.md and schema.json beside it.
    Card(card::Settings),
    /// Write the data in another form: for training, for evaluation, or for tables.
    Export(export::Settings),
    /// Remove a person from the data, beside a running API, and take their older events no more.
    #[command(after_help = POSTHOG_HELP)]
    Forget(forget::Settings),
    /// Clean files that an older sanitizer wrote, by today's rules.
    Resanitize(resanitize::Settings),
    /// Ask PostHog for the failed generations of a time, and give them to the API: after an outage.
    #[command(after_help = POSTHOG_HELP)]
    Backfill(backfill::Settings),
    /// Ask a running `misfire serve` whether it can take events; exit status 0 or 1.
    Health(health::Settings),
}
