//! The shapes of the SDKs, as `ai-events.md` lists them: what each becomes.

use chat::{read, read_output};
use serde_json::{Value, json};

/// The messages as JSON.
fn messages(chat: Option<chat::Chat>) -> Value {
    chat.map_or(Value::Null, |chat| serde_json::to_value(chat.messages).unwrap())
}

fn prompt(json: &Value) -> Value {
    messages(read(&json.to_string()))
}

fn answer(json: &Value) -> Value {
    messages(read_output(&json.to_string()))
}

fn said(role: &str, content: &str) -> Value {
    json!({"role": role, "content": content})
}

fn called(id: &str, name: &str, arguments: &str) -> Value {
    json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}})
}

/// A property of a body that an SDK really sent.
macro_rules! body {
    ($file:literal, $property:literal) => {{
        let body: Value =
            serde_json::from_str(include_str!(concat!("../../../tests/fixtures/posthog-ai/", $file))).unwrap();
        body["event"]["properties"][$property].clone()
    }};
}

const SHOP: &str = "You are the shop assistant of Oak & Ash. Answer in two sentences.";
const LETTER: &str = "Write to jane.doe@example.com that order A-17 is late, her phone is +49 151 23456789.";

#[test]
fn real_prompts() {
    let letter = json!([said("system", SHOP), said("user", LETTER)]);
    for (name, body, expected) in [
        ("posthog-python, OpenAI", body!("01_py_openai_429.json", "$ai_input"), letter.clone()),
        (
            "@posthog/ai, Vercel",
            body!("02_js_vercel_529_error_is_json.json", "$ai_input"),
            json!([
                said("system", SHOP),
                said("user", "Summarise the call with Jonas Petersen, IBAN DE89370400440532013000.")
            ]),
        ),
        (
            "posthog-python, Anthropic",
            body!("03_py_anthropic_tool_history_529.json", "$ai_input"),
            json!([
                said("system", SHOP),
                said("user", "Where is A-17?"),
                {"role": "assistant", "content": "I look.", "tool_calls": [called("toolu_01A", "get_order", r#"{"order_id":"A-17"}"#)]},
                {"role": "tool", "content": r#"{"state":"lost","customer":"jane.doe@example.com"}"#, "tool_call_id": "toolu_01A"},
            ]),
        ),
        (
            "posthog-python, an image",
            body!("05_py_openai_image_marker_400.json", "$ai_input"),
            json!([said("user", "What wood is this?\n[image]")]),
        ),
        ("LiteLLM", body!("08_litellm_async_no_status.json", "$ai_input"), letter),
        ("privacy mode", body!("07_py_privacy_mode_null_input.json", "$ai_input"), Value::Null),
        ("a trace's state", body!("15_langchain_trace_error.json", "$ai_input_state"), Value::Null),
    ] {
        assert_eq!(prompt(&body), expected, "{name}");
    }
}

#[test]
fn real_answers() {
    for (body, expected) in [
        (
            body!("04_py_openai_stream_cut_with_partial_output.json", "$ai_output_choices"),
            json!([said("assistant", "Dear Ms Doe, your order A-17 is la")]),
        ),
        (
            body!("14_refusal_with_200.json", "$ai_output_choices"),
            json!([said("assistant", "I can't help with that.")]),
        ),
        (body!("01_py_openai_429.json", "$ai_output_choices"), Value::Null),
        (body!("08_litellm_async_no_status.json", "$ai_output_choices"), Value::Null),
    ] {
        assert_eq!(answer(&body), expected);
    }
}

#[test]
fn openai_chat() {
    assert_eq!(
        prompt(&json!([
            {"role": "developer", "content": [{"type": "text", "text": "be brief"}]},
            {"role": "user", "name": "mara", "content": [
                {"type": "text", "text": "look"},
                {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}},
                {"type": "input_audio", "input_audio": {"data": "[base64 audio redacted]", "format": "wav"}},
                {"type": "file", "file": {"filename": "a.pdf", "file_data": format!("data:application/pdf;base64,{}", "AAAA".repeat(40_000))}},
            ]},
            {"role": "assistant", "content": null, "tool_calls": [
                {"id": "call_a", "type": "function", "function": {"name": "f", "arguments": "{\"x\": 1.50}"}},
                {"id": "call_b", "type": "function", "function": {"name": "g", "arguments": ""}},
            ]},
            {"role": "tool", "tool_call_id": "call_a", "content": "yes"},
            {"role": "tool", "tool_call_id": "call_b", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
            {"role": "assistant", "content": null, "refusal": "No."},
            {"role": "assistant", "content": null, "function_call": {"name": "old", "arguments": "{}"}},
            {"role": "function", "name": "old", "content": "1"},
        ])),
        json!([
            said("system", "be brief"),
            {"role": "user", "content": "look\n[image]\n[audio]\n[file application/pdf, 120 kB]", "name": "mara"},
            {"role": "assistant", "content": "", "tool_calls": [called("call_a", "f", "{\"x\": 1.50}"), called("call_b", "g", "{}")]},
            {"role": "tool", "content": "yes", "tool_call_id": "call_a"},
            {"role": "tool", "content": "a\nb", "tool_call_id": "call_b"},
            said("assistant", "No."),
            {"role": "assistant", "content": "", "tool_calls": [called("call_1", "old", "{}")]},
            {"role": "tool", "content": "1", "tool_call_id": "call_1", "name": "old"},
        ])
    );
}

#[test]
fn openai_responses() {
    let items = json!([
        {"role": "user", "content": [{"type": "input_text", "text": "Where is A-17?"}, {"type": "input_image", "image_url": "https://a.b/c"}]},
        {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "hm"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "I look", "annotations": []}, {"type": "output_text", "text": "."}]},
        {"type": "function_call", "id": "fc_1", "call_id": "call_a", "name": "get", "arguments": "{\"id\":1}"},
        {"type": "function_call", "id": "fc_2", "call_id": "call_b", "name": "get", "arguments": "{\"id\":2}"},
        {"type": "function_call_output", "call_id": "call_a", "output": "lost"},
        {"type": "function_call_output", "call_id": "call_b", "output": [{"type": "input_text", "text": "found"}]},
        {"type": "web_search_call", "id": "ws_1", "status": "completed"},
        {"type": "image_generation_call", "id": "ig_1", "result": "AAAA".repeat(16_000)},
    ]);
    let expected = json!([
        said("user", "Where is A-17?\n[image]"),
        {"role": "assistant", "content": "I look.", "tool_calls": [called("call_a", "get", "{\"id\":1}"), called("call_b", "get", "{\"id\":2}")]},
        {"role": "tool", "content": "lost", "tool_call_id": "call_a"},
        {"role": "tool", "content": "found", "tool_call_id": "call_b"},
        said("assistant", "[image, 48 kB]"),
    ]);
    assert_eq!(prompt(&items), expected);
    // PostHog's SDKs put the instructions first themselves; the request as a whole has them beside the items.
    let with_instructions =
        [json!([said("system", "be brief")]), expected].map(|part| part.as_array().unwrap().clone()).concat();
    assert_eq!(prompt(&json!({"model": "m", "instructions": "be brief", "input": items})), json!(with_instructions));
    assert_eq!(
        answer(
            &json!({"id": "resp_1", "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "yes"}]}]})
        ),
        json!([said("assistant", "yes")])
    );
}

#[test]
fn anthropic() {
    assert_eq!(
        prompt(&json!({"system": [{"type": "text", "text": "be brief"}], "messages": [
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "hm", "signature": "x"},
                {"type": "text", "text": "I "},
                {"type": "text", "text": "look."},
                {"type": "tool_use", "id": "t1", "name": "get", "input": {"a": [1.50, "é"]}},
                {"type": "tool_use", "id": "t2", "name": "now", "input": {}},
            ]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "t1", "content": [
                    {"type": "text", "text": "lost"},
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA".repeat(16_000)}},
                ]},
                {"type": "tool_result", "tool_use_id": "t2"},
                {"type": "text", "text": "and now?"},
                {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "the text"}},
                {"type": "image", "source": {"type": "url", "url": "https://a.b/c"}},
            ]},
        ]})),
        json!([
            said("system", "be brief"),
            {"role": "assistant", "content": "I look.", "tool_calls": [called("t1", "get", "{\"a\":[1.5,\"é\"]}"), called("t2", "now", "{}")]},
            {"role": "tool", "content": "lost\n[image image/png, 48 kB]", "tool_call_id": "t1"},
            {"role": "tool", "content": "", "tool_call_id": "t2"},
            said("user", "and now?\nthe text\n[image]"),
        ])
    );
    // A tool that Anthropic runs: call and result are in one message.
    assert_eq!(
        answer(&json!([{"role": "assistant", "content": [
            {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "oak"}},
            {"type": "web_search_tool_result", "tool_use_id": "s1", "content": [{"type": "web_search_result", "url": "https://a.b"}]},
            {"type": "text", "text": "Oak is hard."},
        ]}])),
        json!([
            {"role": "assistant", "content": "", "tool_calls": [called("s1", "web_search", "{\"query\":\"oak\"}")]},
            {"role": "tool", "content": "[{\"type\":\"web_search_result\",\"url\":\"https://a.b\"}]", "tool_call_id": "s1"},
            said("assistant", "Oak is hard."),
        ])
    );
}

