//! A message: the finished lines of an entry, so that the writer needs neither the event nor the rules that redacted it.
//!
//! Its payload is a line of JSON that says whose the entry is and what follows, and then the lines as they will stand in the files.
//! Its headers hold the version of this form, the version of the sanitizer, and the id by which JetStream knows a message again.

use async_nats::{HeaderMap, header::NATS_MESSAGE_ID};
use bytes::Bytes;
use misfire_sanitizer::SANITIZER_VERSION;
use serde::{Deserialize, Serialize};

use crate::writer::entry::{Entry, Lines, Whose};

/// The version of the form. A reader knows this one and older ones.
const FORM: u32 = 1;
const FORM_HEADER: &str = "Misfire-Form";
const SANITIZER_HEADER: &str = "Misfire-Sanitizer";

/// The last part of the subjects of events, and of rejections.
pub(super) const LINE: &str = "line";
pub(super) const QUARANTINE: &str = "quarantine";

/// The first line of a payload.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    #[serde(flatten)]
    whose: Whose,
    holds: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Part {
    Line,
    Row,
    Rejection,
}

/// A message that can be published as often as needed.
#[derive(Debug, Clone)]
pub(super) struct Encoded {
    /// The last part of the subject.
    pub(super) kind: &'static str,
    pub(super) headers: HeaderMap,
    pub(super) payload: Bytes,
}

/// Why a message cannot be appended. It stays in the stream.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum MessageError {
    #[error("a node of a newer version wrote it ({0}): upgrade the writer first, then the nodes")]
    Newer(String),
    #[error("misfire did not write it ({0}): find out who else may publish there, and remove it by `nats stream rmm`")]
    Foreign(&'static str),
}

/// The message of an entry that today's sanitizer has redacted.
pub(super) fn encode(entry: &Entry) -> Encoded {
    let uuid = entry.whose.uuid;
    let (kind, id, parts) = match &entry.lines {
        Lines::Event { line, row } => {
            (LINE, uuid.to_string(), vec![(Part::Line, line.as_deref()), (Part::Row, row.as_deref())])
        }
        Lines::Rejection(line) => (QUARANTINE, format!("q-{uuid}"), vec![(Part::Rejection, Some(line.as_slice()))]),
    };
    let parts: Vec<_> = parts.into_iter().filter_map(|(part, bytes)| Some((part, bytes?))).collect();
    let head = Head { whose: entry.whose.clone(), holds: parts.iter().map(|(part, _)| *part).collect() };
    let mut payload = serde_json::to_vec(&head).unwrap_or_default();
    payload.push(b'\n');
    parts.iter().for_each(|(_, bytes)| payload.extend_from_slice(bytes));
    let mut headers = HeaderMap::new();
    headers.insert(NATS_MESSAGE_ID, id.as_str());
    headers.insert(FORM_HEADER, FORM.to_string().as_str());
    headers.insert(SANITIZER_HEADER, SANITIZER_VERSION.to_string().as_str());
    Encoded { kind, headers, payload: payload.into() }
}

/// Reads a message back: the entry, and the version of the sanitizer that redacted it.
///
/// # Errors
/// [`MessageError`].
pub(super) fn decode(headers: &HeaderMap, payload: &[u8]) -> Result<(Entry, u32), MessageError> {
    let number = |name| headers.get(name).and_then(|value| value.as_str().parse::<u32>().ok());
    let form = number(FORM_HEADER).ok_or(MessageError::Foreign("it has no form"))?;
    if form > FORM {
        return Err(MessageError::Newer(format!("form {form}, and this writer knows {FORM}")));
    }
    let sanitizer = number(SANITIZER_HEADER).ok_or(MessageError::Foreign("it has no version of a sanitizer"))?;
    if sanitizer > SANITIZER_VERSION {
        return Err(MessageError::Newer(format!("sanitizer {sanitizer}, and this writer has {SANITIZER_VERSION}")));
    }
    let mut lines = payload.split_inclusive(|byte| *byte == b'\n');
    let head = lines.next().unwrap_or_default();
    let head: Head = serde_json::from_slice(head).map_err(|_| MessageError::Foreign("its head cannot be read"))?;
    let mut next = || {
        let line = lines.next().filter(|line| line.ends_with(b"\n"));
        line.map(<[u8]>::to_vec).ok_or(MessageError::Foreign("a line is missing"))
    };
    let lines_of_entry = match head.holds[..] {
        [Part::Line] => Lines::Event { line: Some(next()?), row: None },
        [Part::Row] => Lines::Event { line: None, row: Some(next()?) },
        [Part::Line, Part::Row] => Lines::Event { line: Some(next()?), row: Some(next()?) },
        [Part::Rejection] => Lines::Rejection(next()?),
        _ => return Err(MessageError::Foreign("it holds no lines")),
    };
    if lines.next().is_some() {
        return Err(MessageError::Foreign("it holds a line too many"));
    }
    Ok((Entry { whose: head.whose, lines: lines_of_entry }, sanitizer))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn entry(lines: Lines) -> Entry {
        let whose = Whose {
            ids: vec!["user_1007".into(), "u_1".into()],
            time: "2026-11-25T10:00:00.123Z".parse().unwrap(),
            uuid: Uuid::from_u128(7),
            about: Some(Uuid::from_u128(8)),
        };
        Entry { whose, lines }
    }

    #[test]
    fn an_entry_comes_back_as_it_was() {
        let (line, row) = (b"{\"a\":\"\\n\"}\n".to_vec(), b"{\"b\":1}\n".to_vec());
        for (lines, kind, id) in [
            (Lines::Event { line: Some(line.clone()), row: None }, LINE, ""),
            (Lines::Event { line: None, row: Some(row.clone()) }, LINE, ""),
            (Lines::Event { line: Some(line.clone()), row: Some(row) }, LINE, ""),
            (Lines::Rejection(line), QUARANTINE, "q-"),
        ] {
            let entry = entry(lines);
            let Encoded { kind: found, headers, payload } = encode(&entry);
            assert_eq!(found, kind);
            let expected = format!("{id}{}", Uuid::from_u128(7));
            assert_eq!(headers.get(NATS_MESSAGE_ID).unwrap().as_str(), expected);
            assert_eq!(decode(&headers, &payload), Ok((entry, SANITIZER_VERSION)));
        }
    }

    #[test]
    fn newer_messages_stop_the_writer_and_foreign_ones_are_told() {
        let Encoded { headers, payload, .. } = encode(&entry(Lines::Rejection(b"{}\n".to_vec())));
        for name in [FORM_HEADER, SANITIZER_HEADER] {
            let mut newer = headers.clone();
            newer.insert(name, "999");
            assert!(matches!(decode(&newer, &payload), Err(MessageError::Newer(_))), "{name}");
        }
        let mut older = headers.clone();
        older.insert(SANITIZER_HEADER, "1");
        assert_eq!(decode(&older, &payload).unwrap().1, 1);
        assert!(matches!(decode(&HeaderMap::new(), &payload), Err(MessageError::Foreign(_))));
        let cut = payload.len() - 1;
        for payload in [&b""[..], b"{}\n", b"hello", &payload[..cut], &[&payload[..], b"{}\n"].concat()] {
            assert!(matches!(decode(&headers, payload), Err(MessageError::Foreign(_))), "{payload:?}");
        }
    }
}
