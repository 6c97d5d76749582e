//! A client of PostHog's REST API, as far as provisioning needs it.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use credentials::Secret;
use hyper::{Method, Request, header};
use serde_json::Value;

use crate::{
    http::{self, Client},
    json::Object,
    settings::Secrets,
};

/// The longest wait for an answer, including the connection.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How many objects a page of a list has.
const PAGE: usize = 100;
/// The most objects of a list that are read.
const OBJECTS_MAX: usize = 5_000;
/// How much of an error's body is shown if it is not in PostHog's form, in characters.
const SHOWN_CHARS_MAX: usize = 300;

/// A project at a PostHog.
pub struct Api {
    client: Client,
    base: String,
    project: String,
    key: Secret,
    /// Masked in errors, because an answer may repeat what it was sent.
    secrets: Secrets,
}

impl Api {
    /// The project `project` of the PostHog at `host`.
    ///
    /// # Errors
    /// `project` is neither a number nor `@current`.
    pub fn new(host: &str, project: &str, key: &Secret, secrets: &Secrets) -> Result<Self> {
        let is_number = !project.is_empty() && project.bytes().all(|byte| byte.is_ascii_digit());
        ensure!(is_number || project == "@current", "--project must be the project's number, or @current");
        Ok(Self {
            client: Client::new(),
            base: format!("{host}/api/projects/{project}/"),
            project: project.to_owned(),
            key: key.clone(),
            secrets: secrets.clone(),
        })
    }

    /// The project's number, or `@current`.
    pub fn project(&self) -> &str {
        &self.project
    }

    /// Gets one object.
    ///
    /// # Errors
    /// There was no answer, or PostHog refused the call; the error contains its reason.
    pub async fn get(&self, path: &str) -> Result<Value> {
        self.send(Method::GET, path, None).await
    }

    /// Gets all objects of a list, page by page.
    ///
    /// # Errors
    /// There was no answer, or PostHog refused the call; the error contains its reason.
    pub async fn list(&self, path: &str) -> Result<Vec<Object>> {
        let mut all = Vec::new();
        let mark = if path.contains('?') { '&' } else { '?' };
        while all.len() < OBJECTS_MAX {
            // The answer's `next` is not followed, because it is a URL, and the key must only be sent to --host.
            let mut page = self.get(&format!("{path}{mark}limit={PAGE}&offset={}", all.len())).await?;
            let results: Vec<Object> = serde_json::from_value(page["results"].take())
                .with_context(|| format!("{path}: PostHog's answer contains no list"))?;
            let is_last = page["next"].is_null() || results.is_empty();
            all.extend(results);
            if is_last {
                break;
            }
        }
        Ok(all)
    }

    /// Makes a call.
    ///
    /// # Errors
    /// There was no answer, or PostHog refused the call; the error contains its reason.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        let what = format!("{method} {}{path}", self.base);
        let authorization = format!("Bearer {}", self.key.expose());
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(header::AUTHORIZATION, authorization)
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, concat!("posthog-local/", env!("CARGO_PKG_VERSION")));
        let mut bytes = http::Body::default();
        if let Some(body) = body {
            request = request.header(header::CONTENT_TYPE, "application/json");
            bytes = body.to_string().into();
        }
        let request = request.body(bytes).context("POSTHOG_PERSONAL_API_KEY cannot be sent in a header")?;
        let answer = tokio::time::timeout(TIMEOUT, self.client.send(request))
            .await
            .with_context(|| format!("{what}: no answer within {} s", TIMEOUT.as_secs()))?
            .with_context(|| format!("{what}: no answer"))?;
        let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status.is_success() {
            return Ok(json);
        }
        let reason = refusal(&json)
            .unwrap_or_else(|| String::from_utf8_lossy(&answer.body).chars().take(SHOWN_CHARS_MAX).collect());
        let hint = match answer.status.as_u16() {
            401 => "\nIs POSTHOG_PERSONAL_API_KEY right, and does it belong to this PostHog? (US and EU are separate.)",
            403 => {
                "\nThe key needs access to the project, and the scopes hog_function:write, hog_flow:write and integration:read."
            }
            404 => "\nIs --project right, and does it belong to this --host?",
            300..=399 => "\nRedirects are not followed; is --host right?",
            _ => "",
        };
        bail!("{what}: PostHog answered {}: {}{hint}", answer.status.as_u16(), self.secrets.masked(reason));
    }
}

/// PostHog's `{"type","code","detail","attr"}` on one line.
fn refusal(json: &Value) -> Option<String> {
    let detail = json["detail"].as_str()?;
    let code = json["code"].as_str().unwrap_or_default();
    Some(match json["attr"].as_str() {
        Some(attr) => format!("{attr}: {detail} ({code})"),
        None => format!("{detail} ({code})"),
    })
}
