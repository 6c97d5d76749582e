//! Vendors' keys: each says by its prefix whose it is.

use std::sync::LazyLock;

use memchr::memmem;

use super::{Kind, Span, lex::Lexed};

/// What a key is made of after its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// `[A-Za-z0-9]`
    Alnum,
    /// `[A-Za-z0-9_-]`
    Word,
    /// `[A-Za-z0-9_.-]`
    Dotted,
    /// `[0-9a-fA-F]`, also with hyphens
    Hex,
    /// `[A-Z0-9]`
    Upper,
    /// `[A-Za-z0-9+/=_-]`
    Base64,
}
use Of::{Alnum, Base64, Dotted, Hex, Upper, Word};

/// Prefix, the fewest characters after it, and of what. A new vendor is a new line here.
const PREFIXES: &[(&str, usize, Of)] = &[
    ("sk-", 18, Word),                     // OpenAI, Anthropic (sk-ant-), DeepSeek, OpenRouter
    ("sk_live_", 10, Alnum),               // Stripe
    ("sk_test_", 10, Alnum),               // Stripe
    ("sk_prod_", 10, Alnum),               // Stripe
    ("rk_live_", 10, Alnum),               // Stripe
    ("rk_test_", 10, Alnum),               // Stripe
    ("rk_prod_", 10, Alnum),               // Stripe
    ("whsec_", 24, Base64),                // Stripe, Standard Webhooks
    ("ghp_", 36, Alnum),                   // GitHub
    ("gho_", 36, Alnum),                   // GitHub
    ("ghu_", 36, Alnum),                   // GitHub
    ("ghs_", 36, Alnum),                   // GitHub
    ("ghr_", 36, Alnum),                   // GitHub
    ("github_pat_", 36, Word),             // GitHub
    ("glpat-", 20, Dotted),                // GitLab, personal
    ("gldt-", 20, Word),                   // GitLab, deploy
    ("glrt-", 20, Dotted),                 // GitLab, runner
    ("glrtr-", 20, Dotted),                // GitLab, runner
    ("glptt-", 40, Word),                  // GitLab, pipeline trigger
    ("glft-", 20, Word),                   // GitLab, feed
    ("glimt-", 20, Word),                  // GitLab, incoming mail
    ("glagent-", 40, Word),                // GitLab, agent
    ("glcbt-", 20, Word),                  // GitLab, CI job
    ("glsoat-", 20, Word),                 // GitLab, SCIM
    ("glffct-", 20, Word),                 // GitLab, feature flags
    ("gloas-", 40, Word),                  // GitLab, OAuth application
    ("GR1348941", 20, Word),               // GitLab, runner registration
    ("_gitlab_session=", 32, Alnum),       // GitLab, session
    ("xoxb-", 16, Word),                   // Slack
    ("xoxp-", 16, Word),                   // Slack
    ("xoxa-", 8, Word),                    // Slack
    ("xoxr-", 8, Word),                    // Slack
    ("xoxs-", 8, Word),                    // Slack
    ("xoxo-", 8, Word),                    // Slack
    ("xoxc-", 10, Word),                   // Slack
    ("xoxd-", 10, Base64),                 // Slack
    ("xoxe-", 20, Word),                   // Slack
    ("xoxe.", 20, Dotted),                 // Slack
    ("xapp-", 10, Word),                   // Slack
    ("AKIA", 16, Upper),                   // AWS
    ("ASIA", 16, Upper),                   // AWS
    ("ABIA", 16, Upper),                   // AWS
    ("ACCA", 16, Upper),                   // AWS
    ("AGPA", 16, Upper),                   // AWS
    ("AIDA", 16, Upper),                   // AWS
    ("AROA", 16, Upper),                   // AWS
    ("AIPA", 16, Upper),                   // AWS
    ("ANPA", 16, Upper),                   // AWS
    ("ANVA", 16, Upper),                   // AWS
    ("A3T", 17, Upper),                    // AWS
    ("amzn.mws.", 32, Hex),                // Amazon MWS
    ("bedrock-api-key-", 40, Base64),      // AWS Bedrock
    ("ABSK", 80, Base64),                  // AWS Bedrock
    ("da2-", 26, Alnum),                   // AWS AppSync
    ("AIza", 35, Word),                    // Google
    ("ya29.", 20, Dotted),                 // Google OAuth
    ("1//0", 30, Word),                    // Google refresh
    ("GOCSPX-", 24, Word),                 // Google OAuth client
    ("hf_", 30, Alnum),                    // Hugging Face
    ("api_org_", 30, Alnum),               // Hugging Face
    ("gsk_", 40, Alnum),                   // Groq
    ("r8_", 30, Alnum),                    // Replicate
    ("xai-", 40, Word),                    // xAI
    ("pplx-", 40, Alnum),                  // Perplexity
    ("fw_", 22, Alnum),                    // Fireworks
    ("csk-", 40, Alnum),                   // Cerebras
    ("nvapi-", 40, Word),                  // NVIDIA
    ("jina_", 40, Word),                   // Jina
    ("tvly-", 20, Word),                   // Tavily
    ("lsv2_", 30, Word),                   // LangSmith
    ("pcsk_", 40, Word),                   // Pinecone
    ("phc_", 20, Word),                    // PostHog
    ("phx_", 20, Word),                    // PostHog
    ("phs_", 20, Word),                    // PostHog
    ("phr_", 20, Word),                    // PostHog
    ("pha_", 20, Word),                    // PostHog
    ("npm_", 36, Alnum),                   // npm
    ("pypi-", 50, Word),                   // PyPI
    ("rubygems_", 40, Hex),                // RubyGems
    ("cio", 32, Alnum),                    // crates.io
    ("oy2", 43, Alnum),                    // NuGet
    ("CLOJARS_", 60, Alnum),               // Clojars
    ("SG.", 30, Dotted),                   // SendGrid
    ("xkeysib-", 60, Word),                // Brevo
    ("xsmtpsib-", 60, Word),               // Brevo
    ("key-", 32, Hex),                     // Mailgun
    ("re_", 24, Word),                     // Resend
    ("md-", 22, Word),                     // Mandrill
    ("shpat_", 32, Hex),                   // Shopify
    ("shpca_", 32, Hex),                   // Shopify
    ("shppa_", 32, Hex),                   // Shopify
    ("shpss_", 32, Hex),                   // Shopify
    ("shptka_", 32, Hex),                  // Shopify
    ("dop_v1_", 60, Hex),                  // DigitalOcean
    ("doo_v1_", 60, Hex),                  // DigitalOcean
    ("dor_v1_", 60, Hex),                  // DigitalOcean
    ("lin_api_", 32, Alnum),               // Linear
    ("lin_oauth_", 32, Alnum),             // Linear
    ("SK", 32, Hex),                       // Twilio
    ("AC", 32, Hex),                       // Twilio
    ("EAAA", 40, Word),                    // Square
    ("EAAC", 20, Alnum),                   // Facebook
    ("EAAM", 40, Alnum),                   // Facebook
    ("EAAb", 40, Alnum),                   // Facebook
    ("sq0atp-", 22, Word),                 // Square
    ("sq0csp-", 40, Word),                 // Square
    ("sq0idp-", 22, Word),                 // Square
    ("access_token$production$", 32, Hex), // PayPal Braintree
    ("access_token$sandbox$", 32, Hex),    // PayPal Braintree
    ("FLWSECK", 20, Word),                 // Flutterwave
    ("rzp_live_", 12, Alnum),              // Razorpay
    ("rzp_test_", 12, Alnum),              // Razorpay
    ("live_", 30, Word),                   // Mollie, Cash free
    ("dapi", 32, Hex),                     // Databricks
    ("dkea", 32, Hex),                     // Databricks
    ("dose", 32, Hex),                     // Databricks
    ("NRAK-", 27, Alnum),                  // New Relic
    ("NRJS-", 19, Alnum),                  // New Relic
    ("NRII-", 30, Word),                   // New Relic
    ("NRRA-", 40, Alnum),                  // New Relic
    ("NRAL", 30, Alnum),                   // New Relic
    ("eu01xx", 34, Hex),                   // New Relic
    ("glc_", 32, Base64),                  // Grafana Cloud
    ("glsa_", 32, Word),                   // Grafana service account
    ("sntrys_", 60, Base64),               // Sentry
    ("sntryu_", 60, Hex),                  // Sentry
    ("hvs.", 24, Word),                    // HashiCorp Vault
    ("hvb.", 24, Word),                    // HashiCorp Vault
    ("hvr.", 24, Word),                    // HashiCorp Vault
    ("s.", 24, Alnum),                     // HashiCorp Vault, old
    ("HCP-", 30, Word),                    // HashiCorp
    ("pul-", 40, Hex),                     // Pulumi
    ("dp.", 40, Dotted),                   // Doppler
    ("dckr_pat_", 27, Word),               // Docker
    ("dckr_oat_", 27, Word),               // Docker
    ("ops_eyJ", 100, Base64),              // 1Password
    ("A3-", 30, Word),                     // 1Password
    ("CFPAT-", 40, Word),                  // Contentful
    ("PMAK-", 50, Word),                   // Postman
    ("figd_", 36, Word),                   // Figma
    ("figo_", 36, Word),                   // Figma
    ("figu", 36, Word),                    // Figma
    ("ATATT3", 40, Base64),                // Atlassian
    ("ATCTT3", 40, Base64),                // Atlassian
    ("ATBB", 28, Alnum),                   // Bitbucket
    ("ATSTT", 40, Base64),                 // Atlassian
    ("pat-na1-", 36, Hex),                 // HubSpot
    ("pat-eu1-", 36, Hex),                 // HubSpot
    ("secret_", 40, Alnum),                // Notion
    ("ntn_", 40, Alnum),                   // Notion
    ("pat", 60, Dotted),                   // Airtable
    ("shippo_live_", 36, Hex),             // Shippo
    ("shippo_test_", 36, Hex),             // Shippo
    ("EZAK", 54, Alnum),                   // EasyPost
    ("EZTK", 54, Alnum),                   // EasyPost
    ("duffel_live_", 40, Base64),          // Duffel
    ("duffel_test_", 40, Base64),          // Duffel
    ("dnkey-", 30, Base64),                // Defined Networking
    ("frm_", 10, Word),                    // Frame.io
    ("fio-u-", 60, Base64),                // Frame.io
    ("ico-", 32, Alnum),                   // Intra42
    ("s-s4t2", 64, Word),                  // Intra42
    ("pscale_tkn_", 32, Dotted),           // PlanetScale
    ("pscale_pw_", 32, Dotted),            // PlanetScale
    ("pscale_oauth_", 32, Dotted),         // PlanetScale
    ("sbp_v0_", 40, Hex),                  // Supabase
    ("odt_", 36, Alnum),                   // Okta
    ("mdb_sa_sk_", 40, Word),              // MongoDB Atlas
    ("sbp_", 36, Alnum),                   // Supabase
    ("sb_secret_", 20, Word),              // Supabase
    ("PRIVATE-", 20, Alnum),               // Prefect, others
    ("pnu_", 36, Alnum),                   // Prefect
    ("pnb_", 36, Alnum),                   // Prefect
    ("rdme_", 70, Alnum),                  // ReadMe
    ("sgp_", 32, Word),                    // Sourcegraph
    ("slk_", 40, Hex),                     // Sourcegraph
    ("squ_", 40, Hex),                     // SonarQube
    ("sqp_", 40, Hex),                     // SonarQube
    ("sqa_", 40, Hex),                     // SonarQube
    ("tfp_", 36, Word),                    // Typeform
    ("YCA", 32, Word),                     // Yandex Cloud
    ("AQVN", 35, Word),                    // Yandex
    ("t1.", 60, Base64),                   // Yandex IAM
    ("y0_", 40, Word),                     // Yandex OAuth
    ("tk-us-", 40, Word),                  // Snyk, others
    ("fo1_", 40, Word),                    // Fly.io
    ("fm1a_", 60, Base64),                 // Fly.io
    ("fm1r_", 60, Base64),                 // Fly.io
    ("fm2_", 60, Base64),                  // Fly.io
    ("FlyV1", 60, Base64),                 // Fly.io
    ("rnd_", 30, Alnum),                   // Render
    ("vcp_", 24, Alnum),                   // Vercel
    ("nfp_", 36, Alnum),                   // Netlify
    ("CCIPAT_", 40, Word),                 // CircleCI
    ("bkua_", 40, Hex),                    // Buildkite
    ("HRKU-", 36, Word),                   // Heroku
    ("LTAI", 17, Alnum),                   // Alibaba Cloud
    ("AKID", 32, Alnum),                   // Tencent Cloud
    ("SCW", 17, Upper),                    // Scaleway
    ("AGE-SECRET-KEY-1", 58, Upper),       // age
    ("tskey-", 20, Word),                  // Tailscale
    ("ddp_", 34, Word),                    // Datadog
    ("dt0c01.", 24, Dotted),               // Dynatrace
    ("dt0s01.", 24, Dotted),               // Dynatrace
    ("dt0s16.", 24, Dotted),               // Dynatrace
    ("AAAA", 140, Base64),                 // Firebase messaging, as `AAAA…:APA91b…`
    ("APA91b", 100, Word),                 // Firebase messaging
    ("eyJrIjoi", 60, Base64),              // Grafana, old
    ("tgp_v1_", 40, Word),                 // Together
    ("zu_", 30, Word),                     // Zuplo
    ("apify_api_", 30, Alnum),             // Apify
    ("u_", 64, Hex),                       // age of sessions of several
    ("sha256~", 43, Word),                 // OpenShift
    ("waka_", 36, Hex),                    // WakaTime
    ("uk1-", 40, Word),                    // MessageBird and others
    ("AKCp", 60, Alnum),                   // Artifactory
    ("cmVmd", 40, Alnum),                  // Artifactory reference token
    ("dG9rZW46", 30, Base64),              // base64 of `token:`
    ("wpt_", 30, Alnum),                   // several
    ("sl.", 100, Word),                    // Dropbox
    ("Bearer%20", 20, Dotted),             // in URLs
    ("adafruit_aio_", 20, Alnum),          // Adafruit
    ("aio_", 28, Alnum),                   // Adafruit
    ("mcp_", 40, Alnum),                   // several
    ("lpk_", 30, Word),                    // several
    ("p8e-", 32, Alnum),                   // Adobe
    ("AdobeClientSecret", 30, Alnum),      // Adobe
    ("SharedAccessKey=", 40, Base64),      // Azure
    ("AccountKey=", 80, Base64),           // Azure storage
    ("hookdeck_", 30, Alnum),              // Hookdeck
    ("ghost_", 40, Alnum),                 // several
    ("vault_", 40, Alnum),                 // several
    ("sdk-", 36, Hex),                     // LaunchDarkly
    ("api-", 36, Hex),                     // LaunchDarkly
    ("mob-", 36, Hex),                     // LaunchDarkly
    ("seg_", 40, Alnum),                   // Segment
    ("sgs1_", 30, Alnum),                  // several
    ("JCPKEY-", 20, Alnum),                // JumpCloud
    ("cla_", 40, Word),                    // several
    ("tr_dev_", 20, Alnum),                // Trigger.dev
    ("tr_prod_", 20, Alnum),               // Trigger.dev
    ("pdl_", 40, Alnum),                   // Paddle
    ("lmnr_", 40, Alnum),                  // several
    ("hooks_", 40, Alnum),                 // several
    ("BBFF-", 30, Alnum),                  // Ubidots
    ("IGQV", 60, Word),                    // Instagram
    ("PMAT-", 26, Upper),                  // Postman
    ("llx-", 40, Alnum),                   // LlamaIndex
    ("cfut_", 40, Alnum),                  // Cloudflare
    ("LS0tLS1CRUdJTi", 40, Base64),        // base64 of a PEM file
    ("SWMTKN-1-", 40, Word),               // Docker Swarm
];

