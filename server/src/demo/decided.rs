//! What somebody in the demo has decided already: the first finding of each sample affects
//! them, so that it stays open, with a history to look at.

use super::build::Built;
use crate::services::Services;
use crate::store::triage::{NewDecision, Place, concerns, decide, package_named, problem_named};
use crate::store::viewer::Viewer;
use crate::store::views::findings::{self, Which};
use crate::store::views::release_of;
use crate::store::{Db, StoreError, projects};
use bom::ecosystem::Ecosystem;
use bom::triage::Decision;

/// Who decided.
const WHO: &str = "person:admin";

/// Decides about the first finding of each sample, twice.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn decisions(services: &Services, built: &[Built]) -> Result<(), StoreError> {
    let samples: Vec<String> =
        built.iter().filter(|built| built.ecosystem.is_some()).map(|built| built.project.clone()).collect();
    let now = services.clock.millis();
    services.store.write(move |db| samples.iter().try_for_each(|name| about(db, name, now))).await
}

fn about(db: &mut Db, name: &str, now: i64) -> Result<(), StoreError> {
    let viewer = Viewer::server();
    let Some(project) = projects::named(db, &viewer, name)?.pop() else { return Ok(()) };
    let Some(release) = release_of(db, &viewer, &project.public_id, None)? else { return Ok(()) };
    let Some(first) = findings::list(db, release, Which::All, 1, now)?.lines.pop() else { return Ok(()) };
    let Some((ecosystem, _)) = Ecosystem::of_osv(first.ecosystem) else { return Ok(()) };
    let (problem, package) = (problem_named(db, &first.problem)?, package_named(db, ecosystem.code, &first.package)?);
    let Some((problem_id, package_id)) = problem.zip(package) else { return Ok(()) };
    if !concerns(db, problem_id, package_id)? {
        return Ok(());
    }
    let place = Place { problem_id, package_id, project_id: Some(project.id) };
    let said = [
        (Decision::InTriage, "somebody looks at it"),
        (Decision::Affected, "the next release moves to a version that repairs it"),
    ];
    for (decision, detail) in said {
        let new = NewDecision { decision, detail: detail.to_owned(), source: None };
        decide(db, place, &new, WHO, now)?;
    }
    Ok(())
}
