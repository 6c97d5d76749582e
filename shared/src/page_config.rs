//! `/config.json`: what a server tells the page. `misfire web` writes it and the page reads it; both build it from the checked
//! types here, so that they agree on what is valid.

use std::fmt;

use serde::{Serialize, Serializer};

/// The content of `/config.json`. Its fields can only hold checked values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageConfig {
    /// Where the capture API is: the page sends events to `<posthog_host>/batch/`.
    pub posthog_host: WebAddress,
    /// The project's key.
    pub posthog_key: ProjectKey,
    /// Where an event can be inspected, at `<inspector_url>/events/<uuid>`. Only posthog-local has such pages.
    pub inspector_url: Option<WebAddress>,
}

/// An `http` or `https` address to which a path can be appended: no user name or password, no query, no fragment, no slash at
/// the end. Scheme and host are in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAddress {
    url: String,
    /// Where the host begins in `url`, in bytes: after `://`.
    host_start: usize,
    /// Where the origin (scheme, host and port) ends in `url`, in bytes.
    origin_end: usize,
}

/// Why a text is no [`WebAddress`]. The message never repeats the text, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressError {
    /// It is not `http://` or `https://`, a host, perhaps a port and a path.
    NotAnAddress,
    /// It holds a user name or password, which everybody who opens the page would get.
    Credentials,
}

/// The key of a PostHog project, public by nature (`phc_…`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectKey(String);

/// Why a text is no [`ProjectKey`]. The message never repeats the text, which may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyError {
    /// There is nothing but spaces.
    Empty,
    /// It is a personal API key (`phx_…`): it gives access to the whole account, so it must never be in a page.
    Personal,
}

impl WebAddress {
    /// Checks an address. Spaces around it and slashes at its end are dropped.
    ///
    /// # Errors
    /// When it is no http or https address, or holds a user name or password.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim().trim_end_matches('/');
        let (scheme, rest) = text.split_once("://").ok_or(AddressError::NotAnAddress)?;
        let scheme = ["http", "https"].into_iter().find(|name| scheme.eq_ignore_ascii_case(name));
        let scheme = scheme.ok_or(AddressError::NotAnAddress)?;
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(AddressError::Credentials);
        }
        if !is_authority(authority) || !is_path(path) {
            return Err(AddressError::NotAnAddress);
        }
        let host_start = scheme.len() + "://".len();
        let url = format!("{scheme}://{}{path}", authority.to_ascii_lowercase());
        Ok(Self { url, host_start, origin_end: host_start + authority.len() })
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// Scheme, host and port, as a Content-Security-Policy names them.
    pub fn origin(&self) -> &str {
        &self.url[..self.origin_end]
    }

    /// Whether the host is this machine itself: `localhost`, `127.0.0.1` or `[::1]`.
    pub fn is_this_machine(&self) -> bool {
        let (host, _) = host_and_port(&self.url[self.host_start..self.origin_end]);
        matches!(host, "localhost" | "127.0.0.1" | "[::1]")
    }
}

/// Splits at the colon before the port; an IPv6 address has colons of its own, between brackets.
fn host_and_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn is_authority(authority: &str) -> bool {
    let (host, port) = host_and_port(authority);
    let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(ipv6) => ipv6.contains(':') && ipv6.bytes().all(|byte| byte.is_ascii_hexdigit() || b":.".contains(&byte)),
        None => !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)),
    };
    // `parse` alone would take a sign.
    is_host && port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok())
}

/// Paths of reverse proxies, to which the page appends its own: a query or fragment would swallow that.
fn is_path(path: &str) -> bool {
    path.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#\\\"<>^`{|}".contains(&byte))
}

impl ProjectKey {
    /// Checks a key. Spaces around it are dropped.
    ///
    /// # Errors
    /// When it is empty or a personal API key.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        match text.trim() {
            "" => Err(KeyError::Empty),
            key if key.starts_with("phx_") => Err(KeyError::Personal),
            key => Ok(Self(key.to_owned())),
        }
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for WebAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.url)
    }
}

impl Serialize for ProjectKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// The rest of a sentence that begins with the name of the setting or field.
impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnAddress => "must be an address like https://eu.i.posthog.com",
            Self::Credentials => "must not hold a user name or password",
        })
    }
}

/// The rest of a sentence that begins with the name of the setting or field.
impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is empty; use the project's key (phc_…)",
            Self::Personal => "is a personal API key (phx_…), which must stay secret; use the project's key (phc_…)",
        })
    }
}

impl std::error::Error for AddressError {}
impl std::error::Error for KeyError {}
