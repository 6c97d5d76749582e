//! Destinations: PostHog's `template-webhook`. [`Destination::prepare`] makes the request for an event, [`delivery`]
//! sends it, and [`retry`] decides what follows each attempt.

pub mod delivery;
mod in_flight;
pub mod input;
pub mod retry;
pub mod template;

use credentials::SigningKey;
use hyper::{
    HeaderMap, Method, Uri,
    body::Bytes,
    header::{HeaderName, HeaderValue},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use self::input::{Input, JsonInput, Language};
use crate::{
    declaration::{self, DeclarationError, DestinationDeclaration, Variables},
    filters::{Filters, Verdict},
    globals::Globals,
    js,
    masking::{self, Mask},
};

/// A destination, ready to make webhooks. It has no `Debug`, because it holds secrets.
pub struct Destination {
    name: String,
    filters: Filters,
    method: Method,
    url: Input,
    headers: Vec<(HeaderName, Input)>,
    body: JsonInput,
    signing_key: Option<SigningKey>,
    /// Skips repetitions, if declared.
    pub mask: Option<Mask>,
}

/// The request for one event. It is the same in each attempt, except for the signature. It has no `Debug`, because its
/// headers hold secrets.
pub struct Prepared {
    /// The method.
    pub method: Method,
    /// The URL.
    pub uri: Uri,
    /// The headers, without those of the signature.
    pub headers: HeaderMap,
    /// One line of compact JSON; empty for GET.
    pub body: Bytes,
}

impl Destination {
    /// Makes a declared destination ready. `key` is its place in the declaration, for errors.
    ///
    /// # Errors
    /// The first key that is wrong.
    pub fn new(declared: &DestinationDeclaration, key: &str, variables: &Variables) -> Result<Self, DeclarationError> {
        let inputs = &declared.inputs;
        let at = |field: &str| format!("{key}.inputs.{field}");
        let language = |input: &str| match inputs.is_liquid(input) {
            true => Language::Liquid,
            false => Language::Hog,
        };
        let parse = |field: &str, source: &str| {
            let name = field.split('.').next().unwrap_or_default();
            Input::parse(source, variables, language(name)).map_err(|problem| DeclarationError::new(at(field), problem))
        };

        let url = parse("url", &inputs.url)?;
        if let Some(constant) = url.constant() {
            // The error does not show the URL, which may hold a password.
            uri(constant).map_err(|problem| {
                let problem = format!("{problem}, like http://localhost:3000/api/webhooks");
                DeclarationError::new(at("url"), variables.blamed(&inputs.url, &problem))
            })?;
        }
        let headers = inputs.headers.iter().map(|(name, value)| {
            let field = format!("headers.{name}");
            let source = value;
            let value = parse(&field, source)?;
            if value.constant().is_some_and(|constant| HeaderValue::try_from(constant).is_err()) {
                let problem = variables.blamed(source, "must be one line without control characters");
                return Err(DeclarationError::new(at(&field), problem));
            }
            let name =
                HeaderName::try_from(name).map_err(|_| DeclarationError::new(at(&field), "is not a header name"))?;
            Ok((name, value))
        });
        let default_body = json!({ "event": "{event}", "person": "{person}" });
        let body = JsonInput::parse(inputs.body.as_ref().unwrap_or(&default_body), variables, language("body"))
            .map_err(|(place, problem)| DeclarationError::new(at(&format!("body{place}")), problem))?;
        let signing_secret = parse("signing_secret", &inputs.signing_secret)?;
        let signing_key = match signing_secret.constant() {
            Some("") => None,
            Some(secret) => Some(SigningKey::parse(secret).map_err(|error| {
                let problem = format!("{error}, as `openssl rand -base64 32` makes it");
                DeclarationError::new(at("signing_secret"), variables.blamed(&inputs.signing_secret, &problem))
            })?),
            None => return Err(DeclarationError::new(at("signing_secret"), "cannot depend on the event")),
        };
        Ok(Self {
            name: declared.name.clone(),
            filters: Filters::new(&declared.filters, &format!("{key}.filters"))?,
            method: match inputs.method {
                declaration::Method::Post => Method::POST,
                declaration::Method::Put => Method::PUT,
                declaration::Method::Patch => Method::PATCH,
                declaration::Method::Get => Method::GET,
                declaration::Method::Delete => Method::DELETE,
            },
            url,
            headers: headers.collect::<Result<_, _>>()?,
            body,
            signing_key,
            mask: declared
                .masking
                .as_ref()
                .map(|mask| Mask::new(mask, &format!("{key}.masking"), masking::DESTINATION_TTL_S, variables))
                .transpose()?,
        })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the destination matches the event.
    pub fn judge(&self, globals: &Globals) -> Verdict {
        self.filters.judge(globals)
    }

    /// Renders the request for an event.
    ///
    /// # Errors
    /// The rendered URL is not a URL, a rendered header is not a header value, or a Liquid filter does not take its value.
    pub fn prepare(&self, globals: &Globals) -> Result<Prepared, String> {
        let text = |value| match value {
            Value::String(text) => text,
            // PostHog drops header values that are not strings.
            _ => String::new(),
        };
        let now = Timestamp::now();
        let mut headers = HeaderMap::new();
        for (name, template) in &self.headers {
            let value = text(template.render(globals, now)?);
            if value.is_empty() {
                continue;
            }
            let value =
                HeaderValue::try_from(value).map_err(|_| format!("the header {name} cannot have this value"))?;
            headers.insert(name, value);
        }
        let body = match &self.method {
            &Method::GET => String::new(),
            // `typeof body === 'string' ? body : JSON.stringify(body)` (`fetch-handler.ts`)
            _ => match self.body.render(globals, now)? {
                Value::String(text) => text,
                value => js::json(&value),
            },
        };
        let uri = uri(&text(self.url.render(globals, now)?))?;
        Ok(Prepared { method: self.method.clone(), uri, headers, body: body.into() })
    }
}

/// Reads a URL as JavaScript's `new URL()` does, which encodes spaces and other characters that have no place in one.
fn uri(text: &str) -> Result<Uri, String> {
    let uri = Url::parse(text).ok().and_then(|url| url.as_str().parse::<Uri>().ok());
    uri.filter(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    })
    .ok_or_else(|| "must be an http:// or https:// URL".to_owned())
}

/// A URL to show, without its password and query, which may be secret.
pub fn without_secrets(uri: &Uri) -> String {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{}://{host}{}", uri.scheme_str().unwrap_or_default(), uri.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_read_as_javascript_reads_it() {
        for (text, expected) in [
            (" http://a.test/x y?q=a b&c=\"d\" ", "http://a.test/x%20y?q=a%20b&c=%22d%22"),
            ("HTTP://A.test/ü#part", "http://a.test/%C3%BC"),
            ("http://a.test", "http://a.test/"),
        ] {
            assert_eq!(uri(text).map(|uri| uri.to_string()), Ok(expected.to_owned()), "{text}");
        }
        for text in ["", "a.test/x", "ftp://a.test", "http://", "http://a b.test/"] {
            assert!(uri(text).is_err(), "{text}");
        }
    }
}
