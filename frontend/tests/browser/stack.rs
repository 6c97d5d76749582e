//! The real binaries on free ports, ended by process id.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// How long anything may take before a test fails.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// The key to posthog-local's REST API.
const PERSONAL_KEY: &str = "phx_local";

pub(crate) struct Stack {
    api: Server,
    posthog: Option<Server>,
    web: Server,
    folder: TempDir,
    client: reqwest::Client,
    posthog_addr: String,
}

struct Server {
    child: Child,
    addr: String,
}

impl Stack {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let api = Server::start("misfire", &["serve"], &[("API_ADDR", "127.0.0.1:0")], folder.path());
        let posthog = start_posthog("127.0.0.1:0", &api.addr, folder.path());
        let host = format!("http://{}", posthog.addr);
        let root = dist();
        let root = root.to_str().expect("a path in UTF-8");
        let web = [("WEB_ADDR", "127.0.0.1:0"), ("WEB_ROOT", root), ("POSTHOG_HOST", &host)];
        let web = Server::start("misfire", &["web"], &web, folder.path());
        let client = reqwest::Client::builder().no_proxy().timeout(DEADLINE).build().unwrap();
        let posthog_addr = posthog.addr.clone();
        Self { api, posthog: Some(posthog), web, folder, client, posthog_addr }
    }

    pub(crate) fn page_url(&self) -> String {
        format!("http://{}/", self.web.addr)
    }

    pub(crate) fn inspector_url(&self, uuid: &str) -> String {
        format!("http://{}/events/{uuid}", self.posthog_addr)
    }

    pub(crate) async fn stop_posthog(&mut self) {
        self.posthog = None;
    }

    /// Starts it again where it was, as the page knows it.
    pub(crate) async fn start_posthog(&mut self) {
        self.posthog = Some(start_posthog(&self.posthog_addr, &self.api.addr, self.folder.path()));
    }

    /// What posthog-local shows of the events, the newest first.
    pub(crate) async fn events(&self) -> Vec<Value> {
        self.ask("/_local/events", "events").await
    }

    pub(crate) async fn emails(&self) -> Vec<Value> {
        self.ask("/_local/emails", "emails").await
    }

    /// Lets posthog-local misbehave.
    pub(crate) async fn fault(&self, faults: &Value) {
        let url = format!("http://{}/_local/faults", self.posthog_addr);
        self.client.put(url).json(faults).send().await.unwrap().error_for_status().unwrap();
    }

    async fn ask(&self, path: &str, member: &str) -> Vec<Value> {
        let answer = self.client.get(format!("http://{}{path}", self.posthog_addr)).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let list = answer.get(member).unwrap_or(&answer);
        list.as_array().unwrap_or_else(|| panic!("no list at {path}: {answer}")).clone()
    }

    /// The events of this name, the newest first, once there are as many.
    pub(crate) async fn wait_for_events(&self, name: &str, at_least: usize) -> Vec<Value> {
        let named = async || {
            let mut events = self.events().await;
            events.retain(|event| event["event"] == name);
            events
        };
        eventually(&format!("{at_least} events {name}"), async || named().await.len() >= at_least).await;
        named().await
    }

    pub(crate) async fn wait_for_emails(&self, at_least: usize) -> Vec<Value> {
        eventually(&format!("{at_least} e-mails"), async || self.emails().await.len() >= at_least).await;
        self.emails().await
    }

    /// Pulls all that PostHog has, as `misfire serve` would do by itself.
    pub(crate) fn pull(&self) {
        let host = format!("http://{}", self.posthog_addr);
        let since = ["--since", "2020-01-01", "--api", &self.api.addr];
        let mut command = Command::new(binary("misfire"));
        command.args(["pull", "--host", &host, "--project", "1"]).args(since).current_dir(self.folder.path());
        let done = command.env_clear().env("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }

    /// The lines of the file, once there are as many.
    pub(crate) async fn wait_for_lines(&self, count: usize) -> Vec<String> {
        let file = self.folder.path().join("training_data.jsonl");
        let lines = || fs::read_to_string(&file).unwrap_or_default().lines().map(str::to_owned).collect::<Vec<_>>();
        eventually(&format!("{count} lines"), async || lines().len() >= count).await;
        lines()
    }
}

fn start_posthog(addr: &str, api: &str, folder: &Path) -> Server {
    let webhook = format!("http://{api}/api/webhooks");
    let settings =
        [("POSTHOG_LOCAL_ADDR", addr), ("WEBHOOK_URL", &webhook), ("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY)];
    Server::start("posthog-local", &[], &settings, folder)
}

impl Server {
    /// Starts a binary of this workspace and waits until it says where it listens.
    fn start(name: &str, arguments: &[&str], settings: &[(&str, &str)], folder: &Path) -> Self {
        let mut command = Command::new(binary(name));
        command.args(arguments).current_dir(folder).env_clear().envs(settings.iter().copied());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (told, addr) = mpsc::channel();
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if let Some((_, addr)) = line.split_once("listening on http://") {
                    let _ = told.send(Ok(addr.trim().to_owned()));
                } else {
                    let _ = told.send(Err(line));
                }
            }
        });
        let mut said = Vec::new();
        loop {
            match addr.recv_timeout(DEADLINE) {
                Ok(Ok(addr)) => return Self { child, addr },
                Ok(Err(line)) => said.push(line),
                Err(_) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    panic!("{name} did not start: {said:?}");
                }
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Cargo builds a workspace's binaries two folders above its tests.
fn binary(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let path = test.parent().and_then(Path::parent).expect("a target folder").join(name);
    assert!(path.exists(), "{} is missing: run cargo build", path.display());
    path
}

fn dist() -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist");
    assert!(path.join("index.html").exists(), "the page is not built: run scripts/build-page");
    path
}

/// The built page on a server that lacks something of it.
pub(crate) struct StaticSite {
    addr: String,
}

impl StaticSite {
    /// Without the files whose names end like this.
    pub(crate) fn without(lacking: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap().to_string();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                thread::spawn(move || serve_file(stream, lacking));
            }
        });
        Self { addr }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.addr)
    }
}

fn serve_file(mut stream: std::net::TcpStream, lacking: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut request = String::new();
    BufReader::new(stream.try_clone()?).read_line(&mut request)?;
    let path = request.split(' ').nth(1).unwrap_or("/").trim_start_matches('/');
    let name = if path.is_empty() { "index.html" } else { path };
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html",
        Some("js" | "mjs") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    };
    let (status, body) = match fs::read(dist().join(name)) {
        Ok(body) if !name.ends_with(lacking) => ("200 OK", body),
        _ => ("404 Not Found", Vec::new()),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&body)
}

/// Waits until the condition holds, or fails.
pub(crate) async fn eventually(what: &str, condition: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !condition().await {
        assert!(started.elapsed() < DEADLINE, "{what} did not come about");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
