//! Reads the command line, starts the logging and hands over.

use std::process::ExitCode;

use clap::CommandFactory;
use dataset::{card, export, resanitize, stats, verify};
use misfire::{
    cli::{self, Cli, Command},
    commands::{completions, events, forget, health, quarantine, sanitize, serve},
    pull,
    settings::Secrets,
    web,
    write::WriteApplication,
};
use program::logging;

#[actix_web::main]
async fn main() -> ExitCode {
    let cli = Cli::read();
    if let Err(error) = logging::start() {
        return failed(&error.into());
    }
    run(cli.command).await.unwrap_or_else(|error| failed(&error))
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(settings) => serve::run(&settings, &cli::variables()).await?,
        Command::Write(settings) => WriteApplication::build(&settings, &Secrets::from_env()?).await?.run().await?,
        Command::Web(settings) => web::run(&settings).await?,
        Command::Events(settings) => return Ok(or_cannot_run(events::run(&settings, &Secrets::from_env()?))),
        Command::Sanitize(settings) => sanitize::run(&settings)?,
        Command::Verify(settings) => return Ok(or_cannot_run(verify::run(&settings))),
        Command::Stats(settings) => return Ok(or_cannot_run(stats::run(&settings))),
        Command::Card(settings) => return Ok(or_cannot_run(card::run(&settings))),
        Command::Export(settings) => return Ok(or_cannot_run(export::run(&settings))),
        Command::Forget(settings) => return Ok(or_cannot_run(forget::run(&settings, &Secrets::from_env()?))),
        Command::Resanitize(settings) => {
            return Ok(or_cannot_run(resanitize::run(&settings, &Secrets::from_env()?.pseudonym_keys())));
        }
        Command::Pull(settings) => return Ok(or_cannot_run(pull::run(&settings, &Secrets::from_env()?))),
        Command::Quarantine(settings) => return Ok(or_cannot_run(quarantine::run(&settings, &Secrets::from_env()?))),
        Command::Health(settings) => health::run(&settings)?,
        Command::Completions(settings) => completions::completions(&settings, Cli::command())?,
        Command::Man(settings) => completions::man(&settings, Cli::command())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The commands on the data exit with 2 when they cannot run, as clap does for a bad flag, and with 1 when something is wrong.
fn or_cannot_run(result: anyhow::Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        failed(&error);
        ExitCode::from(2)
    })
}

fn failed(error: &anyhow::Error) -> ExitCode {
    logging::say_error("misfire", &format!("{error:#}"));
    ExitCode::FAILURE
}
