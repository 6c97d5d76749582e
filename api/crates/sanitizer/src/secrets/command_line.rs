//! Finds passwords among the arguments of commands: `curl -u user:password`, `mysql -pPASSWORD`, `sshpass -p PASSWORD`.
//!
//! The same letter means a port or a path elsewhere (`psql -p 5432`, `mkdir -p`), so each command has its own flags.

use std::ops::Range;

use crate::{
    scan::{Scanned, char_classes, trigger_words as trigger},
    secrets::example_value::is_example_value,
    span::{Kind, Span},
};

/// How much of a command is read, in bytes.
const COMMAND_BYTES_MAX: usize = 1024;
const VALUE_BYTES_MAX: usize = 256;

/// What stands behind a flag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// `user:password`.
    User,
    /// The password, after the flag and a space.
    Password,
    /// The password, right after the flag. After a space there is something else (the database, for `mysql`).
    Attached,
}

use self::Takes::{Attached, Password, User};

/// The words that a command line begins with, and its flags.
const COMMANDS: &[(&str, &[(&str, Takes)])] = &[
    (
        "curl",
        &[
            (" -u ", User),
            (" --user ", User),
            (" --user=", User),
            (" -u", User),
            (" --proxy-user ", User),
            (" -U ", User),
        ],
    ),
    ("sshpass", &[(" -p ", Password), (" -p", Attached)]),
    ("mysql", &[(" -p", Attached)]),
    ("mysqldump", &[(" -p", Attached)]),
    ("mysqladmin", &[(" -p", Attached)]),
    ("mariadb", &[(" -p", Attached)]),
    ("redis-cli", &[(" -a ", Password), (" --pass ", Password)]),
    ("docker login", &[(" -p ", Password), (" -p", Attached)]),
    ("podman login", &[(" -p ", Password)]),
    ("mongosh", &[(" -p ", Password)]),
    ("mongodump", &[(" -p ", Password)]),
    ("mongorestore", &[(" -p ", Password)]),
    ("ldapsearch", &[(" -w ", Password)]),
    ("sqlcmd", &[(" -P ", Password)]),
    ("plink", &[(" -pw ", Password)]),
    ("psexec", &[(" -p ", Password)]),
    ("smbclient", &[(" -U ", User)]),
];

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let bytes = scanned.bytes();
    let mut read_to = 0;
    for start in scanned.tokens_with(trigger::COMMAND).map(|index| scanned.tokens[index].start()) {
        if start < read_to {
            continue;
        }
        let line = &bytes[start..bytes.len().min(start + COMMAND_BYTES_MAX)];
        let begins =
            |words: &str| line.get(..words.len()).is_some_and(|line| line.eq_ignore_ascii_case(words.as_bytes()));
        // `mysql_user` and `curl.md` are no commands.
        let command = COMMANDS
            .iter()
            .filter(|(words, _)| begins(words) && matches!(line.get(words.len()), Some(b' ' | b'.')))
            .max_by_key(|(words, _)| words.len());
        let Some((_, flags)) = command else { continue };
        let length = command_length(line);
        read_to = start + length;
        if let Some(range) = flags.iter().find_map(|flag| argument(scanned, start..start + length, flag)) {
            spans.push(Span { range, kind: Kind::Password, why: "a password on a command line" });
        }
    }
}

/// The length of the command that `line` begins with. A backslash at the end of a line continues it.
fn command_length(line: &[u8]) -> usize {
    let ends = |at: usize| !line[..at].trim_ascii_end().ends_with(b"\\");
    memchr::memchr_iter(b'\n', line).find(|at| ends(*at)).unwrap_or(line.len())
}

/// The password behind a flag; with its user, if the flag takes both.
fn argument(scanned: &Scanned, command: Range<usize>, (flag, takes): &(&str, Takes)) -> Option<Range<usize>> {
    let bytes = scanned.bytes();
    let at = command.start + memchr::memmem::find(&bytes[command.clone()], flag.as_bytes())? + flag.len();
    let quote = Some(scanned.byte_at(at)).filter(|byte| matches!(byte, b'"' | b'\''));
    let start = at + usize::from(quote.is_some());
    let ends = |byte: u8| match quote {
        Some(quote) => byte == quote || byte == b'\n',
        None => byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'|' | b';'),
    };
    let length = bytes[start..].iter().take(VALUE_BYTES_MAX).take_while(|byte| !ends(**byte)).count();
    let value = &bytes[start..start + length];
    let is_given = match takes {
        User => is_user_and_password(value),
        Password => length >= 4 && is_password(value),
        // `-p3306` is a port, `-port` an option.
        Attached => {
            let (digits, letters) = char_classes::digits_and_letters(value);
            length >= 6
                && (quote.is_some() || digits > 0 && letters > 0 || digits + letters < length)
                && is_password(value)
        }
    };
    is_given.then_some(start..start + length)
}

fn is_user_and_password(value: &[u8]) -> bool {
    let Some(at) = value.iter().position(|byte| matches!(byte, b':' | b'%')) else { return false };
    let (user, password) = (&value[..at], &value[at + 1..]);
    let credential = if password.is_empty() { user } else { password };
    let is_same = credential == user && !password.is_empty();
    credential.len() >= 4
        && !is_same
        && !matches!(user.first(), Some(b'<' | b'$' | b'[' | b'{'))
        && is_password(credential)
}

/// Whether a value is none of what manuals write, and no variable.
fn is_password(value: &[u8]) -> bool {
    let words = [&b"password"[..], b"pass", b"passwd", b"token", b"secret", b"yourpassword", b"mypassword"];
    let is_word = words.iter().any(|word| value.eq_ignore_ascii_case(word));
    let is_variable = matches!(value.first(), None | Some(b'$' | b'<' | b'{' | b'[' | b'-' | b'%'));
    !is_word && !is_variable && !is_example_value(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{scan::found_by, secrets::vendor_keys::key_prefixes::KEY_PREFIXES};

    #[test]
    fn each_command_has_its_own_flags() {
        let found = |text: &str| -> Vec<String> {
            found_by(find, &KEY_PREFIXES, text).into_iter().map(|span| text[span.range].to_owned()).collect()
        };
        for (text, value) in [
            ("curl -u 'app:hunter 2x' https://example.com", "app:hunter 2x"),
            ("curl --user=app:hunter2x https://example.com", "app:hunter2x"),
            ("curl -H 'a: b' \\\n  -u app:hunter2x", "app:hunter2x"),
            ("mysql -u root -phunter2x shop", "hunter2x"),
            ("mysqldump -h db -u app -p'hunter two' shop", "hunter two"),
            ("sshpass -p hunter2x ssh host", "hunter2x"),
            ("redis-cli -p 6379 -a hunter2x ping", "hunter2x"),
            ("docker login -u bot -p hunter2x ghcr.io", "hunter2x"),
            ("psexec.exe \\\\host -u app -p hunter2x cmd", "hunter2x"),
        ] {
            assert_eq!(found(text), [value], "in {text:?}");
        }
        for text in [
            "mysql -u root -p shop",
            "mysql -p3306 -h db",
            "sshpass -p \"$PASS\" ssh host",
            "docker run -p 8080:80 nginx",
            "docker login -u bot -p $TOKEN",
            "curl -u $USER:$PASS https://example.com",
            "redis-cli -p 6379 ping",
            "curl https://example.com\ncp -u a:bcde f",
        ] {
            assert_eq!(found(text), [""; 0], "in {text:?}");
        }
    }
}
