//! Where the package managers of this machine fetch packages from: read from their
//! configuration files and variables, in the order in which each takes them, and on
//! request asked of the installed programs. Addresses lose user names, passwords,
//! query and fragment before anybody sees them.

mod bundler;
mod cargo;
mod composer;
mod go;
mod lines;
mod maven;
mod npm;
mod nuget;
mod place;
mod python;

pub use place::Place;

use bom::document::Document;
use bom::origin::clean_address;
use serde::Serialize;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Every package manager that is known; a new one is a file and a line.
const MANAGERS: &[&dyn Manager] = &[
    &cargo::Cargo,
    &npm::Npm,
    &python::Pip,
    &python::Uv,
    &go::Go,
    &bundler::Bundler,
    &composer::Composer,
    &maven::Maven,
    &nuget::NuGet,
];

/// A package manager (or several that share their configuration).
trait Manager: Sync {
    /// The OSV name of its ecosystem.
    fn ecosystem(&self) -> &'static str;

    /// What its configuration says, the strongest first.
    fn settings(&self, place: &Place) -> Vec<Setting>;

    /// The command whose output holds the addresses it uses, its own defaults too.
    fn question(&self) -> Option<&'static [&'static str]> {
        None
    }
}

/// One address that packages are fetched from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Setting {
    /// The OSV name of the ecosystem.
    pub ecosystem: &'static str,
    /// The packages it is for: a scope or the name of the registry; `None` for all.
    pub scope: Option<String>,
    /// The address, without secrets.
    pub address: String,
    /// The file, variable or command that says so.
    pub source: String,
}

impl Setting {
    /// A setting; `None` where `address` is none of the network.
    fn new(manager: &dyn Manager, scope: Option<&str>, address: &str, source: &str) -> Option<Self> {
        let address = address.trim().trim_matches(['"', '\'']);
        let address = ["sparse+", "registry+"].iter().find_map(|prefix| address.strip_prefix(prefix)).unwrap_or(address);
        let cleaned = clean_address(address)?;
        let networked = ["https://", "http://", "ssh://", "git://"].iter().any(|scheme| cleaned.starts_with(scheme));
        networked.then(|| Self {
            ecosystem: manager.ecosystem(),
            scope: scope.map(str::to_owned),
            address: cleaned,
            source: source.to_owned(),
        })
    }
}

/// What the configuration of every package manager says; each address of an ecosystem and scope once.
pub fn configured(place: &Place) -> Vec<Setting> {
    unique(MANAGERS.iter().flat_map(|manager| manager.settings(place)))
}

/// What the installed package managers answer when they are asked. They are run in the folder
/// of `place`, each for a few seconds at most.
pub fn asked(place: &Place) -> Vec<Setting> {
    unique(MANAGERS.iter().flat_map(|manager| {
        let question = manager.question().unwrap_or_default();
        let answer = ask(question, place).unwrap_or_default();
        let words = answer.split(|c: char| c.is_whitespace() || ",|\"'".contains(c)).map(str::to_owned).collect::<Vec<_>>();
        let source = question.join(" ");
        words.into_iter().filter_map(move |word| Setting::new(*manager, None, &word, &source))
    }))
}

/// Adds to `document`, made of a lockfile of `ecosystem`, the addresses that its packages come from.
pub fn put_on(document: &mut Document, ecosystem: &str, place: &Place) {
    let ours = MANAGERS.iter().filter(|manager| manager.ecosystem() == ecosystem);
    for setting in unique(ours.flat_map(|manager| manager.settings(place))) {
        let scope = setting.scope.map(|scope| format!(":{scope}")).unwrap_or_default();
        document.properties.push((format!("bomwarden:registry:{ecosystem}{scope}"), setting.address));
    }
}

fn unique(settings: impl Iterator<Item = Setting>) -> Vec<Setting> {
    let mut kept: Vec<Setting> = Vec::new();
    for setting in settings {
        let same = |known: &Setting| {
            (known.ecosystem, &known.scope, &known.address) == (setting.ecosystem, &setting.scope, &setting.address)
        };
        if !kept.iter().any(same) {
            kept.push(setting);
        }
    }
    kept
}

/// How long a program may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer that is taken, in bytes.
const LONGEST: u64 = 64 << 10;

/// What a program prints; `None` where it is not installed, fails or hangs.
fn ask(question: &[&str], place: &Place) -> Option<String> {
    use std::io::Read as _;
    let (program, arguments) = question.split_first()?;
    let mut command = Command::new(program);
    // Go would download another version of itself where the project asks for one.
    command.env("GOTOOLCHAIN", "local");
    command.args(arguments).current_dir(place.folder()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let out = child.stdout.take()?;
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        out.take(LONGEST).read_to_string(&mut text).ok().map(|_| text)
    });
    let started = Instant::now();
    while child.try_wait().ok()?.is_none() {
        if started.elapsed() > PATIENCE {
            // It may have ended meanwhile; then there is nothing to stop.
            let _ = child.kill();
            child.wait().ok()?;
            return None;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    reader.join().ok()?
}

#[cfg(test)]
mod tests;
