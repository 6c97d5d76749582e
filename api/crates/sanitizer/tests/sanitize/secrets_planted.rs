//! A secret of every kind, planted in ten carriers: nothing of it may survive in any.

use std::fmt::Write as _;

use misfire_sanitizer::{Scope, find};

use crate::random;

const CARRIERS: [(&str, &str); 10] = [
    ("prose", "Please look into it: {} is what the customer gave us."),
    ("JSON", "{\"note\": \"{}\", \"n\": 1}"),
    ("YAML", "entry:\n  value: {}\n  other: 1\n"),
    ("code", "let value = \"{}\";"),
    ("log", "2026-03-02T10:15:30Z INFO worker: got {} in 12 ms"),
    ("URL", "see https://example.com/x?y=1 and {} too"),
    ("markdown", "* **value**: `{}`"),
    ("table", "| a | {} | b |"),
    ("quoted", "> '{}'"),
    ("mixed script", "値は {} です。Привет!"),
];

/// What is planted, and the part of it that nobody may read. Made here, so that no line of this repository is a secret.
fn planted() -> Vec<(String, String)> {
    let whole = |secret: String| (secret.clone(), secret);
    let within = |text: &str, secret: String| (text.replace("{}", &secret), secret);
    let jwt = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxIn0", "c2lnbmF0dXJlc2lnbmF0dXJl"].join(".");
    let pem = |newline: &str| {
        let label = ["RSA PRIVATE", "KEY"].join(" ");
        format!("-----BEGIN {label}-----{newline}{}{newline}-----END {label}-----", random(64))
    };
    vec![
        // Vendors, by prefix and by mark; each row of the table has a test beside the table.
        whole(format!("ghp_{}", random(36))),
        whole(format!("sk-proj-{}", random(48))),
        whole(format!("phx_{}", random(43))),
        whole(format!("AKIA{}", "QZ7XW5T2LM9RP4HV")),
        whole(format!("81234567:AA{}", random(33))),
        whole(format!("{}.atlasv1.{}", random(14), random(64))),
        whole(format!("{}-us12", "3f9a07c1d48be265".repeat(2))),
        whole(format!("a7B8Q~{}", random(33))),
        // Tokens and private keys.
        whole(jwt.clone()),
        whole(pem("\n")),
        whole(pem("\\n")),
        whole(format!("MIIEpAIBAAKCAQEA{}", random(800))),
        // In URLs.
        within("postgres://app:{}@db.internal:5432/x", "hunter2".into()),
        within("https://deploy:{}@git.example.com/x.git", random(12)),
        within("https://store.example.com/a?X-Amz-Signature={}&b=1", random(64)),
        within("https://example.com/reset/token/{}", random(40)),
        whole(format!("https://hooks.slack.com/{}/T01A2B3C4/B01A2B3C4/{}", "services", random(24))),
        whole(format!("https://discord.com/api/{}/123456789012345678/{}", "webhooks", random(60))),
        whole(format!("https://acme.webhook.office.com/{}/{}", "webhookb2", random(60))),
        // In headers and commands.
        within("Authorization: Bearer {}", random(40)),
        within("Authorization: Basic {}", "YXBwOmh1bnRlcjI=".into()),
        within("Cookie: session={}; a=b", random(40)),
        within("curl -u app:{} https://example.com", "hunter2x".into()),
        within("mysql --password={} shop", "hunter2x".into()),
        // By a name, or said.
        within("password = {}", "hunter2x".into()),
        within("DB_PASS={}", "s3cr3tpass".into()),
        within("client_secret: {}", random(32)),
        within("api key {}", random(32)),
        within("my password is {}", "hunter2x".into()),
        within("mailjet {}", random(32)),
        within("$6$saltsalt${}", random(86)),
        // Wallets.
        whole("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa".into()),
        whole("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".into()),
        whole(["legal winner thank year wave sausage", "worth useful legal winner thank yellow"].join(" ")),
        whole(
            [
                "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd",
                "amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless",
            ]
            .join(" "),
        ),
    ]
}

/// Whether each byte of `secret` in `text` is within a span.
fn is_covered(text: &str, secret: &str) -> bool {
    let spans = find(text, Scope::Text);
    text.match_indices(secret).all(|(at, _)| {
        let mut read_to = at;
        for span in spans.iter().filter(|span| span.range.start <= at + secret.len()) {
            if span.range.start <= read_to {
                read_to = read_to.max(span.range.end);
            }
        }
        read_to >= at + secret.len()
    })
}

#[test]
fn a_planted_secret_survives_in_none_of_ten_carriers() {
    let mut leaks = String::new();
    for (planted, secret) in planted() {
        for (carrier, text) in CARRIERS {
            let text = text.replace("{}", &planted);
            if !is_covered(&text, &secret) {
                writeln!(leaks, "{planted} in {carrier}: {:?}", crate::found(&text)).unwrap();
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks}");
}
