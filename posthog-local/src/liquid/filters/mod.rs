//! The filters of liquidjs (`src/filters/`), by their kinds: [`text`], [`list`], [`number`], [`url`] and [`date`].

mod arguments;
mod date;
mod list;
mod number;
mod text;
mod url;

use self::arguments::Handler;
pub(super) use self::{arguments::Arguments, text::escape};
use super::value::Value;
use jiff::Timestamp;

/// A filter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filter {
    name: &'static str,
    run: Run,
}

#[derive(Debug, Clone, Copy)]
enum Run {
    Plain(Handler),
    /// Needs the time for `now` and `today`.
    Date,
    /// Looks at what is missing.
    Json,
    Raw,
}

/// Filters of liquidjs that posthog-local does not have.
const ABSENT: [&str; 9] = [
    "where_exp",
    "reject_exp",
    "group_by_exp",
    "has_exp",
    "find_exp",
    "find_index_exp",
    "sample",
    "slugify",
    "hmac_sha256",
];

impl Filter {
    /// The filter of this name.
    ///
    /// # Errors
    /// There is none. PostHog would render the value without it, which is rarely what was meant.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        let plain = [text::FILTERS, list::FILTERS, number::FILTERS, url::FILTERS].into_iter().flatten();
        if let Some((name, handler)) = plain.clone().find(|(known, _)| *known == name) {
            return Ok(Self { name, run: Run::Plain(*handler) });
        }
        let run = match name {
            "json" | "jsonify" | "inspect" => Run::Json,
            "raw" => Run::Raw,
            _ if date::NAMES.contains(&name) => Run::Date,
            _ if ABSENT.contains(&name) => {
                return Err(format!("posthog-local does not support the Liquid filter {name}"));
            }
            _ => return Err(format!("unknown Liquid filter {name}; PostHog would ignore it")),
        };
        let others = ["json", "jsonify", "inspect", "raw"].into_iter().chain(date::NAMES);
        let name = others.into_iter().find(|known| *known == name).unwrap_or_default();
        Ok(Self { name, run })
    }

    /// Checks the number of arguments.
    ///
    /// # Errors
    /// liquidjs would fail when it renders.
    pub(super) fn check(self, arguments: usize) -> Result<(), String> {
        match self.name {
            "append" | "prepend" if arguments != 1 => {
                Err(format!("the Liquid filter {} needs one argument", self.name))
            }
            _ => Ok(()),
        }
    }

    /// Whether it keeps what it is the last filter of from being escaped.
    pub(super) fn is_raw(self) -> bool {
        matches!(self.run, Run::Raw)
    }

    /// # Errors
    /// The filter does not take this value.
    pub(super) fn apply(self, value: Value, arguments: &Arguments<'_>, now: Timestamp) -> Result<Value, String> {
        let failed = |problem| format!("the Liquid filter {}: {problem}", self.name);
        Ok(Value::Json(match self.run {
            Run::Raw => return Ok(value),
            Run::Json if value == Value::Undefined => return Ok(value),
            Run::Json => text::json(&value.into_json(), arguments).into(),
            Run::Date => date::filter(self.name, value.into_json(), arguments, now).map_err(failed)?,
            Run::Plain(handler) => handler(&value.into_json(), arguments).map_err(failed)?,
        }))
    }
}
