//! Makes nodes of a template's text (`src/parser/`, `src/tags/`).

use super::{
    cursor::Cursor,
    expression::{Filtered, Operand, operand},
    segment::{Segment, Tag, segments},
};

/// Tags of liquidjs that posthog-local does not have. The first four need files, which PostHog does not give them.
const ABSENT: [&str; 5] = ["include", "render", "layout", "block", "tablerow"];

/// A part of a template.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    Output(Filtered),
    Assign(String, Filtered),
    Capture(String, Vec<Node>),
    /// The first branch whose condition holds is rendered.
    If(Vec<Branch>),
    Case(Filtered, Vec<(Vec<Operand>, Vec<Node>)>, Vec<Node>),
    For(Box<Loop>),
    Cycle(String, Vec<Filtered>),
    Increment(String),
    Decrement(String),
    Break,
    Continue,
}

/// A branch of `if` or `unless`.
#[derive(Debug)]
pub(super) struct Branch {
    /// `None` is `else`.
    pub(super) condition: Option<Filtered>,
    /// Whether the condition must not hold.
    pub(super) is_negated: bool,
    pub(super) body: Vec<Node>,
}

/// A `for`.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) variable: String,
    pub(super) collection: Operand,
    /// The collection as it is written.
    pub(super) name: String,
    pub(super) offset: Option<Offset>,
    pub(super) limit: Option<Operand>,
    pub(super) is_reversed: bool,
    pub(super) body: Vec<Node>,
    pub(super) otherwise: Vec<Node>,
}

/// Where a loop begins.
#[derive(Debug)]
pub(super) enum Offset {
    At(Operand),
    /// Where the last loop over the same collection ended.
    Continue,
}

/// Parses a template.
///
/// # Errors
/// It is none, or it has a tag or a filter that posthog-local does not know.
pub(super) fn parse(source: &str) -> Result<Vec<Node>, String> {
    let segments = segments(source)?;
    let mut parser = Parser { segments: segments.into_iter() };
    let (nodes, end) = parser.nodes(&[])?;
    match end {
        Some(tag) => Err(format!("the tag {} has no beginning", tag.name)),
        None => Ok(nodes),
    }
}

struct Parser<'a> {
    segments: std::vec::IntoIter<Segment<'a>>,
}

impl<'a> Parser<'a> {
    /// The nodes up to one of the tags in `ends`, and that tag. Without `ends`, up to the end.
    fn nodes(&mut self, ends: &[&str]) -> Result<(Vec<Node>, Option<Tag<'a>>), String> {
        let mut nodes = Vec::new();
        while let Some(segment) = self.segments.next() {
            match segment {
                Segment::Text(text) => nodes.push(Node::Text(text.to_owned())),
                Segment::Output(source) => nodes.push(Node::Output(filtered(source)?)),
                Segment::Tag(tag) if ends.contains(&tag.name) => return Ok((nodes, Some(tag))),
                Segment::Tag(tag) => nodes.extend(self.tag(tag)?),
            }
        }
        if ends.is_empty() { Ok((nodes, None)) } else { Err(format!("{} is missing", ends[ends.len() - 1])) }
    }

    fn body(&mut self, end: &str) -> Result<Vec<Node>, String> {
        self.nodes(&[end]).map(|(nodes, _)| nodes)
    }

