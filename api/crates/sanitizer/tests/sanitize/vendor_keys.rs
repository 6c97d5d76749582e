//! A key of each vendor stands bare in prose, in a table and in JSON: no word beside it says that it is one.
//!
//! The forms are what the vendors document and what other scanners look for. The keys are made here, so that no line of this
//! repository holds one.

use misfire_sanitizer::{Scope, find};

use crate::found;

/// A vendor and the form of its keys. In braces stand the alphabet and the length of a random part: `a` letters and digits, `h` hex,
/// `l` small letters and digits, `u` capitals and digits, `w` letters, digits, `_` and `-`, `d` digits, `i` a UUID.
const FORMS: &str = "\
OpenAI                  sk-proj-{w64}
OpenAI, old             sk-{a48}
OpenAI, service         sk-svcacct-{w60}
OpenAI, admin           sk-admin-{w60}
Anthropic               sk-ant-api03-{w93}AA
Anthropic, admin        sk-ant-admin01-{w93}AA
Anthropic, OAuth        sk-ant-oat01-{w93}AA
OpenRouter              sk-or-v1-{h64}
DeepSeek                sk-{h32}
MiniMax                 sk-api-{w110}
Helicone                sk-helicone-{l7}-{l7}-{l7}-{l7}
Google                  AIza{w35}
Google, Gemini          AQ.Ab8RN6{w44}
Google, Gemini, bare    AQ.{w50}
Google, OAuth           ya29.{w80}
Google, client          GOCSPX-{w28}
Google, refresh         1//0{w60}
Hugging Face            hf_{a34}
Hugging Face, org       api_org_{a34}
Groq                    gsk_{a52}
Replicate               r8_{a37}
xAI                     xai-{a80}
Perplexity              pplx-{a48}
Fireworks               fw_{a24}
Cerebras                csk-{l48}
NVIDIA                  nvapi-{w64}
Jina                    jina_{w60}
Tavily                  tvly-{a32}
Tavily, dev             tvly-dev-{a32}
LangSmith               lsv2_pt_{h32}_{h10}
Pinecone                pcsk_{a6}_{a63}
Voyage                  pa-{w43}
Together                tgp_v1_{w43}
Langfuse                sk-lf-{i}
Weights & Biases        wandb_v1_{a77}
E2B                     e2b_{h40}
Firecrawl               fc-{h32}
RunPod                  rpa_{u40}{a6}
LlamaIndex              llx-{a48}
Composio                ak_{a20}
Mem0                    m0-{a40}
Browserbase             bb_live_{a27}
turbopuffer             tpuf_{a32}
Brave Search            BSA{w27}
Cartesia                sk_car_{a22}
ElevenLabs              sk_{h48}
Devin                   apk_{a88}
Devin, service          cog_{l52}
PostHog, personal       phx_{a43}
PostHog, project        phc_{a43}
PostHog, feature        phs_{a43}
GitHub                  ghp_{a36}
GitHub, OAuth           gho_{a36}
GitHub, user            ghu_{a36}
GitHub, server          ghs_{a36}
GitHub, refresh         ghr_{a76}
GitHub, fine-grained    github_pat_{a22}_{a59}
GitLab                  glpat-{w20}
GitLab, deploy          gldt-{w20}
GitLab, runner          glrt-{w20}
GitLab, trigger         glptt-{h40}
GitLab, agent           glagent-{w50}
GitLab, OAuth           gloas-{w64}
GitLab, CI job          glcbt-{a5}_{w20}
Bitbucket               ATBB{a32}
Atlassian               ATATT3xFfGF0{w180}
npm                     npm_{a36}
PyPI                    pypi-AgEIcHlwaS5vcmc{w80}
RubyGems                rubygems_{h48}
crates.io               cio{a32}
NuGet                   oy2{l43}
Clojars                 CLOJARS_{l60}
Docker                  dckr_pat_{w27}
Docker, organisation    dckr_oat_{w32}
AWS                     AKIA{u16}
AWS, temporary          ASIA{u16}
AWS, Bedrock            ABSK{a110}
AWS, AppSync            da2-{l26}
Alibaba Cloud           LTAI{a20}
Alibaba, temporary      STS.{a24}
Tencent Cloud           AKID{a32}
Scaleway                SCW{u17}
DigitalOcean            dop_v1_{h64}
DigitalOcean, OAuth     doo_v1_{h64}
Cloudflare              cfut_{a40}
Cloudflare, origin      v1.0-{h24}-{h146}
Fly.io                  fo1_{w43}
Render                  rnd_{a28}{a4}
Vercel                  vcp_{a56}
Vercel, AI gateway      vck_{a56}
Netlify                 nfp_{a36}
Heroku                  HRKU-AA{w58}
Exoscale                EXO{h24}
UpCloud                 ucat_{a26}
Supabase                sbp_{h40}
Supabase, secret        sb_secret_{w31}
Neon                    napi_{a64}
Xata                    xau_{a40}
PlanetScale             pscale_tkn_{w43}
PlanetScale, password   pscale_pw_{w43}
MongoDB Atlas           mdb_sa_sk_{w40}
CockroachDB             CCDB1_{a22}_{a40}
DataStax                AstraCS:{a24}:{h64}
Aiven                   AVNS_{w19}
Databricks              dapi{h32}
dbt                     dbtc_{w36}
Elastic                 essu_{a60}
Stripe                  sk_live_{a24}
Stripe, test            sk_test_{a24}
Stripe, restricted      rk_live_{a24}
Stripe, webhook         whsec_{a32}
Square                  sq0atp-{w22}
Square, OAuth           sq0csp-{w43}
Plaid                   access-production-{i}
Paddle                  pdl_live_apikey_{l26}_{a22}_{a3}
Razorpay                rzp_live_{a14}
Flutterwave             FLWSECK-{h32}-X
Xendit                  xnd_production_{a48}
Midtrans                Mid-server-{w24}
Mercado Pago            APP_USR-{d16}-{d6}-{h32}-{d9}
Adyen                   AQE{a100}
Polar                   polar_oat_{a43}
Ramp                    ramp_sec_{a48}
Persona                 persona_production_{i}
Onfido                  api_live.{w40}
Mercury                 mercury_production_rma_{a44}_yrucrem
EasyPost                EZAK{a54}
Shippo                  shippo_live_{h40}
Duffel                  duffel_live_{w43}
Flexport                shltm_{a40}
Samsara                 samsara_api_{a28}
SendGrid                SG.{w22}.{w43}
Brevo                   xkeysib-{h64}-{a16}
Mailgun                 key-{h32}
Mailgun, new            {h32}-{h8}-{h8}
Mailchimp               {h32}-us14
MailerSend              mlsn.{h64}
Mandrill                md-{w22}
Resend                  re_{a8}_{a24}
OneSignal               os_v2_app_{l103}
Twilio                  SK{h32}
Slack, bot              xoxb-{d12}-{d12}-{a24}
Slack, user             xoxp-{d12}-{d12}-{d12}-{h32}
Slack, app              xapp-1-A{u10}-{d13}-{h64}
Telegram                {d10}:AA{w33}
Discord                 MTIzNDU2Nzg5MDEyMzQ1Njc4.G{w5}.{w38}
Intercom                dG9rOj{a54}
HubSpot                 pat-na1-{i}
Shopify                 shpat_{h32}
Shopify, secret         shpss_{h32}
Linear                  lin_api_{a40}
Notion                  ntn_{d11}{a35}
Notion, old             secret_{a43}
Airtable                pat{a14}.{h64}
Asana                   {d16}:{h32}
Figma                   figd_{w40}
Postman                 PMAK-{h24}-{h34}
Typeform                tfp_{a44}_{a14}
ReadMe                  rdme_{l70}
Contentful              CFPAT-{w43}
Canva                   cnvca{w51}
Grafana                 glsa_{a32}_{h8}
Grafana Cloud           glc_{a80}
Sentry                  sntryu_{h64}
New Relic               NRAK-{u27}
Honeycomb               hcaik_01{l56}
Dynatrace               dt0c01.{u24}.{u64}
Datadog                 ddp_{a36}
Rootly                  rootly_{h64}
LaunchDarkly            sdk-{i}
DevCycle                dvc_server_{a32}
ConfigCat               configcat-sdk-1/{w22}/{w22}
HashiCorp Vault         hvs.{w95}
Terraform               {l14}.atlasv1.{w64}
Pulumi                  pul-{h40}
Doppler                 dp.pt.{a43}
Infisical               st.{i}.{h32}.{h32}
1Password               ops_eyJ{a260}
age                     AGE-SECRET-KEY-1{u58}
Tailscale               tskey-api-{a12}CNTRL-{a32}
Octopus Deploy          API-{u26}
Buildkite               bkua_{h40}
CircleCI                CCIPAT_{a22}_{h40}
SonarQube               squ_{h40}
Snyk                    snyk_uat.{h8}.{w80}
Aikido                  AIK_SECRET_{a64}
Sourcegraph             sgp_{h16}_{h40}
Cloudsmith              csa_{h30}{a6}
Artifactory             AKCp{a69}
OpenShift               sha256~{w43}
Unkey                   unkey_{a24}
Zuplo                   zpka_{l32}_{h8}
Val Town                vtwn_{a40}
Pinterest               pina_{a64}
Proof                   prf_cli_{a40}
SettleMint              sm_pat_{a16}
Thunderstore            tss_{a40}
Lichess                 lip_{a20}
";

