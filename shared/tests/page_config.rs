//! What may stand in `/config.json`, as a table.

use shared::page_config::{AddressError, KeyError, PageConfig, ProjectKey, WebAddress};

#[test]
fn web_addresses_are_accepted_and_written_in_one_form() {
    // given, address, origin, is it this machine
    for (given, url, origin, is_this_machine) in [
        ("http://localhost", "http://localhost", "http://localhost", true),
        ("http://localhost:8000/", "http://localhost:8000", "http://localhost:8000", true),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "http://127.0.0.1:8000", true),
        ("http://[::1]", "http://[::1]", "http://[::1]", true),
        ("http://[::1]:8000", "http://[::1]:8000", "http://[::1]:8000", true),
        ("http://[2001:DB8::1]:8000", "http://[2001:db8::1]:8000", "http://[2001:db8::1]:8000", false),
        ("HTTP://LocalHost:8000", "http://localhost:8000", "http://localhost:8000", true),
        ("HTTPS://EU.i.posthog.com", "https://eu.i.posthog.com", "https://eu.i.posthog.com", false),
        ("  https://eu.i.posthog.com// \n", "https://eu.i.posthog.com", "https://eu.i.posthog.com", false),
        ("https://shop.example/Ingest/", "https://shop.example/Ingest", "https://shop.example", false),
        ("https://shop.example/@x", "https://shop.example/@x", "https://shop.example", false),
        ("http://localhost.example:8000", "http://localhost.example:8000", "http://localhost.example:8000", false),
        ("http://h:65535", "http://h:65535", "http://h:65535", false),
    ] {
        let address = WebAddress::parse(given).unwrap_or_else(|error| panic!("{given:?} {error}"));
        assert_eq!((address.as_str(), address.origin()), (url, origin), "{given:?}");
        assert_eq!(address.is_this_machine(), is_this_machine, "{given:?}");
        assert_eq!(WebAddress::parse(url), Ok(address), "{url} is read as itself");
    }
}

#[test]
fn anything_else_is_refused() {
    for given in [
        "",
        " ",
        "/x",
        "localhost:8000",
        "//localhost",
        "http:localhost",
        "http://",
        "http:///x",
        "ftp://localhost",
        "FTP://x",
        "javascript:alert(1)",
        "javascript://localhost",
        "http://a b",
        "http://h/a b",
        "http://h:",
        "http://h:65536",
        "http://h:+1",
        "http://:8000",
        "http://[::1",
        "http://::1",
        "http://[]",
        "http://[x]",
        "http://h?x",
        "http://h/x?y",
        "http://h#x",
        "http://h\\x",
        "http://h;x",
        "http://'h",
        "http://h/\"",
        "http://h\u{e4}",
    ] {
        assert_eq!(WebAddress::parse(given), Err(AddressError::NotAnAddress), "{given:?}");
    }
}

#[test]
fn a_user_name_or_password_is_refused_and_not_repeated() {
    for given in
        ["http://user:secret@localhost", "https://secret@h/x", "http://@h", "http://localhost:secret@evil.example"]
    {
        let error = WebAddress::parse(given).unwrap_err();
        assert_eq!(error, AddressError::Credentials, "{given}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn a_personal_key_is_refused_and_not_repeated() {
    assert_eq!(ProjectKey::parse(" phc_local\n").unwrap().as_str(), "phc_local");
    assert_eq!(ProjectKey::parse("  "), Err(KeyError::Empty));
    for given in ["phx_a1b2c3", " phx_a1b2c3"] {
        let error = ProjectKey::parse(given).unwrap_err();
        assert_eq!(error, KeyError::Personal);
        assert!(!error.to_string().contains("a1b2c3"), "{error}");
    }
}

#[test]
fn config_json_is_written_exactly_so() {
    let address = |url| WebAddress::parse(url).unwrap();
    let mut config = PageConfig {
        posthog_host: address("http://localhost:8000"),
        posthog_key: ProjectKey::parse("phc_\"k").unwrap(),
        inspector_url: Some(address("http://localhost:8000")),
    };
    assert_eq!(
        serde_json::to_string(&config).unwrap(),
        r#"{"posthog_host":"http://localhost:8000","posthog_key":"phc_\"k","inspector_url":"http://localhost:8000"}"#
    );
    config.inspector_url = None;
    assert!(serde_json::to_string(&config).unwrap().ends_with(r#""inspector_url":null}"#));
}
