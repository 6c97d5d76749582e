//! Passwords and keys by the name that they are given to: `password = "…"`, `"api_key": "…"`, `DB_PASS=…`, `<token>…</token>`,
//! `--secret …`, and in prose `my password is …`.

use memchr::memmem;

use super::{Kind, Span, cue, lex::Lexed, vendor::is_placeholder};

/// How far a name and a value may reach.
const NAME_BYTES_MAX: usize = 64;
const VALUE_BYTES_MAX: usize = 512;

/// What a name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Promise {
    Password,
    Secret,
}

const PASSWORD_PARTS: &[&[u8]] = &[
    b"pasw",
    b"psw",
    b"pssw",
    b"passw",
    b"passphrase",
    b"passcode",
    b"pwd",
    b"passwd",
    b"contrase",
    b"senha",
    b"kennwort",
    b"_pass",
    b"dbpass",
    b"userpass",
];
const SECRET_PARTS: [&[u8]; 24] = [
    b"secret",
    b"token",
    b"apikey",
    b"api_key",
    b"api-key",
    b"api.key",
    b"accesskey",
    b"access_key",
    b"access-key",
    b"authkey",
    b"auth_key",
    b"private_key",
    b"privatekey",
    b"encryption_key",
    b"encryptionkey",
    b"signing_key",
    b"signingkey",
    b"credential",
    b"client_key",
    b"account_key",
    b"accountkey",
    b"sharedaccesskey",
    b"master_key",
    b"app_key",
];
/// Names that end so are about a secret and hold none.
const ABOUT: [&[u8]; 22] = [
    b"_length",
    b"_len",
    b"_type",
    b"_name",
    b"_id",
    b"_count",
    b"_limit",
    b"_url",
    b"_uri",
    b"_path",
    b"_file",
    b"_field",
    b"_hint",
    b"_policy",
    b"_expiry",
    b"_ttl",
    b"_endpoint",
    b"tokenizer",
    b"tokens",
    b"_label",
    b"_placeholder",
    b".url",
];

/// What a name promises, if anything.
pub(super) fn promise(name: &[u8]) -> Option<Promise> {
    let dashes = name.iter().take_while(|byte| **byte == b'-').count();
    let name = &name[dashes..];
    let mut lower = [0; NAME_BYTES_MAX];
    let lower = &mut lower[..name.len().min(NAME_BYTES_MAX)];
    lower.copy_from_slice(&name[name.len() - lower.len()..]);
    lower.make_ascii_lowercase();
    let lower = &*lower;
    // Every part below has one of these pairs; most names have none, and are not compared with each part.
    let may_promise = |pair: &[u8]| {
        matches!(
            pair,
            b"ss" | b"wd" | b"ey" | b"se" | b"ok" | b"pw" | b"cr" | b"au" | b"nh" | b"wo" | b"ps" | b"pa" | b"cl"
        )
    };
    if !lower.windows(2).any(may_promise) {
        return None;
    }
    let has = |part: &&[u8]| memmem::find(lower, part).is_some();
    if [&b"client_id"[..], b"clientid", b"client.id", b"client-id"].iter().any(has) {
        return Some(Promise::Secret);
    }
    let is_public =
        has(&&b"csrf"[..]) || has(&&b"authenticity"[..]) || has(&&b"public"[..]) || has(&&b"publishable"[..]);
    if ABOUT.iter().any(|ending| lower.ends_with(ending)) || name.ends_with(b"Id") || name.ends_with(b"ID") || is_public
    {
        return None;
    }
    if PASSWORD_PARTS.iter().any(has)
        || matches!(lower, b"pass" | b"pw" | b"psw" | b"pswd")
        || lower.ends_with(b"_pw")
        || lower.ends_with(b"-pass")
        || lower.ends_with(b".pass")
    {
        return Some(Promise::Password);
    }
    let is_key = SECRET_PARTS.iter().any(has)
        || lower.ends_with(b"_key")
        || lower.ends_with(b"-key")
        || lower.ends_with(b"key") && (name.ends_with(b"Key") || name.ends_with(b"KEY"))
        || lower.ends_with(b"_auth")
        || lower == b"key"
        || lower == b"auth"
        || lower.ends_with(b".key");
    is_key.then_some(Promise::Secret)
}

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    for &operator in &lexed.assignments {
        let operator = operator as usize;
        let name = name_before(lexed.bytes(), operator);
        // `<add key="Password" value="…" />`
        let name = if name.eq_ignore_ascii_case(b"value") { name_of_element(lexed.bytes(), operator) } else { name };
        if let Some(promise) = promise(name) {
            let is_weak = matches!(name.len(), 3 | 4)
                && (name.eq_ignore_ascii_case(b"key") || name.eq_ignore_ascii_case(b"auth"));
            let is_variable_of_shell = lexed.byte_at(operator) == b'='
                && name.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'0'..=b'9'));
            assigned(lexed, operator, Name { promise, is_weak, is_variable_of_shell }, spans);
        }
    }
    identified_by(lexed, spans);
    crypt_hashes(lexed, spans);
    for &anchor in &lexed.cue_anchors {
        let token = &lexed.tokens[anchor as usize];
        if token.has(cue::PASSWORD | cue::SECRET) {
            said(lexed, anchor as usize, spans);
        }
    }
}