#[test]
fn gemini() {
    let expected = json!([
        said("user", "What is it?\n[image image/png]"),
        {"role": "assistant", "content": "I look.", "tool_calls": [called("call_1", "get", "{\"id\":1}"), called("call_2", "get", "{\"id\":2}")]},
        {"role": "tool", "content": "{\"state\":\"lost\"}", "tool_call_id": "call_1", "name": "get"},
        {"role": "tool", "content": "{\"state\":\"found\"}", "tool_call_id": "call_2", "name": "get"},
    ]);
    // As PostHog's SDKs convert it.
    assert_eq!(
        prompt(&json!([
            {"role": "user", "content": [{"type": "text", "text": "What is it?"}, {"type": "image", "inline_data": {"mime_type": "image/png", "data": "[base64 image redacted]"}}]},
            {"role": "model", "content": [
                {"type": "text", "text": "I look."},
                {"type": "function", "function": {"name": "get", "arguments": {"id": 1}}},
                {"type": "function", "function": {"name": "get", "arguments": {"id": 2}}},
            ]},
            {"role": "user", "content": [{"functionResponse": {"name": "get", "response": {"state": "lost"}}}, {"function_response": {"name": "get", "response": {"state": "found"}}}]},
        ]))
        .to_string()
        .replace("[image]", "[image image/png]"),
        expected.to_string()
    );
    // As it is sent to Gemini.
    assert_eq!(
        prompt(&json!({"contents": [
            {"role": "user", "parts": [{"text": "What is it?"}, {"inlineData": {"mimeType": "image/png", "data": "https"}}]},
            {"role": "model", "parts": [{"text": "hm", "thought": true}, {"text": "I look."}, {"functionCall": {"name": "get", "args": {"id": 1}}}, {"functionCall": {"name": "get", "args": {"id": 2}}}]},
            {"role": "function", "parts": [{"functionResponse": {"name": "get", "response": {"state": "lost"}}}, {"functionResponse": {"name": "get", "response": {"state": "found"}}}]},
        ]})),
        expected
    );
    assert_eq!(
        answer(
            &json!({"candidates": [{"content": {"role": "model", "parts": [{"text": "It is "}, {"text": "oak."}]}, "finishReason": "STOP"}]})
        ),
        json!([said("assistant", "It is oak.")])
    );
}

