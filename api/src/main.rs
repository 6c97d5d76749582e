//! The command line: it reads the settings, starts the logging and hands over.

use std::process::ExitCode;

use clap::Parser;
use misfire::{
    app::Application,
    backfill, dataset, health, sanitize,
    settings::{Cli, Command, Secrets},
    web,
};

#[actix_web::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info,actix_server=warn")).init();
    match run(cli.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("misfire: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(mut settings) => {
            settings.secrets = Secrets::from_env()?;
            Application::build(&settings)?.run().await
        }
        Command::Web(settings) => web::Site::build(&settings)?.run().await,
        Command::Sanitize(settings) => sanitize::command::run(&settings),
        Command::Forget(settings) => dataset::forget::run(&settings, &Secrets::from_env()?),
        Command::Resanitize(settings) => dataset::resanitize::run(&settings),
        Command::Backfill(settings) => backfill::run(&settings, &Secrets::from_env()?),
        Command::Health(settings) => health::check(&settings),
    }
}