/// The name before an operator: letters, digits, `_`, `-`, `.`, maybe quoted, maybe with `]` of an index.
fn name_before(bytes: &[u8], operator: usize) -> &[u8] {
    let mut end = operator;
    let mut skipped = 0;
    while end > 0
        && skipped < 8
        && matches!(bytes[end - 1], b' ' | b'\t' | b'"' | b'\'' | b'`' | b']' | b'\\' | b':' | b'*' | b'>' | b'?')
    {
        end -= 1;
        skipped += 1;
    }
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let floor = end.saturating_sub(NAME_BYTES_MAX);
    let start = end - bytes[floor..end].iter().rev().take_while(|byte| is_name(byte)).count();
    // `API key: …` and `client secret = …` are two words.
    let name = &bytes[start..end];
    if name.eq_ignore_ascii_case(b"key") && start >= 4 && bytes[start - 4..start - 1].eq_ignore_ascii_case(b"api") {
        return &bytes[start - 4..end];
    }
    name
}

/// The name in `key="…"` or `name="…"` before a `value=`.
fn name_of_element(bytes: &[u8], operator: usize) -> &[u8] {
    let window = &bytes[operator.saturating_sub(NAME_BYTES_MAX)..operator];
    let start = [&b"key=\""[..], b"name=\"", b"Key=\"", b"Name=\""]
        .iter()
        .filter_map(|key| Some(memmem::rfind(window, key)? + key.len()))
        .max();
    let Some(start) = start else { return b"" };
    let name = &window[start..];
    &name[..memchr::memchr(b'"', name).unwrap_or(0)]
}

/// What is known of a name that a value is given to.
#[derive(Clone, Copy)]
struct Name {
    promise: Promise,
    /// `key` alone may be the key of a map.
    is_weak: bool,
    /// `DB_PASS=…`: what follows is the value, quotes or not.
    is_variable_of_shell: bool,
}

