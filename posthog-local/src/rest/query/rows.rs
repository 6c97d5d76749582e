//! Finds the rows of a query, orders them, and makes the answer's page of them.

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::{
    select::{Direction, Select},
    value::Value,
};
use crate::store::Entry;

/// A page of the rows that a query found.
pub(super) struct Page {
    pub(super) rows: Vec<Json>,
    /// Whether there are rows after it.
    pub(super) has_more: bool,
}

/// The page of `select` from `entries`. Rows that its order does not tell apart come as they arrived.
pub(super) fn page<'e>(
    select: &Select,
    entries: &mut dyn Iterator<Item = &'e Entry>,
    now: Timestamp,
    heavy_delay: SignedDuration,
) -> Page {
    let is_found = |entry: &&Entry| {
        select.table.has(entry, now, heavy_delay) && select.condition.as_ref().is_none_or(|where_| where_.holds(entry))
    };
    let keys = |entry: &'e Entry| select.order.iter().map(|(key, _)| key.value(entry)).collect::<Vec<_>>();
    let wanted = select.offset.saturating_add(select.limit);
    let mut found: Vec<(_, &Entry)> = Vec::new();
    for entry in entries.filter(is_found) {
        // The entries come in the order of created_at. So a page by it is complete with the last one of its time.
        let micros = entry.captured_at.as_microsecond();
        if select.is_by_created_at()
            && found.get(wanted).is_some_and(|(_, last)| last.captured_at.as_microsecond() < micros)
        {
            break;
        }
        found.push((keys(entry), entry));
    }
    found.sort_by(|(a, _), (b, _)| order(select, a, b));

    let has_more = found.len() > wanted;
    let row = |entry: &Entry| select.columns.iter().map(|(_, column)| column.value(entry).json()).collect();
    let rows = found.into_iter().skip(select.offset).take(select.limit).map(|(_, entry)| row(entry)).collect();
    Page { rows, has_more }
}

fn order(select: &Select, a: &[Value<'_>], b: &[Value<'_>]) -> Ordering {
    let orders = select.order.iter().zip(a.iter().zip(b)).map(|((_, direction), (a, b))| {
        // Nulls are last in both directions.
        match (a.is_null(), b.is_null()) {
            (false, false) => {}
            (a, b) => return a.cmp(&b),
        }
        let order = a.order(b).unwrap_or(Ordering::Equal);
        if *direction == Direction::Descending { order.reverse() } else { order }
    });
    orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}
