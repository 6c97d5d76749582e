//! The rows of `PARITY.md`, in the order of facts.md.

/// How far posthog-local goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Same,
    Simplified,
    Absent,
}

impl State {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Simplified => "simplified",
            Self::Absent => "absent",
        }
    }
}

/// A behaviour of PostHog.
pub(crate) struct Row {
    pub(crate) area: &'static str,
    pub(crate) what: &'static str,
    pub(crate) state: State,
    pub(crate) how: &'static str,
    /// Files and names of tests.
    pub(crate) proofs: &'static [(&'static str, &'static str)],
}

type Proofs = &'static [(&'static str, &'static str)];

pub(crate) const fn same(area: &'static str, what: &'static str, proofs: Proofs) -> Row {
    Row { area, what, state: State::Same, how: "", proofs }
}

pub(crate) const fn simplified(area: &'static str, what: &'static str, how: &'static str, proofs: Proofs) -> Row {
    Row { area, what, state: State::Simplified, how, proofs }
}

pub(crate) const fn absent(area: &'static str, what: &'static str, how: &'static str, proofs: Proofs) -> Row {
    Row { area, what, state: State::Absent, how, proofs }
}

const CAPTURE: &str = "Capturing (v0)";
const SDKS: &str = "SDKs";
const PERSONS: &str = "Persons";
const FILTERS: &str = "Filters";
const TEMPLATES: &str = "Templates";
const DELIVERY: &str = "Webhook delivery";
const WORKFLOWS: &str = "Workflows and e-mail";
const REST: &str = "REST and provisioning";

const T_CAPTURE: &str = "tests/it/capture.rs";
const T_DELIVERY: &str = "tests/it/delivery.rs";
const T_WORKFLOWS: &str = "tests/it/workflows.rs";
const T_REST: &str = "tests/it/rest.rs";
const T_FAULTS: &str = "tests/it/faults.rs";
const U_REQUEST: &str = "src/capture/request.rs";
const U_PAYLOAD: &str = "src/capture/payload.rs";
const U_PERSONS: &str = "src/persons.rs";
const U_PROPERTY: &str = "src/filters/property.rs";
const U_TEMPLATE: &str = "src/destinations/template.rs";
const U_RETRY: &str = "src/destinations/retry.rs";
const U_MASKING: &str = "src/masking.rs";
const U_LIQUID: &str = "src/liquid/mod.rs";
const T_FAITHFUL: &str = "tests/it/faithful.rs";
const U_PROJECT: &str = "src/project.rs";

const SHAPES: (&str, &str) = (T_CAPTURE, "every_shape_of_a_request_is_taken");
const REFUSALS: (&str, &str) = (T_CAPTURE, "every_refusal_has_posthogs_status_and_words");
const AT_START: (&str, &str) = (T_CAPTURE, "posthog_js_gets_all_that_it_asks_for_at_its_start");
const OPERATORS: (&str, &str) = (U_PROPERTY, "every_operator_holds_where_the_hog_vm_says_so_and_nowhere_else");
const WEBHOOK: (&str, &str) = (T_DELIVERY, "a_webhook_is_the_one_that_posthog_sends");
const NAMED: (&str, &str) = (U_PROJECT, "what_is_wrong_is_named_by_its_key");

