//! A query that was read and checked.

use super::{
    expression::Expression,
    table::{Column, Table},
};

/// A query, ready to be answered.
#[derive(Debug)]
pub(super) struct Select {
    /// The columns of the answer, with their names.
    pub(super) columns: Vec<(String, Expression)>,
    pub(super) table: Table,
    pub(super) condition: Option<Expression>,
    pub(super) order: Vec<(Expression, Direction)>,
    pub(super) limit: usize,
    pub(super) offset: usize,
}

impl Select {
    /// Whether the rows are ordered by created_at first, the oldest first.
    pub(super) fn is_by_created_at(&self) -> bool {
        matches!(self.order.first(), Some((Expression::Column(Column::CreatedAt), Direction::Ascending)))
    }
}

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Ascending,
    Descending,
}
