//! Settings of `misfire web`.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;

/// Settings of `misfire web`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Where the page is served.
    #[arg(long = "addr", env = "WEB_ADDR", value_name = "WEB_ADDR", default_value = "127.0.0.1:4200")]
    pub addr: SocketAddr,

    /// The folder that holds the built page.
    #[arg(long = "root", env = "WEB_ROOT", value_name = "WEB_ROOT", default_value = "frontend/dist")]
    pub root: PathBuf,

    /// Where the page sends events: PostHog's ingestion host.
    #[arg(long, env = "POSTHOG_HOST", default_value = "http://localhost:8000")]
    pub posthog_host: String,

    /// The key of the PostHog project (`phc_…`), which is public by nature.
    #[arg(long, env = "POSTHOG_KEY", default_value = "phc_local", hide_env_values = true)]
    pub posthog_key: String,

    /// Where an event can be inspected: the page links to /events/UUID there. [default: POSTHOG_HOST when that is this machine]
    #[arg(long, env = "INSPECTOR_URL")]
    pub inspector_url: Option<String>,

    /// Check the settings, print the config.json that the page would get, and exit
    #[arg(long)]
    pub print_config: bool,
}
