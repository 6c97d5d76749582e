//! Finds secrets: private keys, tokens, API keys, passwords, credentials in URLs and headers, wallets.
//!
//! A key of a vendor with a new prefix is one line of `vendor_keys/table.rs`. A new way to write a secret is a file of its own
//! and a line of [`find`].

mod assigned;
mod byte_array;
mod command_line;
mod example_value;
mod high_entropy;
mod http_auth;
mod in_prose;
mod jwt;
mod kubernetes_secret;
mod not_secret;
mod password_hash;
mod prefixed_key;
mod private_key;
mod public_id;
mod random_letters;
mod secret_name;
mod secret_value;
mod seed_phrase;
mod service_names;
mod url_credentials;
mod vendor_keys;
mod wallet_address;

pub(crate) use self::{
    public_id::is_public_id,
    vendor_keys::{key_prefixes::KEY_PREFIXES, vendor_of},
};
use crate::{scan::Scanned, span::Span};

/// Runs the finders of secrets. None depends on what another finds; where two find the same place, the kind that is first in
/// [`Kind`](crate::Kind) wins, and among equal kinds the wording of the first finder.
pub(crate) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    private_key::find(scanned, spans);
    jwt::find(scanned, spans);
    url_credentials::find(scanned, spans);
    http_auth::find(scanned, spans);
    command_line::find(scanned, spans);
    kubernetes_secret::find(scanned, spans);
    vendor_keys::find(scanned, spans);
    assigned::find(scanned, spans);
    byte_array::find(scanned, spans);
    in_prose::find(scanned, spans);
    password_hash::find(scanned, spans);
    high_entropy::find(scanned, spans);
    wallet_address::find(scanned, spans);
    seed_phrase::find(scanned, spans);
}
