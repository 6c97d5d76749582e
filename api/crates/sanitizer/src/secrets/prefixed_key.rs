//! Recognises keys by the form that most vendors have come to use: one to three words, then random characters, as in
//! `polar_oat_Z8JJYSWFtf6r…`. A vendor needs a row in the table only if its keys look otherwise: hex, or too short.
//!
//! Ids have this form, too. They are told apart by their first word, which names a thing: `evt_`, `user_`, `sha256-`.

use std::sync::LazyLock;

use crate::{
    scan::char_classes::{self, CharClasses},
    secrets::{example_value::is_example_value, public_id::is_public_id, random_letters::is_random_letters},
};

/// The most words before the random part, and the most letters and digits of one.
const WORDS_MAX: usize = 3;
const WORD_LETTERS_MAX: usize = 16;
const WORD_DIGITS_MAX: usize = 2;
/// The fewest random characters, with letters of both cases and with one.
const BODY_BYTES_MIN: usize = 20;
const ONE_CASE_BYTES_MIN: usize = 24;

/// First words of ids and of names of files: the objects of Stripe and other APIs, then what is numbered or hashed anywhere.
const THINGS: &str = "\
    acct asst ba batch call card ch chatcmpl cmpl cs cus disp dp evt fee file fcm ft gen h1 il in inv invoice ich ii ipi li link \
    mandate member modr msg obj org orgmem pi plan plink pm po price prod product promo py pyr qt req resp rp run sched sess \
    session seti si site sku sq src step sub team thread toolu tr trace tu txn txr upload us user usr vs we workspace \
    app asset assets blob branch build cache chunk class cls commit component css data dataset deploy deployment dist doc docs \
    document event font group guid hash host icon id image images img index instance item job layer lib log main md5 model models \
    module node notebook oid page part path pod post project ref release report resource rev revision row sha sha1 sha256 sha384 \
    sha512 shard snapshot span static style styles svg table tag task temp template test tmp tx txid uid uuid vendor vendors version \
    video view volume vpc";
/// First words of keys in hex. In the table they would cost more: it is asked at every word that begins with the same four letters,
/// and `root`, `server` and `person` are frequent.
const IN_HEX: &str = "persona rootly server web";
/// Keys of ConfigCat, whose parts a slash separates.
const CONFIGCAT: &[u8] = b"configcat-sdk-1/";

static THINGS_IN_ORDER: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut things: Vec<_> = THINGS.split_whitespace().collect();
    things.sort_unstable();
    things
});

/// Whether a run of letters, digits and signs is a key with words before it.
pub(super) fn is_prefixed_key(run: &[u8]) -> bool {
    let run = run.strip_suffix(b".").unwrap_or(run);
    if run.len() < BODY_BYTES_MIN + 3 || !run[0].is_ascii_alphabetic() {
        return false;
    }
    let Some(first) = word_length(run) else { return false };
    let mut at = first + 1;
    for _ in 1..WORDS_MAX {
        match word_length(&run[at..]) {
            Some(length) if run.len() - at - length > BODY_BYTES_MIN => at += length + 1,
            _ => break,
        }
    }
    let body = &run[at..];
    let is_key = || is_random_body(body) || is_hex_key(&run[..first], body);
    run.starts_with(CONFIGCAT) && run.len() >= CONFIGCAT.len() + BODY_BYTES_MIN && !is_example_value(run)
        || is_key() && !is_thing(&run[..first]) && !is_example_value(run) && !is_public_id(run)
}

