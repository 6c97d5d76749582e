//! Finds the secrets in URLs: user and password (RFC 3986, userinfo), tokens in queries and paths, signatures, webhooks.

use std::sync::LazyLock;

use memchr::memmem;

use crate::{
    scan::{Scanned, char_classes},
    secrets::example_value::is_example_value,
    span::{Kind, Span},
};

/// Built once, because every text with a `:` and a `/` is searched for it.
static SCHEME_END: LazyLock<memmem::Finder> = LazyLock::new(|| memmem::Finder::new(b"://"));

/// How many bytes of a URL are read at most.
const URL_BYTES_MAX: usize = 4096;
/// The longest authority of a URL in which a user and a password are found, in bytes.
const CREDENTIALS_BYTES_MAX: usize = 512;

/// Hosts and paths of webhooks: whoever knows the rest of the URL may call them.
const WEBHOOKS: &[(&str, &str)] = &[
    ("hooks.slack.com", "/services/"),
    ("hooks.slack.com", "/workflows/"),
    ("hooks.slack.com", "/triggers/"),
    ("discord.com", "/api/webhooks/"),
    ("discordapp.com", "/api/webhooks/"),
    ("webhook.office.com", "/webhookb2/"),
    ("outlook.office.com", "/webhook/"),
    ("logic.azure.com", "/workflows/"),
    ("hooks.zapier.com", "/hooks/catch/"),
    ("maker.ifttt.com", "/trigger/"),
    ("chat.googleapis.com", "/v1/spaces/"),
    ("api.telegram.org", "/bot"),
    ("open.feishu.cn", "/open-apis/bot/"),
    ("oapi.dingtalk.com", "/robot/send"),
    ("qyapi.weixin.qq.com", "/cgi-bin/webhook/"),
    ("hook.us1.make.com", "/"),
    ("hook.eu1.make.com", "/"),
    ("hooks.airtable.com", "/workflows/"),
    ("thingsboard.cloud", "/api/v1/"),
];

/// Names of query parameters whose value is a credential or a signature.
const PARAMETERS: &[&str] = &[
    "sig",
    "signature",
    "x-amz-signature",
    "x-amz-security-token",
    "x-amz-credential",
    "x-goog-signature",
    "x-goog-credential",
    "awsaccesskeyid",
    "googleaccessid",
    "key-pair-id",
    "policy",
    "token",
    "access_token",
    "refresh_token",
    "id_token",
    "auth",
    "apikey",
    "api_key",
    "key",
    "secret",
    "client_secret",
    "password",
    "passwd",
    "pwd",
    "code",
    "session",
    "sessionid",
    "private_token",
    "auth_token",
    "hmac",
    "appid",
    "app_key",
    "api-key",
    "subscription-key",
    "x-api-key",
    "st",
    "jwt",
];

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let bytes = scanned.bytes();
    if !scanned.has_sign(b':') || !scanned.has_sign(b'/') {
        return;
    }
    for at in SCHEME_END.find_iter(bytes) {
        let start = at + 3;
        // A URL ends where the next begins. Otherwise a long row of them would be read again for each.
        let rest = &bytes[start..bytes.len().min(start + URL_BYTES_MAX)];
        let rest = &rest[..SCHEME_END.find(rest).unwrap_or(rest.len())];
        let end = start + rest.iter().position(|byte| ends_url(*byte)).unwrap_or(rest.len());
        let url = &bytes[start..end];
        credentials(url, start, is_of_web(&bytes[..at]), spans);
        webhook(scanned.text, at, start, end, spans);
        parameters(url, start, spans);
        segments(url, start, spans);
    }
}

