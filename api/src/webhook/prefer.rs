//! `Prefer: return=representation` (RFC 7240): posthog-local asks for the stored line, to show it beside its event.

use actix_web::http::header::HeaderMap;

pub(super) fn wants_representation(headers: &HeaderMap) -> bool {
    headers.get_all("prefer").filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(
        |preference| {
            let preference = preference.split(';').next().unwrap_or_default();
            preference.trim().eq_ignore_ascii_case("return=representation")
        },
    )
}
