//! The command line of posthog-local: `posthog-local` serves, `posthog-local health` asks a running one.

use std::{
    io::{self, IsTerminal},
    process::ExitCode,
};

use anyhow::Result;
use clap::{Parser, Subcommand};
use posthog_local::{
    app::App,
    health,
    provision::{self, Outcome},
    settings::{Secrets, Settings},
};
use tokio::signal::unix::{SignalKind, signal};

/// A stand-in for PostHog: capture, persons, webhooks, workflows and e-mails in one process, with no account
#[derive(Debug, Parser)]
#[command(version, after_help = SECRETS)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (this is also what happens without a command)
    Serve,
    /// Exit with 0 when a running posthog-local is ready, else with 1: for health checks
    Health,
    /// Put what project.toml declares into a real PostHog project
    Provision(provision::Options),
}

const SECRETS: &str = "\
Secrets have no flag. Each is read from its variable, or from the file that <NAME>_FILE names:
  WEBHOOK_SECRET          sent with each webhook in X-Webhook-Secret
  WEBHOOK_SIGNING_SECRET  signs each webhook by Standard Webhooks (whsec_...)
  SMTP_URL                e-mails also go to this server (smtp://user:password@host:587?tls=required)
  POSTHOG_PERSONAL_API_KEY  phx_...: what `provision` shows to PostHog, and what posthog-local's own REST API wants
Of two values with a comma between them (while a secret is being changed) the first is sent.

RUST_LOG sets what is logged [default: info].";

#[actix_web::main]
async fn main() -> Result<ExitCode> {
    let cli = Cli::parse();
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(cli.settings).await.map(|()| ExitCode::SUCCESS),
        Command::Provision(options) => provision(&options, &cli.settings).await,
        Command::Health => Ok(match health::check(cli.settings.addr).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(problem) => {
                eprintln!("{problem:#}");
                ExitCode::FAILURE
            }
        }),
    }
}

async fn provision(options: &provision::Options, settings: &Settings) -> Result<ExitCode> {
    let confirm = || {
        if !io::stdin().is_terminal() {
            eprintln!("Nobody is there to be asked; --yes does it without asking.");
            return false;
        }
        eprint!("Do it? [y/N] ");
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
    };
    let outcome = provision::run(options, settings, &Secrets::from_env()?, &mut io::stdout(), confirm).await?;
    Ok(match outcome {
        Outcome::Done => ExitCode::SUCCESS,
        Outcome::Refused | Outcome::SenderMissing => ExitCode::FAILURE,
    })
}

async fn serve(settings: Settings) -> Result<()> {
    // actix-server tells at every start how many workers it has.
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info,actix_server=warn")).init();
    let app = App::build(settings, Secrets::from_env()?)?;
    log::info!("listening on {}", app.url());

    let mut terminate = signal(SignalKind::terminate())?;
    app.run_until(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    })
    .await
}
