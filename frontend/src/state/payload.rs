//! The capture request as the page sends it, and as a curl command.

use shared::page_config::PageConfig;

/// The body of `POST /batch/`, a [`shared::capture::CaptureRequest`], from events that are JSON already.
pub fn body(config: &PageConfig, batch: &[String], sent_at: &str) -> String {
    // The key is any text, so it may hold a quote; a time cannot.
    let api_key = serde_json::to_string(config.posthog_key.as_str()).unwrap_or_default();
    format!(r#"{{"api_key":{api_key},"batch":[{}],"sent_at":"{sent_at}"}}"#, batch.join(","))
}

/// Where a batch goes.
pub fn url(config: &PageConfig) -> String {
    format!("{}/batch/", config.posthog_host.as_str())
}

/// The same request as a command for a shell.
pub fn curl(config: &PageConfig, body: &str) -> String {
    // Inside single quotes only the single quote itself is special to a shell.
    let body = body.replace('\'', r"'\''");
    format!("curl -H 'Content-Type: application/json' -d '{body}' '{}'", url(config).replace('\'', "%27"))
}

#[cfg(test)]
mod tests {
    use shared::{
        capture::{CaptureEvent, CaptureRequest},
        event::{Event, FeatureUsed, GenerationFailed},
    };
    use uuid::Uuid;

    use super::*;
    use crate::state::{config::checked, entry::Entry};

    fn config(key: &str) -> PageConfig {
        checked(Some("http://h".into()), Some(key.into()), None).unwrap()
    }

    fn event(number: u128, event: Event) -> CaptureEvent {
        CaptureEvent { uuid: Uuid::from_u128(number), distinct_id: "p".into(), timestamp: "t".into(), event }
    }

    fn failed(prompt: &str) -> CaptureEvent {
        let input_prompt = prompt.into();
        event(1, Event::GenerationFailed(GenerationFailed { input_prompt, failure_reason: String::new() }))
    }

    #[test]
    fn the_body_is_the_shared_request_to_the_byte() {
        let used = event(2, Event::FeatureUsed(FeatureUsed { total_usage_count: 1 }));
        let batch = vec![failed("\"quoted\" \u{1F5BC}\n"), used];
        let json: Vec<String> = batch.iter().map(|event| Entry::new(event, 0).json).collect();
        let request = CaptureRequest { api_key: "phc_\"k".into(), batch, sent_at: "s".into() };
        assert_eq!(body(&config("phc_\"k"), &json, "s"), serde_json::to_string(&request).unwrap());
    }

    #[test]
    fn a_quote_in_the_prompt_does_not_end_the_shells() {
        let body = body(&config("phc_k"), &[Entry::new(&failed("it's $(rm)"), 0).json], "s");
        assert_eq!(
            curl(&config("phc_k"), &body),
            "curl -H 'Content-Type: application/json' -d '{\"api_key\":\"phc_k\",\"batch\":[{\"uuid\":\
             \"00000000-0000-0000-0000-000000000001\",\"distinct_id\":\"p\",\"timestamp\":\"t\",\"event\":\
             \"generation_failed\",\"properties\":{\"input_prompt\":\"it'\\''s $(rm)\",\"failure_reason\":\"\"}}],\
             \"sent_at\":\"s\"}' 'http://h/batch/'"
        );
    }
}
