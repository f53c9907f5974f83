//! `bomwarden upload`: sends the documents of one run to a server, making them
//! first where lockfiles are named.

use super::generate::Choice;
use crate::answer::Answer;
use crate::ci::{Environment, Run};
use crate::limits::limits;
use crate::parcels::{Collected, Collection, parcels};
use crate::screen::Tone;
use crate::send::{Parcel, Server};
use crate::{Failure, Outcome, Screen};
use chrono::Utc;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

/// Bytes from which on sending shows its progress.
const LARGE: u64 = 1 << 20;

/// Send SBOMs to a server as one run, making them first of lockfiles.
///
/// Without a FILE the lockfiles of the current folder are taken. Each document goes to a slot: the lockfile's
/// path, an image's name, or the file's path; `--slot` says otherwise.
#[derive(clap::Args)]
pub struct Arguments {
    /// SBOMs, lockfiles or folders of either; `-` for an SBOM on standard input.
    #[arg(value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// The project.
    #[arg(long, value_name = "NAME", env = "BOMWARDEN_PROJECT")]
    project: Option<String>,
    /// The release: a version, or the branch if left out.
    #[arg(long, value_name = "NAME", env = "BOMWARDEN_RELEASE")]
    release: Option<String>,
    /// The slot of each FILE, in their order.
    #[arg(long, value_name = "SLOT")]
    slot: Vec<String>,
    /// The server's address.
    #[arg(long, value_name = "ADDRESS", env = "BOMWARDEN_SERVER_URL")]
    server: Option<String>,
    /// The token that may upload; better given in the environment than here.
    #[arg(long, value_name = "TOKEN", env = "BOMWARDEN_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// This run names every slot of the release: the others close.
    #[arg(long)]
    complete: bool,
    /// The documents are a pull request's: they count for exposure, not as inventory. Known by itself in CI.
    #[arg(long, value_name = "NUMBER")]
    pull_request: Option<String>,
    /// How long to try again while the server is away.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    retry_for: u64,
    #[command(flatten)]
    choice: Choice,
}

/// What the documents belong to: the part `meta` of the request.
#[derive(Serialize)]
struct Meta<'a> {
    project: &'a str,
    release: &'a str,
    complete: bool,
    documents: Vec<Place<'a>>,
    run: &'a Run,
}

/// The slot of one part.
#[derive(Serialize)]
struct Place<'a> {
    part: &'a str,
    slot: &'a str,
}

/// Runs the command.
///
/// # Errors
/// [`Failure`] when there is nothing to send, or the server did not accept it.
pub fn run(arguments: Arguments, screen: &Screen) -> Result<Outcome, Failure> {
    let server = server(&arguments, screen)?;
    let run = detect(&arguments);
    let project = given(arguments.project.as_deref()).ok_or_else(|| missing("project", "--project NAME", "BOMWARDEN_PROJECT"))?;
    let release = given(arguments.release.as_deref()).or(run.branch.as_deref());
    let release = release.ok_or_else(|| missing("release", "--release NAME", "BOMWARDEN_RELEASE"))?;
    let Collected { documents, failures } = collect(&arguments, screen)?;
    // A lockfile that could not be read has a slot all the same: this run does not close it.
    let complete = arguments.complete && failures.is_empty();
    let parcels = parcels(documents);
    let documents = parcels.iter().map(|(slot, parcel)| Place { part: &parcel.part, slot }).collect();
    let meta = serde_json::to_vec(&Meta { project, release, complete, documents, run: &run })
        .map_err(|error| Failure::new(format!("the request cannot be made: {error}")))?;
    let (slots, parcels): (Vec<String>, Vec<Parcel>) = parcels.into_iter().unzip();
    let total = parcels.iter().map(|parcel| parcel.bytes.len() as u64).sum();
    let bar = if total >= LARGE { screen.bytes("sending", total) } else { indicatif::ProgressBar::hidden() };
    let body = server.upload(&meta, &parcels, &bar, screen);
    bar.finish_and_clear();
    let body = body?;
    let answer = Answer::read(&body)?;
    check_kept(&answer, &slots, &parcels)?;
    match screen.json() {
        true => screen.say(&String::from_utf8_lossy(body.trim_ascii()))?,
        false => {
            let heading = format!("{} {release}", screen.paint(Tone::Strong, project));
            answer.tell(&heading, &server, screen)?;
        }
    }
    if let Some(refusal) = answer.refusal() {
        return Err(refusal);
    }
    if !failures.is_empty() {
        return Err(Failure::of_part(&failures, "lockfile", "sent"));
    }
    Ok(if answer.failed() { Outcome::Failed } else { Outcome::Done })
}

