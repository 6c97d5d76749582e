//! Requests of web pages, which are refused. No page ever calls the API, and a browser cannot leave `Origin` out of a request that a
//! foreign page makes.

use actix_web::{
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::ORIGIN,
    middleware::Next,
};

use crate::problem::Problem;

/// The middleware.
///
/// # Errors
/// Those of the service that it wraps.
pub async fn refuse_pages<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    if request.headers().contains_key(ORIGIN) {
        return Ok(request.error_response(Problem::Origin).map_into_right_body());
    }
    next.call(request).await.map(ServiceResponse::map_into_left_body)
}
