//! Scans purls and documents against the local advisory database. What cannot be
//! told is said: a component of an ecosystem that the database does not cover is
//! never "no findings".

pub mod answer;
mod lines;
mod vex;

pub use lines::Lines;
pub use vex::{Settled, Stated, Why};

use crate::Failure;
use crate::advisories::{self, OnDisk};
use bom::cpe::Cpe;
use bom::document::{Component, Document, Edge, Node};
use bom::matcher::Subject;
use bom::offline::{About, Database, Doubt, Finding, Verdict, judge};
use bom::origin::Origin;
use bom::purl::Purl;
use foldhash::fast::RandomState;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet, VecDeque};
use std::path::PathBuf;

/// Answers from one database.
pub struct Scanner {
    database: Database<OnDisk>,
    about: About,
    path: PathBuf,
    buffer: Vec<u8>,
    stated: Stated,
}

/// What is known of one purl.
pub enum Judged {
    /// Nothing can be said; why.
    Unknown(String),
    /// What the database's records say, without what a VEX document settles, and that.
    Known(Verdict, Vec<Settled>),
}

/// What a scan of one document found.
#[derive(Default)]
pub struct Scanned {
    /// The file, as it was named.
    pub name: String,
    /// Components that were looked at, duplicates once.
    pub components: usize,
    /// Problems, the worst first.
    pub hits: Vec<Hit>,
    /// Problems that a VEX document settles, and what it says of each.
    pub settled: Vec<(Hit, Why)>,
    /// Problems of which it cannot be told whether they affect a component.
    pub doubts: Vec<(String, Doubt)>,
    /// Components of which nothing is known: (purl or name, why).
    pub unknown: Vec<(String, String)>,
    /// Components from git, a path or an address, which public advisories do not speak of.
    pub elsewhere: usize,
}

/// A problem of a component.
pub struct Hit {
    /// The component's purl, or the CPE by which it was found.
    pub purl: String,
    /// Its name and version, for people.
    pub component: String,
    /// The names on the shortest way to it from the project, itself last; empty where unknown.
    pub way: Vec<String>,
    /// The problem.
    pub finding: Finding,
}

impl Scanner {
    /// Opens the database at `path`.
    ///
    /// # Errors
    /// [`Failure`] when it is not there or unusable.
    pub fn open(path: PathBuf, stated: Stated) -> Result<Self, Failure> {
        let database = advisories::open(&path)?;
        let about = database.about().map_err(|error| advisories::unusable(&path, &error))?;
        Ok(Self { database, about, path, buffer: Vec::new(), stated })
    }

    /// What is known of a purl.
    ///
    /// # Errors
    /// [`Failure`] when the database cannot be read.
    pub fn judge(&mut self, purl: &Purl) -> Result<Judged, Failure> {
        self.judge_with(purl, |stated, verdict| stated.settle(purl, verdict))
    }

    fn judge_with(&mut self, purl: &Purl, settle: impl FnOnce(&Stated, &mut Verdict) -> Vec<Settled>) -> Result<Judged, Failure> {
        match Subject::of_purl(purl) {
            Some(subject) => self.judge_subject(&subject, settle),
            None => Ok(Judged::Unknown(format!("`{}` is of no ecosystem that advisories are known for", purl.kind))),
        }
    }

    fn judge_subject(
        &mut self,
        subject: &Subject<'_>,
        settle: impl FnOnce(&Stated, &mut Verdict) -> Vec<Settled>,
    ) -> Result<Judged, Failure> {
        let ecosystem = subject.package.ecosystem.name;
        if !self.about.ecosystems.contains_key(ecosystem) {
            return Ok(Judged::Unknown(format!("the database holds no advisories of {ecosystem}")));
        }
        let entries = self.database.entries(subject, &mut self.buffer);
        let entries = entries.map_err(|error| advisories::unusable(&self.path, &error))?;
        let mut verdict = judge(subject, &entries);
        let settled = settle(&self.stated, &mut verdict);
        Ok(Judged::Known(verdict, settled))
    }