#[test]
fn vercel() {
    let chat = json!([
        {"role": "system", "content": [{"type": "text", "text": "be brief"}]},
        {"role": "posthog", "content": "[3 messages removed due to size limit]"},
        {"role": "user", "content": [{"type": "text", "text": "Where?"}, {"type": "file", "mediaType": "image/png", "file": "[base64 image/png redacted]"}]},
        {"role": "assistant", "content": [
            {"type": "reasoning", "text": "hm"},
            {"type": "tool-call", "toolCallId": "c1", "toolName": "get", "input": {"id": 1}},
            {"type": "tool-call", "toolCallId": "c2", "toolName": "get", "args": {"id": 2}},
        ]},
        {"role": "tool", "content": [
            {"type": "tool-result", "toolCallId": "c1", "toolName": "get", "output": {"type": "json", "value": {"state": "lost"}}},
            {"type": "tool-result", "toolCallId": "c2", "toolName": "get", "result": "found"},
        ]},
    ]);
    assert_eq!(
        prompt(&chat),
        json!([
            said("system", "be brief"),
            said("user", "Where?\n[image image/png]"),
            {"role": "assistant", "content": "", "tool_calls": [called("c1", "get", "{\"id\":1}"), called("c2", "get", "{\"id\":2}")]},
            {"role": "tool", "content": "{\"state\":\"lost\"}", "tool_call_id": "c1", "name": "get"},
            {"role": "tool", "content": "found", "tool_call_id": "c2", "name": "get"},
        ])
    );
    assert_eq!(read(&chat.to_string()).unwrap().left_out, 3);
    assert_eq!(answer(&json!([{"role": "assistant", "content": "one text"}])), json!([said("assistant", "one text")]));
}

