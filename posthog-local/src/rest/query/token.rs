//! The words of a query.

use super::refusal::Refusal;

/// A word of a query.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A keyword or a name.
    Word(String),
    /// A name in double quotes or backticks, which is no keyword.
    Name(String),
    /// A text in single quotes.
    Text(String),
    /// A number.
    Number(f64),
    /// `{name}`.
    Placeholder(String),
    /// An operator or a bracket.
    Symbol(&'static str),
}

/// The longer ones first.
const SYMBOLS: [&str; 15] = ["<=", ">=", "!=", "<>", "==", "=", "<", ">", "(", ")", "[", "]", ",", ".", ";"];

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(word) | Self::Name(word) => f.write_str(word),
            Self::Text(text) => write!(f, "'{text}'"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Placeholder(name) => write!(f, "{{{name}}}"),
            Self::Symbol(symbol) => f.write_str(symbol),
        }
    }
}

/// Splits a query into its words.
///
/// # Errors
/// A text or a placeholder does not end, or a character has no meaning.
pub(super) fn tokens(query: &str) -> Result<Vec<Token>, Refusal> {
    let mut tokens = Vec::new();
    let mut rest = query.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '\'' => quoted(rest, '\'').map(|(text, after)| (Token::Text(text), after))?,
            '"' | '`' => quoted(rest, first).map(|(name, after)| (Token::Name(name), after))?,
            '{' => {
                let (name, after) = rest[1..].split_once('}').ok_or("a { is not closed")?;
                (Token::Placeholder(name.trim().to_owned()), after)
            }
            '0'..='9' => number(rest)?,
            _ if is_of_name(first) => {
                let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
                (Token::Word(rest[..end].to_owned()), &rest[end..])
            }
            _ => {
                let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
                let symbol = symbol.ok_or_else(|| format!("posthog-local does not understand {first:?} in a query"))?;
                (Token::Symbol(symbol), &rest[symbol.len()..])
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// The text between quotes, and what follows. A quote in it is doubled or escaped.
fn quoted(text: &str, quote: char) -> Result<(String, &str), Refusal> {
    let mut inner = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => inner.push(match chars.next().map(|(_, escaped)| escaped) {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('0') => '\0',
                Some(literal @ ('\\' | '\'' | '"' | '`')) => literal,
                _ => return Err("a text has an escape that posthog-local does not know".to_owned()),
            }),
            _ if c != quote => inner.push(c),
            _ if chars.next_if(|(_, next)| *next == quote).is_some() => inner.push(quote),
            _ => return Ok((inner, &text[at + 1..])),
        }
    }
    Err(format!("a {quote} is not closed"))
}

fn number(text: &str) -> Result<(Token, &str), Refusal> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (digits, after) = text.split_at(end);
    let is_name = after.chars().next().is_some_and(is_of_name);
    let number = digits.parse().ok().filter(|_| !is_name);
    number.map(|number| (Token::Number(number), after)).ok_or_else(|| format!("{digits}… is not a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_split_into_its_words() {
        let text = |text: &str| Token::Text(text.to_owned());
        for (query, expected) in [
            ("'it''s'", vec![text("it's")]),
            (r"'it\'s \\ \n'", vec![text("it's \\ \n")]),
            ("''", vec![text("")]),
            ("a>=1.5", vec![Token::Word("a".into()), Token::Symbol(">="), Token::Number(1.5)]),
            (
                "properties.$ai_model = { x }",
                vec![
                    Token::Word("properties".into()),
                    Token::Symbol("."),
                    Token::Word("$ai_model".into()),
                    Token::Symbol("="),
                    Token::Placeholder("x".into()),
                ],
            ),
            ("`a b`, \"c\"", vec![Token::Name("a b".into()), Token::Symbol(","), Token::Name("c".into())]),
        ] {
            assert_eq!(tokens(query), Ok(expected), "{query}");
        }
        for wrong in ["'open", "{open", r"'\x41'", "1x", "1.2.3", "a + b", "a -- b", "a /* b */", "a # b", "é"] {
            assert!(tokens(wrong).is_err(), "{wrong}");
        }
    }
}