pub(crate) const ROWS: &[Row] = &[
    same(
        CAPTURE,
        "Paths `/i/v0/e`, `/e`, `/track`, `/engage`, `/capture`, `/batch`, with and without the slash; GET and POST",
        &[SHAPES],
    ),
    same(CAPTURE, "`/engage`: an object without a name is an `$identify`", &[SHAPES]),
    simplified(
        CAPTURE,
        "`/s` (recordings) and `/test/black_hole`",
        "answered as PostHog does, refusals too; the body is discarded",
        &[AT_START, REFUSALS],
    ),
    simplified(
        CAPTURE,
        "`/` answers `capture`",
        "the inspector is there",
        &[("tests/it/security.rs", "the_page_runs_nothing_but_its_own_files")],
    ),
    same(
        CAPTURE,
        "Body limits of 2 and 20 MiB, one event of 1,000,000 bytes: 413",
        &[
            (T_CAPTURE, "bodies_are_taken_up_to_their_limits"),
            (U_REQUEST, "an_event_above_a_megabyte_is_refused_and_one_below_is_not"),
        ],
    ),
    same(
        CAPTURE,
        "Payload in query, body or form; base64, gzip (by magic too), LZ-string",
        &[
            SHAPES,
            ("src/capture/lz64.rs", "what_lz_string_packs_is_unpacked"),
            (U_PAYLOAD, "a_form_may_carry_base64_whose_plus_became_a_space"),
        ],
    ),
    simplified(
        CAPTURE,
        "LZ-string in a raw body",
        "accepted; PostHog seems to decode it as base64 first, which fails",
        &[SHAPES],
    ),
    same(
        CAPTURE,
        "A payload of more than 20 MiB after decompression is refused",
        &[
            (U_PAYLOAD, "a_gzip_bomb_is_refused_at_the_limit"),
            ("src/capture/lz64.rs", "a_bomb_stops_at_the_bound_and_rubbish_is_refused"),
        ],
    ),
    same(CAPTURE, "Shapes: array, batch, one event; a wrong type anywhere fails the request", &[SHAPES, REFUSALS]),
    same(
        CAPTURE,
        "Tokens are checked by form only, so any well-formed one is accepted; different ones in a batch are refused",
        &[(U_REQUEST, "a_token_is_judged_by_its_shape"), REFUSALS],
    ),
    same(
        CAPTURE,
        "distinct_id: from the top level or the properties, of any type, cut to 200 characters",
        &[(U_REQUEST, "distinct_id_follows_posthogs_rules")],
    ),
    same(
        CAPTURE,
        "uuid: kept, or a v7",
        &[(U_REQUEST, "the_server_moves_set_and_the_address_into_the_properties"), REFUSALS],
    ),
    same(
        CAPTURE,
        "Time: offset, skew by sent_at, lenient forms, 23 h ahead, out of range",
        &[
            ("src/capture/time.rs", "time_follows_posthogs_rules"),
            (T_CAPTURE, "a_wrong_clock_is_corrected_and_a_repeated_uuid_is_told"),
        ],
    ),
    simplified(
        CAPTURE,
        "Lenient time formats",
        "RFC 3339, numbers, slashes, names of months, RFC 2822, and a date alone at the time of day of its arrival; \
         `dateparser` reads a few more, such as a time without a date",
        &[("src/capture/date.rs", "the_forms_of_dateparser_are_read")],
    ),
    same(
        CAPTURE,
        "Names of more than 200 characters are cut; `historical_migration` must be a boolean, `_` and `beacon` numbers",
        &[
            (U_REQUEST, "long_names_are_cut_and_clicks_and_heatmaps_are_no_properties"),
            (U_REQUEST, "historical_migration_is_a_boolean"),
            (U_PAYLOAD, "a_query_with_a_wrong_number_is_refused"),
        ],
    ),
    simplified(
        CAPTURE,
        "`historical_migration` puts events aside",
        "they are handled like others",
        &[(U_REQUEST, "historical_migration_is_a_boolean")],
    ),
    same(
        CAPTURE,
        "`$elements_chain` and `$elements` leave the properties for `event.elements_chain`; `$heatmap_data` leaves them",
        &[
            ("src/capture/elements.rs", "elements_become_a_chain_and_leave_the_properties"),
            (T_FAITHFUL, "a_click_is_a_chain_beside_the_properties"),
            (U_REQUEST, "long_names_are_cut_and_clicks_and_heatmaps_are_no_properties"),
        ],
    ),
    simplified(
        CAPTURE,
        "`$$heatmap` and `$$client_ingestion_warning` go elsewhere",
        "they are shown with that reason; no destination, workflow or query sees them",
        &[(T_FAITHFUL, "what_posthog_drops_is_shown_with_the_reason_and_goes_nowhere")],
    ),
    simplified(
        CAPTURE,
        "Events without cookies (`$cookieless_mode`)",
        "dropped, unless `cookieless = true` in `project.toml`; then they keep their distinct_id, which PostHog replaces by a hash",
        &[(T_FAITHFUL, "what_posthog_drops_is_shown_with_the_reason_and_goes_nowhere")],
    ),
    simplified(
        CAPTURE,
        "Ingestion warnings",
        "on the event in `/_local/events/<uuid>`, with PostHog's types and details: refused merges, dropped events, a bad \
         `$process_person_profile`; a replaced timestamp, a cut name or id and a `$set` that is no object are warned of, where PostHog's capture says nothing",
        &[
            (T_FAITHFUL, "an_event_carries_posthogs_warnings_in_posthogs_words"),
            ("tests/it/assertions.rs", "each_reason_why_nothing_happened_is_on_the_event"),
            (U_PERSONS, "a_set_that_is_no_object_changes_nobody_and_is_warned_of"),
            (U_REQUEST, "long_names_are_cut_and_clicks_and_heatmaps_are_no_properties"),
        ],
    ),
    same(
        CAPTURE,
        "`$ip` from `X-Forwarded-For`, its first address",
        &[
            ("src/capture/forwarded.rs", "the_first_forwarded_address_is_the_senders_if_it_is_trusted"),
            (T_FAITHFUL, "the_address_is_the_one_that_a_proxy_tells"),
        ],
    ),
    same(
        CAPTURE,
        "Every refusal's status and text; beacon 204; `$performance_event` is dropped silently",
        &[REFUSALS, (T_CAPTURE, "a_beacon_gets_204_and_other_methods_405")],
    ),
    same(
        CAPTURE,
        "503 `transient error, please retry` when too much is queued",
        &[(T_DELIVERY, "a_full_queue_asks_the_sender_to_try_again")],
    ),
    simplified(
        CAPTURE,
        "429 and 500",
        "on purpose only, by a fault; there is no billing and no quota",
        &[(T_FAULTS, "the_capture_api_is_slow_refuses_or_hangs_up")],
    ),
    same(CAPTURE, "CORS: every origin, mirrored, with credentials", &[(T_CAPTURE, "every_page_may_send_events")]),
    same(
        CAPTURE,
        "`$ip`, `$sent_at` and `$set`, `$set_once` are moved into the properties",
        &[(U_REQUEST, "the_server_moves_set_and_the_address_into_the_properties"), SHAPES],
    ),
    simplified(
        CAPTURE,
        "Half a surrogate pair (`\\ud800`)",
        "becomes U+FFFD; PostHog may pass the half on",
        &[(T_CAPTURE, "half_a_surrogate_pair_does_not_lose_the_event")],
    ),
    absent(CAPTURE, "`$ip` of a project that discards addresses", "it is kept", &[]),
    absent(CAPTURE, "`$geoip_*`, transformations, `$transformations_*`", "", &[]),
    absent(CAPTURE, "Capture v1 (`/i/v1/analytics/events`)", "404, as a PostHog without v1 sinks answers", &[]),
    same(SDKS, "posthog-rs runs unchanged", &[("tests/it/sdk.rs", "posthog_rs_is_served_unchanged")]),
    same(
        SDKS,
        "`/array/<token>/config` and `config.js`, `/static/…` 404: posthog-js starts without an error in the console",
        &[AT_START],
    ),
    absent(
        SDKS,
        "Recordings, heatmaps, site apps, product tours, error tracking",
        "turned off in the configuration",
        &[AT_START],
    ),
    same(
        PERSONS,
        "`$set`, `$set_once`, `$unset`",
        &[
            (U_PERSONS, "set_overwrites_set_once_does_not_and_unset_removes"),
            (U_PERSONS, "unset_is_a_list_or_an_object_and_an_exception_changes_nobody"),
        ],
    ),
    same(
        PERSONS,
        "`$identify` and `$create_alias` merge persons; an identified person is only merged by `$merge_dangerously`",
        &[
            (U_PERSONS, "identify_merges_the_anonymous_person_and_the_identified_one_wins"),
            (U_PERSONS, "an_identified_person_is_not_taken_over_unless_forced"),
            (U_PERSONS, "an_identify_of_a_server_does_not_block_a_later_merge"),
            (U_PERSONS, "an_unknown_id_is_given_to_the_known_person_even_if_they_are_identified"),
            (U_PERSONS, "numbers_are_read_as_text_and_nothing_is_no_alias"),
            (T_WORKFLOWS, "the_anonymous_uses_belong_to_the_person_who_identifies"),
        ],
    ),
    same(
        PERSONS,
        "Persons are never merged by illegal ids, in quotes or not; `NaN` is one and `nan` is not",
        &[(U_PERSONS, "nobody_is_merged_by_an_id_that_many_share")],
    ),
    same(
        PERSONS,
        "Personless events have an id and no properties",
        &[(U_PERSONS, "a_personless_event_leaves_no_person")],
    ),
    same(
        PERSONS,
        "Without a profile, `$identify`, `$create_alias`, `$merge_dangerously` and `$groupidentify` are dropped, and `$set` leaves the others",
        &[(U_PERSONS, "without_a_profile_the_events_about_persons_are_dropped_and_others_lose_set")],
    ),
    same(
        PERSONS,
        "The person in a webhook is the state at that event",
        &[(U_PERSONS, "an_event_keeps_the_state_it_saw")],
    ),
    simplified(
        PERSONS,
        "Persons are kept",
        "the 10,000 persons with the newest events, in memory",
        &[(U_PERSONS, "the_person_not_heard_of_for_longest_is_forgotten_first")],
    ),
    absent(
        PERSONS,
        "`$initial_*`, `$geoip_*`, `$creator_event_uuid` and the properties of campaigns that the server adds to persons",
        "a person has what was set",
        &[],
    ),
    absent(
        PERSONS,
        "Groups: `$groupidentify`, `groups` in templates, filters of type group",
        "the event is captured and nothing more; `groups` is empty",
        &[],
    ),
    same(
        FILTERS,
        "Events by exact name, each with properties; global properties; no entry is every event",
        &[WEBHOOK, (T_WORKFLOWS, "the_person_is_mailed_at_exactly_the_fifth_use")],
    ),
    same(FILTERS, "`exact` and `is_not`, as measured in the Hog VM", &[OPERATORS]),
    same(
        FILTERS,
        "`icontains`, `regex`, `gt`, `gte`, `lt`, `lte`, `is_set`, `in` and their opposites; lists of values",
        &[OPERATORS],
    ),
    same(
        FILTERS,
        "`between`, `not_between`, `icontains_multi`, `not_icontains_multi`; a missing property is the text `null` to \
         texts and 0 to `<` and `>` (1,320 cases of the Hog VM)",
        &[OPERATORS, (U_PROPERTY, "a_condition_that_cannot_be_tried_is_refused")],
    ),
    simplified(
        FILTERS,
        "Regular expressions are RE2's",
        "those of Rust's `regex`, which has the same limits and nearly the same syntax",
        &[OPERATORS],
    ),
    absent(FILTERS, "`is_date_*`, `semver_*`, `is_cleaned_path_exact`", "refused at the start, by name", &[NAMED]),
    absent(
        FILTERS,
        "Actions, cohorts, test accounts; properties of type group, element, event_metadata, hogql",
        "refused at the start, by name",
        &[],
    ),
    same(
        TEMPLATES,
        "A single `{expression}` keeps its type, text around it makes a string, a missing value is null or empty; `\\{`",
        &[(U_TEMPLATE, "an_expression_alone_keeps_its_type_and_text_around_it_makes_a_string")],
    ),
    same(
        TEMPLATES,
        "`event` and `person` with PostHog's keys in PostHog's order",
        &[("src/destinations/input.rs", "the_default_body_has_posthogs_keys_in_posthogs_order"), WEBHOOK],
    ),
    simplified(
        TEMPLATES,
        "Hog expressions",
        "paths only; other Hog (calls, f-strings, operators) is refused at the start",
        &[(U_TEMPLATE, "what_is_no_path_is_refused")],
    ),
    same(
        TEMPLATES,
        "Objects within text as Hog prints them, bodies as `JSON.stringify` does, URLs as `new URL()` does",
        &[
            (U_TEMPLATE, "values_are_printed_as_hog_and_javascript_print_them"),
            ("src/js.rs", "numbers_are_written_as_javascript_writes_them"),
            ("src/destinations/mod.rs", "a_url_is_read_as_javascript_reads_it"),
        ],
    ),
    absent(TEMPLATES, "JavaScript's order of keys that are whole numbers", "keys keep the sender's order", &[]),
    simplified(
        TEMPLATES,
        "Globals `source`, `groups`, `variables`, `unsubscribe_url`",
        "`groups` and `variables` are empty; the links of `source` and `unsubscribe_url` lead nowhere",
        &[(T_FAITHFUL, "an_e_mail_has_copies_a_preheader_and_posthogs_globals")],
    ),
    absent(TEMPLATES, "Global `inputs`", "refused at the start, by name", &[NAMED]),
    simplified(
        TEMPLATES,
        "Liquid, as liquidjs renders it with every output escaped; entities within outputs and tags are decoded",
        "compared with liquidjs in 121 cases. Refused at the start, by name: unknown filters and tags, which liquidjs leaves out; \
         tags `include`, `render`, `layout`, `block`, `tablerow`; filters `*_exp`, `sample`, `slugify`, `hmac_sha256`. \
         `now` has no milliseconds, and is a text to `json`",
        &[
            (U_LIQUID, "templates_render_as_liquidjs_renders_them"),
            (U_LIQUID, "what_posthog_would_ignore_or_lacks_is_refused_by_name"),
            (T_FAITHFUL, "an_e_mail_is_escaped_once_where_it_is_html_and_not_at_all_elsewhere"),
        ],
    ),
    same(
        TEMPLATES,
        "Liquid in webhooks (`templating`): `liquid = [\"url\", \"headers\", \"body\"]` in `project.toml`; `null` is written `\"{null}\"`",
        &[(T_FAITHFUL, "a_webhook_may_be_liquid_and_may_hold_null")],
    ),
    same(
        DELIVERY,
        "Body, headers, compact JSON, no User-Agent, one event a request",
        &[WEBHOOK, (T_DELIVERY, "headers_are_the_declared_ones_alone")],
    ),
    simplified(
        DELIVERY,
        "Headers",
        "`Prefer: return=representation` is added, so that the inspector can show the stored line",
        &[WEBHOOK],
    ),
    same(
        DELIVERY,
        "Standard Webhooks signature, a fresh one for each attempt",
        &[
            ("../api/crates/credentials/src/standard_webhooks.rs", "a_signature_is_the_one_posthog_makes"),
            (T_DELIVERY, "what_is_refused_for_now_is_sent_again_with_a_fresh_signature"),
        ],
    ),
    same(
        DELIVERY,
        "Retried: 408, 429, 500, 502, 503, 504, no answer; nothing else. 3 attempts, back-off with jitter",
        &[
            (U_RETRY, "only_posthogs_statuses_and_broken_connections_are_tried_again"),
            (T_DELIVERY, "posthog_gives_up_after_three_attempts_whatever_the_answer_asks_for"),
        ],
    ),
    same(
        DELIVERY,
        "429: as any other, in some revisions; seven attempts and Retry-After in others, with `POSTHOG_LOCAL_RETRY_AFTER=true` (PostHog#92214)",
        &[
            (U_RETRY, "too_many_requests_is_met_with_more_patience"),
            (U_RETRY, "retry_after_is_seconds_or_a_date"),
            (T_FAITHFUL, "retry_after_is_followed_where_the_setting_says_so"),
        ],
    ),
    same(
        DELIVERY,
        "3 s for an answer; redirects are not followed",
        &[
            (T_DELIVERY, "the_answer_does_not_wait_for_a_receiver_that_is_silent"),
            (T_DELIVERY, "a_redirect_is_not_followed"),
        ],
    ),
    simplified(
        DELIVERY,
        "3xx",
        "is a failure, as in the newer revisions; in older ones it is a success",
        &[(T_DELIVERY, "a_redirect_is_not_followed")],
    ),
    same(
        DELIVERY,
        "The same event may come twice",
        &[
            (T_CAPTURE, "a_wrong_clock_is_corrected_and_a_repeated_uuid_is_told"),
            (T_FAULTS, "a_lost_answer_makes_posthog_send_the_same_delivery_again"),
            (T_FAULTS, "a_delivery_is_repeated_as_another_delivery"),
        ],
    ),
    simplified(
        DELIVERY,
        "Order is not guaranteed",
        "one person's events come in order, unless a fault or a retry changes it",
        &[(T_DELIVERY, "one_persons_events_arrive_in_order"), (T_FAULTS, "deliveries_come_late_and_out_of_order")],
    ),
    simplified(
        DELIVERY,
        "`masking`",
        "hash and ttl; a `threshold` is refused at the start",
        &[(U_MASKING, "a_hash_is_let_through_once_in_its_time"), (U_MASKING, "what_posthog_would_refuse_is_refused")],
    ),
    absent(DELIVERY, "Private targets are blocked", "posthog-local is made to call them", &[]),
    absent(
        DELIVERY,
        "Hog watcher: slow functions are degraded or disabled; rate limits of functions",
        "a destination can be stopped on purpose",
        &[(T_FAULTS, "a_stopped_destination_delivers_nothing_and_says_so")],
    ),
    absent(DELIVERY, "Other templates than `template-webhook`; Zapier and older shapes", "", &[NAMED]),
    same(
        WORKFLOWS,
        "Event trigger with filters; one run for each matching event",
        &[
            (T_WORKFLOWS, "each_matching_event_starts_a_run"),
            (T_WORKFLOWS, "the_threshold_is_one_line_of_the_declaration"),
        ],
    ),
    simplified(
        WORKFLOWS,
        "`trigger_masking`",
        "hash and ttl; a `threshold` is refused at the start",
        &[(T_WORKFLOWS, "a_masked_trigger_starts_one_run_for_a_person_and_says_so")],
    ),
    same(
        WORKFLOWS,
        "Without an address there is no e-mail, and the reason is shown",
        &[(T_WORKFLOWS, "who_has_no_address_is_not_mailed_and_the_reason_is_shown")],
    ),
    same(
        WORKFLOWS,
        "A subject is one line; `Auto-Submitted: auto-generated`",
        &[
            ("src/workflows/email.rs", "a_subject_is_one_line"),
            ("src/workflows/email.rs", "a_message_says_that_a_machine_wrote_it"),
        ],
    ),
    simplified(
        WORKFLOWS,
        "`replyTo`, `cc`, `bcc`, `preheader`",
        "sent by SMTP, and checked; the preheader stands in a hidden element at the begin of the body, PostHog's own is not known",
        &[
            (T_FAITHFUL, "an_e_mail_has_copies_a_preheader_and_posthogs_globals"),
            ("src/workflows/email.rs", "copies_are_lists_and_a_preheader_stands_at_the_begin_of_the_body"),
        ],
    ),
    simplified(
        WORKFLOWS,
        "Sending",
        "into the inspector's mailbox, and to any SMTP server; PostHog sends by SES",
        &[
            (T_WORKFLOWS, "with_an_smtp_server_the_mail_also_goes_there"),
            (T_WORKFLOWS, "a_dead_smtp_server_is_a_reason"),
        ],
    ),
    simplified(
        WORKFLOWS,
        "The sender",
        "any address of `project.toml`; PostHog wants a verified domain",
        &[(T_WORKFLOWS, "the_person_is_mailed_at_exactly_the_fifth_use")],
    ),
    absent(
        WORKFLOWS,
        "Other steps (delays, branches, webhooks), conversion, exit conditions, suppression, opt-out, tracking",
        "refused at the start, by name",
        &[],
    ),
    simplified(
        REST,
        "`hog_functions`: list, get, create, change, delete by `deleted`; secrets, stale updates, DRF errors",
        "what is created is checked and stored, but does not run; a field that cannot be written is refused",
        &[
            (T_REST, "a_destination_is_created_read_changed_and_deleted"),
            (T_REST, "a_wrong_destination_is_refused_in_posthogs_form"),
        ],
    ),
    simplified(
        REST,
        "`hog_flows`: list, get, create, change, delete once archived; `key` is unique",
        "what is created is checked and stored, but does not run",
        &[
            (T_REST, "a_workflow_is_a_draft_then_active_then_archived_then_gone"),
            (T_REST, "a_wrong_workflow_is_refused_in_posthogs_form"),
        ],
    ),
    simplified(
        REST,
        "`hog_function_templates`, `integrations`",
        "one template, with the inputs of newer revisions; the senders of `project.toml`",
        &[(T_REST, "templates_and_senders_are_listed")],
    ),
    simplified(
        REST,
        "`persons`: list by `email` or `distinct_id`, get",
        "id, name, distinct_ids and properties",
        &[(T_REST, "a_person_is_found_by_address_with_all_their_distinct_ids")],
    ),
    simplified(
        REST,
        "Personal API keys",
        "one, `POSTHOG_PERSONAL_API_KEY`, with every scope",
        &[(T_REST, "only_the_personal_key_opens_the_api")],
    ),
    absent(
        REST,
        "`invocations`, `publish`, `filters=` and `filter_groups=` in lists, fuzzy search, throttling, `phs_` keys except for flags",
        "",
        &[],
    ),
];
