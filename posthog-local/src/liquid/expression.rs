//! Expressions: a value with operators, followed by filters (`src/parser/tokenizer.ts`, `src/render/expression.ts`).

use serde_json::{Value as Json, json};

use super::{
    cursor::Cursor,
    filters::{self, Filter},
    scope::Scope,
    value::{self, Value},
};

/// The most parts of a range such as `(1..5)`.
const RANGE_MAX: f64 = 10_000.0;

/// A value that stands in a template.
#[derive(Debug)]
pub(super) enum Operand {
    /// A literal, or one of the words `nil`, `empty` and `blank`.
    Constant(Value),
    /// A variable and its properties.
    Path(String, Vec<Operand>),
    /// `(first..last)`
    Range(Box<Operand>, Box<Operand>),
}

#[derive(Debug)]
enum Term {
    Operand(Operand),
    Operator(&'static str),
}

/// The operators, with how tightly each binds. Of equal ones the right one binds first.
const OPERATORS: [(&str, u8); 10] = [
    ("==", 2),
    ("!=", 2),
    (">=", 2),
    ("<=", 2),
    (">", 2),
    ("<", 2),
    ("contains", 2),
    ("not", 1),
    ("and", 0),
    ("or", 0),
];

/// An expression with its filters.
#[derive(Debug)]
pub(super) struct Filtered {
    /// In postfix order.
    terms: Vec<Term>,
    filters: Vec<Call>,
}

#[derive(Debug)]
struct Call {
    filter: Filter,
    arguments: Vec<Operand>,
    named: Vec<(String, Operand)>,
}

impl Filtered {
    /// Reads an expression with its filters, to the end.
    ///
    /// # Errors
    /// It is none, or a filter is unknown.
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Self, String> {
        let terms = terms(cursor)?;
        let mut filters = Vec::new();
        loop {
            cursor.skip_blank();
            if cursor.is_at_end() {
                return Ok(Self { terms, filters });
            }
            if !cursor.takes("|") {
                return Err(format!("expected \"|\" before {:?}", cursor.rest()));
            }
            filters.push(Call::parse(cursor)?);
        }
    }

    pub(super) fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, String> {
        let mut stack = Vec::new();
        for term in &self.terms {
            let value = match term {
                Term::Operand(operand) => operand.evaluate(scope)?,
                Term::Operator(operator) => operate(operator, &mut stack),
            };
            stack.push(value);
        }
        let mut value = stack.into_iter().next().unwrap_or(Value::Undefined);
        for Call { filter, arguments, named } in &self.filters {
            let arguments = arguments.iter().map(|operand| operand.evaluate(scope)).collect::<Result<Vec<_>, _>>()?;
            let named = named.iter().map(|(name, operand)| Ok((name.as_str(), operand.evaluate(scope)?.into_json())));
            let arguments = filters::Arguments::new(arguments, named.collect::<Result<_, String>>()?);
            value = filter.apply(value, &arguments, scope.now())?;
        }
        Ok(value)
    }