/// The length of the word that a run begins with, if a sign follows it. It has letters of one case, and a digit or two at its end.
fn word_length(run: &[u8]) -> Option<usize> {
    let letters = run.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let digits = run[letters..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let word = &run[..letters];
    let is_one_case = word.iter().all(u8::is_ascii_lowercase) || word.iter().all(u8::is_ascii_uppercase);
    let is_word = (2..=WORD_LETTERS_MAX).contains(&letters) && digits <= WORD_DIGITS_MAX && is_one_case;
    let is_joined = matches!(run.get(letters + digits), Some(b'_' | b'-' | b'.'));
    (is_word && is_joined).then_some(letters + digits)
}

fn is_thing(word: &[u8]) -> bool {
    let word = word.to_ascii_lowercase();
    THINGS_IN_ORDER.binary_search_by(|thing| thing.as_bytes().cmp(&word)).is_ok()
}

fn is_hex_key(first: &[u8], body: &[u8]) -> bool {
    const HEX_BYTES_MIN: usize = 32;
    body.len() >= HEX_BYTES_MIN
        && body.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
        && char_classes::distinct_bytes(body) > 5
        && IN_HEX.split(' ').any(|word| word.as_bytes() == first)
}

/// Whether a part between signs is long and random itself. In the names of a program each part is a word:
/// `X509V3_EXT_METHOD_sk_type`.
fn has_long_run(body: &[u8]) -> bool {
    const RUN_BYTES_MIN: usize = 12;
    body.split(|byte| matches!(byte, b'_' | b'-')).any(|run| {
        let classes = CharClasses::of(run);
        run.len() >= RUN_BYTES_MIN && (classes.changes * 3 >= run.len() || is_random_letters(run))
    })
}

fn is_random_body(body: &[u8]) -> bool {
    let classes = CharClasses::of(body);
    let (digits, letters, joiners) = (classes.digits(), classes.letters(), classes.joiners());
    if body.len() < BODY_BYTES_MIN || digits + letters + joiners != body.len() || !has_long_run(body) {
        return false;
    }
    let mixed = classes.lower() >= 3
        && classes.upper() >= 3
        && classes.changes * 5 >= body.len() * 2
        && classes.longest_lower < 8 + body.len() / 24
        && (digits >= 2 || joiners == 0 && is_random_letters(body));
    // Hex is the hash of a file more often than a key.
    let is_hex = body.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
    let one_case = body.len() >= ONE_CASE_BYTES_MIN
        && joiners == 0
        && !is_hex
        && digits * 6 >= body.len()
        && char_classes::digit_changes(body) * 4 >= body.len();
    mixed || one_case
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_from_ids_and_names() {
        let (mixed, small) = ("a7Bq9Zk2Lm4Xw8Rt3Vn6Pc5Hd1Jf", "q7zb2lm9xw5rt3vn6pc4hd8jk1");
        for prefix in ["polar_oat_", "vtwn_", "AQ.", "AIK_SECRET_", "ramp_sec_", "xnd_production_"] {
            assert!(is_prefixed_key(format!("{prefix}{mixed}").as_bytes()), "{prefix}");
        }
        for prefix in ["cog_", "zpka_", "AK-"] {
            assert!(is_prefixed_key(format!("{prefix}{small}").as_bytes()), "{prefix}");
        }
        for name in [
            format!("evt_{mixed}"),
            format!("user_{mixed}"),
            format!("sha256-{mixed}"),
            format!("req_{mixed}"),
            format!("Main_{mixed}"),
            format!("vtwn_{}", "3f9a07c1d48be265".repeat(2)),
            "llm-gateway-6c9f7d5b8-qk2lt".into(),
            "get_user_by_customer_reference_number_v2".into(),
            "text-embedding-3-large-2024-01-25-benchmark".into(),
            "css_module_Button_primary_large_3kQ8s".into(),
            "polar_oat_xxxxxxxxxxxxxxxxxxxxxxxxxx".into(),
            "ossl_check_X509V3_EXT_METHOD_sk_type".into(),
            "org.springframework.boot.autoconfigure.Web2Server".into(),
            "aws_TestCreateUserProfileByIdAndName2".into(),
        ] {
            assert!(!is_prefixed_key(name.as_bytes()), "{name}");
        }
    }
}
