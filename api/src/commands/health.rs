//! `misfire health`: asks a running server whether it can take events, for health checks of containers and supervisors.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use anyhow::Context;
use clap::Args;
use dataset::output;

/// Settings of `misfire health`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// The URL to ask instead of the API's /ready, such as http://127.0.0.1:4200/config.json for the page.
    #[arg(value_name = "URL")]
    pub url: Option<String>,

    /// Where the API listens.
    #[arg(long = "addr", env = "API_ADDR", value_name = "API_ADDR", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,

    /// Where the API answers health checks, if not at API_ADDR.
    #[arg(long, env = "ADMIN_ADDR", value_name = "ADMIN_ADDR")]
    pub admin_addr: Option<SocketAddr>,
}

/// Asks `/ready` of the API on this machine, or the URL that is given.
///
/// # Errors
/// When there is no answer within 2 s, or it is not 200.
pub fn run(settings: &Settings) -> anyhow::Result<()> {
    let url = settings
        .url
        .clone()
        .unwrap_or_else(|| format!("http://{}/ready", reachable(settings.admin_addr.unwrap_or(settings.addr))));
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(2))).proxy(None);
    config.build().new_agent().get(&url).call().with_context(|| format!("{url} did not answer with 200 within 2 s"))?;
    output::print_line(format_args!("{url} answers"))?;
    Ok(())
}

/// An address that stands for all of the machine's (0.0.0.0, ::) is no address to connect to; loopback is one of them.
fn reachable(mut addr: SocketAddr) -> SocketAddr {
    match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => addr.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => addr.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    addr
}
