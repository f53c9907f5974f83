//! Builds a database: takes in records, keeps the newest of each id, and lays all
//! out as one file. What the previous database knew is taken in first, so a smaller,
//! older or broken feed never removes knowledge.

use super::block::{Block, Entry};
use super::layout::{COUNT, Header, SECTION, SLOT, Section, Slot, package_hash};
use super::rank::ceiling;
use super::read::{Database, DatabaseError, ReadAt};
use super::{About, Coverage};
use crate::advisory::{Advisory, Severity};
use crate::ecosystem::Ecosystem;
use crate::problem::Problems;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Letters of a summary that are kept.
const SUMMARY: usize = 160;
/// Slots that share a prefix, on average at least; less than twice as many.
const SHARED: u32 = 4;

/// Collects records.
pub struct Builder {
    records: BTreeMap<String, Record>,
    sources: BTreeMap<String, String>,
    now: i64,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Its id was not known.
    New,
    /// It replaces an older one.
    Changed,
    /// It was taken back, and was in force before.
    Withdrawn,
    /// The same one, or a newer one, was known.
    Known,
}

/// A record, reduced to what the file keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Record {
    aliases: Vec<String>,
    modified: i64,
    malicious: bool,
    withdrawn: bool,
    informational: String,
    summary: String,
    parts: Vec<Part>,
}

/// What a record says of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    ecosystem: i16,
    name: String,
    severity: Severity,
    incident: bool,
    release: String,
    versions: String,
}

impl Builder {
    /// An empty one. A record that says it was changed after `now` (seconds since 1970)
    /// counts as changed now, or no correction of it could ever be newer.
    pub fn new(now: i64) -> Self {
        Self { records: BTreeMap::new(), sources: BTreeMap::new(), now }
    }

    /// Takes in a record; the newest of an id counts.
    pub fn add(&mut self, advisory: &Advisory) -> Taken {
        self.take(&advisory.id, Record::of(advisory))
    }

    /// Takes in everything another database knows.
    ///
    /// # Errors
    /// [`DatabaseError`] when it cannot be read to its end.
    pub fn add_database<R: ReadAt>(&mut self, database: &Database<R>) -> Result<(), DatabaseError> {
        let mut known: BTreeMap<String, Record> = BTreeMap::new();
        database.each(|block| {
            for entry in &block.entries {
                let record = known.entry(entry.id.to_owned()).or_insert_with(|| Record::of_entry(entry));
                if block.ecosystem != 0 {
                    record.parts.push(Part::of_entry(block, entry));
                }
            }
        })?;
        for (id, record) in known {
            self.take(&id, record);
        }
        self.sources.extend(database.about()?.sources);
        Ok(())
    }

    /// By its address, up to where each source was taken in, as it was remembered.
    pub fn remembered(&self) -> &BTreeMap<String, String> {
        &self.sources
    }

    /// Remembers up to where the source at `address` was taken in; only to be said when
    /// everything before that was.
    pub fn remember(&mut self, address: impl Into<String>, mark: impl Into<String>) {
        self.sources.insert(address.into(), mark.into());
    }

    /// The file.
    pub fn finish(&self) -> Vec<u8> {
        let problems = self.problems();
        let mut blocks: Vec<(i16, u64, Block<'_>)> = self
            .blocks(&problems)
            .into_iter()
            .map(|block| (block.ecosystem, package_hash(block.ecosystem, block.name), block))
            .collect();
        blocks.sort_by_key(|(ecosystem, hash, _)| (*ecosystem, *hash));
        let (mut sections, mut tables, mut slots, mut body) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for blocks in blocks.chunk_by(|a, b| a.0 == b.0) {
            section(blocks, &mut tables).put(&mut sections);
            for (_, hash, block) in blocks {
                let offset = body.len();
                block.put(&mut body);
                // A package's block beyond 4 GiB would need millions of records about it.
                let length = u32::try_from(body.len() - offset).unwrap_or(u32::MAX);
                Slot { hash: *hash, ceiling: ceiling(&block.entries), offset: offset as u64, length }.put(&mut slots);
            }
        }
        // Texts and numbers alone: this cannot fail, and an empty one would be refused.
        let about = serde_json::to_vec(&self.about()).unwrap_or_default();
        let mut header = Header {
            sections: u32::try_from(sections.len() as u64 / SECTION).unwrap_or(u32::MAX),
            counts: tables.len() as u64 / COUNT,
            slots: slots.len() as u64 / SLOT,
            blocks: body.len() as u64,
            about: about.len() as u64,
            digest: [0; 32],
        };
        let mut rest = [sections, tables, slots, body, about].concat();
        header.digest = Sha256::digest(&rest).into();
        let mut file = header.to_bytes();
        file.append(&mut rest);
        file
    }

    fn take(&mut self, id: &str, mut record: Record) -> Taken {
        record.modified = record.modified.min(self.now);
        let taken = match self.records.get_mut(id) {
            None => Taken::New,
            Some(known) if known.modified > record.modified => return Taken::Known,
            Some(known) => {
                known.modified = record.modified;
                match (*known == record, record.withdrawn && !known.withdrawn) {
                    (true, _) => return Taken::Known,
                    (false, true) => Taken::Withdrawn,
                    (false, false) => Taken::Changed,
                }
            }
        };
        self.records.insert(id.to_owned(), record);
        taken
    }

    /// What the file will hold.
    pub fn about(&self) -> About {
        let mut about = About { sources: self.sources.clone(), ..About::default() };
        let mut packages = BTreeSet::new();
        for record in self.records.values() {
            if record.withdrawn {
                about.withdrawn += 1;
                continue;
            }
            about.records += 1;
            packages.extend(record.parts.iter().map(|part| (part.ecosystem, part.name.as_str())));
            let codes: BTreeSet<i16> = record.parts.iter().map(|part| part.ecosystem).collect();
            for ecosystem in codes.into_iter().filter_map(Ecosystem::of_code) {
                let coverage: &mut Coverage = about.ecosystems.entry(ecosystem.name.to_owned()).or_default();
                coverage.records += 1;
                coverage.newest = coverage.newest.max(record.modified);
            }
        }
        about.packages = packages.len() as u64;
        about
    }

    fn problems(&self) -> Problems {
        let mut problems = Problems::default();
        for (id, record) in &self.records {
            let aliases: &[String] = if record.withdrawn { &[] } else { &record.aliases };
            problems.add(std::iter::once(id.as_str()).chain(aliases.iter().map(String::as_str)));
        }
        problems
    }

    fn blocks<'a>(&'a self, problems: &'a Problems) -> Vec<Block<'a>> {
        let names = problems.names();
        let mut blocks: BTreeMap<(i16, &str), Vec<Entry<'_>>> = BTreeMap::new();
        for (id, record) in &self.records {
            let problem = problems.of(id).unwrap_or_default();
            let further = further_names(id, record, problem, &names);
            if record.parts.is_empty() {
                blocks.entry((0, id)).or_default().push(record.entry(id, problem as u64, &further, None));
            }
            for part in &record.parts {
                let key = (part.ecosystem, part.name.as_str());
                blocks.entry(key).or_default().push(record.entry(id, problem as u64, &further, Some(part)));
            }
        }
        blocks.into_iter().map(|((ecosystem, name), entries)| Block { ecosystem, name, entries }).collect()
    }
}

fn further_names<'a>(id: &str, record: &Record, problem: usize, names: &HashMap<usize, Vec<&'a str>>) -> Vec<&'a str> {
    let all = names.get(&problem).map(Vec::as_slice).unwrap_or_default();
    all.iter().copied().filter(|name| *name != id && record.aliases.iter().all(|alias| alias != name)).collect()
}

