//! Finds hashed passwords in the forms of crypt(3), of Kerberos tickets as crackers read them, and of network devices: `$6$salt$…`,
//! `$2b$12$…`, `$argon2id$…`.

use crate::{
    scan::Scanned,
    span::{Kind, Span},
};

const BEGINNINGS: [&[u8]; 15] = [
    b"$1$",
    b"$5$",
    b"$6$",
    b"$2a$",
    b"$2b$",
    b"$2y$",
    b"$y$",
    b"$argon2",
    b"$scrypt$",
    b"$apr1$",
    b"$P$",
    b"$pbkdf2",
    b"$krb5",
    b"$8$",
    b"$9$",
];
const LENGTH_MIN: usize = 28;
const LENGTH_MAX: usize = 4096;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    if !scanned.has_sign(b'$') {
        return;
    }
    let bytes = scanned.bytes();
    let mut read_to = 0;
    for at in memchr::memchr_iter(b'$', bytes) {
        let rest = &bytes[at..bytes.len().min(at + LENGTH_MAX)];
        let may_begin = matches!(
            rest.get(1),
            Some(b'1' | b'2' | b'5' | b'6' | b'8' | b'9' | b'y' | b'a' | b's' | b'P' | b'p' | b'k')
        );
        if at < read_to || !may_begin || !BEGINNINGS.iter().any(|beginning| rest.starts_with(beginning)) {
            continue;
        }
        // The hash of a Kerberos ticket contains the user and the realm.
        let is_kerberos = rest.starts_with(b"$krb5");
        let is_part = |byte: &&u8| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'$' | b'.' | b'/' | b'+' | b'=' | b',' | b'_' | b'-')
                || is_kerberos && matches!(byte, b'@' | b':' | b'*' | b'~')
        };
        let length = rest.iter().take_while(is_part).count();
        read_to = at + length;
        if length >= LENGTH_MIN {
            spans.push(Span { range: at..at + length, kind: Kind::Password, why: "a hashed password" });
        }
    }
}
