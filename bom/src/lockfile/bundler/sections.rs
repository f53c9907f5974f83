//! The sections of `Gemfile.lock`: sources with their gems, what the project
//! asks for, and checksums. Indentation tells the levels, two spaces each.

use crate::reading::ReadError;
use std::collections::HashMap;

/// The file.
#[derive(Debug, Default, PartialEq)]
pub(super) struct File {
    pub(super) sources: Vec<Source>,
    /// What the project asks for.
    pub(super) direct: Vec<String>,
    /// Checksums (`function=hex`) by name and version as written.
    pub(super) checksums: HashMap<(String, String), Vec<String>>,
    /// Lines that were passed over.
    pub(super) doubts: Vec<(u32, String)>,
}

/// A place that gems come from.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Source {
    /// `GEM`, `GIT`, `PATH` or `PLUGIN SOURCE`.
    pub(super) kind: String,
    pub(super) remotes: Vec<String>,
    pub(super) revision: String,
    pub(super) gems: Vec<Gem>,
}

/// One gem.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Gem {
    pub(super) name: String,
    pub(super) version: String,
    /// The platform it was built for; `None` for any.
    pub(super) platform: Option<String>,
    pub(super) needs: Vec<String>,
}

impl Gem {
    /// The version as the file writes it, platform and all.
    pub(super) fn written(&self) -> String {
        match &self.platform {
            Some(platform) => format!("{}-{platform}", self.version),
            None => self.version.clone(),
        }
    }
}

/// Reads `text`.
///
/// # Errors
/// [`ReadError`] when not one section of a lockfile is there.
pub(super) fn read(text: &str) -> Result<File, ReadError> {
    let mut file = File::default();
    let mut section = "";
    let mut known = text.trim().is_empty();
    for (at, raw) in text.lines().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let line = raw.trim_end().trim_start_matches(' ');
        if line.is_empty() {
            continue;
        }
        if ["<<<<<<<", ">>>>>>>"].iter().any(|mark| line.starts_with(mark)) {
            return Err(ReadError::at("", Some(number), "a merge conflict is not resolved; resolve it and run `bundle lock`"));
        }
        let indent = raw.len() - raw.trim_start_matches(' ').len();
        if indent == 0 {
            section = line;
            known |= line.chars().all(|c| c.is_ascii_uppercase() || c == ' ');
            if matches!(section, "GEM" | "GIT" | "PATH" | "PLUGIN SOURCE") {
                file.sources.push(Source { kind: section.to_owned(), ..Source::default() });
            }
            continue;
        }
        match section {
            "GEM" | "GIT" | "PATH" | "PLUGIN SOURCE" => {
                let Some(source) = file.sources.last_mut() else { continue };
                if !of_source(source, indent, line) {
                    file.doubts
                        .push((number, format!("`{}` is no gem with a version", line.chars().take(100).collect::<String>())));
                }
            }
            "DEPENDENCIES" => file.direct.push(name(line).trim_end_matches('!').to_owned()),
            "CHECKSUMS" => {
                if let Some((name, version, rest)) = versioned(line) {
                    let checksums = rest.split(',').map(|checksum| checksum.trim().to_owned());
                    file.checksums.insert((name.to_owned(), version.to_owned()), checksums.collect());
                }
            }
            _ => {}
        }
    }
    if known { Ok(file) } else { Err(ReadError::at("", Some(1), "there is no section of a Gemfile.lock")) }
}

/// Takes a line of a source; whether it was understood.
fn of_source(source: &mut Source, indent: usize, line: &str) -> bool {
    match indent {
        2 => {
            if let Some(remote) = line.strip_prefix("remote: ") {
                source.remotes.push(remote.to_owned());
            } else if let Some(revision) = line.strip_prefix("revision: ") {
                source.revision = revision.to_owned();
            }
            true
        }
        4 => match versioned(line) {
            Some((name, version, _)) => {
                let (version, platform) = match version.split_once('-') {
                    Some((version, platform)) => (version, Some(platform.to_owned())),
                    None => (version, None),
                };
                source.gems.push(Gem { name: name.to_owned(), version: version.to_owned(), platform, needs: Vec::new() });
                true
            }
            None => false,
        },
        _ => {
            if let Some(gem) = source.gems.last_mut() {
                gem.needs.push(name(line).to_owned());
            }
            true
        }
    }
}

/// `name (version) rest`.
fn versioned(line: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = line.split_once(" (")?;
    let (version, rest) = rest.split_once(')')?;
    (!version.is_empty()).then_some((name, version, rest.trim()))
}

fn name(line: &str) -> &str {
    line.split(' ').next().unwrap_or(line)
}
