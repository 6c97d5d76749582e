//! Filters of times (`src/filters/date.ts`, `src/util/strftime.ts`). Without a zone they are UTC, as on PostHog's servers.

use jiff::{
    Timestamp, ZonedDateTime,
    civil::{Date, DateTime, Weekday},
    fmt::{rfc2822, strtime},
    tz::{Offset, TimeZone},
};
use serde_json::Value as Json;

use super::arguments::Arguments;
use crate::{js, liquid::value::stringify};

pub(super) const NAMES: [&str; 5] =
    ["date", "date_to_xmlschema", "date_to_rfc822", "date_to_string", "date_to_long_string"];

/// liquidjs's `dateFormat`.
const DEFAULT_FORMAT: &str = "%A, %B %-e, %Y at %-l:%M %P %z";

/// Applies one of [`NAMES`]. A value that is no time stays as it is.
///
/// # Errors
/// There is no such time zone.
pub(super) fn filter(name: &str, value: Json, arguments: &Arguments<'_>, now: Timestamp) -> Result<Json, String> {
    let Some(time) = parse(&value, now) else { return Ok(value) };
    let zone = match arguments.get(1).filter(|_| name == "date") {
        None => TimeZone::UTC,
        // In minutes west of UTC, as in JavaScript.
        Some(Json::Number(minutes)) => {
            let seconds = -minutes.as_f64().unwrap_or_default() * 60.0;
            TimeZone::fixed(Offset::from_seconds(seconds as i32).map_err(|error| error.to_string())?)
        }
        Some(zone) => TimeZone::get(&stringify(&zone)).map_err(|error| error.to_string())?,
    };
    let time = time.to_zoned_datetime(zone);
    let format = match name {
        "date" => arguments.text_or(0, DEFAULT_FORMAT),
        "date_to_xmlschema" => "%Y-%m-%dT%H:%M:%S%:z".to_owned(),
        "date_to_rfc822" => "%a, %d %b %Y %H:%M:%S %z".to_owned(),
        _ => {
            let month = if name == "date_to_string" { "%b" } else { "%B" };
            match (arguments.text(0).as_str(), arguments.text(1).as_str()) {
                ("ordinal", "US") => format!("{month} %-d%q, %Y"),
                ("ordinal", _) => format!("%-d%q {month} %Y"),
                _ => format!("%d {month} %Y"),
            }
        }
    };
    Ok(format_time(&time, &format).into())
}

/// What JavaScript's `new Date()` reads, as far as it is common: ISO 8601, RFC 2822, its own `String(date)`, and
/// seconds since 1970.
fn parse(value: &Json, now: Timestamp) -> Option<Timestamp> {
    let seconds = |number: f64| Timestamp::from_millisecond((number * 1000.0) as i64).ok();
    match value {
        Json::Number(_) => seconds(js::number(value)),
        Json::String(text) => match text.as_str() {
            "now" | "today" => Some(now),
            text if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => seconds(text.parse().ok()?),
            text => {
                let utc = |time: DateTime| Some(time.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp());
                text.parse()
                    .ok()
                    .or_else(|| text.parse().ok().and_then(utc))
                    .or_else(|| text.parse::<Date>().ok().and_then(|date| utc(date.at(0, 0, 0, 0))))
                    .or_else(|| rfc2822::DateTimeParser::new().parse_timestamp(text).ok())
                    .or_else(|| {
                        let text = text.split(" (").next()?;
                        strtime::parse("%a %b %d %Y %H:%M:%S GMT%z", text).ok()?.to_timestamp().ok()
                    })
            }
        },
        _ => None,
    }
}

/// `strftime` with the flags and widths of liquidjs.
fn format_time(time: &ZonedDateTime, format: &str) -> String {
    let mut text = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        text.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let flags_end = after.find(|c| !"-_0^#:".contains(c)).unwrap_or(after.len());
        let (flags, after) = after.split_at(flags_end);
        let width_end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (width, after) = after.split_at(width_end);
        let after = after.strip_prefix(['E', 'O']).unwrap_or(after);
        let mut chars = after.chars();
        let (directive, remaining) = (chars.next(), chars.as_str());
        match directive.and_then(|directive| code(time, directive, flags, width)) {
            Some(part) => text.push_str(&part),
            None => text.push_str(&rest[at..rest.len() - remaining.len()]),
        }
        rest = remaining;
    }
    text + rest
}

