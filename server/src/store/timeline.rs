//! What happened, in order: uploads, and what they and the feeds brought to light.

use super::counts::severity;
use super::schema::{component, event, held, package, problem, project, release, run, slot, upload};
use super::uploads::State;
use super::{Db, StoreError};
use bom::ecosystem::Ecosystem;
use diesel::prelude::*;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When, in milliseconds.
    pub at: i64,
    /// `upload`, `finding-new`, `owner-added`, …: an upload, or the kind of an event.
    pub kind: String,
    /// The projects it is about, sorted.
    pub projects: Vec<String>,
    /// What happened, in a sentence.
    pub text: String,
}

/// The newest `limit` moments of either sort, oldest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn newest(db: &mut Db, limit: i64) -> Result<Vec<Moment>, StoreError> {
    let mut moments = uploads(db, limit)?;
    moments.extend(events(db, limit)?);
    moments.extend(watched(db, limit)?);
    moments.sort_by(|a, b| (a.at, &a.kind, &a.text).cmp(&(b.at, &b.kind, &b.text)));
    Ok(moments)
}

fn uploads(db: &mut Db, limit: i64) -> Result<Vec<Moment>, StoreError> {
    type Row = (i64, i16, i64, i64, i64, String, String, String, String);
    let rows: Vec<Row> = upload::table
        .inner_join(slot::table.on(slot::id.eq(upload::slot_id)))
        .inner_join(release::table.on(release::id.eq(slot::release_id)))
        .inner_join(project::table.on(project::id.eq(release::project_id)))
        .inner_join(run::table.on(run::id.eq(upload::run_id)))
        .order(upload::id.desc())
        .limit(limit)
        .select((
            upload::received_at,
            upload::state,
            upload::components,
            upload::added,
            upload::removed,
            project::name,
            slot::name,
            run::provider,
            run::external_id,
        ))
        .load(db)?;
    rows.into_iter()
        .map(|(at, state, components, added, removed, project, slot, provider, run)| {
            let state = State::of_code(state)?.word();
            let text =
                format!("`{slot}` by {provider} run {run}: {components} components, {added} new, {removed} gone ({state})");
            Ok(Moment { at, kind: "upload".to_owned(), projects: vec![project], text })
        })
        .collect()
}

fn events(db: &mut Db, limit: i64) -> Result<Vec<Moment>, StoreError> {
    type Row = (i64, String, i64, String, i16, i16, String, String);
    let rows: Vec<Row> = event::table
        .inner_join(problem::table.on(problem::id.nullable().eq(event::problem_id)))
        .inner_join(component::table.on(component::id.nullable().eq(event::component_id)))
        .inner_join(package::table.on(package::id.eq(component::package_id)))
        .order(event::id.desc())
        .limit(limit)
        .select((
            event::at,
            event::kind,
            component::id,
            problem::name,
            problem::severity,
            package::ecosystem,
            package::name,
            component::version,
        ))
        .load(db)?;
    rows.into_iter()
        .map(|(at, kind, component_id, problem, code, ecosystem, name, version)| {
            let ecosystem = Ecosystem::of_code(ecosystem).map_or("", |e| e.name);
            let text = format!("{name} {version} ({ecosystem}): {problem}, {}", severity(code).name());
            Ok(Moment { at, kind, projects: holders(db, component_id)?, text })
        })
        .collect()
}

/// What registries said, and what was told of that.
fn watched(db: &mut Db, limit: i64) -> Result<Vec<Moment>, StoreError> {
    type Row = (i64, String, i64, String, i16, String);
    let rows: Vec<Row> = event::table
        .inner_join(package::table.on(package::id.nullable().eq(event::package_id)))
        .filter(event::component_id.is_null())
        .order(event::id.desc())
        .limit(limit)
        .select((event::at, event::kind, package::id, package::name, package::ecosystem, event::detail))
        .load(db)?;
    rows.into_iter()
        .map(|(at, kind, package_id, name, ecosystem, detail)| {
            let ecosystem = Ecosystem::of_code(ecosystem).map_or("", |e| e.name);
            let detail: serde_json::Value = serde_json::from_str(&detail).unwrap_or_default();
            let said = |name: &str| detail.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
            let signals = detail.get("signals").and_then(serde_json::Value::as_array).into_iter().flatten();
            let signals: Vec<&str> = signals.filter_map(serde_json::Value::as_str).collect();
            let words = [said("version"), said("urgency"), said("then"), said("now"), said("why"), &signals.join(", ")];
            let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
            let text = format!("{name} ({ecosystem}): {}", words.join(" · "));
            Ok(Moment { at, kind, projects: holders_of_package(db, package_id)?, text })
        })
        .collect()
}

/// The projects that hold any version of a package now, sorted by name.
fn holders_of_package(db: &mut Db, package_id: i64) -> Result<Vec<String>, StoreError> {
    Ok(held::table
        .inner_join(component::table.on(component::id.eq(held::component_id)))
        .inner_join(slot::table.on(slot::id.eq(held::slot_id)))
        .inner_join(release::table.on(release::id.eq(slot::release_id)))
        .inner_join(project::table.on(project::id.eq(release::project_id)))
        .filter(component::package_id.eq(package_id))
        .select(project::name)
        .distinct()
        .order(project::name)
        .load(db)?)
}

/// The projects that hold a component now, sorted by name.
fn holders(db: &mut Db, component_id: i64) -> Result<Vec<String>, StoreError> {
    Ok(held::table
        .inner_join(slot::table.on(slot::id.eq(held::slot_id)))
        .inner_join(release::table.on(release::id.eq(slot::release_id)))
        .inner_join(project::table.on(project::id.eq(release::project_id)))
        .filter(held::component_id.eq(component_id))
        .select(project::name)
        .distinct()
        .order(project::name)
        .load(db)?)
}
