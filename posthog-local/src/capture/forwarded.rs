//! The sender's address: of the connection or, where a proxy is trusted, of its headers (`InsecureClientIp` of the crate
//! `axum-client-ip`, which PostHog's capture uses).

use std::net::IpAddr;

use actix_web::{HttpRequest, web::Data};

/// Whether `X-Forwarded-For` and `X-Real-IP` are believed.
#[derive(Debug, Clone, Copy)]
pub struct TrustsForwarded(pub bool);

/// The sender's address, for `$ip`.
pub(super) fn sender(request: &HttpRequest) -> Option<IpAddr> {
    let is_trusted = request.app_data::<Data<TrustsForwarded>>().is_some_and(|trusts| trusts.0);
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // Each proxy adds the address that it sees at the end, so that the first one is the sender's.
    let told = || {
        let forwarded = text("x-forwarded-for").split(',').find_map(|address| address.trim().parse().ok());
        forwarded.or_else(|| text("x-real-ip").trim().parse().ok())
    };
    let ip: Option<IpAddr> = is_trusted.then(told).flatten();
    ip.or_else(|| request.peer_addr().map(|peer| peer.ip())).map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_first_forwarded_address_is_the_senders_if_it_is_trusted() {
        let sender_of = |trusts: bool, name: &'static str, value: &'static str| {
            let request = TestRequest::default()
                .app_data(Data::new(TrustsForwarded(trusts)))
                .peer_addr("127.0.0.1:9".parse().unwrap())
                .insert_header((name, value));
            sender(&request.to_http_request()).unwrap().to_string()
        };
        for (name, value, expected) in [
            ("x-forwarded-for", "203.0.113.7, 10.0.0.1", "203.0.113.7"),
            ("x-forwarded-for", "unknown, 203.0.113.7", "203.0.113.7"),
            ("x-forwarded-for", "::ffff:203.0.113.7", "203.0.113.7"),
            ("x-forwarded-for", "2001:db8::1", "2001:db8::1"),
            ("x-real-ip", "203.0.113.7", "203.0.113.7"),
            ("x-forwarded-for", "nobody", "127.0.0.1"),
            ("x-other", "203.0.113.7", "127.0.0.1"),
        ] {
            assert_eq!(sender_of(true, name, value), expected, "{name}: {value}");
            assert_eq!(sender_of(false, name, value), "127.0.0.1", "{name}: {value}");
        }
    }
}
