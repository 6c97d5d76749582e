//! What was replaced in a stored text, as the inspector finds it by comparing the two.

use serde_json::{Value, json};

use crate::{browser::Browser, support::Local};

#[actix_web::test]
async fn what_a_placeholder_stood_for_is_found_or_nothing_is_marked() {
    let local = Local::alone().await;
    let Some(browser) = Browser::open(&local.url).await else { return };
    for (sent, stored, expected) in [
        ("Write to a@x.test", "Write to [EMAIL_1]", json!(["a@x.test"])),
        ("a@x.test or b@x.test", "[EMAIL_1] or [EMAIL_2]", json!(["a@x.test", "b@x.test"])),
        ("Jane and Jane, Joe", "[NAME_1] and [NAME_1], [NAME_2]", json!(["Jane", "Jane", "Joe"])),
        // The same placeholder may stand for another spelling.
        ("Jane and JANE!", "[NAME_1] and [NAME_1]!", json!(["Jane", "JANE"])),
        (
            "Tell Jane Doe to call +1 202-555-0143.",
            "Tell [NAME_1] to call [PHONE_1].",
            json!(["Jane Doe", "+1 202-555-0143"]),
        ),
        ("line one\nkey sk-1\nend", "line one\nkey [SECRET_1]\nend", json!(["sk-1"])),
        ("nothing of note", "nothing of note", json!([])),
        ("a [note_1] is no placeholder", "a [note_1] is no placeholder", json!([])),
        // Where the rest differs too, nobody knows what was replaced.
        ("Write to a@x.test", "Dear [EMAIL_1]", Value::Null),
        ("Write to a@x.test, please", "Write to [EMAIL_1], thanks", Value::Null),
        ("Write to a@x.test", "Write to [EMAIL_1] and others", Value::Null),
        ("Write", "Write[EMAIL_1]", Value::Null),
        ("", "[EMAIL_1]", Value::Null),
    ] {
        let script = format!(
            "const done = arguments[0]; import('/_local/assets/compare.js').then(({{ replaced }}) => {{ \
             const pieces = replaced({}, {}); \
             if (pieces && pieces.map(({{ text }}) => text).join('') !== {0}) throw new Error('a piece is lost'); \
             done(pieces && pieces.filter(({{ mark }}) => mark).map(({{ text }}) => text)) }}).catch((error) => done(String(error)))",
            json!(sent),
            json!(stored)
        );
        assert_eq!(browser.ask(&script).await, expected, "{sent} / {stored}");
    }
}
