//! Finds names of persons by the words before them (titles, greetings, `name:`, `my name is`) and by the dictionary.
//!
//! A name alone identifies nobody, and prompts are full of names of poets and heroes. So a name of the dictionary counts only in two
//! kinds of text: in a record, which is a text that holds other personal data, and in a short text, which is about the person it
//! names. In a long text without personal data, a story or an article, names stay. A text that asks for a piece of work
//! ("Summarize this letter: Dear Jane …") is no record of anybody; a first name alone stays there even if the text is short.

mod announced;
mod columns;
mod complete;
mod context;
mod dictionary;
pub(crate) mod east_asian;
mod keyed;
mod letters;
mod lower_case;
pub(crate) mod model;
mod public_figures;
mod request;
mod vcard;

#[cfg(feature = "training")]
pub(crate) use self::model::training;

use self::{context::Context, model::Model};
use crate::{
    scan::{Scanned, Token, is_han, is_kana, trigger_words as trigger},
    span::{Kind, Span},
};

/// Finds the names. `spans` must hold what all other finders found: it decides whether the text is a record.
///
/// Takes dates of birth out of `spans` again if the text tells of a public figure and of nobody else, and the figure's name.
pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let context = Context::new(scanned, spans);
    let model = Model::new(&context);
    let mut next = 0;
    // Where the last table ends, and the last value of a key. Nothing is looked for within either.
    let mut done = 0;
    let mut no_header_until = 0;
    for &anchor in &scanned.name_anchors {
        let index = anchor as usize;
        let token = &scanned.tokens[index];
        if index < next || token.start() < done {
            continue;
        }
        if token.has(trigger::NAME) {
            if token.start() >= no_header_until && context.ends_cell(index) {
                match context.columns(index, spans) {
                    Ok(end) => {
                        done = end;
                        continue;
                    }
                    Err(end) => no_header_until = end,
                }
            }
            if let Some(range) = context.after_person_key(index) {
                done = range.end;
                spans.push(Span { range, kind: Kind::Person, why: "the value of a key that only persons have" });
                continue;
            }
        }
        if let Some((first, last, why)) = name_at(&context, &model, index) {
            let range = scanned.tokens[first].start()..scanned.tokens[last].end();
            spans.push(Span { range, kind: Kind::Person, why });
            next = last + 1;
        }
    }
    context.letters(spans);
    context.lower_case(&model, spans);
    model.find(spans);
    if scanned.has_other_script {
        east_asian::find(scanned, spans);
        if context.is_record {
            pair_of_words(scanned, spans);
        }
    }
    vcard::find(scanned, spans);
    complete::complete(scanned, spans, context.is_record);
    let has_birth = spans.iter().any(|span| span.kind == Kind::DateOfBirth);
    if has_birth && !context.is_record && context.tells_of_public_figure() {
        let is_famous =
            |span: &Span| span.kind == Kind::Person && public_figures::is_known_name(&scanned.text[span.range.clone()]);
        spans.retain(|span| span.kind != Kind::DateOfBirth && !is_famous(span));
    }
}

/// The first and the last token of the name that the token `index` begins or announces, and which rule found it. The first rule
/// that applies decides.
fn name_at(context: &Context, model: &Model, index: usize) -> Option<(usize, usize, &'static str)> {
    let token = &context.scanned.tokens[index];
    let is_about_someone = context.is_record || context.is_short;
    let because = |name: Option<(usize, usize)>, why| name.map(|(first, last)| (first, last, why));
    let when = |holds: bool| holds.then_some(());

    let titled = when(token.has(trigger::TITLE) && token.shape.is_capitalised() && is_about_someone)
        .and_then(|()| Some((index, context.after_title(index)?)))
        .filter(|(first, last)| !context.is_public(*first, *last));
    let titled = because(titled, "a title before a name");
    let keyed = || {
        let keyed = when(token.has(trigger::NAME)).and_then(|()| context.after_key(index));
        because(keyed, "the value of a key for names")
    };
    let greeted = || {
        let greeted =
            when(token.has(trigger::GREETING) && is_about_someone).and_then(|()| context.after_greeting(index));
        because(greeted, "a name in a greeting or a signature")
    };
    let speaks = || {
        let speaks = when(token.has(trigger::SPEAKS) && context.is_short).and_then(|()| context.after_verb(index));
        because(speaks, "a name after a verb of persons")
    };
    let acts = || {
        let has_role = token.has(trigger::ROLE | trigger::BY) && is_about_someone;
        let acts = when(has_role).and_then(|()| context.after_role(index));
        because(acts.filter(|(first, last)| model.confirms(*first, *last)), "a name after the role of a person")
    };
    let introduced = || {
        let introduced = context.introduced(index).filter(|_| context.is_record || !context.is_fiction);
        because(introduced, "a name in an introduction")
    };
    let known = || {
        // Beste is a Turkish name, and Dutch for `dear`.
        let greets = token.has(trigger::SALUTATION)
            && context
                .scanned
                .tokens
                .get(index + 1)
                .is_some_and(|next| next.has(trigger::FORM_OF_ADDRESS | trigger::TITLE));
        let known =
            when(token.names.is_given() && is_about_someone && !greets).and_then(|()| context.in_dictionary(index));
        known.filter(|(first, last, _)| !context.is_part_of_public(*first, *last) && model.confirms(*first, *last))
    };
    titled.or_else(keyed).or_else(greeted).or_else(speaks).or_else(acts).or_else(introduced).or_else(known)
}

/// `隆 田中`: in a record, two short words of Chinese or Japanese with a space between them, one of which is known as a name. These
/// scripts write a space nowhere else but between columns.
fn pair_of_words(scanned: &Scanned, spans: &mut Vec<Span>) {
    let is_part = |token: &Token| {
        let text = &scanned.text[token.range()];
        token.len() <= 12 && text.chars().all(|c| is_han(c) || is_kana(c))
    };
    let is_known = |token: &Token| token.names.is_name() || east_asian::is_surname(&scanned.text[token.range()]);
    for index in 1..scanned.tokens.len() {
        let (first, second) = (&scanned.tokens[index - 1], &scanned.tokens[index]);
        if second.start() - first.end() == 1
            && scanned.gap(index - 1) == " "
            && is_part(first)
            && is_part(second)
            && (is_known(first) || is_known(second))
        {
            let range = first.start()..second.end();
            spans.push(Span { range, kind: Kind::Person, why: "two words in characters of a name" });
        }
    }
}
