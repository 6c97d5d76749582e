//! The query API and the split of `$ai_` events, as the pull of Misfire's API meets them.

use std::time::{Duration, Instant};

use posthog_local::{app::App, settings::Settings};
use serde_json::{Value, json};

use crate::support::{self, Local, Options, PERSONAL_KEY, Receiver, UUID, secrets};

const QUERY: &str = "/api/projects/@current/query/";

async fn keyed() -> Local {
    Local::start(Options { secrets: secrets(), ..Options::default() }).await
}

/// A posthog-local whose project.toml has this line on top, with a destination that takes every event.
async fn with_project(line: &str, webhook_url: String) -> Local {
    let project = format!(
        "{line}\n[[destinations]]\nname = \"all\"\n[destinations.inputs]\nurl = \"${{WEBHOOK_URL}}\"\n\
         body = {{ event = \"{{event}}\", person = \"{{person}}\" }}\n"
    );
    let options = Options { webhook_url: Some(webhook_url), project: Some(project), secrets: secrets() };
    Local::start(options).await
}

async fn ask(local: &Local, query: &str, values: Value) -> (u16, Value) {
    let body = json!({"query": {"kind": "HogQLQuery", "query": query, "values": values}, "refresh": "force_blocking"});
    let response = local.post(QUERY).bearer_auth(PERSONAL_KEY).json(&body).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn rows(local: &Local, query: &str) -> Vec<Vec<Value>> {
    let (status, answer) = ask(local, query, json!({})).await;
    assert_eq!(status, 200, "{query}: {answer}");
    serde_json::from_value(answer["results"].clone()).unwrap()
}

/// The only column of the answer.
async fn column(local: &Local, query: &str) -> Vec<Value> {
    rows(local, query).await.into_iter().map(|mut row| row.remove(0)).collect()
}

fn uuid(number: u32) -> String {
    format!("0193b2c8-77aa-7000-8000-{number:012}")
}

fn generation(number: u32, properties: Value) -> Value {
    json!({"uuid": uuid(number), "event": "$ai_generation", "distinct_id": "jane", "properties": properties,
        "timestamp": format!("2026-01-02T12:00:{number:02}Z")})
}

fn privately() -> Value {
    json!({"$ai_input": null, "$ai_output_choices": null, "$ai_trace_id": "private", "$ai_model": "m", "$ai_is_error": true})
}

fn chat() -> Value {
    json!({"$ai_input": [{"role": "user", "content": "a \"chair\""}], "$ai_output_choices": [], "$ai_tools": [{"name": "t"}],
        "$ai_trace_id": "trace", "$ai_is_error": true, "$ai_error": "429", "$ai_model": "m", "plan": "free"})
}

#[actix_web::test]
async fn content_goes_to_ai_events_alone_and_everyone_else_sees_the_trimmed_event() {
    let mut receiver = Receiver::start(vec![]).await;
    let local = with_project("", receiver.url.clone()).await;
    local
        .capture(json!([
            generation(1, chat()),
            generation(2, json!({"$ai_input": "a chair"})),
            generation(3, privately())
        ]))
        .await;

    // The webhook, the table of all events and the inspector.
    let webhook = receiver.next().await.json()["event"]["properties"].clone();
    let trimmed = |properties: &Value| {
        for key in ["$ai_input", "$ai_output", "$ai_output_choices", "$ai_input_state", "$ai_output_state", "$ai_tools"]
        {
            assert!(properties.get(key).is_none(), "{key}: {properties}");
        }
    };
    trimmed(&webhook);
    assert_eq!((&webhook["$ai_error"], &webhook["plan"]), (&json!("429"), &json!("free")));
    for text in column(&local, "SELECT properties FROM events").await {
        trimmed(&serde_json::from_str(text.as_str().unwrap()).unwrap());
    }
    let entry = local.json(&format!("/_local/events/{}", uuid(1))).await;
    trimmed(&entry["properties"]);
    assert_eq!(entry["heavy"]["$ai_tools"], json!([{"name": "t"}]));

    // The table of their own: JSON text, a plain text in quotes, `null` in privacy mode, and null for what was not sent.
    let query = "SELECT uuid, event, distinct_id, trace_id, input, output, output_choices, tools, properties \
                 FROM posthog.ai_events ORDER BY timestamp";
    let table = rows(&local, query).await;
    assert_eq!(
        table[0][..8],
        [
            json!(uuid(1)),
            json!("$ai_generation"),
            json!("jane"),
            json!("trace"),
            json!(r#"[{"role":"user","content":"a \"chair\""}]"#),
            json!(null),
            json!("[]"),
            json!(r#"[{"name":"t"}]"#)
        ]
    );
    trimmed(&serde_json::from_str(table[0][8].as_str().unwrap()).unwrap());
    assert_eq!((&table[1][3], &table[1][4], &table[1][6]), (&json!(""), &json!("\"a chair\""), &json!(null)));
    assert_eq!((&table[2][4], &table[2][5]), (&json!("null"), &json!(null)));
}

#[actix_web::test]
async fn the_shipped_project_delivers_failed_generations_and_verdicts_but_no_success() {
    let (local, mut receiver) = Local::with_receiver(vec![]).await;
    let verdict = json!({"uuid": uuid(4), "event": "$ai_evaluation", "distinct_id": "jane",
        "properties": {"$ai_evaluation_result": false, "$ai_target_event_id": uuid(1)}});
    local
        .capture(json!([
            generation(1, json!({"$ai_is_error": true, "$ai_input": "a chair"})),
            generation(2, json!({"$ai_is_error": "true"})),
            generation(3, json!({"$ai_input": "a chair"})),
            verdict,
            generation(5, json!({"$ai_is_error": false})),
        ]))
        .await;
    let mut delivered = Vec::new();
    for _ in 0..3 {
        let event = receiver.next().await.json()["event"].take();
        assert!(event["properties"].get("$ai_input").is_none(), "{event}");
        delivered.push(event["uuid"].clone());
    }
    assert_eq!(delivered, [json!(uuid(1)), json!(uuid(2)), json!(uuid(4))]);
    for number in [3, 5] {
        assert_eq!(local.ended(&uuid(number)).await["state"], "not_matched");
    }
    receiver.nothing_more();
}

#[actix_web::test]
async fn a_self_hosted_posthog_keeps_content_in_the_event() {
    let mut receiver = Receiver::start(vec![]).await;
    let local = with_project("ai_events = \"whole\"", receiver.url.clone()).await;
    local.capture(json!([generation(1, chat())])).await;
    let webhook = receiver.next().await.json()["event"]["properties"].clone();
    assert_eq!(webhook["$ai_input"], chat()["$ai_input"]);
    let whole = column(&local, "SELECT properties FROM events").await;
    assert_eq!(serde_json::from_str::<Value>(whole[0].as_str().unwrap()).unwrap()["$ai_tools"], chat()["$ai_tools"]);
    assert_eq!(column(&local, "SELECT uuid FROM posthog.ai_events").await, Vec::<Value>::new());
    assert!(local.json(&format!("/_local/events/{}", uuid(1))).await.get("heavy").is_none());
}

#[actix_web::test]
async fn conditions_are_read_as_posthog_reads_them() {
    let local = keyed().await;
    local
        .capture(json!([
            generation(1, chat()),
            generation(2, json!({"$ai_is_error": "true", "n": 5, "$ai_trace_id": "other"})),
            generation(3, json!({"$ai_is_error": false, "n": "6", "empty": ""})),
            {"uuid": uuid(4), "event": "generation_failed", "distinct_id": "user_1007", "timestamp": "2026-01-02T12:00:04.000001Z"},
        ]))
        .await;
    for (condition, expected) in [
        ("properties.$ai_is_error = true", vec![1, 2]),
        ("properties.$ai_is_error = 'true'", vec![1, 2]),
        ("properties.$ai_is_error != true", vec![3, 4]),
        ("toString(properties.$ai_is_error) IN ('true', '1')", vec![1, 2]),
        ("JSONExtractRaw(properties, '$ai_is_error') IN ('true', '\"true\"')", vec![1, 2]),
        ("JSONExtractBool(properties, '$ai_is_error')", vec![1]),
        ("properties.n >= 5", vec![2, 3]),
        ("properties.n IN (5, 7)", vec![2]),
        ("properties.n NOT IN (5)", vec![1, 3, 4]),
        ("properties.n IS NULL", vec![1, 4]),
        ("properties.n = NULL", vec![1, 4]),
        ("properties.n < 5", vec![]),
        ("JSONHas(properties, 'empty') AND properties.empty = ''", vec![3]),
        ("event IN ('$ai_generation', 'x') AND NOT (properties.n = 5 OR properties.plan = 'free')", vec![3]),
        ("event = '$ai_generation' AND properties.n = 5 OR event = 'generation_failed'", vec![2, 4]),
        ("event = 'Generation_failed'", vec![]),
        ("timestamp >= toDateTime('2026-01-02T12:00:02Z') AND timestamp < toDateTime('2026-01-02 12:00:03')", vec![2]),
        ("timestamp > '2026-01-02 12:00:04'", vec![4]),
        ("timestamp > toDateTime64('2026-01-02 12:00:04.000001', 3)", vec![4]),
        ("timestamp > toDateTime64('2026-01-02 12:00:04.000001', 6)", vec![]),
        ("created_at > now()", vec![]),
        ("lower(distinct_id) = 'user_1007'", vec![4]),
        ("uuid IN ('0193b2c8-77aa-7000-8000-000000000003')", vec![3]),
        ("uuid > toUUID('0193b2c8-77aa-7000-8000-000000000003')", vec![4]),
        (
            "(timestamp, uuid) > (toDateTime('2026-01-02T12:00:02Z'), '0193b2c8-77aa-7000-8000-000000000001')",
            vec![2, 3, 4],
        ),
        (
            "(timestamp, uuid) > (toDateTime('2026-01-02T12:00:02Z'), '0193b2c8-77aa-7000-8000-000000000002')",
            vec![3, 4],
        ),
    ] {
        let query = format!("SELECT uuid FROM events WHERE {condition} ORDER BY timestamp");
        let expected: Vec<_> = expected.into_iter().map(|number| json!(uuid(number))).collect();
        assert_eq!(column(&local, &query).await, expected, "{condition}");
    }
    for (condition, expected) in [
        ("is_error", vec![1, 2]),
        ("trace_id IN ('trace', 'x')", vec![1]),
        ("trace_id = ''", vec![3]),
        ("model IS NOT NULL AND error = '429'", vec![1]),
        ("length(input) > 10", vec![1]),
        ("input IS NULL", vec![2, 3]),
    ] {
        let query = format!("SELECT uuid FROM posthog.ai_events WHERE {condition} ORDER BY timestamp");
        let expected: Vec<_> = expected.into_iter().map(|number| json!(uuid(number))).collect();
        assert_eq!(column(&local, &query).await, expected, "{condition}");
    }
}

#[actix_web::test]
async fn rows_are_ordered_limited_and_told_in_full() {
    let local = keyed().await;
    // ClickHouse orders UUIDs by their second half.
    let uuids = [
        "ffffffff-0000-7000-8000-000000000001",
        "00000000-0000-7000-8000-000000000002",
        "00000001-0000-7000-8000-000000000002",
    ];
    let event =
        |uuid: &str, n: Option<u32>| json!({"uuid": uuid, "event": "e", "distinct_id": "d", "properties": {"n": n}});
    local
        .capture(json!([
            event(uuids[2], Some(1)),
            event(uuids[0], None),
            event(uuids[1], Some(2)),
            event(uuids[1], Some(2))
        ]))
        .await;
    let by = |order: &str| format!("SELECT uuid FROM events ORDER BY {order}");
    for (order, expected) in [
        ("uuid", [0, 1, 2]),
        ("created_at, uuid", [0, 1, 2]),
        ("uuid DESC", [2, 1, 0]),
        ("toString(uuid)", [1, 2, 0]),
        ("properties.n", [2, 1, 0]),
        ("properties.n DESC", [1, 2, 0]),
        ("event ASC, properties.n DESC", [1, 2, 0]),
    ] {
        assert_eq!(column(&local, &by(order)).await, expected.map(|n| json!(uuids[n])), "{order}");
    }
    let page = |limit: &str| format!("{} {limit}", by("uuid"));
    assert_eq!(column(&local, &page("LIMIT 1 OFFSET 1")).await, [json!(uuids[1])]);
    assert_eq!(column(&local, &page("LIMIT 5 OFFSET 3")).await, Vec::<Value>::new());
    let (_, answer) = ask(&local, &page("LIMIT {n}"), json!({"n": 2})).await;
    assert_eq!((&answer["hasMore"], &answer["limit"], &answer["columns"]), (&json!(true), &json!(2), &json!(["uuid"])));
    let (_, answer) = ask(&local, "SELECT uuid AS id, properties.n FROM events LIMIT 3", json!({})).await;
    assert_eq!((&answer["hasMore"], &answer["columns"]), (&json!(false), &json!(["id", "properties.n"])));

    // created_at is when it came, not when the sender says that it happened; in microseconds, so that pages meet.
    let created = column(&local, "SELECT created_at FROM events LIMIT 1").await;
    let (_, same) = ask(
        &local,
        "SELECT uuid FROM events WHERE created_at >= toDateTime({t}) AND created_at <= toDateTime({t})",
        json!({"t": created[0]}),
    )
    .await;
    assert_eq!(same["results"].as_array().unwrap().len(), 3, "{created:?}");
}

#[actix_web::test]
async fn pages_by_created_at_meet_without_gap_or_double() {
    let local = keyed().await;
    // The events of a batch have one created_at, and their uuids are in no order.
    for batch in 0..6 {
        let event = |n: u32| {
            let uuid = format!("0193b2c8-77aa-7000-8000-{:012}", (batch * 7 + n) * 7_919 % 1_000);
            json!({"uuid": uuid, "event": if n == 3 { "other" } else { "e" }, "distinct_id": "d"})
        };
        local.capture((0..7).map(event).collect()).await;
    }
    let all = column(&local, "SELECT uuid FROM events WHERE event = 'e' ORDER BY created_at, uuid").await;
    assert_eq!(all.len(), 36);
    for limit in [1, 2, 5, 36, 50] {
        let mut given = Vec::new();
        let mut last = json!({"t": "1970-01-01T00:00:00Z", "u": uuid(0)});
        loop {
            let query = "SELECT uuid, created_at FROM events WHERE event = 'e' AND (created_at, uuid) > (toDateTime({t}), {u}) \
                         ORDER BY created_at, uuid LIMIT {n}";
            last["n"] = json!(limit);
            let (status, page) = ask(&local, query, last.clone()).await;
            assert_eq!(status, 200, "{page}");
            let rows = page["results"].as_array().unwrap().clone();
            given.extend(rows.iter().map(|row| row[0].clone()));
            let Some(row) = rows.last() else { break };
            last = json!({"t": row[1], "u": row[0]});
            assert_eq!(page["hasMore"], json!(given.len() < all.len()));
        }
        assert_eq!(given, all, "pages of {limit}");
    }
}

#[actix_web::test]
async fn what_is_not_understood_is_refused_in_posthogs_form() {
    let local = keyed().await;
    let (status, refused) = ask(&local, "SELECT count() FROM events", json!({})).await;
    assert_eq!(
        (status, &refused["type"], &refused["code"]),
        (400, &json!("validation_error"), &json!("invalid_input"))
    );
    assert!(refused["detail"].as_str().unwrap().contains("count"), "{refused}");
    let (_, refused) = ask(&local, "SELECT uuid FROM events WHERE event = {x}", json!({})).await;
    assert_eq!(refused["detail"], "Placeholders not found in values: x");
    for body in [
        json!({}),
        json!({"query": {"kind": "EventsQuery", "select": ["*"]}}),
        json!({"query": "SELECT uuid FROM events"}),
    ] {
        let response = local.post(QUERY).bearer_auth(PERSONAL_KEY).json(&body).send().await.unwrap();
        assert_eq!(response.status(), 400, "{body}");
    }
}

#[actix_web::test]
async fn a_query_may_name_thousands_of_events_and_no_other_call_may_be_as_long() {
    let local = keyed().await;
    let long = |bytes: usize| json!({"ids": vec![uuid(1); bytes / 39]});
    let query = "SELECT uuid FROM events WHERE uuid IN {ids}";
    assert_eq!(ask(&local, query, long(1_000_000)).await.0, 200);
    let status = |path: &'static str, body: Value| {
        let call = local.post(path).bearer_auth(PERSONAL_KEY).json(&body);
        async move { call.send().await.unwrap().status().as_u16() }
    };
    let too_long = json!({"query": {"kind": "HogQLQuery", "query": query, "values": long(1_060_000)}});
    assert_eq!(status(QUERY, too_long).await, 413);
    assert_eq!(status("/api/projects/@current/hog_flows/", json!({"name": "n".repeat(300_000)})).await, 413);
}

#[actix_web::test]
async fn the_tables_fill_apart_and_the_api_refuses_on_purpose() {
    let local = keyed().await;
    let set = async |faults: Value| {
        let url = format!("{}/_local/faults", local.url);
        let answer = local.client.put(url).json(&faults).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    };
    local.capture(json!([generation(1, chat())])).await;
    set(json!({"heavy_delay_ms": 60_000})).await;
    assert_eq!(column(&local, "SELECT uuid FROM events").await.len(), 1);
    assert_eq!(column(&local, "SELECT uuid FROM posthog.ai_events").await.len(), 0);
    set(json!({})).await;
    assert_eq!(column(&local, "SELECT uuid FROM posthog.ai_events").await.len(), 1);

    set(json!({"query_status": 429, "query_retry_after_s": 7})).await;
    let request = local.post(QUERY).bearer_auth(PERSONAL_KEY).json(&json!({}));
    let answer = request.send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (429, "7"));
    let told = json!({"type": "throttled_error", "code": "throttled", "attr": null,
        "detail": "Request was throttled. Expected available in 7 seconds."});
    assert_eq!(answer.json::<Value>().await.unwrap(), told);
    set(json!({"query_status": 503, "query_delay_ms": 50})).await;
    let started = Instant::now();
    let (status, told) = ask(&local, "SELECT uuid FROM events", json!({})).await;
    assert_eq!((status, &told["type"]), (503, &json!("server_error")));
    assert!(started.elapsed() >= Duration::from_millis(50));
    // Persons are another API, and without the key nothing is told.
    let persons = local.get("/api/projects/1/persons/").bearer_auth(PERSONAL_KEY).send().await.unwrap();
    assert_eq!(persons.status(), 200);
    assert_eq!(local.post(QUERY).json(&json!({})).send().await.unwrap().status(), 401);
}

#[actix_web::test]
async fn as_many_events_as_the_settings_say_are_kept_and_found_soon() {
    const EVENTS: usize = 20_000;
    let settings = Settings { events_max: EVENTS, events_bytes_max: usize::MAX, ..support::settings(None, None) };
    let local = Local::of(App::build(settings, secrets()).unwrap(), None);
    for batch in 0..EVENTS / 1_000 + 1 {
        let event = |n: usize| json!({"event": if n == 0 { "rare" } else { "e" }, "distinct_id": "d", "properties": {"batch": batch, "n": n}});
        local.capture((0..1_000).map(event).collect()).await;
    }
    let started = Instant::now();
    assert_eq!(
        column(&local, "SELECT properties.batch FROM events WHERE event = 'rare' ORDER BY created_at, uuid")
            .await
            .len(),
        20
    );
    let (_, all) = ask(&local, "SELECT uuid FROM events ORDER BY created_at DESC, uuid LIMIT 50000", json!({})).await;
    assert_eq!(all["results"].as_array().unwrap().len(), EVENTS, "the first batch was evicted");
    // A debug build on a busy machine; the figure is in PARITY.md.
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(local.json("/_local/events?view=summary").await["events"].as_array().unwrap().len(), 1_000);
    assert_eq!(local.json(&format!("/_local/events/{UUID}")).await["error"], "there is no such event");
}
