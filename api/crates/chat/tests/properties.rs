//! What holds for every JSON text.

use std::{borrow::Cow, time::Instant};

use chat::{has_content, read, read_output, shorten, without_base64, without_base64_in_text};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Text with what matters here: escapes, markers, base64, characters of every length.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("data:image/png;base64,".to_owned()),
        Just("QUJD+/==".repeat(3)),
        Just("iVBORw0KGgoA".to_owned() + &"Qx7+".repeat(300)),
        Just("[3 messages left out]".to_owned()),
        Just("[base64 image redacted]".to_owned()),
        Just("\"\\\n\u{0}".to_owned()),
        Just("椅😀".repeat(50)),
        "[ -~]{0,20}",
        ".{0,10}",
    ];
    prop::collection::vec(pieces, 0..4).prop_map(|pieces| pieces.concat())
}

/// Keys and words that the SDKs use, in any combination.
fn word() -> impl Strategy<Value = String> {
    prop::sample::select(
        &[
            "role",
            "content",
            "parts",
            "type",
            "text",
            "tool_calls",
            "tool_call_id",
            "name",
            "function",
            "arguments",
            "id",
            "user",
            "assistant",
            "system",
            "tool",
            "posthog",
            "tool_use",
            "tool_result",
            "input",
            "output",
            "functionCall",
            "functionResponse",
            "function_call",
            "function_call_output",
            "call_id",
            "image",
            "source",
            "base64",
            "media_type",
            "data",
            "inline_data",
            "mime_type",
            "messages",
            "choices",
            "message",
            "human",
            "lc",
            "kwargs",
            "image/png",
            "thinking",
            "refusal",
            "value",
            "json",
            "c1",
        ][..],
    )
    .prop_map(str::to_owned)
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec((prop_oneof![word(), text()], inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Chats of many shapes, with calls whose results may be missing, doubled or misplaced.
fn any_chat() -> impl Strategy<Value = Value> {
    let id = prop::sample::select(&["c1", "c2", "c3"][..]);
    let message = prop_oneof![
        (prop::sample::select(&["system", "user", "assistant", "model", "posthog", "tool"][..]), text())
            .prop_map(|(role, content)| json!({"role": role, "content": content})),
        (text(), id.clone()).prop_map(|(text, id)| json!({"role": "assistant", "content": [{"type": "text", "text": text}, {"type": "tool_use", "id": id, "name": "f", "input": {"a": text}}]})),
        (text(), id.clone()).prop_map(|(text, id)| json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": id, "content": text}, {"type": "text", "text": text}]})),
        id.clone().prop_map(|id| json!({"type": "function_call", "call_id": id, "name": "f", "arguments": "{}"})),
        (text(), id).prop_map(|(text, id)| json!({"type": "function_call_output", "call_id": id, "output": text})),
        text().prop_map(|text| json!({"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"a": text}}}]})),
        text().prop_map(|text| json!({"role": "user", "parts": [{"functionResponse": {"name": "f", "response": text}}]})),
    ];
    (prop::collection::vec(message, 1..30), any::<bool>())
        .prop_map(|(chat, is_bare)| if is_bare { json!(chat) } else { json!({"model": "m", "messages": chat}) })
}

fn chars(text: &str) -> u64 {
    text.chars().count() as u64
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

fn check(json: &str, chars_max: u64) -> Result<(), TestCaseError> {
    read_output(json);
    let content = has_content(json);
    if let Some(chat) = read(json) {
        let shape = serde_json::to_string(&chat.messages).unwrap();
        if !chat.messages.is_empty() {
            prop_assert_eq!(
                read(&shape).unwrap().messages,
                chat.messages,
                "reading the shape gives the shape: {}",
                shape
            );
            prop_assert_eq!(has_content(&shape), content);
        }
    }
    let clean = without_base64(json);
    prop_assert!(is_json(&clean));
    prop_assert_eq!(without_base64(&clean), clean.as_ref());
    if let Some(short) = shorten(json, chars_max) {
        prop_assert!(is_json(&short), "{}", short);
        prop_assert!(chars(&short) <= chars_max, "{} > {}", chars(&short), chars_max);
        prop_assert!(read(&short).is_some());
        prop_assert_eq!(shorten(&short, chars_max), Some(short));
    } else {
        prop_assert!(read(json).is_none_or(|_| chars_max < 200 || !content), "a chat can be shortened: {}", json);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_handled(json in any_json(), chars_max in 0_u64..3_000) {
        check(&json.to_string(), chars_max)?;
        check(&serde_json::to_string_pretty(&json).unwrap(), chars_max)?;
    }

    #[test]
    fn any_chat_is_handled(json in any_chat(), chars_max in 0_u64..3_000) {
        prop_assert!(read(&json.to_string()).is_some());
        check(&json.to_string(), chars_max)?;
    }

    #[test]
    fn any_text_is_handled(text in prop_oneof![text(), ".*", "[\\[\\]{}\",:\\\\a0 ]*"]) {
        read(&text);
        read_output(&text);
        has_content(&text);
        shorten(&text, 100);
        without_base64(&text);
        let clean = without_base64_in_text(&text);
        prop_assert_eq!(without_base64_in_text(&clean), clean.as_ref());
    }
}

/// The size of the texts below. A debug build takes ten times as long for a byte.
const HARD_BYTES: usize = if cfg!(debug_assertions) { 150_000 } else { 1_500_000 };
const SHORT_CHARS: u64 = HARD_BYTES as u64 / 6;

/// Texts that are hard in one way each.
fn hard_texts() -> Vec<(&'static str, String)> {
    let fill = |piece: &str| piece.repeat(HARD_BYTES / piece.len());
    let list = |piece: &str| format!("[{}]", fill(&format!("{piece},")).trim_end_matches(','));
    let said = |content: &str| json!([{"role": "user", "content": content}]).to_string();
    vec![
        (
            "a usual chat",
            list(&json!({"role": "assistant", "content": [{"type": "text", "text": "a word ".repeat(200)}, {"type": "tool_use", "id": "c", "name": "f", "input": {"q": "x"}}]}).to_string()),
        ),
        ("one text", said(&fill("a word "))),
        ("escapes", said(&fill("\"\\\n"))),
        ("short messages", list(r#"{"role":"user","content":"x"}"#)),
        ("system messages", list(r#"{"role":"system","content":"x"}"#)),
        ("notices", list(r#"{"role":"posthog","content":"[3 messages removed]"}"#)),
        ("calls without results", list(r#"{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]}"#)),
        ("results without calls", list(r#"{"type":"function_call_output","call_id":"c","output":"x"}"#)),
        (
            "calls, then results",
            format!(
                "[{}{}]",
                fill(r#"{"type":"function_call","call_id":"c","name":"f"},"#),
                fill(r#"{"role":"user","parts":[{"functionResponse":{"name":"f"}}]},"#).trim_end_matches(',')
            ),
        ),
        (
            "calls of one message",
            format!(r#"[{{"role":"assistant","tool_calls":{}}}]"#, list(r#"{"name":"f","args":{}}"#)),
        ),
        ("parts", format!(r#"[{{"role":"user","content":{}}}]"#, list(r#"{"type":"text","text":"x"}"#))),
        ("keys", format!(r#"{{"role":"user",{}"content":"x"}}"#, fill(r#""a":1,"#))),
        ("same keys", format!("{{{}}}", fill(r#""messages":[1],"#).trim_end_matches(','))),
        ("numbers", list("1")),
        ("depth", format!("{}{}", "[".repeat(HARD_BYTES / 2), "]".repeat(HARD_BYTES / 2))),
        ("depth in a chat", format!(r#"[{{"role":"user","content":{}{}}}]"#, "[".repeat(HARD_BYTES / 2), "]".repeat(HARD_BYTES / 2))),
        (
            "results in results",
            format!("{}{}", r#"{"type":"tool_result","content":["#.repeat(40_000), "]}".repeat(40_000)),
        ),
        ("base64", said(&format!("data:image/png;base64,{}", fill("QUJD")))),
        ("many data URIs", said(&fill("data:image/png;base64,QUJDQUJDQUJDQUJD "))),
        ("beginnings of data URIs", said(&fill("data:;base64,"))),
        ("signatures", list(&format!("\"iVBORw0KGgoA{}!\"", "QUJD".repeat(400)))),
    ]
}

#[test]
fn hard_texts_take_linear_time() {
    // Alone, in a release build, a usual chat takes 3 ms and the hardest of these 150 ms. The bound leaves room for a debug build on a
    // busy machine; quadratic time would take minutes.
    let bound_ms = 5_000;
    type Call = fn(&str) -> usize;
    let functions: [(&str, Call); 5] = [
        ("read", |json| read(json).map_or(0, |chat| chat.messages.len())),
        ("has_content", |json| has_content(json).into()),
        ("without_base64", |json| match without_base64(json) {
            Cow::Borrowed(_) => 0,
            Cow::Owned(text) => text.len(),
        }),
        ("without_base64_in_text", |json| without_base64_in_text(json).len()),
        ("shorten", |json| shorten(json, SHORT_CHARS).map_or(0, |short| short.len())),
    ];
    for (name, json) in hard_texts() {
        for (function, call) in functions {
            let start = Instant::now();
            let result = call(&json);
            let taken_ms = start.elapsed().as_millis();
            println!("{name:>26} {function:<24} {taken_ms:>5} ms {result:>9}");
            assert!(taken_ms < bound_ms, "{function} took {taken_ms} ms for {name}");
        }
        assert!(
            shorten(&json, SHORT_CHARS).is_none_or(|short| is_json(&short) && chars(&short) <= SHORT_CHARS),
            "{name}"
        );
    }
}
