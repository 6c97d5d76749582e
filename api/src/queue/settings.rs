//! The settings of the cluster, the same for nodes and for the writer.

use std::path::PathBuf;

use clap::Args;

/// Which NATS servers events pass through. There is no cluster unless `NATS_URL` is set.
#[derive(Debug, Clone, Args)]
pub struct QueueSettings {
    /// All servers of the NATS cluster, with commas between them: nats://a:4222,nats://b:4222,nats://c:4222, or tls://….
    #[arg(long, env = "NATS_URL", value_delimiter = ',', hide_env_values = true)]
    pub nats_url: Vec<String>,

    /// What the names of the two streams begin with. By default they are MISFIRE_0 and MISFIRE_1.
    #[arg(long, env = "NATS_STREAM", default_value = "MISFIRE")]
    pub nats_stream: String,

    /// The certificates (PEM) of the authority that signed those of the servers. [default: those of the system]
    #[arg(long, env = "NATS_CA")]
    pub nats_ca: Option<PathBuf>,

    /// The servers' monitoring addresses, with commas between them: http://a:8222,http://b:8222. They tell whether the servers sync each
    /// message.
    #[arg(long, env = "NATS_MONITOR", value_delimiter = ',')]
    pub nats_monitor: Vec<String>,

    /// How many bytes each stream may hold. The servers reserve them when the writer creates the streams.
    #[arg(long, env = "NATS_MAX_BYTES", default_value_t = 4 * 1024 * 1024 * 1024,
          value_parser = clap::value_parser!(u64).range(16 * 1024 * 1024..=1 << 50))]
    pub nats_max_bytes: u64,

    /// How many servers must hold a copy of each event; with fewer nothing starts.
    #[arg(long, env = "NATS_REPLICAS_MIN", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=5))]
    pub nats_replicas_min: u8,

    /// How many `misfire write` there are, each with a full copy on a disk of its own. A message stays in the streams until each has it.
    #[arg(long, env = "NATS_WRITERS", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=5))]
    pub nats_writers: u8,

    /// Start although the servers do not sync each message before they acknowledge it: a power cut may then lose events that were
    /// acknowledged.
    #[arg(long, env = "NATS_ALLOW_LAZY_SYNC", default_value_t = false, num_args = 0..=1,
          default_missing_value = "true", action = clap::ArgAction::Set)]
    pub nats_allow_lazy_sync: bool,
}

impl QueueSettings {
    /// Whether there is a cluster. An empty variable counts as unset, because compose passes unset variables on as empty ones.
    pub fn is_set(&self) -> bool {
        self.urls().next().is_some()
    }

    /// The servers.
    pub(super) fn urls(&self) -> impl Iterator<Item = &str> {
        not_blank(&self.nats_url)
    }

    /// Where the servers are monitored.
    pub(super) fn monitors(&self) -> impl Iterator<Item = &str> {
        not_blank(&self.nats_monitor)
    }
}

fn not_blank(urls: &[String]) -> impl Iterator<Item = &str> {
    urls.iter().map(|url| url.trim()).filter(|url| !url.is_empty())
}
