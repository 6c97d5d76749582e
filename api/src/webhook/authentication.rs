//! Who is calling: a shared secret in a header, or a Standard Webhooks signature. All comparisons take the same time whatever
//! differs.

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use anyhow::Context;
use credentials::standard_webhooks::{ID_HEADER, SIGNATURE_HEADER, SignedHeaders, SigningKey, TIMESTAMP_HEADER};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{problem::Problem, settings::Secrets};

/// The secrets that callers authenticate with. Without any secret everyone may call, and the API listens on loopback only.
#[derive(Clone, Default)]
pub struct Authentication {
    shared_digests: Vec<[u8; 32]>,
    signing_keys: Vec<SigningKey>,
}

/// Headers that were checked; a signature needs the body, too.
pub(super) enum CheckedHeaders<'a> {
    Enough,
    Signature { keys: &'a [SigningKey], signed: SignedHeaders },
}

impl Authentication {
    /// Takes the secrets of the settings.
    ///
    /// # Errors
    /// When a signing secret cannot be a key.
    pub fn new(secrets: &Secrets) -> anyhow::Result<Self> {
        let signing_key = |secret: &credentials::Secret| SigningKey::parse(secret.expose());
        Ok(Self {
            // Digests have one length, so that comparing them does not tell the secret's.
            shared_digests: secrets.webhook.iter().map(|secret| Sha256::digest(secret.expose()).into()).collect(),
            signing_keys: secrets
                .webhook_signing
                .iter()
                .map(signing_key)
                .collect::<Result<_, _>>()
                .context("WEBHOOK_SIGNING_SECRET")?,
        })
    }

    /// Whether callers must authenticate.
    pub fn is_required(&self) -> bool {
        !self.shared_digests.is_empty() || !self.signing_keys.is_empty()
    }

    /// One valid way is enough; an invalid signature is always refused.
    pub(super) fn check_headers(&self, headers: &HeaderMap, now: Timestamp) -> Result<CheckedHeaders<'_>, Problem> {
        if !self.signing_keys.is_empty() && headers.contains_key(SIGNATURE_HEADER) {
            let signed = signed_headers(headers, now).ok_or(Problem::Unauthenticated)?;
            return Ok(CheckedHeaders::Signature { keys: &self.signing_keys, signed });
        }
        if !self.is_required() || self.has_shared_secret(headers) {
            return Ok(CheckedHeaders::Enough);
        }
        Err(Problem::Unauthenticated)
    }

    /// Whether any of the headers that may hold the secret does: a proxy may have added one of its own.
    fn has_shared_secret(&self, headers: &HeaderMap) -> bool {
        let bearers = headers.get_all(AUTHORIZATION).filter_map(|value| {
            let (scheme, token) = value.as_bytes().split_at_checked(7)?;
            scheme.eq_ignore_ascii_case(b"bearer ").then_some(token)
        });
        let given = bearers.chain(headers.get_all("x-webhook-secret").map(|value| value.as_bytes()));
        // No early end: every given value is compared with every configured one.
        given.fold(false, |found, given| {
            let digest: [u8; 32] = Sha256::digest(given.trim_ascii()).into();
            self.shared_digests.iter().fold(found, |found, secret| found | bool::from(secret.ct_eq(&digest)))
        })
    }
}

/// The headers of a signature. Several `webhook-signature` headers count as one with all their signatures.
fn signed_headers(headers: &HeaderMap, now: Timestamp) -> Option<SignedHeaders> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let signatures = headers.get_all(SIGNATURE_HEADER).filter_map(|value| value.to_str().ok()).collect::<Vec<_>>();
    SignedHeaders::parse(header(ID_HEADER)?, header(TIMESTAMP_HEADER)?, &signatures.join(" "), now.as_second()).ok()
}