/// How much is read to tell whether a key is one.
const KEY_BYTES_MAX: usize = 512;
const LONGEST_KEY_IN_A_RUN: usize = 128;

/// Whether a key may begin with the first two bytes, as a bit for each pair.
static BEGINNINGS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0; 1 << 10];
    for (prefix, ..) in PREFIXES {
        let pair = pair(prefix.as_bytes());
        bits[pair >> 6] |= 1 << (pair & 63);
    }
    bits
});

/// The prefixes by their first byte.
static BY_FIRST: LazyLock<Vec<Vec<usize>>> = LazyLock::new(|| {
    let mut by_first = vec![Vec::new(); 256];
    for (index, (prefix, ..)) in PREFIXES.iter().enumerate() {
        by_first[usize::from(prefix.as_bytes()[0])].push(index);
    }
    by_first
});

fn pair(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | bytes.get(1).copied().map_or(0, usize::from)
}

/// A quick no for nearly every word.
pub(super) fn may_begin(bytes: &[u8]) -> bool {
    let pair = pair(bytes);
    BEGINNINGS[pair >> 6] >> (pair & 63) & 1 == 1
}

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    let mut read_to = 0;
    for &anchor in &lexed.key_anchors {
        let start = lexed.tokens[anchor as usize].start();
        if start < read_to {
            continue;
        }
        let rest = &lexed.bytes()[start..];
        match key_end(&rest[..rest.len().min(KEY_BYTES_MAX)]) {
            Some(end) => {
                // Some keys are longer than what tells that they are keys.
                let more = rest[end..].iter().position(|byte| !Base64.takes(*byte)).unwrap_or(rest.len() - end);
                let end = if end + 4 >= KEY_BYTES_MAX { end + more } else { end };
                read_to = start + end;
                spans.push(Span { range: start..start + end, kind: Kind::Secret, why: "a vendor's key" });
            }
            // In a long run that is no key, the next places are not worth a look each.
            None if rest.iter().take(KEY_BYTES_MAX).all(|byte| Base64.takes(*byte)) && rest.len() >= KEY_BYTES_MAX => {
                read_to = start + KEY_BYTES_MAX - LONGEST_KEY_IN_A_RUN;
            }
            None => {}
        }
    }
    if lexed.has_sign(b':') {
        telegram(lexed, spans);
    }
    if lexed.has_sign(b'~') {
        azure(lexed, spans);
    }
}

