//! Two parts of PostHog's REST API, under `/api/projects/1/` and `/api/environments/1/` (facts.md, section 5). One part
//! sets up a project: destinations (`hog_functions`), workflows (`hog_flows`), templates and e-mail senders. With the
//! other part a receiver asks for events and their content (`query`) and for a person's distinct_ids (`persons`).
//!
//! It serves to try out what sets up a real project, above all [`provision`](crate::provision). Simplified: what is
//! created is checked and stored, but does not run. Only `project.toml` decides what runs, so that nothing is ever sent
//! to a URL that came over the network. Stricter than PostHog: a field that cannot be written is refused, because it is
//! a mistake of the caller; PostHog ignores it.
//!
//! A call needs `Authorization: Bearer` with the `POSTHOG_PERSONAL_API_KEY` that posthog-local was started with. If it
//! was started without one, every call is refused.

mod call;
mod error;
mod flows;
mod functions;
mod persons;
mod query;
mod shape;
mod state;
mod templates;

use actix_web::{
    Error, HttpRequest, HttpResponse, Resource,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::AUTHORIZATION,
    middleware::{Next, from_fn},
    web::{self, Data},
};

use self::call::{Answer, Call};
pub use self::{
    call::PROJECT, error::ApiError, flows::WRITABLE as FLOW_FIELDS, functions::WRITABLE as FUNCTION_FIELDS, state::Rest,
};

/// The limit of a body, in bytes, except of a query.
const BODY_BYTES_MAX: usize = 256 * 1024;

/// All URLs of the API.
pub fn urls(config: &mut web::ServiceConfig) {
    let at = |path: &str| {
        let pattern = format!("/{{root:projects|environments}}/{{project}}/{path}{{slash:/?}}");
        web::resource(pattern).app_data(web::PayloadConfig::new(BODY_BYTES_MAX))
    };
    config.service(
        web::scope("")
            .wrap(from_fn(authenticated))
            .service(all(at("hog_functions"), functions::list))
            .service(all(at("hog_functions/{id}"), functions::one))
            .service(all(at("hog_flows"), flows::list))
            .service(all(at("hog_flows/{id}"), flows::one))
            .service(all(at("hog_function_templates"), templates::list))
            .service(all(at("hog_function_templates/{id}"), templates::one))
            .service(all(at("integrations"), templates::integrations))
            .service(
                all(at("query").app_data(web::PayloadConfig::new(query::BODY_BYTES_MAX)), query::query)
                    .wrap(from_fn(query::faults::forced)),
            )
            .service(all(at("persons"), persons::list))
            .service(all(at("persons/{id}"), persons::one))
            .default_service(web::to(|| async { Err::<HttpResponse, _>(ApiError::NotFound) })),
    );
}

/// Routes every method of a resource to `handler`, which gets the app data of type `T`.
fn all<T: 'static>(resource: Resource, handler: fn(&T, &Call) -> Answer) -> Resource {
    resource.to(move |part: Data<T>, request: HttpRequest, body: web::Bytes| async move {
        let call = Call::new(&request, body)?;
        handler(&part, &call).map(|(status, json)| HttpResponse::build(status).json(json))
    })
}

/// Middleware: authenticates the caller.
///
/// # Errors
/// [`ApiError::NotAuthenticated`], [`ApiError::BadKey`], and the errors of the wrapped routes.
async fn authenticated(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let rest = request.app_data::<Data<Rest>>().cloned().ok_or(ApiError::NotFound)?;
    let authorization = request.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default().to_owned());
    rest.authenticate(authorization.as_deref())?;
    next.call(request).await
}
