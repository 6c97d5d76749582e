//! Cuts a template into text, outputs (`{{ }}`) and tags (`{% %}`), with the control of white space.

/// A part of a template's text.
#[derive(Debug)]
pub(super) enum Segment<'a> {
    Text(&'a str),
    Output(&'a str),
    Tag(Tag<'a>),
}

/// A tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: &'a str,
}

/// Cuts a template. What stands in `raw` is text, and comments are left out.
///
/// # Errors
/// An output, a tag, a `raw` or a `comment` is not closed.
pub(super) fn segments(source: &str) -> Result<Vec<Segment<'_>>, String> {
    let mut segments = Vec::new();
    let mut rest = source;
    // Whether the element before ended with a dash.
    let mut is_trimmed = false;
    while let Some((text, element, after)) = next(rest)? {
        push_text(&mut segments, text, is_trimmed, element.trims_before);
        rest = after;
        is_trimmed = element.trims_after;
        if element.is_output {
            segments.push(Segment::Output(element.content));
            continue;
        }
        match tag(element.content)? {
            None => {}
            Some(Tag { name: "raw", .. }) => {
                let (inner, end, after) = until(rest, "endraw")?;
                push_text(&mut segments, inner, is_trimmed, end.trims_before);
                (rest, is_trimmed) = (after, end.trims_after);
            }
            Some(Tag { name: "comment", .. }) => {
                let (_, end, after) = until(rest, "endcomment")?;
                (rest, is_trimmed) = (after, end.trims_after);
            }
            Some(Tag { name: "liquid", arguments }) => lines(arguments, &mut segments)?,
            Some(tag) => segments.push(Segment::Tag(tag)),
        }
    }
    push_text(&mut segments, rest, is_trimmed, false);
    Ok(segments)
}

fn push_text<'a>(segments: &mut Vec<Segment<'a>>, text: &'a str, trims_start: bool, trims_end: bool) {
    let text = if trims_start { text.trim_start() } else { text };
    let text = if trims_end { text.trim_end() } else { text };
    if !text.is_empty() {
        segments.push(Segment::Text(text));
    }
}

struct Element<'a> {
    content: &'a str,
    is_output: bool,
    trims_before: bool,
    trims_after: bool,
}

/// The text before the next output or tag, that element, and what follows.
fn next(source: &str) -> Result<Option<(&str, Element<'_>, &str)>, String> {
    let (output, tag) = (source.find("{{"), source.find("{%"));
    let (start, is_output) = match (output, tag) {
        (None, None) => return Ok(None),
        (Some(output), Some(tag)) => (output.min(tag), output < tag),
        (Some(output), None) => (output, true),
        (None, Some(tag)) => (tag, false),
    };
    let inner = &source[start + 2..];
    let end = if is_output { end_of_output(inner) } else { inner.find("%}") };
    let what = if is_output { "an output" } else { "a tag" };
    let end = end.ok_or_else(|| format!("{what} is not closed: {}", excerpt(&source[start..])))?;
    let content = &inner[..end];
    let (trims_before, content) = content.strip_prefix('-').map_or((false, content), |content| (true, content));
    let (trims_after, content) = content.strip_suffix('-').map_or((false, content), |content| (true, content));
    let element = Element { content, is_output, trims_before, trims_after };
    Ok(Some((&source[..start], element, &inner[end + 2..])))
}

/// Where `}}` is, outside of quotes.
fn end_of_output(inner: &str) -> Option<usize> {
    let (mut quote, mut is_escaped) = (None, false);
    for (at, c) in inner.char_indices() {
        match quote {
            _ if is_escaped => is_escaped = false,
            Some(_) if c == '\\' => is_escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if ['\'', '"'].contains(&c) => quote = Some(c),
            None if inner[at..].starts_with("}}") => return Some(at),
            None => {}
        }
    }
    None
}

fn tag(content: &str) -> Result<Option<Tag<'_>>, String> {
    let content = content.trim();
    // `{% # a comment %}`
    if content.starts_with('#') {
        return Ok(None);
    }
    let end = content.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(content.len());
    if end == 0 {
        return Err(format!("illegal tag: {}", excerpt(content)));
    }
    Ok(Some(Tag { name: &content[..end], arguments: &content[end..] }))
}

/// What stands before the tag `end`, that tag, and what follows.
fn until<'a>(source: &'a str, end: &str) -> Result<(&'a str, Element<'a>, &'a str), String> {
    let mut from = 0;
    while let Some(start) = source[from..].find("{%").map(|at| from + at) {
        let Some((_, element, after)) = next(&source[start..])? else { break };
        if element.content.trim() == end {
            return Ok((&source[..start], element, after));
        }
        from = start + 2;
    }
    Err(format!("{end} is missing"))
}

/// The lines of `{% liquid %}`, each of which is a tag.
fn lines<'a>(source: &'a str, segments: &mut Vec<Segment<'a>>) -> Result<(), String> {
    let mut is_comment = false;
    for line in source.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some(tag) = tag(line)? else { continue };
        match tag.name {
            "endcomment" => is_comment = false,
            _ if is_comment => {}
            "comment" => is_comment = true,
            _ => segments.push(Segment::Tag(tag)),
        }
    }
    Ok(())
}

fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}