impl CheckedHeaders<'_> {
    /// Whether the caller is authenticated only with its body.
    pub(super) fn needs_body(&self) -> bool {
        matches!(self, Self::Signature { .. })
    }

    /// Checks the signature of the body. Gives the id of a signed delivery, which stays the same over PostHog's retries.
    pub(super) fn check_body(self, body: &[u8]) -> Result<Option<String>, Problem> {
        let Self::Signature { keys, signed } = self else { return Ok(None) };
        match signed.verify(keys, body) {
            Ok(()) => Ok(Some(signed.id().to_owned())),
            Err(_) => Err(Problem::Unauthenticated),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use credentials::Secret;

    use super::*;

    // PostHog's own test vector: `nodejs/src/cdp/utils/standard-webhooks.test.ts`.
    const SECRET: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const ID: (&str, &str) = ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek");
    const TIME: (&str, &str) = ("webhook-timestamp", "1614265330");
    const SIGNATURE: (&str, &str) = ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    fn authentication(webhook: &[&str], signing: &[&str]) -> Authentication {
        let secrets = |values: &[&str]| values.iter().map(|value| Secret::new(*value)).collect();
        Authentication::new(&Secrets {
            webhook: secrets(webhook),
            webhook_signing: secrets(signing),
            ..Secrets::default()
        })
        .unwrap()
    }

    fn accepts(authentication: &Authentication, headers: &[(&str, &str)], seconds_later: i64, body: &[u8]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap());
        }
        let now = Timestamp::from_second(1_614_265_330 + seconds_later).unwrap();
        authentication.check_headers(&map, now).and_then(|headers| headers.check_body(body)).is_ok()
    }

    #[test]
    fn posthogs_test_vector_is_valid_with_and_without_the_prefix_and_beside_other_keys() {
        let signed = [ID, TIME, SIGNATURE];
        assert!(accepts(&authentication(&[], &[SECRET]), &signed, 0, BODY));
        assert!(accepts(&authentication(&[], &[&format!("whsec_{SECRET}")]), &signed, 0, BODY));
        let other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert!(accepts(&authentication(&[], &[other, SECRET]), &signed, 0, BODY));
        assert!(!accepts(&authentication(&[], &[other]), &signed, 0, BODY));
    }

    #[test]
    fn one_of_several_signatures_is_enough() {
        let several = format!("v1a,xx v1,AAAA {}", SIGNATURE.1);
        assert!(accepts(&authentication(&[], &[SECRET]), &[ID, TIME, ("webhook-signature", &several)], 0, BODY));
    }

    #[test]
    fn another_body_id_or_time_is_refused() {
        let authentication = authentication(&[], &[SECRET]);
        assert!(!accepts(&authentication, &[ID, TIME, SIGNATURE], 0, b"{}"));
        assert!(!accepts(&authentication, &[("webhook-id", "msg_other"), TIME, SIGNATURE], 0, BODY));
        assert!(!accepts(&authentication, &[ID, ("webhook-timestamp", "1614265331"), SIGNATURE], 0, BODY));
        assert!(!accepts(&authentication, &[ID, SIGNATURE], 0, BODY));
    }

    #[test]
    fn a_signature_is_good_for_five_minutes_either_way() {
        let authentication = authentication(&[], &[SECRET]);
        for (seconds_later, accepted) in [(300, true), (301, false), (-300, true), (-301, false)] {
            assert_eq!(
                accepts(&authentication, &[ID, TIME, SIGNATURE], seconds_later, BODY),
                accepted,
                "{seconds_later} s"
            );
        }
    }

    #[test]
    fn a_shared_secret_is_taken_from_either_header() {
        let authentication = authentication(&["old", "new"], &[]);
        assert!(accepts(&authentication, &[("authorization", "Bearer new")], 0, BODY));
        assert!(accepts(&authentication, &[("authorization", "bearer old")], 0, BODY));
        assert!(accepts(&authentication, &[("x-webhook-secret", "new")], 0, BODY));
        for wrong in
            [("authorization", "new"), ("authorization", "Bearer newer"), ("x-webhook-secret", ""), ("x-other", "new")]
        {
            assert!(!accepts(&authentication, &[wrong], 0, BODY), "{wrong:?}");
        }
    }

    #[test]
    fn a_right_header_after_a_wrong_one_is_enough() {
        let shared = authentication(&["new"], &[]);
        for name in ["authorization", "x-webhook-secret"] {
            let value = |secret| if name == "authorization" { format!("Bearer {secret}") } else { secret };
            let (wrong, right) = (value("wrong".into()), value("new".into()));
            assert!(accepts(&shared, &[(name, &wrong), (name, &right)], 0, BODY), "{name}");
            assert!(!accepts(&shared, &[(name, &wrong), (name, &wrong)], 0, BODY), "{name}");
        }
        let signed = authentication(&[], &[SECRET]);
        assert!(accepts(&signed, &[ID, TIME, ("webhook-signature", "v1,AAAA"), SIGNATURE], 0, BODY));
    }

    #[test]
    fn where_both_are_set_one_valid_way_is_enough_but_a_wrong_signature_never_is() {
        let authentication = authentication(&["secret"], &[SECRET]);
        let shared = ("x-webhook-secret", "secret");
        assert!(accepts(&authentication, &[shared], 0, BODY));
        assert!(accepts(&authentication, &[ID, TIME, SIGNATURE], 0, BODY));
        assert!(!accepts(&authentication, &[shared, ID, TIME, SIGNATURE], 0, b"{}"));
    }

    #[test]
    fn a_signing_secret_that_cannot_be_a_key_is_refused() {
        for wrong in ["not base64!", "c2hvcnQ="] {
            let secrets = Secrets { webhook_signing: vec![Secret::new(wrong)], ..Secrets::default() };
            assert!(Authentication::new(&secrets).is_err(), "{wrong}");
        }
    }
}
