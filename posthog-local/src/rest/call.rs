//! A call of the REST API, as its handlers see it.

use actix_web::{
    HttpRequest,
    http::{Method, StatusCode},
    web,
};
use serde_json::{Value, json};

use super::error::ApiError;
use crate::json::Object;

/// The number of posthog-local's one project.
pub const PROJECT: &str = "1";

/// What a handler answers: a status and its JSON.
pub(super) type Answer = Result<(StatusCode, Value), ApiError>;

/// A call, as the handlers see it.
pub(super) struct Call {
    pub(super) method: Method,
    path: String,
    /// The id in the path; empty where the path has none.
    pub(super) id: String,
    query: Vec<(String, String)>,
    /// Empty where the request has no body.
    pub(super) body: Object,
}

impl Call {
    pub(super) fn new(request: &HttpRequest, body: web::Bytes) -> Result<Self, ApiError> {
        let part = |name| request.match_info().get(name).unwrap_or_default().to_owned();
        if ![PROJECT, "@current"].contains(&part("project").as_str()) {
            return Err(ApiError::NotFound);
        }
        let body = match body.is_empty() {
            true => Object::new(),
            false => serde_json::from_slice(&body).map_err(|error| ApiError::Parse(error.to_string()))?,
        };
        let query = form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
        Ok(Self { method: request.method().clone(), path: request.path().to_owned(), id: part("id"), query, body })
    }

    /// A value of the query string; `None` where it is missing or empty.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let of_name = |(known, _): &&(String, String)| known == name;
        self.query.iter().find(of_name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub(super) fn not_allowed(&self) -> ApiError {
        ApiError::MethodNotAllowed(self.method.to_string())
    }

    /// One page of a list, by the query's `limit` (100 when missing) and `offset`.
    pub(super) fn page(&self, results: Vec<Value>) -> Value {
        let number = |name, other| self.query(name).and_then(|text| text.parse().ok()).unwrap_or(other);
        let (limit, offset): (usize, usize) = (number("limit", 100).max(1), number("offset", 0));
        let count = results.len();
        let link = |offset: usize| format!("{}?limit={limit}&offset={offset}", self.path);
        let next = offset.checked_add(limit).filter(|next| *next < count).map(link);
        let previous = (offset > 0).then(|| link(offset.saturating_sub(limit)));
        let results: Vec<_> = results.into_iter().skip(offset).take(limit).collect();
        json!({ "count": count, "next": next, "previous": previous, "results": results })
    }
}