    fn tag(&mut self, tag: Tag<'a>) -> Result<Option<Node>, String> {
        let mut cursor = Cursor::new(tag.arguments);
        let name = |cursor: &mut Cursor<'_>| {
            cursor.skip_blank();
            let name = cursor.identifier().map(str::to_owned);
            name.ok_or_else(|| format!("the tag {} needs a name", tag.name))
        };
        Ok(Some(match tag.name {
            "assign" => {
                let variable = name(&mut cursor)?;
                cursor.skip_blank();
                if !cursor.takes("=") {
                    return Err("expected \"=\" in assign".to_owned());
                }
                Node::Assign(variable, Filtered::parse(&mut cursor)?)
            }
            "capture" => {
                cursor.skip_blank();
                let variable = match cursor.quoted()? {
                    Some(variable) => variable,
                    None => name(&mut cursor)?,
                };
                Node::Capture(variable, self.body("endcapture")?)
            }
            "if" | "unless" => Node::If(self.branches(&tag)?),
            "case" => self.case(&tag)?,
            "for" => self.for_(&tag)?,
            "cycle" => cycle(tag.arguments)?,
            "increment" => Node::Increment(name(&mut cursor)?),
            "decrement" => Node::Decrement(name(&mut cursor)?),
            "break" => Node::Break,
            "continue" => Node::Continue,
            "echo" if tag.arguments.trim().is_empty() => return Ok(None),
            "echo" => Node::Output(filtered(tag.arguments)?),
            absent if ABSENT.contains(&absent) => {
                return Err(format!("posthog-local does not support the Liquid tag {absent}"));
            }
            unknown => return Err(format!("unknown Liquid tag {unknown}")),
        }))
    }

    fn branches(&mut self, tag: &Tag<'a>) -> Result<Vec<Branch>, String> {
        let end = if tag.name == "if" { "endif" } else { "endunless" };
        let mut branches = Vec::new();
        let mut condition = Some(filtered(tag.arguments)?);
        let mut is_negated = tag.name == "unless";
        loop {
            let is_last = condition.is_none();
            let ends: &[&str] = if is_last { &[end] } else { &["elsif", "else", end] };
            let (body, next) = self.nodes(ends)?;
            branches.push(Branch { condition: condition.take(), is_negated, body });
            is_negated = false;
            match next {
                Some(next) if next.name == "elsif" => condition = Some(filtered(next.arguments)?),
                Some(next) if next.name == "else" => {}
                _ => return Ok(branches),
            }
        }
    }

    fn case(&mut self, tag: &Tag<'a>) -> Result<Node, String> {
        let value = filtered(tag.arguments)?;
        // What stands before the first `when` is not rendered.
        let (_, mut next) = self.nodes(&["when", "else", "endcase"])?;
        let (mut branches, mut otherwise) = (Vec::new(), Vec::new());
        while let Some(tag) = next.filter(|tag| tag.name != "endcase") {
            let (body, after) = self.nodes(&["when", "else", "endcase"])?;
            if tag.name == "when" {
                branches.push((when(tag.arguments)?, body));
            } else {
                otherwise = body;
            }
            next = after;
        }
        Ok(Node::Case(value, branches, otherwise))
    }

    fn for_(&mut self, tag: &Tag<'a>) -> Result<Node, String> {
        let illegal = || format!("illegal tag: for {}", tag.arguments);
        let mut cursor = Cursor::new(tag.arguments);
        cursor.skip_blank();
        let variable = cursor.identifier().ok_or_else(illegal)?.to_owned();
        cursor.skip_blank();
        if !cursor.takes_word("in") {
            return Err(illegal());
        }
        cursor.skip_blank();
        let before = cursor.rest();
        let collection = operand(&mut cursor)?.ok_or_else(illegal)?;
        let name = before[..before.len() - cursor.rest().len()].to_owned();
        let (mut offset, mut limit, mut is_reversed) = (None, None, false);
        loop {
            cursor.skip_blank();
            _ = cursor.takes(",");
            cursor.skip_blank();
            let Some(modifier) = cursor.identifier() else { break };
            cursor.skip_blank();
            match modifier {
                "reversed" => is_reversed = true,
                "limit" if cursor.takes(":") => limit = operand(&mut cursor)?,
                "offset" if cursor.takes(":") => {
                    cursor.skip_blank();
                    offset = match cursor.takes_word("continue") {
                        true => Some(Offset::Continue),
                        false => operand(&mut cursor)?.map(Offset::At),
                    };
                }
                _ => return Err(illegal()),
            }
        }
        let (body, next) = self.nodes(&["else", "endfor"])?;
        let has_else = next.is_some_and(|tag| tag.name == "else");
        let otherwise = if has_else { self.body("endfor")? } else { Vec::new() };
        Ok(Node::For(Box::new(Loop { variable, collection, name, offset, limit, is_reversed, body, otherwise })))
    }
}

fn filtered(source: &str) -> Result<Filtered, String> {
    Filtered::parse(&mut Cursor::new(source))
}

/// The values of a `when`, between commas or the word `or`.
fn when(source: &str) -> Result<Vec<Operand>, String> {
    let mut cursor = Cursor::new(source);
    let mut values = Vec::new();
    while let Some(value) = operand(&mut cursor)? {
        values.push(value);
        cursor.skip_blank();
        if !cursor.takes(",") && !cursor.takes_word("or") {
            break;
        }
    }
    cursor.skip_blank();
    if values.is_empty() || !cursor.is_at_end() {
        return Err(format!("illegal tag: when {source}"));
    }
    Ok(values)
}

fn cycle(source: &str) -> Result<Node, String> {
    let mut cursor = Cursor::new(source);
    let mut after = cursor;
    // A group stands before a colon.
    let has_group = operand(&mut after)?.is_some() && {
        after.skip_blank();
        after.takes(":")
    };
    if has_group {
        cursor = after;
    }
    let candidates = cursor.rest().split(',').map(filtered).collect::<Result<Vec<_>, _>>()?;
    Ok(Node::Cycle(format!("cycle:{source}"), candidates))
}
