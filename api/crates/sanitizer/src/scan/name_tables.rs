//! The tables of names that `build.rs` makes of the lists.

use super::word_map::WordMap;

include!(concat!(env!("OUT_DIR"), "/name_tables.rs"));
