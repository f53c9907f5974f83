//! JSON as such: what serde_json says about broken text, in words for people.

use crate::reading::ReadError;

/// What is wrong with a text that is not the JSON that was wanted.
pub(in crate::format) fn error(error: &serde_json::Error) -> ReadError {
    let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
    if error.is_eof() {
        return truncated(line);
    }
    let full = error.to_string();
    // serde_json appends its own place.
    let text = full.rsplit_once(" at line ").map_or(full.as_str(), |(text, _)| text);
    match text {
        "recursion limit exceeded" => ReadError::at("", line, "the document is nested more than 127 deep"),
        "trailing characters" => {
            ReadError::at("", line, "there is more text after the end of the JSON document; send one document")
        }
        text => ReadError::at("", line, format!("this is no JSON: {text}")),
    }
}

/// The error for a text that ends too early, on this line.
pub(super) fn truncated(line: Option<u32>) -> ReadError {
    let at = line.map(|line| format!(" at line {line}")).unwrap_or_default();
    ReadError::at("", line, format!("this is truncated JSON: it ends{at} before it is complete"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, line: Option<u32>, says: &str) {
        let found = serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|e| error(&e)).expect_err(text);
        assert_eq!((found.line, found.text.contains(says)), (line, true), "{text}: {found}");
    }

    #[test]
    fn broken_json_is_told_in_words() {
        check("{\n\"a\":\n1", Some(3), "truncated JSON: it ends at line 3");
        check("{\n\"a\" 1}", Some(2), "no JSON: expected `:`");
        check("{} {}", Some(1), "more text after the end");
    }
}
