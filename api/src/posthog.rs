//! A client of PostHog's REST API, as far as the commands need it: a person's distinct_ids, and queries.

use std::{
    fmt, thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use clap::Args;
use log::warn;
use prometheus_client::metrics::counter::Counter;
use serde_json::{Value, json};
use ureq::http::{StatusCode, Uri, header};

use credentials::Secret;

/// The longest wait for an answer; PostHog itself ends a query after 60 s.
const TIMEOUT: Duration = Duration::from_secs(90);
/// The longest wait for a free query: PostHog takes as few as 120 an hour.
const PATIENCE: Duration = Duration::from_secs(3_900);
/// How long to wait when PostHog does not say.
const RETRY_AFTER: Duration = Duration::from_secs(5);
/// How often a request is sent while the answer may be another the next time.
const ATTEMPTS_MAX: u32 = 5;
/// The longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 12 * 1024 * 1024;
/// How much of an answer that is no refusal in PostHog's form is shown, in characters.
const SHOWN_CHARS_MAX: usize = 300;

/// Which PostHog is asked. The key is `POSTHOG_PERSONAL_API_KEY`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Settings {
    /// PostHog's app, not its ingestion host, as `https://us.posthog.com` or `http://localhost:8000`.
    #[arg(
        long = "posthog-app-host",
        visible_alias = "host",
        env = "POSTHOG_APP_HOST",
        value_name = "POSTHOG_APP_HOST"
    )]
    pub host: Option<String>,

    /// The project's number, or @current.
    #[arg(
        long = "posthog-project",
        visible_alias = "project",
        env = "POSTHOG_PROJECT",
        value_name = "POSTHOG_PROJECT"
    )]
    pub project: Option<String>,
}

/// A project of a PostHog, and the key to it.
#[derive(Clone)]
pub(crate) struct Project {
    agent: ureq::Agent,
    base: String,
    key: Secret,
    /// Requests that were sent.
    requests: Counter,
}

impl fmt::Display for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