#[test]
fn langchain() {
    let expected = json!([
        said("system", "be brief"),
        said("user", "Where?"),
        {"role": "assistant", "content": "I look.", "tool_calls": [called("c1", "get", "{\"id\":1}")]},
        {"role": "tool", "content": "lost", "tool_call_id": "c1", "name": "get"},
    ]);
    for chat in [
        // PostHog's callback: roles mapped, `additional_kwargs` merged; Anthropic's calls are there twice.
        json!([
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": "Where?"},
            {"role": "assistant", "content": [{"type": "text", "text": "I look."}, {"type": "tool_use", "id": "c1", "name": "get", "input": {"id": 1}}],
             "tool_calls": [{"name": "get", "args": {"id": 1}, "id": "c1", "type": "tool_call"}]},
            {"role": "tool", "content": "lost", "tool_call_id": "c1", "name": "get"},
        ]),
        json!([[
            {"type": "system", "content": "be brief"},
            {"type": "human", "content": "Where?", "additional_kwargs": {}, "id": null},
            {"type": "ai", "content": "I look.", "additional_kwargs": {"tool_calls": [{"id": "c1", "type": "function", "function": {"name": "get", "arguments": "{\"id\":1}"}}]}},
            {"type": "tool", "content": "lost", "tool_call_id": "c1", "name": "get", "status": "success"},
        ]]),
        json!({"messages": [
            {"type": "system", "data": {"content": "be brief"}},
            {"lc": 1, "type": "constructor", "id": ["langchain_core", "messages", "HumanMessage"], "kwargs": {"content": "Where?", "type": "human"}},
            {"type": "AIMessageChunk", "content": "I look.", "tool_calls": [{"name": "get", "args": {"id": 1}, "id": "c1"}]},
            {"type": "tool", "data": {"content": "lost", "tool_call_id": "c1", "name": "get"}},
        ]}),
    ] {
        assert_eq!(prompt(&chat), expected, "{chat}");
    }
}

#[test]
fn langchain_without_ids() {
    // PostHog's callback passes no ids of tool messages on: the order tells.
    let call = |id: &str| json!({"id": id, "type": "function", "function": {"name": "get", "arguments": "{}"}});
    assert_eq!(
        prompt(&json!([
            {"role": "assistant", "content": "", "tool_calls": [call("a"), call("b")]},
            {"role": "tool", "content": "first"},
            {"role": "tool", "content": "second"},
            {"role": "tool", "content": "a third"},
        ])),
        json!([
            {"role": "assistant", "content": "", "tool_calls": [called("a", "get", "{}"), called("b", "get", "{}")]},
            {"role": "tool", "content": "first", "tool_call_id": "a"},
            {"role": "tool", "content": "second", "tool_call_id": "b"},
            said("tool", "a third"),
        ])
    );
}

