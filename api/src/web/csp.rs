//! The page's Content-Security-Policy. It allows the page's own files, the inline scripts and styles that trunk wrote (each by its
//! hash), WebAssembly, and requests to PostHog. Everything else is blocked.

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

pub(super) fn policy(html: &str, posthog_origin: &str) -> String {
    let (scripts, styles) = (hashes(html, "script"), hashes(html, "style"));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'{styles}; \
         img-src 'self' data:; connect-src 'self' {posthog_origin}; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

fn hashes(html: &str, tag: &str) -> String {
    let hash = |text| format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    inline(html, tag).into_iter().map(hash).collect()
}

/// The texts of all elements with this name that have no `src`. Trunk wrote the file, so splitting it at the tags is enough; HTML
/// from elsewhere would need a parser.
fn inline<'a>(html: &'a str, tag: &str) -> Vec<&'a str> {
    let (opening, closing) = (format!("<{tag}"), format!("</{tag}>"));
    let text = |element: &'a str| {
        let (attributes, rest) = element.split_once('>')?;
        let (text, _) = rest.split_once(&closing)?;
        (!attributes.contains(" src=") && !text.is_empty()).then_some(text)
    };
    html.split(&opening).skip(1).filter_map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inline_is_allowed_by_its_hash_and_files_by_their_origin() {
        let html = r#"<style>p{}</style><script src="/x.js"></script><script type="module" nonce="">alert(1)</script>"#;
        assert_eq!((inline(html, "script"), inline(html, "style")), (vec!["alert(1)"], vec!["p{}"]));
        // echo -n 'alert(1)' | openssl dgst -sha256 -binary | base64
        let policy = policy(html, "http://localhost:8000");
        assert!(policy.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{policy}");
        // echo -n 'p{}' | openssl dgst -sha256 -binary | base64
        assert!(policy.contains("style-src 'self' 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y=';"), "{policy}");
        assert!(policy.contains("connect-src 'self' http://localhost:8000;"), "{policy}");
    }
}
