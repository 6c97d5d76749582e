//! Reads a table from TOML.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Number;
use toml::Spanned;

use super::{
    condition::{Condition, Scalar},
    entry::{AboutBy, Entry},
    source::{Name, Names, Source},
};

/// Why a table cannot be used. Every message names the line.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The text is not TOML, or it has a key or a value that a table does not know.
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
    /// An entry says something that makes no sense.
    #[error("line {line}: {what}")]
    Entry {
        /// The number of the line, from 1.
        line: usize,
        /// What is wrong with it, and what to write.
        what: String,
    },
}

/// A table as it stands in a file.
pub(super) struct Table {
    /// Whether the built-in entries follow.
    pub(super) has_built_in: bool,
    pub(super) entries: Vec<Entry>,
}

/// The file as its author writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default = "yes")]
    built_in: bool,
    #[serde(default)]
    events: Vec<Spanned<EntryText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryText {
    name: String,
    #[serde(default)]
    when: BTreeMap<String, ValuesText>,
    #[serde(default)]
    unless: BTreeMap<String, ValuesText>,
    #[serde(default)]
    good: BTreeMap<String, ValuesText>,
    input: Option<NamesText>,
    reason: Option<NamesText>,
    about: Option<AboutText>,
    trace: Option<NamesText>,
    // What a row of generations.jsonl holds besides.
    output: Option<NamesText>,
    tools: Option<NamesText>,
    model: Option<NamesText>,
    provider: Option<NamesText>,
    http_status: Option<NamesText>,
    session: Option<NamesText>,
    submission: Option<NamesText>,
    feedback: Option<NamesText>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a string, or a list of strings")]
enum NamesText {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "true or false, a number, a string, or a list of these")]
enum ValuesText {
    One(ValueText),
    Several(Vec<ValueText>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ValueText {
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum AboutText {
    Uuid(NamesText),
    Trace(NamesText),
}

fn yes() -> bool {
    true
}

/// Reads a table.
///
/// # Errors
/// [`TableError`].
pub(super) fn parse(toml: &str) -> Result<Table, TableError> {
    let file: File = toml::from_str(toml)?;
    let entries = file.events.into_iter().map(|entry| {
        let line = toml[..entry.span().start].matches('\n').count() + 1;
        entry.into_inner().checked().map_err(|what| TableError::Entry { line, what })
    });
    let table = Table { has_built_in: file.built_in, entries: entries.collect::<Result<_, _>>()? };
    if table.entries.is_empty() && !table.has_built_in {
        return Err(TableError::Entry {
            line: 1,
            what: "there are no [[events]], so that nothing would be kept".into(),
        });
    }
    Ok(table)
}

impl EntryText {
    fn checked(self) -> Result<Entry, String> {
        let event = self.name.trim();
        if event.is_empty() {
            return Err("name is empty; write the event's name in PostHog".into());
        }
        let entry = Entry {
            name: event.to_owned(),
            when: conditions("when", self.when)?,
            unless: conditions("unless", self.unless)?,
            good: conditions("good", self.good)?,
            input: names("input", self.input)?,
            reason: self.reason.map(reason).transpose()?,
            about: self.about.map(about).transpose()?,
            trace: names("trace", self.trace)?,
            session: names("session", self.session)?,
            output: names("output", self.output)?,
            tools: names("tools", self.tools)?,
            model: names("model", self.model)?,
            provider: names("provider", self.provider)?,
            http_status: names("http_status", self.http_status)?,
            submission: names("submission", self.submission)?,
            feedback: names("feedback", self.feedback)?,
        };
        match (&entry.input, &entry.about) {
            (None, None) => Err(format!(
                "the entry of {event:?} has no input: name the property that holds the prompt, or by `about` the event that is judged"
            )),
            (Some(_), Some(_)) => {
                Err(format!("the entry of {event:?} has both input and about; the input of what is judged is taken"))
            }
            (None, Some(_)) if entry.when.is_empty() => Err(format!(
                "the entry of {event:?} has about but no `when`, so that every judgement would be a failure"
            )),
            _ => Ok(entry),
        }
    }
}

fn name(key: &str, name: String) -> Result<Name, String> {
    match name.trim() {
        "" => Err(format!("{key} names an empty property")),
        name => Ok(Name::new(name)),
    }
}

fn names(key: &str, text: Option<NamesText>) -> Result<Option<Names>, String> {
    let several = match text {
        None => return Ok(None),
        Some(NamesText::One(name)) => vec![name],
        Some(NamesText::Several(names)) => names,
    };
    if several.is_empty() {
        return Err(format!("{key} is an empty list; name a property, or leave it out"));
    }
    Ok(Some(Names::new(several.into_iter().map(|text| name(key, text)).collect::<Result<_, _>>()?)))
}

fn reason(text: NamesText) -> Result<Source, String> {
    match text {
        NamesText::One(template) => Source::template(&template).ok_or_else(|| {
            format!("reason {template:?} has a brace without its other; write {{property}} for a value")
        }),
        several => Ok(Source::FirstOf(names("reason", Some(several))?.ok_or("reason is empty")?)),
    }
}

fn about(text: AboutText) -> Result<AboutBy, String> {
    let required = |names: Option<Names>| names.ok_or_else(|| "about is empty".to_owned());
    Ok(match text {
        AboutText::Uuid(text) => AboutBy::Uuid(required(names("about", Some(text))?)?),
        AboutText::Trace(text) => AboutBy::Trace(required(names("about", Some(text))?)?),
    })
}

fn conditions(key: &str, text: BTreeMap<String, ValuesText>) -> Result<Vec<Condition>, String> {
    let condition = |(property, values): (String, ValuesText)| {
        let values = match values {
            ValuesText::One(value) => vec![value],
            ValuesText::Several(values) => values,
        };
        if values.is_empty() {
            return Err(format!("{key} has an empty list for {property:?}, so that nothing matches"));
        }
        let values = values.into_iter().map(|value| scalar(key, value)).collect::<Result<_, _>>()?;
        Ok(Condition { property: name(key, property)?, values })
    };
    text.into_iter().map(condition).collect()
}

fn scalar(key: &str, value: ValueText) -> Result<Scalar, String> {
    Ok(match value {
        ValueText::Bool(value) => Scalar::Bool(value),
        ValueText::Integer(value) => Scalar::Number(value.into()),
        ValueText::Float(value) => {
            Scalar::Number(Number::from_f64(value).ok_or_else(|| format!("{key} has a number that JSON cannot hold"))?)
        }
        ValueText::Text(value) => Scalar::Text(value),
    })
}
