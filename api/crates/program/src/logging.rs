//! The log, on standard error. `RUST_LOG` is its filter and `LOG_FORMAT` its form: `text`, or `json` for a line of JSON a record.

use std::{env, io::Write, panic};

use env_logger::{Builder, Env, fmt::Formatter};
use jiff::Timestamp;
use log::{LevelFilter, Record, error};
use serde::Serialize;

/// The filter where `RUST_LOG` is not set. actix-server logs its number of workers at every start.
const FILTER_DEFAULT: &str = "info,actix_server=warn";

/// A record. The keys keep this order.
#[derive(Serialize)]
struct JsonLine<'a> {
    time: String,
    level: String,
    target: &'a str,
    message: String,
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: `{"time":…,"level":…,"target":…,"message":…}`.
    Json,
}

/// `LOG_FORMAT` has another value.
#[derive(Debug, thiserror::Error)]
#[error("LOG_FORMAT must be text or json")]
pub struct UnknownFormat;

impl LogFormat {
    /// The form that `LOG_FORMAT` asks for. An empty variable counts as unset, because compose passes unset ones on as empty.
    ///
    /// # Errors
    /// When it asks for another.
    pub fn from_env() -> Result<Self, UnknownFormat> {
        Self::parse(&env::var("LOG_FORMAT").unwrap_or_default())
    }

    fn parse(text: &str) -> Result<Self, UnknownFormat> {
        match text {
            "" | "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(UnknownFormat),
        }
    }
}

/// Starts the log.
///
/// The crates that speak HTTP for the commands log whole requests at `trace`: a personal key, a secret, an address. They stop at
/// `debug`, whatever is asked. And the server's crate logs an error for every caller that does not speak HTTP, so that a stranger
/// could fill the disk: it is silent unless it is asked for by name.
///
/// # Errors
/// When `LOG_FORMAT` has another value than `text` or `json`.
pub fn start() -> Result<(), UnknownFormat> {
    let format = LogFormat::from_env()?;
    let filter = env::var("RUST_LOG").unwrap_or_default();
    let mut logging = Builder::from_env(Env::default().default_filter_or(FILTER_DEFAULT));
    if filter.contains("trace") {
        for module in ["ureq", "ureq_proto", "rustls"] {
            logging.filter_module(module, LevelFilter::Debug);
        }
    }
    if !filter.contains("actix_http") {
        logging.filter_module("actix_http", LevelFilter::Off);
    }
    if format == LogFormat::Json {
        logging.format(|buffer: &mut Formatter, record| writeln!(buffer, "{}", json_line(record, Timestamp::now())));
        panic::set_hook(Box::new(|panic| error!(target: "panic", "{panic}")));
    }
    logging.init();
    Ok(())
}

/// Says why the program ends, in the form of the log. In text the line names the program, as every command's does.
pub fn say_error(program: &str, message: &str) {
    match LogFormat::from_env() {
        Ok(LogFormat::Json) => error!(target: program, "{message}"),
        Ok(LogFormat::Text) | Err(UnknownFormat) => eprintln!("{program}: {message}"),
    }
}

fn json_line(record: &Record<'_>, now: Timestamp) -> String {
    let line = JsonLine {
        time: format!("{now:.3}"),
        level: record.level().as_str().to_ascii_lowercase(),
        target: record.target(),
        message: record.args().to_string(),
    };
    // Strings always serialize.
    serde_json::to_string(&line).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use log::Level;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_record_is_one_line_of_json_whatever_is_in_it() {
        let now = "2026-03-02T10:15:30.1239Z".parse().unwrap();
        for message in ["plain", "two\nlines", "\"quoted\" \\ \u{1b}[31mred", "日本"] {
            let arguments = format_args!("{message}").to_string();
            let arguments = format_args!("{arguments}");
            let line = json_line(&Record::builder().level(Level::Warn).target("a::b").args(arguments).build(), now);
            assert!(
                line.starts_with(r#"{"time":"2026-03-02T10:15:30.123Z","level":"warn","target":"a::b","message":"#),
                "{line}"
            );
            assert!(!line.contains('\n') && !line.contains('\u{1b}'), "{line}");
            let value: Value = serde_json::from_str(&line).unwrap();
            let expected =
                json!({"time": "2026-03-02T10:15:30.123Z", "level": "warn", "target": "a::b", "message": message});
            assert_eq!(value, expected);
        }
    }

    #[test]
    fn there_are_two_forms() {
        for (text, format) in [
            ("", Some(LogFormat::Text)),
            ("text", Some(LogFormat::Text)),
            ("json", Some(LogFormat::Json)),
            ("JSON", None),
            ("logfmt", None),
        ] {
            assert_eq!(LogFormat::parse(text).ok(), format, "{text}");
        }
    }
}