/// The section of the blocks of one ecosystem; to `tables` goes, for each prefix and the
/// end, how many of them lie below it.
fn section(blocks: &[(i16, u64, Block<'_>)], tables: &mut Vec<u8>) -> Section {
    let slots = u32::try_from(blocks.len()).unwrap_or(u32::MAX);
    let bits = (slots / SHARED).checked_ilog2().and_then(|bits| u16::try_from(bits).ok()).unwrap_or(0);
    let section = Section { ecosystem: blocks.first().map_or(0, |(ecosystem, ..)| *ecosystem), bits, slots };
    let mut below = 0_u32;
    let mut rest = blocks.iter().peekable();
    for prefix in 0..section.counts() {
        while rest.next_if(|(_, hash, _)| section.prefix(*hash) < prefix).is_some() {
            below += 1;
        }
        tables.extend(below.to_le_bytes());
    }
    section
}

impl Record {
    fn of(advisory: &Advisory) -> Self {
        let parts = advisory.affected.iter().filter_map(|affected| {
            Some(Part {
                ecosystem: affected.ecosystem?.code,
                name: affected.name.clone(),
                severity: affected.severity,
                incident: affected.incident,
                release: affected.release.clone().unwrap_or_default(),
                versions: affected.versions.to_text(),
            })
        });
        Self {
            aliases: advisory.aliases.clone(),
            modified: advisory.modified.timestamp(),
            malicious: advisory.malicious,
            withdrawn: advisory.withdrawn.is_some(),
            informational: advisory.informational.clone().unwrap_or_default(),
            summary: advisory.summary.chars().take(SUMMARY).collect(),
            parts: parts.collect(),
        }
    }

    /// A record as an entry gives it, still without parts.
    fn of_entry(entry: &Entry<'_>) -> Self {
        Self {
            aliases: entry.aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            modified: entry.modified,
            malicious: entry.malicious,
            withdrawn: entry.withdrawn,
            informational: entry.informational.to_owned(),
            summary: entry.summary.to_owned(),
            parts: Vec::new(),
        }
    }

    fn entry<'a>(&'a self, id: &'a str, problem: u64, further: &[&'a str], part: Option<&'a Part>) -> Entry<'a> {
        Entry {
            id,
            problem,
            aliases: self.aliases.iter().map(String::as_str).collect(),
            names: further.to_vec(),
            modified: self.modified,
            severity: part.map_or(Severity::Unknown, |part| part.severity),
            malicious: self.malicious,
            withdrawn: self.withdrawn,
            incident: part.is_some_and(|part| part.incident),
            informational: &self.informational,
            release: part.map_or("", |part| &part.release),
            summary: &self.summary,
            versions: part.map_or("", |part| &part.versions),
        }
    }
}

impl Part {
    fn of_entry(block: &Block<'_>, entry: &Entry<'_>) -> Self {
        Self {
            ecosystem: block.ecosystem,
            name: block.name.to_owned(),
            severity: entry.severity,
            incident: entry.incident,
            release: entry.release.to_owned(),
            versions: entry.versions.to_owned(),
        }
    }
}
