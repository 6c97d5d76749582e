//! Filters of texts (`src/filters/string.ts`, `html.ts`, `misc.ts`).

use serde_json::Value as Json;

use super::arguments::{Arguments, Handler};
use crate::{js, liquid::value::stringify};

pub(super) const FILTERS: &[(&str, Handler)] = &[
    ("append", |value, arguments| Ok((stringify(value) + &arguments.text(0)).into())),
    ("prepend", |value, arguments| Ok((arguments.text(0) + &stringify(value)).into())),
    ("upcase", |value, _| Ok(stringify(value).to_uppercase().into())),
    ("downcase", |value, _| Ok(stringify(value).to_lowercase().into())),
    ("capitalize", |value, _| {
        let text = stringify(value);
        let mut chars = text.chars();
        let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
        Ok((first + &chars.as_str().to_lowercase()).into())
    }),
    ("strip", |value, arguments| Ok(stripped(value, arguments, true, true).into())),
    ("lstrip", |value, arguments| Ok(stripped(value, arguments, true, false).into())),
    ("rstrip", |value, arguments| Ok(stripped(value, arguments, false, true).into())),
    ("strip_newlines", |value, _| Ok(stringify(value).replace("\r\n", "\n").replace('\n', "").into())),
    ("squish", |value, _| Ok(squeezed(&stringify(value)).trim().into())),
    ("normalize_whitespace", |value, _| Ok(squeezed(&stringify(value)).into())),
    ("remove", |value, arguments| Ok(replaced(value, &arguments.text(0), "").into())),
    ("remove_first", |value, arguments| Ok(stringify(value).replacen(&arguments.text(0), "", 1).into())),
    ("remove_last", |value, arguments| Ok(replaced_last(value, &arguments.text(0), "").into())),
    ("replace", |value, arguments| Ok(replaced(value, &arguments.text(0), &arguments.text(1)).into())),
    ("replace_first", |value, arguments| {
        Ok(stringify(value).replacen(&arguments.text(0), &arguments.text(1), 1).into())
    }),
    ("replace_last", |value, arguments| Ok(replaced_last(value, &arguments.text(0), &arguments.text(1)).into())),
    ("split", |value, arguments| Ok(split(&stringify(value), &arguments.text(0)))),
    ("truncate", |value, arguments| Ok(truncated(value, arguments))),
    ("truncatewords", |value, arguments| {
        let text = stringify(value);
        let words: Vec<_> = text.trim_start().split(char::is_whitespace).filter(|word| !word.is_empty()).collect();
        let most = arguments.number(0).unwrap_or(15.0).max(1.0) as usize;
        let end = if words.len() >= most { arguments.text_or(1, "...") } else { String::new() };
        Ok((words[..most.min(words.len())].join(" ") + &end).into())
    }),
    ("number_of_words", |value, _| Ok(stringify(value).split_whitespace().count().into())),
    ("escape", |value, _| Ok(escape(&stringify(value)).into())),
    ("xml_escape", |value, _| Ok(escape(&stringify(value)).into())),
    ("escape_once", |value, _| Ok(escape(&unescaped(&stringify(value))).into())),
    ("newline_to_br", |value, _| Ok(stringify(value).replace("\r\n", "\n").replace('\n', "<br />\n").into())),
    ("strip_html", |value, _| Ok(without_html(&stringify(value)).into())),
    ("default", |value, arguments| {
        let allows_false = arguments.named("allow_false").is_some_and(|flag| *flag == Json::Bool(true));
        let is_missing = match value {
            Json::Array(values) => values.is_empty(),
            Json::String(text) => text.is_empty(),
            Json::Bool(false) => !allows_false,
            other => other.is_null(),
        };
        Ok(if is_missing { arguments.get(0).unwrap_or_default() } else { value.clone() })
    }),
];

const ESCAPES: [(char, &str); 5] = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&#34;"), ('\'', "&#39;")];

/// Escapes a text for HTML, as PostHog's `outputEscape: 'escape'` does with every output.
pub(in crate::liquid) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match ESCAPES.iter().find(|(known, _)| *known == c) {
            Some((_, entity)) => escaped.push_str(entity),
            None => escaped.push(c),
        }
    }
    escaped
}

fn unescaped(text: &str) -> String {
    // The ampersand is last, so that nothing is unescaped twice.
    ESCAPES.iter().rev().fold(text.to_owned(), |text, (c, entity)| text.replace(entity, &c.to_string()))
}

/// `JSON.stringify`, with the first argument as the indentation.
pub(super) fn json(value: &Json, arguments: &Arguments<'_>) -> String {
    match arguments.number(0).filter(|spaces| *spaces >= 1.0) {
        Some(spaces) => js::json_indented(value, spaces as usize),
        None => js::json(value),
    }
}

fn stripped(value: &Json, arguments: &Arguments<'_>, from_start: bool, from_end: bool) -> String {
    let text = stringify(value);
    let set = arguments.text(0);
    let is_cut = |c: char| if set.is_empty() { c.is_whitespace() || c == '\u{feff}' } else { set.contains(c) };
    let text = if from_start { text.trim_start_matches(is_cut) } else { &text };
    (if from_end { text.trim_end_matches(is_cut) } else { text }).to_owned()
}

fn squeezed(text: &str) -> String {
    let mut squeezed = String::new();
    for c in text.chars() {
        match c.is_whitespace() {
            true if squeezed.ends_with(' ') => {}
            true => squeezed.push(' '),
            false => squeezed.push(c),
        }
    }
    squeezed
}

/// `split(from).join(to)`, which with an empty `from` stands between all characters.
fn replaced(value: &Json, from: &str, to: &str) -> String {
    let text = stringify(value);
    if !from.is_empty() {
        return text.replace(from, to);
    }
    text.chars().map(String::from).collect::<Vec<_>>().join(to)
}

fn replaced_last(value: &Json, from: &str, to: &str) -> String {
    let text = stringify(value);
    match text.rfind(from) {
        Some(at) => format!("{}{to}{}", &text[..at], &text[at + from.len()..]),
        None => text,
    }
}

fn split(text: &str, by: &str) -> Json {
    let mut parts: Vec<String> = match by {
        "" => text.chars().map(String::from).collect(),
        by => text.split(by).map(str::to_owned).collect(),
    };
    while parts.last().is_some_and(String::is_empty) {
        parts.pop();
    }
    parts.into()
}

fn truncated(value: &Json, arguments: &Arguments<'_>) -> Json {
    let text = stringify(value);
    let (most, end) = (arguments.number(0).unwrap_or(50.0).max(0.0) as usize, arguments.text_or(1, "..."));
    if text.chars().count() <= most {
        return value.clone();
    }
    let kept = most.saturating_sub(end.chars().count());
    (text.chars().take(kept).collect::<String>() + &end).into()
}

fn without_html(text: &str) -> String {
    let mut blocks = vec![("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->"), ("<", ">")];
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let mut after = None;
        blocks.retain(|(open, close)| {
            if after.is_some() || !rest.starts_with(open) {
                return true;
            }
            after = rest[open.len()..].find(close).map(|end| &rest[open.len() + end + close.len()..]);
            after.is_some()
        });
        match after {
            Some(after) => rest = after,
            None => break,
        }
    }
    plain + rest
}