/// A number that follows from the seed alone (a linear congruential generator, Knuth's MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn text(&mut self, alphabet: char, length: usize) -> String {
        const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let from = match alphabet {
            'a' => LETTERS,
            'h' => "0123456789abcdef",
            'l' => "abcdefghijklmnopqrstuvwxyz0123456789",
            'u' => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
            'w' => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
            'd' => "0123456789",
            other => panic!("no such alphabet: {other}"),
        };
        let mut text: String = (0..length).map(|_| from.as_bytes()[self.below(from.len())] as char).collect();
        // A key does not end with a sign, and a number does not begin with 0.
        while text.ends_with(['-', '_']) {
            text.pop();
            text.push(LETTERS.as_bytes()[self.below(LETTERS.len())] as char);
        }
        if alphabet == 'd' { text.replacen('0', "7", 1) } else { text }
    }

    fn key(&mut self, form: &str) -> String {
        let mut key = String::new();
        for (at, part) in form.split('{').enumerate() {
            let (random, rest) = if at == 0 { ("", part) } else { part.split_once('}').expect("a closing brace") };
            match random.split_at_checked(1) {
                None => {}
                Some(("i", _)) => {
                    let parts = [8, 4, 4, 4, 12].map(|length| self.text('h', length));
                    key.push_str(&parts.join("-"));
                }
                Some((alphabet, length)) => {
                    let alphabet = alphabet.chars().next().expect("one character");
                    key.push_str(&self.text(alphabet, length.parse().expect("a length")));
                }
            }
            key.push_str(rest);
        }
        key
    }
}

