//! Exposure: who holds what an alert is about, by which way it came there, from when to
//! when, and how many CI runs had it; and the same of one finding.

mod finding;
mod ways;

use crate::services::Services;
use crate::store::alerts::Alert;
use crate::store::triage::Triage;
use crate::store::viewer::Viewer;
use crate::store::views::alerts::uses::{self, Use};
use crate::store::views::alerts::{self as views, AlertLine, Concerned, Filter, Place};
use crate::store::{Db, StoreError};
pub use finding::{SeenFinding, finding};
use std::collections::{BTreeSet, HashMap};
use ways::{Asked, Ways};

/// An alert with its holders, as one viewer may see them.
pub struct Seen {
    /// The alert.
    pub line: AlertLine,
    /// The viewer's projects that it concerns, by name.
    pub holders: Vec<Holder>,
}

/// A project that holds or held what an alert is about.
#[derive(Default)]
pub struct Holder {
    /// Its id outside.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its team's name.
    pub team: String,
    /// The ways by which it is there: `direct`, `via axle 1.0.0`, each once.
    pub paths: Vec<String>,
    /// The versions that it holds now.
    pub holds: Vec<String>,
    /// Since when it had one that the alert is about, in milliseconds.
    pub from_at: Option<i64>,
    /// Until when; `None` while it has one.
    pub until_at: Option<i64>,
    /// Whether it has one now.
    pub now: bool,
    /// How many CI runs had one.
    pub runs: i64,
    /// The decision that settles it there: it is not counted as affected.
    pub settled: Option<String>,
    /// Where exactly.
    pub uses: Vec<Use>,
}

/// The alerts that a viewer may see, as the list of `views::alerts::list`.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn list(
    services: &Services,
    viewer: &Viewer,
    filter: Filter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Seen>, StoreError> {
    let asks = viewer.clone();
    let read = services.store.read(move |db| {
        let lines = views::list(db, &asks, &filter, after, limit)?;
        with_uses(db, &asks, lines)
    });
    seen(services, read.await?).await
}

/// One alert, by id or code, where the viewer may see it.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn one(services: &Services, viewer: &Viewer, id: &str) -> Result<Option<Seen>, StoreError> {
    let (asks, id) = (viewer.clone(), id.to_owned());
    let read = services.store.read(move |db| {
        let lines = views::one(db, &asks, &id)?.into_iter().collect();
        with_uses(db, &asks, lines)
    });
    Ok(seen(services, read.await?).await?.pop())
}

type WithUses = Vec<(AlertLine, Vec<Use>)>;

fn with_uses(db: &mut Db, viewer: &Viewer, lines: Vec<AlertLine>) -> Result<WithUses, StoreError> {
    let add = |line: AlertLine| {
        let uses = uses::of(db, viewer, &line.alert)?;
        Ok((line, uses))
    };
    lines.into_iter().map(add).collect()
}

async fn seen(services: &Services, lines: WithUses) -> Result<Vec<Seen>, StoreError> {
    let mut asked = Asked::default();
    for (line, uses) in &lines {
        let Some((_, name)) = &line.package else { continue };
        for one in uses.iter().filter(|one| one.direct == Some(false)) {
            if let Some(document) = one.document_id {
                asked.add(document, name, &one.version);
            }
        }
    }
    let ways = asked.read(services).await?;
    Ok(lines.into_iter().map(|(line, uses)| compose(line, uses, &ways)).collect())
}

fn compose(line: AlertLine, uses: Vec<Use>, ways: &Ways) -> Seen {
    let name = line.package.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
    let mut by_project: HashMap<String, Vec<Use>> = HashMap::new();
    for one in uses {
        by_project.entry(one.project.0.clone()).or_default().push(one);
    }
    let holder = |of: &Concerned| {
        let uses = by_project.remove(&of.id).unwrap_or_default();
        let settled = of.settled.as_ref().map(Triage::sentence);
        Holder { id: of.id.clone(), name: of.name.clone(), team: of.team.clone(), settled, ..held(uses, &name, ways) }
    };
    let holders = line.projects.iter().map(holder).collect();
    Seen { line, holders }
}

fn held(uses: Vec<Use>, package: &str, ways: &Ways) -> Holder {
    let named = || uses.iter().filter(|one| one.named);
    let is_held = named().any(|one| one.now);
    let paths: BTreeSet<String> =
        uses.iter().filter_map(|one| ways.path(one.direct, one.document_id, package, &one.version)).collect();
    let holds: BTreeSet<&str> = uses.iter().filter(|one| one.now).map(|one| one.version.as_str()).collect();
    Holder {
        paths: paths.into_iter().collect(),
        holds: holds.into_iter().map(str::to_owned).collect(),
        from_at: named().map(|one| one.from_at).min(),
        until_at: named().map(|one| one.until_at.unwrap_or(one.from_at)).max().filter(|_| !is_held),
        now: is_held,
        runs: named().map(|one| one.runs).sum(),
        uses,
        ..Holder::default()
    }
}

impl Seen {
    /// The alert itself.
    pub fn alert(&self) -> &Alert {
        &self.line.alert
    }
}
