//! Keyboard shortcuts: one key each, and none while somebody types.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use crate::services::screen;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortcut {
    /// Use the feature.
    Use,
    /// Fail a generation.
    Fail,
    /// Go to the prompt.
    Prompt,
    /// Go to the list.
    List,
    /// Show the shortcuts.
    Help,
}

impl Shortcut {
    /// All of them, in the order of the panel.
    pub const EACH: [Self; 5] = [Self::Use, Self::Fail, Self::Prompt, Self::List, Self::Help];

    /// The key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Use => "u",
            Self::Fail => "f",
            Self::Prompt => "p",
            Self::List => "l",
            Self::Help => "?",
        }
    }

    /// What it does, in words.
    pub fn what(self) -> &'static str {
        match self {
            Self::Use => "Simulate feature usage",
            Self::Fail => "Simulate generation failure",
            Self::Prompt => "Edit the prompt",
            Self::List => "Go to what was sent",
            Self::Help => "Show this panel",
        }
    }

    /// Does the same as a click, so a disabled button does nothing.
    fn act(self) {
        match self {
            Self::Use => screen::press("use-feature"),
            Self::Fail => screen::press("fail-generation"),
            Self::Prompt => screen::focus("prompt"),
            Self::List => screen::focus("sent-title"),
            Self::Help => screen::press("show-shortcuts"),
        }
    }

    fn of(key: &str) -> Option<Self> {
        Self::EACH.into_iter().find(|shortcut| shortcut.key().eq_ignore_ascii_case(key))
    }
}

/// Listens for shortcuts as long as the page lives. It ignores keys with Ctrl, Alt or Meta, which belong to the browser, repeats
/// of a key that is held down, and all keys while a dialog is open.
pub fn listen() {
    let Some(window) = web_sys::window() else { return };
    // gloo's listeners are passive by default, and a passive one cannot prevent the default action.
    let options = EventListenerOptions::enable_prevent_default();
    let listener = EventListener::new_with_options(&window, "keydown", options, |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let taken = event.ctrl_key() || event.alt_key() || event.meta_key() || event.repeat();
        if taken || !screen::shortcuts_on() || screen::typing() || screen::dialog_open() {
            return;
        }
        if let Some(shortcut) = Shortcut::of(&event.key()) {
            event.prevent_default();
            shortcut.act();
        }
    });
    listener.forget();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_one_meaning_whatever_its_case() {
        for shortcut in Shortcut::EACH {
            assert_eq!(Shortcut::of(shortcut.key()), Some(shortcut));
            assert_eq!(Shortcut::of(&shortcut.key().to_uppercase()), Some(shortcut));
        }
        assert_eq!(Shortcut::of("x"), None);
    }
}
