//! `misfire forget`: asks PostHog for the ids behind an address, then erases whoever has them.

use std::{collections::BTreeSet, process::ExitCode};

use anyhow::ensure;
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
    let emails: Vec<&str> = settings.email.iter().map(|email| email.trim()).collect();
    // PostHog takes an empty filter as no filter, and would give everybody's ids.
    ensure!(!emails.contains(&""), "--email is empty; give the person's address");
    // An address may itself be the id: many products use it so.
    let mut ids = [settings.distinct_id.clone(), emails.iter().map(|&email| email.to_owned()).collect()].concat();
    if settings.posthog.project.is_some() && !emails.is_empty() {
        let project = Project::new(&settings.posthog, secrets.posthog_personal_api_key.as_ref())?;
        for email in emails {
            let found = ids_in_posthog(&project, email)?;
            eprintln!("PostHog knows {} id{} by that address", found.len(), if found.len() == 1 { "" } else { "s" });
            if found.is_empty() {
                eprintln!(
                    "PostHog compares addresses letter by letter: give it as the product sent it, or use --distinct-id"
                );
            }
            ids.extend(found);
        }
    } else if !emails.is_empty() {
        eprintln!(
            "only lines whose distinct_id is the address itself are found; give --host and --project to ask PostHog for the \
             person's other ids"
        );
    }
    Ok(ids)
}

/// The ids of the persons with this address. Most products send addresses in lower case, whatever the person writes.
fn ids_in_posthog(project: &Project, email: &str) -> anyhow::Result<BTreeSet<String>> {
    let mut ids = BTreeSet::new();
    for spelling in BTreeSet::from([email.to_owned(), email.to_lowercase()]) {
        ids.extend(project.distinct_ids_of(&spelling)?);
    }
    Ok(ids)
}