/// The length of the vendor's key that `bytes` begin with.
fn key_end(bytes: &[u8]) -> Option<usize> {
    BY_FIRST[usize::from(bytes[0])].iter().find_map(|index| {
        let (prefix, chars_min, of) = PREFIXES[*index];
        let body = bytes.strip_prefix(prefix.as_bytes())?;
        let length = body.iter().position(|byte| !of.takes(*byte)).unwrap_or(body.len());
        let body = if length == chars_min { &body[..length] } else { trimmed(&body[..length]) };
        // A long prefix says enough; after a short one, words must not pass.
        let looks_made =
            (looks_random(body) || prefix.len() >= 6 && of != Dotted || of == Upper) && distinct(body) >= 6;
        let is_key = body.len() >= chars_min && looks_made && !is_placeholder(&bytes[..prefix.len() + body.len()]);
        // AWS's keys have one length; a longer run of capitals is something else.
        let fits = of != Upper || chars_min > 17 || body.len() <= 20;
        // Two letters are a weak prefix: nothing may follow or be left over.
        let is_whole = prefix.len() > 2 || body.len() == chars_min;
        (is_key && fits && is_whole).then_some(prefix.len() + body.len())
    })
}

impl Of {
    fn takes(self, byte: u8) -> bool {
        match self {
            Alnum => byte.is_ascii_alphanumeric(),
            Word => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
            Hex => byte.is_ascii_hexdigit() || byte == b'-',
            Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=' | b'%'),
        }
    }
}

