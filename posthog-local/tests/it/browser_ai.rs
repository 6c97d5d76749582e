//! A generation in the inspector: the messages of every SDK's shape, as text, and what PostHog trimmed.

use serde_json::{Value, json};

use crate::{
    browser::Browser,
    support::{Answer, Local, Options},
};

fn uuid(number: usize) -> String {
    format!("0193b2c8-77aa-7000-8000-{number:012}")
}

fn generation(number: usize, properties: &Value) -> Value {
    let mut event =
        json!({"uuid": uuid(number), "event": "$ai_generation", "distinct_id": "jane", "properties": properties});
    event["properties"]["$ai_trace_id"] = json!("t");
    event
}

/// Shapes of the SDKs (ai-events.md), and what is read on the page: role and text of each message.
fn shapes() -> Vec<(&'static str, Value, &'static [&'static str])> {
    let input = |input: Value| json!({ "$ai_input": input });
    vec![
        ("a plain text", input(json!("a <b>chair</b>")), &["user: a <b>chair</b>"]),
        (
            "OpenAI chat",
            input(json!([{"role": "developer", "content": "S"}, {"role": "assistant", "content": null,
                "tool_calls": [{"id": "c", "function": {"name": "get_order", "arguments": "{\"id\":1}"}}]},
                {"role": "tool", "tool_call_id": "c", "content": "lost"},
                {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "[base64 image redacted]"}}]}])),
            &[
                "system: S",
                "assistant: calls get_order {\"id\":1}",
                "tool: get_order answers lost",
                "user: ▣image, [base64 image redacted]",
            ],
        ),
        (
            "OpenAI responses",
            input(
                json!([{"type": "function_call", "id": "fc", "call_id": "k", "name": "f", "arguments": "{}"}, {"type": "function_call_output", "call_id": "k", "output": "42"},
                {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "out"}]}]),
            ),
            &["assistant: calls f {}", "tool: f answers 42", "assistant: out"],
        ),
        (
            "Anthropic",
            input(
                json!([{"role": "assistant", "content": [{"type": "text", "text": "I look."}, {"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}}]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "found"}]}]}]),
            ),
            &["assistant: I look.calls f {\"a\":1}", "user: f answers found"],
        ),
        (
            "Gemini",
            input(
                json!([{"role": "model", "parts": [{"text": "hello"}, {"function_call": {"name": "f", "args": {}}}]},
                {"role": "user", "content": [{"type": "image", "inline_data": {"mime_type": "image/webp", "data": "[redacted]"}}]}]),
            ),
            &["assistant: hellocalls f ", "user: ▣image/webp, [redacted]"],
        ),
        (
            "Vercel",
            input(json!([{"role": "posthog", "content": "[3 messages removed due to size limit]"},
                {"role": "assistant", "content": [{"type": "tool-call", "toolName": "calc", "input": {"x": 1}}]},
                {"role": "tool", "content": [{"type": "tool-result", "toolName": "calc", "output": {"type": "json", "value": {"y": 2}}}]}])),
            &[
                "posthog: [3 messages removed due to size limit]",
                "assistant: calls calc {\"x\":1}",
                "tool: calc answers {\"y\":2}",
            ],
        ),
        (
            "LangChain",
            input(json!({"messages": [[{"type": "human", "content": "hi"}, {"type": "ai", "content": "",
                "additional_kwargs": {"tool_calls": [{"function": {"name": "s", "arguments": "{}"}}]}}]]})),
            &["user: hi", "assistant: calls s {}"],
        ),
        (
            "OpenTelemetry, as text",
            input(json!(
                r#"[{"role":"user","parts":[{"type":"text","content":"otel"}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"1","response":"r"}]}]"#
            )),
            &["user: otel", "tool: 1 answers r"],
        ),
        (
            "LiteLLM's whole answer",
            json!({"$ai_output_choices": {"choices": [{"message": {"role": "assistant", "content": "hi"}}]}}),
            &["assistant: hi"],
        ),
        (
            "no shape at all",
            input(json!([{"unknown": 1}, {"role": "__proto__", "content": {"odd": [1]}}])),
            &["user: {\"unknown\":1}", "__proto__: {\"odd\":[1]}"],
        ),
        ("many", input((0..150).map(|n| json!({"role": "user", "content": format!("{n}")})).collect()), &["user: 0"]),
    ]
}

const READ: &str = "[...document.querySelectorAll('.chat .message')].map((message) => \
    `${message.querySelector('.role').textContent}: ${[...message.querySelectorAll('.said')].map((said) => said.textContent).join('')}`)";

#[actix_web::test]
async fn a_generation_is_shown_as_a_conversation_whatever_sdk_sent_it() {
    let ignored = json!({"status": "ignored", "reason": "no_content", "detail": "PostHog trimmed it."}).to_string();
    let (local, _receiver) = Local::with_receiver(vec![Answer::With(200, &[], ignored)]).await;
    let failed = json!({"$ai_input": [{"role": "user", "content": "a chair"}], "$ai_output_choices": null, "$ai_model": "gpt-5", "$ai_provider": "openai",
        "$ai_http_status": 529, "$ai_is_error": true, "$ai_error": r#"{"name":"APIError","message":"Overloaded","stack":"at /srv"}"#});
    let verdict = json!({"uuid": uuid(100), "event": "$ai_evaluation", "distinct_id": "jane", "properties": {"$ai_evaluation_result": false,
        "$ai_evaluation_reasoning": "It has no title.", "$ai_target_event_id": uuid(99)}});
    let events = shapes()
        .iter()
        .enumerate()
        .map(|(number, (_, properties, _))| generation(number, properties))
        .collect::<Vec<_>>();
    local.capture(json!([generation(99, &failed), verdict])).await;
    local.capture(events.into()).await;
    let Some(browser) = Browser::open(&local.url).await else { return };
    browser.until("document.getElementById('events').textContent.includes('ignored (no_content)')").await;
    browser.look("a list of generations").await;

    for (number, (name, _, expected)) in shapes().into_iter().enumerate() {
        browser.goto(&format!("{}/events/{}", local.url, uuid(number))).await;
        browser.until("document.querySelector('.chat')").await;
        let read = browser.run(&format!("return {READ}")).await;
        match name {
            "many" => assert_eq!(
                (read.as_array().unwrap().len(), &read[0]),
                (100, &json!(expected[0])),
                "the middle is left out"
            ),
            _ => assert_eq!(read, json!(expected), "{name}"),
        }
    }

    browser.goto(&format!("{}/events/{}", local.url, uuid(99))).await;
    let page = "document.getElementById('event').textContent";
    for told in [
        "gpt-5 by openai",
        "failed, 529",
        "APIError: Overloaded",
        "trimmed by PostHog: not in webhooks",
        "a chair",
        "privacy mode",
        "PostHog trimmed it.",
    ] {
        browser.until(&format!("{page}.includes({})", json!(told))).await;
    }
    assert_eq!(
        browser.run("return document.querySelector('.block .reason').textContent").await,
        "APIError: Overloaded",
        "no stack"
    );
    browser.look("a generation").await;
    browser.goto(&format!("{}/events/{}", local.url, uuid(100))).await;
    browser.until(&format!("{page}.includes('not passed') && {page}.includes('It has no title.')")).await;
    let link = format!("document.querySelector('#event a[href$=\"{}\"]')", uuid(99));
    browser.until(&link).await;
    browser.look("a verdict").await;

    // What is sent again is whole.
    browser.goto(&format!("{}/events/{}", local.url, uuid(99))).await;
    browser.click("replay").await;
    browser.until(&format!("{page}.includes('was captured before')")).await;
    assert_eq!(local.json(&format!("/_local/events/{}", uuid(99))).await["heavy"]["$ai_input"], failed["$ai_input"]);
}

#[actix_web::test]
async fn nothing_is_trimmed_where_posthog_is_self_hosted() {
    let project = include_str!("../../project.toml").replace("ai_events = \"split\"", "ai_events = \"whole\"");
    let webhook_url = Some("http://127.0.0.1:9/".to_owned());
    let local = Local::start(Options { webhook_url, project: Some(project), ..Options::default() }).await;
    local.capture(json!([generation(1, &json!({"$ai_input": "a chair"}))])).await;
    let Some(browser) = Browser::open(&local.url).await else { return };
    browser.until("document.querySelectorAll('#events tr').length === 1").await;
    assert_eq!(browser.run("return document.body.textContent.includes('trimmed')").await, false);
    browser.goto(&format!("{}/events/{}", local.url, uuid(1))).await;
    browser.until("document.querySelector('.chat')").await;
    assert_eq!(browser.run(&format!("return {READ}")).await, json!(["user: a chair"]));
    assert_eq!(browser.run("return document.body.textContent.includes('trimmed')").await, false);
}
