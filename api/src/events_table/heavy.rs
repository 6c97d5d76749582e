//! What PostHog Cloud keeps apart.

/// The properties that PostHog Cloud keeps apart, and their columns in `posthog.ai_events`. The copy of an event that a webhook carries
/// has lost them, whatever their value (`nodejs/src/ingestion/…/split-ai-events-step.ts`).
pub(super) const HEAVY: [(&str, &str); 6] = [
    ("$ai_input", "input"),
    ("$ai_output", "output"),
    ("$ai_output_choices", "output_choices"),
    ("$ai_input_state", "input_state"),
    ("$ai_output_state", "output_state"),
    ("$ai_tools", "tools"),
];
