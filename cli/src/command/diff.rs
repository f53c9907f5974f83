//! `bomwarden diff`: says what is different between two SBOMs or lockfiles. Exit
//! code 1 when anything is.

use crate::limits::limits;
use crate::screen::Tone;
use crate::subject::{self, Detect};
use crate::{Failure, Outcome, Screen};
use bom::difference::{Change, Difference, Move};
use bom::document::{Document, Hash, Licence};
use bom::ecosystem::Ecosystem;
use bom::inventory::Identity;
use bom::origin::Origin;
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::path::{Path, PathBuf};

/// Say what is different between two SBOMs or lockfiles.
#[derive(clap::Args)]
pub struct Arguments {
    /// The SBOM or lockfile before.
    #[arg(value_name = "A")]
    one: PathBuf,
    /// The SBOM or lockfile after.
    #[arg(value_name = "B")]
    other: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// [`Failure`] when one of the files cannot be read.
pub fn run(arguments: Arguments, screen: &Screen) -> Result<Outcome, Failure> {
    let limits = limits()?;
    let read = |path: &Path| subject::read(path, Detect::Itself, &limits).map(|(_, reading)| reading.value);
    let (one, other): (Document, Document) = (read(&arguments.one)?, read(&arguments.other)?);
    let difference = Difference::between(&one, &other);
    match screen.json() {
        true => screen.say_json(&as_json(&difference))?,
        false => tell(&difference, screen)?,
    }
    Ok(if difference.is_empty() { Outcome::Done } else { Outcome::Failed })
}

/// How a move is called, in text and as a member of the JSON.
fn called(moved: &Move) -> &'static str {
    match moved.direction {
        Some(Ordering::Greater) => "upgraded",
        Some(Ordering::Less) => "downgraded",
        Some(Ordering::Equal) | None => "replaced",
    }
}

fn as_json(difference: &Difference) -> Value {
    let held = |identities: &[Identity]| identities.iter().map(identity_json).collect::<Vec<_>>();
    let moved = |word: &str| {
        let moves = difference.moved.iter().filter(|moved| called(moved) == word);
        moves.map(|moved| json!({"from": identity_json(&moved.from), "to": identity_json(&moved.to)})).collect::<Vec<_>>()
    };
    let changed: Vec<_> = difference.changed.iter().map(change_json).collect();
    json!({
        "added": held(&difference.added),
        "removed": held(&difference.removed),
        "upgraded": moved("upgraded"),
        "downgraded": moved("downgraded"),
        "replaced": moved("replaced"),
        "changed": changed,
    })
}

fn identity_json(identity: &Identity) -> Value {
    json!({
        "ecosystem": ecosystem(identity),
        "name": identity.name,
        "version": identity.version,
        "qualifiers": identity.qualifiers,
        "origin": identity.origin.to_text(),
    })
}

fn change_json(change: &Change) -> Value {
    let mut object = identity_json(&change.identity);
    if let Some(object) = object.as_object_mut() {
        let licences = change.licences.as_ref();
        let hashes = change.hashes.as_ref();
        object.insert(
            "licences".into(),
            json!(licences.map(|(then, now)| json!({"from": licence_names(then), "to": licence_names(now)}))),
        );
        object.insert("hashes".into(), json!(hashes.map(|(then, now)| json!({"from": hash_names(then), "to": hash_names(now)}))));
    }
    object
}

fn tell(difference: &Difference, screen: &Screen) -> Result<(), Failure> {
    for identity in &difference.removed {
        screen.say(&format!("{} {}", screen.paint(Tone::Bad, "removed"), named(identity)))?;
    }
    for identity in &difference.added {
        screen.say(&format!("{} {}", screen.paint(Tone::Good, "added"), named(identity)))?;
    }
    for moved in &difference.moved {
        let (then, now) = match moved.from.origin == moved.to.origin {
            true => (version(&moved.from).to_owned(), format!("{}{}", version(&moved.to), from(&moved.to.origin))),
            false => {
                let place = |identity: &Identity| format!("{} from {}", version(identity), identity.origin.to_text());
                (place(&moved.from), place(&moved.to))
            }
        };
        let about = ecosystem(&moved.to).map(|name| format!(" ({name})")).unwrap_or_default();
        screen.say(&format!("{} {}{about} {then} to {now}", screen.paint(Tone::Warn, called(moved)), moved.to.name))?;
    }
    for change in &difference.changed {
        for (what, then, now) in [
            change.licences.as_ref().map(|(then, now)| ("licence", licence_names(then), licence_names(now))),
            change.hashes.as_ref().map(|(then, now)| ("hash", hash_names(then), hash_names(now))),
        ]
        .into_iter()
        .flatten()
        {
            let changed = screen.paint(Tone::Warn, "changed");
            screen.say(&format!("{changed} {what} of {}: {} to {}", named(&change.identity), list(&then), list(&now)))?;
        }
    }
    let counts = [
        (difference.removed.len(), "removed"),
        (difference.added.len(), "added"),
        (difference.moved.len(), "at another version"),
        (difference.changed.len(), "changed"),
    ];
    let counts: Vec<_> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    screen.say(&if counts.is_empty() { "no difference".to_owned() } else { counts.join(", ") })
}

fn ecosystem(identity: &Identity) -> Option<&'static str> {
    Ecosystem::of_code(identity.ecosystem).map(|ecosystem| ecosystem.name)
}

fn named(identity: &Identity) -> String {
    let ecosystem = ecosystem(identity).map(|name| format!(" ({name})")).unwrap_or_default();
    format!("{}{ecosystem} {}{}", identity.name, version(identity), from(&identity.origin))
}

fn version(identity: &Identity) -> &str {
    if identity.version.is_empty() { "without version" } else { &identity.version }
}

fn from(origin: &Origin) -> String {
    match origin {
        Origin::Authority => String::new(),
        other => format!(" from {}", other.at()),
    }
}

fn licence_names(licences: &[Licence]) -> Vec<String> {
    let name = |licence: &Licence| match licence {
        Licence::Id(name) | Licence::Expression(name) | Licence::Name(name) => name.to_string(),
    };
    licences.iter().map(name).collect()
}

fn hash_names(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| hash.value.to_string()).collect()
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
