//! Where a value comes from: a property, the first of several, or a text with properties in it.

use std::{borrow::Cow, sync::Arc};

use misfire_sanitizer::Input;

use crate::event::json::{Json, input, is_null, members, text};

/// The name of a property. `a.b` is the member `b` of the object `a`, unless there is a property of that very name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(Arc<str>);

/// Properties of which the first that is there counts.
#[derive(Debug, Clone)]
pub(crate) struct Names(Vec<Name>);

/// A property, or a text.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    FirstOf(Names),
    Template(Vec<Piece>),
}

#[derive(Debug, Clone)]
pub(crate) enum Piece {
    Text(String),
    Property(Name),
}

/// What is there of a property.
#[derive(Debug)]
pub(super) enum Found<'a> {
    Absent,
    Null,
    Value(Json<'a>),
}

/// The properties of an event that some names ask for.
pub(super) struct Selected<'a, 'n> {
    names: Vec<&'n str>,
    values: Vec<Option<Json<'a>>>,
}

impl<'a, 'n> Selected<'a, 'n> {
    /// Reads an object once for all these names.
    pub(super) fn new(properties: Json<'a>, names: impl Iterator<Item = &'n Name>) -> Self {
        let mut wanted: Vec<&str> = Vec::new();
        for name in names.flat_map(|name| [name.as_str(), name.first()]) {
            if !wanted.contains(&name) {
                wanted.push(name);
            }
        }
        let values = members(properties, &wanted);
        Self { names: wanted, values }
    }

    fn get(&self, name: &str) -> Option<Json<'a>> {
        self.values[self.names.iter().position(|known| *known == name)?]
    }
}

impl Name {
    pub(super) fn new(name: &str) -> Self {
        Self(name.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The keys from the properties down to the value.
    pub(crate) fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('.')
    }

    fn first(&self) -> &str {
        self.segments().next().unwrap_or_default()
    }

    pub(super) fn of<'a>(&self, properties: &Selected<'a, '_>) -> Option<Json<'a>> {
        properties.get(&self.0).or_else(|| {
            let mut segments = self.segments();
            let first = properties.get(segments.next()?)?;
            segments.try_fold(first, |object, key| members(object, &[key])[0])
        })
    }
}

impl Names {
    pub(super) fn new(names: Vec<Name>) -> Self {
        Self(names)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Name> {
        self.0.iter()
    }

    /// The first that is there and not null, with its name.
    pub(super) fn of<'a, 'n>(&'n self, properties: &Selected<'a, '_>) -> (&'n Name, Found<'a>) {
        let mut nothing = (&self.0[0], Found::Absent);
        for name in &self.0 {
            match name.of(properties) {
                Some(value) if !is_null(value) => return (name, Found::Value(value)),
                Some(_) if matches!(nothing.1, Found::Absent) => nothing = (name, Found::Null),
                _ => {}
            }
        }
        nothing
    }

    /// The text of the first that is there.
    pub(super) fn text<'a>(&self, properties: &Selected<'a, '_>) -> Option<Cow<'a, str>> {
        match self.of(properties).1 {
            Found::Value(value) => text(value),
            Found::Absent | Found::Null => None,
        }
    }
}

impl Source {
    /// All names that it asks for.
    pub(super) fn names(&self) -> Box<dyn Iterator<Item = &Name> + '_> {
        match self {
            Self::FirstOf(names) => Box::new(names.iter()),
            Self::Template(pieces) => Box::new(pieces.iter().filter_map(|piece| match piece {
                Piece::Property(name) => Some(name),
                Piece::Text(_) => None,
            })),
        }
    }

    /// Whether it is a text without a property in it: words for a failure, which say nothing of an event that is none.
    pub(super) fn is_constant(&self) -> bool {
        self.names().next().is_none()
    }

    /// The value, as `read` reads each property; the first that it can read of several.
    pub(super) fn of<'a>(
        &self,
        properties: &Selected<'a, '_>,
        read: impl Fn(&Name, Json<'a>) -> Option<Input<'a>>,
    ) -> Option<Input<'a>> {
        let read = |name: &Name| name.of(properties).and_then(|value| read(name, value));
        match self {
            Self::FirstOf(names) => names.iter().find_map(read),
            Self::Template(pieces) => {
                let texts = pieces.iter().map(|piece| match piece {
                    Piece::Text(text) => Cow::Borrowed(text.as_str()),
                    Piece::Property(name) => {
                        read(name).map_or(Cow::Borrowed(""), |value| Cow::Owned(value.as_str().to_owned()))
                    }
                });
                Some(Input::Plain(Cow::Owned(texts.collect())))
            }
        }
    }

    /// A text with `{names}` in it; `None` when a brace is not closed or holds no name.
    pub(super) fn template(template: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            if name.trim().is_empty() || name.contains('{') || before.contains('}') {
                return None;
            }
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Property(Name::new(name.trim())));
            rest = after;
        }
        if rest.contains('}') {
            return None;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Some(Self::Template(pieces))
    }
}

/// A property as it is, when there is anything in it.
pub(super) fn as_it_is<'a>(value: Json<'a>) -> Option<Input<'a>> {
    input(value).filter(|input| !input.as_str().trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROPERTIES: &str = r#"{"a":null,"b":{"c":{"d":"deep"}},"b.c":"dotted","e":"text","f":7,"blank":" "}"#;

    fn names(names: &[&str]) -> Names {
        Names::new(names.iter().map(|name| Name::new(name)).collect())
    }

    fn found(source: &Source) -> Option<String> {
        let selected = Selected::new(serde_json::from_str(PROPERTIES).unwrap(), source.names());
        source.of(&selected, |_, value| as_it_is(value)).map(|input| input.as_str().to_owned())
    }

    #[test]
    fn the_first_that_is_there_counts_and_a_dot_reads_a_member() {
        for (wanted, value) in [
            (vec!["none", "a", "blank", "e"], Some("text")),
            (vec!["b.c.d"], Some("deep")),
            (vec!["b.c"], Some("dotted")),
            (vec!["e.x", "b.x.d"], None),
            (vec!["f"], Some("7")),
        ] {
            assert_eq!(found(&Source::FirstOf(names(&wanted))).as_deref(), value, "{wanted:?}");
        }
        let wanted = names(&["none", "a"]);
        let selected = Selected::new(serde_json::from_str(PROPERTIES).unwrap(), wanted.iter());
        assert!(matches!(wanted.of(&selected), (name, Found::Null) if name.as_str() == "a"));
    }

    #[test]
    fn a_template_is_a_text_with_values_in_it() {
        let text = |template: &str| found(&Source::template(template).unwrap()).unwrap();
        assert_eq!(text("thumbs down"), "thumbs down");
        assert_eq!(text("{e} of {b.c.d}, {none}{f}!"), "text of deep, 7!");
        for wrong in ["{", "}", "a {b", "a b}", "{}", "{ }", "{a{b}}"] {
            assert!(Source::template(wrong).is_none(), "{wrong}");
        }
    }
}
