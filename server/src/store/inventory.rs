//! Presence as intervals (storage rule D1). `held` is what a slot holds now,
//! `held_before` what it held from one upload to another, `held_once` what a
//! late or a pull-request upload had beyond the intervals that cover its time.

use super::components::CHUNK;
use super::db::each_backend;
use super::schema::{component, held, held_before, held_once, origin, package, upload};
use super::{Db, StoreError, sets};
use bom::inventory::{Flags, Identity};
use bom::origin::Origin;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What changed in a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Components that were not held before.
    pub added: i64,
    /// Components that are not held any more.
    pub removed: i64,
}

/// An open presence, by what it is.
pub struct Open {
    /// The component.
    pub component_id: i64,
    /// How it is held.
    pub flags: Flags,
}

type Identified = (i64, i16, i16, String, String, String, i16, String);

/// What a slot holds now.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn open(db: &mut Db, slot_id: i64) -> Result<HashMap<Identity, Open>, StoreError> {
    let rows: Vec<Identified> = held::table
        .inner_join(component::table.on(component::id.eq(held::component_id)))
        .inner_join(package::table.on(package::id.eq(component::package_id)))
        .inner_join(origin::table.on(origin::id.eq(component::origin_id)))
        .filter(held::slot_id.eq(slot_id))
        .select((
            held::component_id,
            held::flags,
            package::ecosystem,
            package::name,
            component::version,
            component::qualifiers,
            origin::kind,
            origin::address,
        ))
        .load(db)?;
    rows.into_iter()
        .map(|(component_id, flags, ecosystem, name, version, qualifiers, kind, address)| {
            let origin = read_origin(kind, address)?;
            Ok((Identity { ecosystem, name, version, qualifiers, origin }, Open { component_id, flags: Flags(flags) }))
        })
        .collect()
}

/// The origin of a row of the `origin` table.
///
/// # Errors
/// [`StoreError::Damaged`] for a kind that was never written.
pub fn read_origin(kind: i16, address: String) -> Result<Origin, StoreError> {
    use super::components::origin_kind as kinds;
    match kind {
        kinds::AUTHORITY => Ok(Origin::Authority),
        kinds::REGISTRY => Ok(Origin::Registry(address)),
        kinds::GIT => Ok(Origin::Git(address)),
        kinds::URL => Ok(Origin::Url(address)),
        kinds::PATH => Ok(Origin::Path(address)),
        other => Err(StoreError::Damaged(format!("origin kind {other}"))),
    }
}

/// Opens presences at `since`.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn hold(db: &mut Db, slot_id: i64, since: i64, components: &BTreeMap<i64, Flags>) -> Result<(), StoreError> {
    let source = format!(
        "INSERT INTO held (slot_id, since, component_id, flags) \
         SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST(j.key AS BIGINT), CAST(j.value AS SMALLINT) FROM {}",
        sets::pairs(db, "$3")
    );
    let set = sets::object(components.iter().map(|(id, flags)| (id, flags.0)))?;
    diesel::sql_query(source).bind::<BigInt, _>(slot_id).bind::<BigInt, _>(since).bind::<Text, _>(set).execute(db)?;
    Ok(())
}

/// Closes presences at `until`.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn release(db: &mut Db, slot_id: i64, until: i64, components: &BTreeSet<i64>) -> Result<(), StoreError> {
    let ids: Vec<i64> = components.iter().copied().collect();
    for chunk in ids.chunks(CHUNK) {
        let gone: Vec<(i64, i64, i16)> = held::table
            .filter(held::slot_id.eq(slot_id))
            .filter(held::component_id.eq_any(chunk))
            .select((held::component_id, held::since, held::flags))
            .load(db)?;
        let rows: Vec<_> = gone
            .iter()
            .map(|(id, since, flags)| {
                (
                    held_before::component_id.eq(id),
                    held_before::slot_id.eq(slot_id),
                    held_before::since.eq(since),
                    held_before::until.eq(until),
                    held_before::flags.eq(flags),
                )
            })
            .collect();
        each_backend!(db, c => diesel::insert_into(held_before::table).values(&rows).execute(c)?);
        diesel::delete(held::table.filter(held::slot_id.eq(slot_id)).filter(held::component_id.eq_any(chunk))).execute(db)?;
    }
    Ok(())
}

