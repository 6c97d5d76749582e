//! The kind of value that a name announces: `db_password` a password, `clientSecret` a secret, `token_url` neither.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::scan::{PrefixSet, head};

/// The shortest name that is examined, in bytes.
const NAME_BYTES_MIN: usize = 2;
/// The longest name. Of a longer one, only its end is examined.
pub(super) const NAME_BYTES_MAX: usize = 64;

/// The kind of secret that a name announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    Password,
    Secret,
}

/// The meaning of one word of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// Anywhere in the name: the value is a password.
    Password,
    /// Anywhere in the name: the value is a key or a token.
    Secret,
    /// At the end of the name: the value is a password.
    PasswordAtEnd,
    /// At the end of the name: the value is a key or a token.
    SecretAtEnd,
    /// As the whole name: the value is a password.
    PasswordWhole,
    /// As the whole name: the value is a key or a token.
    SecretWhole,
    /// At the end of the name: the value describes a secret and is none.
    AboutAtEnd,
    /// Anywhere in the name: the value is no secret. Tokens against request forgery, public keys.
    Nothing,
    /// Anywhere in the name: the value is the public half of a pair of credentials. It opens nothing, but identifies its owner, so it
    /// is redacted, too.
    ClientId,
}

/// The parts of names in any case, and what each says.
const PARTS: &[(Says, &str)] = &[
    (
        Says::Password,
        "pasw psw pssw passw passphrase passcode pwd passwd contrase senha kennwort dbpass userpass _pass_ mot_de_passe motdepasse \
         wachtwoord 密码 密碼 口令 パスワード 비밀번호 암호 парол lösenord losenord passord adgangskode kodeord salasana jelszó jelszo lozinka \
         slaptažodis slaptazodis fjalëkalimi nenosiri katasandi lykilorð contrasenya",
    ),
    (
        Says::PasswordWhole,
        "heslo geslo hasło haslo parola parolă parole parool şifre sifre sandi khẩu passe jelszavam şifrem aðgangsorð",
    ),
    (Says::PasswordAtEnd, "_pw _pass -pass .pass -pw .pw __com"),
    (Says::PasswordWhole, "pass pw pswd"),
    (
        Says::Secret,
        "secret token apikey api_key api-key api.key accesskey access_key access-key authkey auth_key private_key privatekey \
         encryption_key encryptionkey signing_key signingkey credential client_key account_key accountkey sharedaccesskey \
         master_key app_key license_key licence_key licensekey api_hash",
    ),
    (Says::SecretAtEnd, "_key -key .key _auth _pat _salt"),
    (Says::SecretWhole, "key auth"),
    (
        Says::AboutAtEnd,
        "_length _len _type _name _id _count _limit _url _uri _path _file _field _hint _policy _expiry _ttl _endpoint tokenizer \
         tokens _label _placeholder .url keyname _title _prefix _regex _pattern _format _error _message",
    ),
    (Says::Nothing, "csrf xsrf authenticity public publishable"),
    (Says::ClientId, "client_id clientid client.id client-id access_id accessid access-id"),
];

/// Names of two words, as in `API key: …`.
const KEYS_OF_TWO_WORDS: &[&str] =
    &["api key", "access key", "auth key", "private key", "encryption key", "signing key", "master key"];

/// [`PARTS`] and [`KEYS_OF_TWO_WORDS`] as one automaton, and what each of its patterns says.
static KNOWN: LazyLock<(AhoCorasick, Vec<Says>)> = LazyLock::new(|| {
    let words = PARTS.iter().flat_map(|(says, words)| words.split_whitespace().map(|word| (word, *says)));
    let parts: Vec<_> = words.chain(KEYS_OF_TWO_WORDS.iter().map(|name| (*name, Says::Secret))).collect();
    let search = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(parts.iter().map(|(word, _)| word))
        .expect("a few hundred short words make an automaton");
    (search, parts.into_iter().map(|(_, says)| says).collect())
});

/// The beginnings of the parts, in small letters.
static BEGINNINGS: LazyLock<PrefixSet> = LazyLock::new(|| {
    let parts = PARTS.iter().flat_map(|(_, words)| words.split_whitespace()).chain(KEYS_OF_TWO_WORDS.iter().copied());
    let parts: Vec<_> = parts.map(str::to_ascii_lowercase).collect();
    PrefixSet::new(parts.iter().map(String::as_str))
});

/// Whether a part may begin anywhere in a name of at most [`NAME_BYTES_MAX`] bytes. In most names none does, and this is quicker to tell
/// than with the automaton, whose table is large.
fn may_hold_part(name: &[u8]) -> bool {
    let mut small = [0; NAME_BYTES_MAX + 3];
    small[..name.len()].copy_from_slice(name);
    small.make_ascii_lowercase();
    small.windows(4).take(name.len()).any(|bytes| BEGINNINGS.may_begin(head(bytes)))
}

/// The kind of secret that a name announces; `None` when it announces none.
pub(super) fn expected_by(name: &[u8]) -> Option<Expected> {
    let dashes = name.iter().take_while(|byte| **byte == b'-').count();
    let name = &name[dashes..];
    if name.len() < NAME_BYTES_MIN {
        return None;
    }
    let name = &name[name.len().saturating_sub(NAME_BYTES_MAX)..];
    if !may_hold_part(name) {
        return None;
    }
    let (search, says) = &*KNOWN;
    let (mut password, mut secret, mut is_client_id, mut is_about) = (false, false, false, false);
    for found in search.find_overlapping_iter(name) {
        let at_end = found.end() == name.len();
        let is_whole = at_end && found.start() == 0;
        match says[found.pattern().as_usize()] {
            Says::Password => password = true,
            Says::Secret => secret = true,
            Says::PasswordAtEnd => password |= at_end,
            Says::SecretAtEnd => secret |= at_end,
            Says::PasswordWhole => password |= is_whole,
            Says::SecretWhole => secret |= is_whole,
            Says::AboutAtEnd => is_about |= at_end,
            Says::Nothing => is_about = true,
            Says::ClientId => is_client_id = true,
        }
    }
    secret |= name.ends_with(b"Key") || name.ends_with(b"KEY");
    is_about |= name.ends_with(b"Id") || name.ends_with(b"ID");
    match (password, secret) {
        _ if is_client_id => Some(Expected::Secret),
        _ if is_about => None,
        (true, _) => Some(Expected::Password),
        (_, true) => Some(Expected::Secret),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_make_one_expect_what_they_say() {
        for name in ["password", "DB_PASS", "userPwd", "--passphrase", "пароль", "smtp.pass", "pw"] {
            assert_eq!(expected_by(name.as_bytes()), Some(Expected::Password), "{name}");
        }
        for name in ["apiKey", "AWS_SECRET_ACCESS_KEY", "clientSecret", "key", "github_pat", "client_id", "x-api-key"] {
            assert_eq!(expected_by(name.as_bytes()), Some(Expected::Secret), "{name}");
        }
        for name in ["token_url", "max_tokens", "password_hint", "csrf_token", "public_key", "keyId", "monkey", "name"]
        {
            assert_eq!(expected_by(name.as_bytes()), None, "{name}");
        }
    }
}
