//! The result of a finder: a [`Span`] of the text, and its [`Kind`].

use std::{ops::Range, sync::Arc};

use unicode_normalization::UnicodeNormalization;

/// A part of a text that must not be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// The kind of the value.
    pub kind: Kind,
    /// Which rule found it, in words: for `--explain`, for logs, for your own debugging. [`explain()`](crate::explain())
    /// says more about a span. The wording may change in any version.
    pub why: &'static str,
}

/// The place that a text comes from. It decides what digits alone may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The text is all there is. If it consists of nothing but an id, that id is found without a word that announces it.
    Text,
    /// The text is one value among many, or a part of an id. Digits alone are more likely a plain number here.
    Field,
}

/// Declares the kinds with their labels. [`Kind::ALL`] and [`Kind::label`] come from the same list, so neither can miss one.
macro_rules! kinds {
    ($($name:ident = $label:literal,)*) => {
        /// The kind of a value that was found. The kinds are ordered: where spans overlap, the lesser kind names the span that covers both.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind {
            $(#[doc = $label] $name,)*
            /// A kind that a policy adds, by its label.
            Own(Arc<str>),
        }

        impl Kind {
            /// Every built-in kind.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its word in a placeholder: `EMAIL` in `[EMAIL_1]`.
            pub fn label(&self) -> &str {
                match self { $(Self::$name => $label,)* Self::Own(label) => label }
            }
        }
    };
}

// The order decides: where spans overlap, the kind that comes first here names the span that covers both.
kinds! {
    PrivateKey = "PRIVATE_KEY",
    Jwt = "JWT",
    UrlCredentials = "URL_CRED",
    Secret = "SECRET",
    Password = "PASSWORD",
    Crypto = "CRYPTO",
    Iban = "IBAN",
    CreditCard = "CREDIT_CARD",
    Email = "EMAIL",
    Ip = "IP",
    Mac = "MAC",
    Ssn = "SSN",
    NationalId = "NATIONAL_ID",
    TaxId = "TAX_ID",
    HealthId = "HEALTH_ID",
    Mrn = "MRN",
    Passport = "PASSPORT",
    DriverLicense = "DRIVER_LICENSE",
    LicensePlate = "LICENSE_PLATE",
    Vin = "VIN",
    DeviceId = "DEVICE_ID",
    BankAccount = "BANK_ACCOUNT",
    Phone = "PHONE",
    DateOfBirth = "DOB",
    Coordinates = "COORD",
    Address = "ADDRESS",
    Username = "USERNAME",
    Person = "PERSON",
}

impl Kind {
    /// The spelling under which a value is numbered: two spellings of one value get the same placeholder.
    pub(crate) fn normalise(&self, value: &str) -> String {
        match self {
            Self::Email | Self::Ip | Self::Username | Self::Address => value.to_lowercase(),
            Self::Person => {
                value.nfkc().filter(|c| c.is_alphanumeric() || *c == ' ').collect::<String>().to_lowercase()
            }
            Self::Phone | Self::CreditCard => value.nfkc().filter(char::is_ascii_digit).collect(),
            Self::Iban
            | Self::Mac
            | Self::Ssn
            | Self::NationalId
            | Self::TaxId
            | Self::HealthId
            | Self::Mrn
            | Self::Passport
            | Self::DriverLicense
            | Self::LicensePlate
            | Self::Vin
            | Self::DeviceId
            | Self::BankAccount => value.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect(),
            Self::PrivateKey
            | Self::Jwt
            | Self::UrlCredentials
            | Self::Secret
            | Self::Password
            | Self::Crypto
            | Self::DateOfBirth
            | Self::Coordinates
            | Self::Own(_) => value.to_owned(),
        }
    }
}
