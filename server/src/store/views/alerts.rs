//! Alerts as somebody sees them: those that concern a project of theirs, with these
//! projects only. What concerns the server itself is for who sees everything.

pub mod uses;

use crate::store::alerts::{Alert, Kind, event_key};
use crate::store::schema::{alert, alert_project, event, package, project, share, team};
use crate::store::triage::{Triage, standing};
use crate::store::viewer::{Sight, Viewer};
use crate::store::{Db, StoreError};
use bom::ecosystem::Ecosystem;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

/// Which alerts of those that a viewer may see.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In one of these states; none: any.
    pub states: Vec<String>,
    /// Of this urgency.
    pub urgency: Option<String>,
}

/// An alert, its package, and its place in the list.
#[derive(Clone, Debug)]
pub struct AlertLine {
    /// The alert itself.
    pub alert: Alert,
    /// Its package: the ecosystem's OSV name and the package's.
    pub package: Option<(&'static str, String)>,
    /// The projects of the viewer that it concerns.
    pub projects: Vec<Concerned>,
}

/// A project that an alert concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concerned {
    /// The id outside.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its team's name.
    pub team: String,
    /// The decision that settles it there.
    pub settled: Option<Triage>,
}

/// Where a page of the list begins: (0 while open, key).
pub type Place = (i64, i64);

impl AlertLine {
    /// Its place in the list.
    pub fn place(&self) -> Place {
        (i64::from(self.alert.closed_at.is_some()), self.alert.id)
    }

    /// How many of its projects have not settled it.
    pub fn affected(&self) -> usize {
        self.projects.iter().filter(|project| project.settled.is_none()).count()
    }
}

/// The alerts that a viewer may see behind `after`: those that are open first, in each
/// part the newest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn list(
    db: &mut Db,
    viewer: &Viewer,
    filter: &Filter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<AlertLine>, StoreError> {
    const RANK: &str = "CASE WHEN alert.closed_at IS NULL THEN 0 ELSE 1 END";
    let mut query = alert::table.filter(seen(viewer)).select(Alert::as_select()).into_boxed();
    if !filter.states.is_empty() {
        query = query.filter(alert::state.eq_any(&filter.states));
    }
    if let Some(urgency) = &filter.urgency {
        query = query.filter(alert::urgency.eq(urgency));
    }
    if let Some((rank, id)) = after {
        let behind = sql::<BigInt>(RANK).gt(rank).or(sql::<BigInt>(RANK).eq(rank).and(alert::id.lt(id)));
        query = query.filter(behind);
    }
    let rows: Vec<Alert> = query.order((sql::<BigInt>(RANK), alert::id.desc())).limit(limit).load(db)?;
    rows.into_iter().map(|alert| line(db, viewer, alert)).collect()
}

/// The alert with this id or code, where the viewer may see it.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn one(db: &mut Db, viewer: &Viewer, id_or_code: &str) -> Result<Option<AlertLine>, StoreError> {
    let code = crate::store::alerts::code::read(id_or_code);
    let mine = alert::table.filter(seen(viewer)).filter(alert::public_id.eq(id_or_code).or(alert::code.eq(code)));
    let found: Option<Alert> = mine.select(Alert::as_select()).first(db).optional()?;
    found.map(|alert| line(db, viewer, alert)).transpose()
}

/// One revision of an alert.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Which.
    pub number: i64,
    /// `alert-opened`, `alert-worse`, …
    pub kind: String,
    /// When, in milliseconds.
    pub at: i64,
    /// What it said then.
    pub why: String,
}

impl Revision {
    /// What happened, in a word or two.
    pub fn sentence(&self) -> &'static str {
        match self.kind.as_str() {
            "alert-opened" => "opened:",
            "alert-worse" => "graver than before:",
            "alert-confirmed" => "confirmed by a second look:",
            "alert-joined" => "another project holds it:",
            "alert-back" => "back again:",
            "alert-unsettled" => "a decision that settled it has ended:",
            "alert-resolved" => "resolved:",
            "alert-retracted" => "taken back:",
            _ => "brought up to date:",
        }
    }
}

