//! The command line: the commands of `misfire` and what their help says.

use clap::{Parser, Subcommand};
use dataset::{card, export, resanitize, stats, verify};

use crate::{
    commands::{events, forget, health, sanitize},
    pull,
    settings::ServeSettings,
    web, write,
};

const SECRETS_HELP: &str = "\
Secrets have no flag. Each is read from its variable, or from the file that <NAME>_FILE names:
  WEBHOOK_SECRET          what PostHog sends as `Authorization: Bearer …` or `X-Webhook-Secret: …`
  WEBHOOK_SIGNING_SECRET  what PostHog signs with (Standard Webhooks, `whsec_…`)
  PSEUDONYM_KEY           the key of the pseudonyms (default: .misfire/pseudonym.key, made at the first start)
  POSTHOG_PERSONAL_API_KEY  for the pull (phx_…), with the scope query:read
  NATS_CREDS              what a NATS cluster knows this process by: the content of a .creds file
The first three take two values with a comma between them, so that it can be rotated. The first key of the pseudonyms writes.

RUST_LOG sets the log's filter (default: info,actix_server=warn; `debug` adds a line per request).";

const POSTHOG_HELP: &str = "\
Secrets have no flag. Each is read from its variable, or from the file that <NAME>_FILE names:
  POSTHOG_PERSONAL_API_KEY  for PostHog's REST API (phx_…), with the scope query:read (pull) or person:read (forget --email)
  PSEUDONYM_KEY             for forget: the same value as the API has
  WEBHOOK_SECRET            for pull: the same value as the API has; or WEBHOOK_SIGNING_SECRET";

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
    /// Receive PostHog's webhooks, and store failed generations.
    #[command(after_help = SECRETS_HELP)]
    Serve(ServeSettings),
    /// Take the events of a cluster to the files: for several `misfire serve` that have NATS_URL, one of these.
    #[command(after_help = SECRETS_HELP)]
    Write(write::Settings),
    /// Serve the built page and its /config.json.
    Web(web::Settings),
    /// Check an events table, or show what an event would become, without storing it.
    Events(events::Settings),
    /// Redact text: standard input to standard output, line by line.
    Sanitize(sanitize::Settings),
    /// Check the data line by line; exit status 0 when nothing is wrong, 1 when something is, 2 when it cannot be read.
    Verify(verify::Settings),
    /// Summarize the data: days, failures, users, lengths, duplicates, placeholders.
    Stats(stats::Settings),
    /// Describe the data for Hugging Face and others: README.md and schema.json beside it.
    Card(card::Settings),
    /// Export the data: for training, for evaluation, or as a table.
    Export(export::Settings),
    /// Remove a person from the data, and refuse their older events from then on. The API may be running.
    #[command(after_help = POSTHOG_HELP)]
    Forget(forget::Settings),
    /// Apply today's rules to files that an older sanitizer wrote.
    Resanitize(resanitize::Settings),
    /// Ask PostHog for the failures of a period, and post them to the API.
    #[command(after_help = POSTHOG_HELP)]
    Pull(pull::Settings),
    /// Ask a running `misfire serve` whether it can take events; exit status 0 or 1.
    Health(health::Settings),
}
