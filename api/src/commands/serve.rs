//! `misfire serve`: runs the API, or with `--check` says what it would do.

use std::{collections::BTreeSet, env};

use dataset::output;
use log::warn;

use crate::{
    app::Application,
    plan::Plan,
    settings::{Secrets, ServeSettings},
    variables,
};

/// Runs the API until it is told to stop. `known` are the variables that are settings.
///
/// # Errors
/// When a setting cannot be used, the data cannot be opened, an address is taken, or the server fails.
pub async fn run(settings: &ServeSettings, known: &BTreeSet<String>) -> anyhow::Result<()> {
    let set = env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    variables::unknown(known, set).iter().for_each(|unknown| warn!("{unknown}"));
    let secrets = Secrets::from_env()?;
    if settings.check {
        return check(settings, &secrets);
    }
    Application::build(settings, &secrets).await?.run().await
}

fn check(settings: &ServeSettings, secrets: &Secrets) -> anyhow::Result<()> {
    let plan = Plan::new(settings, secrets)?;
    for line in plan.lines() {
        output::print_line(line)?;
    }
    if let Some(addr) = settings.receive.admin_addr {
        output::print_line(format_args!("health and metrics: http://{addr}"))?;
    }
    output::print_line(format_args!("API: http://{}", settings.receive.addr))?;
    plan.check_surroundings(settings, secrets)
}