    /// Scans every component of a document.
    ///
    /// # Errors
    /// [`Failure`] when the database cannot be read.
    pub fn document(&mut self, name: String, document: &Document) -> Result<Scanned, Failure> {
        let mut scanned = Scanned { name, ..Scanned::default() };
        let versioned = versioned(document);
        let mut seen: HashSet<&Purl, RandomState> = HashSet::default();
        seen.reserve(document.components.len());
        let mut seen_cpes = HashSet::new();
        let mut told = Told::default();
        for (place, component) in document.components.iter().enumerate() {
            if matches!(component.origin, Origin::Git(_) | Origin::Path(_) | Origin::Url(_)) {
                scanned.elsewhere += 1;
                continue;
            }
            let purl = versioned.get(&place).or(component.purl.as_ref());
            let settle = |stated: &Stated, verdict: &mut Verdict| stated.settle_part(document, component, purl, verdict);
            if let Some(purl) = purl {
                if seen.insert(purl) {
                    let judged = self.judge_with(purl, settle)?;
                    told.take(place, &|| purl.to_string(), judged, &mut scanned);
                }
            } else if let Some((cpe, _)) = Cpe::first_of(&component.cpes) {
                let subject = Subject::of_component(component).filter(|_| seen_cpes.insert(cpe));
                if let Some(subject) = subject {
                    let judged = self.judge_subject(&subject, settle)?;
                    told.take(place, &|| shown_cpe(component), judged, &mut scanned);
                }
            } else {
                scanned.unknown.push((title(component), "it has no purl".to_owned()));
            }
        }
        let Told { found, settled } = told;
        let ways = if found.is_empty() && settled.is_empty() { Vec::new() } else { ways(document) };
        let hit = |place: usize, purl: String, finding: Finding| {
            let component = document.components.get(place).map(title).unwrap_or_default();
            Hit { purl, component, way: way(document, &ways, place), finding }
        };
        scanned.hits.extend(found.into_iter().map(|(place, purl, finding)| hit(place, purl, finding)));
        let settled = settled.into_iter().map(|(place, purl, Settled { finding, why })| (hit(place, purl, finding), why));
        scanned.settled.extend(settled);
        scanned.sort();
        Ok(scanned)
    }
}

/// What was found of components by place, before the ways to them are known.
#[derive(Default)]
struct Told {
    found: Vec<(usize, String, Finding)>,
    settled: Vec<(usize, String, Settled)>,
}

impl Told {
    fn take(&mut self, place: usize, name: &dyn Fn() -> String, judged: Judged, scanned: &mut Scanned) {
        scanned.components += 1;
        match judged {
            Judged::Unknown(why) => scanned.unknown.push((name(), why)),
            Judged::Known(verdict, by_vex) => {
                self.settled.extend(by_vex.into_iter().map(|settled| (place, name(), settled)));
                scanned.doubts.extend(verdict.doubts.into_iter().map(|doubt| (name(), doubt)));
                self.found.extend(verdict.findings.into_iter().map(|finding| (place, name(), finding)));
            }
        }
    }
}

/// The CPE by which a component was found, as its document writes it.
fn shown_cpe(component: &Component) -> String {
    let names = |cpe: &&String| Cpe::of(cpe).is_ok_and(|cpe| cpe.package().is_some());
    component.cpes.iter().find(names).cloned().unwrap_or_default()
}

