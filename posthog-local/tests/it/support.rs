//! A posthog-local of one's own, and somebody who receives its webhooks.

use std::{
    collections::VecDeque,
    io::Write,
    net::TcpListener,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use actix_web::{App as ActixApp, HttpRequest, HttpResponse, HttpServer, http::StatusCode, web};
use credentials::Secret;
use flate2::{Compression, write::GzEncoder};
use posthog_local::{
    app::App,
    settings::{Secrets, Settings},
    store::Limits,
};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

/// Whatever has not happened by then will not.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);

pub(crate) const SECRET: &str = "hunter2-hunter2";
/// 24 bytes in base64.
pub(crate) const SIGNING_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

pub(crate) const PERSONAL_KEY: &str = "phx_hunter5";

/// A running posthog-local; it stops when it is dropped.
pub(crate) struct Local {
    pub(crate) url: String,
    pub(crate) client: Client,
    _stop: oneshot::Sender<()>,
    _folder: Option<tempfile::TempDir>,
}

#[derive(Default)]
pub(crate) struct Options {
    pub(crate) webhook_url: Option<String>,
    pub(crate) project: Option<String>,
    pub(crate) secrets: Secrets,
}

pub(crate) fn secrets() -> Secrets {
    Secrets {
        webhook_secret: Some(Secret::new(SECRET)),
        webhook_signing_secret: Some(Secret::new(SIGNING_SECRET)),
        personal_api_key: Some(Secret::new(PERSONAL_KEY)),
        ..Secrets::default()
    }
}

pub(crate) fn settings(webhook_url: Option<String>, config: Option<PathBuf>) -> Settings {
    let Limits { events_max, events_bytes_max } = Limits::DEFAULT;
    let addr = "127.0.0.1:0".parse().unwrap();
    Settings {
        addr,
        webhook_url,
        config,
        events_max,
        events_bytes_max,
        hosts: Vec::new(),
        trust_forwarded: None,
        retry_after: false,
        retry_time_scale: 0.001,
    }
}

impl Local {
    pub(crate) async fn start(options: Options) -> Self {
        let folder = options.project.map(|project| {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("project.toml"), project).unwrap();
            folder
        });
        let config = folder.as_ref().map(|folder| folder.path().join("project.toml"));
        Self::of(App::build(settings(options.webhook_url, config), options.secrets).unwrap(), folder)
    }

    /// Runs it; the folder lives as long.
    pub(crate) fn of(app: App, folder: Option<tempfile::TempDir>) -> Self {
        let url = app.url();
        let (stop, stopped) = oneshot::channel::<()>();
        actix_web::rt::spawn(app.run_until(async { _ = stopped.await }));
        Self { url, client: Client::new(), _stop: stop, _folder: folder }
    }

    /// With a receiver that answers as told, and then always 200.
    pub(crate) async fn with_receiver(answers: Vec<Answer>) -> (Self, Receiver) {
        let receiver = Receiver::start(answers).await;
        let local = Self::start(Options { webhook_url: Some(receiver.url.clone()), ..Options::default() }).await;
        (local, receiver)
    }

    /// Whoever has nothing to receive: nobody listens there.
    pub(crate) async fn alone() -> Self {
        Self::start(Options { webhook_url: Some("http://127.0.0.1:9/".to_owned()), ..Options::default() }).await
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.url))
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        self.get(path).send().await.unwrap().json().await.unwrap()
    }

    /// Captures events as one batch.
    pub(crate) async fn capture(&self, events: Value) {
        let body = json!({"api_key": "phc_local", "batch": events});
        let response = self.post("/batch/").json(&body).send().await.unwrap();
        assert_eq!(text(response).await, (200, r#"{"status":"Ok"}"#.to_owned()));
    }

    /// The events that are kept, the oldest first.
    pub(crate) async fn events(&self) -> Vec<Value> {
        let mut events = self.json("/_local/events").await["events"].as_array().unwrap().clone();
        events.reverse();
        events
    }

    /// The only destination's part of an event, as soon as it is over.
    pub(crate) async fn ended(&self, uuid: &str) -> Value {
        eventually("the delivery has ended", || async {
            let run = self.json(&format!("/_local/events/{uuid}")).await["destinations"][0].clone();
            ["delivered", "failed", "not_matched", "masked"].contains(&run["state"].as_str()?).then_some(run)
        })
        .await
    }
}

pub(crate) async fn text(response: Response) -> (u16, String) {
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Asks again and again until there is an answer.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, ask: impl Fn() -> F) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(started.elapsed() < DEADLINE, "not within {DEADLINE:?}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

pub(crate) fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

pub(crate) const UUID: &str = "0193b2c8-77aa-7000-8000-000000000001";

/// A `generation_failed` that the shipped destination wants.
pub(crate) fn failure(uuid: &str) -> Value {
    json!({"uuid": uuid, "event": "generation_failed", "distinct_id": "user_1007",
        "properties": {"input_prompt": "a chair", "failure_reason": "timeout"}})
}

/// What the receiver got.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What the receiver says.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Status(u16),
    With(u16, &'static [(&'static str, &'static str)], String),
    /// Repeats the request's headers.
    Echo,
    /// Says nothing for a minute.
    Silence,
}

/// Somebody who receives webhooks; stops when it is dropped.
pub(crate) struct Receiver {
    pub(crate) url: String,
    received: mpsc::UnboundedReceiver<Received>,
    handle: actix_web::dev::ServerHandle,
}

#[derive(Clone)]
struct Script {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    received: mpsc::UnboundedSender<Received>,
}

impl Receiver {
    pub(crate) async fn start(answers: Vec<Answer>) -> Self {
        let (sender, received) = mpsc::unbounded_channel();
        let script = Script { answers: Arc::new(Mutex::new(answers.into())), received: sender };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/api/webhooks", listener.local_addr().unwrap());
        let server = HttpServer::new(move || {
            let limit = web::PayloadConfig::new(32 * 1024 * 1024);
            ActixApp::new().app_data(limit).app_data(web::Data::new(script.clone())).default_service(web::to(receive))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { url, received, handle }
    }

    pub(crate) async fn next(&mut self) -> Received {
        tokio::time::timeout(DEADLINE, self.received.recv()).await.expect("a webhook within the deadline").unwrap()
    }

    pub(crate) fn nothing_more(&mut self) {
        assert!(self.received.try_recv().is_err(), "another webhook came");
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

async fn receive(request: HttpRequest, body: web::Bytes, script: web::Data<Script>) -> HttpResponse {
    let headers = request.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let received = Received {
        path: request.path().to_owned(),
        headers: headers.collect(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let echo = format!("{:?}", received.headers);
    _ = script.received.send(received);
    let answer = script.answers.lock().unwrap().pop_front().unwrap_or(Answer::Status(200));
    match answer {
        Answer::Status(status) => HttpResponse::build(StatusCode::from_u16(status).unwrap()).finish(),
        Answer::With(status, headers, body) => {
            let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap());
            headers.iter().for_each(|header| _ = response.insert_header(*header));
            response.body(body)
        }
        Answer::Echo => HttpResponse::Ok().body(echo),
        Answer::Silence => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            HttpResponse::Ok().finish()
        }
    }
}
