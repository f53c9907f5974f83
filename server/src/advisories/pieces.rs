//! The files of a feed, opened one at a time: a folder of a hundred thousand records
//! is walked, never listed.

use super::FeedError;
use crate::feeds::{Feed, Source};
use crate::store::feeds::Refusal;
use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Folders below folders that are still entered.
const DEPTH: usize = 32;

/// What was fetched of a feed.
pub(super) struct Gathered {
    pub pieces: Vec<Piece>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Records of the whole feed, where the pieces are not all of it.
    pub records: Option<i64>,
    /// Whether there are more that changed.
    pub more: bool,
    /// Records that the index names and the place does not have.
    pub missing: Vec<Refusal>,
}

impl Gathered {
    pub(super) fn whole(piece: Piece, etag: Option<String>, last_modified: Option<String>) -> Self {
        Self { pieces: vec![piece], etag, last_modified, records: None, more: false, missing: Vec::new() }
    }
}

/// A part of what a feed is read from.
#[derive(Debug)]
pub(super) enum Piece {
    /// A file, or a folder with all that is below it.
    Path(PathBuf),
    /// Something fetched, by the name it was fetched under.
    Fetched(String, File),
}

/// What is done with each file.
type Visit<'a> = dyn FnMut(&str, &mut dyn Source) -> Result<ControlFlow<()>, FeedError> + 'a;

impl Piece {
    /// Opens every file of the piece that the feed takes. A file that was named is
    /// taken whatever it is called.
    pub(super) fn visit(&mut self, feed: &dyn Feed, visit: &mut Visit<'_>) -> Result<ControlFlow<()>, FeedError> {
        match self {
            Self::Fetched(name, file) => visit(name, file),
            Self::Path(path) => {
                let failed = |error| FeedError::File { path: path.display().to_string(), error };
                if std::fs::metadata(&*path).map_err(failed)?.is_dir() { walk(path, feed, visit, 0) } else { open(path, visit) }
            }
        }
    }
}

/// Walks a folder in the order of names, without hidden folders (a clone's own
/// bookkeeping) and without links, which may lead anywhere.
fn walk(folder: &Path, feed: &dyn Feed, visit: &mut Visit<'_>, depth: usize) -> Result<ControlFlow<()>, FeedError> {
    let failed = |error| FeedError::File { path: folder.display().to_string(), error };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        entries.push((entry.file_name(), entry.file_type().map_err(failed)?));
    }
    entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    for (name, kind) in entries {
        let path = folder.join(&name);
        let hidden = name.to_string_lossy().starts_with('.');
        let flow = if kind.is_dir() && !hidden && depth < DEPTH {
            walk(&path, feed, visit, depth + 1)?
        } else if kind.is_file() && !hidden && feed.takes(&path.to_string_lossy()) {
            open(&path, visit)?
        } else {
            ControlFlow::Continue(())
        };
        if flow.is_break() {
            return Ok(flow);
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn open(path: &Path, visit: &mut Visit<'_>) -> Result<ControlFlow<()>, FeedError> {
    let shown = path.to_string_lossy();
    let file = File::open(path).map_err(|error| FeedError::File { path: shown.clone().into_owned(), error })?;
    visit(&shown, &mut BufReader::new(file))
}
