//! The faults that a caller of the query API sees ([`Faults`](crate::faults::Faults)): a slow answer, too many requests,
//! or an error of the server.

use std::time::Duration;

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header::RETRY_AFTER},
    middleware::Next,
    web::Data,
};
use serde_json::json;

use crate::pipeline::Pipeline;

/// Middleware: waits for the delay that is set, and answers in place of the API, if a fault asks for that.
///
/// # Errors
/// The errors of the wrapped route.
pub(crate) async fn forced<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let faults = request.app_data::<Data<Pipeline>>().map(|pipeline| pipeline.faults.current()).unwrap_or_default();
    tokio::time::sleep(Duration::from_millis(faults.query_delay_ms)).await;
    let Some(status) = faults.query_status.and_then(|status| StatusCode::from_u16(status).ok()) else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let mut response = HttpResponse::build(status);
    let seconds = faults.query_retry_after_s;
    if let Some(seconds) = seconds {
        response.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    let (kind, code, detail) = match (status, seconds) {
        (StatusCode::TOO_MANY_REQUESTS, Some(seconds)) => {
            ("throttled_error", "throttled", format!("Request was throttled. Expected available in {seconds} seconds."))
        }
        (StatusCode::TOO_MANY_REQUESTS, None) => ("throttled_error", "throttled", "Request was throttled.".to_owned()),
        _ => ("server_error", "error", "A server error occurred.".to_owned()),
    };
    let response = response.json(json!({ "type": kind, "code": code, "detail": detail, "attr": null }));
    Ok(request.into_response(response).map_into_right_body())
}
