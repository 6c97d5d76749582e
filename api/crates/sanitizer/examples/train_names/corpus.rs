//! The two corpora, in CoNLL's form: a token and its tag a line, a blank line after each sentence.

use std::{error::Error, fs::File, io::Read as _, ops::Range, path::Path};

use flate2::read::GzDecoder;
use sha2::{Digest as _, Sha256};

/// The files, with the SHA-256 sums of their contents, which are not compressed. `MODEL_CARD.md` says where they are had.
const FILES: [(&str, &str); 6] = [
    ("wnut_train.conll", "731820e13f71af324c6b55a1575ec2ce59fbaa2a0806f8f0400b98d56cd6a7a5"),
    ("btc_a.conll", "ac824cc13c88283fe3cca05343e46c79ec4cd5b174429f27bf8fe0ebdc1bbf33"),
    ("btc_b.conll", "504a094a0398e03fd7b394510e313b8fc844407102252182d90aea23f53cc322"),
    ("btc_e.conll", "77aca745cdc28ae0fafbcf36a93ccfd15357a8db97c21d91083592dd85e348c5"),
    ("btc_f.conll", "d0839ddb0bd57f3a59ac9ab35d371dc140db8280e0001469a4e56fe8f776ce8a"),
    ("btc_g.conll", "d53a27645cabc4e63313d573498b48b0cc5ed780d280edfbdc4fedefe23479da"),
];

/// A text and where the names stand in it, in bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Labelled {
    pub(crate) text: String,
    pub(crate) names: Vec<Range<usize>>,
}

/// A token and whether it is a part of a name.
#[derive(Debug, Clone)]
pub(crate) struct Tagged {
    pub(crate) token: String,
    pub(crate) is_name: bool,
    /// Whether it begins a name, rather than continuing one.
    pub(crate) begins: bool,
}

/// All sentences of the files of `folder`, in order.
pub(crate) fn sentences(folder: &Path) -> Result<Vec<Vec<Tagged>>, Box<dyn Error>> {
    let mut sentences = Vec::new();
    for (name, expected) in FILES {
        let content = read(folder, name)?;
        let sum: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        if sum != expected {
            return Err(format!(
                "{name} has the SHA-256 sum {sum}, not {expected}: get the file that MODEL_CARD.md names"
            )
            .into());
        }
        let content = String::from_utf8(content)?;
        for sentence in content.split("\n\n") {
            let tokens: Vec<_> = sentence.lines().filter_map(tagged).collect();
            if !tokens.is_empty() {
                sentences.push(tokens);
            }
        }
    }
    Ok(sentences)
}

/// The content of a file, which may also be there with gzip's `.gz`.
fn read(folder: &Path, name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut content = Vec::new();
    match File::open(folder.join(name)) {
        Ok(mut file) => file.read_to_end(&mut content)?,
        Err(_) => {
            let path = folder.join(format!("{name}.gz"));
            let file = File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            GzDecoder::new(file).read_to_end(&mut content)?
        }
    };
    Ok(content)
}

fn tagged(line: &str) -> Option<Tagged> {
    let (token, tag) = line.trim_end().rsplit_once('\t')?;
    let (place, kind) = tag.split_once('-').unwrap_or_default();
    let is_name = kind.eq_ignore_ascii_case("per") || kind == "person";
    let token = token.trim();
    (!token.is_empty()).then(|| Tagged { token: token.to_owned(), is_name, begins: place == "B" })
}

/// Joins tokens to a text: with a space between all of them, as corpora are often given, or as people write.
pub(crate) fn join(tokens: &[Tagged], is_spaced: bool) -> Labelled {
    let mut labelled = Labelled::default();
    for (at, token) in tokens.iter().enumerate() {
        let touches = at > 0 && !is_spaced && touches(&tokens[at - 1].token, &token.token);
        if at > 0 && !touches {
            labelled.text.push(' ');
        }
        let start = labelled.text.len();
        if is_spaced {
            // `n't` and `'s` apart, as tokenizers leave them.
            labelled.text.push_str(&token.token.replace('\'', " ' "));
        } else {
            labelled.text.push_str(&token.token);
        }
        if token.is_name && !token.token.starts_with('@') {
            labelled.names.push(start..labelled.text.len());
        }
    }
    labelled
}

fn touches(before: &str, token: &str) -> bool {
    token.starts_with(['.', ',', '!', '?', ':', ';', ')', ']', '\'', '’', '…', '%'])
        || token == "n't"
        || before.ends_with(['(', '[', '@', '#', '$', '“'])
}
