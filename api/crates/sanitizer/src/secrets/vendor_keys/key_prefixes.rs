//! All the prefixes that a key may begin with, as the scanner asks for them at every word.

use std::sync::LazyLock;

use super::table::KEYS;
use crate::{scan::PrefixSet, secrets::private_key::BODY_BEGINNINGS};

/// The prefixes of vendors' keys, in the order of [`KEYS`], then those of private keys without their BEGIN line.
pub(crate) static KEY_PREFIXES: LazyLock<PrefixSet> =
    LazyLock::new(|| PrefixSet::new(KEYS.iter().map(|(prefix, ..)| *prefix).chain(BODY_BEGINNINGS)));
