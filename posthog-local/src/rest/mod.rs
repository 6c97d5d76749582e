//! The part of PostHog's REST API that sets a project up: destinations (`hog_functions`), workflows (`hog_flows`),
//! templates and e-mail senders, under `/api/projects/1/` and `/api/environments/1/` (facts.md, section 5). And the part by
//! which a receiver asks for events that it missed (`query`) and for a person's distinct_ids (`persons`).
//!
//! It is there so that whatever sets up a real project, above all [`provision`](crate::provision), can be tried here
//! first. Simplified: what is created is checked and kept, but it does not run; `project.toml` alone says what runs, so
//! that nothing is ever sent to a URL that came over the network. Stricter than PostHog: a field that cannot be written is
//! refused where PostHog ignores it, for it is a mistake of the caller.
//!
//! A call needs `Authorization: Bearer` and the `POSTHOG_PERSONAL_API_KEY` that posthog-local was started with; without
//! one nobody is let in.

mod error;
mod flows;
mod functions;
mod persons;
mod query;
mod shape;
mod templates;

use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::{
    Error, HttpRequest, HttpResponse, Resource,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header::AUTHORIZATION},
    middleware::{Next, from_fn},
    web::{self, Data},
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

pub use self::{error::ApiError, flows::WRITABLE as FLOW_FIELDS, functions::WRITABLE as FUNCTION_FIELDS};
use crate::settings::Secret;

/// The number of posthog-local's one project.
const PROJECT: &str = "1";
/// The most objects of a kind. PostHog has no such bound; the memory here has.
const OBJECTS_MAX: usize = 100;
/// The longest body, in bytes.
const BODY_BYTES_MAX: usize = 256 * 1024;

/// An object as the API gives it.
type Object = Map<String, Value>;

/// What is kept, and who may see it.
pub struct Rest {
    key: Option<Secret>,
    /// Names and addresses of verified senders.
    senders: Vec<(String, String)>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    functions: Vec<Object>,
    flows: Vec<Object>,
}

impl Rest {
    /// An empty project, whose `senders` (name and address) are verified.
    pub fn new(key: Option<Secret>, senders: Vec<(String, String)>) -> Self {
        Self { key, senders, kept: Mutex::default() }
    }

    /// Forgets all that was created.
    pub fn reset(&self) {
        *self.kept() = Kept::default();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn admit(&self, authorization: Option<&str>) -> Result<(), ApiError> {
        let given = authorization.and_then(|value| value.strip_prefix("Bearer ")).ok_or(ApiError::NotAuthenticated)?;
        // Digests are compared, so that the time tells nothing about the key.
        let digest = |text: &str| Sha256::digest(text.trim().as_bytes());
        let is_key = self.key.as_ref().is_some_and(|key| digest(key.expose()) == digest(given));
        if is_key { Ok(()) } else { Err(ApiError::BadKey) }
    }
}

/// All URLs of the API.
pub fn urls(config: &mut web::ServiceConfig) {
    let at = |path: &str| {
        let pattern = format!("/{{root:projects|environments}}/{{project}}/{path}{{slash:/?}}");
        web::resource(pattern).app_data(web::PayloadConfig::new(BODY_BYTES_MAX))
    };
    config.service(
        web::scope("")
            .wrap(from_fn(authorized))
            .service(all(at("hog_functions"), functions::list))
            .service(all(at("hog_functions/{id}"), functions::one))
            .service(all(at("hog_flows"), flows::list))
            .service(all(at("hog_flows/{id}"), flows::one))
            .service(all(at("hog_function_templates"), templates::list))
            .service(all(at("hog_function_templates/{id}"), templates::one))
            .service(all(at("integrations"), templates::integrations))
            .service(all(at("query"), query::events))
            .service(all(at("persons"), persons::list))
            .service(all(at("persons/{id}"), persons::one))
            .default_service(web::to(|| async { Err::<HttpResponse, _>(ApiError::NotFound) })),
    );
}

/// Every method of a resource goes to `handler`, with the part of posthog-local that it is about.
fn all<T: 'static>(resource: Resource, handler: fn(&T, &Call) -> Answer) -> Resource {
    resource.to(move |part: Data<T>, request: HttpRequest, body: web::Bytes| async move {
        let call = Call::new(&request, body)?;
        handler(&part, &call).map(|(status, json)| HttpResponse::build(status).json(json))
    })
}

/// Lets in who has the key, and only them.
///
/// # Errors
/// [`ApiError::NotAuthenticated`], [`ApiError::BadKey`], and those of the routes behind it.
async fn authorized(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let rest = request.app_data::<Data<Rest>>().cloned().ok_or(ApiError::NotFound)?;
    let authorization = request.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default().to_owned());
    rest.admit(authorization.as_deref())?;
    next.call(request).await
}

type Answer = Result<(actix_web::http::StatusCode, Value), ApiError>;

/// A call, as the handlers see it.
struct Call {
    method: Method,
    path: String,
    id: String,
    query: Vec<(String, String)>,
    body: Object,
}

impl Call {
    fn new(request: &HttpRequest, body: web::Bytes) -> Result<Self, ApiError> {
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

    fn query(&self, name: &str) -> Option<&str> {
        let of_name = |(known, _): &&(String, String)| known == name;
        self.query.iter().find(of_name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn not_allowed(&self) -> ApiError {
        ApiError::MethodNotAllowed(self.method.to_string())
    }

    /// A page of a list: `limit` and `offset` of the query, 100 when they are not there.
    fn page(&self, results: Vec<Value>) -> Value {
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
