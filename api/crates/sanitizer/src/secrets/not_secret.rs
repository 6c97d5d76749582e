//! Recognises values that stand in the place of a secret and are none: words, variables, code, files, packages.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem;

use crate::{
    scan::char_classes,
    secrets::{example_value::is_example_value, random_letters::is_random_letters},
};

/// Words of programming languages and of forms, in alphabetical order.
const WORDS: &str = "\
    admin any argon2id ascii async await bar base64 basic bearer boolean changeit changeme char const default empty encrypted \
    example expr false field foo function getpass hashed hex hidden input int md5 missing mypass mypassword mysecret mytoken \
    new nil none null number object optional os pass passwd password private public redacted required return root secret self \
    sha1 sha256 sha512 str string test text thepassword this token true undefined unknown user username utf-8 utf8 uuid value \
    varchar void yes yourpass";
const WORD_BYTES_MAX: usize = 12;

/// Parts that make a value an example, a variable or a URL.
static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let marks = "example placeholder changeme change_me change-me <your insert replace redacted dummy :// process.env getenv environ \
                 .... **** ${ {{ $(";
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(marks.split_whitespace())
        .expect("a few short words make an automaton")
});

static WORDS_IN_ORDER: LazyLock<Vec<&str>> = LazyLock::new(|| WORDS.split_whitespace().collect());

/// Whether a value is no secret, whatever announces one.
pub(super) fn is_not_secret(value: &[u8]) -> bool {
    is_variable(value)
        || is_word(value)
        || is_example_value(value)
        || MARKS.is_match(value)
        || has_format(value)
        || is_hash_of_content(value)
}

/// Whether a value holds the `%s` of a format. In a password the two may stand by chance, with letters or digits around them.
fn has_format(value: &[u8]) -> bool {
    memmem::find_iter(value, b"%s").any(|at| {
        let before = at.checked_sub(1).is_some_and(|before| value[before].is_ascii_alphanumeric());
        let after = value.get(at + 2).is_some_and(u8::is_ascii_alphanumeric);
        !(before && after)
    })
}

/// Whether a value is the hash of a file, an image or a commit, which anybody may know: `sha384-…` of Subresource Integrity,
/// `3.19@sha256:…` of a container, `v0.0.0-20210428140749-89ef3d95e781` of a Go module.
pub(super) fn is_hash_of_content(value: &[u8]) -> bool {
    [&b"sha1-"[..], b"sha256-", b"sha384-", b"sha512-"].iter().any(|name| value.starts_with(name))
        || memmem::find(value, b"@sha256:").is_some()
        || is_pseudo_version(value)
}

/// Whether a value is a version of a Go module without a tag: the version, the time of the commit and its first twelve hex digits.
fn is_pseudo_version(value: &[u8]) -> bool {
    const TIME_DIGITS: usize = 14;
    const COMMIT_DIGITS: usize = 12;
    let mut parts = value.rsplit(|byte| *byte == b'-');
    let (commit, time) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let time = time.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    value.first() == Some(&b'v')
        && commit.len() == COMMIT_DIGITS
        && commit.iter().all(u8::is_ascii_hexdigit)
        && time.len() == TIME_DIGITS
        && time.iter().all(u8::is_ascii_digit)
}

fn is_word(value: &[u8]) -> bool {
    let mut lower = [0; WORD_BYTES_MAX];
    let Some(lower) = lower.get_mut(..value.len()) else { return false };
    lower.copy_from_slice(value);
    lower.make_ascii_lowercase();
    WORDS_IN_ORDER.binary_search_by(|word| word.as_bytes().cmp(lower)).is_ok()
}

/// Whether a value is a variable or a placeholder: `$PASSWORD`, `<…>`, `%(…)s`, `[EMAIL_1]`.
fn is_variable(value: &[u8]) -> bool {
    let is_name = |name: &[u8]| {
        name.iter()
            .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'[' | b']' | b'>'))
            && !name.is_empty()
    };
    matches!(value[0], b'<' | b'{' | b'[' | b'(' | b'*')
        || matches!(value[0], b'$' | b'@' | b'#') && is_name(&value[1..])
        || value.starts_with(b"%(")
        || value[0] == b'%' && value.ends_with(b"%")
}

/// Whether a value is an expression: `self.password`, `get(…)`, `user->pwd`, `/a/b/c.py`.
pub(super) fn is_code(value: &[u8]) -> bool {
    value.iter().any(|byte| matches!(byte, b'(' | b'[' | b'{'))
        || memmem::find(value, b"->").is_some()
        || memmem::find(value, b"::").is_some()
        || value.first().is_some_and(|first| matches!(first, b'/' | b'.' | b'&'))
        || value.starts_with(b"__")
        || value.split(|byte| *byte == b'.').count() > 1
            && value
                .split(|byte| *byte == b'.')
                .all(|part| !part.is_empty() && part.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_'))
}

/// Whether a value is a number with the suffix of a programming language or in hex: `33686022u32`, `-7i32`, `0x1F`.
pub(super) fn is_number(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"-").unwrap_or(value);
    if let Some(hex) = value.strip_prefix(b"0x") {
        return hex.len() <= 16 && hex.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'_');
    }
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count();
    let suffixes = [
        &b"u8"[..],
        b"u16",
        b"u32",
        b"u64",
        b"u128",
        b"usize",
        b"i8",
        b"i16",
        b"i32",
        b"i64",
        b"i128",
        b"isize",
        b"ul",
        b"ull",
    ];
    digits > 0 && suffixes.iter().any(|suffix| value[digits..].eq_ignore_ascii_case(suffix))
}

