//! Standard Webhooks signatures (`nodejs/src/cdp/utils/standard-webhooks.ts`, <https://www.standardwebhooks.com>).

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// PostHog refuses to send with a shorter key.
const KEY_BYTES_MIN: usize = 24;

/// The key that signs. (No `Debug`.)
pub struct SigningKey(Vec<u8>);

impl SigningKey {
    /// Reads a secret, with or without its `whsec_`.
    ///
    /// # Errors
    /// It is not base64, or shorter than 24 bytes.
    pub fn parse(secret: &str) -> Result<Self, &'static str> {
        let encoded = secret.strip_prefix("whsec_").unwrap_or(secret);
        let key = STANDARD.decode(encoded).map_err(|_| "the signing secret must be whsec_ and base64")?;
        if key.len() < KEY_BYTES_MIN { Err("the signing secret must hold at least 24 bytes") } else { Ok(Self(key)) }
    }

    /// The value of `webhook-signature`. `timestamp` is in Unix seconds.
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PostHog's own test vector.
    #[test]
    fn a_signature_is_the_one_posthog_makes() {
        for secret in ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            let signature = SigningKey::parse(secret)
                .map_err(str::to_owned)
                .map(|key| key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#));
            assert_eq!(signature.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        }
    }

    #[test]
    fn a_key_that_posthog_would_not_sign_with_is_refused() {
        assert!(SigningKey::parse(&STANDARD.encode([7; 24])).is_ok());
        assert!(SigningKey::parse(&STANDARD.encode([7; 23])).is_err());
        assert!(SigningKey::parse("whsec_not base64").is_err());
    }
}
