//! Explains spans: the rule, the vendor or the country of the value, and the words that announce it or that decided for a name. It reads the
//! text again for that, so that finding costs nothing more.

use std::ops::Range;

use crate::{
    native,
    numbers::calling_code,
    people::model_of_names,
    scan::{
        Scanned, lookalikes, name_dictionary, scan,
        trigger_words::{self as trigger, Triggers},
    },
    secrets::{KEY_PREFIXES, vendor_of},
    span::{Kind, Scope, Span},
    tables,
};

/// Where a word that announces a value may stand before it: so many tokens, and so many bytes.
const TOKENS_MAX: usize = 5;
const BYTES_MAX: usize = 48;
/// A word of another script may stand farther away, for addresses are long and its table is of phrases.
const NATIVE_BYTES_MAX: usize = 64;

/// Explains each of the spans that [`find`](crate::find()) found in `text`: which rule found it; the vendor of a key, the country of
/// an IBAN or of a phone number, the issuer of a card; the words before it that announce such a value; and, for a name, what the lists
/// of names or the model of names know about its words. The wording may change in any version.
///
/// ```
/// use misfire_sanitizer::{Scope, explain, find};
///
/// let text = "phone: +49 201 7739 4410";
/// let why = explain(text, &find(text, Scope::Text));
/// assert_eq!(why, ["a phone number: calling code +49; after \"phone\""]);
/// ```
pub fn explain(text: &str, spans: &[Span]) -> Vec<String> {
    if spans.is_empty() {
        return Vec::new();
    }
    let plain = lookalikes::replaced(text);
    let read = plain.as_ref().map_or(text, |plain| &plain.text);
    scan(read, Scope::Text, &KEY_PREFIXES, |scanned| {
        let native = native::announcing_words(scanned);
        let in_read = |at: usize| plain.as_ref().map_or(at, |plain| plain.at_in_plain(at)).min(read.len());
        let of_span = |span: &Span| {
            let place = Place::new(scanned, in_read(span.range.start)..in_read(span.range.end));
            let details = place.details(span, &native);
            if details.is_empty() { span.why.to_owned() } else { format!("{}: {}", span.why, details.join("; ")) }
        };
        spans.iter().map(of_span).collect()
    })
}

/// A span in the text that is read.
struct Place<'a> {
    scanned: &'a Scanned<'a>,
    range: Range<usize>,
    value: &'a str,
    /// Its tokens, by their indices.
    tokens: Range<usize>,
}

impl<'a> Place<'a> {
    fn new(scanned: &'a Scanned<'a>, range: Range<usize>) -> Self {
        let first = scanned.tokens.partition_point(|token| token.end() <= range.start);
        let end = scanned.tokens.partition_point(|token| token.start() < range.end).max(first);
        Self { scanned, value: &scanned.text[range.clone()], tokens: first..end, range }
    }

    fn details(&self, span: &Span, native: &[(Range<usize>, &[Kind])]) -> Vec<String> {
        if span.kind == Kind::Person && span.why == model_of_names::WHY {
            return match self.tokens.is_empty() {
                true => Vec::new(),
                false => model_of_names::explain(self.scanned, self.tokens.start, self.tokens.end - 1),
            };
        }
        let mut details = Vec::new();
        details.extend(self.origin(&span.kind));
        if span.why.contains("column of") {
            details.extend(
                tables::heading_of(self.scanned.text, self.range.start).map(|word| format!("headed by {word:?}")),
            );
        } else {
            details.extend(self.announced(&span.kind, native));
        }
        if span.kind == Kind::Person {
            details.extend(self.tokens.clone().filter_map(|index| listed(self.scanned.token_text(index))));
        }
        details
    }