fn server(arguments: &Arguments, screen: &Screen) -> Result<Server, Failure> {
    let address =
        given(arguments.server.as_deref()).ok_or_else(|| missing("server", "--server ADDRESS", "BOMWARDEN_SERVER_URL"))?;
    let token = given(arguments.token.as_deref()).ok_or_else(|| missing("token", "--token TOKEN", "BOMWARDEN_TOKEN"))?;
    let server = Server::new(address, token, Duration::from_secs(arguments.retry_for))?;
    if server.is_in_the_clear() {
        screen.note(&format!("{}: the token travels unencrypted; use an `https` address", screen.paint(Tone::Warn, "warning")));
    }
    Ok(server)
}

/// A text that says something: CI systems set variables of secrets that do not exist to nothing.
fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

fn missing(what: &str, option: &str, variable: &str) -> Failure {
    Failure::new(format!("no {what} was named")).next(format!("give `{option}`, or set {variable}"))
}

fn detect(arguments: &Arguments) -> Run {
    let get = |name: &str| std::env::var(name).ok();
    let root = arguments.paths.first().filter(|path| path.exists()).cloned().unwrap_or_else(|| PathBuf::from("."));
    let mut run = Run::detect(&Environment::new(&get), &root, Utc::now());
    run.pull_request = arguments.pull_request.clone().or(run.pull_request);
    run
}

/// The documents, each in a slot of its own.
fn collect(arguments: &Arguments, screen: &Screen) -> Result<Collected, Failure> {
    let collection = Collection { wanted: arguments.choice.wanted()?, limits: limits()?, screen };
    let here = [PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() { &here } else { arguments.paths.as_slice() };
    let mut collected = Collected::default();
    for path in paths {
        collection.of(path, &mut collected)?;
    }
    collected.failures.iter().for_each(Failure::report);
    let documents = &mut collected.documents;
    if documents.is_empty() {
        return Err(Failure::new("nothing is left to send").next("mend the lockfiles named above"));
    }
    if !arguments.slot.is_empty() && arguments.slot.len() != documents.len() {
        let (slots, documents) = (arguments.slot.len(), documents.len());
        return Err(Failure::new(format!("{documents} documents were given {slots} slots")).next("name one `--slot` for each"));
    }
    for (document, slot) in documents.iter_mut().zip(&arguments.slot) {
        document.slot.clone_from(slot);
    }
    let mut taken = HashSet::new();
    for document in documents.iter() {
        if document.slot.is_empty() {
            return Err(Failure::new("the document on standard input names no slot").next("name one with `--slot`"));
        }
        if !taken.insert(document.slot.as_str()) {
            return Err(Failure::new(format!("two documents belong to the slot `{}`", document.slot))
                .next("name a `--slot` for each, or send them as two releases"));
        }
    }
    Ok(collected)
}

/// Checks that the server keeps what was sent, byte for byte.
fn check_kept(answer: &Answer, slots: &[String], parcels: &[Parcel]) -> Result<(), Failure> {
    for (slot, parcel) in slots.iter().zip(parcels) {
        let kept = answer.slots.iter().find(|kept| &kept.slot == slot);
        let Some(kept) = kept else {
            return Err(
                Failure::new(format!("the server's answer leaves out the slot `{slot}`")).next("look into the server's log")
            );
        };
        let sent = hex::encode(Sha256::digest(&parcel.bytes));
        if kept.error.is_none() && kept.sha256.as_deref() != Some(sent.as_str()) {
            return Err(Failure::new(format!("the server keeps other bytes for the slot `{slot}` than were sent"))
                .next("look for a proxy in between that changes what passes"));
        }
    }
    Ok(())
}
