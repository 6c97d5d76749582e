//! Reads the command line, starts the logging and hands over.

use std::{env, process::ExitCode};

use clap::Parser;
use dataset::{card, export, resanitize, stats, verify};
use log::LevelFilter;
use misfire::{
    app::Application,
    cli::{Cli, Command},
    commands::{events, forget, health, sanitize},
    pull,
    settings::Secrets,
    web,
    write::WriteApplication,
};

#[actix_web::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    start_logging();
    match run(cli.command).await {
        Ok(status) => status,
        Err(error) => {
            eprintln!("misfire: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The log follows `RUST_LOG`. But the crates that speak HTTP for the commands log whole requests at `trace`: a personal key, a
/// secret, an address. They stop at `debug`, whatever is asked. And the server's crate logs an error for every caller that does not
/// speak HTTP, so that a stranger could fill the disk: it is silent unless it is asked for by name.
fn start_logging() {
    let filter = env::var("RUST_LOG").unwrap_or_default();
    let mut logging =
        env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info,actix_server=warn"));
    if filter.contains("trace") {
        for module in ["ureq", "ureq_proto", "rustls"] {
            logging.filter_module(module, LevelFilter::Debug);
        }
    }
    if !filter.contains("actix_http") {
        logging.filter_module("actix_http", LevelFilter::Off);
    }
    logging.init();
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(settings) => Application::build(&settings, &Secrets::from_env()?).await?.run().await?,
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
        Command::Health(settings) => health::run(&settings)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The commands on the data exit with 2 when they cannot run, as clap does for a bad flag, and with 1 when something is wrong.
fn or_cannot_run(result: anyhow::Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("misfire: {error:#}");
        ExitCode::from(2)
    })
}
