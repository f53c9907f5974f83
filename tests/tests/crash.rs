//! The server, or PostgreSQL, is killed at fifty seeded moments while clients upload.
//! Whatever was answered with success must be there afterwards: each document with
//! the bytes that were sent, each slot with what its newest document lists.

use anyhow::{Context as _, Result, ensure};
use bomwarden_tests::api::Api;
use bomwarden_tests::documents::{run, sbom};
use bomwarden_tests::people::Town;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// How often there is a kill.
pub const KILLS: u32 = 50;
/// How many of the kills must fall into an upload.
const IN_FLIGHT: u32 = 30;
/// How many clients upload at the same time, each to a slot of its own.
const CLIENTS: usize = 3;
/// Makes every run of the test kill at the same moments.
const SEED: u64 = 20_261_123;

/// A client, its slot, and what it knows to be accepted.
struct Client {
    slot: String,
    random: StdRng,
    /// Documents made so far; the next one's commit time.
    made: u32,
    /// Sent, and not answered because the server died.
    pending: Option<Sent>,
    /// Answered with success: the document's id and the SHA-256 of what was sent.
    accepted: Vec<(String, String)>,
    /// What the newest accepted document lists.
    holds: BTreeSet<String>,
}

#[derive(Clone)]
struct Sent {
    meta: Value,
    bytes: Vec<u8>,
    purls: BTreeSet<String>,
}

/// What the clients of one round tell each other.
#[derive(Default)]
struct State {
    stop: AtomicBool,
    /// Uploads without an answer at this moment.
    sending: AtomicUsize,
    /// Uploads that were accepted in this round.
    accepted: AtomicUsize,
    /// Clients that have ended.
    ended: AtomicUsize,
}

/// Three clients, and the moments at which something is killed under them.
pub struct Trial {
    clients: Vec<Client>,
    random: StdRng,
    in_flight: u32,
}

impl Trial {
    /// A trial of which the seed says everything.
    pub fn new(seed: u64) -> Self {
        let clients = (0..CLIENTS).map(|n| Client::new(n, seed)).collect();
        Self { clients, random: StdRng::seed_from_u64(seed), in_flight: 0 }
    }

    /// Lets the clients upload and kills after some accepted uploads and some milliseconds.
    pub fn round(&mut self, api: &Api, kill: impl FnOnce() -> Result<()>) -> Result<()> {
        let (uploads, wait) = (self.random.random_range(0..6), self.random.random_range(0..40));
        let state = State::default();
        let results: Vec<Result<()>> = std::thread::scope(|scope| {
            let threads: Vec<_> = self.clients.iter_mut().map(|client| scope.spawn(|| client.take_part(api, &state))).collect();
            while state.accepted.load(Ordering::SeqCst) < uploads && state.ended.load(Ordering::SeqCst) < CLIENTS {
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_millis(wait));
            self.in_flight += u32::from(state.sending.load(Ordering::SeqCst) > 0);
            let killed = kill();
            state.stop.store(true, Ordering::SeqCst);
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a client died"))))
                .chain([killed])
                .collect()
        });
        results.into_iter().collect()
    }

    /// Sends once more what was not answered, as the command line does, and compares
    /// everything that was.
    pub fn close(mut self, town: &Town, what: &str) -> Result<()> {
        self.clients.iter_mut().try_for_each(|client| client.finish(&town.uploader))?;
        let compared = compare(town, &self.clients)?;
        let in_flight = self.in_flight;
        println!("{KILLS} kills of {what}, {in_flight} with an upload in flight; {compared} accepted documents compared");
        ensure!(in_flight >= IN_FLIGHT, "only {in_flight} kills fell into an upload");
        ensure!(compared >= KILLS as usize, "only {compared} documents were accepted");
        Ok(())
    }
}

impl Client {
    /// Client number `n` of a test with this seed.
    fn new(n: usize, seed: u64) -> Self {
        let random = StdRng::seed_from_u64(seed + n as u64);
        let slot = format!("client{n}/Cargo.lock");
        Self { slot, random, made: 0, pending: None, accepted: Vec::new(), holds: BTreeSet::new() }
    }

    fn take_part(&mut self, api: &Api, state: &State) -> Result<()> {
        let result = self.upload(api, state);
        state.ended.fetch_add(1, Ordering::SeqCst);
        result
    }

