//! The protocol of npm: one document for each package with every version, who
//! published it, who owned the package then, and the times of versions that are gone.

mod packument;
#[cfg(test)]
mod tests;

use super::segment;
use bom::ask::{Fact, Look, LookError, Registry, Reply, Request, Step, Wanted};
use bom::snapshot::Snapshot;
use std::time::Duration;

/// The protocol.
pub(super) struct Npm;

impl Registry for Npm {
    fn ecosystem(&self) -> &'static str {
        "npm"
    }

    fn name(&self) -> &'static str {
        "npm"
    }

    fn endpoints(&self) -> &'static [(&'static str, &'static str)] {
        &[("registry", "")]
    }

    fn pace(&self, _endpoint: &str) -> Duration {
        // No number is published for reads; documents are long.
        Duration::from_millis(100)
    }

    fn look(&self, package: &str, wanted: Wanted) -> Box<dyn Look> {
        Box::new(NpmLook { package: package.to_owned(), wanted, asked: false })
    }
}

struct NpmLook {
    package: String,
    wanted: Wanted,
    asked: bool,
}

impl Look for NpmLook {
    fn next(&mut self, replies: Vec<Reply>) -> Result<Step, LookError> {
        if !self.asked {
            self.asked = true;
            let Some(path) = path(&self.package) else {
                return Ok(all(&Fact::Unknown("no package can have such a name".into())));
            };
            return Ok(Step::Ask(vec![Request { endpoint: "registry", path, accept: None, whole: self.wanted.whole }]));
        }
        match replies.into_iter().next() {
            Some(Reply::Body(body)) => Ok(Step::Done(Box::new(packument::read(&self.package, &body)?))),
            Some(Reply::Unchanged) => Ok(all(&Fact::Unchanged)),
            Some(Reply::Absent(_)) => Ok(all(&Fact::Absent)),
            None => Err(LookError("a reply is missing".to_owned())),
        }
    }
}

/// A look whose whole answer is the same.
fn all(fact: &Fact<()>) -> Step {
    fn as_any<T>(fact: &Fact<()>) -> Fact<T> {
        match fact {
            Fact::Unchanged => Fact::Unchanged,
            Fact::Absent => Fact::Absent,
            Fact::Unknown(why) => Fact::Unknown(why.clone()),
            Fact::Known(()) | Fact::NotAsked => Fact::NotAsked,
        }
    }
    Step::Done(Box::new(Snapshot {
        owners: as_any(fact),
        versions: as_any(fact),
        repository: as_any(fact),
        ..Snapshot::default()
    }))
}

/// Where a package is; `None` for what is no name. A scope's slash is written `%2F`.
fn path(name: &str) -> Option<String> {
    let word = |text: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~!*'()".contains(c);
        !text.is_empty() && !text.starts_with('.') && text.chars().all(plain)
    };
    let good = name.len() <= 214
        && match name.strip_prefix('@') {
            Some(scoped) => scoped.split_once('/').is_some_and(|(scope, name)| word(scope) && word(name)),
            None => word(name),
        };
    good.then(|| segment(name))
}
