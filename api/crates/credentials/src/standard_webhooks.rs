//! Signatures of webhooks, by the Standard Webhooks specification
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>), as PostHog makes them in
//! `nodejs/src/cdp/utils/standard-webhooks.ts`.
//!
//! The sender makes an HMAC-SHA-256 of `id.timestamp.body` and sends it in three headers. The receiver makes the same HMAC
//! and compares. It also refuses an old timestamp, because a recorded request could otherwise be replayed for ever.
//!
//! The crate `standardwebhooks` is not used: it takes the time from the system clock, so that tests cannot set it, and it
//! accepts keys of any length.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Names the delivery. It stays the same when the delivery is retried.
pub const ID_HEADER: &str = "webhook-id";
/// When the request was signed, in Unix seconds.
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
/// One or more signatures with spaces between them, each a version, a comma, and base64.
pub const SIGNATURE_HEADER: &str = "webhook-signature";

/// How far a signature's time may be from the receiver's, in seconds, in either direction.
pub const TOLERANCE_S: u64 = 300;
/// The shortest key, in bytes. The specification asks for 24 to 64, and PostHog refuses to sign with a shorter one.
pub const KEY_BYTES_MIN: usize = 24;

/// How a secret may begin, to be recognised by people and by secret scanners.
const SECRET_PREFIX: &str = "whsec_";
/// The version of the signatures that are made with a shared key.
const VERSION_PREFIX: &str = "v1,";

/// A key that signs and verifies. It has no `Debug`, because it is a secret.
#[derive(Clone)]
pub struct SigningKey(Vec<u8>);

/// Why a secret is no signing key. The message does not repeat the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SigningKeyError {
    /// It is not base64.
    #[error("must be base64, with or without whsec_ before it")]
    NotBase64,
    /// It is base64 of fewer than [`KEY_BYTES_MIN`] bytes.
    #[error("must be base64 of at least {KEY_BYTES_MIN} bytes")]
    TooShort,
}

/// Why a signed request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The timestamp is not a number of seconds.
    #[error("the webhook's timestamp is not a number of seconds")]
    Timestamp,
    /// The timestamp is further than [`TOLERANCE_S`] from now.
    #[error("the webhook's timestamp is more than {TOLERANCE_S} s from now")]
    Expired,
    /// No key made any of the signatures.
    #[error("the webhook's signature is not valid")]
    Signature,
}

impl SigningKey {
    /// Reads a secret: base64 of at least [`KEY_BYTES_MIN`] bytes, with or without `whsec_` before it.
    ///
    /// # Errors
    /// The secret is not base64, or too short.
    pub fn parse(secret: &str) -> Result<Self, SigningKeyError> {
        let base64 = secret.strip_prefix(SECRET_PREFIX).unwrap_or(secret);
        let key = BASE64_STANDARD.decode(base64).map_err(|_| SigningKeyError::NotBase64)?;
        if key.len() < KEY_BYTES_MIN { Err(SigningKeyError::TooShort) } else { Ok(Self(key)) }
    }

    /// The value of [`SIGNATURE_HEADER`] for a body that is sent as `id` at `timestamp_s`, in Unix seconds.
    pub fn sign(&self, id: &str, timestamp_s: i64, body: &[u8]) -> String {
        let mac = self.mac(id, &timestamp_s.to_string(), body).finalize();
        format!("{VERSION_PREFIX}{}", BASE64_STANDARD.encode(mac.into_bytes()))
    }

    fn mac(&self, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        mac
    }
}

/// The three headers of a signed request, whose timestamp has been checked. They still prove nothing: [`verify`] needs the
/// body, which a receiver reads only after it has looked at the headers.
///
/// [`verify`]: SignedHeaders::verify
#[derive(Debug, Clone)]
pub struct SignedHeaders {
    id: String,
    /// As it was sent, because the text is what was signed.
    timestamp: String,
    signatures: Vec<Vec<u8>>,
}

impl SignedHeaders {
    /// Reads the values of [`ID_HEADER`], [`TIMESTAMP_HEADER`] and [`SIGNATURE_HEADER`]. `now_s` is the receiver's time, in
    /// Unix seconds. Signatures of other versions are skipped, as the specification asks.
    ///
    /// # Errors
    /// The timestamp is not a number, or further than [`TOLERANCE_S`] from `now_s`.
    pub fn parse(id: &str, timestamp: &str, signatures: &str, now_s: i64) -> Result<Self, VerifyError> {
        let timestamp_s = timestamp.parse().map_err(|_| VerifyError::Timestamp)?;
        if !is_within_tolerance(timestamp_s, now_s) {
            return Err(VerifyError::Expired);
        }
        let signatures = signatures
            .split(' ')
            .filter_map(|signature| BASE64_STANDARD.decode(signature.strip_prefix(VERSION_PREFIX)?).ok())
            .collect();
        Ok(Self { id: id.to_owned(), timestamp: timestamp.to_owned(), signatures })
    }

