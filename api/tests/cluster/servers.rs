//! nats-servers of the tests: each with a folder of its own, on loopback, ended by process id.

use std::{
    env, fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::helpers::agent;

/// How long three servers may take to be a cluster.
const CLUSTER_DEADLINE: Duration = Duration::from_secs(60);

/// A cluster of servers.
pub(crate) struct Servers {
    servers: Vec<Server>,
    _folder: TempDir,
}

struct Server {
    config: PathBuf,
    port: u16,
    monitor: u16,
    child: Option<Child>,
}

/// Settings that a test chooses.
#[derive(Clone, Copy)]
pub(crate) struct Options {
    pub(crate) count: usize,
    pub(crate) max_payload: &'static str,
    pub(crate) sync: &'static str,
}

impl Default for Options {
    fn default() -> Self {
        Self { count: 1, max_payload: "8MB", sync: "always" }
    }
}

/// The program; `None`, having said so, where there is none.
fn program() -> Option<PathBuf> {
    let cache = env::var_os("MISFIRE_CACHE").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache/misfire")));
    let in_path = env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>()).unwrap_or_default();
    let folders = cache.map(|cache| cache.join("tools/bin")).into_iter().chain(in_path);
    let found = folders.map(|folder| folder.join("nats-server")).find(|program| program.is_file());
    if found.is_none() {
        assert!(env::var_os("CI").is_none(), "there is no nats-server: run scripts/setup test");
        println!("skipped: there is no nats-server: run scripts/setup test");
    }
    found
}

impl Servers {
    /// One server; `None` where there is no program.
    pub(crate) fn one() -> Option<Self> {
        Self::start(Options::default())
    }

    pub(crate) fn start(options: Options) -> Option<Self> {
        program()?;
        let folder = tempfile::tempdir().unwrap();
        let ports = free_ports(options.count * 3);
        let routes: Vec<_> = ports.iter().skip(2).step_by(3).map(|port| format!("nats://127.0.0.1:{port}")).collect();
        let servers = ports.chunks(3).enumerate().map(|(index, ports)| {
            let [port, monitor, route] = ports[..] else { unreachable!() };
            let name = format!("n{}", index + 1);
            let config = folder.path().join(format!("{name}.conf"));
            let store = folder.path().join(&name);
            let cluster = match options.count {
                1 => String::new(),
                _ => format!(
                    "cluster {{ name: test, listen: 127.0.0.1:{route}, routes: [{}] }}\n",
                    routes.iter().map(|url| format!("\"{url}\"")).collect::<Vec<_>>().join(", ")
                ),
            };
            let text = format!(
                "server_name: {name}\nlisten: 127.0.0.1:{port}\nhttp: 127.0.0.1:{monitor}\nmax_payload: {}\n\
                 jetstream {{ store_dir: \"{}\", sync_interval: {}, max_file: 8GB }}\n{cluster}",
                options.max_payload,
                store.display(),
                options.sync,
            );
            fs::write(&config, text).unwrap();
            Server { config, port, monitor, child: None }
        });
        let mut servers = Self { servers: servers.collect(), _folder: folder };
        (0..options.count).for_each(|index| servers.launch(index));
        servers.wait_until_healthy();
        Some(servers)
    }

    pub(crate) fn count(&self) -> usize {
        self.servers.len()
    }

    /// The value of NATS_URL.
    pub(crate) fn urls(&self) -> String {
        self.servers.iter().map(|server| format!("nats://127.0.0.1:{}", server.port)).collect::<Vec<_>>().join(",")
    }

    /// The value of NATS_MONITOR.
    pub(crate) fn monitors(&self) -> String {
        self.servers.iter().map(|server| format!("http://127.0.0.1:{}", server.monitor)).collect::<Vec<_>>().join(",")
    }

    /// Starts a server that is not running.
    pub(crate) fn launch(&mut self, index: usize) {
        let server = &mut self.servers[index];
        let log = fs::OpenOptions::new().append(true).create(true).open(server.config.with_extension("log")).unwrap();
        let mut command = Command::new(program().unwrap());
        command.arg("-c").arg(&server.config).stdout(Stdio::null()).stderr(log).stdin(Stdio::null());
        server.child = Some(command.spawn().unwrap());
    }

    /// Kills a server, as a power cut would.
    pub(crate) fn kill(&mut self, index: usize) {
        if let Some(mut child) = self.servers[index].child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub(crate) fn signal(&self, index: usize, signal: Signal) {
        if let Some(child) = &self.servers[index].child {
            kill_process(Pid::from_child(child), signal).unwrap();
        }
    }

    pub(crate) fn wait_until_healthy(&self) {
        let started = Instant::now();
        for server in &self.servers {
            let url = format!("http://127.0.0.1:{}/healthz", server.monitor);
            while !agent().get(&url).call().is_ok_and(|answer| answer.status() == 200) {
                assert!(started.elapsed() < CLUSTER_DEADLINE, "{url} does not get healthy");
                thread::sleep(Duration::from_millis(50));
            }
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        (0..self.servers.len()).for_each(|index| self.kill(index));
    }
}

/// Ports that were free a moment ago.
fn free_ports(count: usize) -> Vec<u16> {
    let listeners: Vec<_> = (0..count).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    listeners.iter().map(|listener| listener.local_addr().unwrap().port()).collect()
}

/// What the monitoring page of a server says about its streams, by their names.
pub(crate) fn streams_of(monitor: &str) -> Vec<Value> {
    let url = format!("{monitor}/jsz?streams=true&accounts=true");
    let text = agent().get(url).call().ok().and_then(|mut answer| answer.body_mut().read_to_string().ok());
    let json: Value = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    json["account_details"][0]["stream_detail"].as_array().cloned().unwrap_or_default()
}
