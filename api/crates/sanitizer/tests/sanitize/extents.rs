//! How far a value extends: an address to its country, a phone number to its extension, a name to its suffix.

use crate::{
    found,
    kinds::{leaves, takes},
};

#[test]
fn addresses_extend_to_their_town_and_their_country() {
    takes(
        "ADDRESS",
        &[
            (
                "Return it to 41 Mill Lane\n Apt. 7\n Pretoria\n South Africa 01812?",
                "41 Mill Lane\n Apt. 7\n Pretoria\n South Africa 01812",
            ),
            ("Send it to 8 Elm Road Suite 12 Westport", "8 Elm Road Suite 12 Westport"),
            ("Send it to 8 Elm Road Suite 12 Lower Hutt New Zealand.", "8 Elm Road Suite 12 Lower Hutt New Zealand"),
            (
                "Return to 33 Oak Street\n Suite 4\n West Ford\n Spain 28013 in case of loss.",
                "33 Oak Street\n Suite 4\n West Ford\n Spain 28013",
            ),
            (
                "Return to 9 Calle Mayor 4\n Apt. 2\n Alba del Campo\n Spain 44003",
                "9 Calle Mayor 4\n Apt. 2\n Alba del Campo\n Spain 44003",
            ),
        ],
    );
    // The next sentence and the next field are no town.
    let found = found("I live at 8 Elm Road Suite 12. Please call");
    assert!(found.contains(&("ADDRESS", "8 Elm Road Suite 12")), "{found:?}");
}

#[test]
fn addresses_in_lower_case_need_a_flat() {
    takes(
        "ADDRESS",
        &[
            (
                "please send it to 19 harbour road suite 482\n wells\n spain 63488",
                "19 harbour road suite 482\n wells\n spain 63488",
            ),
            ("ship to 7 mill lane apt 3", "7 mill lane apt 3"),
            ("unit 5120 box 0033\nfpo ap 96601", "unit 5120 box 0033\nfpo ap 96601"),
        ],
    );
    leaves(
        "ADDRESS",
        &["there are 3 lanes on the road", "take 2 road maps", "apo ap 123", "we saw 5 trees down the lane yesterday"],
    );
}

#[test]
fn words_for_streets_between_a_name_and_a_number() {
    takes(
        "ADDRESS",
        &[
            ("We met at Zrínyi u. 14.", "Zrínyi u. 14"),
            ("They moved to Kong Oscars gate 21", "Kong Oscars gate 21"),
            ("Find us in Fjordens terrasse 6", "Fjordens terrasse 6"),
            ("his address: 34 avenue des Acacias", "34 avenue des Acacias"),
            ("We live at 12 Avenue Victor Hugo", "12 Avenue Victor Hugo"),
            ("she wrote from solbergvegen 14", "solbergvegen 14"),
        ],
    );
    leaves(
        "ADDRESS",
        &[
            "Proceed to Terminal gate 21",
            "Vitamin u 14",
            "the logic gate 7 is open",
            "no avenue 5 was found",
            "zehn garantie 5",
        ],
    );
}

#[test]
fn phones_extend_to_their_extension() {
    takes(
        "PHONE",
        &[
            ("Desk: +1-903-240-4508x769", "+1-903-240-4508x769"),
            ("call (898)366-3621x0135", "(898)366-3621x0135"),
            ("fax 259.735.7502x459", "259.735.7502x459"),
            ("Ann Lee\n96 4417 203 office", "96 4417 203"),
            ("Ann Lee\n(41) 7564-8830 (work)", "(41) 7564-8830"),
        ],
    );
    leaves("PHONE", &["a screen of 1920x1080", "tiles 64 128 3840x2160", "12 300 office chairs", "NDC-0591-3740-01)"]);
}

#[test]
fn names_extend_to_their_suffix_and_their_other_half() {
    takes(
        "PERSON",
        &[
            ("My name is Keith Barlow Jr. and I live here", "Keith Barlow Jr."),
            ("My name is Maria Lopez-Ortega.", "Maria Lopez-Ortega"),
        ],
    );
    takes("ADDRESS", &[("My name is Ann Lee and I grew up on Jane Doe Street in town", "Jane Doe Street")]);
    leaves(
        "PERSON",
        &["# Dev Token", "- name: FACEBOOK_TOKEN", "Is the sentence \"Mrs. Smith is the teacher\" correct?"],
    );
}

#[test]
fn dates_and_shifts_are_no_records() {
    takes("MRN", &[("MRN: 4417820", "4417820"), ("MRN MRN-1027939", "MRN-1027939")]);
    leaves("MRN", &["(MRN: see below)\n2022-03-24: first visit", "MRN pending\nShift: 0700-1900"]);
}

#[test]
fn hashes_of_content_stay_beside_words_for_secrets() {
    leaves(
        "SECRET",
        &[
            "github.com/acme/credentials v0.0.0-20210428140749-7694e2fe97b7",
            "FROM credentials:9.17.2@sha256:dc748c37be0e0b42c8b429f7e2e40aacca4da86f43bf6ac7a1056ca05b10f0da",
            "auth.js\" integrity=\"sha384-eyfzkgVF1VnZ+rqItGrHlVvkVmiUhpGVBK59O3DEeedLOzZWk2GWrkdVbeoJYc/t\"",
            "the order ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF",
        ],
    );
    // Made here, so that no line of this repository holds a key.
    let seed = "KRUGS4ZANFZSA5DFON2A".repeat(2)[..32].to_owned();
    takes("SECRET", &[(&format!("scan it or enter {seed}"), &seed)]);
    takes("PASSWORD", &[("IDENTIFIED BY 'q9M@Xq1hWG2m%sb'", "q9M@Xq1hWG2m%sb")]);
    leaves("PASSWORD", &["password = 'user%s'", "IDENTIFIED BY '%s'"]);
}
