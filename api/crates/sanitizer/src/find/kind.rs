//! The kinds of what is found: their words in placeholders, and when two values of a kind are the same.

use unicode_normalization::UnicodeNormalization;

/// Declares the kinds with their labels, so that no list of them can miss one.
macro_rules! kinds {
    ($($name:ident = $label:literal,)*) => {
        /// What was found.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind {
            $(#[doc = $label] $name,)*
            /// A kind of the policy's own.
            Own(&'static str),
        }

        impl Kind {
            /// Every kind that is built in.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in the placeholder.
            pub fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* Self::Own(label) => label }
            }
        }
    };
}

// The order is the weight: where spans overlap, the kind that stands first names the whole.
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
    /// One spelling of values that are the same.
    pub(crate) fn normalise(self, value: &str) -> String {
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
