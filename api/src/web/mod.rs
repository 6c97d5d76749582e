//! `misfire web`: serves the built page with actix-files, and the `/config.json` that tells the page where PostHog is.

mod config;
mod csp;
mod settings;

use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
};

use actix_files::Files;
use actix_web::{
    App, HttpResponse, HttpServer,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
        X_CONTENT_TYPE_OPTIONS,
    },
    middleware::{Next, from_fn},
    web,
};
use anyhow::Context;
use log::info;

use shared::page_config::PageConfig;

pub use self::settings::Settings;
use crate::request_log;

/// `misfire web`: serves the page, or prints its configuration.
///
/// # Errors
/// When the settings are wrong, the page is not built, the address is taken or the server cannot run.
pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    if settings.print_config {
        println!("{}", serde_json::to_string(&config::page_config(settings)?)?);
        return Ok(());
    }
    Site::build(settings)?.run().await
}

/// The page's server, bound to its address but not running yet.
pub struct Site {
    listener: TcpListener,
    root: PathBuf,
    config: PageConfig,
    policy: HeaderValue,
}

impl Site {
    /// Checks the settings and the built page, and binds.
    ///
    /// # Errors
    /// When the page is not built, PostHog's host or key is invalid, or the address is taken.
    pub fn build(settings: &Settings) -> anyhow::Result<Self> {
        let index = settings.root.join("index.html");
        let html = std::fs::read_to_string(&index).with_context(|| {
            format!("WEB_ROOT: {} cannot be read; build the page with scripts/build-page", index.display())
        })?;
        let config = config::page_config(settings)?;
        let policy = HeaderValue::try_from(csp::policy(&html, config.posthog_host.origin()))
            .context("the page's Content-Security-Policy is not a valid header")?;
        let addr = settings.addr;
        let listener = TcpListener::bind(addr).with_context(|| format!("WEB_ADDR: cannot listen on {addr}"))?;
        Ok(Self { listener, root: settings.root.clone(), config, policy })
    }

    /// The address that it listens on.
    ///
    /// # Errors
    /// When the operating system does not tell it.
    pub fn addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until SIGTERM or Ctrl-C.
    ///
    /// # Errors
    /// When the server cannot run.
    pub async fn run(self) -> anyhow::Result<()> {
        let Self { listener, root, config, policy } = self;
        info!("listening on http://{}", listener.local_addr()?);
        let config = web::Data::new(config);
        HttpServer::new(move || {
            App::new()
                .app_data(config.clone())
                .app_data(web::Data::new(policy.clone()))
                .wrap(from_fn(set_headers))
                .wrap(from_fn(request_log::log_request))
                .route("/config.json", web::get().to(page_config))
                .service(files(&root))
        })
        .shutdown_timeout(1)
        .listen(listener)?
        .run()
        .await?;
        Ok(())
    }
}

/// Leaves out headers that a browser does not need: the ETag is enough to ask whether a file has changed.
fn files(root: &Path) -> Files {
    let files = Files::new("/", root).index_file("index.html").try_compressed().prefer_utf8(true);
    files.use_last_modified(false).disable_content_disposition()
}

async fn page_config(config: web::Data<PageConfig>) -> HttpResponse {
    HttpResponse::Ok().json(config.as_ref())
}

/// Trunk puts a hash of the content into the names of the files that it builds, so these can be cached for ever. Everything
/// else must be revalidated on each visit.
async fn set_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let is_hashed = is_hashed(request.path());
    let policy = request.app_data::<web::Data<HeaderValue>>().map(|policy| HeaderValue::clone(policy));
    let mut response = next.call(request).await?;
    let cache =
        if is_hashed && response.status().is_success() { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if headers.get(CONTENT_TYPE).is_some_and(is_subresource) {
        return Ok(response);
    }
    if let Some(policy) = policy {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    Ok(response)
}

/// Scripts, wasm and JSON: a document's security headers mean nothing for them, and would add most of a kilobyte to each.
fn is_subresource(kind: &HeaderValue) -> bool {
    ["text/javascript", "application/wasm", "application/json"]
        .iter()
        .any(|part| kind.as_bytes().starts_with(part.as_bytes()))
}

fn is_hashed(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .unwrap_or_default()
        .split(['-', '_', '.'])
        .any(|part| part.len() >= 14 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn only_names_with_a_hash_are_cached_for_good() {
        assert!(is_hashed("/frontend-3d1f6a0b9c8e7f21_bg.wasm") && is_hashed("/style-3d1f6a0b9c8e7f21.css"));
        assert!(
            !is_hashed("/") && !is_hashed("/index.html") && !is_hashed("/config.json") && !is_hashed("/favicon.svg")
        );
    }
}