    /// Uploads one document after another until told to stop or not answered.
    fn upload(&mut self, api: &Api, state: &State) -> Result<()> {
        while !state.stop.load(Ordering::SeqCst) {
            let sent = self.pending.take().unwrap_or_else(|| self.next());
            self.pending = Some(sent.clone());
            state.sending.fetch_add(1, Ordering::SeqCst);
            let answer = api.upload(&sent.meta, &[(&self.slot, sent.bytes.clone())]);
            state.sending.fetch_sub(1, Ordering::SeqCst);
            match answer {
                Ok(answer) if matches!(answer.status, 200 | 201) => {
                    self.keep(&sent, &answer.json())?;
                    state.accepted.fetch_add(1, Ordering::SeqCst);
                }
                // The database is away: this was not accepted, and is sent again.
                Ok(answer) if answer.status >= 500 => return Ok(()),
                Ok(answer) => anyhow::bail!("{} {}", answer.status, answer.text()),
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    }

    /// Sends again what was not answered.
    fn finish(&mut self, api: &Api) -> Result<()> {
        let Some(sent) = self.pending.take() else { return Ok(()) };
        let answer = api.upload(&sent.meta, &[(&self.slot, sent.bytes.clone())])?;
        ensure!(matches!(answer.status, 200 | 201), "{} {}", answer.status, answer.text());
        self.keep(&sent, &answer.json())
    }

    fn next(&mut self) -> Sent {
        self.made += 1;
        let count = self.random.random_range(1..120);
        let version = |random: &mut StdRng| random.random_range(0..4);
        let purls: BTreeSet<String> =
            (0..count).map(|n| format!("pkg:cargo/{}-p{n}@1.{}.0", &self.slot[..7], version(&mut self.random))).collect();
        let listed: Vec<&str> = purls.iter().map(String::as_str).collect();
        let mut meta = run(&format!("{}-{}", self.slot, self.made), 0);
        meta["run"]["committed_at"] = moment(self.made).into();
        meta["run"]["started_at"] = moment(self.made).into();
        Sent { meta, bytes: sbom(self.made, &listed), purls }
    }

    fn keep(&mut self, sent: &Sent, answer: &Value) -> Result<()> {
        let slot = &answer["slots"][0];
        let sha256 = hex::encode(Sha256::digest(&sent.bytes));
        ensure!(slot["sha256"] == sha256.as_str(), "another hash was accepted than was sent: {answer}");
        let document = slot["document"].as_str().with_context(|| format!("no document is named: {answer}"))?;
        self.accepted.push((document.to_owned(), sha256));
        self.holds.clone_from(&sent.purls);
        self.pending = None;
        Ok(())
    }
}

/// A moment of 2026, `n` seconds into it.
fn moment(n: u32) -> String {
    format!("2026-01-01T{:02}:{:02}:{:02}Z", n / 3600, n / 60 % 60, n % 60)
}

/// Compares what clients know to be accepted with what the server has.
fn compare(town: &Town, clients: &[Client]) -> Result<usize> {
    let mut compared = 0;
    for (document, sha256) in clients.iter().flat_map(|client| &client.accepted) {
        let answer = town.alice.get(&format!("/v1/documents/{document}"))?;
        ensure!(answer.status == 200, "document {document} was accepted and is gone: {}", answer.text());
        ensure!(hex::encode(Sha256::digest(&answer.bytes)) == *sha256, "document {document} is not what was sent");
        compared += 1;
    }
    let mut expect: Vec<String> =
        clients.iter().flat_map(|client| &client.holds).map(|purl| purl.replace("pkg:cargo/", "")).collect();
    expect.sort();
    expect.dedup();
    let found = crate::uploads::inventory(town, "shop")?;
    ensure!(found == expect, "the inventory is not what the newest documents list:\n{found:?}\n{expect:?}");
    Ok(compared)
}

#[test]
fn what_was_answered_outlives_fifty_kills_of_the_server() -> Result<()> {
    let mut town = Town::new()?;
    let mut trial = Trial::new(SEED);
    for _ in 0..KILLS {
        let api = town.uploader.clone();
        trial.round(&api, || town.server.kill())?;
        town.server.start_again()?;
        town.reconnect()?;
    }
    trial.close(&town, "the server")
}
