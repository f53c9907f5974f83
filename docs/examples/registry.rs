//! A registry that answers everything about a package with one document,
//! `packages/NAME.json`.

use super::{json, segment, version};
use bom::ask::{Fact, Look, LookError, Registry, Reply, Request, Step, Wanted};
use bom::plain::plain;
use bom::snapshot::{Owner, Release, Snapshot};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::time::Duration;

pub(super) struct Plain;

impl Registry for Plain {
    fn ecosystem(&self) -> &'static str {
        "Hex"
    }

    fn name(&self) -> &'static str {
        "plain"
    }

    fn endpoints(&self) -> &'static [(&'static str, &'static str)] {
        &[("packages", "packages")]
    }

    fn pace(&self, _endpoint: &str) -> Duration {
        Duration::from_millis(200)
    }

    fn look(&self, package: &str, wanted: Wanted) -> Box<dyn Look> {
        Box::new(PlainLook { package: package.to_owned(), wanted, asked: false })
    }
}

struct PlainLook {
    package: String,
    wanted: Wanted,
    asked: bool,
}

#[derive(Deserialize)]
struct DocumentRaw {
    owners: Vec<OwnerRaw>,
    versions: Vec<VersionRaw>,
}

#[derive(Deserialize)]
struct OwnerRaw {
    id: u64,
    name: String,
}

#[derive(Deserialize)]
struct VersionRaw {
    number: String,
    published: DateTime<Utc>,
    by: Option<u64>,
}

impl Look for PlainLook {
    fn next(&mut self, replies: Vec<Reply>) -> Result<Step, LookError> {
        if !self.asked {
            self.asked = true;
            // What cannot be a name is not asked for.
            let plain = self.package.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            if self.package.is_empty() || self.package.len() > 64 || !plain {
                let versions = Fact::Unknown("no package can have such a name".to_owned());
                return Ok(Step::Done(Box::new(Snapshot { versions, ..Snapshot::default() })));
            }
            let request = Request::of("packages", format!("{}.json", segment(&self.package)));
            return Ok(Step::Ask(vec![if self.wanted.whole { request.whole() } else { request }]));
        }
        let snapshot = match replies.into_iter().next() {
            Some(Reply::Body(body)) => snapshot(json("document", &body)?)?,
            Some(Reply::Unchanged) => Snapshot { owners: Fact::Unchanged, versions: Fact::Unchanged, ..Snapshot::default() },
            Some(Reply::Absent(_)) => Snapshot { owners: Fact::Absent, versions: Fact::Absent, ..Snapshot::default() },
            None => return Err(LookError("a reply is missing".to_owned())),
        };
        Ok(Step::Done(Box::new(snapshot)))
    }
}

fn snapshot(raw: DocumentRaw) -> Result<Snapshot, LookError> {
    let owner = |raw: OwnerRaw| Owner { id: raw.id.to_string(), login: plain(&raw.name), ..Owner::default() };
    let release = |raw: VersionRaw| {
        Ok(Release {
            version: version(&raw.number)?,
            published_at: Some(raw.published),
            publisher: raw.by.map(|by| by.to_string()),
            ..Release::default()
        })
    };
    Ok(Snapshot {
        owners: Fact::Known(raw.owners.into_iter().map(owner).collect()),
        versions: Fact::Known(raw.versions.into_iter().map(release).collect::<Result<_, LookError>>()?),
        ..Snapshot::default()
    })
}
