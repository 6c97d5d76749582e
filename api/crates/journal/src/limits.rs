//! The most that a value of a line may have, in characters.

/// The longest id and the longest name of a model: PostHog's own limit for a `distinct_id`.
pub const ID_CHARS_MAX: u64 = 200;
/// The longest answer.
pub const OUTPUT_CHARS_MAX: u64 = 262_144;
/// The longest definitions of tools.
pub const TOOLS_CHARS_MAX: u64 = 65_536;
/// The longest text that a person wrote about an answer.
pub const FEEDBACK_CHARS_MAX: u64 = 4_096;

/// The first `chars_max` characters.
pub(crate) fn cut(mut text: String, chars_max: u64) -> String {
    if let Some((end, _)) = text.char_indices().nth(chars_max as usize) {
        text.truncate(end);
    }
    text
}
