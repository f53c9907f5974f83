//! The lines of `yarn.lock`, in both formats: a block for each package, headed
//! by the patterns it answers, with fields and one level of lists below.

use crate::reading::ReadError;

/// The file: its blocks and, for Berry, the version of its format.
#[derive(Debug, Default, PartialEq)]
pub(super) struct File {
    pub(super) version: Option<String>,
    pub(super) blocks: Vec<Block>,
}

/// One package.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Block {
    /// The line of its head, counted from 1.
    pub(super) line: u32,
    /// Each `name@range` it answers.
    pub(super) patterns: Vec<String>,
    pub(super) version: Option<String>,
    pub(super) resolved: Option<String>,
    pub(super) integrity: Option<String>,
    pub(super) resolution: Option<String>,
    pub(super) needs: Vec<Need>,
}

/// One dependency of a package.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Need {
    pub(super) name: String,
    pub(super) range: String,
    pub(super) optional: bool,
}

/// Reads `text`.
///
/// # Errors
/// [`ReadError`] with the line of the first thing that is no part of either format.
pub(super) fn read(text: &str) -> Result<File, ReadError> {
    let mut file = File::default();
    let mut metadata = false;
    let mut section = String::new();
    for (at, raw) in text.lines().enumerate() {
        let number = u32::try_from(at + 1).ok();
        let line = raw.trim_start_matches(' ');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark)) {
            return Err(ReadError::at("", number, "a merge conflict is not resolved; resolve it and run `yarn install`"));
        }
        let error = || ReadError::at("", number, "this is no line of a yarn.lock");
        match raw.len() - line.len() {
            0 => {
                // A key beyond 1,024 bytes stands behind `? `, its colon on the next line.
                if line == ":" {
                    continue;
                }
                let head = line.strip_prefix("? ").or(line.strip_suffix(':')).ok_or_else(error)?;
                metadata = head == "__metadata";
                section.clear();
                if !metadata {
                    let patterns = patterns(head).ok_or_else(error)?;
                    file.blocks.push(Block { line: number.unwrap_or(0), patterns, ..Block::default() });
                }
            }
            2 => {
                let (key, value) = pair(line).ok_or_else(error)?;
                section.clear();
                if metadata && key == "version" {
                    file.version = Some(value);
                } else if !metadata {
                    field(file.blocks.last_mut().ok_or_else(error)?, &key, value, &mut section);
                }
            }
            4 if section == "dependencies" || section == "optionalDependencies" => {
                let (name, range) = pair(line).ok_or_else(error)?;
                let need = Need { name, range, optional: section == "optionalDependencies" };
                file.blocks.last_mut().ok_or_else(error)?.needs.push(need);
            }
            4 if section.starts_with("dependenciesMeta") => section = format!("dependenciesMeta {}", line.trim_end_matches(':')),
            6 if line == "optional: true" => {
                let name = section.trim_start_matches("dependenciesMeta ").trim_matches('"');
                let needs = file.blocks.last_mut().map(|block| block.needs.as_mut_slice()).unwrap_or_default();
                needs.iter_mut().filter(|need| need.name == name).for_each(|need| need.optional = true);
                section = "dependenciesMeta".to_owned();
            }
            _ => {}
        }
    }
    Ok(file)
}

fn field(block: &mut Block, key: &str, value: String, section: &mut String) {
    match key {
        "version" => block.version = Some(value),
        "resolved" => block.resolved = Some(value),
        "integrity" => block.integrity = Some(value),
        "resolution" => block.resolution = Some(value),
        _ if value.is_empty() => *section = key.to_owned(),
        _ => {}
    }
}

/// The patterns in a block's head: quoted or not, apart by commas; Berry quotes them all at once.
fn patterns(head: &str) -> Option<Vec<String>> {
    let mut patterns = Vec::new();
    let mut rest = head.trim().trim_end_matches(':').trim_end();
    while !rest.is_empty() {
        let after = if rest.starts_with('"') {
            let (text, after) = quoted(rest)?;
            patterns.extend(text.split(", ").map(str::to_owned));
            after
        } else {
            let (text, after) = rest.split_once(", ").unwrap_or((rest, ""));
            // A name with spaces would be quoted.
            if text.contains(' ') {
                return None;
            }
            patterns.push(text.to_owned());
            after
        };
        rest = after.trim_start_matches([',', ' ']);
    }
    Some(patterns)
}

/// `key value`, `key: value` or `key:`.
fn pair(line: &str) -> Option<(String, String)> {
    let (key, rest) = if line.starts_with('"') {
        quoted(line)?
    } else {
        let end = line.find([' ', ':']).unwrap_or(line.len());
        let (key, rest) = line.split_at_checked(end)?;
        (key.to_owned(), rest)
    };
    let value = rest.trim_start_matches(':').trim();
    let value = if value.starts_with('"') { quoted(value)?.0 } else { value.to_owned() };
    Some((key, value))
}

/// The text in quotation marks at the start of `text`, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    let (literal, after) = text.split_at_checked(end?.0 + 1)?;
    Some((serde_json::from_str(literal).ok()?, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_told_apart() {
        for (head, patterns) in [
            ("a@^1.0.0, a@^1.2.0", vec!["a@^1.0.0", "a@^1.2.0"]),
            ("\"@s/a@>=1 <2\", a@1", vec!["@s/a@>=1 <2", "a@1"]),
            ("\"a@npm:^1, a@npm:^2\"", vec!["a@npm:^1", "a@npm:^2"]),
            ("balanced-match", vec!["balanced-match"]),
        ] {
            assert_eq!(super::patterns(head).unwrap(), patterns, "{head}");
        }
        assert!(read("this is no lockfile").is_err() && read("this is no lockfile:").is_err());
        assert_eq!(read("a@1:\n  version \"1\"\n<<<<<<< HEAD\n").unwrap_err().line, Some(3));
    }
}
