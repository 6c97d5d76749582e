//! The rows of `PARITY.md` on `$ai_` events and queries, in the order of ai-events.md.

use crate::parity_rows::{Row, absent, same, simplified};

const AI: &str = "AI events";
const QUERIES: &str = "Queries (HogQL)";

const T_AI: &str = "tests/it/ai.rs";
const T_QUERY: &str = "tests/it/query.rs";
const T_BROWSER: &str = "tests/it/browser_ai.rs";
const U_AI: &str = "src/ai_events.rs";
const U_PARSE: &str = "src/rest/query/parse.rs";
const U_TIME: &str = "src/rest/query/time.rs";
const U_VALUE: &str = "src/rest/query/value.rs";

const SPLIT: (&str, &str) = (T_QUERY, "content_goes_to_ai_events_alone_and_everyone_else_sees_the_trimmed_event");
const CONDITIONS: (&str, &str) = (T_QUERY, "conditions_are_read_as_posthog_reads_them");
const ORDERED: (&str, &str) = (T_QUERY, "rows_are_ordered_limited_and_told_in_full");
const READ: (&str, &str) = (U_PARSE, "what_the_pull_asks_is_read");
const NOT_KNOWN: (&str, &str) = (U_PARSE, "what_is_not_known_is_refused");
const APART: (&str, &str) = (T_QUERY, "the_tables_fill_apart_and_the_api_refuses_on_purpose");

