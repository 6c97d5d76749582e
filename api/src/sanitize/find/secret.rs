//! Secrets: keys by their vendors' prefixes, bearer tokens, JSON web tokens, private keys, credentials in URLs.

use std::sync::LazyLock;

use regex::Regex;

use super::{Kind, Span, continues_word, neighbours};

/// Vendors' keys: prefix, and the fewest characters of `[A-Za-z0-9_-]` after it. A new vendor is a new line here.
const PREFIXES: &[(&str, usize)] = &[
    ("sk-", 20),         // OpenAI, Anthropic (sk-ant-), DeepSeek, OpenRouter
    ("sk_live_", 16),    // Stripe
    ("sk_test_", 16),    // Stripe
    ("rk_live_", 16),    // Stripe
    ("whsec_", 24),      // Stripe, Standard Webhooks
    ("ghp_", 36),        // GitHub
    ("gho_", 36),        // GitHub
    ("ghu_", 36),        // GitHub
    ("ghs_", 36),        // GitHub
    ("ghr_", 36),        // GitHub
    ("github_pat_", 40), // GitHub
    ("glpat-", 20),      // GitLab
    ("xoxb-", 20),       // Slack
    ("xoxp-", 20),       // Slack
    ("xoxa-", 20),       // Slack
    ("xoxr-", 20),       // Slack
    ("xapp-", 20),       // Slack
    ("AKIA", 16),        // AWS
    ("ASIA", 16),        // AWS
    ("AIza", 35),        // Google
    ("ya29.", 20),       // Google
    ("hf_", 30),         // Hugging Face
    ("gsk_", 40),        // Groq
    ("r8_", 30),         // Replicate
    ("xai-", 40),        // xAI
    ("pplx-", 40),       // Perplexity
    ("phc_", 32),        // PostHog
    ("phx_", 32),        // PostHog
    ("phs_", 32),        // PostHog
    ("phr_", 32),        // PostHog
    ("npm_", 36),        // npm
    ("pypi-", 50),       // PyPI
    ("SG.", 40),         // SendGrid
    ("shpat_", 32),      // Shopify
    ("dop_v1_", 64),     // DigitalOcean
    ("lin_api_", 32),    // Linear
];

static KEYS: LazyLock<Regex> = LazyLock::new(|| {
    let keys: Vec<_> = PREFIXES
        .iter()
        .map(|(prefix, chars_min)| {
            format!(r"{}[A-Za-z0-9_.-]{{{},}}[A-Za-z0-9_-]", regex::escape(prefix), chars_min - 1)
        })
        .collect();
    Regex::new(&keys.join("|")).expect("the patterns are valid")
});
static BEARER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i:bearer)[ \t]+(?<token>[A-Za-z0-9._~+/-]{16,}=*)").expect("the pattern is valid"));
static JWT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*").expect("the pattern is valid")
});
static PRIVATE_KEY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?s:.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)")
        .expect("the pattern is valid")
});
static URL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"://(?<credentials>[^\s/@:\[\]]*:[^\s/@\[\]]+)@").expect("the pattern is valid"));

pub(super) fn find(text: &str, spans: &mut Vec<Span>) {
    for found in KEYS.find_iter(text) {
        let (before, _) = neighbours(text, &found.range());
        if !continues_word(before) && !is_placeholder(found.as_str()) {
            spans.push(Span { range: found.range(), kind: Kind::Secret });
        }
    }
    let mut groups = |pattern: &Regex, group: &str, kind: Kind| {
        let found = pattern.captures_iter(text).filter_map(|captures| captures.name(group));
        spans.extend(found.map(|found| Span { range: found.range(), kind }));
    };
    groups(&BEARER, "token", Kind::Secret);
    groups(&URL, "credentials", Kind::UrlCredentials);
    spans.extend(JWT.find_iter(text).map(|found| Span { range: found.range(), kind: Kind::Jwt }));
    spans.extend(PRIVATE_KEY.find_iter(text).map(|found| Span { range: found.range(), kind: Kind::PrivateKey }));
}

/// Documentation writes `sk-xxxxxxxx`, and AWS's own example ends with EXAMPLE.
fn is_placeholder(key: &str) -> bool {
    key.ends_with("EXAMPLE")
        || key.bytes().filter(|byte| matches!(byte, b'x' | b'X' | b'.' | b'*')).count() * 2 > key.len()
}

#[cfg(test)]
mod tests {
    use super::{super::tests::found, PREFIXES};

    #[test]
    fn every_vendors_key_is_found() {
        for (prefix, chars_min) in PREFIXES {
            let key = format!("{prefix}{}", &"A1b2C3d4E5".repeat(8)[..*chars_min]);
            assert_eq!(found(&format!("key={key} ok")), [("SECRET", key.as_str())]);
        }
    }

    #[test]
    fn a_key_is_found_whole() {
        let key = format!("sk-ant-api03-{}", "a1B2-c3D4_".repeat(9));
        assert_eq!(found(&format!("\"{key}\"")), [("SECRET", key.as_str())]);
    }

    #[test]
    fn tokens_private_keys_and_credentials_are_found() {
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
        assert_eq!(found(&format!("token {jwt};")), [("JWT", jwt)]);
        assert_eq!(found("Authorization: bearer abcdefgh12345678=="), [("SECRET", "abcdefgh12345678==")]);
        let pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----";
        assert_eq!(found(&format!("x {pem} y")), [("PRIVATE_KEY", pem)]);
        assert_eq!(
            found("-----BEGIN PRIVATE KEY-----\nMIIB… and no end"),
            [("PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\nMIIB… and no end")]
        );
        assert_eq!(found("redis://:s3cret@cache:6379/0"), [("URL_CRED", ":s3cret")]);
    }
}
