//! The credentials that Misfire's API and posthog-local share: both read secrets from the environment by the same rules,
//! and one signs the webhooks that the other verifies.
//!
//! 1. [`secret`]: a [`Secret`] comes from a variable or from a file, and no log or `Debug` ever shows its value.
//! 2. [`standard_webhooks`]: a [`SigningKey`] signs a webhook; [`SignedHeaders`] verifies one against several keys.
//! 3. [`empty_variables`]: an empty variable counts as unset, for settings as for secrets.
//!
//! The crate knows neither HTTP nor the clock nor an async runtime. Callers pass in header values as text and the time in
//! Unix seconds.

pub mod empty_variables;
pub mod secret;
pub mod standard_webhooks;

pub use self::{
    empty_variables::without_empty_variables,
    secret::{Secret, SecretError},
    standard_webhooks::{SignedHeaders, SigningKey},
};
