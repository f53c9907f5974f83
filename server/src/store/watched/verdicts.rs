//! Verdicts as they were last told, so that only what is news is told again.

use crate::store::schema::{package, verdict};
use crate::store::{Db, StoreError};
use bom::signal::{Evidence, Urgency, Verdict};
use diesel::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What is news about a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It was not there before, or is graver, or has other evidence.
    Told(Verdict),
    /// It was unconfirmed, and a second look said the same.
    Confirmed(Verdict),
    /// It was unconfirmed, and a second look took it back: the version, empty for the package.
    TakenBack(String),
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = verdict)]
struct Row {
    id: i64,
    version: String,
    urgency: i16,
    unconfirmed: bool,
    evidence: String,
    retracted_at: Option<i64>,
}

/// Keeps the verdicts about a package and answers what is news. A verdict that was
/// confirmed stays, also where the facts change back.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn keep(db: &mut Db, package_id: i64, verdicts: &[Verdict], now: i64) -> Result<Vec<News>, StoreError> {
    let rows: Vec<Row> = verdict::table.filter(verdict::package_id.eq(package_id)).select(Row::as_select()).load(db)?;
    let mut known: BTreeMap<String, Row> = rows.into_iter().map(|row| (row.version.clone(), row)).collect();
    let mut news = Vec::new();
    for one in verdicts {
        let version = one.version.clone().unwrap_or_default();
        news.extend(keep_one(db, package_id, one, known.remove(&version), now)?);
    }
    for row in known.into_values().filter(|row| row.unconfirmed && row.retracted_at.is_none()) {
        diesel::update(verdict::table.find(row.id))
            .set((verdict::retracted_at.eq(now), verdict::changed_at.eq(now)))
            .execute(db)?;
        news.push(News::TakenBack(row.version));
    }
    Ok(news)
}

/// When something was first told of a version of a package of this name.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn first_told(db: &mut Db, name: &str, version: &str) -> Result<Option<i64>, StoreError> {
    let rows = verdict::table.inner_join(package::table.on(package::id.eq(verdict::package_id)));
    let rows = rows.filter(package::name.eq(name)).filter(verdict::version.eq(version));
    Ok(rows.select(diesel::dsl::min(verdict::opened_at)).first(db)?)
}

fn keep_one(db: &mut Db, package_id: i64, one: &Verdict, old: Option<Row>, now: i64) -> Result<Option<News>, StoreError> {
    let evidence = Value::Array(one.evidence.iter().map(as_json).collect()).to_string();
    let values = (
        verdict::score.eq(i16::from(one.score)),
        verdict::urgency.eq(code(one.urgency)),
        verdict::unconfirmed.eq(one.unconfirmed),
        verdict::evidence.eq(&evidence),
        verdict::changed_at.eq(now),
        verdict::retracted_at.eq(None::<i64>),
    );
    let Some(old) = old else {
        let version = one.version.as_deref().unwrap_or_default();
        let row = (verdict::package_id.eq(package_id), verdict::version.eq(version), verdict::opened_at.eq(now), values);
        diesel::insert_into(verdict::table).values(row).execute(db)?;
        return Ok(Some(News::Told(one.clone())));
    };
    if old.retracted_at.is_none() && old.evidence == evidence && old.unconfirmed == one.unconfirmed {
        return Ok(None);
    }
    diesel::update(verdict::table.find(old.id)).set(values).execute(db)?;
    let confirmed = old.retracted_at.is_none() && old.unconfirmed && !one.unconfirmed && code(one.urgency) <= old.urgency;
    Ok(Some(if confirmed { News::Confirmed(one.clone()) } else { News::Told(one.clone()) }))
}

fn as_json(one: &Evidence) -> Value {
    json!({
        "signal": one.signal, "version": one.version, "what": one.what, "then": one.then, "now": one.now,
        "at": one.at.timestamp_millis(), "weight": one.weight, "unconfirmed": one.unconfirmed,
    })
}

fn code(urgency: Urgency) -> i16 {
    match urgency {
        Urgency::Digest => 1,
        Urgency::Ticket => 2,
        Urgency::Urgent => 3,
    }
}
