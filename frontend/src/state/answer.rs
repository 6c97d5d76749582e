//! PostHog's answer to a batch (its statuses and texts: `rust/capture/src/api.rs`).

use super::excerpt::excerpt;

/// The longest part of a refusal that is kept, in characters; PostHog's own are one line.
const WORDS_CHARS_MAX: usize = 300;

/// What to do with a batch after a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// PostHog has it.
    Accepted,
    /// PostHog will never take it; its message.
    Refused(String),
    /// Try again later; the reason.
    Later(String),
}

impl Answer {
    /// Only 200 is success. PostHog's 4xx are final except 408 and 429, which ask for a retry. Anything else (a 5xx, or a 204 from
    /// something that is not PostHog) may be temporary.
    pub fn from_response(status: u16, body: &str) -> Self {
        match status {
            200 => Self::Accepted,
            408 | 429 => Self::Later(words(status, body)),
            400..=499 => Self::Refused(words(status, body)),
            _ => Self::Later(words(status, body)),
        }
    }
}

/// PostHog's errors are plain text. HTML comes from something else, so it is not shown.
fn words(status: u16, body: &str) -> String {
    let body = body.trim();
    if body.is_empty() {
        format!("answered {status} without a word")
    } else if body.starts_with('<') {
        format!("answered {status} with a web page: is posthog_host really PostHog?")
    } else {
        format!("{} ({status})", excerpt(body, WORDS_CHARS_MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_200_is_success() {
        assert_eq!(Answer::from_response(200, r#"{"status":"Ok"}"#), Answer::Accepted);
        for status in [201, 204, 301, 500, 503, 599] {
            assert!(matches!(Answer::from_response(status, ""), Answer::Later(_)), "{status}");
        }
    }

    #[test]
    fn a_4xx_is_final_unless_it_says_again() {
        for status in [400, 401, 404, 413, 499] {
            assert!(matches!(Answer::from_response(status, "no"), Answer::Refused(_)), "{status}");
        }
        for status in [408, 429] {
            assert!(matches!(Answer::from_response(status, "no"), Answer::Later(_)), "{status}");
        }
    }

    #[test]
    fn a_refusal_keeps_posthogs_words_but_no_web_page_and_no_novel() {
        assert_eq!(
            Answer::from_response(401, "API key is not valid: personal_api_key\n"),
            Answer::Refused("API key is not valid: personal_api_key (401)".into())
        );
        let Answer::Refused(page) = Answer::from_response(404, "<!doctype html>") else { panic!() };
        assert!(page.contains("web page") && !page.contains('<'));
        let Answer::Refused(long) = Answer::from_response(400, &"é".repeat(301)) else { panic!() };
        assert_eq!(long.chars().filter(|c| *c == 'é').count(), 300);
        assert!(long.contains('…'));
    }
}
