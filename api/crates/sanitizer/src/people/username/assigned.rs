//! Finds user names that are assigned to a name: `username=jwilkes`, `"userName": "m.haddad"`, `user := "ops_12"`, `uid=jwilkes,ou=…`.

use std::sync::LazyLock;

use super::spelling::{is_made_up, is_nobody, name_length};
use crate::{
    scan::{
        Scanned,
        word_key::{ascii_key, word_key},
        word_map::WordMap,
    },
    span::{Kind, Span},
};

/// Names to which a user name is assigned.
const ASSIGNED: &str = "\
    username user_name user db_user dbuser login uname screen_name screenname userid handle nickname db-user mysql_user \
    postgres_user pguser ftp_user smtp_user user-name account_name accountname sshuser";
/// Those of them that say so for certain: nothing else than a user name is assigned to them. `user` may be a whole object, a
/// `handle` that of a file.
const CERTAIN: &str = "\
    username user_name user-name login uname user_id userid loginname login_name login-name logname samaccountname user_login \
    ssh_user remote_user screen_name";
const MAY_BE: u64 = 1;
const IS_CERTAIN: u64 = 2;
static KEYS: LazyLock<WordMap> = LazyLock::new(|| {
    let words =
        |words: &'static str, says| words.split_whitespace().filter_map(move |name| Some((word_key(name)?, says)));
    WordMap::new(words(ASSIGNED, MAY_BE).chain(words(CERTAIN, IS_CERTAIN)))
});
/// The longest name that is looked up, in bytes.
const NAME_BYTES_MAX: usize = 16;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    for &operator in &scanned.assignments {
        assigned(scanned, operator as usize, spans);
    }
}

/// Where the name before the operator begins and ends. Quotes and spaces may stand between the two.
fn name_before(bytes: &[u8], operator: usize) -> (usize, usize) {
    let mut end = operator;
    while end > 0 && operator - end < 3 && matches!(bytes[end - 1], b' ' | b'"' | b'\'') {
        end -= 1;
    }
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let floor = end.saturating_sub(NAME_BYTES_MAX);
    (end - bytes[floor..end].iter().rev().take_while(|byte| is_name(byte)).count(), end)
}

/// The user name that the operator assigns.
fn assigned(scanned: &Scanned, operator: usize, spans: &mut Vec<Span>) {
    let bytes = scanned.bytes();
    let (start, end) = name_before(bytes, operator);
    let name = &bytes[start..end];
    if name.eq_ignore_ascii_case(b"uid") {
        spans.extend(of_directory(scanned, start, operator));
        return;
    }
    let says = ascii_key(bytes, start, end).map_or(0, |key| KEYS.get(key)) | account_name(bytes, start, name);
    if says == 0 {
        return;
    }
    // `:=` of Go is one operator.
    let after = operator + 1 + usize::from(bytes[operator] == b':' && scanned.byte_at(operator + 1) == b'=');
    let spaces = bytes[after..].iter().take(8).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let at = after + spaces;
    let quotes = usize::from(matches!(scanned.byte_at(at), b'"' | b'\''));
    let length = name_length(&bytes[(at + quotes).min(bytes.len())..]);
    let value = &scanned.text[at + quotes..at + quotes + length];
    let after = scanned.byte_at(at + quotes + length);
    let is_quoted = quotes == 1 && matches!(after, b'"' | b'\'');
    let stands_free = is_quoted || quotes == 0 && !matches!(after, b'(' | b'[' | b'.' | b'@' | b':' | b'/' | b'\\');
    // Azure calls a data store an account.
    let is_store = after == b';' && name.eq_ignore_ascii_case(b"accountname");
    if length < 3
        || !stands_free
        || is_store
        || is_nobody(value)
        || !value.bytes().any(|byte| byte.is_ascii_alphabetic())
    {
        return;
    }
    // With a digit in it, it is no variable and no kind of user.
    let is_numbered = says & MAY_BE != 0 && value.bytes().any(|byte| byte.is_ascii_digit());
    // `user=tessa.holm ip=…`: one of the pairs of a log. In code, an argument would follow a comma.
    let is_dotted = says & MAY_BE != 0
        && quotes == 0
        && value.split('.').filter(|part| part.len() >= 2).count() == 2
        && is_pair_next(bytes, at + length);
    let is_user = says & IS_CERTAIN != 0 || is_dotted;
    if is_numbered || is_user && is_data(scanned, start..operator, at, quotes + length, value, name) {
        let range = at + quotes..at + quotes + length;
        spans.push(Span { range, kind: Kind::Username, why: "assigned to a name for user names" });
    }
}

