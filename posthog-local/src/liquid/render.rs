//! Renders nodes (`src/render/render.ts`, `src/tags/`).

use serde_json::{Value as Json, json};

use super::{
    parse::{Loop, Node, Offset},
    scope::Scope,
    value::{self, Value},
};
use crate::js;

/// What follows a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    On,
    Break,
    Continue,
}

/// Renders nodes into `text`.
///
/// # Errors
/// A filter does not take its value, or the text becomes too long.
pub(super) fn render(nodes: &[Node], scope: &mut Scope<'_>, text: &mut String) -> Result<Flow, String> {
    for node in nodes {
        scope.step(text.len())?;
        let flow = one(node, scope, text)?;
        if flow != Flow::On {
            return Ok(flow);
        }
    }
    Ok(Flow::On)
}

fn one(node: &Node, scope: &mut Scope<'_>, text: &mut String) -> Result<Flow, String> {
    match node {
        Node::Text(plain) => text.push_str(plain),
        Node::Output(output) => text.push_str(&output.output(scope)?),
        Node::Assign(name, expression) => {
            let value = expression.evaluate(scope)?.into_json();
            scope.assign(name, value);
        }
        Node::Capture(name, body) => {
            let mut captured = String::new();
            let flow = render(body, scope, &mut captured)?;
            scope.assign(name, captured.into());
            return Ok(flow);
        }
        Node::If(branches) => {
            for branch in branches {
                let holds = match &branch.condition {
                    Some(condition) => condition.evaluate(scope)?.is_truthy() != branch.is_negated,
                    None => true,
                };
                if holds {
                    return render(&branch.body, scope, text);
                }
            }
        }
        Node::Case(expression, branches, otherwise) => {
            let wanted = Value::Json(expression.evaluate(scope)?.into_json());
            let mut is_hit = false;
            for (values, body) in branches {
                for operand in values {
                    if value::equal(&wanted, &operand.evaluate(scope)?) {
                        is_hit = true;
                        let flow = render(body, scope, text)?;
                        if flow != Flow::On {
                            return Ok(flow);
                        }
                        break;
                    }
                }
            }
            if !is_hit {
                return render(otherwise, scope, text);
            }
        }
        Node::For(loop_) => return for_each(loop_, scope, text),
        Node::Cycle(name, candidates) => {
            let register = scope.register(name.clone());
            let at = register.as_u64().unwrap_or_default() as usize;
            *register = json!((at + 1) % candidates.len());
            text.push_str(&candidates[at].output(scope)?);
        }
        Node::Increment(name) => {
            let counter = scope.counter(name);
            text.push_str(&counter.to_string());
            *counter = json!(counter.as_i64().unwrap_or_default() + 1);
        }
        Node::Decrement(name) => {
            let counter = scope.counter(name);
            *counter = json!(counter.as_i64().unwrap_or_default() - 1);
            text.push_str(&counter.to_string());
        }
        Node::Break => return Ok(Flow::Break),
        Node::Continue => return Ok(Flow::Continue),
    }
    Ok(Flow::On)
}

fn for_each(loop_: &Loop, scope: &mut Scope<'_>, text: &mut String) -> Result<Flow, String> {
    let mut items = value::enumerated(loop_.collection.evaluate(scope)?.into_json());
    if items.is_empty() {
        return render(&loop_.otherwise, scope, text);
    }
    let register = format!("continue-{}-{}", loop_.variable, loop_.name);
    let offset = match &loop_.offset {
        None => 0,
        Some(Offset::Continue) => scope.register(register.clone()).as_u64().unwrap_or_default() as usize,
        Some(Offset::At(operand)) => js::number(&operand.evaluate(scope)?.into_json()).max(0.0) as usize,
    };
    items.drain(..offset.min(items.len()));
    if let Some(limit) = &loop_.limit {
        items.truncate(js::number(&limit.evaluate(scope)?.into_json()).max(0.0) as usize);
    }
    if loop_.is_reversed {
        items.reverse();
    }
    *scope.register(register) = json!(offset + items.len());

    scope.push();
    let length = items.len();
    for (index, item) in items.into_iter().enumerate() {
        scope.set(&loop_.variable, item);
        scope.set("forloop", forloop(index, length, loop_));
        if render(&loop_.body, scope, text)? == Flow::Break {
            break;
        }
    }
    scope.pop();
    Ok(Flow::On)
}

fn forloop(index: usize, length: usize, loop_: &Loop) -> Json {
    json!({
        "index": index + 1, "index0": index, "rindex": length - index, "rindex0": length - index - 1,
        "first": index == 0, "last": index + 1 == length, "length": length,
        "name": format!("{}-{}", loop_.variable, loop_.name),
    })
}