/// Whether a value is a name made of words: `DOC_VECTOR_5_32`, `winreg.KEY_WOW64_32KEY`.
pub(super) fn is_identifier(value: &[u8]) -> bool {
    let count = |part: &[u8], is: fn(&u8) -> bool| part.iter().filter(|byte| is(byte)).count();
    let is_part = |part: &[u8]| {
        let digit_changes = char_classes::digit_changes(part);
        part.iter().all(u8::is_ascii_alphanumeric)
            && count(part, u8::is_ascii_digit) <= 4
            && digit_changes <= 2
            && !is_random_letters(part)
            && !is_scrambled(part)
    };
    let is_word = |part: &[u8]| count(part, u8::is_ascii_alphabetic) >= 4 && count(part, u8::is_ascii_digit) <= 2;
    let parts = || value.split(|byte| matches!(byte, b'.' | b'_')).filter(|part| !part.is_empty());
    value.iter().any(|byte| matches!(byte, b'.' | b'_')) && parts().all(is_part) && parts().any(is_word)
}

/// Whether letters of both cases and digits change places as they do in no name: `FPIHAMm9AqWIUxeD`, but not `Base64Encoder`.
fn is_scrambled(part: &[u8]) -> bool {
    const LENGTH_MIN: usize = 12;
    let classes = char_classes::CharClasses::of(part);
    part.len() >= LENGTH_MIN
        && classes.digits() > 0
        && classes.changes * 5 >= part.len() * 2
        && classes.longest_lower < 7
}

/// Whether a value is a template: `token_{id}`.
pub(super) fn is_template(value: &[u8]) -> bool {
    let is_name = |name: &[u8]| name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    value
        .split(|byte| *byte == b'{')
        .skip(1)
        .any(|rest| memchr::memchr(b'}', rest).is_some_and(|end| is_name(&rest[..end])))
}

/// Whether a value is the name of a file: `server_rsa2048.pem`.
pub(super) fn is_file(value: &[u8]) -> bool {
    const ENDINGS: [&str; 22] = [
        "html", "htm", "json", "pem", "key", "crt", "cer", "pub", "txt", "py", "js", "ts", "rs", "go", "md", "yml",
        "yaml", "toml", "xml", "png", "jks", "p12",
    ];
    let ending = value.iter().rposition(|byte| *byte == b'.').map(|dot| &value[dot + 1..]);
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known.as_bytes())))
}

/// Whether a value is a package with its version: `jjwt-jackson-0.11.2`.
pub(super) fn is_package(value: &[u8]) -> bool {
    let version = value.iter().rposition(|byte| *byte == b'-').map_or(&value[..0], |dash| &value[dash + 1..]);
    version.contains(&b'.') && version.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_in_order() {
        assert!(WORDS_IN_ORDER.is_sorted());
        assert!(WORDS_IN_ORDER.iter().all(|word| word.len() <= WORD_BYTES_MAX && is_word(word.as_bytes())));
        assert!(is_word(b"Password") && !is_word(b"hunter2"));
    }

    #[test]
    fn code_is_distinguished_from_secrets() {
        for value in ["DOC_Vector_5_32", "winreg.KEY_WOW64_32KEY", "base64.b64encode", "ECDSA_P256_SHA256_FIXED"] {
            assert!(is_identifier(value.as_bytes()), "{value}");
        }
        for value in [
            "ak_FPIHAMm9AqWIUxeD__iQ",
            "a7Bq9Zk2Lm_4Xw8Rt3Vn6",
            "abc12345xyz98765_qrs456789tuv",
            "hunter2",
            "Tr0ub4dor&3",
        ] {
            assert!(!is_identifier(value.as_bytes()), "{value}");
        }
        for value in [
            "sha384-eyfzkgVF1VnZ+rqItGrHlVvkVmiUhpGVBK59O3DEeedLOzZWk2GWrkdVbeoJYc/t",
            "3.19@sha256:dc748c37be0e0b42c8b429f7e2e40aacca4da86f43bf6ac7a1056ca05b10f0da",
            "v0.0.0-20210428140749-7694e2fe97b7",
            "v1.2.4-0.20210428140749-7694e2fe97b7",
        ] {
            assert!(is_hash_of_content(value.as_bytes()), "{value}");
        }
        for value in ["dc748c37be0e0b42c8b429f7e2e40aac", "v0-2021-7694e2fe97b7", "a7Bq9Zk2Lm-4Xw8Rt3Vn6"] {
            assert!(!is_hash_of_content(value.as_bytes()), "{value}");
        }
        assert!(is_number(b"33686022u32") && is_number(b"-7i32") && is_number(b"0x1F") && !is_number(b"12345678"));
        assert!(is_file(b"test-ca/end.key") && is_package(b"jjwt-jackson-0.11.2") && is_code(b"user.password"));
        assert!(!is_file(b"a7Bq9Zk2Lm.4Xw8Rt3Vn6") && !is_package(b"a7Bq-9Zk2") && !is_code(b"hunter2"));
    }
}
