//! Filters of lists (`src/filters/array.ts`). A value that is no list counts as a list of one.

use std::cmp::Ordering;

use serde_json::{Value as Json, json};

use super::{
    arguments::{Arguments, Handler},
    number::addend,
};
use crate::{
    js,
    liquid::value::{Value, at_path, enumerated, equal, number, order, stringify},
};

pub(super) const FILTERS: &[(&str, Handler)] = &[
    ("join", |value, arguments| {
        let parts = list(value).into_iter().map(|part| if part.is_null() { String::new() } else { js::text(&part) });
        Ok(parts.collect::<Vec<_>>().join(&arguments.text_or(0, " ")).into())
    }),
    ("first", |value, _| Ok(end(value, |values| values.first(), |text| text.chars().next()))),
    ("last", |value, _| Ok(end(value, |values| values.last(), |text| text.chars().next_back()))),
    ("reverse", |value, _| Ok(list(value).into_iter().rev().collect())),
    ("size", |value, _| {
        Ok(match value {
            Json::String(text) => json!(text.encode_utf16().count()),
            Json::Array(values) => json!(values.len()),
            Json::Object(object) => object.get("length").cloned().unwrap_or(json!(0)),
            _ => json!(0),
        })
    }),
    ("sort", |value, arguments| Ok(sorted(value, arguments, &|value| value))),
    ("sort_natural", |value, arguments| {
        Ok(sorted(value, arguments, &|value| match value {
            Json::Null => Json::Null,
            other => js::text(&other).to_lowercase().into(),
        }))
    }),
    ("map", |value, arguments| {
        let path = arguments.text(0);
        Ok(list(value).iter().map(|part| at_path(part, &path).into_json()).collect())
    }),
    ("sum", |value, arguments| {
        let numbers = list(value).into_iter().map(|part| addend(&of(&part, arguments).into_json()));
        Ok(number(numbers.filter(|number| !number.is_nan()).sum()))
    }),
    ("compact", |value, _| Ok(list(value).into_iter().filter(|part| !part.is_null()).collect())),
    ("concat", |value, arguments| Ok(list(value).into_iter().chain(arguments.get(0).iter().flat_map(list)).collect())),
    ("push", |value, arguments| Ok(list(value).into_iter().chain([arguments.get(0).unwrap_or_default()]).collect())),
    ("unshift", |value, arguments| Ok([arguments.get(0).unwrap_or_default()].into_iter().chain(list(value)).collect())),
    ("pop", |value, _| {
        let mut values = list(value);
        values.pop();
        Ok(values.into())
    }),
    ("shift", |value, _| Ok(list(value).into_iter().skip(1).collect())),
    ("slice", |value, arguments| Ok(slice(value, arguments))),
    ("where", |value, arguments| Ok(list(value).into_iter().filter(|part| matches(part, arguments)).collect())),
    ("reject", |value, arguments| Ok(list(value).into_iter().filter(|part| !matches(part, arguments)).collect())),
    ("has", |value, arguments| Ok(list(value).iter().any(|part| matches(part, arguments)).into())),
    ("find", |value, arguments| Ok(list(value).into_iter().find(|part| matches(part, arguments)).unwrap_or_default())),
    ("find_index", |value, arguments| {
        let index = list(value).iter().position(|part| matches(part, arguments));
        Ok(index.map_or(Json::Null, |index| json!(index)))
    }),
    ("group_by", |value, arguments| Ok(grouped(value, arguments))),
    ("uniq", |value, _| {
        let mut unique = Vec::<Json>::new();
        for part in list(value) {
            // Lists and objects are equal only to themselves, as in JavaScript's `Set`.
            let is_known = !part.is_array() && !part.is_object() && unique.contains(&part);
            if !is_known {
                unique.push(part);
            }
        }
        Ok(unique.into())
    }),
    ("array_to_sentence_string", |value, arguments| {
        let parts: Vec<_> = list(value).iter().map(js::text).collect();
        let connector = arguments.text_or(0, "and");
        Ok(match parts.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [one, two] => format!("{one} {connector} {two}"),
            [first @ .., last] => format!("{}, {connector} {last}", first.join(", ")),
        }
        .into())
    }),
];

fn list(value: &Json) -> Vec<Json> {
    match value {
        Json::Null => Vec::new(),
        Json::Array(values) => values.clone(),
        other => vec![other.clone()],
    }
}

fn end(value: &Json, of_list: fn(&[Json]) -> Option<&Json>, of_text: fn(&str) -> Option<char>) -> Json {
    match value {
        Json::Array(values) => of_list(values).cloned().unwrap_or_default(),
        Json::String(text) => of_text(text).map_or(Json::Null, |c| c.to_string().into()),
        _ => "".into(),
    }
}

/// The part itself, or the property that the first argument names.
fn of(part: &Json, arguments: &Arguments<'_>) -> Value {
    match arguments.get(0) {
        Some(_) => at_path(part, &arguments.text(0)),
        None => Value::Json(part.clone()),
    }
}

/// Whether the property has the value of the second argument, or any, if there is none.
fn matches(part: &Json, arguments: &Arguments<'_>) -> bool {
    let value = at_path(part, &arguments.text(0));
    match arguments.value(1) {
        Some(wanted) => equal(&value, wanted),
        None => value.is_truthy(),
    }
}

/// Sorted, with nothing at the end.
fn sorted(value: &Json, arguments: &Arguments<'_>, key: &dyn Fn(Json) -> Json) -> Json {
    let mut keyed: Vec<_> = list(value).into_iter().map(|part| (key(of(&part, arguments).into_json()), part)).collect();
    keyed.sort_by(|(a, _), (b, _)| match (a.is_null(), b.is_null()) {
        (false, false) => order(&Value::Json(a.clone()), &Value::Json(b.clone())).unwrap_or(Ordering::Equal),
        (a, b) => a.cmp(&b),
    });
    keyed.into_iter().map(|(_, part)| part).collect()
}

fn grouped(value: &Json, arguments: &Arguments<'_>) -> Json {
    let mut groups = Vec::<(Json, Vec<Json>)>::new();
    for part in enumerated(value.clone()) {
        let name = at_path(&part, &arguments.text(0)).into_json();
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, items)) => items.push(part),
            None => groups.push((name, vec![part])),
        }
    }
    groups.into_iter().map(|(name, items)| json!({ "name": name, "items": items })).collect()
}

fn slice(value: &Json, arguments: &Arguments<'_>) -> Json {
    let (begin, length) = (arguments.number(0).unwrap_or(0.0), arguments.number(1).unwrap_or(1.0));
    let range = |size: usize| {
        let begin = if begin < 0.0 { size as f64 + begin } else { begin };
        (begin >= 0.0 && length >= 0.0).then(|| (begin as usize).min(size)..((begin + length) as usize).min(size))
    };
    match value {
        Json::Null => json!([]),
        Json::Array(values) => range(values.len()).map(|range| values[range].to_vec()).unwrap_or_default().into(),
        other => {
            let chars: Vec<_> = stringify(other).chars().collect();
            range(chars.len()).map(|range| chars[range].iter().collect::<String>()).unwrap_or_default().into()
        }
    }
}
