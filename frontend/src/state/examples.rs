//! Failures to choose from. Like real prompts, theirs hold what a dataset must not: addresses, numbers, keys. All are invented, from
//! ranges that are reserved for examples where such ranges exist.

use shared::event::{AiGeneration, AiMessage};

/// A failure that fills the form.
#[derive(Debug, PartialEq)]
pub struct Example {
    /// What the button says.
    pub name: &'static str,
    /// Becomes `input_prompt`, or the chat in `$ai_input`.
    pub prompt: &'static str,
    /// Becomes `failure_reason` or `$ai_error`.
    pub reason: &'static str,
    /// Becomes `$ai_http_status`; 0 when the provider did not answer.
    pub http_status: u16,
    /// Becomes `$ai_latency`, in seconds.
    pub latency: f64,
}

impl Example {
    /// The failure as PostHog's Python SDK reports it, without a trace.
    pub fn call(&self) -> AiGeneration {
        AiGeneration {
            trace_id: None,
            provider: "openai".into(),
            model: "gpt-5-mini".into(),
            input: vec![AiMessage { role: "user".into(), content: self.prompt.into() }],
            output_choices: Vec::new(),
            is_error: true,
            error: self.reason.into(),
            http_status: self.http_status,
            latency: self.latency,
            lib: "posthog-ai".into(),
        }
    }
}

/// The examples; the first one is in the form when the page opens.
pub const EXAMPLES: [Example; 4] = [
    Example {
        name: "Timeout",
        prompt: "Write a friendly launch e-mail for our new plan, under 120 words, and sign it as \
                 jane.doe@example.com so that customers can reply to her.",
        reason: "timeout: no answer from the model within 30 s",
        http_status: 0,
        latency: 30.0,
    },
    Example {
        name: "Rate limit",
        prompt: "Summarise this ticket in two sentences: \"My order never came. Call me on +1 202-555-0143 or write to \
                 omar@example.org.\"",
        reason: "rate limit: the provider answered 429, try again in 20 s",
        http_status: 429,
        latency: 0.4,
    },
    Example {
        name: "Content filter",
        prompt: "Draft a reply to this complaint: \"You charged my card 4111 1111 1111 1111 twice, and I am furious.\"",
        reason: "content filter: the answer was withheld",
        http_status: 400,
        latency: 1.2,
    },
    Example {
        name: "Malformed output",
        prompt: "Turn this log line into JSON: GET /v1/me from 10.24.7.31 with Authorization: Bearer \
                 sk-EXAMPLE0000notarealkey0000EXAMPLE",
        reason: "malformed output: expected JSON, found prose in line 1",
        http_status: 200,
        latency: 2.6,
    },
];

#[cfg(test)]
mod tests {
    use shared::event::GenerationFailed;
    use validator::Validate;

    use super::*;

    #[test]
    fn every_example_could_be_sent_as_it_is() {
        for example in EXAMPLES {
            let Example { name, prompt, reason, .. } = example;
            let failed = GenerationFailed { input_prompt: prompt.into(), failure_reason: reason.into() };
            assert!(failed.validate().is_ok() && !reason.is_empty(), "{name}");
            assert!(example.call().validate().is_ok(), "{name}");
            assert!(!prompt.contains("  "), "{name} has a gap where its source line breaks");
        }
    }
}
