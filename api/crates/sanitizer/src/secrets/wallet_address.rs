//! Finds addresses of wallets: Bitcoin and its relatives by their checksums (base58check, BIP 173, BIP 350), Ethereum by EIP-55,
//! others by a word that announces them.

use sha2::{Digest, Sha256};
use sha3::Keccak256;

use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    for &anchor in &scanned.long_numbers {
        let index = anchor as usize;
        let token = &scanned.tokens[index];
        if token.shape.is_number() || !(25..=95).contains(&token.len()) {
            continue;
        }
        let value = scanned.token_text(index).as_bytes();
        let is_announced = || scanned.triggers_before(index, 6, 48) & trigger::WALLET != 0;
        let is_wallet = match value {
            [b'0', b'x', hex @ ..] => {
                hex.len() == 40 && hex.iter().all(u8::is_ascii_hexdigit) && (eip_55(hex) || is_announced())
            }
            [b'1' | b'3' | b'L' | b'M' | b'D' | b'r' | b'T' | b'm' | b'n' | b'2', ..] if value.len() <= 35 => {
                base58check(value) || ripple(value)
            }
            [b'b', b'c', b'1', ..] | [b'l', b't', b'c', b'1', ..] | [b't', b'b', b'1', ..] | [b'B', b'C', b'1', ..] => {
                bech32(value)
            }
            [b'4' | b'8', ..] if value.len() == 95 => value.iter().all(|byte| BASE58.contains(byte)),
            _ => {
                (32..=44).contains(&value.len())
                    && is_announced()
                    && value.iter().all(|byte| BASE58.contains(byte))
                    && value.iter().any(u8::is_ascii_lowercase)
                    && value.iter().any(u8::is_ascii_uppercase)
            }
        };
        if is_wallet {
            spans.push(Span { range: token.range(), kind: Kind::Crypto, why: "the address of a wallet" });
        }
    }
}

/// Whether the capitals of an Ethereum address are its checksum (EIP-55).
fn eip_55(hex: &[u8]) -> bool {
    if !hex.iter().any(u8::is_ascii_uppercase) || !hex.iter().any(u8::is_ascii_lowercase) {
        return false;
    }
    let hash = Keccak256::digest(hex.to_ascii_lowercase());
    hex.iter().enumerate().all(|(at, byte)| {
        let nibble = hash[at / 2] >> (4 * (1 - at % 2)) & 15;
        !byte.is_ascii_alphabetic() || byte.is_ascii_uppercase() == (nibble >= 8)
    })
}

/// Whether an address is 25 bytes in base 58, of which the last four are the double SHA-256 of the others.
fn base58check(value: &[u8]) -> bool {
    decode_base58(value, BASE58).is_some_and(checks)
}

/// The same for Ripple, which orders the alphabet of base 58 differently.
fn ripple(value: &[u8]) -> bool {
    value[0] == b'r'
        && decode_base58(value, b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz").is_some_and(checks)
}

fn checks(bytes: [u8; 25]) -> bool {
    Sha256::digest(Sha256::digest(&bytes[..21]))[..4] == bytes[21..]
}

fn decode_base58(value: &[u8], alphabet: &[u8]) -> Option<[u8; 25]> {
    let mut values = [u8::MAX; 256];
    for (value, character) in (0..).zip(alphabet) {
        values[usize::from(*character)] = value;
    }
    let mut bytes = [0_u8; 25];
    for c in value {
        let mut carry = Some(values[usize::from(*c)]).filter(|value| *value < 58).map(u32::from)?;
        for byte in bytes.iter_mut().rev() {
            carry += u32::from(*byte) * 58;
            *byte = carry as u8;
            carry >>= 8;
        }
        if carry != 0 {
            return None;
        }
    }
    Some(bytes)
}

/// Whether an address has the checksum of BIP 173 (bech32) or BIP 350 (bech32m).
fn bech32(value: &[u8]) -> bool {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let lower = value.to_ascii_lowercase();
    if lower != value && value.iter().any(u8::is_ascii_lowercase) {
        return false;
    }
    let Some(one) = lower.iter().rposition(|byte| *byte == b'1') else { return false };
    let (name, data) = (&lower[..one], &lower[one + 1..]);
    let mut sum = 1_u32;
    let mut take = |value: u32| {
        let top = sum >> 25;
        sum = (sum & 0x1FF_FFFF) << 5 ^ value;
        for (bit, generator) in GENERATOR.iter().enumerate() {
            if top >> bit & 1 == 1 {
                sum ^= generator;
            }
        }
    };
    name.iter().for_each(|byte| take(u32::from(byte >> 5)));
    take(0);
    name.iter().for_each(|byte| take(u32::from(byte & 31)));
    for byte in data {
        let Some(value) = BECH32.iter().position(|known| known == byte) else { return false };
        take(value as u32);
    }
    data.len() >= 8 && (sum == 1 || sum == 0x2bc8_30a3)
}