    /// Checks that one of `keys` made one of the signatures, for this body. There may be several keys while a secret is
    /// rotated. How long it takes does not depend on how much of a wrong signature is right.
    ///
    /// # Errors
    /// No key made any of the signatures.
    pub fn verify<'a>(&self, keys: impl IntoIterator<Item = &'a SigningKey>, body: &[u8]) -> Result<(), VerifyError> {
        let is_valid = keys.into_iter().any(|key| {
            let mac = key.mac(&self.id, &self.timestamp, body);
            self.signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
        });
        if is_valid { Ok(()) } else { Err(VerifyError::Signature) }
    }

    /// The delivery's id. Believe it only after [`SignedHeaders::verify`].
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Whether a signature's time, in Unix seconds, is close enough to the receiver's: at most [`TOLERANCE_S`] apart.
pub fn is_within_tolerance(timestamp_s: i64, now_s: i64) -> bool {
    timestamp_s.abs_diff(now_s) <= TOLERANCE_S
}

#[cfg(test)]
mod tests {
    use super::*;

    // PostHog's own test vector: `nodejs/src/cdp/utils/standard-webhooks.test.ts`.
    const SECRET: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const TIMESTAMP_S: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    const OTHER_SECRET: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn key(secret: &str) -> SigningKey {
        SigningKey::parse(secret).ok().unwrap()
    }

    fn verify(id: &str, timestamp: &str, signatures: &str, secrets: &[&str], body: &[u8]) -> Result<(), VerifyError> {
        let keys: Vec<_> = secrets.iter().map(|secret| key(secret)).collect();
        SignedHeaders::parse(id, timestamp, signatures, TIMESTAMP_S)?.verify(&keys, body)
    }

    #[test]
    fn a_signature_is_the_one_posthog_makes() {
        for secret in [SECRET.to_owned(), format!("whsec_{SECRET}")] {
            assert_eq!(key(&secret).sign(ID, TIMESTAMP_S, BODY), SIGNATURE);
        }
    }

    #[test]
    fn a_signature_is_valid_when_one_of_several_keys_made_it() {
        let timestamp = TIMESTAMP_S.to_string();
        for secrets in [&[SECRET][..], &[OTHER_SECRET, SECRET], &[SECRET, OTHER_SECRET]] {
            assert_eq!(verify(ID, &timestamp, SIGNATURE, secrets, BODY), Ok(()), "{secrets:?}");
        }
        for secrets in [&[OTHER_SECRET][..], &[]] {
            assert_eq!(verify(ID, &timestamp, SIGNATURE, secrets, BODY), Err(VerifyError::Signature), "{secrets:?}");
        }
    }

    #[test]
    fn one_valid_signature_of_several_is_enough_and_other_versions_are_skipped() {
        let timestamp = TIMESTAMP_S.to_string();
        let several = format!("v1a,xx v1,AAAA v1,not-base64! {SIGNATURE}");
        assert_eq!(verify(ID, &timestamp, &several, &[SECRET], BODY), Ok(()));
        let of_another_version = SIGNATURE.replace("v1,", "v2,");
        for none in [of_another_version.as_str(), "", "v1,", "v1,AAAA"] {
            assert_eq!(verify(ID, &timestamp, none, &[SECRET], BODY), Err(VerifyError::Signature), "{none}");
        }
    }

    #[test]
    fn another_body_id_or_timestamp_is_refused() {
        let (timestamp, another) = (TIMESTAMP_S.to_string(), (TIMESTAMP_S + 1).to_string());
        let refused = Err(VerifyError::Signature);
        assert_eq!(verify(ID, &timestamp, SIGNATURE, &[SECRET], b"{}"), refused);
        assert_eq!(verify("msg_other", &timestamp, SIGNATURE, &[SECRET], BODY), refused);
        assert_eq!(verify(ID, &another, SIGNATURE, &[SECRET], BODY), refused);
        for no_number in ["", "soon", "1614265330.5"] {
            assert_eq!(verify(ID, no_number, SIGNATURE, &[SECRET], BODY), Err(VerifyError::Timestamp), "{no_number}");
        }
    }

    #[test]
    fn a_signature_is_good_for_five_minutes_in_either_direction() {
        for (seconds_later, is_good) in [(300, true), (301, false), (-300, true), (-301, false)] {
            let now_s = TIMESTAMP_S + seconds_later;
            assert_eq!(is_within_tolerance(TIMESTAMP_S, now_s), is_good, "{seconds_later} s");
            let parsed = SignedHeaders::parse(ID, &TIMESTAMP_S.to_string(), SIGNATURE, now_s);
            assert_eq!(parsed.err(), (!is_good).then_some(VerifyError::Expired), "{seconds_later} s");
        }
        assert!(!is_within_tolerance(i64::MIN, i64::MAX));
    }

    #[test]
    fn a_secret_that_posthog_would_not_sign_with_is_refused() {
        assert!(SigningKey::parse(&BASE64_STANDARD.encode([7; 24])).is_ok());
        let too_short = BASE64_STANDARD.encode([7; 23]);
        for (secret, error) in [
            (too_short.as_str(), SigningKeyError::TooShort),
            ("whsec_", SigningKeyError::TooShort),
            ("whsec_not base64", SigningKeyError::NotBase64),
        ] {
            assert_eq!(SigningKey::parse(secret).err(), Some(error), "{secret}");
        }
    }
}