/// The revisions of an alert, the newest first; at most the last hundred.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn history(db: &mut Db, of: &Alert) -> Result<Vec<Revision>, StoreError> {
    const SHOWN: i64 = 100;
    let numbers: Vec<i64> = ((of.revision - SHOWN).max(0) + 1..=of.revision).collect();
    let keys: Vec<String> = numbers.iter().map(|number| event_key(of, *number)).collect();
    let rows: Vec<(String, String, i64, String)> =
        event::table.filter(event::key.eq_any(&keys)).select((event::key, event::kind, event::at, event::detail)).load(db)?;
    let mut history: Vec<Revision> = rows
        .into_iter()
        .filter_map(|(key, kind, at, detail)| {
            let number = numbers.iter().zip(&keys).find(|(_, known)| **known == key)?.0;
            let detail: serde_json::Value = serde_json::from_str(&detail).unwrap_or_default();
            let why = detail.get("why").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            Some(Revision { number: *number, kind, at, why })
        })
        .collect();
    history.sort_by_key(|revision| -revision.number);
    Ok(history)
}

/// A team's share as its members see it.
#[derive(Clone, Debug)]
pub struct ShareLine {
    /// The team's key; 0: the operator.
    pub team_id: i64,
    /// The team's name.
    pub team: String,
    /// The last revision that it was told.
    pub told: i64,
    /// Who said that they know, and when.
    pub acknowledged: Option<(String, i64)>,
}

/// The shares of the teams whose projects a viewer sees.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn shares(db: &mut Db, viewer: &Viewer, alert_id: i64) -> Result<Vec<ShareLine>, StoreError> {
    type Row = (i64, Option<String>, i64, Option<String>, Option<i64>);
    let rows: Vec<Row> = share::table
        .left_join(team::table.on(team::id.eq(share::team_id)))
        .filter(share::alert_id.eq(alert_id))
        .order((team::name, share::team_id))
        .select((share::team_id, team::name.nullable(), share::told, share::acknowledged_by, share::acknowledged_at))
        .load(db)?;
    let lines = rows.into_iter().filter(|(team, ..)| viewer.sees_team(*team)).map(|(team_id, team, told, by, at)| ShareLine {
        team_id,
        team: team.unwrap_or_else(|| "operator".to_owned()),
        told,
        acknowledged: by.zip(at),
    });
    Ok(lines.collect())
}

/// The projects that an alert concerns and a viewer sees.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn projects(db: &mut Db, viewer: &Viewer, of: &Alert) -> Result<Vec<Concerned>, StoreError> {
    type Row = (i64, (String, String, String), bool);
    let rows: Vec<Row> = project::table
        .inner_join(team::table.on(team::id.eq(project::team_id)))
        .inner_join(alert_project::table.on(alert_project::project_id.eq(project::id)))
        .filter(alert_project::alert_id.eq(of.id))
        .filter(viewer.sees())
        .order((project::name, project::id))
        .select((project::id, (project::public_id, project::name, team::name), alert_project::settled))
        .load(db)?;
    let words = match of.problem_id.zip(of.package_id).filter(|_| rows.iter().any(|(.., settled)| *settled)) {
        // Whatever their dates: the mark says that one holds.
        Some((problem, package)) => standing::on(db, problem, package, 0)?,
        None => standing::Words::default(),
    };
    let concerned = |(key, (id, name, team), settled): Row| {
        let said = words.of(key).filter(|said| settled && said.settles());
        Concerned { id, name, team, settled: said.cloned() }
    };
    Ok(rows.into_iter().map(concerned).collect())
}

/// The condition on `alert`: it concerns a project that the viewer sees.
fn seen(viewer: &Viewer) -> diesel::expression::SqlLiteral<Bool> {
    let operator =
        if viewer.sight == Sight::All { format!("alert.kind = '{}'", Kind::Operator.word()) } else { "1 = 0".to_owned() };
    sql(&format!(
        "({operator} OR EXISTS (SELECT 1 FROM alert_project ap JOIN project p ON p.id = ap.project_id \
         WHERE ap.alert_id = alert.id AND {}))",
        viewer.condition("p")
    ))
}

fn line(db: &mut Db, viewer: &Viewer, alert: Alert) -> Result<AlertLine, StoreError> {
    let named: Option<(i16, String)> = match alert.package_id {
        Some(id) => package::table.find(id).select((package::ecosystem, package::name)).first(db).optional()?,
        None => None,
    };
    let package = named.map(|(code, name)| (Ecosystem::of_code(code).map_or("", |known| known.name), name));
    let projects = projects(db, viewer, &alert)?;
    Ok(AlertLine { alert, package, projects })
}
