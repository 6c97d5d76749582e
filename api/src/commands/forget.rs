//! `misfire forget`: asks PostHog for the ids behind an address, then erases whoever has them.

use std::process::ExitCode;

use clap::Args;
use dataset::forget;

use crate::{
    posthog::{self, Project},
    settings::Secrets,
};

/// Settings of `misfire forget`.
#[derive(Debug, Clone, Args)]
#[command(group = clap::ArgGroup::new("person").required(true).multiple(true).args(["distinct_id", "email"]))]
pub struct Settings {
    /// An id of the person: PostHog's, or the one in the data. Repeat the flag for more than one.
    #[arg(long, value_name = "ID")]
    pub distinct_id: Vec<String>,

    /// An e-mail address of the person. With --host and --project, PostHog is asked for all their ids.
    #[arg(long, value_name = "ADDRESS")]
    pub email: Vec<String>,

    /// Which PostHog is asked.
    #[command(flatten)]
    pub posthog: posthog::Settings,

    /// How to change the person's lines.
    #[command(flatten)]
    pub forget: forget::Settings,
}

/// Erases a person, and prints the receipt.
///
/// # Errors
/// When PostHog, the files or their owner cannot be asked.
pub fn run(settings: &Settings, secrets: &Secrets) -> anyhow::Result<ExitCode> {
    let ids = ids(settings, secrets)?;
    forget::run(&settings.forget, &ids, &secrets.pseudonym_keys())
}

/// The ids that were given, the addresses, and the ids that PostHog knows for the addresses.
fn ids(settings: &Settings, secrets: &Secrets) -> anyhow::Result<Vec<String>> {
    // An address may itself be the id: many products use it so.
    let mut ids = [settings.distinct_id.clone(), settings.email.clone()].concat();
    if settings.posthog.host.is_some() {
        let project = Project::new(&settings.posthog, secrets.posthog_personal_api_key.as_ref())?;
        for email in &settings.email {
            let found = project.distinct_ids_of(email)?;
            eprintln!("PostHog knows {} id{} by that address", found.len(), if found.len() == 1 { "" } else { "s" });
            ids.extend(found);
        }
    } else if !settings.email.is_empty() {
        eprintln!(
            "only lines whose distinct_id was the address itself can be found; with --host and --project PostHog is asked \
             for the person's other ids"
        );
    }
    Ok(ids)
}