    /// The value as a text for the message. It is escaped for HTML, unless the last filter is `raw`.
    pub(super) fn output(&self, scope: &Scope<'_>) -> Result<String, String> {
        let text = value::stringify(&self.evaluate(scope)?.into_json());
        let is_raw = self.filters.last().is_some_and(|call| call.filter.is_raw());
        Ok(if is_raw { text } else { filters::escape(&text) })
    }
}

impl Call {
    fn parse(cursor: &mut Cursor<'_>) -> Result<Self, String> {
        cursor.skip_blank();
        let name = cursor.identifier().ok_or("a filter's name is missing after \"|\"")?;
        let filter = Filter::named(name)?;
        let (mut arguments, mut named) = (Vec::new(), Vec::new());
        cursor.skip_blank();
        if cursor.takes(":") {
            loop {
                cursor.skip_blank();
                let start = *cursor;
                match cursor.identifier().filter(|_| {
                    cursor.skip_blank();
                    cursor.takes(":")
                }) {
                    Some(key) => {
                        let value = operand(cursor)?.ok_or_else(|| format!("{key} of the filter {name} is missing"))?;
                        named.push((key.to_owned(), value));
                    }
                    None => {
                        *cursor = start;
                        arguments.extend(operand(cursor)?);
                    }
                }
                cursor.skip_blank();
                if !cursor.takes(",") {
                    break;
                }
            }
        }
        filter.check(arguments.len())?;
        Ok(Self { filter, arguments, named })
    }
}

impl Operand {
    pub(super) fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, String> {
        match self {
            Self::Constant(value) => Ok(value.clone()),
            Self::Path(root, steps) => {
                let mut value = scope.get(root);
                for step in steps {
                    let key = step.evaluate(scope)?.into_json();
                    let Value::Json(json) = value else { return Ok(value) };
                    value = value::property(&json, &key);
                }
                Ok(value)
            }
            Self::Range(first, last) => {
                let number = |operand: &Self| Ok::<_, String>(crate::js::number(&operand.evaluate(scope)?.into_json()));
                let (first, last) = (number(first)?, number(last)?);
                if last - first > RANGE_MAX {
                    return Err(format!("a range has more than {RANGE_MAX} parts"));
                }
                let mut parts = Vec::new();
                let mut part = first;
                while part <= last {
                    parts.push(value::number(part));
                    part += 1.0;
                }
                Ok(Value::Json(Json::Array(parts)))
            }
        }
    }
}

fn operate(operator: &str, stack: &mut Vec<Value>) -> Value {
    let mut pop = || stack.pop().unwrap_or(Value::Undefined);
    let right = pop();
    let holds = match operator {
        "not" => !right.is_truthy(),
        "and" => pop().is_truthy() && right.is_truthy(),
        "or" => pop().is_truthy() || right.is_truthy(),
        "==" => value::equal(&pop(), &right),
        "!=" => !value::equal(&pop(), &right),
        "<" => value::order(&pop(), &right).is_some_and(std::cmp::Ordering::is_lt),
        "<=" => value::order(&pop(), &right).is_some_and(std::cmp::Ordering::is_le),
        ">" => value::order(&pop(), &right).is_some_and(std::cmp::Ordering::is_gt),
        ">=" => value::order(&pop(), &right).is_some_and(std::cmp::Ordering::is_ge),
        _ => value::contains(&pop(), &right),
    };
    Value::Json(json!(holds))
}

/// The operands and operators of an expression, in postfix order.
fn terms(cursor: &mut Cursor<'_>) -> Result<Vec<Term>, String> {
    let (mut terms, mut waiting) = (Vec::new(), Vec::<(&'static str, u8)>::new());
    loop {
        if let Some(next) = operator(cursor) {
            while let Some(top) = waiting.pop_if(|top| top.1 > next.1) {
                terms.push(Term::Operator(top.0));
            }
            waiting.push(next);
        } else if let Some(operand) = operand(cursor)? {
            terms.push(Term::Operand(operand));
        } else {
            break;
        }
    }
    if terms.is_empty() {
        return Err(format!("invalid value expression: {:?}", cursor.rest()));
    }
    terms.extend(waiting.into_iter().rev().map(|(name, _)| Term::Operator(name)));
    Ok(terms)
}

fn operator(cursor: &mut Cursor<'_>) -> Option<(&'static str, u8)> {
    cursor.skip_blank();
    OPERATORS.into_iter().find(|(name, _)| match name.as_bytes()[0].is_ascii_alphabetic() {
        true => cursor.takes_word(name),
        false => cursor.takes(name),
    })
}

/// Reads a value, if there is one.
///
/// # Errors
/// A text, a range or a bracket is not closed.
pub(super) fn operand(cursor: &mut Cursor<'_>) -> Result<Option<Operand>, String> {
    cursor.skip_blank();
    let constant = |json: Json| Operand::Constant(Value::Json(json));
    let first = if let Some(text) = cursor.quoted()? {
        constant(text.into())
    } else if let Some(number) = cursor.number() {
        return Ok(Some(constant(value::number(number))));
    } else if cursor.takes("(") {
        let mut part = || operand(cursor)?.ok_or_else(|| "a range needs two values, as in (1..5)".to_owned());
        let first = part()?;
        cursor.skip_blank();
        if !cursor.takes("..") {
            return Err("expected \"..\" within a range".to_owned());
        }
        let last = operand(cursor)?.ok_or("a range needs two values, as in (1..5)")?;
        cursor.skip_blank();
        if !cursor.takes(")") {
            return Err("a range is not closed".to_owned());
        }
        return Ok(Some(Operand::Range(Box::new(first), Box::new(last))));
    } else if let Some(name) = cursor.identifier() {
        let steps = steps(cursor)?;
        return Ok(Some(match name {
            _ if !steps.is_empty() => Operand::Path(name.to_owned(), steps),
            "true" => constant(true.into()),
            "false" => constant(false.into()),
            "nil" | "null" => Operand::Constant(Value::Nil),
            "empty" => Operand::Constant(Value::Empty),
            "blank" => Operand::Constant(Value::Blank),
            name => Operand::Path(name.to_owned(), steps),
        }));
    } else {
        return Ok(None);
    };
    Ok(Some(first))
}

fn steps(cursor: &mut Cursor<'_>) -> Result<Vec<Operand>, String> {
    let mut steps = Vec::new();
    loop {
        if cursor.takes("[") {
            let key = operand(cursor)?.ok_or("a key is missing between [ and ]")?;
            cursor.skip_blank();
            if !cursor.takes("]") {
                return Err("a [ is not closed".to_owned());
            }
            steps.push(key);
        } else if !cursor.rest().starts_with("..") && cursor.takes(".") {
            match cursor.identifier() {
                Some(name) => steps.push(Operand::Constant(Value::Json(name.into()))),
                // As in `a.b.`: liquidjs ignores the last dot.
                None => return Ok(steps),
            }
        } else {
            return Ok(steps);
        }
    }
}
