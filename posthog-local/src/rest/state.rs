//! What has been created through the REST API, and which key a caller needs.

use std::sync::{Mutex, MutexGuard, PoisonError};

use credentials::Secret;
use sha2::{Digest, Sha256};

use super::error::ApiError;
use crate::json::Object;

/// The most objects of a kind. PostHog has no such bound; here it bounds the memory.
pub(super) const OBJECTS_MAX: usize = 100;

/// What a project's secret key begins with.
const SECRET_KEY_PREFIX: &str = "phs_";

/// The REST API's state: the objects that were created, and the key that a caller needs.
pub struct Rest {
    key: Option<Secret>,
    secret_key: Option<Secret>,
    /// Names and addresses of verified senders.
    pub(super) senders: Vec<(String, String)>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
pub(super) struct Kept {
    pub(super) functions: Vec<Object>,
    pub(super) flows: Vec<Object>,
}

impl Rest {
    /// An empty project, whose `senders` (name and address) are verified. Without a `key` every call is refused.
    /// The `secret_key` opens the definitions of flags alone.
    pub fn new(key: Option<Secret>, secret_key: Option<Secret>, senders: Vec<(String, String)>) -> Self {
        Self { key, secret_key, senders, kept: Mutex::default() }
    }

    /// Forgets all objects that were created.
    pub fn reset(&self) {
        *self.kept() = Kept::default();
    }

    pub(super) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Authenticates a caller by its `Authorization` header.
    pub(super) fn authenticate(&self, authorization: Option<&str>) -> Result<(), ApiError> {
        if is(&self.key, bearer(authorization)?) { Ok(()) } else { Err(ApiError::BadKey) }
    }

    /// Authenticates a caller who asks for the definitions of flags, by a personal key or by the project's secret key
    /// (`phs_…`).
    ///
    /// # Errors
    /// There is no key, or it is neither of them.
    pub fn authenticate_flags(&self, authorization: Option<&str>) -> Result<(), ApiError> {
        let given = bearer(authorization)?;
        match given.trim().starts_with(SECRET_KEY_PREFIX) {
            true if is(&self.secret_key, given) => Ok(()),
            true => Err(ApiError::BadSecretKey),
            false => self.authenticate(authorization),
        }
    }
}

fn bearer(authorization: Option<&str>) -> Result<&str, ApiError> {
    authorization.and_then(|value| value.strip_prefix("Bearer ")).ok_or(ApiError::NotAuthenticated)
}

fn is(key: &Option<Secret>, given: &str) -> bool {
    // Digests are compared, so that the time it takes says nothing about the key.
    let digest = |text: &str| Sha256::digest(text.trim().as_bytes());
    key.as_ref().is_some_and(|key| digest(key.expose()) == digest(given))
}