/// Changes how components are held, in place.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn reflag(db: &mut Db, slot_id: i64, components: &BTreeMap<i64, Flags>) -> Result<(), StoreError> {
    let mut by_flags: BTreeMap<i16, Vec<i64>> = BTreeMap::new();
    for (id, flags) in components {
        by_flags.entry(flags.0).or_default().push(*id);
    }
    for (flags, ids) in by_flags {
        for chunk in ids.chunks(CHUNK) {
            diesel::update(held::table.filter(held::slot_id.eq(slot_id)).filter(held::component_id.eq_any(chunk)))
                .set(held::flags.eq(flags))
                .execute(db)?;
        }
    }
    Ok(())
}

/// Writes what an upload had that no interval of its time covers. Answers how many.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn hold_once(
    db: &mut Db,
    slot_id: i64,
    upload_id: i64,
    at: Moment,
    components: &BTreeMap<i64, Flags>,
) -> Result<i64, StoreError> {
    let covered = covered(db, slot_id, at)?;
    let rows: Vec<_> = components
        .iter()
        .filter(|(id, _)| !covered.contains(id))
        .map(|(&id, flags)| {
            (
                held_once::component_id.eq(id),
                held_once::slot_id.eq(slot_id),
                held_once::upload_id.eq(upload_id),
                held_once::flags.eq(flags.0),
            )
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        each_backend!(db, c => diesel::insert_into(held_once::table).values(chunk).execute(c)?);
    }
    Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX))
}

/// Where an upload stands in its slot: by commit time, then run start, then arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// When the commit was made, in milliseconds.
    pub committed_at: i64,
    /// When the run started, in milliseconds.
    pub started_at: i64,
    /// The upload's key; later arrivals have greater ones.
    pub upload_id: i64,
}

/// The components that the slot's intervals hold at a moment.
fn covered(db: &mut Db, slot_id: i64, at: Moment) -> Result<BTreeSet<i64>, StoreError> {
    let moments: HashMap<i64, Moment> = upload::table
        .filter(upload::slot_id.eq(slot_id))
        .select((upload::id, upload::committed_at, upload::started_at))
        .load::<(i64, i64, i64)>(db)?
        .into_iter()
        .map(|(upload_id, committed_at, started_at)| (upload_id, Moment { committed_at, started_at, upload_id }))
        .collect();
    let begun = |since: &i64| moments.get(since).is_some_and(|m| *m <= at);
    let ended = |until: &i64| moments.get(until).is_some_and(|m| *m <= at);
    let now: Vec<(i64, i64)> =
        held::table.filter(held::slot_id.eq(slot_id)).select((held::component_id, held::since)).load(db)?;
    let before: Vec<(i64, i64, i64)> = held_before::table
        .filter(held_before::slot_id.eq(slot_id))
        .select((held_before::component_id, held_before::since, held_before::until))
        .load(db)?;
    let open = now.iter().filter(|(_, since)| begun(since)).map(|(id, _)| *id);
    let closed = before.iter().filter(|(_, since, until)| begun(since) && !ended(until)).map(|(id, ..)| *id);
    Ok(open.chain(closed).collect())
}

/// Remembers that a team holds or held these packages.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn remember_team(db: &mut Db, team_id: i64, packages: &BTreeSet<i64>) -> Result<(), StoreError> {
    let ids: Vec<i64> = packages.iter().copied().collect();
    let source = format!(
        "INSERT INTO team_package (team_id, package_id) SELECT CAST($1 AS BIGINT), CAST(j.value AS BIGINT) FROM {} \
         WHERE NOT EXISTS (SELECT 1 FROM team_package t WHERE t.team_id = $3 AND t.package_id = CAST(j.value AS BIGINT)) \
         ON CONFLICT DO NOTHING",
        sets::members(db, "$2")
    );
    let query = diesel::sql_query(source).bind::<BigInt, _>(team_id).bind::<Text, _>(sets::array(&ids)?);
    query.bind::<BigInt, _>(team_id).execute(db)?;
    Ok(())
}