fn ends_url(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`' | b'|' | b'\\' | b'{' | b'}' | 0)
}

/// Whether a URL is one of the web or of a repository, whose hosts are public. The host of a database is not.
fn is_of_web(scheme: &[u8]) -> bool {
    [&b"http"[..], b"https", b"git", b"ssh", b"ws", b"wss"].iter().any(|known| {
        let before = scheme.len().saturating_sub(known.len() + 1);
        scheme.ends_with(known) && !(scheme[before..].len() > known.len() && scheme[before].is_ascii_alphabetic())
    })
}

/// `user:password@`, or a long token alone before the `@`. Unless the URL is of the web, its host is redacted, too.
fn credentials(url: &[u8], start: usize, is_of_web: bool, spans: &mut Vec<Span>) {
    let Some((at, authority)) = userinfo_end(url, is_of_web) else { return };
    let userinfo = &authority[..at];
    let (user, password) = match memchr::memchr(b':', userinfo) {
        Some(colon) => (&userinfo[..colon], &userinfo[colon + 1..]),
        None => (userinfo, &userinfo[..0]),
    };
    let is_secret = if password.is_empty() {
        user.len() >= 20 && user.iter().any(u8::is_ascii_digit)
    } else {
        !is_placeholder_password(user, password)
    };
    if is_secret {
        let hosts =
            authority[at..].iter().position(|byte| matches!(byte, b',' | b')' | b';')).unwrap_or(authority.len() - at);
        let end = start + if is_of_web { at } else { at + hosts };
        spans.push(Span { range: start..end, kind: Kind::UrlCredentials, why: "user and password in a URL" });
    }
}

/// Where the `@` stands that ends the user and the password, and the authority around it.
///
/// Both should be encoded, but people paste passwords with `@`, `#` and `/` as they are. So the last `@` counts that a host follows.
/// In URLs of the web an `@` behind a slash belongs to the path.
fn userinfo_end(url: &[u8], is_of_web: bool) -> Option<(usize, &[u8])> {
    let url = &url[..url.len().min(CREDENTIALS_BYTES_MAX)];
    let end_from = |start: usize| {
        url[start..]
            .iter()
            .position(|byte| matches!(byte, b'/' | b'?' | b'#'))
            .map_or(url.len(), |length| start + length)
    };
    let plain = end_from(0);
    let is_host = |at: usize| {
        let host = &url[at + 1..end_from(at + 1)];
        let is_part =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'_' | b'[' | b']');
        at > plain && host.iter().all(is_part) && host.iter().any(|byte| matches!(byte, b'.' | b':'))
    };
    // `redis://localhost:6379/0` has a port, and no password that begins with it.
    let begins_password = || {
        let colon = memchr::memchr(b':', &url[..plain])?;
        let digits = url[colon + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        (colon + 1 + digits < plain || digits == 0).then_some(())
    };
    let query = memchr::memchr(b'?', url).unwrap_or(url.len());
    let limit = if is_of_web { memchr::memchr(b'/', url).unwrap_or(query).min(query) } else { query };
    let beyond = memchr::memrchr_iter(b'@', &url[..limit]).take_while(|at| *at > plain).find(|at| is_host(*at));
    match beyond.filter(|_| begins_password().is_some()) {
        Some(at) => Some((at, &url[..end_from(at)])),
        None => Some((memchr::memrchr(b'@', &url[..plain])?, &url[..plain])),
    }
}

fn is_placeholder_password(user: &[u8], password: &[u8]) -> bool {
    const WORDS: [&[u8]; 14] = [
        b"password",
        b"pass",
        b"pwd",
        b"passwd",
        b"secret",
        b"user",
        b"username",
        b"pw",
        b"token",
        b"your_password",
        b"yourpassword",
        b"pword",
        b"xxx",
        b"***",
    ];
    let starts_variable = |value: &[u8]| matches!(value.first(), Some(b'$' | b'<' | b'[' | b'%' | b'*' | b'('));
    let is_word = |value: &[u8]| WORDS.iter().any(|word| value.eq_ignore_ascii_case(word));
    starts_variable(password) || is_word(password) && (user.is_empty() || user.len() < 12) || is_example_value(password)
}

fn webhook(text: &str, scheme_end: usize, start: usize, end: usize, spans: &mut Vec<Span>) {
    let url = &text.as_bytes()[start..end];
    let Some(slash) = memchr::memchr(b'/', url) else { return };
    let (host, path) = url.split_at(slash);
    let is_webhook = WEBHOOKS.iter().any(|(known, path_start)| {
        host.ends_with(known.as_bytes())
            && path.starts_with(path_start.as_bytes())
            && path.len() >= path_start.len() + 12
            && !is_example_value(&path[path_start.len()..])
    });
    if is_webhook {
        let scheme =
            text.as_bytes()[..scheme_end].iter().rev().take(8).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let length = url.iter().rposition(|byte| !matches!(byte, b'.' | b',' | b')' | b';')).map_or(0, |last| last + 1);
        let range = scheme_end - scheme..start + length;
        spans.push(Span { range, kind: Kind::UrlCredentials, why: "the URL of a webhook" });
    }
}

/// A token in the path, after a segment that announces it: `/token/…`.
fn segments(url: &[u8], start: usize, spans: &mut Vec<Span>) {
    const LENGTH_MIN: usize = 20;
    let mut at = 0;
    let mut is_announced = false;
    for segment in url.split(|byte| matches!(byte, b'/' | b'?' | b'#')) {
        let digits = char_classes::digits(segment);
        if is_announced
            && segment.len() >= LENGTH_MIN
            && digits >= 2
            && !segment.contains(&b'=')
            && !is_example_value(segment)
        {
            let range = start + at..start + at + segment.len();
            spans.push(Span { range, kind: Kind::Secret, why: "a token in the path of a URL" });
        }
        is_announced = matches!(
            segment,
            b"token" | b"tokens" | b"secret" | b"apikey" | b"api_key" | b"reset-password" | b"invite"
        );
        at += segment.len() + 1;
    }
}

/// The values of query parameters that are credentials.
fn parameters(url: &[u8], start: usize, spans: &mut Vec<Span>) {
    let Some(query) = url.iter().position(|byte| matches!(byte, b'?' | b'#')) else { return };
    let mut at = query + 1;
    for pair in url[query + 1..].split(|byte| matches!(byte, b'&' | b';' | b'#')) {
        if let Some(equals) = memchr::memchr(b'=', pair) {
            let (name, value) = (&pair[..equals], &pair[equals + 1..]);
            let is_known = PARAMETERS.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
            let digits = char_classes::digits(value);
            if is_known && value.len() >= 12 && digits >= 2 && !is_example_value(value) {
                let value_start = start + at + equals + 1;
                let range = value_start..value_start + value.len();
                spans.push(Span { range, kind: Kind::Secret, why: "a credential in the query of a URL" });
            }
        }
        at += pair.len() + 1;
    }
}
