use serde_json::{Value, json};

use super::*;
use crate::read::read;

fn said(role: &str, content: &str) -> Value {
    json!({"role": role, "content": content})
}

/// A chat of `turns` questions and answers, each message about 100 characters long.
fn long_chat(turns: usize) -> Vec<Value> {
    let turn = |turn| {
        [said("user", &format!("{turn}?{}", "q".repeat(60))), said("assistant", &format!("{turn}.{}", "a".repeat(60)))]
    };
    [said("system", "be brief")].into_iter().chain((0..turns).flat_map(turn)).collect()
}

fn shortened(chat: &Value, chars_max: u64) -> Value {
    let json = shorten(&chat.to_string(), chars_max).unwrap();
    assert!(chars(&json) <= chars_max, "{} of {chars_max}: {json}", chars(&json));
    serde_json::from_str(&json).unwrap()
}

#[test]
fn the_beginning_and_the_end_stay_and_the_middle_is_counted() {
    let chat = long_chat(50);
    let short = shortened(&json!(chat), 1_000);
    let kept = short.as_array().unwrap();
    assert_eq!(kept[0], chat[0]);
    let end = &kept[2..];
    assert!(end.len() >= 8 && chat.ends_with(end), "{}", end.len());
    assert_eq!(kept[1], said("system", &format!("[{} messages left out]", 100 - end.len())));
    let read = read(&short.to_string()).unwrap();
    assert_eq!((read.messages.len(), read.left_out), (end.len() + 1, 100 - end.len() as u64));
    // What fits stays as it is, white space included.
    for json in [r#" [ {"role":"user", "content":"x"} ] "#, "\"hello\""] {
        assert_eq!(shorten(json, 100).as_deref(), Some(json));
    }
    assert_eq!(shorten(r#"{"q":"Where?"}"#, 5), None);
}

#[test]
fn a_chat_at_its_bound_stays_and_one_over_it_does_not() {
    let chat = json!(long_chat(20));
    let length = chars(&chat.to_string());
    assert_eq!(shortened(&chat, length), chat);
    assert_ne!(shortened(&chat, length - 1), chat);
}

#[test]
fn it_can_be_shortened_again() {
    let once = shortened(&json!(long_chat(50)), 2_000);
    let twice = shortened(&once, 1_000);
    assert_eq!(twice.to_string().matches("left out").count(), 1);
    let read = read(&twice.to_string()).unwrap();
    assert_eq!(read.left_out + read.messages.len() as u64, 101);
    // PostHog's own notice counts, too.
    let mut chat = long_chat(50);
    chat.insert(1, said("posthog", "[7 messages removed due to size limit]"));
    let short = shortened(&json!(chat), 1_000);
    assert!(!short.to_string().contains("posthog"));
    let read = crate::read(&short.to_string()).unwrap();
    assert_eq!(read.left_out + read.messages.len() as u64, 108);
}

#[test]
fn results_stay_with_their_calls() {
    let call = |id: &str| json!({"role": "assistant", "content": "", "tool_calls": [{"id": id, "type": "function", "function": {"name": "f", "arguments": "{}"}}]});
    let result = |id: &str| json!({"role": "tool", "tool_call_id": id, "content": "r".repeat(100)});
    let openai = |turn: usize| vec![call(&format!("c{turn}")), result(&format!("c{turn}"))];
    let parallel = |turn: usize| {
        let ids = [0, 1, 2].map(|number| format!("c{turn}_{number}"));
        let items = |id: &String| json!({"type": "function_call", "call_id": id, "name": "f", "arguments": "{}"});
        let outputs = |id: &String| json!({"type": "function_call_output", "call_id": id, "output": "r".repeat(50)});
        ids.iter().map(items).chain(ids.iter().map(outputs)).collect()
    };
    let gemini = |_: usize| {
        vec![
            json!({"role": "model", "parts": [{"functionCall": {"name": "f", "args": {}}}]}),
            json!({"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {"a": "r".repeat(100)}}}]}),
        ]
    };
    let same_id = |_: usize| vec![call("c"), result("c")];
    for turns in [&openai as &dyn Fn(usize) -> Vec<Value>, &parallel, &gemini, &same_id] {
        let chat: Vec<Value> = (0..40).flat_map(turns).collect();
        for chars_max in (900..3_000).step_by(61) {
            let short = shortened(&json!(chat), chars_max);
            let messages = read(&short.to_string()).unwrap().messages;
            let mut ids = Vec::new();
            for message in &messages {
                ids.extend(message.tool_calls.iter().map(|call| call.id.clone()));
                assert!(
                    message.role != "tool" || message.tool_call_id.as_ref().is_some_and(|id| ids.contains(id)),
                    "{short}"
                );
            }
            assert!(messages.iter().any(|message| message.role == "tool"));
        }
    }
}

#[test]
fn other_keys_beside_the_messages_stay() {
    let chat = json!({"model": "m", "messages": long_chat(50), "temperature": 0.2});
    let short = shortened(&chat, 1_000);
    assert_eq!((&short["model"], &short["temperature"]), (&json!("m"), &json!(0.2)));
    assert!(short["messages"].as_array().unwrap().len() > 5);
    let exact = r#"{"n":1.50,"messages":[*{"role":"user","content":"last\/one"}],"e":1E5}"#;
    let json = exact.replace('*', &r#"{"role":"user","content":"first one"},"#.repeat(100));
    let notice = r#"{"role":"system","content":"[100 messages left out]"},"#;
    assert_eq!(shorten(&json, 140).unwrap(), exact.replace('*', notice));
}

#[test]
fn a_message_that_is_too_long_loses_its_middle() {
    let system = "s".repeat(50);
    for (text, chars_max) in [
        ("word ".repeat(10_000), 2_000),
        ("\"\\\n\u{1}".repeat(5_000), 2_000),
        ("椅子😀é".repeat(5_000), 1_999),
        ("椅".repeat(5_000), 400),
    ] {
        let chat = json!([said("system", &system), said("user", "x"), said("assistant", "y"), said("user", &text)]);
        let short = shortened(&chat, chars_max);
        let content = short[2]["content"].as_str().unwrap();
        let (head, tail) = content.split_once("… [").unwrap();
        let (number, tail) = tail.split_once(" characters left out] …").unwrap();
        assert!(text.starts_with(head) && text.ends_with(tail) && !head.is_empty() && !tail.is_empty());
        assert_eq!(
            number.parse::<usize>().unwrap() + head.chars().count() + tail.chars().count(),
            text.chars().count()
        );
        assert!(chars(&short.to_string()) > chars_max - 60, "more was cut than needed");
        assert_eq!((&short[0], &short[1]), (&said("system", &system), &said("system", "[2 messages left out]")));
        assert_eq!(shortened(&short, chars_max), short);
    }
    // Escaped surrogate pairs are never cut in two.
    let json = format!(r#"[{{"role":"user","content":"{}"}}]"#, r"\ud83d\ude00".repeat(5_000));
    for chars_max in 1_000..1_030 {
        let short = shorten(&json, chars_max).unwrap();
        let read = read(&short).unwrap();
        assert!(chars(&short) <= chars_max && read.messages[0].content.starts_with('😀'), "{short}");
    }
}

#[test]
fn a_chat_of_very_many_small_values_becomes_its_last_words() {
    let numbers: Vec<u32> = (0..10_000).collect();
    let chat = json!([
        said("user", &"x".repeat(500)),
        {"role": "assistant", "content": "I look.", "tool_calls": [{"id": "c", "type": "tool_call", "name": "f", "args": numbers}]},
    ]);
    assert_eq!(shortened(&chat, 1_000), json!([said("assistant", "I look.")]));
    let systems = vec![said("system", "be brief"); 1_000];
    let chat = json!([&systems[..], &[said("user", "x")]].concat());
    let short = shortened(&chat, 500);
    assert_eq!(
        (&short[0], short.as_array().unwrap().last().unwrap()),
        (&said("system", "be brief"), &said("user", "x"))
    );
    let read = read(&short.to_string()).unwrap();
    assert_eq!(read.left_out + read.messages.len() as u64, 1_001);
    assert_eq!(shorten(&json!([said("user", &"x".repeat(500))]).to_string(), 50), None);
}