/// Keys of each form, with the vendor.
fn keys() -> impl Iterator<Item = (&'static str, String)> {
    const KEYS_OF_EACH: usize = 5;
    FORMS.lines().enumerate().flat_map(|(line, text)| {
        let (vendor, form) = text.split_at(24);
        let mut random = Random(line as u64 * 7919 + 1);
        (0..KEYS_OF_EACH).map(move |_| (vendor.trim_end(), random.key(form.trim()))).collect::<Vec<_>>()
    })
}

#[test]
fn there_are_enough_vendors() {
    assert!(FORMS.lines().count() >= 160, "{} forms", FORMS.lines().count());
}

#[test]
fn a_bare_key_of_each_vendor_is_found_whole() {
    let mut missed = Vec::new();
    for (vendor, key) in keys() {
        for text in [
            format!("We rotated {key} last week, and it still answers."),
            format!("| a | {key} | b |"),
            format!("{{\"note\": \"{key}\"}}"),
        ] {
            let at = text.find(&key).expect("the key is in the text");
            let covers = |span: &misfire_sanitizer::Span| span.range.start <= at && span.range.end >= at + key.len();
            if !find(&text, Scope::Text).iter().any(covers) {
                missed.push(format!("{vendor}: {text} {:?}", found(&text)));
            }
        }
    }
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn ids_and_names_of_the_same_form_stay() {
    let mut random = Random(42);
    for form in [
        "evt_{a24}",
        "pi_{a24}",
        "cus_{a14}",
        "price_{a24}",
        "acct_{a16}",
        "user_{a27}",
        "org_{a27}",
        "sess_{a27}",
        "req_{a24}",
        "chatcmpl-{a29}",
        "msg_{a24}",
        "run_{a24}",
        "thread_{a24}",
        "toolu_{a24}",
        "job_{l24}",
        "img_{h32}",
        "chunk-{h40}",
        "main.{h20}.js",
        "sha256-{h64}",
        "app_vendors_node_modules_index_js.{h20}.js",
        "llm-gateway-{l9}-{l5}",
        "part-00017-{i}-c000.snappy.parquet",
        "i-{h17}",
        "ami-{h17}",
        "sg-{h17}",
        "vpc-{h17}",
        "Root=1-{h8}-{h24}",
        "trace_{h32}",
        "01HV{u22}",
        "k8s_POD_gw-{l9}-{l5}_prod_{i}_0",
    ] {
        for _ in 0..20 {
            let id = random.key(form);
            let text = format!("Could not load {id} after 3 tries.");
            let secrets: Vec<_> = found(&text).into_iter().filter(|(label, _)| *label == "SECRET").collect();
            assert_eq!(secrets, [], "in {text:?}");
        }
    }
}
