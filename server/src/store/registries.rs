//! Registries: addresses that were proposed, what an administrator decided of them,
//! where their endpoints are, and whether they answer.

use super::db::each_backend;
use super::schema::{endpoint, event, registry, registry_health as health};
use super::{Db, StoreError, audit};
use bom::ecosystem::Ecosystem;
use diesel::prelude::*;

/// A decision that says yes, and for `believe`: the authority.
const YES: i16 = 1;

/// A registry and what is decided of it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = registry)]
pub struct Registry {
    /// Key.
    pub id: i64,
    /// The ecosystem's code.
    pub ecosystem: i16,
    /// Its base address.
    pub address: String,
    /// The protocol it speaks.
    pub protocol: Option<String>,
    /// May builds resolve from it: 0 undecided, 1 yes, 2 no.
    pub resolve: i16,
    /// May the server contact it: 0 undecided, 1 yes, 2 no.
    pub contact: i16,
    /// Are its facts believed: 0 undecided, 1 as the authority, 2 as a mirror of it, 3 no.
    pub believe: i16,
    /// Who proposed it.
    pub proposed_by: String,
}

/// Where one endpoint of a registry is.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = endpoint)]
pub struct Endpoint {
    /// Its name in the protocol.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Milliseconds between two requests, where they are not the protocol's.
    pub pace: Option<i64>,
}

/// An administrator's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The ecosystem.
    pub ecosystem: &'static Ecosystem,
    /// The base address.
    pub address: String,
    /// The protocol.
    pub protocol: &'static str,
    /// May builds resolve from it.
    pub resolve: bool,
    /// May the server contact it.
    pub contact: bool,
    /// Are its facts believed: as the authority, as a mirror, or (`None`) not.
    pub believe: Option<Belief>,
    /// Its endpoints.
    pub endpoints: Vec<Endpoint>,
}

/// What a registry is believed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belief {
    /// The ecosystem's authority.
    Authority,
    /// A mirror of it.
    Mirror,
}

/// How a registry answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = health)]
pub struct Health {
    /// When it last answered.
    pub answered_at: Option<i64>,
    /// Requests that failed in a row.
    pub failures: i64,
    /// Since when.
    pub failing_since: Option<i64>,
    /// Nothing is asked before.
    pub closed_until: i64,
    /// Why the last failed.
    pub last_error: Option<String>,
    /// When the operator was told of this row of failures.
    pub told_at: Option<i64>,
}

/// Proposes an address; one that is known stays as it is.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn propose(db: &mut Db, ecosystem: i16, address: &str, by: &str, now: i64) -> Result<i64, StoreError> {
    each_backend!(db, c => diesel::insert_into(registry::table)
        .values((
            registry::public_id.eq(super::new_id()),
            registry::ecosystem.eq(ecosystem),
            registry::address.eq(address),
            registry::resolve.eq(0),
            registry::contact.eq(0),
            registry::believe.eq(0),
            registry::proposed_by.eq(by),
            registry::proposed_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(c)?);
    let found =
        registry::table.filter(registry::ecosystem.eq(ecosystem)).filter(registry::address.eq(address)).select(registry::id);
    Ok(found.first(db)?)
}

/// Keeps a decision, and who took it.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn decide(db: &mut Db, decision: &Decision, who: &str, now: i64) -> Result<i64, StoreError> {
    let id = propose(db, decision.ecosystem.code, &decision.address, who, now)?;
    let word = |yes: bool| if yes { YES } else { 2 };
    let believe = match decision.believe {
        Some(Belief::Authority) => YES,
        Some(Belief::Mirror) => 2,
        None => 3_i16,
    };
    diesel::update(registry::table.find(id))
        .set((
            registry::protocol.eq(decision.protocol),
            registry::resolve.eq(word(decision.resolve)),
            registry::contact.eq(word(decision.contact)),
            registry::believe.eq(believe),
            registry::decided_by.eq(who),
            registry::decided_at.eq(now),
        ))
        .execute(db)?;
    diesel::delete(endpoint::table.filter(endpoint::registry_id.eq(id))).execute(db)?;
    for Endpoint { name, address, pace } in &decision.endpoints {
        let row = (endpoint::registry_id.eq(id), endpoint::name.eq(name), endpoint::address.eq(address), endpoint::pace.eq(pace));
        diesel::insert_into(endpoint::table).values(row).execute(db)?;
    }
    let subject = format!("registry:{}", decision.address);
    audit::insert(db, now, who, audit::action::REGISTRY_DECIDED, &subject, decision.ecosystem.name)?;
    Ok(id)
}

/// Every registry, by ecosystem and address.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn all(db: &mut Db) -> Result<Vec<Registry>, StoreError> {
    let rows = registry::table.order((registry::ecosystem, registry::address)).limit(10_000);
    Ok(rows.select(Registry::as_select()).load(db)?)
}

/// The registries that are asked: contact is allowed, and they are the authority.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn asked(db: &mut Db) -> Result<Vec<Registry>, StoreError> {
    let rows = registry::table.filter(registry::contact.eq(YES)).filter(registry::believe.eq(YES)).order(registry::id);
    Ok(rows.select(Registry::as_select()).load(db)?)
}

/// The endpoints of a registry.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn endpoints(db: &mut Db, registry_id: i64) -> Result<Vec<Endpoint>, StoreError> {
    Ok(endpoint::table.filter(endpoint::registry_id.eq(registry_id)).select(Endpoint::as_select()).load(db)?)
}

/// How a registry answers.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn health(db: &mut Db, registry_id: i64) -> Result<Health, StoreError> {
    Ok(health::table.find(registry_id).select(Health::as_select()).first(db).optional()?.unwrap_or_default())
}

/// Keeps how a registry answers.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn keep_health(db: &mut Db, registry_id: i64, kept: &Health) -> Result<(), StoreError> {
    let values = (
        health::registry_id.eq(registry_id),
        health::answered_at.eq(kept.answered_at),
        health::failures.eq(kept.failures),
        health::failing_since.eq(kept.failing_since),
        health::closed_until.eq(kept.closed_until),
        health::last_error.eq(&kept.last_error),
        health::told_at.eq(kept.told_at),
    );
    diesel::delete(health::table.find(registry_id)).execute(db)?;
    diesel::insert_into(health::table).values(values).execute(db)?;
    Ok(())
}

/// Records that a registry is silent since a time, and why: one event for a row of failures.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn record_silence(db: &mut Db, registry: &Registry, why: Option<&str>, since: i64, now: i64) -> Result<(), StoreError> {
    let detail = serde_json::json!({"source": registry.address, "why": why, "since": since}).to_string();
    let key = format!("registry-silent:{}:{since}", registry.id);
    let row = (event::key.eq(key), event::kind.eq("registry-silent"), event::at.eq(now), event::detail.eq(detail));
    each_backend!(db, c => diesel::insert_into(event::table).values(row).on_conflict_do_nothing().execute(c)?);
    Ok(())
}
