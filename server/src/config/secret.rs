//! A value that is never shown.

use super::given::Value;
use super::units;
use std::fmt;

/// What stands where a secret would.
pub(super) const MASK: &str = "********";

/// A password, or an address that is as good as one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for whoever it is meant for.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is shown of it.
    pub fn masked(&self) -> String {
        if self.0.is_empty() { String::new() } else { MASK.to_owned() }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.masked())
    }
}

/// A secret that was given as it is.
pub(super) fn given(value: &Value) -> Result<Secret, String> {
    match units::text(value)?.trim() {
        "" => Err("it is empty".to_owned()),
        text => Ok(Secret::new(text)),
    }
}

/// A secret that stands in a file.
pub(super) fn in_file(value: &Value) -> Result<Secret, String> {
    let path = units::text(value)?;
    let text = std::fs::read_to_string(path).map_err(|error| format!("`{path}` cannot be read: {error}"))?;
    match text.trim() {
        "" => Err(format!("`{path}` is empty")),
        text => Ok(Secret::new(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_from_a_file_and_never_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("password");
        std::fs::write(&path, "s3cret\n").expect("a file");
        let secret = in_file(&Value::Text(path.display().to_string())).expect("a secret");
        assert_eq!(secret.reveal(), "s3cret");
        assert!(!format!("{secret:?} {}", secret.masked()).contains("s3cret"));
        std::fs::write(&path, " \n").expect("a file");
        assert!(in_file(&Value::Text(path.display().to_string())).expect_err("empty").contains("is empty"));
        assert!(in_file(&Value::Text("/nonexistent/x".into())).expect_err("missing").contains("cannot be read"));
    }
}
