//! One finding of a project, with the ways by which it came there.

use super::ways::Asked;
use crate::services::Services;
use crate::store::StoreError;
use crate::store::viewer::Viewer;
use crate::store::views::finding::{self, Finding, Use, Wanted};

/// A finding as one viewer may see it.
pub struct SeenFinding {
    /// What is known of it.
    pub finding: Finding,
    /// Where it is held, and by which way it came there.
    pub uses: Vec<(Use, Option<String>)>,
}

/// A finding, where the viewer may see its project.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn finding(services: &Services, viewer: &Viewer, wanted: Wanted) -> Result<Option<SeenFinding>, StoreError> {
    let (asks, now, package) = (viewer.clone(), services.clock.millis(), wanted.package.clone());
    let found = services.store.read(move |db| finding::one(db, &asks, &wanted, now)).await?;
    let Some(mut finding) = found else { return Ok(None) };
    let mut asked = Asked::default();
    for one in finding.uses.iter().filter(|one| one.direct == Some(false)) {
        if let Some(document) = one.document_id {
            asked.add(document, &package, &one.version);
        }
    }
    let ways = asked.read(services).await?;
    let with_way = |one: Use| {
        let path = ways.path(one.direct, one.document_id, &package, &one.version);
        (one, path)
    };
    let uses = std::mem::take(&mut finding.uses).into_iter().map(with_way).collect();
    Ok(Some(SeenFinding { finding, uses }))
}
