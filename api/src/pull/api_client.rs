//! Posts events to a running API.

use std::{thread, time::Duration};

use anyhow::{Context, bail};
use credentials::{
    Secret,
    standard_webhooks::{ID_HEADER, SIGNATURE_HEADER, SigningKey, TIMESTAMP_HEADER},
};
use jiff::Timestamp;
use serde::Deserialize;
use ureq::http::{StatusCode, header};
use uuid::Uuid;

use super::given::Given;
use crate::settings::Secrets;

/// The API answers within 2.5 s, whatever its disk does.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait when the API does not say, and how often it is tried before the run is given up.
const RETRY_AFTER: Duration = Duration::from_secs(2);
const ATTEMPTS_MAX: u32 = 30;

/// Where events are posted, and how the caller authenticates.
pub(crate) struct ApiClient {
    agent: ureq::Agent,
    url: String,
    authentication: Option<Authentication>,
}

enum Authentication {
    Shared(Secret),
    Signature(SigningKey),
}

#[derive(Deserialize)]
struct Answer {
    status: Option<serde_json::Value>,
    reason: Option<String>,
    detail: Option<String>,
}

impl ApiClient {
    /// A client of the API at `api`: host and port, or a URL.
    ///
    /// # Errors
    /// When the signing secret cannot be used.
    pub(crate) fn new(api: &str, secrets: &Secrets) -> anyhow::Result<Self> {
        let authentication = match (secrets.webhook.first(), secrets.webhook_signing.first()) {
            (Some(secret), _) => Some(Authentication::Shared(secret.clone())),
            (None, Some(secret)) => {
                Some(Authentication::Signature(SigningKey::parse(secret.expose()).context("WEBHOOK_SIGNING_SECRET")?))
            }
            (None, None) => None,
        };
        // No redirects: the secret goes nowhere but to --api.
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let config = config.timeout_global(Some(TIMEOUT)).proxy(None);
        let url = format!("{}/api/webhooks", url_of(api).trim_end_matches('/'));
        Ok(Self { agent: config.build().new_agent(), url, authentication })
    }

    /// Posts an event, again and again while the API says that it is too much at once or cannot write.
    ///
    /// # Errors
    /// When the API is not there, wants another proof, or refuses every event; its log says why.
    pub(crate) fn post(&self, body: &str) -> anyhow::Result<Given> {
        for _ in 0..ATTEMPTS_MAX {
            let mut answer = self.request(body).with_context(|| format!("{} does not answer", self.url))?;
            let status = answer.status();
            if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
                let told = answer.headers().get(header::RETRY_AFTER);
                let seconds = told.and_then(|value| value.to_str().ok()?.trim().parse().ok());
                thread::sleep(seconds.map_or(RETRY_AFTER, Duration::from_secs));
                continue;
            }
            if status == StatusCode::UNAUTHORIZED {
                bail!("{} refuses the secret: set WEBHOOK_SECRET or WEBHOOK_SIGNING_SECRET as for the API", self.url);
            }
            let text = answer.body_mut().read_to_string().with_context(|| format!("{} ended early", self.url))?;
            let answer: Answer =
                serde_json::from_str(&text).with_context(|| format!("{} does not answer as the API does", self.url))?;
            return Ok(match answer.status.as_ref().and_then(|status| status.as_str()) {
                Some("stored") => Given::Stored,
                Some("duplicate") => Given::Duplicate,
                Some("ignored") => Given::Ignored(answer.reason.unwrap_or_default()),
                _ => Given::Refused(format!("{}, {}", status.as_u16(), answer.detail.unwrap_or_default())),
            });
        }
        bail!("{} refuses every event; its log says why", self.url)
    }

    fn request(&self, body: &str) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        let request = self.agent.post(&self.url).content_type("application/json");
        let request = match &self.authentication {
            None => request,
            Some(Authentication::Shared(secret)) => request.header("x-webhook-secret", secret.expose()),
            // A fresh one each time: it is good for some minutes.
            Some(Authentication::Signature(key)) => {
                let (id, now_s) = (Uuid::now_v7().to_string(), Timestamp::now().as_second());
                let signature = key.sign(&id, now_s, body.as_bytes());
                let request = request.header(ID_HEADER, id).header(TIMESTAMP_HEADER, now_s.to_string());
                request.header(SIGNATURE_HEADER, signature)
            }
        };
        request.send(body)
    }
}

/// `API_ADDR` may be the address that the API listens on: every interface is reached by this machine's own.
fn url_of(api: &str) -> String {
    if api.contains("://") {
        return api.to_owned();
    }
    let api = api.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:");
    format!("http://{api}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_that_the_api_listens_on_leads_to_it() {
        assert_eq!(url_of("0.0.0.0:3000"), "http://127.0.0.1:3000");
        assert_eq!(url_of("[::]:3000"), "http://[::1]:3000");
        assert_eq!(url_of("api:3000"), "http://api:3000");
        assert_eq!(url_of("https://api.example/x"), "https://api.example/x");
    }
}
