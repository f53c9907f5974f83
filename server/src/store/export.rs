//! Everything worth carrying elsewhere, as JSON values, one for each fact. Names
//! come first; ids and times stand in fields called `id` or ending in `_at`, so
//! that two installations can be compared by leaving those out.

use super::counts::severity;
use super::inventory::read_origin;
use super::schema::{
    advisory, affected, alias, component, document, held, held_before, held_once, matched, origin, package, problem, project,
    release, run, slot, team, triage, upload,
};
use super::triage::Triage;
use super::uploads::State;
use super::{Db, StoreError};
use crate::clock::rfc3339;
use bom::ecosystem::Ecosystem;
use bom::inventory::Flags;
use diesel::prelude::*;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Hands every fact to `out`.
///
/// # Errors
/// [`StoreError`] from the database, or what `out` answers.
pub fn all(db: &mut Db, out: &mut dyn FnMut(Value) -> Result<(), StoreError>) -> Result<(), StoreError> {
    let slots = slots(db, out)?;
    let components = components(db)?;
    uploads(db, &slots, out)?;
    presences(db, &slots, &components, out)?;
    advisories(db, out)?;
    findings(db, &components, out)?;
    decisions(db, out)
}

/// A slot as facts about it name it.
struct Place {
    project: String,
    release: String,
    slot: String,
}

fn slots(db: &mut Db, out: &mut dyn FnMut(Value) -> Result<(), StoreError>) -> Result<HashMap<i64, Place>, StoreError> {
    let projects: Vec<(String, String, String, i64)> = project::table
        .inner_join(team::table.on(team::id.eq(project::team_id)))
        .select((project::name, team::name, project::public_id, project::created_at))
        .order(project::name)
        .load(db)?;
    for (name, team, id, at) in projects {
        out(json!({"kind": "project", "name": name, "team": team, "id": id, "created_at": rfc3339(at)}))?;
    }
    let columns = (slot::id, project::name, release::name, slot::name, slot::components, slot::closed_at.is_null());
    let rows: Vec<(i64, String, String, String, i64, bool)> = slot::table
        .inner_join(release::table.on(release::id.eq(slot::release_id)))
        .inner_join(project::table.on(project::id.eq(release::project_id)))
        .select(columns)
        .load(db)?;
    let mut places = HashMap::new();
    for (id, project, release, slot, components, open) in rows {
        out(
            json!({"kind": "slot", "project": project, "release": release, "slot": slot, "components": components, "open": open}),
        )?;
        places.insert(id, Place { project, release, slot });
    }
    Ok(places)
}

/// A component as facts about it name it.
fn components(db: &mut Db) -> Result<HashMap<i64, Value>, StoreError> {
    let columns = (
        component::id,
        package::ecosystem,
        package::name,
        component::version,
        component::qualifiers,
        origin::kind,
        origin::address,
    );
    let rows: Vec<(i64, i16, String, String, String, i16, String)> = component::table
        .inner_join(package::table.on(package::id.eq(component::package_id)))
        .inner_join(origin::table.on(origin::id.eq(component::origin_id)))
        .select(columns)
        .load(db)?;
    rows.into_iter()
        .map(|(id, ecosystem, name, version, qualifiers, kind, address)| {
            let ecosystem = Ecosystem::of_code(ecosystem).map(|e| e.name);
            let origin = read_origin(kind, address)?.to_text();
            Ok((
                id,
                json!({"ecosystem": ecosystem, "name": name, "version": version, "qualifiers": qualifiers, "origin": origin}),
            ))
        })
        .collect()
}

fn uploads(
    db: &mut Db,
    slots: &HashMap<i64, Place>,
    out: &mut dyn FnMut(Value) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    type Row = (i64, Option<Vec<u8>>, i16, (i64, i64, i64), (String, String, Option<String>, Option<String>), String, i64);
    let rows: Vec<Row> = upload::table
        .inner_join(run::table.on(run::id.eq(upload::run_id)))
        .left_join(document::table.on(document::id.nullable().eq(upload::document_id)))
        .select((
            upload::slot_id,
            document::sha256.nullable(),
            upload::state,
            (upload::components, upload::added, upload::removed),
            (run::provider, run::external_id, run::commit_id, run::pull_request),
            upload::public_id,
            upload::received_at,
        ))
        .order(upload::id)
        .load(db)?;
    for (slot_id, sha256, state, (components, added, removed), (provider, run, commit, pull_request), id, at) in rows {
        let Some(place) = slots.get(&slot_id) else { continue };
        out(json!({
            "kind": "upload", "project": place.project, "release": place.release, "slot": place.slot, "state": State::of_code(state)?.word(),
            "sha256": sha256.map(hex::encode), "components": components, "added": added, "removed": removed, "provider": provider, "run": run,
            "commit": commit, "pull_request": pull_request, "id": id, "received_at": rfc3339(at),
        }))?;
    }
    Ok(())
}

