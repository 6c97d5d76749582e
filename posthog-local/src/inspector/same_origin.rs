//! Checks of `Host` and `Origin`: the inspector and the REST API answer the inspector's own pages, and tools such as
//! curl, but no page of another origin.
//!
//! Such a page cannot read the answers, because they have no CORS headers. But it could send a reset, or reach
//! 127.0.0.1 by a name of its own (DNS rebinding). Both are answered 403. `POSTHOG_LOCAL_HOSTS` lets further names in, such
//! as that of a service in a compose file.

use std::net::{IpAddr, SocketAddr};

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Uri,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};

/// Knows the hosts by which this server may be called.
#[derive(Debug, Clone)]
pub struct SameOrigin {
    listens_at: IpAddr,
    hosts: Vec<String>,
}

impl SameOrigin {
    /// The check for a server that listens on `address`, and that may also be called by `hosts` (`POSTHOG_LOCAL_HOSTS`).
    pub fn new(address: SocketAddr, hosts: Vec<String>) -> Self {
        let hosts = hosts.iter().map(|host| host.trim().to_ascii_lowercase()).filter(|host| !host.is_empty());
        Self { listens_at: address.ip(), hosts: hosts.collect() }
    }

    /// Checks a request's headers.
    ///
    /// # Errors
    /// The request is to be refused; the text says why.
    pub fn admit(&self, headers: &HeaderMap) -> Result<(), String> {
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let host = text(header::HOST).unwrap_or_default();
        if !self.is_own(host) {
            let name = host.split(':').next().unwrap_or_default();
            return Err(
                match name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
                    && !name.is_empty()
                {
                    true => format!("this Host is not served here; if it is yours, set POSTHOG_LOCAL_HOSTS={name}"),
                    false => "this Host is not served here; POSTHOG_LOCAL_HOSTS names further ones".to_owned(),
                },
            );
        }
        if text(header::ORIGIN).is_some_and(|origin| origin != format!("http://{host}")) {
            return Err("pages of another origin are not served here".to_owned());
        }
        // Browsers send Sec-Fetch-Site even where they send no Origin, as for <img> and <script>. Another port of this
        // machine is the same site, but not the same origin. Following a link to the inspector is allowed.
        let is_visit = text(header::HeaderName::from_static("sec-fetch-mode")) == Some("navigate")
            && text(HeaderName::from_static("sec-fetch-dest")) == Some("document");
        match text(HeaderName::from_static("sec-fetch-site")) {
            None | Some("same-origin" | "none") => Ok(()),
            Some(_) if is_visit => Ok(()),
            Some(_) => Err("pages of another origin are not served here".to_owned()),
        }
    }

    /// Whether nobody else can own this host. The port does not matter.
    fn is_own(&self, host: &str) -> bool {
        let Ok(uri) = host.parse::<Uri>() else { return false };
        let Some(authority) = uri.authority().filter(|authority| !authority.as_str().contains('@')) else {
            return false;
        };
        let name = authority.host().trim_start_matches('[').trim_end_matches(']');
        name.eq_ignore_ascii_case("localhost")
            || self.hosts.contains(&name.to_ascii_lowercase())
            || name.parse().is_ok_and(|ip: IpAddr| {
                ip == self.listens_at
                    || ip == IpAddr::from([127, 0, 0, 1])
                    || ip == IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])
            })
    }
}

/// Middleware: refuses requests of other origins, and sets headers that restrict what browsers do with the answers.
///
/// # Errors
/// The errors of the wrapped routes.
pub async fn check<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let admitted = match request.app_data::<Data<SameOrigin>>() {
        Some(guard) => guard.admit(request.headers()),
        None => Err("the check of Host and Origin is not set up".to_owned()),
    };
    let mut response = match admitted {
        Ok(()) => next.call(request).await?.map_into_left_body(),
        Err(why) => request.into_response(HttpResponse::Forbidden().body(why)).map_into_right_body(),
    };
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(headers: &[(&'static str, &str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        let hosts = vec!["posthog".to_owned(), " PostHog.internal ".to_owned()];
        let guard = SameOrigin::new("192.168.7.7:8000".parse().unwrap(), hosts);
        guard.admit(&headers.collect()).is_ok()
    }

    #[test]
    fn own_names_are_served_and_others_are_not() {
        for host in [
            "localhost",
            "localhost:8000",
            "LOCALHOST:1",
            "127.0.0.1:8000",
            "[::1]:8000",
            "192.168.7.7:80",
            "posthog:8000",
            "posthog.internal",
        ] {
            assert!(admits(&[("host", host)]), "{host}");
        }
        for host in [
            "evil.test",
            "localhost.evil.test:8000",
            "127.0.0.1.evil.test",
            "192.168.7.8",
            "posthog.test",
            "posthog.evil.test",
            "localhost@evil.test",
            "",
            "::1",
        ] {
            assert!(!admits(&[("host", host)]), "{host}");
        }
        assert!(!admits(&[]));
        let guard = SameOrigin::new("0.0.0.0:8000".parse().unwrap(), Vec::new());
        let told =
            |host: &str| guard.admit(&[(header::HOST, host.parse().unwrap())].into_iter().collect()).unwrap_err();
        assert!(told("posthog:8000").ends_with("set POSTHOG_LOCAL_HOSTS=posthog"), "{}", told("posthog:8000"));
        assert!(!told("<b>:1").contains("<b>"));
    }

    #[test]
    fn other_origins_are_not_served() {
        let host = ("host", "localhost:8000");
        assert!(admits(&[host, ("origin", "http://localhost:8000"), ("sec-fetch-site", "same-origin")]));
        for origin in
            ["http://localhost:4200", "https://localhost:8000", "http://127.0.0.1:8000", "null", "http://evil.test"]
        {
            assert!(!admits(&[host, ("origin", origin)]), "{origin}");
        }
        for site in ["cross-site", "same-site"] {
            assert!(!admits(&[
                host,
                ("sec-fetch-site", site),
                ("sec-fetch-mode", "no-cors"),
                ("sec-fetch-dest", "image")
            ]));
            assert!(!admits(&[
                host,
                ("sec-fetch-site", site),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "iframe")
            ]));
            assert!(admits(&[
                host,
                ("sec-fetch-site", site),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document")
            ]));
        }
    }
}
