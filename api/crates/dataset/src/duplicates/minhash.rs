//! How alike two prompts are, from 64 bytes each: MinHash over runs of three words.
//!
//! One hash for each run, its upper bits choosing the bin whose least value it may become (one permutation hashing; Li, Owen
//! and Zhang, 2012); empty bins borrow from the next one that is not (Shrivastava and Li, 2014). The part of bins in which two
//! signatures agree estimates the Jaccard similarity of their runs, with a standard error of 0.05 at 0.8.

/// The bins of a signature, a byte of each.
pub(super) const BINS: usize = 64;
/// The bins that must agree for two prompts to be nearly the same: four fifths.
pub(super) const ALIKE_BINS_MIN: u8 = 51;

/// Signatures share a band when all bins of it agree. Two prompts at similarity 0.8 share one of six bands of five bins with
/// a probability of 0.91, at 0.9 of 0.995, at 0.4 of 0.06; whether they are alike is then told by all bins.
pub(super) const BANDS: usize = 6;
const BAND_BINS: usize = 5;

pub(super) type Signature = [u8; BINS];

/// The signature of a prompt. The numbers of placeholders are passed over: `[EMAIL_1]` is `[EMAIL_2]`.
pub(super) fn signature(text: &str) -> Signature {
    let mut least = [u32::MAX; BINS];
    for_each_run(text.as_bytes(), |hash| {
        let bin = &mut least[(hash >> 58) as usize];
        *bin = (*bin).min(hash as u32);
    });
    let mut signature = [0; BINS];
    // Backwards, so that each empty bin knows its next neighbour and how far away that is; after the last comes the first.
    let first = least.iter().position(|value| *value != u32::MAX).unwrap_or(0);
    let (mut borrowed, mut distance) = (least[first], first as u64);
    for (value, byte) in least.iter().zip(&mut signature).rev() {
        if *value == u32::MAX {
            distance += 1;
        } else {
            (borrowed, distance) = (*value, 0);
        }
        *byte = ((u64::from(borrowed) << 8 ^ distance).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8;
    }
    signature
}

/// The bands of a signature, each as a number below 2^48 that two signatures share when the band agrees.
pub(super) fn bands(signature: &Signature) -> impl Iterator<Item = u64> {
    signature.chunks_exact(BAND_BINS).take(BANDS).enumerate().map(|(band, bins)| {
        let mut key = [0; 8];
        key[2] = band as u8;
        key[3..].copy_from_slice(bins);
        u64::from_be_bytes(key)
    })
}

pub(super) fn are_alike(one: &Signature, other: &Signature) -> bool {
    // Summed as bytes, of which a processor adds many at once.
    one.iter().zip(other).map(|(one, other)| u8::from(one == other)).sum::<u8>() >= ALIKE_BINS_MIN
}

/// The class of each byte.
const CLASSES: [Class; 256] = {
    let mut classes = [Class::Between; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            0xE3..=0xE9 => Class::Ideograph,
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | 0x80.. => Class::Word,
            _ => Class::Between,
        };
        byte += 1;
    }
    classes
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// It stands between words.
    Between,
    /// It is of a word.
    Word,
    /// Of scripts without spaces, the first byte of their UTF-8 (U+3000 to U+9FFF): each character is a word.
    Ideograph,
}

/// Calls `visit` with a hash of each run of three words; of what there is, when there are fewer.
fn for_each_run(text: &[u8], mut visit: impl FnMut(u64)) {
    const RUN_WORDS: usize = 3;
    let (mut run, mut words) = ([0_u64; RUN_WORDS], 0);
    let mut at = 0;
    while at < text.len() {
        let start = at;
        match CLASSES[text[at] as usize] {
            Class::Between => {
                at += 1;
                continue;
            }
            Class::Ideograph => at = (at + 3).min(text.len()),
            Class::Word => {
                at += text[at..]
                    .iter()
                    .position(|byte| CLASSES[*byte as usize] != Class::Word)
                    .unwrap_or(text.len() - at);
                if start > 0 && text[start - 1] == b'_' && text[start].is_ascii_digit() && text.get(at) == Some(&b']') {
                    continue;
                }
            }
        }
        run = [run[1], run[2], hash_of_word(text, start, at)];
        words += 1;
        if words >= RUN_WORDS {
            visit(hash_of(run));
        }
    }
    if words < RUN_WORDS {
        // Without any word the text itself is one: emoji and punctuation are told apart, too.
        if words == 0 {
            run[0] = hash_of_word(text, 0, text.len());
        }
        visit(hash_of(run));
    }
}