impl Scanned {
    /// Adds what is known of a purl that stands for itself.
    pub fn take(&mut self, purl: &str, judged: Result<Judged, String>) {
        self.components += 1;
        match judged {
            Ok(Judged::Known(verdict, settled)) => {
                self.doubts.extend(verdict.doubts.into_iter().map(|doubt| (purl.to_owned(), doubt)));
                let hit = |finding| Hit { purl: purl.to_owned(), component: purl.to_owned(), way: Vec::new(), finding };
                self.hits.extend(verdict.findings.into_iter().map(hit));
                self.settled.extend(settled.into_iter().map(|Settled { finding, why }| (hit(finding), why)));
            }
            Ok(Judged::Unknown(why)) | Err(why) => self.unknown.push((purl.to_owned(), why)),
        }
    }

    /// Puts the worst first.
    pub fn sort(&mut self) {
        let order = |a: &Hit, b: &Hit| {
            let order = b.finding.severity.cmp(&a.finding.severity);
            order.then_with(|| a.component.cmp(&b.component)).then_with(|| a.finding.id.cmp(&b.finding.id))
        };
        self.hits.sort_by(order);
        self.settled.sort_by(|a, b| order(&a.0, &b.0));
    }
}

/// By place, the purls that have no version themselves, with their components' ones.
fn versioned(document: &Document) -> HashMap<usize, Purl> {
    let purl = |component: &Component| match (&component.purl, &component.version) {
        (Some(purl), Some(version)) if purl.version.is_none() => Some(purl.at(version)),
        _ => None,
    };
    document.components.iter().enumerate().filter_map(|(place, component)| Some((place, purl(component)?))).collect()
}

/// A component's name and version, for people.
fn title(component: &Component) -> String {
    let group = component.group.as_ref().map(|group| format!("{group}/")).unwrap_or_default();
    let version = component.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    format!("{group}{}{version}", component.name)
}

/// For each component that can be reached from the subject, who first needs it on a
/// shortest way; breadth first.
fn ways(document: &Document) -> Vec<Option<Node>> {
    // A stable order: who is told first is told first. Most documents are in it already.
    let mut edges: Cow<'_, [Edge]> = Cow::Borrowed(&document.edges);
    if !edges.is_sorted_by_key(|edge| edge.from) {
        edges.to_mut().sort_by_key(|edge| edge.from);
    }
    let mut from = vec![None; document.components.len()];
    let mut next = VecDeque::from([Node::Subject]);
    while let Some(node) = next.pop_front() {
        let first = edges.partition_point(|edge| edge.from < node);
        for edge in edges.iter().skip(first).take_while(|edge| edge.from == node) {
            let Node::Component(at) = edge.to else { continue };
            if let Some(way @ None) = from.get_mut(at as usize) {
                *way = Some(node);
                next.push_back(edge.to);
            }
        }
    }
    from
}

/// The names on the way to the component at `place`, itself last.
fn way(document: &Document, from: &[Option<Node>], place: usize) -> Vec<String> {
    let mut names = Vec::new();
    let mut node = u32::try_from(place).map_or(Node::Subject, Node::Component);
    while let Node::Component(at) = node
        && let Some(Some(before)) = from.get(at as usize)
    {
        names.extend(document.components.get(at as usize).map(title));
        node = *before;
    }
    names.reverse();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(edges: &[(Option<u32>, u32)]) -> Document {
        let component = |name: &str| Component { name: name.into(), version: Some("1".into()), ..Component::default() };
        let node = |at: Option<u32>| at.map_or(Node::Subject, Node::Component);
        Document {
            components: ["a", "b", "c", "d"].map(component).to_vec(),
            edges: edges.iter().map(|(from, to)| Edge { from: node(*from), to: Node::Component(*to) }).collect(),
            ..Document::default()
        }
    }

    #[test]
    fn the_shortest_way_is_told() {
        let document = document(&[(None, 0), (Some(0), 1), (Some(1), 2), (Some(0), 2), (Some(2), 0)]);
        let from = ways(&document);
        for (place, expect) in [(0, "a 1"), (1, "a 1 > b 1"), (2, "a 1 > c 1"), (3, "")] {
            assert_eq!(way(&document, &from, place).join(" > "), expect);
        }
    }
}
