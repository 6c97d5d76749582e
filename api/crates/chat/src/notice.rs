//! What stands in a chat in place of messages that were left out, because it was too long.

/// The message that [`shorten()`](crate::shorten()) writes, as JSON. Its role is `system`, which every reader of chats takes.
pub(crate) fn notice(messages: u64) -> String {
    let plural = if messages == 1 { "" } else { "s" };
    format!(r#"{{"role":"system","content":"[{messages} message{plural} left out]"}}"#)
}

/// How many messages a message of the role `system` stands for; `None` when it is none of those notices.
pub(crate) fn left_out_by_us(content: &str) -> Option<u64> {
    let inner = content.strip_prefix('[')?.strip_suffix(" left out]")?;
    let number = inner.strip_suffix(" messages").or_else(|| inner.strip_suffix(" message"))?;
    number.parse().ok()
}

/// How many messages PostHog's Vercel SDK has left out: the number in `[3 messages removed due to size limit]`, which stands in a
/// message of the role `posthog` (posthog-js, packages/ai/src/utils.ts). 1 when the text has no number.
pub(crate) fn left_out_by_posthog(content: &str) -> u64 {
    let number = content.trim_start_matches('[').split(' ').next().unwrap_or_default();
    number.parse().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_read_back() {
        for number in [1, 12, 100_000] {
            let message: serde_json::Value = serde_json::from_str(&notice(number)).unwrap();
            assert_eq!(left_out_by_us(message["content"].as_str().unwrap()), Some(number));
        }
        for other in [
            "[two messages left out]",
            "12 messages left out",
            "[12 messages left out] and more",
            "[-1 messages left out]",
        ] {
            assert_eq!(left_out_by_us(other), None, "{other}");
        }
        assert_eq!(left_out_by_posthog("[7 messages removed due to size limit]"), 7);
        assert_eq!(left_out_by_posthog("cut"), 1);
    }
}
