//! Names of persons: of the sanitizer's own dictionary, and made up after the manner of many languages, since most names of the
//! world are in no list.

use crate::random::Random;

/// The beginnings and the ends of family names, by language.
const FAMILIES: [(&[&str], &[&str]); 16] = [
    (
        &["Kowal", "Wiśniew", "Zieliń", "Szymań", "Woźniac", "Jabłoń", "Krawczyń", "Grabow", "Olszew", "Chmielew"],
        &["ski", "ska", "czyk", "ak"],
    ),
    (
        &["Novák", "Dvořák", "Svobod", "Černý", "Procházk", "Kučer", "Vesel", "Horák", "Němc", "Langr"],
        &["ová", "a", "ek", ""],
    ),
    (
        &["Petro", "Ivano", "Mikhail", "Smirn", "Volk", "Sokol", "Lebed", "Kuznets", "Moroz", "Efim"],
        &["v", "va", "ov", "ova", "enko"],
    ),
    (
        &["Jovan", "Petr", "Mark", "Nikol", "Stojan", "Horv", "Perk", "Mikul", "Šuš", "Kneže"],
        &["ović", "ić", "ević", "at"],
    ),
    (&["Guðmunds", "Jóns", "Sigurðs", "Ólafs", "Magnús", "Einars", "Gunnars", "Kristjáns"], &["son", "dóttir"]),
    (
        &["Lind", "Berg", "Ek", "Sand", "Nor", "Sjö", "Hall", "Ny", "Dahl", "Strand"],
        &["ström", "gren", "qvist", "berg", "lund", "mark"],
    ),
    (&["Virta", "Mäke", "Korho", "Niemi", "Lahti", "Salo", "Heikki", "Koski", "Rauta"], &["nen", "lä", "niemi", "nen"]),
    (
        &["Szabó", "Kovács", "Horváth", "Kárpáti", "Lantos", "Antall", "Bogdán", "Fehér", "Gulyás", "Barta"],
        &["", "i", "né"],
    ),
    (
        &["Yıl", "Öz", "Kara", "Ak", "Demir", "Şa", "Çel", "Gün", "Bay", "Er"],
        &["maz", "türk", "can", "soy", "doğan", "kaya", "ik"],
    ),
    (
        &["Ade", "Olu", "Oko", "Chuk", "Eze", "Nwa", "Babat", "Ibe", "Abio", "Ogun"],
        &["bayo", "wole", "nkwo", "wuemeka", "unde", "la", "yemi"],
    ),
    (&["Al-", "El-", "Abu ", "Ben "], &["Mansour", "Haddad", "Khoury", "Rashid", "Zahrani", "Farouk", "Sayed", "Tazi"]),
    (
        &["Chatt", "Mukh", "Bhatt", "Subram", "Venkat", "Krishn", "Ranga", "Deshp", "Kulk", "Agar"],
        &["erjee", "acharya", "aniam", "araman", "an", "ande", "arni", "wal"],
    ),
    (
        &["Yama", "Naka", "Taka", "Hama", "Mori", "Fuji", "Kawa", "Ishi", "Mats", "Ono"],
        &["moto", "mura", "hashi", "guchi", "ta", "shima", "zaki", "da"],
    ),
    (
        &["Esposi", "Bellin", "Arcu", "Fontan", "Mancin", "Rinald", "Gallin", "Santor"],
        &["to", "i", "ri", "a", "elli", "o"],
    ),
    (
        &["Fern", "Guti", "Villa", "Montal", "Ibar", "Zald", "Etxe", "Carva", "Olive", "Alme"],
        &["ández", "érrez", "nueva", "bán", "ra", "ívar", "berria", "lho", "ira", "ida"],
    ),
    (
        &["Van der ", "De ", "Van ", "Ver", "Le ", "Du", "O'", "Mac", "Mc", "Fitz"],
        &["Meer", "Vries", "Dijk", "Boer", "Connor", "Neill", "Grath", "Gerald", "Mont", "Clerc"],
    ),
];

/// Syllables of first names that no list has.
const STARTS: [&str; 24] = [
    "Ka", "Mi", "Lo", "Sha", "Ti", "Ro", "Ze", "Bo", "Fe", "Ya", "Ni", "Da", "Ju", "Che", "Oy", "Ele", "Ama", "Svet",
    "Mlad", "Aks", "Thi", "Ur", "Ing", "Wo",
];
const MIDDLES: [&str; 14] = ["ri", "le", "na", "da", "mi", "lo", "sha", "vi", "be", "ma", "ta", "ni", "kwe", "sti"];
const ENDS: [&str; 16] =
    ["na", "ka", "ra", "el", "in", "us", "o", "a", "ah", "ette", "son", "ko", "ra", "ek", "slav", "i"];

pub(crate) struct Names {
    given: Vec<&'static str>,
    family: Vec<&'static str>,
    rare: Vec<&'static str>,
}

impl Names {
    pub(crate) fn read() -> Self {
        let list = |text: &'static str| text.lines().filter(|line| !line.starts_with('#')).collect();
        Self {
            given: list(include_str!("../../src/scan/name_dictionary/given.txt")),
            family: list(include_str!("../../src/scan/name_dictionary/family.txt")),
            rare: list(include_str!("../../src/scan/name_dictionary/family_rare.txt")),
        }
    }

    pub(crate) fn given(&self, random: &mut Random) -> String {
        if random.chance(30) {
            let middle = if random.chance(50) { random.pick(&MIDDLES) } else { "" };
            return format!("{}{middle}{}", random.pick(&STARTS), random.pick(&ENDS));
        }
        capitalised(random.pick(&self.given))
    }

    pub(crate) fn family(&self, random: &mut Random) -> String {
        match random.below(10) {
            0..=2 => {
                let (starts, ends) = FAMILIES[random.below(FAMILIES.len())];
                format!("{}{}", random.pick(starts), random.pick(ends))
            }
            // First names are family names, too: `Morgan`, `Simon`.
            3..=4 => capitalised(random.pick(&self.given)),
            5..=7 => capitalised(random.pick(&self.rare)),
            _ => capitalised(random.pick(&self.family)),
        }
    }

    pub(crate) fn full(&self, random: &mut Random) -> String {
        let (given, family) = (self.given(random), self.family(random));
        match random.below(20) {
            0 => format!("{given} {}. {family}", (b'A' + random.below(26) as u8) as char),
            1 => format!("{given} {} {family}", self.given(random)),
            2 => format!("{given} {family}-{}", self.family(random)),
            3 => format!("{}. {family}", (b'A' + random.below(26) as u8) as char),
            4 => format!("{given} {}", family.to_uppercase()),
            _ => format!("{given} {family}"),
        }
    }
}

fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}