fn presences(
    db: &mut Db,
    slots: &HashMap<i64, Place>,
    components: &HashMap<i64, Value>,
    out: &mut dyn FnMut(Value) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let open: Vec<(i64, i64, i16)> = held::table.select((held::slot_id, held::component_id, held::flags)).load(db)?;
    let closed: Vec<(i64, i64, i16)> =
        held_before::table.select((held_before::slot_id, held_before::component_id, held_before::flags)).load(db)?;
    let once: Vec<(i64, i64, i16)> =
        held_once::table.select((held_once::slot_id, held_once::component_id, held_once::flags)).load(db)?;
    for (kind, rows) in [("held", open), ("held_before", closed), ("held_once", once)] {
        for (slot_id, component_id, flags) in rows {
            let (Some(place), Some(component)) = (slots.get(&slot_id), components.get(&component_id)) else { continue };
            out(json!({
                "kind": kind, "project": place.project, "release": place.release, "slot": place.slot, "component": component,
                "direct": Flags(flags).direct(), "scope": format!("{:?}", Flags(flags).scope()).to_lowercase(),
            }))?;
        }
    }
    Ok(())
}

fn advisories(db: &mut Db, out: &mut dyn FnMut(Value) -> Result<(), StoreError>) -> Result<(), StoreError> {
    type Row = (i64, String, String, i16, Option<i64>, Vec<u8>, i64);
    let columns = (
        advisory::id,
        advisory::name,
        problem::name,
        advisory::severity,
        advisory::withdrawn_at,
        advisory::sha256,
        advisory::modified_at,
    );
    let rows: Vec<Row> =
        advisory::table.inner_join(problem::table.on(problem::id.eq(advisory::problem_id))).select(columns).load(db)?;
    let mut names = HashMap::new();
    for (id, name, problem, code, withdrawn, sha256, modified) in rows {
        out(json!({
            "kind": "advisory", "name": name, "problem": problem, "severity": severity(code).name(), "withdrawn": withdrawn.is_some(),
            "sha256": hex::encode(sha256), "modified_at": rfc3339(modified),
        }))?;
        names.insert(id, name);
    }
    let named: Vec<(String, String)> = alias::table
        .inner_join(problem::table.on(problem::id.eq(alias::problem_id)))
        .select((alias::name, problem::name))
        .load(db)?;
    for (name, problem) in named {
        out(json!({"kind": "alias", "name": name, "problem": problem}))?;
    }
    let columns = (affected::advisory_id, package::ecosystem, package::name, affected::release, affected::versions);
    let rows: Vec<(i64, i16, String, String, String)> =
        affected::table.inner_join(package::table.on(package::id.eq(affected::package_id))).select(columns).load(db)?;
    for (advisory_id, ecosystem, package, release, versions) in rows {
        let ecosystem = Ecosystem::of_code(ecosystem).map(|e| e.name);
        out(json!({
            "kind": "affected", "advisory": names.get(&advisory_id), "ecosystem": ecosystem, "package": package, "release": release,
            "versions": versions,
        }))?;
    }
    Ok(())
}

fn findings(
    db: &mut Db,
    components: &HashMap<i64, Value>,
    out: &mut dyn FnMut(Value) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    type Row = (i64, String, i16, i16, String, Option<i64>, i64);
    let columns = (
        matched::component_id,
        problem::name,
        problem::severity,
        matched::answer,
        matched::fixed,
        matched::gone_at,
        matched::since_at,
    );
    let rows: Vec<Row> =
        matched::table.inner_join(problem::table.on(problem::id.eq(matched::problem_id))).select(columns).load(db)?;
    for (component_id, problem, code, answer, fixed, gone, since) in rows {
        out(json!({
            "kind": "match", "problem": problem, "severity": severity(code).name(), "component": components.get(&component_id), "answer": answer,
            "fixed": fixed, "gone": gone.is_some(), "since_at": rfc3339(since),
        }))?;
    }
    Ok(())
}

/// What was decided, ended decisions too.
fn decisions(db: &mut Db, out: &mut dyn FnMut(Value) -> Result<(), StoreError>) -> Result<(), StoreError> {
    type Row = (Triage, String, (i16, String), Option<String>);
    let rows: Vec<Row> = triage::table
        .inner_join(problem::table.on(problem::id.eq(triage::problem_id)))
        .inner_join(package::table.on(package::id.eq(triage::package_id)))
        .left_join(project::table.on(project::id.nullable().eq(triage::project_id)))
        .order(triage::id)
        .select((Triage::as_select(), problem::name, (package::ecosystem, package::name), project::name.nullable()))
        .load(db)?;
    for (row, problem, (code, package), project) in rows {
        let ecosystem = Ecosystem::of_code(code).map(|e| e.name);
        out(json!({
            "kind": "triage", "problem": problem, "ecosystem": ecosystem, "package": package, "project": project, "status": row.status,
            "justification": row.justification, "detail": row.detail, "source": row.source, "by": row.decided_by,
            "severity": severity(row.severity).name(), "exploited": row.exploited, "ending": row.ending, "ended_by": row.ended_by,
            "id": row.public_id, "until_at": row.until_at.map(rfc3339), "decided_at": rfc3339(row.decided_at),
            "ended_at": row.ended_at.map(rfc3339),
        }))?;
    }
    Ok(())
}