    /// Whose value it is: a vendor, a country, an issuer.
    fn origin(&self, kind: &Kind) -> Option<String> {
        let digits: String = self.value.chars().filter(char::is_ascii_digit).collect();
        match kind {
            Kind::Secret => vendor_of(self.value).map(|(prefix, vendor)| format!("{prefix:?}, {vendor}")),
            Kind::Iban => self.value.get(..2).map(|country| format!("country {}", country.to_uppercase())),
            Kind::Phone if self.value.starts_with(['+', '(']) && self.value.contains('+') => {
                calling_code(&digits).map(|code| format!("calling code +{code}"))
            }
            Kind::CreditCard => issuer(&digits).map(str::to_owned),
            _ => None,
        }
    }

    /// The words before it that announce a value of its kind.
    fn announced(&self, kind: &Kind, native: &[(Range<usize>, &[Kind])]) -> Option<String> {
        let Self { scanned, range, tokens, .. } = self;
        let triggers = announcing(kind);
        let near = tokens.start.saturating_sub(TOKENS_MAX)..tokens.start;
        let mut words: Vec<_> = near
            .filter(|index| {
                let token = &scanned.tokens[*index];
                token.has(triggers) && token.end() + BYTES_MAX >= range.start
            })
            .map(|index| format!("{:?}", scanned.token_text(index)))
            .collect();
        let until = native.partition_point(|(word, _)| word.end <= range.start);
        let is_near = |word: &Range<usize>| word.end + NATIVE_BYTES_MAX >= range.start;
        let nearest = native[..until].iter().rev().take_while(|(word, _)| is_near(word));
        words.extend(
            nearest
                .filter(|(_, kinds)| kinds.contains(kind))
                .take(1)
                .map(|(word, _)| format!("{:?}", &scanned.text[word.clone()])),
        );
        (!words.is_empty()).then(|| format!("after {}", words.join(", ")))
    }
}

/// What the lists of names know of a word.
fn listed(word: &str) -> Option<String> {
    let names = name_dictionary::look_up_word(word);
    let what = match (names.is_given(), names.is_family()) {
        (true, true) => "a first and a family name",
        (true, false) => "a first name",
        (false, true) => "a family name",
        (false, false) => return None,
    };
    Some(format!("{word:?} is listed as {what}"))
}

/// The issuer of a payment card, by its first digits (ISO/IEC 7812-1, the ranges that the issuers publish).
fn issuer(digits: &str) -> Option<&'static str> {
    let first: u32 = digits.get(..4)?.parse().ok()?;
    Some(match first {
        4000..=4999 => "Visa",
        5100..=5599 | 2221..=2720 => "Mastercard",
        3400..=3499 | 3700..=3799 => "American Express",
        3528..=3589 => "JCB",
        3000..=3059 | 3600..=3699 | 3800..=3999 => "Diners Club",
        6011 | 6440..=6599 => "Discover",
        6200..=6299 => "UnionPay",
        5018 | 5020 | 5038 | 6304 | 6759 | 6761..=6763 => "Maestro",
        _ => return None,
    })
}

