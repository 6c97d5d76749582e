//! Links to lines of the list: `#/event/<uuid>`.

/// The id of an event's line: the link's fragment, so that browsers scroll to it.
pub fn id_of(uuid: &str) -> String {
    format!("/event/{uuid}")
}

/// The uuid in the fragment of an address, `#` included.
pub fn event_of(hash: &str) -> Option<String> {
    hash.strip_prefix("#/event/").filter(|uuid| !uuid.is_empty()).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_the_event_that_it_was_made_for() {
        assert_eq!(event_of(&format!("#{}", id_of("0193-ab"))).as_deref(), Some("0193-ab"));
        assert_eq!(event_of("#/event/0193-AB").as_deref(), Some("0193-ab"));
    }

    #[test]
    fn other_addresses_name_no_event() {
        for hash in ["", "#", "#sent-title", "#/event/", "/event/0193-ab"] {
            assert_eq!(event_of(hash), None, "{hash}");
        }
    }
}
