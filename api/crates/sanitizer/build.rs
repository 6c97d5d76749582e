//! Makes the tables of names when the crate is built, so that the program holds no lists and hashes nothing when it starts.
//!
//! It shares the code that hashes a word with the crate: what is written here is what is looked up there.

#![allow(dead_code, reason = "of the shared modules only a part is used here")]

#[path = "src/scan/name_hash.rs"]
mod name_hash;
#[path = "src/scan/scripts.rs"]
mod scripts;
#[path = "src/scan/word_key.rs"]
mod word_key;
#[path = "src/scan/word_map.rs"]
mod word_map;

use std::{env, error::Error, fmt::Write, fs, path::Path};

use self::{name_hash::NameHash, word_key::word_key, word_map::WordMap};

/// The lists of the dictionary, with the bits that `name_dictionary` reads.
const DICTIONARY: [(&str, u64); 5] =
    [("given", 1), ("given_words", 2), ("family", 4), ("frequent", 8), ("family_rare", 16)];

fn main() -> Result<(), Box<dyn Error>> {
    let dictionary = Path::new("src/scan/name_dictionary");
    let mut names = Vec::new();
    for (list, bits) in DICTIONARY {
        let list = lines(&dictionary.join(list).with_extension("txt"))?;
        names.extend(list.iter().filter_map(|name| Some((word_map::hash(word_key(name)?), bits))));
    }
    let figures = lines(Path::new("src/people/names/public_figures.txt"))?;
    let figures = figures.iter().map(|name| (NameHash::of(name_hash::words(name)).0, 1));

    let mut source = String::new();
    write_map(&mut source, "NAMES", "The names of the dictionary.", &WordMap::of_hashes(names.into_iter()))?;
    write_map(&mut source, "PUBLIC_FIGURES", "Names of public figures.", &WordMap::of_hashes(figures))?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("name_tables.rs"), source)?;
    for module in ["name_hash", "scripts", "word_key", "word_map"] {
        println!("cargo::rerun-if-changed=src/scan/{module}.rs");
    }
    Ok(())
}

/// The lines of a list without its comments.
fn lines(file: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", file.display());
    let list = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(list.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect())
}

fn write_map(source: &mut String, name: &str, what: &str, map: &WordMap) -> Result<(), Box<dyn Error>> {
    let WordMap { pilots, slots, values } = map;
    writeln!(source, "/// {what}\npub(crate) static {name}: WordMap = WordMap {{")?;
    writeln!(source, "    pilots: &{pilots:?},\n    slots: &{slots:?},\n    values: &{values:?},\n}};")?;
    Ok(())
}
