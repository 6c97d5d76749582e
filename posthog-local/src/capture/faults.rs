//! The faults that a sender sees ([`Faults`]): a slow answer, an error status, or a dropped connection.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode, web::Bytes};
use futures_util::stream;

use crate::faults::Faults;

/// Waits for the delay that is set, and returns the answer that replaces the normal one, if a fault asks for that.
pub(super) async fn forced_answer(faults: &Faults) -> Option<HttpResponse> {
    tokio::time::sleep(Duration::from_millis(faults.answer_delay_ms)).await;
    if faults.drop_connections {
        // When a body fails before its first byte, actix closes the connection without sending the head.
        let broken = stream::once(async { Err::<Bytes, _>(std::io::Error::other("dropped on purpose")) });
        return Some(HttpResponse::Ok().streaming(Box::pin(broken)));
    }
    let status = StatusCode::from_u16(faults.answer_status?).ok()?;
    let text = match status {
        StatusCode::TOO_MANY_REQUESTS => "rate limited",
        StatusCode::SERVICE_UNAVAILABLE => "transient error, please retry",
        _ => "internal server error, on purpose",
    };
    Some(HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(text))
}
