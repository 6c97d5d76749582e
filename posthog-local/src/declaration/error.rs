//! What is wrong with a declaration.

/// A key of the declaration, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct DeclarationError {
    /// The key's place in the file, such as `destinations[0].inputs.url`.
    pub key: String,
    /// What is wrong with its value. It never shows the value of a variable, which may be a secret.
    pub problem: String,
}

impl DeclarationError {
    /// Says what is wrong with a key.
    pub fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { key: key.into(), problem: problem.into() }
    }
}
