//! One look at one package, request by request, until the protocol has what it needs.

use super::door::{Came, Door};
use crate::store::StoreError;
use crate::store::watched::validators::{self, Place, Validator};
use bom::ask::{Reply, Request, Step, Wanted};
use bom::snapshot::Snapshot;

/// The most steps of one look, and requests of one step.
const MOST_STEPS: usize = 600;
const MOST_REQUESTS: usize = 16;

/// What a look brought.
pub(super) struct Answer {
    pub(super) snapshot: Snapshot,
    /// What to say next time that is here already; to be kept together with the snapshot.
    pub(super) validators: Vec<(Place, Validator)>,
}

/// Why a look brought nothing.
pub(super) enum Silence {
    /// The registry does not answer; the door kept why.
    Registry,
    /// It answered something else than its protocol promises.
    Package(String),
}

impl Door<'_> {
    /// Looks at a package.
    pub(super) async fn ask(&mut self, package: &str, wanted: Wanted) -> Result<Result<Answer, Silence>, StoreError> {
        let mut look = self.protocol.look(package, wanted);
        let (mut replies, mut validators) = (Vec::new(), Vec::new());
        for _ in 0..MOST_STEPS {
            let requests = match look.next(std::mem::take(&mut replies)) {
                Ok(Step::Done(snapshot)) => return Ok(Ok(Answer { snapshot: *snapshot, validators })),
                Ok(Step::Ask(requests)) if requests.len() <= MOST_REQUESTS => requests,
                Ok(Step::Ask(_)) => return Ok(Err(Silence::Package("the look asks too much at once".to_owned()))),
                Err(error) => return Ok(Err(Silence::Package(error.to_string()))),
            };
            for request in requests {
                match self.reply(&request, &mut validators).await? {
                    Some(reply) => replies.push(reply),
                    None => return Ok(Err(Silence::Registry)),
                }
            }
        }
        Ok(Err(Silence::Package("the look has no end".to_owned())))
    }

    async fn reply(&mut self, request: &Request, kept: &mut Vec<(Place, Validator)>) -> Result<Option<Reply>, StoreError> {
        let accept = request.accept.unwrap_or_default();
        let place = Place { endpoint: request.endpoint, path: request.path.clone(), accept };
        let known = match request.whole {
            true => Validator::default(),
            false => {
                let (id, place) = (self.registry.id, place.clone());
                self.services.store.read(move |db| validators::find(db, id, &place)).await?
            }
        };
        Ok(match self.fetch(request, known).await? {
            Came::Body(bytes, validator) => {
                kept.push((place, validator));
                Some(Reply::Body(bytes))
            }
            Came::Unchanged => Some(Reply::Unchanged),
            Came::Absent(status) => Some(Reply::Absent(status)),
            Came::Nothing => None,
        })
    }
}
