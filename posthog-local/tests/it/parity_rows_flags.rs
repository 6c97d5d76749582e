//! The rows of `PARITY.md` about feature flags and surveys.

use crate::parity_rows::{Row, absent, same, simplified};

const FLAGS: &str = "Feature flags and surveys";

const T_FLAGS: &str = "tests/it/flags.rs";

const SHAPES: (&str, &str) = (T_FLAGS, "each_version_of_flags_and_decide_has_posthogs_shape");
const PACKINGS: (&str, &str) = (T_FLAGS, "every_packing_that_sdks_use_is_read");
const REFUSALS: (&str, &str) = (T_FLAGS, "what_flags_refuses_it_refuses_in_posthogs_words");
const DEFINITIONS: (&str, &str) = (T_FLAGS, "definitions_need_a_key_and_have_an_etag");
const SWITCH: (&str, &str) = (T_FLAGS, "a_switch_is_seen_at_once_and_a_reset_goes_back");
const ONE_VALUE: (&str, &str) = ("src/project.rs", "a_flag_is_one_fixed_value_and_what_it_cannot_be_is_named");

pub(crate) const FLAG_ROWS: &[Row] = &[
    simplified(
        FLAGS,
        "A flag: on, off or a variant, with a payload",
        "one fixed value for everybody, from `[[flags]]` in `project.toml`, switched by `POST /_local/flags/<key>`. One that is \
         off is told as `flag_disabled`. Rollouts, conditions, groups and shares of variants are refused at the start, by \
         line and name",
        &[ONE_VALUE, SWITCH],
    ),
    same(
        FLAGS,
        "`/flags` v1 and v2, `/decide` v1 to v4, `config=true`, `flag_keys`, `disable_flags`; GET without flags",
        &[SHAPES, PACKINGS],
    ),
    absent(
        FLAGS,
        "`/flags?v=3` with one `value` each, `detailed_analysis`, `quotaLimited`, `minimalFlagCalledEvents`",
        "v3 is answered as v2, which older revisions do",
        &[SHAPES],
    ),
    same(FLAGS, "Bodies: JSON, gzip (by query, header or magic), base64, a form", &[PACKINGS]),
    simplified(FLAGS, "Bodies are JSON5, with `NaN` and `Infinity` read as null", "JSON alone", &[REFUSALS]),
    same(
        FLAGS,
        "401 without a key or with a wrong one, 400 without distinct_id or with a bad body, in PostHog's words",
        &[REFUSALS],
    ),
    simplified(
        FLAGS,
        "The project's key is known",
        "only if `api_token` in `project.toml` names it; else every key of the right form is",
        &[REFUSALS],
    ),
    same(
        FLAGS,
        "`/flags/definitions`, `/api/feature_flag/local_evaluation`: a personal key or the project's secret key \
         (`POSTHOG_SECRET_API_KEY`), weak ETag, 304",
        &[DEFINITIONS],
    ),
    absent(
        FLAGS,
        "Definitions: cohorts, group types, `minimal_flag_called_events`, `property_matching_version`; throttling",
        "empty, or left out",
        &[DEFINITIONS],
    ),
    simplified(
        FLAGS,
        "`remote_config`: the payload as a JSON text, 404 for a flag that is no remote config, `@current`",
        "no encrypted payloads; `@current` without a token is the one project, where PostHog's newer service answers 404",
        &[(T_FLAGS, "a_remote_config_is_its_payload_as_a_text")],
    ),
    simplified(
        FLAGS,
        "`$feature_flag_called`",
        "an event like others; PostHog can be set to drop repetitions of the same person, flag and answer",
        &[(T_FLAGS, "a_flag_that_was_asked_for_is_an_event_like_others")],
    ),
    same(
        FLAGS,
        "posthog-rs, asking and evaluating by itself; posthog-js in Chromium, posthog-js-lite, posthog-node and posthog for \
         Python by `scripts/test-flag-sdks`",
        &[("tests/it/sdk.rs", "posthog_rs_is_told_the_flags_and_evaluates_them_by_itself")],
    ),
    simplified(
        FLAGS,
        "`/api/surveys/`: public, with CORS; 401 without a key or with a wrong one",
        "there are none",
        &[(T_FLAGS, "surveys_are_public_and_none")],
    ),
    absent(FLAGS, "`/api/early_access_features/`, `/api/web_experiments/`, writing flags by REST", "404", &[]),
];