/// Why there is no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// It is longer than is read.
    #[error("the answer is longer than {ANSWER_BYTES_MAX} bytes")]
    TooLong,
    /// PostHog has refused the request.
    #[error("{error:#}")]
    Refused {
        /// The status of its answer.
        status: u16,
        /// Its words, and what may be wrong.
        error: anyhow::Error,
    },
    /// Anything else.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl Project {
    /// The project that the settings name.
    ///
    /// # Errors
    /// When the host or the number cannot be used, or there is no key.
    pub(crate) fn new(settings: &Settings, key: Option<&Secret>) -> anyhow::Result<Self> {
        let (Some(host), Some(project)) = (&settings.host, &settings.project) else {
            bail!("POSTHOG_APP_HOST and POSTHOG_PROJECT are both needed (or --host and --project)");
        };
        let is_number = !project.is_empty() && project.bytes().all(|byte| byte.is_ascii_digit());
        ensure!(is_number || project == "@current", "POSTHOG_PROJECT must be the project's number, or @current");
        let key = key.context("POSTHOG_PERSONAL_API_KEY is not set (PostHog > Settings > Personal API keys)")?;
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .user_agent(concat!("misfire/", env!("CARGO_PKG_VERSION")));
        Ok(Self {
            agent: config.build().new_agent(),
            base: format!("{}/api/projects/{project}/", app_host(host)?),
            key: key.clone(),
            requests: Counter::default(),
        })
    }

    /// Counts the requests there.
    pub(crate) fn counting(self, requests: Counter) -> Self {
        Self { requests, ..self }
    }

    /// All distinct_ids of the persons who have this e-mail address; it is compared as it is written.
    ///
    /// # Errors
    /// PostHog's refusal, in its own words.
    pub(crate) fn distinct_ids_of(&self, email: &str) -> anyhow::Result<Vec<String>> {
        let email: String = email.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let list = self.ask(&format!("persons/?email={email}&limit=100"), None)?;
        let persons = list["results"].as_array().context("PostHog's answer holds no list of persons")?;
        let mut ids = Vec::new();
        for person in persons {
            // A list may show a few of a person's ids; the person alone shows all.
            let id = person["id"].as_str().map_or_else(|| person["id"].to_string(), str::to_owned);
            let person = self.ask(&format!("persons/{id}/"), None)?;
            let all = person["distinct_ids"].as_array().context("PostHog's answer holds no distinct_ids")?;
            ids.extend(all.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        ensure!(
            list["next"].is_null(),
            "more than 100 persons have this address in PostHog; that is no person's address"
        );
        Ok(ids)
    }

    /// The rows of a HogQL query, whose `{placeholders}` are `values`.
    ///
    /// # Errors
    /// [`AskError::TooLong`], or PostHog's refusal, in its own words.
    pub(crate) fn query(&self, hogql: &str, values: &Value) -> Result<Vec<Vec<Value>>, AskError> {
        // A cached answer may be from before the outage.
        let body =
            json!({"query": {"kind": "HogQLQuery", "query": hogql, "values": values}, "refresh": "force_blocking"});
        let mut answer = self.ask("query/", Some(&body))?;
        Ok(serde_json::from_value(answer["results"].take()).context("PostHog's answer holds no rows")?)
    }

    /// Asks until there is an answer: later when PostHog says that it is too much at once, or when it fails.
    fn ask(&self, path: &str, body: Option<&Value>) -> Result<Value, AskError> {
        let started = Instant::now();
        let mut attempts = 1;
        loop {
            let url = format!("{}{path}", self.base);
            self.requests.inc();
            let authorization = format!("Bearer {}", self.key.expose());
            let answer = match body {
                None => self.agent.get(&url).header(header::AUTHORIZATION, authorization).call(),
                Some(body) => self
                    .agent
                    .post(&url)
                    .header(header::AUTHORIZATION, authorization)
                    .content_type("application/json")
                    .send(body.to_string()),
            };
            // Not the URL: it may hold an e-mail address.
            let mut answer = answer.with_context(|| format!("{} does not answer", self.base))?;
            let status = answer.status();
            let wait = wait_after(status, answer.headers());
            let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
            let body = match body {
                Err(ureq::Error::BodyExceedsLimit(_)) => return Err(AskError::TooLong),
                body => body.with_context(|| format!("{}: the answer ended early", self.base))?,
            };
            if status.is_success() {
                return Ok(serde_json::from_slice(&body).context("PostHog's answer is no JSON")?);
            }
            match wait {
                Some(wait)
                    if started.elapsed() + wait < PATIENCE
                        && (status == StatusCode::TOO_MANY_REQUESTS || attempts < ATTEMPTS_MAX) =>
                {
                    warn!("PostHog answered {}; it is asked again in {} s", status.as_u16(), wait.as_secs());
                    thread::sleep(wait);
                    attempts += 1;
                }
                _ => return Err(AskError::Refused { status: status.as_u16(), error: refusal(status, &body) }),
            }
        }
    }
}

/// How long to wait before asking again; `None` when that would not help.
fn wait_after(status: StatusCode, headers: &ureq::http::HeaderMap) -> Option<Duration> {
    let is_temporary = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    let told = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    is_temporary.then(|| told.map_or(RETRY_AFTER, Duration::from_secs))
}

/// `{"type","code","detail","attr"}` in a line, and what may be wrong.
fn refusal(status: StatusCode, body: &[u8]) -> anyhow::Error {
    let told = serde_json::from_slice::<Value>(body).ok().and_then(|json| json["detail"].as_str().map(str::to_owned));
    let told = told.unwrap_or_else(|| String::from_utf8_lossy(body).chars().take(SHOWN_CHARS_MAX).collect());
    let hint = match status.as_u16() {
        401 => "\nIs POSTHOG_PERSONAL_API_KEY right, and of this PostHog (US and EU are two)?",
        403 => "\nThe key needs the scopes query:read (pull) or person:read (forget), and the project.",
        404 => "\nIs POSTHOG_PROJECT right, and of this POSTHOG_APP_HOST?",
        300..=399 => "\nRedirects are not followed; is POSTHOG_APP_HOST right?",
        _ => "",
    };
    anyhow::anyhow!("PostHog answered {}: {told}{hint}", status.as_u16())
}

/// `scheme://host:port`. Mistakes here would send the key to the wrong place.
fn app_host(host: &str) -> anyhow::Result<String> {
    let wrong = "POSTHOG_APP_HOST must be like https://us.posthog.com";
    let uri: Uri = host.trim().trim_end_matches('/').parse().context(wrong)?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { bail!(wrong) };
    ensure!(matches!(scheme, "http" | "https") && !authority.as_str().contains('@') && uri.path() == "/", wrong);
    ensure!(
        !authority.host().ends_with(".i.posthog.com"),
        "POSTHOG_APP_HOST must be PostHog's app, not its ingestion host: https://{}",
        authority.host().replace(".i.posthog.com", ".posthog.com")
    );
    let name = authority.host().trim_matches(['[', ']']);
    let ip = name.parse::<std::net::IpAddr>();
    // A name without a dot is one of this network, as compose gives them.
    let is_local = ip.as_ref().map_or_else(|_| !name.contains('.'), std::net::IpAddr::is_loopback);
    ensure!(
        scheme == "https" || is_local,
        "POSTHOG_APP_HOST must be https://, or the personal key would go in the open"
    );
    Ok(format!("{scheme}://{authority}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_goes_to_posthogs_app_alone() {
        assert_eq!(app_host("https://eu.posthog.com/").unwrap(), "https://eu.posthog.com");
        for local in ["http://[::1]:8000", "http://localhost:8000", "http://posthog-local:8000"] {
            assert_eq!(app_host(local).unwrap(), local);
        }
        for host in [
            "https://us.i.posthog.com",
            "http://posthog.example",
            "http://10.0.0.7:8000",
            "http://[2001:db8::1]",
            "us.posthog.com",
            "https://u:p@x.test",
            "https://x.test/p",
        ] {
            assert!(app_host(host).is_err(), "{host}");
        }
    }

    #[test]
    fn it_is_asked_again_when_that_may_help_and_when_it_says() {
        let headers = |seconds: &'static str| {
            ureq::http::HeaderMap::from_iter([(header::RETRY_AFTER, ureq::http::HeaderValue::from_static(seconds))])
        };
        let wait = |status: u16, seconds| wait_after(StatusCode::from_u16(status).unwrap(), &headers(seconds));
        assert_eq!(wait(429, "512"), Some(Duration::from_secs(512)));
        assert_eq!(wait(503, "later"), Some(RETRY_AFTER));
        assert_eq!(wait(400, "1"), None);
    }
}
