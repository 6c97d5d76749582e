//! The command line: the commands of `misfire` and what their help says.

use std::{collections::BTreeSet, sync::LazyLock};

use clap::{Command as ClapCommand, CommandFactory, FromArgMatches, Parser, Subcommand};
use dataset::{card, export, resanitize, stats, verify};
use misfire_sanitizer::SANITIZER_VERSION;
use program::{empty_variables::without_empty_variables, version};

use crate::{
    commands::{completions, events, forget, health, quarantine, sanitize},
    pull,
    settings::{Secrets, ServeSettings},
    web, write,
};

/// The release, the commit, and the version of the sanitizer, which decides what is redacted.
static VERSION: LazyLock<String> = LazyLock::new(|| version::text(&[format!("sanitizer {SANITIZER_VERSION}")]));

const SECRETS_HELP: &str = "\
Secrets have no flag. Each is read from its variable, or from the file that <NAME>_FILE names:
  WEBHOOK_SECRET          what PostHog sends as `Authorization: Bearer …` or `X-Webhook-Secret: …`
  WEBHOOK_SIGNING_SECRET  what PostHog signs with (Standard Webhooks, `whsec_…`)
  PSEUDONYM_KEY           the key of the pseudonyms (default: .misfire/pseudonym.key, made at the first start)
  POSTHOG_PERSONAL_API_KEY  for the pull (phx_…), with the scope query:read
  NATS_CREDS              the content of a .creds file, which authenticates this process to a NATS cluster
To rotate one of the first three, set the new value and the old one with a comma between them (new,old). Both are accepted; new \
pseudonyms are made with the first key.

RUST_LOG sets the log's filter (default: info,actix_server=warn; `debug` adds a line per request). LOG_FORMAT=json writes each record \
of the log as a line of JSON (default: text). NO_COLOR=1 turns colours off.";

const POSTHOG_HELP: &str = "\
Secrets have no flag. Each is read from its variable, or from the file that <NAME>_FILE names:
  POSTHOG_PERSONAL_API_KEY  for PostHog's REST API (phx_…), with the scope query:read (pull) or person:read (forget --email)
  PSEUDONYM_KEY             for forget: the same value as the API has
  WEBHOOK_SECRET            for pull: the same value as the API has; or WEBHOOK_SIGNING_SECRET";

const QUARANTINE_HELP: &str = "\
The quarantine keeps sanitized text only: the input, if there was one, the reason of the failure, and whose event it was. `retry` can \
post an event whose whole input is there. Any other must come from PostHog again: `misfire pull --since TIME`.

Secrets have no flag. Each is read from its variable, or from the file that <NAME>_FILE names:
  WEBHOOK_SECRET  for retry: the same value as the API has; or WEBHOOK_SIGNING_SECRET";

/// Turns the failed generations that PostHog reports into clean training data.
#[derive(Debug, Parser)]
#[command(name = "misfire", version = VERSION.as_str(), after_help = SECRETS_HELP, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands of `misfire`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Receive PostHog's webhooks, pull from PostHog, and store failed generations.
    #[command(after_help = SECRETS_HELP)]
    Serve(ServeSettings),
    /// Write the events of a cluster to the files. Nodes (`misfire serve` with NATS_URL) need one such writer.
    #[command(after_help = SECRETS_HELP)]
    Write(write::Settings),
    /// Serve the built page and its /config.json.
    Web(web::Settings),
    /// Check an events table, or show what would be stored of an event.
    Events(events::Settings),
    /// Redact files, or standard input, line by line to standard output.
    Sanitize(sanitize::Settings),
    /// Check every line; exit status 0 if all is well, 1 if something is wrong, 2 if the data cannot be read.
    Verify(verify::Settings),
    /// Summarize the data: days, failures, users, lengths, duplicates, placeholders.
    Stats(stats::Settings),
    /// Write README.md and schema.json beside the data, for Hugging Face and others.
    Card(card::Settings),
    /// Export the data: for training, for evaluation, or as a table.
    Export(export::Settings),
    /// Delete a person's lines, and refuse their older events from then on. The API may keep running.
    #[command(after_help = POSTHOG_HELP)]
    Forget(forget::Settings),
    /// Redact again, by the current rules, what an older sanitizer wrote.
    Resanitize(resanitize::Settings),
    /// Fetch the failures of a period from PostHog, and post them to the API.
    #[command(after_help = POSTHOG_HELP)]
    Pull(pull::Settings),
    /// List events that were refused because they had no usable prompt, and post them again.
    #[command(after_help = QUARANTINE_HELP)]
    Quarantine(quarantine::Settings),
    /// Ask a running `misfire serve` whether it can take events; exit status 0 or 1.
    Health(health::Settings),
    /// Print the completions for a shell: bash, zsh, fish, elvish or powershell.
    Completions(completions::CompletionsSettings),
    /// Write the manual pages to a folder.
    Man(completions::ManSettings),
}

/// Variables that are settings of posthog-local, which has the environment of `misfire` where both run side by side.
const OF_POSTHOG_LOCAL: [&str; 9] = [
    "POSTHOG_LOCAL_ADDR",
    "POSTHOG_LOCAL_CONFIG",
    "POSTHOG_LOCAL_EVENTS_BYTES_MAX",
    "POSTHOG_LOCAL_EVENTS_MAX",
    "POSTHOG_LOCAL_HOSTS",
    "POSTHOG_LOCAL_RETRY_AFTER",
    "POSTHOG_LOCAL_TRUST_FORWARDED",
    "SMTP_URL",
    "WEBHOOK_URL",
];

impl Cli {
    /// Reads the command line. An empty variable counts as unset, because compose passes unset ones on as empty. What cannot be read
    /// ends the process, with the help that clap gives.
    pub fn read() -> Self {
        let matches = without_empty_variables(Self::command()).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

/// The variables that are settings, of all commands and of posthog-local.
pub fn variables() -> BTreeSet<String> {
    let mut variables: BTreeSet<_> =
        OF_POSTHOG_LOCAL.into_iter().chain(["RUST_LOG", "LOG_FORMAT"]).map(str::to_owned).collect();
    for secret in Secrets::NAMES.into_iter().chain(["SMTP_URL", "POSTHOG_SECRET_API_KEY"]) {
        variables.extend([secret.to_owned(), format!("{secret}_FILE")]);
    }
    add_variables(&Cli::command(), &mut variables);
    variables
}

fn add_variables(command: &ClapCommand, variables: &mut BTreeSet<String>) {
    let of_arguments = command.get_arguments().filter_map(|argument| argument.get_env()?.to_str());
    variables.extend(of_arguments.map(str::to_owned));
    command.get_subcommands().for_each(|command| add_variables(command, variables));
}
