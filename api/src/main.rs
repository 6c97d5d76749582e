//! The command line: it reads the settings, starts the logging and hands over.

use std::process::ExitCode;

use clap::Parser;
use misfire::{
    app::Application,
    backfill,
    dataset::{card, export, forget, resanitize, stats, verify},
    health, sanitize,
    settings::{Cli, Command, Secrets},
    web,
};

#[actix_web::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info,actix_server=warn")).init();
    match run(cli.command).await {
        Ok(status) => status,
        Err(error) => {
            eprintln!("misfire: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(mut settings) => {
            settings.secrets = Secrets::from_env()?;
            Application::build(&settings)?.run().await?;
        }
        Command::Web(settings) => web::Site::build(&settings)?.run().await?,
        Command::Sanitize(settings) => sanitize::command::run(&settings)?,
        Command::Verify(settings) => return Ok(or_cannot_run(verify::run(&settings))),
        Command::Stats(settings) => return Ok(or_cannot_run(stats::run(&settings))),
        Command::Card(settings) => return Ok(or_cannot_run(card::run(&settings))),
        Command::Export(settings) => return Ok(or_cannot_run(export::run(&settings))),
        Command::Forget(settings) => return Ok(or_cannot_run(forget::run(&settings, &Secrets::from_env()?))),
        Command::Resanitize(settings) => return Ok(or_cannot_run(resanitize::run(&settings))),
        Command::Backfill(settings) => return Ok(or_cannot_run(backfill::run(&settings, &Secrets::from_env()?))),
        Command::Health(settings) => health::check(&settings)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The commands on the data tell "it cannot run" (2) from "something is wrong" (1), as clap does with a bad flag.
fn or_cannot_run(result: anyhow::Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("misfire: {error:#}");
        ExitCode::from(2)
    })
}