/// One directive; `None` where there is none of this letter.
fn code(time: &ZonedDateTime, directive: char, flags: &str, width: &str) -> Option<String> {
    let jiff = |format: &str| strtime::format(format, time).unwrap_or_default();
    let twelve = |hour: i8| if hour % 12 == 0 { 12 } else { hour % 12 };
    let week = |first: Weekday| {
        let since = i16::from(time.weekday().since(first));
        (time.day_of_year() - 1 - since + 7) / 7
    };
    let millis = time.millisecond();
    let (value, default_width) = match directive {
        'a' => (jiff("%a"), 0),
        'A' => (jiff("%A"), 0),
        'b' | 'h' => (jiff("%b"), 0),
        'B' => (jiff("%B"), 0),
        'c' => (format!("{}, {}", short_date(time), short_time(time)), 0),
        'C' => ((time.year() / 100).to_string(), 2),
        'd' | 'e' => (time.day().to_string(), 2),
        'H' | 'k' => (time.hour().to_string(), 2),
        'I' | 'l' => (twelve(time.hour()).to_string(), 2),
        'j' => (time.day_of_year().to_string(), 3),
        'L' => (millis.to_string(), 3),
        'm' => (time.month().to_string(), 2),
        'M' => (time.minute().to_string(), 2),
        'N' => {
            let width = width.parse().ok().filter(|width| *width > 0).unwrap_or(9).min(20);
            let digits: String = format!("{millis:03}").chars().take(width).collect();
            (format!("{digits:0<width$}"), 0)
        }
        'p' => (if time.hour() < 12 { "AM" } else { "PM" }.to_owned(), 0),
        'P' => (if time.hour() < 12 { "am" } else { "pm" }.to_owned(), 0),
        'q' => (ordinal(time.day()).to_owned(), 0),
        's' => (time.timestamp().as_second().to_string(), 0),
        'S' => (time.second().to_string(), 2),
        'u' => (time.weekday().to_monday_one_offset().to_string(), 0),
        'U' => (week(Weekday::Sunday).to_string(), 2),
        'w' => (time.weekday().to_sunday_zero_offset().to_string(), 0),
        'W' => (week(Weekday::Monday).to_string(), 2),
        'x' => (short_date(time), 0),
        'X' => (short_time(time), 0),
        'y' => (time.year().rem_euclid(100).to_string(), 2),
        'Y' => (time.year().to_string(), 4),
        'z' => (jiff(if flags.contains(':') { "%:z" } else { "%z" }), 0),
        'Z' => (time.time_zone().iana_name().map_or_else(|| jiff("%z"), str::to_owned), 0),
        't' => ("\t".to_owned(), 0),
        'n' => ("\n".to_owned(), 0),
        '%' => ("%".to_owned(), 0),
        _ => return None,
    };
    let value = if flags.contains('^') {
        value.to_uppercase()
    } else if flags.contains('#') {
        if value.chars().any(|c| c.is_ascii_lowercase()) { value.to_uppercase() } else { value.to_lowercase() }
    } else {
        value
    };
    let pad = match flags {
        flags if flags.contains('_') => ' ',
        flags if flags.contains('0') => '0',
        _ if "aAbBceklpP".contains(directive) => ' ',
        _ => '0',
    };
    let asked = width.parse().ok().filter(|width| *width > 0).unwrap_or(default_width).min(40);
    let width: usize = if flags.contains('-') { 0 } else { asked };
    let missing = width.saturating_sub(value.chars().count());
    Some(pad.to_string().repeat(missing) + &value)
}

fn short_date(time: &ZonedDateTime) -> String {
    format!("{}/{}/{}", time.month(), time.day(), time.year())
}

fn short_time(time: &ZonedDateTime) -> String {
    strtime::format("%-I:%M:%S %p", time).unwrap_or_default()
}

fn ordinal(day: i8) -> &'static str {
    match (day, day % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}
