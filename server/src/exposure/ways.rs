//! By which way something came into a build, read from the stored documents: a bounded
//! number of them for one question.

use crate::services::Services;
use crate::store::{StoreError, documents};
use bom::why::{Step, why};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most documents that are read for one question.
const MOST_DOCUMENTS: usize = 40;
/// The most steps of a way that are shown.
const MOST_STEPS: usize = 6;

/// What is asked: packages at versions, by the document that brought them.
#[derive(Default)]
pub(super) struct Asked(BTreeMap<i64, BTreeSet<(String, String)>>);

impl Asked {
    /// Asks for one more, unless too much is asked already.
    pub(super) fn add(&mut self, document: i64, package: &str, version: &str) {
        if self.0.len() < MOST_DOCUMENTS || self.0.contains_key(&document) {
            self.0.entry(document).or_default().insert((package.to_owned(), version.to_owned()));
        }
    }

    /// Reads the documents.
    pub(super) async fn read(self, services: &Services) -> Result<Ways, StoreError> {
        let mut ways = Ways::default();
        for (document, packages) in self.0 {
            // One after the other: a document may be large.
            let Some(bytes) = services.store.read(move |db| documents::bytes(db, document)).await? else { continue };
            let limits = services.config.limits.reading;
            let read = move || {
                let Ok(reading) = bom::format::read(&bytes, &limits) else { return Vec::new() };
                let found = packages.into_iter().filter_map(|(name, version)| {
                    let steps = why(&reading.value, &name, &version)?;
                    Some(((document, name, version), steps))
                });
                found.collect::<Vec<_>>()
            };
            ways.0.extend(tokio::task::spawn_blocking(read).await.map_err(|_| StoreError::Stopping)?);
        }
        Ok(ways)
    }
}

/// Ways by document, package and version.
#[derive(Default)]
pub(super) struct Ways(HashMap<(i64, String, String), Vec<Step>>);

impl Ways {
    /// How something came into a build, in words; `None` where its document says nothing.
    pub(super) fn path(&self, direct: Option<bool>, document: Option<i64>, package: &str, version: &str) -> Option<String> {
        if direct? {
            return Some("direct".to_owned());
        }
        let steps = document.and_then(|document| self.0.get(&(document, package.to_owned(), version.to_owned())));
        let Some(steps) = steps.filter(|steps| !steps.is_empty()) else { return Some("indirect".to_owned()) };
        let mut words: Vec<String> = steps.iter().take(MOST_STEPS).map(|(name, version)| format!("{name} {version}")).collect();
        if steps.len() > MOST_STEPS {
            words.push("…".to_owned());
        }
        Some(format!("via {}", words.join(" → ")))
    }
}
