//! The vendors' keys: prefix, length, alphabet. A new vendor is a new row here. The tests in `by_prefix.rs` try each row; what a
//! change of the output needs besides stands in `docs/ARCHITECTURE.md`.

use super::alphabet::Alphabet::{self, Alnum, Base64, Colon, Dotted, Hex, List, Upper, Word};

/// The prefix, the fewest characters after it, and the alphabet of these. The rows are tried in order: the first that fits decides
/// where the key ends.
pub(super) const KEYS: &[(&str, usize, Alphabet)] = &[
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
    ("ghs_", 60, Dotted),                  // GitHub, a date and a JSON web token
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
    ("gitlab_session=", 32, Alnum),        // GitLab, session
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
    ("bedrock-api-key-", 32, Base64),      // AWS Bedrock
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
    ("EAAA", 40, Word),                    // Square
    ("EAAC", 20, Alnum),                   // Facebook
    ("EAAM", 40, Alnum),                   // Facebook
    ("EAAb", 40, Alnum),                   // Facebook
    ("sq0atp-", 22, Word),                 // Square
    ("sq0csp-", 40, Word),                 // Square
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
    ("NRII-", 24, Word),                   // New Relic
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
    ("dckr_oat_", 32, Word),               // Docker
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
    ("odt_", 32, Alnum),                   // Okta
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
    ("fm1a_", 60, List),                   // Fly.io
    ("fm1r_", 60, List),                   // Fly.io
    ("fm2_", 60, List),                    // Fly.io
    ("FlyV1 ", 60, List),                  // Fly.io
    ("rnd_", 30, Alnum),                   // Render
    ("vcp_", 24, Alnum),                   // Vercel
    ("nfp_", 36, Alnum),                   // Netlify
    ("CCIPAT_", 40, Word),                 // CircleCI
    ("bkua_", 40, Hex),                    // Buildkite
    ("HRKU-", 36, Word),                   // Heroku
    ("LTAI", 12, Alnum),                   // Alibaba Cloud
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
    ("sha256~", 43, Word),                 // OpenShift
    ("waka_", 36, Hex),                    // WakaTime
    ("uk1-", 40, Word),                    // MessageBird and others
    ("AKCp", 60, Alnum),                   // Artifactory
    ("cmVmd", 40, Alnum),                  // Artifactory reference token
    ("dG9rZW46", 30, Base64),              // base64 of `token:`
    ("sl.", 100, Word),                    // Dropbox
    ("adafruit_aio_", 20, Alnum),          // Adafruit
    ("aio_", 28, Alnum),                   // Adafruit
    ("p8e-", 32, Alnum),                   // Adobe
    ("AdobeClientSecret", 30, Alnum),      // Adobe
    ("SharedAccessKey=", 40, Base64),      // Azure
    ("AccountKey=", 80, Base64),           // Azure storage
    ("hookdeck_", 30, Alnum),              // Hookdeck
    ("sdk-", 36, Hex),                     // LaunchDarkly
    ("api-", 36, Hex),                     // LaunchDarkly
    ("mob-", 36, Hex),                     // LaunchDarkly
    ("JCPKEY-", 20, Alnum),                // JumpCloud
    ("tr_dev_", 20, Alnum),                // Trigger.dev
    ("tr_prod_", 20, Alnum),               // Trigger.dev
    ("pdl_", 40, Alnum),                   // Paddle
    ("BBFF-", 30, Alnum),                  // Ubidots
    ("IGQV", 60, Word),                    // Instagram
    ("PMAT-", 26, Upper),                  // Postman
    ("llx-", 40, Alnum),                   // LlamaIndex
    ("cfut_", 40, Alnum),                  // Cloudflare
    ("LS0tLS1CRUdJTi", 40, Base64),        // base64 of a PEM file
    ("SWMTKN-1-", 40, Word),               // Docker Swarm
    ("sess-", 40, Alnum),                  // OpenAI, session
    ("sk_sbox_", 24, Alnum),               // Checkout.com
    ("sk_", 30, Word),                     // ElevenLabs, Clerk, WorkOS, Klaviyo and others
    ("pk_", 34, Word),                     // ClickUp, Klaviyo and others
    ("ak_live_", 24, Word),                // Persona and others
    ("sk.eyJ", 60, Dotted),                // Mapbox
    ("pk.eyJ", 60, Dotted),                // Mapbox
    ("tk.eyJ", 60, Dotted),                // Mapbox
    ("pa-", 43, Word),                     // Voyage AI
    ("pk-lf-", 36, Hex),                   // Langfuse
    ("wandb_v1_", 40, Word),               // Weights & Biases
    ("e2b_", 40, Hex),                     // E2B
    ("fc-", 32, Hex),                      // Firecrawl
    ("rpa_", 40, Alnum),                   // RunPod
    ("napi_", 60, Alnum),                  // Neon
    ("xau_", 30, Alnum),                   // Xata
    ("fnA", 37, Word),                     // Fauna
    ("CCDB1_", 40, Word),                  // CockroachDB
    ("AVNS_", 18, Word),                   // Aiven
    ("essu_", 30, Base64),                 // Elastic Cloud
    ("dbtc_", 30, Alnum),                  // dbt
    ("dbtu_", 30, Alnum),                  // dbt
    ("os_v2_app_", 60, Alnum),             // OneSignal
    ("os_v2_org_", 60, Alnum),             // OneSignal
    ("sec-c-", 36, Word),                  // PubNub
    ("sub-c-", 36, Hex),                   // PubNub
    ("pub-c-", 36, Hex),                   // PubNub
    ("KEY", 55, Word),                     // Telnyx
    ("access-sandbox-", 36, Hex),          // Plaid
    ("access-development-", 36, Hex),      // Plaid
    ("access-production-", 36, Hex),       // Plaid
    ("secret-live-", 30, Word),            // Stytch
    ("secret-test-", 30, Word),            // Stytch
    ("secret-", 43, Alnum),                // Statsig
    ("csb_v1_", 40, Word),                 // CodeSandbox
    ("gitpod_pat_", 30, Dotted),           // Gitpod
    ("n8n_api_", 40, Word),                // n8n
    ("retool_", 20, Alnum),                // Retool
    ("signkey-prod-", 60, Hex),            // Inngest
    ("signkey-test-", 60, Hex),            // Inngest
    ("xaat-", 36, Hex),                    // Axiom
    ("xapt-", 36, Hex),                    // Axiom
    ("hcaik_", 50, Alnum),                 // Honeycomb
    ("cxtp_", 30, Alnum),                  // Coralogix
    ("cu_", 32, Hex),                      // Checkly
    ("sktsec_", 40, Word),                 // Socket
    ("kpat_", 40, Alnum),                  // Kong
    ("akab-", 30, Word),                   // Akamai
    ("gb_api_", 30, Alnum),                // GitBook
    ("nbp_", 36, Alnum),                   // NetBird
    ("nfc_", 36, Alnum),                   // Netlify
    ("nfo_", 36, Alnum),                   // Netlify
    ("nfu_", 36, Alnum),                   // Netlify
    ("vci_", 24, Alnum),                   // Vercel
    ("vca_", 24, Alnum),                   // Vercel
    ("vcr_", 24, Alnum),                   // Vercel
    ("vck_", 24, Alnum),                   // Vercel
    ("CCIPRJ_", 40, Word),                 // CircleCI
    ("ATTA", 60, Hex),                     // Trello
    ("pat-na2-", 36, Hex),                 // HubSpot
    ("v1.0-", 170, Hex),                   // Cloudflare, origin CA
    ("b.AAAAAQ", 100, Word),               // HashiCorp Vault, batch
    ("EAA", 100, Alnum),                   // Facebook
    ("IGAA", 60, Word),                    // Instagram
    ("AAAAAAAAAAAAAAAAAAAAA", 60, Base64), // X, bearer
    ("dG9rOj", 40, Base64),                // Intercom, base64 of `tok:`
    ("pdus+_", 30, Word),                  // PagerDuty
    ("SWMKEY-1-", 40, Word),               // Docker Swarm
    ("SUA", 55, Upper),                    // NATS, a seed of a user
    ("SAA", 55, Upper),                    // NATS, a seed of an account
    ("SOA", 55, Upper),                    // NATS, a seed of an operator
    ("VF.WS.", 36, Dotted),                // Voiceflow
    ("VF.DM.", 36, Dotted),                // Voiceflow
    ("wx", 16, Hex),                       // WeChat
    ("1000.", 60, Dotted),                 // Zoho
    ("TlRMTVNTUAAD", 60, Base64),          // base64 of NTLM's answer to a challenge
    ("eyJhdXRocyI6", 30, Base64),          // base64 of Docker's `{"auths":`
    ("AQ.", 40, Word),                     // Google, Gemini
    ("sm_aat_", 16, Alnum),                // SettleMint
    ("sm_pat_", 16, Alnum),                // SettleMint
    ("sm_sat_", 16, Alnum),                // SettleMint
    ("csa_", 36, Alnum),                   // Cloudsmith
    ("mlsn.", 30, Alnum),                  // MailerSend
    ("apk_", 80, Base64),                  // Devin
    ("apk_user_", 120, Base64),            // Devin
    ("dvc_server_", 16, Word),             // DevCycle
    ("dvc_client_", 16, Word),             // DevCycle
    ("dvc_mobile_", 16, Word),             // DevCycle
    ("AstraCS:", 60, Colon),               // DataStax
    ("EXO", 24, Hex),                      // Exoscale
    ("BSA", 27, Word),                     // Brave Search
    ("API-", 26, Upper),                   // Octopus Deploy
    ("STS.", 20, Alnum),                   // Alibaba Cloud, temporary
    ("cnvca", 51, Word),                   // Canva
    ("sk_car_", 20, Alnum),                // Cartesia
    ("pdl_live_apikey_", 40, Word),        // Paddle
    ("pdl_sdbx_apikey_", 40, Word),        // Paddle
    ("NF-", 32, Hex),                      // Nightfall
    ("flb_live_", 20, Alnum),              // Fleetbase
    ("flb_test_", 20, Alnum),              // Fleetbase
    ("tkn.v1_", 40, Word),                 // Teamwork
    ("api_live.", 20, Word),               // Onfido
    ("api_live_us.", 20, Word),            // Onfido
    ("api_live_ca.", 20, Word),            // Onfido
    ("api_sandbox.", 20, Word),            // Onfido
    ("cal_live_", 32, Hex),                // Cal.com
    ("scp-live-", 32, Hex),                // Scrapfly
    ("Mid-server-", 20, Word),             // Midtrans
    ("SB-Mid-server-", 20, Word),          // Midtrans
    ("APP_USR-", 40, Word),                // Mercado Pago
    ("snyk_uat.", 20, Dotted),             // Snyk
    ("st.", 60, Dotted),                   // Infisical
    ("AQE", 60, Base64),                   // Adyen
    ("ddw_", 34, Word),                    // Deno Deploy
    ("cfk_", 40, Alnum),                   // Cloudflare
    ("cfat_", 40, Alnum),                  // Cloudflare
    ("hawk.", 36, Word),                   // StackHawk
    ("shltm_", 30, Alnum),                 // Flexport
    ("gcntfy-", 36, Word),                 // GC Notify
    ("px-api-", 36, Hex),                  // Pixie
    ("px-dep-", 36, Hex),                  // Pixie
    ("hcaic_", 50, Alnum),                 // Honeycomb
    ("hcxik_", 50, Alnum),                 // Honeycomb
    ("hcxlk_", 50, Alnum),                 // Honeycomb
    ("sntryi_", 60, Hex),                  // Sentry
    ("zpka_", 40, Word),                   // Zuplo
    ("bkaa_", 60, Word),                   // Buildkite
    ("bkaj_", 60, Word),                   // Buildkite
    ("bkar_", 60, Word),                   // Buildkite
    ("bkct_", 60, Word),                   // Buildkite
    ("wrka", 60, Dotted),                  // Workato
    ("mdb_sa_id_", 24, Hex),               // MongoDB Atlas
    ("lip_", 20, Alnum),                   // Lichess
    ("ion_", 42, Alnum),                   // Ionic
    ("ucat_", 24, Alnum),                  // UpCloud
    ("tpuf_", 20, Alnum),                  // turbopuffer
    ("ffio-u-", 60, Base64),               // Frame.io
    ("oa2-client-", 40, Word),             // Blynk
    ("ak-", 22, Alnum),                    // Modal
    ("as-", 22, Alnum),                    // Modal
    ("luma-", 36, Hex),                    // Luma
    ("SSWS 00", 38, Word),                 // Okta
    ("AIK_CI_", 20, Alnum),                // Aikido
    ("AIK_CLIENT_", 24, Alnum),            // Aikido
    ("AIK_SECRET_", 64, Alnum),            // Aikido
    ("m0-", 36, Alnum),                    // Mem0
    ("unkey_", 20, Alnum),                 // Unkey
    ("cog_", 52, Alnum),                   // Devin
    ("vtwn_", 20, Word),                   // Val Town
];