/// The triggers that announce a value of a kind.
fn announcing(kind: &Kind) -> Triggers {
    match kind {
        Kind::Secret | Kind::Password | Kind::PrivateKey | Kind::Jwt => trigger::PASSWORD | trigger::SECRET,
        Kind::Crypto => trigger::WALLET,
        Kind::Iban | Kind::BankAccount => trigger::BANK | trigger::ACCOUNT,
        Kind::CreditCard => trigger::CARD,
        Kind::Mac => trigger::MAC,
        Kind::Ssn => trigger::SSN,
        Kind::NationalId => trigger::NATIONAL | trigger::SSN,
        Kind::TaxId => trigger::TAX,
        Kind::HealthId => trigger::HEALTH | trigger::INSURANCE,
        Kind::Mrn => trigger::MRN,
        Kind::Passport => trigger::PASSPORT,
        Kind::DriverLicense => trigger::DRIVER | trigger::LICENSE,
        Kind::LicensePlate => trigger::PLATE,
        Kind::Vin => trigger::VIN,
        Kind::DeviceId => trigger::DEVICE,
        Kind::Phone => trigger::PHONE,
        Kind::DateOfBirth => trigger::BIRTH,
        Kind::Coordinates => trigger::COORD,
        Kind::Address => trigger::ADDRESS | trigger::RESIDES | trigger::ZIP,
        Kind::Username => trigger::USER,
        Kind::Person => {
            trigger::BESIDE_NAMES | trigger::SIGN_OFF | trigger::SELF | trigger::SALUTATION | trigger::FORM_OF_ADDRESS
        }
        Kind::UrlCredentials | Kind::Email | Kind::Ip | Kind::Own(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find;

    #[test]
    fn the_rule_the_vendor_or_the_country_and_the_words_are_named() {
        for (text, why) in [
            ("to jane@example.com", "an e-mail address"),
            ("use sk-proj-Hx27LqTz9BvW4kRmN8pYd3FgUcJa61EoXsQ5tKiV", "\"sk-\", OpenAI"),
            ("see ghp_Wk3mT9xQ2vB7nL5cR8yF1dG4hJ6sZ0aPqXuE", "\"ghp_\", GitHub"),
            ("pay to DE89 3704 0044 0532 0130 00", "an IBAN: country DE"),
            ("card 4539 1488 0343 6467", "the number of a payment card: Visa; after \"card\""),
            ("card 371449635398431", "American Express"),
            ("my phone is +44 7911 123456", "calling code +44; after \"phone\""),
            ("passport no. 512345678", "after \"passport\""),
            ("db_password = hunter2", "after \"password\""),
            ("身份证号：310115199203154528", "after \"身份证号\""),
            ("СНИЛС: 280-113-947 46", "after \"СНИЛС\""),
            ("Dear Jane Doe, call +1 415 555 0132", "after \"Dear\"; \"Jane\" is listed as a first"),
            ("Gruß, Thorsten Wiesböck", "after \"Gruß\""),
            ("id,phone\n1,01632 960118\n2,01632 960733\n", "a number in a column of phones: headed by \"phone\""),
            ("氏名,電話番号\n真鍋拓海,03-5412-8890\n", "a column of names: headed by \"氏名\""),
            ("Dowód osobisty: CBH 418295", "after \"Dowód\", \"osobisty\""),
            ("ｃａｒｄ ４５３９ １４８８ ０３４３ ６４６７", "Visa; after \"card\""),
        ] {
            let spans = find(text, Scope::Text);
            let explained = explain(text, &spans);
            assert_eq!(explained.len(), spans.len());
            assert!(explained.iter().any(|said| said.contains(why)), "{text}: {explained:?}");
        }
    }

    #[test]
    fn a_word_that_announces_something_else_or_stands_far_away_is_not_named() {
        for text in [
            "the phone rang all day long and then some more, write to jane@example.com",
            "my password is old; pay to DE89 3704 0044 0532 0130 00",
        ] {
            let explained = explain(text, &find(text, Scope::Text));
            assert!(!explained.is_empty() && explained.iter().all(|said| !said.contains("after")), "{explained:?}");
        }
    }

    #[test]
    fn a_name_of_the_model_is_explained_by_the_words_that_weigh_most() {
        let text = "lol just met up with Okwuosa at the pub";
        let spans = find(text, Scope::Text);
        assert_eq!(spans.len(), 1, "{spans:?}");
        assert_eq!(spans[0].why, model_of_names::WHY);
        let said = &explain(text, &spans)[0];
        assert!(said.contains("\"with\" before it +"), "{said}");
    }

    /// Spans of a text with look-alikes are explained at their places in the plain text, also beside characters that are dropped.
    #[test]
    fn every_span_of_any_text_can_be_explained() {
        for text in [
            "",
            "\u{200B}",
            "\u{200B}jane＠example．com\u{200B}",
            "e\u{200B}: jane@ex\u{200B}ample.com, +49 201 7739 4410\u{FEFF}",
        ] {
            let spans = find(text, Scope::Text);
            assert_eq!(explain(text, &spans).len(), spans.len());
        }
    }
}
