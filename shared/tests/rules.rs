//! The rules that travel with the events, on both sides of each bound.

use shared::event::{
    EMAIL_BYTES_MAX, FAILURE_REASON_CHARS_MAX, FeatureUsed, GenerationFailed, INPUT_PROMPT_CHARS_MAX, Identify,
    PersonProperties,
};
use validator::Validate;

fn failed(input_prompt: &str, failure_reason: &str) -> GenerationFailed {
    GenerationFailed { input_prompt: input_prompt.into(), failure_reason: failure_reason.into() }
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
fn characters_are_counted_not_bytes() {
    let longest = FAILURE_REASON_CHARS_MAX as usize;
    assert!(failed("x", &"🪑".repeat(longest)).validate().is_ok());
    assert!(failed("x", &"🪑".repeat(longest + 1)).validate().is_err());
    assert!(failed(&"🪑".repeat(INPUT_PROMPT_CHARS_MAX as usize), "").validate().is_ok());
}

#[test]
fn the_messages_name_the_bounds() {
    let errors = failed("", &"x".repeat(2_000)).validate().unwrap_err().to_string();
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
