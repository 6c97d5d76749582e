//! The variables of a rendering: those of loops first, then assigned ones, then counters, then the globals.

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::value::Value;

/// The most text that a template may render, in bytes.
const TEXT_BYTES_MAX: usize = 2 * 1024 * 1024;
/// The most steps that a rendering may take.
const STEPS_MAX: usize = 200_000;

/// The variables, and how far the rendering has come.
pub(super) struct Scope<'a> {
    globals: &'a Map<String, Json>,
    now: Timestamp,
    /// The first one holds what was assigned, and each loop adds one.
    frames: Vec<Map<String, Json>>,
    counters: Map<String, Json>,
    /// Where each `cycle` is, and where a loop with `offset: continue` goes on.
    registers: Map<String, Json>,
    steps: usize,
}

impl<'a> Scope<'a> {
    pub(super) fn new(globals: &'a Map<String, Json>, now: Timestamp) -> Self {
        let frames = vec![Map::new()];
        Self { globals, now, frames, counters: Map::new(), registers: Map::new(), steps: 0 }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) fn get(&self, name: &str) -> Value {
        let of_frames = self.frames.iter().rev().find_map(|frame| frame.get(name));
        let found = of_frames.or_else(|| self.counters.get(name)).or_else(|| self.globals.get(name));
        match found {
            // JavaScript's `String(new Date())`.
            None if name == "now" => Value::Json(
                self.now.strftime("%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)").to_string().into(),
            ),
            found => found.map_or(Value::Undefined, |value| Value::Json(value.clone())),
        }
    }

    pub(super) fn assign(&mut self, name: &str, value: Json) {
        self.frames[0].insert(name.to_owned(), value);
    }

    pub(super) fn push(&mut self) {
        self.frames.push(Map::new());
    }

    pub(super) fn pop(&mut self) {
        self.frames.pop();
    }

    /// Sets a variable of the innermost loop.
    pub(super) fn set(&mut self, name: &str, value: Json) {
        if let Some(frame) = self.frames.last_mut() {
            frame.insert(name.to_owned(), value);
        }
    }

    pub(super) fn counter(&mut self, name: &str) -> &mut Json {
        self.counters.entry(name).or_insert_with(|| 0.into())
    }

    pub(super) fn register(&mut self, name: String) -> &mut Json {
        self.registers.entry(name).or_insert_with(|| 0.into())
    }

    /// Counts a step.
    ///
    /// # Errors
    /// The rendering takes too long, or its text is too long.
    pub(super) fn step(&mut self, text_bytes: usize) -> Result<(), String> {
        self.steps += 1;
        if self.steps > STEPS_MAX || text_bytes > TEXT_BYTES_MAX {
            return Err("the template renders too much".to_owned());
        }
        Ok(())
    }
}