/// The value after an operator.
fn assigned(lexed: &Lexed, operator: usize, name: Name, spans: &mut Vec<Span>) {
    let promise = name.promise;
    let bytes = lexed.bytes();
    let mut at = operator + 1;
    while at < bytes.len() && at < operator + 12 && matches!(bytes[at], b' ' | b'\t' | b'=' | b'>' | b':') {
        at += 1;
    }
    let (start, end, quoted) = value_at(bytes, at);
    let (start, value) = without_scheme(&bytes[start..end], start);
    // What an assignment of a call or of another variable gives is not the secret itself.
    let is_call = !quoted && matches!(lexed.byte_at(end), b'(' | b'[');
    let quoted = quoted
        || name.is_variable_of_shell
            && promise == Promise::Password
            && lexed.byte_at(operator + 1) != b' '
            && !is_code_or_empty(value);
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_strong =
        !name.is_weak || value.len() >= 16 && digits >= 3 && !value.contains(&b'_') && !value.contains(&b'.');
    if !is_call && is_strong && is_secret(value, promise, quoted) {
        let kind = if promise == Promise::Password { Kind::Password } else { Kind::Secret };
        spans.push(Span { range: start..start + value.len(), kind, why: "a secret's name is given this value" });
    }
}

/// Start and end of the value at `at`, and whether it is quoted.
fn value_at(bytes: &[u8], at: usize) -> (usize, usize, bool) {
    let mut start = at;
    // `\"` inside a string, and prefixes of literals as in `b"…"`, `f'…'`, `@"…"`.
    if matches!(bytes.get(start), Some(b'b' | b'f' | b'r' | b'u' | b'@' | b'[' | b'('))
        && matches!(bytes.get(start + 1), Some(b'"' | b'\''))
    {
        start += 1;
    }
    let escapes = bytes[start.min(bytes.len())..].iter().take(3).take_while(|byte| **byte == b'\\').count();
    match bytes.get(start + escapes) {
        Some(quote @ (b'"' | b'\'' | b'`')) => {
            let start = start + escapes + 1;
            let rest = &bytes[start..bytes.len().min(start + VALUE_BYTES_MAX)];
            let end = rest.iter().position(|byte| byte == quote || *byte == b'\n').unwrap_or(rest.len());
            let end = end - rest[..end].iter().rev().take(escapes).take_while(|byte| **byte == b'\\').count();
            (start, start + end, true)
        }
        _ => {
            let rest = &bytes[start.min(bytes.len())..bytes.len().min(start + VALUE_BYTES_MAX)];
            let ends = |byte: &u8| {
                byte.is_ascii_whitespace()
                    || matches!(
                        byte,
                        b'"' | b'\'' | b'`' | b',' | b';' | b'<' | b'&' | b')' | b'}' | b']' | b'\\' | b'|'
                    )
            };
            let end = rest.iter().position(ends).unwrap_or(rest.len());
            let end = rest[..end].iter().rposition(|byte| !matches!(byte, b'.' | b':')).map_or(0, |last| last + 1);
            (start, start + end, false)
        }
    }
}

/// The value without `Bearer ` and the like before it.
fn without_scheme(value: &[u8], start: usize) -> (usize, &[u8]) {
    for scheme in [&b"Bearer "[..], b"bearer ", b"Basic ", b"basic ", b"Token ", b"token ", b"ApiKey "] {
        if let Some(rest) = value.strip_prefix(scheme) {
            return (start + scheme.len(), rest);
        }
    }
    (start, value)
}

/// Words that stand where a password should and are none.
const NO_VALUES: [&[u8]; 46] = [
    b"password",
    b"passwd",
    b"secret",
    b"token",
    b"string",
    b"str",
    b"none",
    b"null",
    b"nil",
    b"true",
    b"false",
    b"undefined",
    b"required",
    b"username",
    b"user",
    b"text",
    b"hidden",
    b"varchar",
    b"char",
    b"int",
    b"value",
    b"example",
    b"test",
    b"changeit",
    b"foo",
    b"bar",
    b"default",
    b"empty",
    b"optional",
    b"private",
    b"public",
    b"self",
    b"this",
    b"input",
    b"function",
    b"async",
    b"await",
    b"return",
    b"object",
    b"number",
    b"boolean",
    b"any",
    b"field",
    b"new",
    b"const",
    b"redacted",
];