/// The hash of a word, in lower case, eight bytes at a time. In other scripts than Latin a few words share one.
#[inline(always)]
fn hash_of_word(text: &[u8], start: usize, end: usize) -> u64 {
    let (mut hash, mut at) = (0, start);
    loop {
        let length = end - at;
        let eight = match text[at..].first_chunk() {
            Some(eight) => u64::from_le_bytes(*eight),
            None => text[at..end].iter().rev().fold(0, |eight, byte| eight << 8 | u64::from(*byte)),
        };
        // This bit makes a small letter of a capital, and leaves digits as they are.
        let lower = eight | 0x2020_2020_2020_2020;
        if length <= 8 {
            let within = if length == 0 { 0 } else { u64::MAX >> (64 - 8 * length) };
            return (hash ^ lower & within).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
        hash = mix(hash ^ lower);
        at += 8;
    }
}

/// The products do not wait for each other, and only their sum is mixed.
fn hash_of([one, two, three]: [u64; 3]) -> u64 {
    mix(one.wrapping_mul(0x8CB9_2BA7_2F3D_8DD7) ^ two.wrapping_mul(0xC2B2_AE3D_27D4_EB4F) ^ three.rotate_left(23))
}

/// The last step of SplitMix64: every bit of the result depends on every bit given.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agreement(one: &str, other: &str) -> usize {
        signature(one).iter().zip(&signature(other)).filter(|(one, other)| one == other).count()
    }

    /// Words that do not repeat.
    fn words(from: usize, count: usize) -> Vec<String> {
        (from..from + count).map(|number| format!("w{}", number * 7919)).collect()
    }

    #[test]
    fn bins_agree_about_as_often_as_runs_are_shared() {
        // 100 of 150 runs are shared on average over many pairs: 0.667.
        let pairs = 200;
        let agreed: usize = (0..pairs)
            .map(|pair| {
                let from = pair * 1_000;
                let one = words(from, 127).join(" ");
                let other = words(from + 25, 127).join(" ");
                agreement(&one, &other)
            })
            .sum();
        let mean = agreed as f64 / (pairs * BINS) as f64;
        assert!((mean - 100.0 / 150.0).abs() < 0.02, "{mean}");
    }

    #[test]
    fn case_punctuation_and_placeholders_numbers_make_no_difference() {
        let one = "Write to [EMAIL_1] about the invoice of May, please: it is late!";
        assert_eq!(signature(one), signature("write to [EMAIL_2] about the invoice of may please it is late"));
        assert!(agreement(one, &one.replace("EMAIL", "PHONE")) < BINS);
    }

    #[test]
    fn texts_without_three_words_differ() {
        let texts = ["", "a", "b", "a b", "b a", "?", "!", "🪑", "🪑🪑", "椅", "椅子", "子椅"];
        for one in texts {
            for other in texts {
                let alike = are_alike(&signature(one), &signature(other));
                assert_eq!(alike, one == other, "{one:?} and {other:?}");
            }
        }
    }

    #[test]
    fn alike_prompts_share_a_band_and_others_do_not() {
        let shared = |one: &str, other: &str| {
            let (one, other) = (signature(one), signature(other));
            bands(&one).zip(bands(&other)).any(|(one, other)| one == other)
        };
        let alike = (0..100).filter(|pair| {
            let (one, mut other) = (words(pair * 1_000, 100), words(pair * 1_000, 100));
            other[50] = "changed".into();
            shared(&one.join(" "), &other.join(" "))
        });
        assert!(alike.count() >= 98);
        let unlike = (0..100)
            .filter(|pair| shared(&words(pair * 1_000, 100).join(" "), &words(pair * 1_000 + 500, 100).join(" ")));
        assert_eq!(unlike.count(), 0);
    }
}
