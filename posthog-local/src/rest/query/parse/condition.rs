//! The conditions and values of a query, from the loosest binding (OR) to the tightest (a name, a constant, a call).

use serde_json::Value as Json;

use super::{DEPTH_MAX, Parser};
use crate::rest::query::{
    call::call,
    compare::{compare, is_in},
    expression::{Comparison, Expression},
    refusal::Refusal,
    token::Token,
    value::Value,
};

impl Parser<'_> {
    pub(super) fn any(&mut self) -> Result<Expression, Refusal> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(format!("posthog-local reads conditions of at most {DEPTH_MAX} levels"));
        }
        let mut parts = vec![self.all()?];
        while self.takes("or") {
            parts.push(self.all()?);
        }
        self.depth -= 1;
        joined(parts, Expression::Any)
    }

    fn all(&mut self) -> Result<Expression, Refusal> {
        let mut parts = vec![self.not()?];
        while self.takes("and") {
            parts.push(self.not()?);
        }
        joined(parts, Expression::All)
    }

    fn not(&mut self) -> Result<Expression, Refusal> {
        let mut is_negated = false;
        while self.takes("not") {
            is_negated = !is_negated;
        }
        let comparison = self.comparison()?;
        // Two NOTs say that it is a condition, too.
        if is_negated { Ok(Expression::Not(Box::new(comparison.condition()?))) } else { Ok(comparison) }
    }

    fn comparison(&mut self) -> Result<Expression, Refusal> {
        let left = self.operand()?;
        if self.takes("is") {
            let is_negated = self.takes("not");
            self.expect("null")?;
            return Ok(negated(Expression::IsNull(Box::new(left)), is_negated));
        }
        let is_negated = self.takes("not");
        if self.takes("in") {
            let right = self.operand()?;
            return Ok(negated(is_in(left, right)?, is_negated));
        }
        if is_negated {
            return Err(self.unexpected());
        }
        let comparison = match self.peek() {
            Some(Token::Symbol(symbol)) => Comparison::of(symbol),
            _ => None,
        };
        let Some(comparison) = comparison else { return Ok(left) };
        self.at += 1;
        let right = self.operand()?;
        compare(comparison, left, right)
    }

    pub(super) fn operand(&mut self) -> Result<Expression, Refusal> {
        let constant = |value| Ok(Expression::Constant(value));
        match self.peek().cloned() {
            Some(Token::Text(text)) => {
                self.at += 1;
                constant(Value::text(text))
            }
            Some(Token::Number(number)) => {
                self.at += 1;
                constant(Value::Number(number))
            }
            Some(Token::Placeholder(name)) => {
                self.at += 1;
                let value = self.values.get(&name).filter(|value| !value.is_object());
                let value = value.ok_or_else(|| format!("Placeholders not found in values: {name}"))?;
                constant(of_json(value)?)
            }
            Some(Token::Symbol("(")) => {
                self.at += 1;
                let mut parts = self.list(Parser::any)?;
                self.expect_symbol(")")?;
                match parts.len() {
                    1 => Ok(parts.remove(0)),
                    _ => Ok(Expression::Tuple(parts)),
                }
            }
            Some(Token::Symbol("[")) => {
                self.at += 1;
                let parts = if self.takes_symbol("]") {
                    return Ok(Expression::Tuple(Vec::new()));
                } else {
                    self.list(Parser::any)?
                };
                self.expect_symbol("]")?;
                Ok(Expression::Tuple(parts))
            }
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false") => {
                self.at += 1;
                constant(Value::Bool(word.eq_ignore_ascii_case("true")))
            }
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("null") => {
                self.at += 1;
                constant(Value::Null)
            }
            _ => self.named(),
        }
    }

    /// A column, a column of the answer, or a call.
    pub(super) fn named(&mut self) -> Result<Expression, Refusal> {
        let path = self.path()?;
        let [name] = path.as_slice() else { return self.table.column(&path).map(Expression::Column) };
        if self.takes_symbol("(") {
            let arguments = if self.takes_symbol(")") {
                Vec::new()
            } else {
                let arguments = self.list(Parser::any)?;
                self.expect_symbol(")")?;
                arguments
            };
            return call(name, arguments, self.now);
        }
        match self.aliases.get(name) {
            Some(column) => Ok(column.clone()),
            None => self.table.column(&path).map(Expression::Column),
        }
    }
}

/// One part alone may be of any kind; several are conditions.
fn joined(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Result<Expression, Refusal> {
    if parts.len() == 1 {
        return Ok(parts.remove(0));
    }
    Ok(join(parts.into_iter().map(Expression::condition).collect::<Result<_, _>>()?))
}

fn negated(condition: Expression, is_negated: bool) -> Expression {
    if is_negated { Expression::Not(Box::new(condition)) } else { condition }
}

/// A placeholder's value.
fn of_json(value: &Json) -> Result<Value<'static>, Refusal> {
    Ok(match value {
        Json::Null => Value::Null,
        Json::Bool(bool) => Value::Bool(*bool),
        Json::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        Json::String(text) => Value::text(text.clone()),
        Json::Array(values) => Value::Tuple(values.iter().map(of_json).collect::<Result<_, _>>()?),
        Json::Object(_) => return Err("a placeholder's value cannot be an object".to_owned()),
    })
}
