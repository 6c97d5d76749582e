//! The command line of posthog-local: serves, checks a running server, or provisions a real PostHog project.

use std::{
    io::{self, IsTerminal},
    process::ExitCode,
    sync::LazyLock,
};

use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use posthog_local::{
    app::App,
    health,
    provision::{self, Outcome},
    settings::{Secrets, Settings},
};
use program::{empty_variables::without_empty_variables, logging, version};
use tokio::signal::unix::{SignalKind, signal};

/// The release and the commit.
static VERSION: LazyLock<String> = LazyLock::new(|| version::text(&[]));

/// A stand-in for PostHog: capture, persons, webhooks, workflows and e-mails in one process, with no account
#[derive(Debug, Parser)]
#[command(version = VERSION.as_str(), after_help = SECRETS)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (the default)
    Serve,
    /// Ask a running server whether it is ready; exit status 0 if it is, else 1
    Health,
    /// Create in a real PostHog project what project.toml declares
    Provision(provision::Options),
}

const SECRETS: &str = "\
Secrets have no flag. Each is read from its variable, or from the file that <NAME>_FILE names:
  WEBHOOK_SECRET            Sent with each webhook in X-Webhook-Secret
  WEBHOOK_SIGNING_SECRET    Signs each webhook by Standard Webhooks (whsec_...)
  SMTP_URL                  Server that e-mails are also sent to, as
                            smtp://user:password@host:587?tls=required
  POSTHOG_PERSONAL_API_KEY  Personal key (phx_...): `provision` sends it to PostHog, and
                            callers of posthog-local's own REST API must send it
  POSTHOG_SECRET_API_KEY    The project's secret key (phs_...), with which SDKs may read the
                            definitions of flags from posthog-local, as with the personal key
Setting both <NAME> and <NAME>_FILE is an error, and so is an empty file. WEBHOOK_SECRET and
WEBHOOK_SIGNING_SECRET may hold two values with a comma between them while a secret is rotated;
the first one is used.

RUST_LOG sets the log level [default: info]; LOG_FORMAT=json writes the log as a line of JSON a record [default: text].";

#[actix_web::main]
async fn main() -> ExitCode {
    let matches = without_empty_variables(Cli::command()).get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    if let Err(error) = logging::start() {
        return failed(&error.into());
    }
    run(cli).await.unwrap_or_else(|error| failed(&error))
}

/// One line, and never a backtrace: what fails at the start is the configuration.
fn failed(error: &anyhow::Error) -> ExitCode {
    logging::say_error("posthog-local", &format!("{error:#}").split_whitespace().collect::<Vec<_>>().join(" "));
    ExitCode::FAILURE
}

async fn run(cli: Cli) -> Result<ExitCode> {
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
            eprintln!("not a terminal; pass --yes, or --dry-run to look only");
            return false;
        }
        eprint!("Make these changes? [y/N] ");
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
