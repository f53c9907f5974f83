//! The full re-check: every component beside every record that names its package,
//! compared with the matches that stand. It reads windows of packages on two
//! connections at once, the standing matches on a third, and writes no match: packages
//! whose matches stand otherwise than they should are handed to [`crate::rematch`], which
//! has the one way of writing them. So a change that comes meanwhile is never overwritten
//! by an older look, and the three need not see the same moment.

mod survey;

use crate::counts;
use crate::rematch;
use crate::services::Services;
use crate::stop::Stop;
use crate::store::leases::Held;
use crate::store::rechecks::{self, Recheck};
use crate::store::{Db, StoreError, rematches};
use std::sync::Arc;
use std::time::Duration;
use survey::{Mark, Survey};

/// The lane of full re-checks: the lease of their job, so that one runs at a time.
pub const LANE: &str = "job:recheck";
/// How often progress is written and told.
const TOLD: Duration = Duration::from_millis(500);
/// Packages of one write.
const PACKAGES: usize = 4000;

/// Hears how far a re-check is.
pub type Listener<'a> = &'a (dyn Fn(&Recheck) + Send + Sync);

/// Re-checks everything by hand, unless it is being done.
///
/// # Errors
/// [`StoreError`] from the database. `None` where somebody else is at it.
pub async fn alone(services: &Services, stop: &Stop, listener: Listener<'_>) -> Result<Option<Recheck>, StoreError> {
    let Some(held) = Held::take(&services.store, LANE).await? else { return Ok(None) };
    let outcome = run(services, stop, listener).await;
    held.give_back().await?;
    outcome.map(Some)
}

/// Re-checks everything; how far it came is kept in the database, too. The caller
/// holds [`LANE`].
///
/// # Errors
/// [`StoreError`] from the database; the matches that were found to differ are
/// matched again by whoever drains next.
pub async fn run(services: &Services, stop: &Stop, listener: Listener<'_>) -> Result<Recheck, StoreError> {
    let now = services.clock.millis();
    let id = services.store.write(move |db| rechecks::begin(db, now)).await?;
    let mut seen = Recheck { id, started_at: now, seen_at: now, ..Recheck::default() };
    let outcome = work(services, stop, listener, &mut seen).await;
    seen.seen_at = services.clock.millis();
    seen.ended_at = Some(seen.seen_at);
    seen.error = outcome.as_ref().err().map(ToString::to_string);
    listener(&seen);
    keep(services, &seen).await?;
    outcome.map(|()| seen)
}

async fn work(services: &Services, stop: &Stop, listener: Listener<'_>, seen: &mut Recheck) -> Result<(), StoreError> {
    let wanted = async {
        let survey = Arc::new(services.store.read(Survey::prepare).await?);
        surveyed(services, stop, listener, &survey, seen).await
    };
    let (wanted, standing) = tokio::try_join!(wanted, services.store.read(survey::standing))?;
    seen.matches = i64::try_from(wanted.len()).unwrap_or(i64::MAX);
    let differing = survey::differing(&wanted, &standing);
    let packages = services.store.read(move |db| rechecks::packages_of(db, &differing)).await?;
    seen.differing = i64::try_from(packages.len()).unwrap_or(i64::MAX);
    let packages: Vec<i64> = packages.into_iter().collect();
    for chunk in packages.chunks(PACKAGES) {
        let (chunk, now) = (chunk.iter().copied().collect(), services.clock.millis());
        services.store.write(move |db: &mut Db| rematches::packages(db, &chunk, now)).await?;
    }
    rematch::drain(services).await?;
    counts::drain(services).await?;
    Ok(())
}

/// Looks at every window on two connections, telling how far it is.
async fn surveyed(
    services: &Services,
    stop: &Stop,
    listener: Listener<'_>,
    survey: &Arc<Survey>,
    seen: &mut Recheck,
) -> Result<Vec<Mark>, StoreError> {
    let half = || {
        let (survey, stop) = (survey.clone(), stop.clone());
        services.store.read(move |db| survey.look(db, &stop))
    };
    let both = async { tokio::try_join!(half(), half()) };
    tokio::pin!(both);
    let mut beat = tokio::time::interval(TOLD);
    beat.tick().await;
    let (mut marks, other) = loop {
        tokio::select! {
            ended = &mut both => break ended?,
            _ = beat.tick() => {
                survey.tell(seen, services.clock.millis());
                listener(seen);
                keep(services, seen).await?;
            }
        }
    };
    survey.tell(seen, services.clock.millis());
    marks.extend(other);
    marks.sort_unstable();
    Ok(marks)
}

async fn keep(services: &Services, seen: &Recheck) -> Result<(), StoreError> {
    let seen = seen.clone();
    services.store.write(move |db| rechecks::keep(db, &seen)).await
}

#[cfg(test)]
mod tests;
