//! The directives of `go.mod`, alone on a line or in a block.

use crate::reading::ReadError;

/// The file.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Module<'a> {
    pub(super) name: Option<&'a str>,
    /// The language version (`go 1.22`).
    pub(super) go: Option<&'a str>,
    /// The toolchain (`toolchain go1.22.3`).
    toolchain: Option<&'a str>,
    pub(super) requires: Vec<Require<'a>>,
    replacements: Vec<Replacement<'a>>,
    /// Lines that were passed over.
    pub(super) doubts: Vec<(u32, String)>,
}

/// One required module.
#[derive(Debug, PartialEq)]
pub(super) struct Require<'a> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
    /// Needed by dependencies only.
    pub(super) indirect: bool,
}

/// What stands in for a module.
#[derive(Debug, PartialEq)]
pub(super) struct Replacement<'a> {
    from: &'a str,
    from_version: Option<&'a str>,
    pub(super) to: &'a str,
    /// `None` where `to` is a folder.
    pub(super) to_version: Option<&'a str>,
}

impl<'a> Module<'a> {
    /// What stands in for `name` at `version`; one for that very version comes first.
    pub(super) fn replacement(&self, name: &str, version: &str) -> Option<&Replacement<'a>> {
        let of = |wanted: Option<&str>| self.replacements.iter().find(|r| r.from == name && r.from_version == wanted);
        of(Some(version)).or_else(|| of(None))
    }

    /// Whether the file lists every module of the build (Go 1.17 and later).
    pub(super) fn lists_all(&self) -> bool {
        let mut parts = self.go.unwrap_or("1.16").split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        version >= (1, 17)
    }

    /// The version of the standard library: the toolchain's, else the language's.
    /// Before Go 1.21 the latter is only the least one that will do.
    pub(super) fn standard_library(&self) -> Option<&'a str> {
        let toolchain = self.toolchain.and_then(|toolchain| toolchain.strip_prefix("go"));
        let toolchain = toolchain.map(|version| version.split('-').next().unwrap_or(version));
        toolchain.or(self.go.filter(|_| self.lists_all()))
    }
}

/// Reads `text`.
///
/// # Errors
/// [`ReadError`] with the line of the first thing that is no directive.
pub(super) fn read(text: &str) -> Result<Module<'_>, ReadError> {
    let mut module = Module::default();
    let mut block: Option<&str> = None;
    for (at, raw) in text.lines().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let (line, comment) = raw.split_once("//").unwrap_or((raw, ""));
        let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches(['"', '`'])).collect();
        let (directive, rest) = match (block, words.as_slice()) {
            (_, []) => continue,
            (Some(_), [")"]) => {
                block = None;
                continue;
            }
            (Some(directive), rest) => (directive, rest),
            (None, [directive, "("]) => {
                block = Some(directive);
                continue;
            }
            (None, [directive, rest @ ..]) => (*directive, rest),
        };
        let indirect = comment.trim_start().starts_with("indirect");
        match (directive, rest) {
            ("module", [name]) => module.name = Some(name),
            ("go", [version]) => module.go = Some(version),
            ("toolchain", [toolchain]) => module.toolchain = Some(toolchain),
            ("require", [name, version]) => module.requires.push(Require { name, version, indirect }),
            ("replace", rest) => match replacement(rest) {
                Some(replacement) => module.replacements.push(replacement),
                None => module.doubts.push((number, "this replaces nothing".to_owned())),
            },
            ("exclude" | "retract" | "godebug" | "tool" | "ignore", _) => {}
            ("module" | "go" | "toolchain" | "require", _) => {
                module.doubts.push((number, format!("`{directive}` is not written as usual; the line is passed over")));
            }
            _ => return Err(ReadError::at("", Some(number), "this is no directive of a go.mod")),
        }
    }
    Ok(module)
}

/// `name [version] => other [version]`.
fn replacement<'a>(words: &[&'a str]) -> Option<Replacement<'a>> {
    let arrow = words.iter().position(|word| *word == "=>")?;
    let (from, to) = (words.get(..arrow)?, words.get(arrow + 1..)?);
    let (from, from_version) = match from {
        [name] => (*name, None),
        [name, version] => (*name, Some(*version)),
        _ => return None,
    };
    match to {
        [to] => Some(Replacement { from, from_version, to, to_version: None }),
        [to, version] => Some(Replacement { from, from_version, to, to_version: Some(version) }),
        _ => None,
    }
}
