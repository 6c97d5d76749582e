//! The page's Content-Security-Policy: its own files, the inline scripts that trunk wrote (by hash), WebAssembly, and
//! PostHog to talk to. Nothing else.

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

pub(super) fn policy(html: &str, posthog_origin: &str) -> String {
    let hashes: String = inline_scripts(html)
        .map(|script| format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script))))
        .collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' data:; \
         connect-src 'self' {posthog_origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The texts of the `<script>` elements that have no `src`. The file is trunk's, so no parser of wild HTML is needed.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|element| {
        let (attributes, rest) = element.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains(" src=") && !script.is_empty()).then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_their_hash_and_files_by_their_origin() {
        let html = r#"<script src="/x.js"></script><script type="module" nonce="">alert(1)</script>"#;
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["alert(1)"]);
        // echo -n 'alert(1)' | openssl dgst -sha256 -binary | base64
        let policy = policy(html, "http://localhost:8000");
        assert!(policy.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{policy}");
        assert!(policy.contains("connect-src 'self' http://localhost:8000;"), "{policy}");
    }
}