pub(crate) const AI_ROWS: &[Row] = &[
    same(
        AI,
        "The split: six properties of every `$ai_` event go to `posthog.ai_events` alone; destinations, workflows and \
         `events` see the trimmed copy, without the keys, whatever their values",
        &[SPLIT, (U_AI, "every_ai_event_loses_its_content_whatever_it_is_and_no_other_event_does")],
    ),
    simplified(
        AI,
        "Who is split",
        "`ai_events` in `project.toml`: \"split\", as on Cloud, or \"whole\", as self-hosted, with an empty \
         `posthog.ai_events`. PostHog switches it on for each team, and may for a while write both without trimming",
        &[
            (T_QUERY, "a_self_hosted_posthog_keeps_content_in_the_event"),
            (U_AI, "a_self_hosted_posthog_splits_nothing"),
        ],
    ),
    same(AI, "Trace, session, span and parent ids become text", &[(U_AI, "ids_become_text")]),
    simplified(
        AI,
        "`posthog.ai_events` keeps rows for 30 days",
        "as long as the event is kept: the newest 1,000 and 16 MiB, or `POSTHOG_LOCAL_EVENTS_MAX` and \
         `POSTHOG_LOCAL_EVENTS_BYTES_MAX`",
        &[(T_QUERY, "as_many_events_as_the_settings_say_are_kept_and_found_soon")],
    ),
    simplified(AI, "The tables fill apart", "only on purpose, by the fault `heavy_delay_ms`", &[APART]),
    same(
        AI,
        "`/i/v0/ai/batch`: batches of `$ai_` events of up to 8 MiB each, with gzip",
        &[(T_AI, "a_batch_of_ai_events_may_be_larger_than_others")],
    ),
    simplified(
        AI,
        "`/i/v0/ai/batch` refuses other events",
        "400, all or nothing; every name that begins `$ai_` is taken, PostHog has a list; its words are not known",
        &[(T_AI, "a_batch_of_ai_events_may_be_larger_than_others")],
    ),
    same(
        AI,
        "`/i/v0/ai`: one event as a multipart form, `event` first, then `event.properties`; gzip; Bearer token; \
         status and text of every refusal; `accepted_parts`",
        &[(T_AI, "an_ai_event_is_taken_as_a_form"), (T_AI, "every_refusal_of_a_form_has_posthogs_status_and_words")],
    ),
    absent(
        AI,
        "Single properties as parts of the form (older revisions stored them in S3)",
        "400, as the newest revision answers",
        &[(T_AI, "every_refusal_of_a_form_has_posthogs_status_and_words")],
    ),
    absent(AI, "`/i/v0/ai/otel`; `/i/v1/ai/events`", "404", &[]),
    absent(
        AI,
        "What the server adds: costs, `$ai_error_normalized`, model parameters; its own evaluations and summaries",
        "an event keeps what the SDK sent",
        &[],
    ),
    simplified(
        AI,
        "A generation is shown as a conversation",
        "in the inspector, with the messages of OpenAI, Anthropic, Gemini, Vercel, LangChain and OpenTelemetry; what is \
         none of them is shown as JSON",
        &[
            (T_BROWSER, "a_generation_is_shown_as_a_conversation_whatever_sdk_sent_it"),
            (T_BROWSER, "nothing_is_trimmed_where_posthog_is_self_hosted"),
        ],
    ),
    simplified(
        QUERIES,
        "`query`",
        "HogQLQuery alone: SELECT of columns, WHERE, ORDER BY, LIMIT and OFFSET on one table; everything else is refused \
         with 400 and the words that were not understood",
        &[
            READ,
            NOT_KNOWN,
            ("tests/it/rest.rs", "the_events_of_a_time_are_asked_for_in_pages"),
            (T_QUERY, "what_is_not_understood_is_refused_in_posthogs_form"),
        ],
    ),
    simplified(
        QUERIES,
        "Columns",
        "`events`: uuid, event, distinct_id, timestamp, created_at, person_id, properties; `posthog.ai_events`: those \
         without created_at, which it does not have, trace, session and span ids, model, provider, error, is_error, input, \
         output, output_choices, input_state, output_state, tools; no tokens, costs and times",
        &[SPLIT, NOT_KNOWN],
    ),
    same(
        QUERIES,
        "Content is JSON text: a plain text in quotes, `null` as text in privacy mode, null where the key is absent; a \
         missing trace_id is empty",
        &[SPLIT],
    ),
    simplified(
        QUERIES,
        "`properties.name`",
        "text with its escapes, null where it is missing; compared with a number or a boolean it is one, as PostHog does for \
         properties whose type it knows",
        &[CONDITIONS],
    ),
    simplified(
        QUERIES,
        "Conditions",
        "=, !=, <, <=, >, >=, IN, NOT IN, IS NULL, AND, OR, NOT, tuples; null equals null alone. No LIKE, no BETWEEN, no \
         arithmetic, no subqueries",
        &[CONDITIONS, NOT_KNOWN],
    ),
    simplified(
        QUERIES,
        "Functions",
        "toDateTime, toDateTime64, toUUID, now, tuple, toString, toFloat, length, lower, ifNull, coalesce (of two), JSONHas, \
         JSONExtractRaw, JSONExtractString, JSONExtractBool",
        &[READ, CONDITIONS],
    ),
    simplified(
        QUERIES,
        "Times: microseconds; toDateTime reads ISO 8601, a text that is compared and toDateTime64 `YYYY-MM-DD hh:mm:ss`",
        "the project's time zone is UTC",
        &[(U_TIME, "times_are_read_as_posthog_reads_them"), (U_TIME, "times_are_told_in_full"), CONDITIONS],
    ),
    same(
        QUERIES,
        "UUIDs are ordered by their second half; nulls are last",
        &[(U_VALUE, "uuids_are_ordered_by_their_second_half"), ORDERED],
    ),
    same(QUERIES, "100 rows without a limit, at most 50,000; `hasMore`", &[READ, ORDERED]),
    simplified(
        QUERIES,
        "created_at is the time of ingestion",
        "posthog-local's own, when it took the request; an event that was sent twice has one row, the newest",
        &[ORDERED],
    ),
    simplified(
        QUERIES,
        "429 with `Retry-After`, 500, 503 and 504, slow answers",
        "on purpose only, by faults; there is no rate limit, no limit of an answer's size, and no cache",
        &[APART],
    ),
];
