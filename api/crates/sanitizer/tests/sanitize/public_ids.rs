//! Names of models and ids of requests stay in messages about keys: they are what a failure is about.

use crate::{found, random};

const MODELS: [&str; 20] = [
    "gpt-4o-2024-08-06",
    "gpt-4.1-mini-2025-04-14",
    "o3-mini-2025-01-31",
    "ft:gpt-4o-mini-2024-07-18:acme::AbC12dEf",
    "text-embedding-3-large",
    "claude-3-5-sonnet-20241022",
    "claude-sonnet-4-20250514",
    "anthropic.claude-3-haiku-20240307-v1:0",
    "gemini-2.5-flash-preview-05-20",
    "models/gemini-1.5-pro-002",
    "google/gemma-3-27b-it",
    "meta-llama/Llama-3.3-70B-Instruct",
    "meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo",
    "accounts/fireworks/models/llama-v3p1-70b-instruct",
    "mistral-large-2411",
    "mistralai/Mixtral-8x7B-Instruct-v0.1",
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B",
    "Qwen/Qwen2.5-Coder-32B-Instruct",
    "my-gpt4o-prod-eastus2",
    "gpt-35-turbo-16k-deployment01",
];

/// A prefix, and how many letters and digits follow it.
const IDS: [(&str, usize); 12] = [
    ("chatcmpl-", 28),
    ("req_", 24),
    ("proj_", 24),
    ("org-", 24),
    ("msg_", 26),
    ("resp_", 48),
    ("run_", 24),
    ("asst_", 24),
    ("file-", 20),
    ("thread_", 24),
    ("batch_", 24),
    ("toolu_", 24),
];

const ARN: &str = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0";

const MESSAGES: [&str; 20] = [
    "Error code: 401 - Incorrect API key provided for X. You can find your API key on your dashboard.",
    "403 Forbidden: your API key does not have access to X",
    "The access token is not allowed to use X (invalid_request_error)",
    "You must provide an API key to use X",
    "Invalid API key. X",
    "authentication_error: invalid x-api-key, X",
    "Your authentication token does not grant access to X",
    "token for X is not found",
    "API key for X: not set",
    "PermissionDenied: these credentials cannot access X",
    "the secret of the deployment X is missing",
    "401 Unauthorized key=X",
    "{\"error\": {\"message\": \"Invalid token\", \"key\": \"X\"}}",
    "AuthenticationError: token limit of X exceeded",
    "The API key X is invalid",
    "Rate limit reached for X in organization, key limit 3",
    "Access denied to X: check your access key",
    "the login failed for X",
    "openai.PermissionDeniedError: Error code: 403 - {'error': {'message': 'Project `X` does not have access, api key invalid'}}",
    "Could not resolve authentication method for X. Expected either api_key or auth_token to be set",
];

fn stays(id: &str) {
    for message in MESSAGES {
        let text = message.replace('X', id);
        assert_eq!(found(&text), [], "in {text:?}");
    }
}

#[test]
fn names_of_models_stay() {
    MODELS.into_iter().for_each(stays);
}

#[test]
fn ids_of_requests_and_objects_stay() {
    IDS.into_iter().for_each(|(prefix, length)| stays(&format!("{prefix}{}", random(length))));
    stays("chatcmpl-123e4567-e89b-12d3-a456-426614174000");
    stays(ARN);
}

#[test]
fn a_uuid_is_a_key_only_right_after_the_word() {
    let uuid = "0f8b7c6d-5e4f-4a3b-9c2d-1e0f9a8b7c6d";
    for message in
        ["your API key has no access, request UUID", "token limit exceeded for request UUID", "key of tenant UUID"]
    {
        assert_eq!(found(&message.replace("UUID", uuid)), [], "in {message:?}");
    }
    for message in ["x-api-key: UUID", "HEROKU_API_KEY=UUID", "the access key UUID"] {
        assert_eq!(found(&message.replace("UUID", uuid)), [("SECRET", uuid)], "in {message:?}");
    }
}

#[test]
fn keys_beside_such_words_are_found() {
    for key in [random(32), format!("gpt-{}", random(24)), format!("run_{}_secret_{}", random(12), random(12))] {
        let text = format!("Incorrect API key provided: {key}");
        assert_eq!(found(&text), [("SECRET", key.as_str())], "in {text:?}");
    }
}
