//! Failures to choose from. Like real prompts, theirs hold what a dataset must not: addresses, numbers, keys. All are invented, from
//! ranges that are reserved for examples where such ranges exist.

/// A failure that fills the form.
#[derive(Debug, PartialEq, Eq)]
pub struct Example {
    /// What the button says.
    pub name: &'static str,
    /// Becomes `input_prompt`.
    pub prompt: &'static str,
    /// Becomes `failure_reason`.
    pub reason: &'static str,
}

/// The examples; the first one is in the form when the page opens.
pub const EXAMPLES: [Example; 4] = [
    Example {
        name: "Timeout",
        prompt: "Write a friendly launch e-mail for our new plan, under 120 words, and sign it as \
                 jane.doe@example.com so that customers can reply to her.",
        reason: "timeout: no answer from the model within 30 s",
    },
    Example {
        name: "Rate limit",
        prompt: "Summarise this ticket in two sentences: \"My order never came. Call me on +1 202-555-0143 or write to \
                 omar@example.org.\"",
        reason: "rate limit: the provider answered 429, try again in 20 s",
    },
    Example {
        name: "Content filter",
        prompt: "Draft a reply to this complaint: \"You charged my card 4111 1111 1111 1111 twice, and I am furious.\"",
        reason: "content filter: the answer was withheld",
    },
    Example {
        name: "Malformed output",
        prompt: "Turn this log line into JSON: GET /v1/me from 10.24.7.31 with Authorization: Bearer \
                 sk-EXAMPLE0000notarealkey0000EXAMPLE",
        reason: "malformed output: expected JSON, found prose in line 1",
    },
];

#[cfg(test)]
mod tests {
    use shared::event::GenerationFailed;
    use validator::Validate;

    use super::*;

    #[test]
    fn every_example_could_be_sent_as_it_is() {
        for Example { name, prompt, reason } in EXAMPLES {
            let failed = GenerationFailed { input_prompt: prompt.into(), failure_reason: reason.into() };
            assert!(failed.validate().is_ok() && !reason.is_empty(), "{name}");
            assert!(!prompt.contains("  "), "{name} has a gap where its source line breaks");
        }
    }
}