/// Whether a space and the next pair of a log begin at `at`: ` ip=`.
fn is_pair_next(bytes: &[u8], at: usize) -> bool {
    const KEY_BYTES_MAX: usize = 24;
    let Some(rest) = bytes.get(at..).and_then(|rest| rest.strip_prefix(b" ")) else { return false };
    let key = rest
        .iter()
        .take(KEY_BYTES_MAX)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
        .count();
    key > 0 && rest.get(key) == Some(&b'=')
}

/// `Account Name:` of Windows, `User name:` of a form: a name of two words.
fn account_name(bytes: &[u8], start: usize, name: &[u8]) -> u64 {
    let before = &bytes[start.saturating_sub(8)..start];
    let is_two = name.eq_ignore_ascii_case(b"name")
        && [&b"account "[..], b"user ", b"login "]
            .iter()
            .any(|word| before.len() >= word.len() && before[before.len() - word.len()..].eq_ignore_ascii_case(word));
    if is_two { IS_CERTAIN } else { 0 }
}

/// Whether the value stands in data rather than in code, where it would be a variable, a type or a default: as JSON, as one of the
/// pairs of a log (`user=jwilkes attempt=3`), or alone to the end of its line.
fn is_data(scanned: &Scanned, key: std::ops::Range<usize>, at: usize, length: usize, value: &str, name: &[u8]) -> bool {
    let bytes = scanned.bytes();
    let is_name_of_key = value.as_bytes().eq_ignore_ascii_case(name);
    // `user_2mVbK8sLq4RtY7nZc1WdF9g` is the id of an account.
    let is_id = value.len() > 20 || value.bytes().filter(u8::is_ascii_digit).count() > 6;
    let has_lower_only = !value.bytes().any(|byte| byte.is_ascii_uppercase());
    if is_name_of_key || is_id || is_made_up(value) || !value.as_bytes()[0].is_ascii_alphabetic() {
        return false;
    }
    let (is_quoted, after) = (bytes[at] == b'"', scanned.byte_at(at + length + usize::from(bytes[at] == b'"')));
    let is_json = is_quoted && bytes[key.start.saturating_sub(1)] == b'"' && bytes[key.end] == b':';
    let before = scanned.byte_before(key.start);
    let is_pair = bytes[key.end] == b'='
        && at == key.end + 1
        && has_lower_only
        && matches!(before, 0 | b' ' | b'\n' | b'\t' | b'&' | b'?' | b';' | b'[' | b'(' | b'-')
        && matches!(after, 0 | b' ' | b'\n' | b'\r' | b'&' | b';' | b']');
    let is_line = bytes[key.end] == b':'
        && !is_quoted
        && has_lower_only
        && matches!(before, 0 | b' ' | b'\n' | b'\t' | b'*' | b'-')
        && matches!(after, 0 | b'\n' | b'\r');
    is_json || is_pair || is_line
}

/// The user in the entry of a directory (RFC 4519: `uid=jwilkes,ou=people`) and of a log of PAM (`jwilkes(uid=1004)`).
fn of_directory(scanned: &Scanned, start: usize, operator: usize) -> Option<Span> {
    let bytes = scanned.bytes();
    let value = name_length(&bytes[operator + 1..]);
    let rest = &bytes[operator + 1 + value..];
    let is_entry = [&b",ou="[..], b",cn=", b",dc="]
        .iter()
        .any(|next| rest.get(..next.len()).is_some_and(|rest| rest.eq_ignore_ascii_case(next)));
    let range = if is_entry {
        operator + 1..operator + 1 + value
    } else if scanned.byte_before(start) == b'('
        && bytes[operator] == b'='
        && scanned.byte_at(operator + 1).is_ascii_digit()
    {
        let floor = start.saturating_sub(40);
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        let length = bytes[floor..start - 1].iter().rev().take_while(|byte| is_name(byte)).count();
        start - 1 - length..start - 1
    } else {
        return None;
    };
    let name = &scanned.text[range.clone()];
    (range.len() >= 2 && !is_nobody(name) && name.bytes().any(|byte| byte.is_ascii_alphabetic())).then_some(Span {
        range,
        kind: Kind::Username,
        why: "the user of an entry in a directory or a log",
    })
}
