//! A secret's value, and where it comes from.

use std::{env, fmt, fs, io};

/// A value that shows in no log, no help and no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Why a secret could not be read. It names the variable, never the value.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Both ways to give the secret are used.
    #[error("{0} and {0}_FILE are both set; set one of them")]
    Both(&'static str),
    /// The named file cannot be read.
    #[error("{0}_FILE: the file cannot be read: {1}")]
    File(&'static str, io::Error),
    /// The named file holds nothing.
    #[error("{0}_FILE: the file is empty")]
    Empty(&'static str),
    /// The variable is not UTF-8.
    #[error("{0} is not valid UTF-8")]
    NotUnicode(&'static str),
}

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value. Only what compares, signs or hashes calls this.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Reads `name`, or the file that `<name>_FILE` names; an empty value is none, as compose writes unset variables.
    pub(super) fn from_env(name: &'static str) -> Result<Option<Self>, SecretError> {
        let read = |variable: &str| match env::var(variable) {
            Ok(value) => Ok(Some(value.trim().to_owned()).filter(|value| !value.is_empty())),
            Err(env::VarError::NotPresent) => Ok(None),
            Err(env::VarError::NotUnicode(_)) => Err(SecretError::NotUnicode(name)),
        };
        match (read(name)?, read(&format!("{name}_FILE"))?) {
            (Some(_), Some(_)) => Err(SecretError::Both(name)),
            (Some(value), None) => Ok(Some(Self(value))),
            (None, Some(path)) => {
                let value = fs::read_to_string(path).map_err(|error| SecretError::File(name, error))?;
                match value.trim() {
                    // Not «none»: whoever names a file means to have a secret.
                    "" => Err(SecretError::Empty(name)),
                    value => Ok(Some(Self::new(value))),
                }
            }
            (None, None) => Ok(None),
        }
    }

    /// Like [`Secret::from_env`], for a secret that may have several comma-separated values while it is rotated.
    pub(super) fn list_from_env(name: &'static str) -> Result<Vec<Self>, SecretError> {
        Ok(Self::from_env(name)?.map(|value| value.split()).unwrap_or_default())
    }

    fn split(&self) -> Vec<Self> {
        self.0.split(',').map(str::trim).filter(|value| !value.is_empty()).map(Self::new).collect()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_in_debug() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(***)");
    }

    #[test]
    fn two_values_can_stand_side_by_side_while_a_secret_is_rotated() {
        assert_eq!(Secret::new(" old , new,").split(), [Secret::new("old"), Secret::new("new")]);
    }
}
