//! Who owned a package, from when to when, and how each end is known.

use crate::clock::from_millis;
use crate::store::db::each_backend;
use crate::store::schema::tenure;
use crate::store::{Db, StoreError};
use bom::snapshot::{Owner, OwnerKind};
use bom::watched::{Moment, Source, Tenure, Watched};
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = tenure)]
struct Row {
    owner_id: String,
    login: String,
    kind: i16,
    account_at: Option<i64>,
    from_at: i64,
    from_source: i16,
    until_at: Option<i64>,
    until_source: Option<i16>,
    baseline: bool,
}

/// The tenures of a package, oldest first, and the owners of its baseline.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn load(db: &mut Db, package_id: i64) -> Result<(Vec<Tenure>, Vec<Owner>), StoreError> {
    let rows = tenure::table.filter(tenure::package_id.eq(package_id)).order((tenure::from_at, tenure::id));
    let rows: Vec<Row> = rows.select(Row::as_select()).load(db)?;
    let baseline = rows.iter().filter(|row| row.baseline).map(owner).collect();
    let tenures = rows
        .iter()
        .map(|row| {
            let until = row.until_at.zip(row.until_source).map(|(at, source)| moment(at, source)).transpose()?;
            Ok(Tenure { owner: owner(row), from: moment(row.from_at, row.from_source)?, until })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok((tenures, baseline))
}

/// Writes the tenures of a package anew; there are a few.
///
/// # Errors
/// [`StoreError`] from the database.
pub(super) fn keep(db: &mut Db, package_id: i64, watched: &Watched) -> Result<(), StoreError> {
    let (known, _) = load(db, package_id)?;
    if known == watched.tenures && !known.is_empty() {
        return Ok(());
    }
    diesel::delete(tenure::table.filter(tenure::package_id.eq(package_id))).execute(db)?;
    let mut baseline: Vec<&str> = watched.baseline.iter().map(|owner| owner.id.as_str()).collect();
    let mut rows = Vec::new();
    for Tenure { owner, from, until } in &watched.tenures {
        // Of somebody who came back, the first tenure that reached the baseline stands for it.
        let place = baseline.iter().position(|id| *id == owner.id);
        let in_baseline = place.map(|place| baseline.swap_remove(place)).is_some();
        rows.push((
            (tenure::package_id.eq(package_id), tenure::owner_id.eq(&owner.id), tenure::login.eq(&owner.login)),
            (tenure::kind.eq(kind(owner.kind)), tenure::account_at.eq(owner.since.map(|since| since.timestamp_millis()))),
            (tenure::from_at.eq(from.at.timestamp_millis()), tenure::from_source.eq(source(from.source))),
            tenure::until_at.eq(until.map(|until| until.at.timestamp_millis())),
            tenure::until_source.eq(until.map(|until| source(until.source))),
            tenure::baseline.eq(in_baseline),
        ));
    }
    each_backend!(db, c => diesel::insert_into(tenure::table).values(&rows).execute(c)?);
    Ok(())
}

fn owner(row: &Row) -> Owner {
    let kind = if row.kind == 1 { OwnerKind::Team } else { OwnerKind::User };
    Owner { id: row.owner_id.clone(), login: row.login.clone(), kind, since: row.account_at.map(from_millis) }
}

fn kind(kind: OwnerKind) -> i16 {
    match kind {
        OwnerKind::User => 0,
        OwnerKind::Team => 1,
    }
}

fn moment(at: i64, source: i16) -> Result<Moment, StoreError> {
    let source = match source {
        1 => Source::Record,
        2 => Source::FirstSight,
        3 => Source::Look,
        other => return Err(StoreError::Damaged(format!("source {other} of a tenure"))),
    };
    Ok(Moment { at: from_millis(at), source })
}

fn source(source: Source) -> i16 {
    match source {
        Source::Record => 1,
        Source::FirstSight => 2,
        Source::Look => 3,
    }
}