fn distinct(body: &[u8]) -> u32 {
    body.iter().fold(0_u128, |seen, byte| seen | 1 << (byte & 127)).count_ones()
}

fn trimmed(body: &[u8]) -> &[u8] {
    let end = body.iter().rposition(|byte| !matches!(byte, b'.' | b'-')).map_or(0, |last| last + 1);
    &body[..end]
}

/// A key has digits and letters; words joined by hyphens do not.
fn looks_random(body: &[u8]) -> bool {
    let digits = body.iter().filter(|byte| byte.is_ascii_digit()).count();
    let switches = body.windows(2).filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase()).count();
    digits >= 2 || switches >= 2 || body.len() >= 16 && body.iter().all(|byte| byte.is_ascii_uppercase())
}

/// Documentation writes `sk-xxxxxxxx`, and AWS's own example ends with EXAMPLE.
pub(super) fn is_placeholder(key: &[u8]) -> bool {
    let fillers = key.iter().filter(|byte| matches!(byte, b'x' | b'X' | b'.' | b'*' | b'0')).count();
    let finder = |word: &str| memmem::find(key, word.as_bytes()).is_some();
    key.ends_with(b"EXAMPLE")
        || key.ends_with(b"EXAMPLEKEY")
        || fillers * 2 > key.len()
        || finder("your")
        || finder("YOUR")
        || finder("xxxxx")
        || finder("XXXXX")
}

