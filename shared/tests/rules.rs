//! The rules that travel with the events, on both sides of each bound.

use shared::event::{
    AiGeneration, AiMessage, EMAIL_BYTES_MAX, FAILURE_REASON_CHARS_MAX, FeatureUsed, GenerationFailed,
    INPUT_PROMPT_CHARS_MAX, Identify, PersonProperties,
};
use validator::Validate;

fn failed(input_prompt: &str, failure_reason: &str) -> GenerationFailed {
    GenerationFailed { input_prompt: input_prompt.into(), failure_reason: failure_reason.into() }
}

fn generation(input: &[(&str, &str)], error: &str) -> AiGeneration {
    let message = |&(role, content): &(&str, &str)| AiMessage { role: role.into(), content: content.into() };
    AiGeneration {
        trace_id: None,
        provider: "openai".into(),
        model: "gpt-5-mini".into(),
        input: input.iter().map(message).collect(),
        output_choices: Vec::new(),
        is_error: true,
        error: error.into(),
        http_status: 429,
        latency: 0.5,
        lib: "posthog-ai".into(),
    }
}

fn identify(email: &str) -> Identify {
    Identify { set: PersonProperties { email: email.into() } }
}

#[test]
fn a_count_begins_at_one() {
    assert!(FeatureUsed { total_usage_count: 0 }.validate().is_err());
    assert!(FeatureUsed { total_usage_count: 1 }.validate().is_ok());
    assert!(FeatureUsed { total_usage_count: u32::MAX }.validate().is_ok());
}

#[test]
fn a_prompt_has_one_character_to_its_bound() {
    let longest = INPUT_PROMPT_CHARS_MAX as usize;
    assert!(failed("", "").validate().is_err());
    assert!(failed("x", "").validate().is_ok());
    assert!(failed(&"x".repeat(longest), "").validate().is_ok());
    assert!(failed(&"x".repeat(longest + 1), "").validate().is_err());
}

#[test]
fn a_prompt_of_white_space_and_control_characters_is_blank() {
    for blank in ["", " ", "\n\t \r\n", "\u{a0}", "\u{3000}\u{2028}", "\u{0}", " \u{7f}\u{85} "] {
        let errors = failed(blank, "timeout").validate().unwrap_err().to_string();
        assert!(errors.contains("must not be blank"), "{blank:?}: {errors}");
        let errors = generation(&[("user", blank)], "timeout").validate().unwrap_err().to_string();
        assert!(errors.contains("must not be blank"), "{blank:?}: {errors}");
    }
    for text in [".", " x ", "0", "\u{0}x", "🪑", "{}"] {
        assert!(failed(text, "").validate().is_ok(), "{text:?}");
        assert!(generation(&[("user", text)], "").validate().is_ok(), "{text:?}");
    }
}

#[test]
fn the_prompt_of_a_chat_is_what_the_person_said_last() {
    let chat = [("system", "be brief"), ("user", "a chair"), ("assistant", "which?"), ("user", "wooden")];
    for (length, prompt, replaced) in [
        (0, "", vec![("user", "new")]),
        (1, "be brief", vec![("system", "new")]),
        (3, "a chair", vec![("system", "be brief"), ("user", "new"), ("assistant", "which?")]),
        (4, "wooden", vec![chat[0], chat[1], chat[2], ("user", "new")]),
    ] {
        let mut asked = generation(&chat[..length], "");
        assert_eq!(asked.prompt(), prompt);
        assert_eq!(asked.validate().is_ok(), length > 0, "{length}");
        asked.set_prompt("new".into());
        assert_eq!(asked, generation(&replaced, ""));
    }
    assert!(generation(&[("system", "be brief"), ("user", " ")], "").validate().is_err());
    assert!(generation(&[("user", "a chair"), ("assistant", "")], "").validate().is_ok());
}

#[test]
fn a_generation_has_the_bounds_of_a_failure() {
    let (prompt, reason) = (INPUT_PROMPT_CHARS_MAX as usize, FAILURE_REASON_CHARS_MAX as usize);
    assert!(generation(&[("user", &"🪑".repeat(prompt))], &"🪑".repeat(reason)).validate().is_ok());
    let longer = generation(&[("user", &"x".repeat(prompt + 1))], &"x".repeat(reason + 1));
    let errors = longer.validate().unwrap_err().to_string();
    assert!(errors.contains(&INPUT_PROMPT_CHARS_MAX.to_string()), "{errors}");
    assert!(errors.contains(&FAILURE_REASON_CHARS_MAX.to_string()), "{errors}");
}

#[test]
fn characters_are_counted_not_bytes() {
    let longest = FAILURE_REASON_CHARS_MAX as usize;
    assert!(failed("x", &"🪑".repeat(longest)).validate().is_ok());
    assert!(failed("x", &"🪑".repeat(longest + 1)).validate().is_err());
    assert!(failed(&"🪑".repeat(INPUT_PROMPT_CHARS_MAX as usize), "").validate().is_ok());
}

#[test]
fn the_messages_name_the_bounds() {
    let longer = "x".repeat(INPUT_PROMPT_CHARS_MAX as usize + 1);
    let errors = failed(&longer, &longer).validate().unwrap_err().to_string();
    assert!(errors.contains(&INPUT_PROMPT_CHARS_MAX.to_string()), "{errors}");
    assert!(errors.contains(&FAILURE_REASON_CHARS_MAX.to_string()), "{errors}");
}

#[test]
fn an_address_is_shaped_like_one() {
    for email in ["jane@example.com", "j@e.co", "jane.doe+tag@mail.example.co.uk", "o'hara@example.org", "jö@пример.рф"]
    {
        assert!(identify(email).validate().is_ok(), "{email}");
    }
    for email in [
        "",
        "jane",
        "@example.com",
        "jane@",
        "jane@example",
        "jane@@example.com",
        "jane@example..com",
        "jane@.com",
        "jane@example.com.",
        "jane doe@example.com",
        "jane@exam ple.com",
        "jane@example.com\n",
        "<jane@example.com>",
        "jane@example.com,omar@example.com",
        "\"jane\"@example.com",
    ] {
        assert!(identify(email).validate().is_err(), "{email:?}");
    }
}

#[test]
fn an_address_has_at_most_254_bytes() {
    let of_length = |bytes: usize| format!("{}@example.com", "x".repeat(bytes - "@example.com".len()));
    assert!(identify(&of_length(EMAIL_BYTES_MAX as usize)).validate().is_ok());
    assert!(identify(&of_length(EMAIL_BYTES_MAX as usize + 1)).validate().is_err());
}
