//! Reads a query: a parser by recursive descent over its [tokens](super::token).

mod condition;

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::{
    expression::Expression,
    refusal::Refusal,
    select::{Direction, Select},
    table::Table,
    token::{Token, tokens},
    value::Value,
};

/// The rows of an answer where the query has no limit (`posthog/hogql/constants.py`).
const ROWS: usize = 100;
/// The most rows of an answer (`MAX_SELECT_RETURNED_ROWS`). A larger limit becomes this one.
const ROWS_MAX: usize = 50_000;
/// How deep conditions may be nested.
const DEPTH_MAX: usize = 64;

/// Reads a query. `values` are those of its placeholders, and `now` is what `now()` gives.
///
/// # Errors
/// What posthog-local does not know, or PostHog would refuse, for people.
pub(super) fn select(query: &str, values: &Json, now: Timestamp) -> Result<Select, Refusal> {
    let tokens = tokens(query)?;
    // The columns stand before the table that gives them a meaning.
    let from =
        tokens.iter().position(|token| is_keyword(token, "from")).ok_or("posthog-local needs SELECT … FROM …")?;
    let mut parser =
        Parser { tokens: &tokens, at: from + 1, table: Table::Events, values, now, aliases: HashMap::new(), depth: 0 };
    parser.table = Table::named(&parser.path()?)?;
    let after_table = parser.at;

    parser.at = 0;
    parser.expect("select")?;
    let columns = parser.list(Parser::column)?;
    if parser.at != from {
        return Err(parser.unexpected());
    }
    parser.aliases = columns.iter().cloned().collect();
    parser.at = after_table;
    let condition = if parser.takes("where") { Some(parser.where_()?) } else { None };
    let order = if parser.takes("order") {
        parser.expect("by")?;
        parser.list(Parser::ordering)?
    } else {
        Vec::new()
    };
    let limit = if parser.takes("limit") { parser.count()? } else { ROWS };
    let offset = if parser.takes("offset") { parser.count()? } else { 0 };
    _ = parser.takes_symbol(";");
    match parser.peek() {
        None => Ok(Select { columns, table: parser.table, condition, order, limit: limit.min(ROWS_MAX), offset }),
        Some(_) => Err(parser.unexpected()),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    table: Table,
    values: &'a Json,
    now: Timestamp,
    /// The columns of the answer, by their names.
    aliases: HashMap<String, Expression>,
    depth: usize,
}

/// Words that end a column, and are no names of columns without quotes.
const KEYWORDS: [&str; 18] = [
    "select", "distinct", "from", "where", "and", "or", "not", "in", "is", "null", "order", "by", "limit", "offset",
    "as", "asc", "desc", "between",
];

fn is_keyword(token: &Token, keyword: &str) -> bool {
    matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(keyword))
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Result<Token, Refusal> {
        let token = self.peek().cloned().ok_or("the query ends too early")?;
        self.at += 1;
        Ok(token)
    }

    fn unexpected(&self) -> Refusal {
        match self.peek() {
            Some(token) => {
                format!("posthog-local does not understand {token} here (word {} of the query)", self.at + 1)
            }
            None => "the query ends too early".to_owned(),
        }
    }

    fn takes(&mut self, keyword: &str) -> bool {
        let is_next = self.peek().is_some_and(|token| is_keyword(token, keyword));
        self.at += usize::from(is_next);
        is_next
    }

    fn takes_symbol(&mut self, symbol: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Symbol(next)) if *next == symbol);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, keyword: &str) -> Result<(), Refusal> {
        if self.takes(keyword) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn expect_symbol(&mut self, symbol: &str) -> Result<(), Refusal> {
        if self.takes_symbol(symbol) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn list<T>(&mut self, one: impl Fn(&mut Self) -> Result<T, Refusal>) -> Result<Vec<T>, Refusal> {
        let mut all = vec![one(self)?];
        while self.takes_symbol(",") {
            all.push(one(self)?);
        }
        Ok(all)
    }

    fn name(&mut self) -> Result<String, Refusal> {
        match self.peek() {
            Some(Token::Word(word)) if !KEYWORDS.contains(&word.to_ascii_lowercase().as_str()) => {}
            Some(Token::Name(_)) => {}
            _ => return Err(self.unexpected()),
        }
        match self.next()? {
            Token::Word(name) | Token::Name(name) => Ok(name),
            _ => Err(self.unexpected()),
        }
    }

    /// `a.b.c`, or `a['b']`.
    fn path(&mut self) -> Result<Vec<String>, Refusal> {
        let mut path = vec![self.name()?];
        loop {
            if self.takes_symbol(".") {
                path.push(self.name()?);
            } else if self.takes_symbol("[") {
                match self.next()? {
                    Token::Text(key) => path.push(key),
                    _ => {
                        self.at -= 1;
                        return Err(self.unexpected());
                    }
                }
                self.expect_symbol("]")?;
            } else {
                return Ok(path);
            }
        }
    }

    fn column(&mut self) -> Result<(String, Expression), Refusal> {
        let start = self.at;
        let expression = self.operand()?;
        let name = match self.takes("as") {
            true => self.name()?,
            false => self.tokens[start..self.at].iter().map(ToString::to_string).collect(),
        };
        Ok((name, expression))
    }

    fn where_(&mut self) -> Result<Expression, Refusal> {
        let condition = self.any()?;
        // An operator that is not known says more than the kind of what stands before it.
        match self.peek() {
            None | Some(Token::Symbol(";")) => condition.condition(),
            Some(next) if ["order", "limit", "offset"].iter().any(|word| is_keyword(next, word)) => {
                condition.condition()
            }
            Some(_) => Err(self.unexpected()),
        }
    }

    fn ordering(&mut self) -> Result<(Expression, Direction), Refusal> {
        let key = self.operand()?;
        if matches!(key, Expression::Constant(_)) {
            return Err("posthog-local does not order by a constant".to_owned());
        }
        if self.takes("desc") {
            return Ok((key, Direction::Descending));
        }
        self.takes("asc");
        Ok((key, Direction::Ascending))
    }

    fn count(&mut self) -> Result<usize, Refusal> {
        match self.operand()? {
            Expression::Constant(Value::Number(number)) if number.fract() == 0.0 && (0.0..1e15).contains(&number) => {
                Ok(number as usize)
            }
            _ => Err("LIMIT and OFFSET take whole numbers".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(query: &str) -> Result<Select, Refusal> {
        let values = json!({"event": "e", "since": "2026-01-02T00:00:00Z", "traces": ["a", "b"], "n": 7, "o": {}});
        select(query, &values, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn what_the_pull_asks_is_read() {
        for query in [
            "SELECT uuid, distinct_id, timestamp, properties FROM events WHERE event = {event} \
             AND timestamp >= toDateTime({since}) AND timestamp < toDateTime({since}) ORDER BY timestamp LIMIT 10",
            "select uuid, event, distinct_id, timestamp, created_at, properties from events \
             where event in ('$ai_generation', '$ai_evaluation') and (created_at, uuid) > (toDateTime64('2026-01-02 03:04:05.678', 6), \
             '0193b2c8-77aa-7000-8000-000000000001') and created_at < toDateTime({since}, 'UTC') \
             and (properties.$ai_is_error = true or properties['$ai_is_error'] != 'x') order by created_at, uuid desc limit {n} offset 2;",
            "SELECT uuid, input, output, output_choices, tools FROM posthog.ai_events \
             WHERE trace_id IN ({traces}) AND event = '$ai_generation' ORDER BY trace_id, timestamp LIMIT 200",
            "SELECT uuid FROM ai_events WHERE trace_id IN {traces} AND NOT is_error AND session_id IS NOT NULL",
            "SELECT toString(uuid) AS id FROM events WHERE uuid IN ('0193b2c8-77aa-7000-8000-000000000001') ORDER BY id",
            "SELECT events.uuid, `event` FROM events WHERE timestamp > '2026-01-02 00:00:00' AND not not (event = 'a')",
            "SELECT length(input) FROM posthog.ai_events WHERE length(ifNull(input, '')) > 5 AND trace_id NOT IN ['a']",
            "SELECT uuid FROM events WHERE JSONExtractRaw(properties, '$ai_is_error') IN ('true', '\"true\"') \
             AND JSONHas(properties, 'a', 'b') AND properties.n IN (1, 2) AND created_at <= now()",
        ] {
            assert!(read(query).is_ok(), "{query}: {:?}", read(query).err());
        }
        let limits = |query| read(query).map(|select| (select.limit, select.offset));
        assert_eq!(limits("SELECT uuid FROM events"), Ok((100, 0)));
        assert_eq!(limits("SELECT uuid FROM events LIMIT 60000 OFFSET 5"), Ok((50_000, 5)));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for (query, told) in [
            ("", "SELECT … FROM"),
            ("SELECT 1", "SELECT … FROM"),
            ("SELECT * FROM events", "'*'"),
            ("SELECT uuid FROM persons", "Unknown table `persons`."),
            ("SELECT uuid FROM posthog.events", "Unknown table"),
            ("SELECT nothing FROM events", "Unable to resolve field: nothing"),
            ("SELECT input FROM events", "Unable to resolve field: input"),
            ("SELECT created_at FROM posthog.ai_events", "Unable to resolve field: created_at"),
            ("SELECT uuid.x FROM events", "Unable to resolve field: uuid.x"),
            ("SELECT person.properties.email FROM events", "Unable to resolve field"),
            ("SELECT DISTINCT uuid FROM events", "DISTINCT"),
            ("SELECT uuid FROM events AS e", "AS"),
            ("SELECT uuid FROM events e", "does not understand e"),
            ("SELECT uuid, FROM events", "FROM"),
            ("SELECT count() FROM events", "function count"),
            ("SELECT uuid FROM events GROUP BY uuid", "GROUP"),
            ("SELECT uuid FROM events WHERE event LIKE 'a%'", "LIKE"),
            ("SELECT uuid FROM events WHERE event BETWEEN 'a' AND 'b'", "BETWEEN"),
            ("SELECT uuid FROM events WHERE event", "condition"),
            ("SELECT uuid FROM events WHERE event = 'a' OR event", "condition"),
            ("SELECT uuid FROM events WHERE NOT event", "condition"),
            ("SELECT uuid FROM events WHERE event = 1", "compare a text with a number"),
            ("SELECT uuid FROM events WHERE event = uuid", "compare a text with a UUID"),
            ("SELECT uuid FROM events WHERE uuid = 'x'", "UUID"),
            ("SELECT uuid FROM events WHERE uuid IN ('x')", "UUID"),
            ("SELECT uuid FROM events WHERE timestamp > '2026-01-02T00:00:00Z'", "toDateTime"),
            ("SELECT uuid FROM events WHERE timestamp > toDateTime64('2026-01-02T00:00:00Z', 6)", "toDateTime"),
            ("SELECT uuid FROM events WHERE timestamp > toDateTime(timestamp)", "constant text"),
            ("SELECT uuid FROM events WHERE timestamp > toDateTime('2026-01-02', 'Europe/Berlin')", "UTC"),
            ("SELECT uuid FROM events WHERE timestamp > 5", "compare a time with a number"),
            ("SELECT uuid FROM events WHERE timestamp < NULL", "null"),
            ("SELECT uuid FROM events WHERE (created_at, uuid) > (now())", "compare"),
            ("SELECT uuid FROM events WHERE event IN (SELECT event FROM events)", "SELECT"),
            ("SELECT uuid FROM events WHERE event IN (distinct_id)", "constants"),
            ("SELECT uuid FROM events WHERE event = {other}", "Placeholders not found in values: other"),
            ("SELECT uuid FROM events WHERE event = {o}", "Placeholders not found"),
            ("SELECT uuid FROM events WHERE event = 'a' 'b'", "'b'"),
            ("SELECT uuid FROM events WHERE (event = 'a'", "too early"),
            ("SELECT uuid FROM events ORDER BY 1", "constant"),
            ("SELECT uuid FROM events ORDER BY uuid NULLS FIRST", "NULLS"),
            ("SELECT uuid FROM events LIMIT 1.5", "whole"),
            ("SELECT uuid FROM events LIMIT 'x'", "whole"),
            ("SELECT uuid FROM events LIMIT 1 BY event", "BY"),
            ("SELECT uuid FROM events LIMIT 1, 2", ","),
            ("SELECT uuid FROM events; SELECT uuid FROM events", "SELECT"),
            ("INSERT INTO events FROM events", "INSERT"),
        ] {
            let refusal = read(query).err().unwrap_or_else(|| panic!("it is read: {query}"));
            assert!(refusal.contains(told), "{query}: {refusal}");
        }
        let nested = format!("SELECT uuid FROM events WHERE {}event = 'a'", "(".repeat(50_000));
        assert!(read(&nested).err().unwrap().contains("64 levels"));
    }
}
