//! Configuration files of lines `key = value`, with or without `[sections]`:
//! `.npmrc`, `pip.conf`, `.bundle/config` and the like.

use crate::ci::Environment;

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The section it stands in; empty before the first.
    pub section: &'a str,
    /// The key.
    pub key: &'a str,
    /// The value, without quotes.
    pub value: &'a str,
}

/// The lines of `text` that have a key, divided by `sign`; a line that starts with a blank
/// continues the value of the one before and has its key.
pub fn lines(text: &str, sign: char) -> Vec<Line<'_>> {
    let mut found: Vec<Line<'_>> = Vec::new();
    let mut section = "";
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.trim();
            continue;
        }
        match trimmed.split_once(sign) {
            _ if line.starts_with([' ', '\t']) && found.last().is_some_and(|last| last.section == section) => {
                if let Some(key) = found.last().map(|last| last.key) {
                    found.push(Line { section, key, value: trimmed });
                }
            }
            Some((key, value)) => found.push(Line { section, key: key.trim(), value: value.trim().trim_matches(['"', '\'']) }),
            None => {}
        }
    }
    found
}

/// `value` with `${NAME}` replaced by the variable's value; an unset one stays as it is.
pub fn expanded(value: &str, environment: &Environment) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push_str("${");
            rest = after;
            break;
        };
        match environment.text(name) {
            Some(text) => out.push_str(&text),
            None => out.push_str(&format!("${{{name}}}")),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_a_section_a_key_and_a_value() {
        let text = "# note\nregistry = \"https://a.example\"\n[global]\nextra-index-url =\n    https://b.example\n    https://c.example\n";
        let found: Vec<_> = lines(text, '=').into_iter().map(|line| (line.section, line.key, line.value)).collect();
        let expected = [
            ("", "registry", "https://a.example"),
            ("global", "extra-index-url", ""),
            ("global", "extra-index-url", "https://b.example"),
            ("global", "extra-index-url", "https://c.example"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn variables_are_put_in() {
        let get = |name: &str| (name == "HOST").then(|| "a.example".to_owned());
        for (value, expected) in
            [("https://${HOST}/x", "https://a.example/x"), ("${NONE}/x", "${NONE}/x"), ("${open", "${open"), ("plain", "plain")]
        {
            assert_eq!(expanded(value, &Environment::new(&get)), expected);
        }
    }
}
