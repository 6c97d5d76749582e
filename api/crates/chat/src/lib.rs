//! The chats that AI SDKs send, in one shape.
//!
//! PostHog's SDKs pass a generation's messages on as the provider shaped them: OpenAI, Anthropic, Gemini, Vercel, LangChain and
//! OpenTelemetry each write roles, texts, tool calls and images differently. Training and evaluation want one shape, that of OpenAI's
//! chat messages. All functions here take JSON text, because that is how a prompt is stored:
//!
//! 1. [`read()`] and [`read_output()`] turn any of those shapes into a [`Chat`], or return `None` for JSON that is no chat;
//! 2. [`has_content()`] tells whether there is anything to train on;
//! 3. [`without_base64()`] replaces images and files by markers like `[image image/png, 48 kB]`,
//!    which [`holds_marker()`] finds again;
//! 4. [`shorten()`] leaves out whole messages in the middle of a chat that is too long, so that it stays a chat;
//! 5. [`read_tools()`] turns the definitions of tools into OpenAI's shape;
//! 6. [`canonical()`] gives equal JSON one spelling, to compare it by, and [`media_sources()`] tells the images apart that it shows as
//!    markers.
//!
//! The input may be hostile. Every function takes linear time, follows only as many levels of nesting as a chat has, and never
//! panics. [`without_base64()`] and [`shorten()`] edit the text instead of printing a parsed value, so that whatever they keep stays
//! the same byte for byte: the digits of a number, the order of keys, escapes.
//!
//! The modules, in the order of the flow: `raw` (one level of JSON at a time), `scan` (the tokens of a JSON text), `media` and
//! `notice` (the markers), `read`, `content`, `base64`, `shorten`, `tools`,
//! `canonical`, `sources`. The crate knows no HTTP, no files and no async runtime.

mod raw;
mod scan;

mod media;
mod message;
mod notice;

mod base64;
mod content;
mod read;
mod shorten;

mod canonical;
mod sources;
mod tools;

pub use self::{
    base64::{without_base64, without_base64_in_text},
    canonical::canonical,
    content::{has_content, has_content_read, is_refusal},
    media::holds_marker,
    message::{Chat, Message, ToolCall},
    read::{read, read_output},
    shorten::shorten,
    sources::media_sources,
    tools::{Tool, read_tools},
};
