//! Who is calling: a shared secret in a header, or a Standard Webhooks signature
//! (<https://github.com/standard-webhooks/standard-webhooks>, as PostHog's `nodejs/src/cdp/utils/standard-webhooks.ts`
//! makes it). All comparisons take the same time whatever differs.

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{problem::Problem, secret::Secret, settings::Secrets};

/// How far a signature's time may be from ours, in seconds, either way: older ones could be replayed.
const TOLERANCE_S: u64 = 300;
/// The shortest signing key, in bytes; PostHog refuses to sign with a shorter one.
const SIGNING_KEY_BYTES_MIN: usize = 24;

/// What callers can authenticate with. Without any secret everyone may call, and the API listens on loopback only.
#[derive(Clone, Default)]
pub struct Authentication {
    shared_digests: Vec<[u8; 32]>,
    signing_keys: Vec<Vec<u8>>,
}

/// Why a secret cannot be used. It names the variable, never the value.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// The signing secret is not base64, or too short.
    #[error("WEBHOOK_SIGNING_SECRET must be base64 of at least 24 bytes, with or without whsec_ before it")]
    SigningSecret,
}

/// Headers that were checked; a signature needs the body, too.
pub(super) enum CheckedHeaders<'a> {
    Enough,
    Signature { keys: &'a [Vec<u8>], id: String, timestamp: String, signatures: Vec<Vec<u8>> },
}

impl Authentication {
    /// Takes the secrets of the settings.
    ///
    /// # Errors
    /// When a signing secret cannot be a key.
    pub fn new(secrets: &Secrets) -> Result<Self, SettingError> {
        Ok(Self {
            // Digests have one length, so that comparing them does not tell the secret's.
            shared_digests: secrets.webhook.iter().map(|secret| Sha256::digest(secret.expose()).into()).collect(),
            signing_keys: secrets.webhook_signing.iter().map(signing_key).collect::<Result<_, _>>()?,
        })
    }

    /// Whether callers must authenticate.
    pub fn is_required(&self) -> bool {
        !self.shared_digests.is_empty() || !self.signing_keys.is_empty()
    }

    /// One valid way is enough; an invalid signature is always refused.
    pub(super) fn check_headers(&self, headers: &HeaderMap, now: Timestamp) -> Result<CheckedHeaders<'_>, Problem> {
        if !self.signing_keys.is_empty() && headers.contains_key("webhook-signature") {
            return self.signature(headers, now).ok_or(Problem::Unauthenticated);
        }
        if !self.is_required() || self.has_shared_secret(headers) {
            return Ok(CheckedHeaders::Enough);
        }
        Err(Problem::Unauthenticated)
    }

    fn has_shared_secret(&self, headers: &HeaderMap) -> bool {
        let bearer = headers.get(AUTHORIZATION).and_then(|value| {
            let (scheme, token) = value.as_bytes().split_at_checked(7)?;
            scheme.eq_ignore_ascii_case(b"bearer ").then_some(token)
        });
        let given = [bearer, headers.get("x-webhook-secret").map(|value| value.as_bytes())];
        given.into_iter().flatten().any(|given| {
            let digest: [u8; 32] = Sha256::digest(given.trim_ascii()).into();
            // No early end: every configured value is compared.
            self.shared_digests.iter().fold(false, |equal, secret| equal | bool::from(secret.ct_eq(&digest)))
        })
    }

    fn signature(&self, headers: &HeaderMap, now: Timestamp) -> Option<CheckedHeaders<'_>> {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let timestamp = header("webhook-timestamp")?;
        let seconds: i64 = timestamp.parse().ok()?;
        if seconds.abs_diff(now.as_second()) > TOLERANCE_S {
            return None;
        }
        let signatures: Vec<_> = header("webhook-signature")?
            .split(' ')
            .filter_map(|signature| BASE64_STANDARD.decode(signature.strip_prefix("v1,")?).ok())
            .collect();
        Some(CheckedHeaders::Signature {
            keys: &self.signing_keys,
            id: header("webhook-id")?.to_owned(),
            timestamp: timestamp.to_owned(),
            signatures,
        })
    }
}

impl CheckedHeaders<'_> {
    /// Checks the signature of the body. Gives the id of a signed delivery, which stays the same over PostHog's retries.
    pub(super) fn check_body(self, body: &[u8]) -> Result<Option<String>, Problem> {
        let Self::Signature { keys, id, timestamp, signatures } = self else {
            return Ok(None);
        };
        let is_valid = keys.iter().any(|key| {
            let mac = mac(key, &id, &timestamp, body);
            signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
        });
        if is_valid { Ok(Some(id)) } else { Err(Problem::Unauthenticated) }
    }
}

/// Signs as PostHog does, for whoever posts to the API in its place.
pub struct Signer(Vec<u8>);

impl Signer {
    /// Takes a signing secret.
    ///
    /// # Errors
    /// When it cannot be a key.
    pub fn new(secret: &Secret) -> Result<Self, SettingError> {
        signing_key(secret).map(Self)
    }

    /// The headers that prove a body: the delivery's id, the time, and the signature of both and the body.
    pub fn headers(&self, id: &str, now: Timestamp, body: &[u8]) -> [(&'static str, String); 3] {
        let timestamp = now.as_second().to_string();
        let signature = BASE64_STANDARD.encode(mac(&self.0, id, &timestamp, body).finalize().into_bytes());
        [
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", timestamp),
            ("webhook-signature", format!("v1,{signature}")),
        ]
    }
}

fn signing_key(secret: &Secret) -> Result<Vec<u8>, SettingError> {
    let base64 = secret.expose().strip_prefix("whsec_").unwrap_or(secret.expose());
    let key = BASE64_STANDARD.decode(base64).ok();
    key.filter(|key| key.len() >= SIGNING_KEY_BYTES_MIN).ok_or(SettingError::SigningSecret)
}

fn mac(key: &[u8], id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

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
    fn what_is_signed_here_is_accepted_here() {
        let signer = Signer::new(&Secret::new(SECRET)).unwrap();
        let headers = signer.headers(ID.1, Timestamp::from_second(1_614_265_330).unwrap(), BODY);
        assert_eq!(headers.each_ref().map(|(name, value)| (*name, value.as_str())), [ID, TIME, SIGNATURE]);
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
