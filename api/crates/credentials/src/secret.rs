//! A secret's value, and where it is read from.
//!
//! Secrets have no flag, because everyone on a machine can read the arguments of its processes. The secret `NAME` is the
//! value of the variable `NAME`, or the content of the file that the variable `NAME_FILE` names. White space around it is
//! dropped. An empty variable counts as unset, because compose passes unset variables on as empty ones. One of white space
//! alone is an error, because somebody set it to be protected.

use std::{env, fmt, fs, io};

/// A value that appears in no log, no help text and no `Debug`.
///
/// `==` takes longer the more of two values is equal. Compare digests to check what a caller sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Why a secret could not be read. The message names the variable, never its value.
///
/// Not even a file's path is shown: someone may have set `NAME_FILE` to the secret itself.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// `NAME` and `NAME_FILE` are both set.
    #[error("{0} and {0}_FILE are both set; set one of them")]
    Both(&'static str),
    /// The file cannot be read, or is not UTF-8.
    #[error("{0}_FILE: the file cannot be read: {1}")]
    File(&'static str, io::Error),
    /// The file is empty. That is an error, because naming a file means to have a secret.
    #[error("{0}_FILE: the file is empty; write the secret into it, or unset {0}_FILE")]
    EmptyFile(&'static str),
    /// The variable is not UTF-8.
    #[error("{0} is not valid UTF-8")]
    NotUnicode(String),
    /// The variable holds white space alone. It must not count as unset: the secret would protect nothing.
    #[error("{0} holds only white space; write the secret, or unset {0}")]
    Blank(String),
    /// A value holds a line break or another control character, which no HTTP header can carry.
    #[error("{0} holds a line break or another control character; write the secret without it")]
    ControlCharacter(&'static str),
    /// A list is set but holds no value, as `,` does. It must not count as unset: the secret would protect nothing.
    #[error("{0} holds commas but no secret; write the secret, or unset {0}")]
    EmptyList(&'static str),
}

impl Secret {
    /// Wraps a value as it is.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for code that sends, compares, signs or hashes it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Reads the secret `name`; `None` when neither of its variables is set.
    ///
    /// # Errors
    /// Both variables are set, one of them is not UTF-8, or the file cannot be read or is empty.
    pub fn from_env(name: &'static str) -> Result<Option<Self>, SecretError> {
        Self::read(name, environment)
    }

    /// Reads the secret `name`, which may hold several values with commas between them while it is rotated. The list is
    /// empty when neither variable is set.
    ///
    /// # Errors
    /// As for [`Secret::from_env`]; also a list that is set but holds no value, such as `,`.
    pub fn list_from_env(name: &'static str) -> Result<Vec<Self>, SecretError> {
        Self::read_list(name, environment)
    }

    fn read(name: &'static str, variable: impl Fn(&str) -> Variable) -> Result<Option<Self>, SecretError> {
        Self::read_text(name, variable)?.map(|value| Self::checked(name, &value)).transpose()
    }

    fn read_text(name: &'static str, variable: impl Fn(&str) -> Variable) -> Result<Option<String>, SecretError> {
        match (variable(name)?, variable(&format!("{name}_FILE"))?) {
            (Some(_), Some(_)) => Err(SecretError::Both(name)),
            (Some(value), None) => Ok(Some(value)),
            (None, Some(path)) => {
                let content = fs::read_to_string(path).map_err(|error| SecretError::File(name, error))?;
                match content.trim() {
                    "" => Err(SecretError::EmptyFile(name)),
                    value => Ok(Some(value.to_owned())),
                }
            }
            (None, None) => Ok(None),
        }
    }

    fn read_list(name: &'static str, variable: impl Fn(&str) -> Variable) -> Result<Vec<Self>, SecretError> {
        let Some(list) = Self::read_text(name, variable)? else { return Ok(Vec::new()) };
        let values = list.split(',').map(str::trim).filter(|value| !value.is_empty());
        let values = values.map(|value| Self::checked(name, value)).collect::<Result<Vec<_>, _>>()?;
        if values.is_empty() { Err(SecretError::EmptyList(name)) } else { Ok(values) }
    }

    fn checked(name: &'static str, value: &str) -> Result<Self, SecretError> {
        if value.chars().any(char::is_control) {
            Err(SecretError::ControlCharacter(name))
        } else {
            Ok(Self::new(value))
        }
    }
}

/// A variable's value, trimmed; `None` when it is unset or empty.
type Variable = Result<Option<String>, SecretError>;

fn environment(name: &str) -> Variable {
    match env::var(name) {
        Ok(value) => trimmed(name, &value),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(SecretError::NotUnicode(name.to_owned())),
    }
}

fn trimmed(name: &str, value: &str) -> Variable {
    match value.trim() {
        "" if value.is_empty() => Ok(None),
        "" => Err(SecretError::Blank(name.to_owned())),
        value => Ok(Some(value.to_owned())),
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An environment that holds these variables and no others.
    fn holding<'a>(variables: &'a [(&str, &str)]) -> impl Fn(&str) -> Variable + use<'a> {
        |name| variables.iter().find(|(known, _)| *known == name).map_or(Ok(None), |(name, value)| trimmed(name, value))
    }

    fn read(variables: &[(&str, &str)]) -> Result<Option<Secret>, String> {
        Secret::read("S", holding(variables)).map_err(|error| error.to_string())
    }

    fn read_list(variables: &[(&str, &str)]) -> Result<Vec<Secret>, String> {
        Secret::read_list("S", holding(variables)).map_err(|error| error.to_string())
    }

    /// A file with this content, and its path.
    fn file(content: &[u8]) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, content).unwrap();
        let path = path.to_str().unwrap().to_owned();
        (folder, path)
    }

    #[test]
    fn a_secret_comes_from_its_variable_or_from_its_file_without_white_space_around_it() {
        assert_eq!(read(&[("S", " from-variable ")]), Ok(Some(Secret::new("from-variable"))));
        let (_folder, path) = file(b"from-file\n");
        assert_eq!(read(&[("S_FILE", &path)]), Ok(Some(Secret::new("from-file"))));
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let (_folder, path) = file(b"from-file\n");
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&[("S", ""), ("S_FILE", "")]), Ok(None));
        assert_eq!(read(&[("S", ""), ("S_FILE", &path)]), Ok(Some(Secret::new("from-file"))));
        assert_eq!(read(&[("S", "from-variable"), ("S_FILE", "")]), Ok(Some(Secret::new("from-variable"))));
        assert_eq!(read_list(&[("S", "")]), Ok(vec![]));
    }

    #[test]
    fn a_variable_of_white_space_alone_is_an_error() {
        for name in ["S", "S_FILE"] {
            let error = format!("{name} holds only white space; write the secret, or unset {name}");
            assert_eq!(read(&[(name, " ")]), Err(error.clone()));
            assert_eq!(read_list(&[(name, "\n")]), Err(error));
        }
    }

    #[test]
    fn a_secret_with_a_control_character_is_an_error() {
        let (_folder, path) = file(b"two\nlines");
        for variables in [[("S", "two\nlines")], [("S_FILE", path.as_str())], [("S", "a\0b")]] {
            let error = read(&variables).unwrap_err();
            assert!(error.starts_with("S holds a line break or another control character"), "{error}");
            assert_eq!(read_list(&variables).unwrap_err(), error);
        }
    }

    #[test]
    fn a_variable_beside_a_file_is_an_error() {
        let (_folder, path) = file(b"from-file\n");
        let both = read(&[("S", "from-variable"), ("S_FILE", &path)]).unwrap_err();
        assert_eq!(both, "S and S_FILE are both set; set one of them");
    }

    #[test]
    fn a_file_that_is_missing_empty_or_no_text_is_an_error_that_does_not_show_its_path() {
        let missing = read(&[("S_FILE", "/nowhere")]).unwrap_err();
        assert!(missing.starts_with("S_FILE: the file cannot be read: ") && !missing.contains("nowhere"), "{missing}");
        let (_folder, path) = file(b" \n");
        assert!(read(&[("S_FILE", &path)]).unwrap_err().starts_with("S_FILE: the file is empty"));
        let (_folder, path) = file(b"\xff");
        assert!(read(&[("S_FILE", &path)]).unwrap_err().starts_with("S_FILE: the file cannot be read"));
    }

    #[test]
    fn two_values_can_stand_side_by_side_while_a_secret_is_rotated() {
        let both = Ok(vec![Secret::new("new"), Secret::new("old")]);
        assert_eq!(read_list(&[("S", " new , old,")]), both);
        let (_folder, path) = file(b"new,\nold\n");
        assert_eq!(read_list(&[("S_FILE", &path)]), both);
    }

    #[test]
    fn a_list_that_is_set_but_holds_no_secret_is_an_error() {
        let (_folder, path) = file(b" ,\n");
        for variables in [[("S", ",")], [("S", " , ,")], [("S_FILE", path.as_str())]] {
            let error = read_list(&variables).unwrap_err();
            assert_eq!(error, "S holds commas but no secret; write the secret, or unset S", "{variables:?}");
        }
    }

    #[test]
    fn a_secret_does_not_show_in_debug() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(***)");
    }

    #[test]
    fn the_environment_of_the_process_is_read() {
        // Cargo sets this one for every test.
        let set = Secret::from_env("CARGO_PKG_NAME").unwrap();
        assert_eq!(set, Some(Secret::new(env!("CARGO_PKG_NAME"))));
        assert_eq!(Secret::list_from_env("CREDENTIALS_TEST_UNSET").unwrap(), []);
    }
}