#[test]
fn opentelemetry() {
    assert_eq!(
        prompt(&json!([
            {"role": "system", "parts": [{"type": "text", "content": "be brief"}]},
            {"role": "user", "parts": [{"type": "text", "content": "Where?"}, {"type": "blob", "mime_type": "image/png", "content": "AAAA".repeat(16_000)}, {"type": "uri", "modality": "image", "mime_type": "image/png", "uri": "https://a.b/c"}]},
            {"role": "assistant", "parts": [{"type": "reasoning", "content": "hm"}, {"type": "tool_call", "id": "c1", "name": "get", "arguments": {"id": 1}}], "finish_reason": "tool_call"},
            {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": {"state": "lost"}}]},
        ])),
        json!([
            said("system", "be brief"),
            said("user", "Where?\n[image image/png, 48 kB]\n[image image/png]"),
            {"role": "assistant", "content": "", "tool_calls": [called("c1", "get", "{\"id\":1}")]},
            {"role": "tool", "content": "{\"state\":\"lost\"}", "tool_call_id": "c1"},
        ])
    );
}

#[test]
fn answers() {
    for (answer_json, expected) in [
        (json!("yes"), json!([said("assistant", "yes")])),
        // LangChain, a model that does not chat.
        (json!(["yes"]), json!([said("assistant", "yes")])),
        // Vercel: calls as PostHog writes them, and sources.
        (
            json!([{"role": "assistant", "content": [
                {"type": "tool-call", "id": "c1", "function": {"name": "get", "arguments": "{}"}},
                {"type": "source", "sourceType": "url", "id": "s1", "url": "https://a.b", "title": "a"},
                {"type": "file", "name": "generated_file", "mediaType": "image/png", "data": "[image/png file - 120000 bytes]"},
            ]}]),
            json!([{"role": "assistant", "content": "[image image/png]", "tool_calls": [called("c1", "get", "{}")]}]),
        ),
        (
            json!([{"role": "assistant", "content": [{"type": "text", "text": "I look."}, {"type": "function", "id": "c1", "function": {"name": "get", "arguments": "{}"}}]}]),
            json!([{"role": "assistant", "content": "I look.", "tool_calls": [called("c1", "get", "{}")]}]),
        ),
        (
            json!({"id": "x", "choices": [{"index": 0, "message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}]}),
            json!([said("assistant", "yes")]),
        ),
        (
            json!({"choices": [{"text": "yes", "index": 0, "logprobs": null, "finish_reason": "stop"}]}),
            json!([said("assistant", "yes")]),
        ),
        (
            json!([{"type": "text", "text": "yes"}, {"type": "image", "image": "https://a.b/c"}]),
            json!([said("assistant", "yes\n[image]")]),
        ),
        (
            json!({"role": "assistant", "content": null, "audio": {"id": "a", "data": "", "transcript": "yes"}}),
            json!([said("assistant", "yes")]),
        ),
        (
            json!({"type": "message", "role": "assistant", "content": [{"type": "text", "text": "yes"}]}),
            json!([said("assistant", "yes")]),
        ),
    ] {
        assert_eq!(answer(&answer_json), expected, "{answer_json}");
    }
}

#[test]
fn what_is_no_chat_is_none() {
    for json in [
        "1",
        "true",
        "null",
        "{}",
        "[]",
        "[1,2]",
        "plain",
        "[EMAIL_1] wrote",
        r#"["a","b"]"#,
        r#"{"q":"Where?"}"#,
        r#"[{"role":"root","content":"x"}]"#,
        r#"[{"role":"user","content":"x"},5]"#,
        r#"[{"role":"user","email":"a@example.com"}]"#,
        r#"[{"text":"a","label":"b"}]"#,
        r#"[{"type":"invoice","total":1}]"#,
        r#"[{"type":"text","value":"x"}]"#,
        r#"[{"type":"document","id":"d1"},{"type":"image","url":"https://a.b/c"}]"#,
        r#"[{"type":"function","function":{"name":"get","parameters":{"type":"object"}}}]"#,
        r#"{"messages":[]}"#,
        r#"{"messages":["a","b"]}"#,
        r#"{"input":"Where?"}"#,
    ] {
        assert_eq!(read(json), None, "{json}");
    }
}

#[test]
fn odd_messages_keep_what_they_say() {
    for (chat, expected) in [
        (json!({"role": "USER", "content": "x"}), json!([said("user", "x")])),
        (json!([{"role": "user", "content": 5}]), json!([said("user", "5")])),
        (json!([{"role": "user", "content": {"q": "Where?"}}]), json!([said("user", "{\"q\":\"Where?\"}")])),
        (
            json!([{"role": "user", "content": [{"type": "table", "text": "a|b"}, {"type": "chart"}, "c", null]}]),
            json!([said("user", "a|b\n[chart]\nc")]),
        ),
        (json!([{"role": "user", "content": ""}]), json!([said("user", "")])),
        (
            json!([{"role": "system", "content": "[4 messages left out]"}, {"role": "user", "content": "x"}]),
            json!([said("user", "x")]),
        ),
        (json!("[{\"role\":\"user\",\"content\":\"x\"}]"), json!([said("user", "x")])),
    ] {
        assert_eq!(prompt(&chat), expected, "{chat}");
    }
    // LangChain keeps calls with broken arguments apart, and an empty `function_call` is none.
    assert_eq!(
        prompt(&json!([{"role": "assistant", "content": "", "function_call": {}, "tool_calls": [],
            "invalid_tool_calls": [{"name": "get", "args": "{\"id\":", "id": "c1", "error": null}]}])),
        json!([{"role": "assistant", "content": "", "tool_calls": [called("c1", "get", "{\"id\":")]}])
    );
    assert_eq!(
        prompt(&json!([{"role": "assistant", "content": "x", "function_call": {}}])),
        json!([said("assistant", "x")])
    );
    assert_eq!(messages(read(r#"{"role":"user","content":"a","content":"b"}"#)), json!([said("user", "b")]));
}

#[test]
fn a_chat_as_json_is_read_as_the_same_chat() {
    for json in [
        r#"[{"role":"system","content":"s"},{"role":"posthog","content":"[3 messages removed due to size limit]"},{"role":"user","content":"u"}]"#,
        r#"[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"https://x"}}]}]"#,
        r#"[{"role":"assistant","content":"","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"r"}]"#,
    ] {
        let read = chat::read(json).unwrap();
        assert_eq!(chat::read(&read.to_json()), Some(read.clone()), "{json}");
        assert_eq!(chat::read(&read.to_json()).unwrap().to_json(), read.to_json());
    }
}