/// Whether a value keeps the promise of its name.
pub(super) fn is_secret(value: &[u8], promise: Promise, quoted: bool) -> bool {
    let length = value.len();
    if !(4..VALUE_BYTES_MAX).contains(&length)
        || value.iter().any(|byte| byte.is_ascii_whitespace())
        || is_variable(value)
        || is_placeholder(value)
    {
        return false;
    }
    let lower = value.to_ascii_lowercase();
    let names = |part: &[u8]| memmem::find(&lower, part).is_some();
    if NO_VALUES.contains(&&*lower)
        || [
            &b"example"[..],
            b"placeholder",
            b"changeme",
            b"change_me",
            b"change-me",
            b"<your",
            b"insert",
            b"replace",
            b"redacted",
            b"dummy",
            b"://",
            b"process.env",
            b"getenv",
            b"environ",
            b"....",
            b"****",
        ]
        .iter()
        .any(|part| names(part))
    {
        return false;
    }
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let upper = value.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let distinct = distinct_bytes(value);
    let is_dotted_name = letters + value.iter().filter(|byte| matches!(byte, b'.' | b'_' | b'-')).count() == length;
    match promise {
        Promise::Password if quoted => {
            distinct >= 3
                && (digits > 0
                    || !is_dotted_name
                    || length >= 8 && upper > 0 && upper < letters
                    || length >= 6 && upper == 0 && letters == length)
        }
        // Without quotes it may be a variable: a password has a digit or a sign in it.
        Promise::Password => {
            distinct >= 4 && digits > 0 && letters > 0 && !is_code(value)
                || distinct >= 4 && length >= 6 && !is_dotted_name && !is_code(value)
        }
        Promise::Secret => {
            let is_random = digits >= 2 && letters >= 1 || upper >= 2 && upper < letters && !is_dotted_name;
            let all_digits = digits == length;
            length >= if quoted { 8 } else { 10 }
                && distinct >= 5
                && (is_random || length >= 24 && upper > 3 && upper < letters || all_digits && length >= 16)
                && (quoted || !is_code(value))
        }
    }
}

fn distinct_bytes(value: &[u8]) -> u32 {
    let mut seen = [0_u128; 2];
    for byte in value {
        seen[usize::from(byte >> 7)] |= 1 << (byte & 127);
    }
    seen[0].count_ones() + seen[1].count_ones()
}

/// `$PASSWORD`, `${…}`, `{{ … }}`, `<…>`, `%(…)s`, `[EMAIL_1]`.
fn is_variable(value: &[u8]) -> bool {
    let is_name = |name: &[u8]| {
        name.iter()
            .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'[' | b']' | b'>'))
            && !name.is_empty()
    };
    matches!(value.first(), Some(b'<' | b'{' | b'[' | b'(' | b'*'))
        || matches!(value.first(), Some(b'$' | b'@')) && is_name(&value[1..])
        || value.starts_with(b"%(")
        || value[0] == b'%' && value.ends_with(b"%")
        || memmem::find(value, b"${").is_some()
        || memmem::find(value, b"{{").is_some()
        || memmem::find(value, b"$(").is_some()
}

/// An expression rather than a value: `self.password`, `get(…)`, `user->pwd`, `a/b/c.py`.
fn is_code_or_empty(value: &[u8]) -> bool {
    value.is_empty() || is_code(value)
}

