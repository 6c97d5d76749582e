//! Names of public figures, of figures of stories, and of brands that are called like a person. To redact Einstein in a question about
//! Einstein protects nobody and spoils the question.

use crate::scan::{name_hash, name_tables::PUBLIC_FIGURES};

pub(super) use crate::scan::name_hash::{NameHash, key_of};

/// Whether the text is the name of a public figure, whatever its case and its marks.
pub(super) fn is_known_name(name: &str) -> bool {
    is_known(NameHash::of(name_hash::words(name)))
}

/// Whether the name is that of a public figure.
pub(super) fn is_known(name: NameHash) -> bool {
    PUBLIC_FIGURES.get_hashed(name.0) != 0
}
