//! A place within the text of an output or a tag, and the smallest things that are read from there.

/// The text that is not read yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self(text)
    }

    pub(super) fn rest(&self) -> &'a str {
        self.0
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn skip_blank(&mut self) {
        self.0 = self.0.trim_start();
    }

    /// Reads this text, if it is next.
    pub(super) fn takes(&mut self, text: &str) -> bool {
        self.0.strip_prefix(text).map(|rest| self.0 = rest).is_some()
    }

    /// Reads this word, if it is next and ends there.
    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        let mut after = *self;
        let is_next = after.identifier() == Some(word);
        if is_next {
            *self = after;
        }
        is_next
    }

    /// Reads a name of letters, digits, `_`, `-` and `?`. The dollar sign is not among them, so that such a property
    /// is read as `properties['$name']`.
    pub(super) fn identifier(&mut self) -> Option<&'a str> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_-?".contains(c) || (!c.is_ascii() && !c.is_whitespace());
        let end = self.0.find(|c| !is_part(c)).unwrap_or(self.0.len());
        let (name, rest) = self.0.split_at(end);
        (end > 0).then(|| {
            self.0 = rest;
            name
        })
    }

    pub(super) fn number(&mut self) -> Option<f64> {
        let unsigned = self.0.strip_prefix('-').unwrap_or(self.0);
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let whole = digits(unsigned);
        let mut after = &unsigned[whole..];
        if whole == 0 {
            return None;
        }
        if let Some(fraction) = after.strip_prefix('.').filter(|fraction| digits(fraction) > 0) {
            after = &fraction[digits(fraction)..];
        }
        // `12abc` is a name.
        if Cursor(after).identifier().is_some() {
            return None;
        }
        let number = self.0[..self.0.len() - after.len()].parse().ok()?;
        self.0 = after;
        Some(number)
    }

    /// Reads a text in single or double quotes.
    ///
    /// # Errors
    /// It is not closed.
    pub(super) fn quoted(&mut self) -> Result<Option<String>, String> {
        let Some(quote) = self.0.chars().next().filter(|c| ['\'', '"'].contains(c)) else { return Ok(None) };
        let mut text = String::new();
        let mut chars = self.0[1..].char_indices();
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.0 = &self.0[1 + at + 1..];
                return Ok(Some(text));
            }
            if c != '\\' {
                text.push(c);
                continue;
            }
            match chars.next().map(|(_, c)| c) {
                Some('b') => text.push('\u{8}'),
                Some('f') => text.push('\u{c}'),
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('t') => text.push('\t'),
                Some('v') => text.push('\u{b}'),
                Some(c) => text.push(c),
                None => break,
            }
        }
        Err(format!("a text is not closed: {}", self.0))
    }
}
