//! The capture request as PostHog sees it, to the byte: the page sends this, and posthog-local reads it.

use shared::{
    capture::{CaptureEvent, CaptureRequest},
    event::{AiGeneration, AiMessage, Event, FeatureUsed, GenerationFailed, Identify, PersonProperties},
};
use uuid::Uuid;

const REQUEST: &str = concat!(
    r#"{"api_key":"phc_local","batch":["#,
    r#"{"uuid":"019abcde-0000-7000-8000-000000000001","distinct_id":"019abcde-1111-7000-8000-000000000000","#,
    r#""timestamp":"2026-11-23T10:00:00.000Z","event":"$identify","properties":{"$set":{"email":"jane@example.com"}}},"#,
    r#"{"uuid":"019abcde-0000-7000-8000-000000000002","distinct_id":"019abcde-1111-7000-8000-000000000000","#,
    r#""timestamp":"2026-11-23T10:00:00.001Z","event":"feature_used","properties":{"total_usage_count":5}},"#,
    r#"{"uuid":"019abcde-0000-7000-8000-000000000003","distinct_id":"019abcde-1111-7000-8000-000000000000","#,
    r#""timestamp":"2026-11-23T10:00:00.002Z","event":"generation_failed","#,
    r#""properties":{"input_prompt":"a \"wooden\" chair\n🪑","failure_reason":"timeout"}},"#,
    r#"{"uuid":"019abcde-0000-7000-8000-000000000004","distinct_id":"019abcde-1111-7000-8000-000000000000","#,
    r#""timestamp":"2026-11-23T10:00:00.003Z","event":"$ai_generation","#,
    r#""properties":{"$ai_trace_id":"trace-7","$ai_provider":"openai","$ai_model":"gpt-5-mini","#,
    r#""$ai_input":[{"role":"user","content":"a chair"}],"$ai_output_choices":[],"$ai_is_error":true,"#,
    r#""$ai_error":"timeout","$ai_http_status":0,"$ai_latency":1.84,"$ai_lib":"posthog-ai"}}"#,
    r#"],"sent_at":"2026-11-23T10:00:01.000Z"}"#,
);

fn request() -> CaptureRequest {
    let event = |number: u128, event| CaptureEvent {
        uuid: Uuid::from_u128(0x019abcde_0000_7000_8000_000000000000 + number),
        distinct_id: "019abcde-1111-7000-8000-000000000000".into(),
        timestamp: format!("2026-11-23T10:00:00.00{}Z", number - 1),
        event,
    };
    CaptureRequest {
        api_key: "phc_local".into(),
        batch: vec![
            event(1, Event::Identify(Identify { set: PersonProperties { email: "jane@example.com".into() } })),
            event(2, Event::FeatureUsed(FeatureUsed { total_usage_count: 5 })),
            event(
                3,
                Event::GenerationFailed(GenerationFailed {
                    input_prompt: "a \"wooden\" chair\n🪑".into(),
                    failure_reason: "timeout".into(),
                }),
            ),
            event(
                4,
                Event::AiGeneration(AiGeneration {
                    trace_id: Some("trace-7".into()),
                    provider: "openai".into(),
                    model: "gpt-5-mini".into(),
                    input: vec![AiMessage { role: "user".into(), content: "a chair".into() }],
                    output_choices: Vec::new(),
                    is_error: true,
                    error: "timeout".into(),
                    http_status: 0,
                    latency: 1.84,
                    lib: "posthog-ai".into(),
                }),
            ),
        ],
        sent_at: "2026-11-23T10:00:01.000Z".into(),
    }
}

#[test]
fn a_request_is_written_exactly_so() {
    assert_eq!(serde_json::to_string(&request()).unwrap(), REQUEST);
}

#[test]
fn what_was_written_is_read_again() {
    assert_eq!(serde_json::from_str::<CaptureRequest>(REQUEST).unwrap(), request());
}

#[test]
fn an_event_is_called_what_it_is_written_as() {
    for CaptureEvent { event, .. } in request().batch {
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!(json["event"], event.name());
    }
}
