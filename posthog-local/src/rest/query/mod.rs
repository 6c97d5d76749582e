//! `query`: a part of HogQL, over the stored events (`posthog/api/query.py`). A receiver asks it for what it missed, and
//! for the content that destinations do not see.
//!
//! A query selects columns of one table, `events` or `posthog.ai_events`, with conditions, an order and a limit. It is
//! read in steps, one module for each: [`token`] and [`parse`] make [expressions](expression) of the text, over the
//! columns of a [`table`]; [`rows`] finds and orders the rows. Every type is checked before a row is looked at.
//!
//! There is no HogQL engine: what these modules do not know (joins, aggregates, most functions) is refused with status
//! 400, and is never read as something else. The values of `{placeholders}` are in `values`, as in PostHog.

mod bounds;
mod call;
mod compare;
mod expression;
pub(super) mod faults;
mod function;
mod list;
mod parse;
mod refusal;
mod rows;
mod select;
mod table;
mod time;
mod token;
mod value;

use actix_web::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::json;

use super::{
    call::{Answer, Call},
    error::ApiError,
};
use crate::pipeline::Pipeline;

/// The limit of a query's body, in bytes. The values of its placeholders may be thousands of UUIDs, for which the other
/// routes' limit is too small.
pub(super) const BODY_BYTES_MAX: usize = 1024 * 1024;

pub(super) fn query(pipeline: &Pipeline, call: &Call) -> Answer {
    if call.method != Method::POST {
        return Err(call.not_allowed());
    }
    let body = call.body.get("query").ok_or_else(|| ApiError::required("query"))?;
    let text = body["query"].as_str().filter(|_| body["kind"] == "HogQLQuery");
    let text =
        text.ok_or_else(|| ApiError::invalid("query", "posthog-local only answers queries of kind HogQLQuery"))?;
    let now = Timestamp::now();
    let select = parse::select(text, &body["values"], now).map_err(|refusal| ApiError::invalid("query", refusal))?;

    let heavy_delay = pipeline.faults.current().heavy_delay();
    let created = select.condition.as_ref().map_or(i64::MIN..=i64::MAX, bounds::created);
    let page = pipeline.store.query(created, |entries| rows::page(&select, entries, now, heavy_delay));
    Ok((
        StatusCode::OK,
        json!({
            "columns": select.columns.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            "results": page.rows, "hasMore": page.has_more, "limit": select.limit, "offset": select.offset,
            "is_cached": false, "error": null,
        }),
    ))
}