fn is_code(value: &[u8]) -> bool {
    value.iter().any(|byte| matches!(byte, b'(' | b'[' | b'{'))
        || memmem::find(value, b"->").is_some()
        || memmem::find(value, b"::").is_some()
        || value[0] == b'/'
        || value[0] == b'.'
        || value.split(|byte| *byte == b'.').count() > 1
            && value
                .split(|byte| *byte == b'.')
                .all(|part| !part.is_empty() && part.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_'))
}

/// `password is …`, `--token …`, `the key "…"`.
fn said(lexed: &Lexed, index: usize, spans: &mut Vec<Span>) {
    let bytes = lexed.bytes();
    let token = &lexed.tokens[index];
    let is_password = token.has(cue::PASSWORD);
    let mut at = token.end();
    let is_flag = token.start() >= 2 && bytes[..token.start()].ends_with(b"-");
    let says = [
        &b" is: "[..],
        b" is now ",
        b" is set to ",
        b" is ",
        b" to be ",
        b" was ",
        b" = ",
        b" es ",
        b" ist ",
        b" est ",
    ]
    .into_iter();
    let said = says.filter(|word| bytes[at..].starts_with(word)).map(<[u8]>::len).next();
    match said {
        Some(length) => at += length,
        None if is_flag && lexed.byte_at(at) == b' ' => at += 1,
        None if lexed.byte_at(at) == b'>' => at += 1,
        None if is_password
            && matches!(lexed.byte_at(at), b' ')
            && matches!(lexed.byte_at(at + 1), b'"' | b'\'' | b'`') =>
        {
            at += 1
        }
        None => return,
    }
    let (start, end, quoted) = value_at(bytes, at);
    let value = &bytes[start..end];
    let value =
        &value[..value.iter().rposition(|byte| !matches!(byte, b'.' | b',' | b'!' | b'?')).map_or(0, |last| last + 1)];
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let promise = if is_password { Promise::Password } else { Promise::Secret };
    // In prose a word alone is no password; one with a digit or a sign in it is.
    let is_mixed = digits > 0 && letters > 0 || quoted && value.len() >= 6 && letters < value.len();
    if is_mixed && is_secret(value, promise, quoted) {
        let kind = if is_password { Kind::Password } else { Kind::Secret };
        spans.push(Span { range: start..start + value.len(), kind, why: "the text says that it is a secret" });
    }
}

/// SQL's `IDENTIFIED BY '…'`.
fn identified_by(lexed: &Lexed, spans: &mut Vec<Span>) {
    for words in [&b"IDENTIFIED BY "[..], b"identified by ", b"WITH PASSWORD ", b"with password "] {
        for at in lexed
            .cued(cue::IDENTIFIED)
            .map(|index| lexed.tokens[index].start())
            .filter(|at| lexed.bytes()[*at..].starts_with(words))
        {
            let (start, end, quoted) = value_at(lexed.bytes(), at + words.len());
            let value = &lexed.bytes()[start..end];
            let has_digit = value.iter().any(u8::is_ascii_digit);
            if (quoted || has_digit) && is_secret(value, Promise::Password, true) {
                spans.push(Span { range: start..end, kind: Kind::Password, why: "a database user's password" });
            }
        }
    }
}

/// Hashed passwords as crypt(3) writes them: `$6$salt$…`, `$2b$12$…`, `$argon2id$…`.
fn crypt_hashes(lexed: &Lexed, spans: &mut Vec<Span>) {
    let bytes = if lexed.has_sign(b'$') { lexed.bytes() } else { b"" };
    let mut read_to = 0;
    for at in memchr::memchr_iter(b'$', bytes) {
        let is_crypt = [
            &b"$1$"[..],
            b"$5$",
            b"$6$",
            b"$2a$",
            b"$2b$",
            b"$2y$",
            b"$y$",
            b"$argon2",
            b"$apr1$",
            b"$P$",
            b"$pbkdf2",
            b"$krb5",
            b"$8$",
            b"$9$",
        ]
        .iter()
        .any(|start| bytes[at..].starts_with(start));
        if at < read_to || !is_crypt {
            continue;
        }
        let is_part = |byte: &u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'$' | b'.' | b'/' | b'+' | b'=' | b',' | b'_' | b'-')
        };
        let length = bytes[at..].iter().take(256).take_while(|byte| is_part(byte)).count();
        read_to = at + length;
        if length >= 28 {
            spans.push(Span { range: at..at + length, kind: Kind::Password, why: "a hashed password" });
        }
    }
}
