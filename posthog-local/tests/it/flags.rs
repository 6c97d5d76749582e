//! Feature flags: what each URL answers, what it refuses, and that a switch is seen at once.

use base64::{Engine, engine::general_purpose::STANDARD};
use credentials::Secret;
use posthog_local::settings::Secrets;
use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{Local, Options, PERSONAL_KEY, gzip, secrets, text};

const SECRET_KEY: &str = "phs_hunter6";

const PROJECT: &str = r#"
api_token = "phc_mine"

[[flags]]
key = "new-checkout"
value = true
payload = { discount = 10, label = "é" }

[[flags]]
key = "colour"
value = "blue"

[[flags]]
key = "off"
value = false
payload = "never sent"

[[flags]]
key = "limits"
value = true
payload = [1, 2]
remote_config = true
"#;

async fn local() -> Local {
    let secrets = Secrets { secret_api_key: Some(Secret::new(SECRET_KEY)), ..secrets() };
    Local::start(Options { project: Some(PROJECT.to_owned()), secrets, ..Options::default() }).await
}

fn asked() -> Value {
    json!({"token": "phc_mine", "distinct_id": "ada"})
}

async fn json_of(response: Response) -> Value {
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

async fn switch(local: &Local, key: &str, change: Value) -> (u16, Value) {
    let response = local.post(&format!("/_local/flags/{key}")).json(&change).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[actix_web::test]
async fn each_version_of_flags_and_decide_has_posthogs_shape() {
    let local = local().await;
    let values = json!({"new-checkout": true, "colour": "blue", "off": false, "limits": true});
    let on = json!({"new-checkout": true, "colour": "blue", "limits": true});
    let payloads = json!({"new-checkout": "{\"discount\":10,\"label\":\"é\"}", "limits": "[1,2]"});
    for (path, flags, with_payloads, has_config) in [
        ("/flags?v=1", &values, true, false),
        ("/flags/?v=x", &values, true, false),
        ("/flags/?v=1&config=true", &values, true, true),
        ("/flags/?config=false", &values, true, false),
        ("/decide/?v=3", &values, true, true),
        ("/decide?v=3&config=false", &values, true, false),
        ("/decide/?v=2", &on, false, true),
        ("/decide/", &json!(["new-checkout", "colour", "limits"]), false, true),
        ("/decide?v=1", &json!(["new-checkout", "colour", "limits"]), false, true),
    ] {
        let answer = json_of(local.post(path).json(&asked()).send().await.unwrap()).await;
        assert_eq!(answer["featureFlags"], *flags, "{path}");
        assert_eq!(answer.get("featureFlagPayloads"), with_payloads.then_some(&payloads), "{path}");
        assert_eq!(answer.get("errorsWhileComputingFlags"), with_payloads.then_some(&json!(false)), "{path}");
        assert!(answer.get("flags").is_none(), "{path}");
        for (key, value) in
            [("token", json!("phc_mine")), ("hasFeatureFlags", json!(true)), ("isAuthenticated", json!(false))]
        {
            assert_eq!(answer.get(key), has_config.then_some(&value), "{path} {key}");
        }
        assert!(answer["requestId"].is_string() && answer["evaluatedAt"].is_i64(), "{path}");
    }
    for (path, has_config) in [
        ("/flags?v=2", false),
        ("/flags/?v=4", false),
        ("/flags", true),
        ("/decide/?v=4", true),
        ("/flags/?v=2&config=1", true),
    ] {
        let answer = json_of(local.post(path).json(&asked()).send().await.unwrap()).await;
        assert_eq!(answer["errorsWhileComputingFlags"], false, "{path}");
        assert_eq!(answer.get("featureFlags"), None, "{path}");
        assert_eq!(answer.get("hasFeatureFlags").is_some(), has_config, "{path}");
        let flags = &answer["flags"];
        assert_eq!(
            flags["new-checkout"],
            json!({
                "key": "new-checkout", "enabled": true, "variant": null,
                "reason": {"code": "condition_match", "condition_index": 0, "description": "Matched condition set 1"},
                "metadata": {"id": 1, "version": 1, "description": null, "payload": "{\"discount\":10,\"label\":\"é\"}", "has_experiment": false},
            })
        );
        assert_eq!((&flags["colour"]["enabled"], &flags["colour"]["variant"]), (&json!(true), &json!("blue")));
        assert_eq!(
            flags["off"]["reason"],
            json!({"code": "flag_disabled", "condition_index": null, "description": "Feature flag is disabled"})
        );
        assert_eq!((&flags["off"]["enabled"], &flags["off"]["metadata"]["payload"]), (&json!(false), &Value::Null));
    }
    // Nobody is named, so nobody has flags.
    for (path, key) in
        [("/flags?v=2", "flags"), ("/flags/", "featureFlags"), ("/decide/?v=3", "flags"), ("/decide", "featureFlags")]
    {
        let answer = json_of(local.get(path).send().await.unwrap()).await;
        assert_eq!(
            (&answer[key], &answer["supportedCompression"]),
            (&json!({}), &json!(["gzip", "gzip-js"])),
            "{path}"
        );
    }
    let id = "0193b2c8-77aa-7000-8000-000000000009";
    let answer =
        json_of(local.post("/flags?v=2").header("x-request-id", id).json(&asked()).send().await.unwrap()).await;
    assert_eq!(answer["requestId"], id);
}

#[actix_web::test]
async fn every_packing_that_sdks_use_is_read() {
    let local = local().await;
    let json = asked().to_string();
    let packed = STANDARD.encode(&json);
    let form = "application/x-www-form-urlencoded";
    for (name, path, content_type, body) in [
        ("json", "/flags?v=2", "application/json; charset=utf-8", json.clone().into_bytes()),
        ("text", "/flags/?v=2", "text/plain", json.clone().into_bytes()),
        ("no type", "/flags/?v=2", "", json.clone().into_bytes()),
        ("gzip by query", "/flags/?v=2&compression=gzip-js", "text/plain", gzip(&json)),
        ("gzip by magic", "/decide/?v=4", "text/plain", gzip(&json)),
        ("base64 by query", "/flags/?v=2&compression=base64", "text/plain", packed.clone().into_bytes()),
        ("base64 by look", "/flags/?v=2", "text/plain", packed.clone().into_bytes()),
        ("base64, percent-encoded", "/flags/?v=2", "text/plain", packed.replace('=', "%3D").into_bytes()),
        ("form", "/decide/?v=4", form, format!("data={}", packed.replace('=', "%3D").replace('+', "%2B")).into_bytes()),
        ("form without data=", "/decide/?v=4&compression=base64", form, packed.clone().into_bytes()),
        (
            "aliases",
            "/flags?v=2",
            "",
            br#"{"api_key":"phc_mine","$distinct_id":7,"$groups":{"a":"b"},"unknown":1}"#.to_vec(),
        ),
        ("half a surrogate pair", "/flags?v=2", "", br#"{"token":"phc_mine","distinct_id":"a\ud800"}"#.to_vec()),
        ("an empty distinct_id", "/flags?v=2", "", br#"{"token":"phc_mine","distinct_id":""}"#.to_vec()),
    ] {
        let mut request = local.post(path).body(body);
        if !content_type.is_empty() {
            request = request.header("content-type", content_type);
        }
        let answer = json_of(request.send().await.unwrap()).await;
        assert_eq!(answer["flags"]["colour"]["variant"], "blue", "{name}");
    }
    let gzipped = local.post("/flags?v=2").header("content-encoding", "gzip").body(gzip(&json)).send().await.unwrap();
    assert_eq!(json_of(gzipped).await["flags"]["off"]["enabled"], false);
    // Only what is asked for, or nothing.
    let mut some = asked();
    some["flag_keys_to_evaluate"] = json!(["colour", "none"]);
    let answer = json_of(local.post("/flags?v=1").json(&some).send().await.unwrap()).await;
    assert_eq!(answer["featureFlags"], json!({"colour": "blue"}));
    let none = json!({"token": "phc_mine", "disable_flags": true});
    let answer = json_of(local.post("/flags?v=2&config=true").json(&none).send().await.unwrap()).await;
    assert_eq!((&answer["flags"], &answer["hasFeatureFlags"]), (&json!({}), &json!(true)));
}

#[actix_web::test]
async fn what_flags_refuses_it_refuses_in_posthogs_words() {
    let local = local().await;
    let no_token = "No API token provided. Please include a valid API token in your request.";
    let bad_token = "The provided API key is invalid or has expired. Please check your API key and try again.";
    let nobody = "The distinct_id field is missing from the request. Please include a valid identifier.";
    let decode =
        |why: &str| format!("Failed to decode request: {why}. Please check your request format and try again.");
    let form = "application/x-www-form-urlencoded";
    for (query, content_type, body, status, told) in [
        ("?v=2", "", "{}", 401, no_token.to_owned()),
        ("?v=2", "", r#"{"distinct_id":"a","token":""}"#, 401, no_token.to_owned()),
        ("?v=2", "", r#"{"distinct_id":"a","token":"phc_other"}"#, 401, bad_token.to_owned()),
        ("?v=2", "", r#"{"distinct_id":"a","token":"phx_mine"}"#, 401, bad_token.to_owned()),
        ("?v=2", "", r#"{"token":"phc_mine"}"#, 400, nobody.to_owned()),
        ("?v=2", "", r#"{"token":"phc_mine","distinct_id":null}"#, 400, nobody.to_owned()),
        ("?v=2", "", r#"{"token":"phc_mine","distinct_id":["a"]}"#, 400, decode("invalid JSON")),
        ("?v=2", "", r#"{"token":"phc_mine","distinct_id":"a","groups":[]}"#, 400, decode("invalid JSON")),
        ("?v=2", "", "{", 400, decode("invalid JSON")),
        ("?v=2", "", "", 400, decode("invalid JSON")),
        ("?v=2", form, "data=e30%3D", 401, no_token.to_owned()),
        ("?v=2", form, "data=bm8%3D", 400, decode("invalid JSON structure")),
        (
            "?v=2&compression=gzip",
            form,
            "data=e30%3D",
            400,
            decode("Gzip compression not supported for form-urlencoded data"),
        ),
        ("?v=2&compression=lz64", "", "{}", 400, decode("Unsupported compression type")),
        ("?v=2", "image/png", "{}", 400, decode("unsupported content type: image/png")),
    ] {
        for path in ["/flags", "/flags/", "/decide", "/decide/"] {
            let mut request = local.post(&format!("{path}{query}")).body(body).header("origin", "https://shop.example");
            if !content_type.is_empty() {
                request = request.header("content-type", content_type);
            }
            let refused = request.send().await.unwrap();
            assert_eq!(refused.headers()["content-type"], "text/plain; charset=utf-8");
            assert_eq!(refused.headers()["access-control-allow-origin"], "https://shop.example");
            assert_eq!(text(refused).await, (status, told.clone()), "{path}{query} {body}");
        }
    }
    // Without api_token, every key of the right form is the project's.
    let open = Local::start(Options {
        project: Some("[[flags]]\nkey = \"a\"\nvalue = true".to_owned()),
        ..Options::default()
    })
    .await;
    let any = json!({"token": "phc_other", "distinct_id": "a"});
    assert_eq!(open.post("/flags?v=2").json(&any).send().await.unwrap().status(), 200);
}

#[actix_web::test]
async fn definitions_need_a_key_and_have_an_etag() {
    let local = local().await;
    let not_provided = "Authentication credentials were not provided.";
    let bad_key = "Personal API key found in request Authorization header is invalid.";
    for path in [
        "/flags/definitions?token=phc_mine",
        "/flags/definitions/?token=phc_mine&send_cohorts",
        "/api/feature_flag/local_evaluation?token=phc_mine&send_cohorts",
        "/api/feature_flag/local_evaluation/",
        "/api/projects/1/feature_flags/local_evaluation",
    ] {
        for (key, code, told) in [
            (None, "not_authenticated", not_provided),
            (Some("phx_other"), "authentication_failed", bad_key),
            (Some("phc_mine"), "authentication_failed", bad_key),
            (Some("phs_other"), "authentication_failed", "Secret API token is invalid."),
        ] {
            let request = key.into_iter().fold(local.get(path), |request, key| request.bearer_auth(key));
            let refused = request.send().await.unwrap();
            assert_eq!(refused.status(), 401);
            let expected = json!({"type": "authentication_error", "code": code, "detail": told, "attr": null});
            assert_eq!(refused.json::<Value>().await.unwrap(), expected, "{path} {key:?}");
        }
        let with_personal = local.get(path).bearer_auth(PERSONAL_KEY).send().await.unwrap();
        let etag = with_personal.headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!(with_personal.headers()["cache-control"], "private, must-revalidate");
        // A service of a compose file asks under any name.
        let with_secret = local.get(path).bearer_auth(SECRET_KEY).header("host", "posthog:8000").send().await.unwrap();
        let definitions = json_of(with_personal).await;
        assert_eq!(json_of(with_secret).await, definitions);
        for (known, status) in [(&*etag, 304), (etag.trim_start_matches("W/"), 304), ("W/\"0\"", 200), ("\"\"", 200)] {
            let request = local.get(path).bearer_auth(PERSONAL_KEY).header("if-none-match", known);
            let answer = request.send().await.unwrap();
            assert_eq!(
                (answer.status().as_u16(), answer.headers()["etag"].to_str().unwrap()),
                (status, &*etag),
                "{known}"
            );
        }
        assert_eq!((&definitions["group_type_mapping"], &definitions["cohorts"]), (&json!({}), &json!({})));
        let flags = definitions["flags"].as_array().unwrap();
        let keys: Vec<_> = flags.iter().map(|flag| flag["key"].as_str().unwrap()).collect();
        assert_eq!(keys, ["colour", "limits", "new-checkout", "off"]);
        assert_eq!(
            flags[2],
            json!({
                "id": 1, "team_id": 1, "name": "", "key": "new-checkout",
                "filters": {
                    "groups": [{"variant": null, "properties": [], "rollout_percentage": 100}],
                    "payloads": {"true": "{\"discount\":10,\"label\":\"é\"}"},
                    "multivariate": null,
                },
                "deleted": false, "active": true, "ensure_experience_continuity": false, "has_encrypted_payloads": false,
                "version": 1, "evaluation_runtime": "all", "evaluation_tags": [],
            })
        );
        assert_eq!(
            flags[0]["filters"]["multivariate"],
            json!({"variants": [{"key": "blue", "name": "", "rollout_percentage": 100}]})
        );
        assert_eq!(flags[3]["active"], false);
    }
    // The project may stand in a header, or be the one of the key.
    for (project, status) in [("phc_mine", 200), ("phc_other", 401), ("", 200)] {
        let request = local.get("/flags/definitions/?send_cohorts").bearer_auth(PERSONAL_KEY);
        let answer = request.header("x-posthog-project-api-key", project).send().await.unwrap();
        assert_eq!(answer.status(), status, "{project:?}");
    }
    let other = local.get("/flags/definitions?token=phc_other").bearer_auth(PERSONAL_KEY).send().await.unwrap();
    assert_eq!(other.status(), 401);
    // The secret key opens nothing else.
    assert_eq!(local.get("/api/projects/1/persons/").bearer_auth(SECRET_KEY).send().await.unwrap().status(), 401);
}

#[actix_web::test]
async fn a_remote_config_is_its_payload_as_a_text() {
    let local = local().await;
    for (path, key, status, told) in [
        ("/api/projects/@current/feature_flags/limits/remote_config?token=phc_mine", PERSONAL_KEY, 200, "\"[1,2]\""),
        ("/api/projects/1/feature_flags/limits/remote_config/", SECRET_KEY, 200, "\"[1,2]\""),
        ("/api/projects/1/feature_flags/4/remote_config", PERSONAL_KEY, 200, "\"[1,2]\""),
        ("/api/projects/2/feature_flags/limits/remote_config", PERSONAL_KEY, 404, ""),
        ("/api/projects/1/feature_flags/new-checkout/remote_config", PERSONAL_KEY, 404, ""),
        ("/api/projects/1/feature_flags/none/remote_config", PERSONAL_KEY, 404, ""),
        ("/api/projects/@current/feature_flags/limits/remote_config?token=phc_other", PERSONAL_KEY, 401, ""),
    ] {
        let answer = local.get(path).bearer_auth(key).send().await.unwrap();
        assert_eq!(text(answer).await, (status, told.to_owned()), "{path}");
    }
    let path = "/api/projects/1/feature_flags/limits/remote_config";
    assert_eq!(local.get(path).send().await.unwrap().status(), 401);
    assert_eq!(local.get(path).bearer_auth("phx_other").send().await.unwrap().status(), 401);
}

#[actix_web::test]
async fn a_switch_is_seen_at_once_and_a_reset_goes_back() {
    let local = local().await;
    let mut stream = local.get("/_local/stream").send().await.unwrap();
    let colour = || async {
        let answer = json_of(local.post("/flags?v=2").json(&asked()).send().await.unwrap()).await;
        let flag = &answer["flags"]["colour"];
        (
            flag["enabled"].clone(),
            flag["variant"].clone(),
            flag["metadata"]["payload"].clone(),
            flag["metadata"]["version"].clone(),
        )
    };
    let etag = || async {
        let path = "/flags/definitions?token=phc_mine";
        local.get(path).bearer_auth(PERSONAL_KEY).send().await.unwrap().headers()["etag"].to_str().unwrap().to_owned()
    };
    let declared = etag().await;
    assert_eq!(
        local.json("/_local/flags").await["flags"][1],
        json!({
            "key": "colour", "value": "blue", "payload": null, "declared": {"value": "blue", "payload": null},
            "changed": false, "remote_config": false, "version": 1,
        })
    );

    let (status, flag) = switch(&local, "colour", json!({"value": "red", "payload": {"a": 1}})).await;
    assert_eq!((status, &flag["changed"], &flag["declared"]["value"]), (200, &json!(true), &json!("blue")));
    assert_eq!(colour().await, (json!(true), json!("red"), json!("{\"a\":1}"), json!(2)));
    assert_ne!(etag().await, declared);
    // The payload stays as it is where it is not mentioned, and goes with null.
    switch(&local, "colour", json!({"value": false})).await;
    assert_eq!(colour().await, (json!(false), Value::Null, Value::Null, json!(3)));
    switch(&local, "colour", json!({"value": true})).await;
    assert_eq!(colour().await, (json!(true), Value::Null, json!("{\"a\":1}"), json!(4)));
    switch(&local, "colour", json!({"payload": null})).await;
    assert_eq!(colour().await, (json!(true), Value::Null, Value::Null, json!(5)));
    // What changes nothing is no version.
    assert_eq!(switch(&local, "colour", json!({"value": true})).await.1["version"], 5);
    assert_eq!(switch(&local, "colour", json!({"reset": true})).await.1["value"], "blue");
    switch(&local, "off", json!({"value": true})).await;
    assert_eq!(local.post("/_local/reset").send().await.unwrap().status(), 200);
    let values: Vec<_> = local.json("/_local/flags").await["flags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|flag| flag["value"].clone())
        .collect();
    assert_eq!(json!(values), json!([true, "blue", false, true]));

    let mut heard = String::new();
    while heard.matches("event: flags").count() < 8 {
        heard.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
    }
    assert!(heard.contains(r#""key":"colour","value":"red""#), "{heard}");
}

#[actix_web::test]
async fn a_switch_that_makes_no_sense_is_refused_and_changes_nothing() {
    let local = local().await;
    let before = local.json("/_local/flags").await;
    for (key, change, status, told) in [
        ("none", json!({"value": true}), 404, "there is no flag \"none\"; declare it under [[flags]] in project.toml"),
        ("colour", json!({}), 400, "give a value, a payload, or \"reset\": true"),
        ("colour", json!({"reset": false}), 400, "give a value, a payload, or \"reset\": true"),
        ("colour", json!({"reset": true, "value": true}), 400, "reset takes neither a value nor a payload with it"),
        (
            "colour",
            json!({"value": 1}),
            400,
            "invalid type: integer `1`, expected true, false or the name of a variant",
        ),
        ("colour", json!({"value": " "}), 400, "is empty; expected true, false or the name of a variant"),
        ("colour", json!({"valu": true}), 400, "unknown field `valu`"),
        ("limits", json!({"value": "a"}), 400, "a remote config has a payload and no variant"),
        ("limits", json!({"payload": null}), 400, "a remote config has a payload and no variant"),
    ] {
        let (code, answer) = switch(&local, key, change.clone()).await;
        assert_eq!(code, status, "{change}");
        assert!(answer["error"].as_str().unwrap().starts_with(told), "{answer}");
    }
    let foreign =
        local.post("/_local/flags/off").header("origin", "http://localhost:4200").json(&json!({"value": true}));
    assert_eq!(foreign.send().await.unwrap().status(), 403);
    let rebound = local.post("/_local/flags/off").header("host", "evil.test").json(&json!({"value": true}));
    assert_eq!(rebound.send().await.unwrap().status(), 403);
    assert_eq!(local.json("/_local/flags").await, before);
}

#[actix_web::test]
async fn a_flag_that_was_asked_for_is_an_event_like_others() {
    let local = local().await;
    local
        .capture(json!([{"event": "$feature_flag_called", "distinct_id": "ada", "properties": {
            "$feature_flag": "colour", "$feature_flag_response": "blue", "$feature/colour": "blue"}}]))
        .await;
    let event = local.json("/_local/wait?event=%24feature_flag_called&state=captured").await["events"][0].clone();
    let called = &event["properties"];
    assert_eq!((&called["$feature_flag"], &called["$feature_flag_response"]), (&json!("colour"), &json!("blue")));
}

#[actix_web::test]
async fn surveys_are_public_and_none() {
    let local = local().await;
    let origin = "https://shop.example";
    for path in ["/api/surveys/?token=phc_mine", "/api/surveys?token=phc_mine"] {
        let answer = local.get(path).header("origin", origin).send().await.unwrap();
        assert_eq!(answer.headers()["access-control-allow-origin"], origin);
        assert_eq!(json_of(answer).await, json!({"surveys": [], "survey_config": null}));
    }
    for (path, code) in [("/api/surveys/", "missing_api_key"), ("/api/surveys/?token=phc_other", "invalid_api_key")] {
        let refused = local.get(path).header("origin", origin).send().await.unwrap();
        assert_eq!(
            (refused.status().as_u16(), &refused.headers()["access-control-allow-origin"]),
            (401, &origin.parse().unwrap())
        );
        let refused: Value = refused.json().await.unwrap();
        assert_eq!((&refused["type"], &refused["code"]), (&json!("authentication_error"), &json!(code)));
    }
}