/// A Telegram bot's token: its number, a colon, `AA` and 33 characters.
fn telegram(lexed: &Lexed, spans: &mut Vec<Span>) {
    for at in memmem::find_iter(lexed.bytes(), b":AA") {
        let bytes = lexed.bytes();
        let digits = bytes[at.saturating_sub(11)..at].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let body = bytes[at + 1..].iter().take(60).take_while(|byte| Word.takes(**byte)).count();
        if (6..=10).contains(&digits) && (33..=36).contains(&body) {
            spans.push(Span { range: at - digits..at + 1 + body, kind: Kind::Secret, why: "a Telegram bot's token" });
        }
    }
}

/// A client secret of Microsoft Entra: three characters, a digit, `Q~` and 31 to 34 characters.
fn azure(lexed: &Lexed, spans: &mut Vec<Span>) {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'~' | b'-');
    for at in memmem::find_iter(lexed.bytes(), b"Q~").filter(|at| *at >= 4) {
        let bytes = lexed.bytes();
        let body = bytes[at + 2..].iter().take(40).take_while(|byte| is_part(byte)).count();
        let is_head = bytes[at - 1].is_ascii_digit() && bytes[at - 4..at - 1].iter().all(is_part);
        if is_head && (31..=34).contains(&body) {
            spans.push(Span { range: at - 4..at + 2 + body, kind: Kind::Secret, why: "a client secret of Azure" });
        }
    }
}
