//! The watch: asks approved registries about the packages that are held, those first
//! that were asked longest ago, keeps what they say, judges it, and tells what is news.
//! Nothing is asked of a registry that no administrator approved. A registry is one
//! lane: of all servers one asks it, and a package is put off before it is asked.

mod ask;
pub mod decisions;
mod door;
mod health;
mod keep;
mod malice;
mod silence;
mod tell;
#[cfg(test)]
mod tests;

use crate::services::Services;
use crate::stop::Stop;
use crate::store::StoreError;
use crate::store::leases::{Held, Lease};
use crate::store::registries::{self as stored, Registry};
use crate::store::watched::{self, Due};
use bom::ecosystem::Ecosystem;
use door::Door;
use futures_util::future::try_join_all;

/// Packages that are taken at once. Who dies loses the looks of so many.
const BATCH: i64 = 20;
/// When to look again at what was missing once, in milliseconds.
const DOUBT: i64 = 5 * 60_000;

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Packages that were asked about.
    pub asked: usize,
    /// Looks that were answered.
    pub answered: usize,
    /// Verdicts that were news.
    pub news: usize,
}

/// Asks every approved registry about what is due.
///
/// # Errors
/// [`StoreError`] from the database. A registry that fails is kept as such and fails nobody else.
pub async fn run(services: &Services, stop: &Stop) -> Result<Tally, StoreError> {
    let registries = services.store.read(stored::asked).await?;
    let tallies = try_join_all(registries.into_iter().map(|registry| one(services, registry, stop))).await?;
    let sum = |sum: Tally, one: &Tally| Tally {
        asked: sum.asked + one.asked,
        answered: sum.answered + one.answered,
        news: sum.news + one.news,
    };
    Ok(tallies.iter().fold(Tally::default(), sum))
}

async fn one(services: &Services, registry: Registry, stop: &Stop) -> Result<Tally, StoreError> {
    let lane = format!("watch:{}", registry.id);
    let Some(held) = Held::take(&services.store, &lane).await? else { return Ok(Tally::default()) };
    let outcome = match Round::begin(services, registry, held.lease(), stop).await? {
        Some(mut round) => round.run().await,
        None => Ok(Tally::default()),
    };
    held.give_back().await?;
    match outcome {
        // Somebody else has the lane now and goes on.
        Err(StoreError::Overtaken) => Ok(Tally::default()),
        outcome => outcome,
    }
}

/// One server's turn at one registry.
struct Round<'a> {
    services: &'a Services,
    registry: Registry,
    ecosystem: &'static Ecosystem,
    lease: &'a Lease,
    stop: &'a Stop,
    door: Door<'a>,
    tally: Tally,
}

impl<'a> Round<'a> {
    /// `None` where the registry's protocol is not spoken here.
    async fn begin(
        services: &'a Services,
        registry: Registry,
        lease: &'a Lease,
        stop: &'a Stop,
    ) -> Result<Option<Round<'a>>, StoreError> {
        let Some(ecosystem) = Ecosystem::of_code(registry.ecosystem) else { return Ok(None) };
        let Some(door) = Door::open(services, &registry, stop).await? else { return Ok(None) };
        let own = registry.clone();
        lease.write(&services.store, move |db| watched::enrol(db, &own)).await?;
        Ok(Some(Self { services, registry, ecosystem, lease, stop, door, tally: Tally::default() }))
    }

    async fn run(&mut self) -> Result<Tally, StoreError> {
        while !self.is_over() {
            let now = self.services.clock.millis();
            let (id, until) = (self.registry.id, now.saturating_add(self.every()));
            let due = self.lease.write(&self.services.store, move |db| watched::claim(db, id, now, until, BATCH)).await?;
            if due.is_empty() {
                break;
            }
            let mut rest = due.into_iter();
            while let Some(one) = (!self.is_over()).then(|| rest.next()).flatten() {
                self.look(&one).await?;
            }
            let left: Vec<i64> = rest.map(|due| due.package_id).collect();
            if !left.is_empty() {
                self.lease.write(&self.services.store, move |db| watched::put_back(db, &left, now)).await?;
            }
        }
        Ok(self.tally)
    }

    /// Nothing more is asked: the server stops, or the registry wants or needs rest.
    fn is_over(&self) -> bool {
        self.stop.is_asked() || self.door.is_closed(self.services.clock.millis())
    }

    async fn look(&mut self, due: &Due) -> Result<(), StoreError> {
        self.tally.asked += 1;
        let package_id = due.package_id;
        let known = self.services.store.read(move |db| watched::load(db, package_id)).await?;
        let now = self.services.clock.millis();
        let doubtful = known.as_ref().is_none_or(bom::watched::Watched::is_in_doubt);
        let stale = due.owners_at.is_none_or(|at| now - at >= millis(self.services.config.watch.owners_every));
        let wanted = bom::ask::Wanted { owners: doubtful || stale, whole: doubtful };
        match self.door.ask(&due.name, wanted).await? {
            Ok(answer) => self.keep(due, known, answer).await,
            Err(ask::Silence::Registry) => {
                let at = self.door.closed_until().max(now.saturating_add(60_000));
                self.lease.write(&self.services.store, move |db| watched::put_back(db, &[package_id], at)).await
            }
            Err(ask::Silence::Package(why)) => self.failed(due, why).await,
        }
    }

    /// Keeps that nothing could be learned of a package; the next try comes later each time.
    async fn failed(&self, due: &Due, why: String) -> Result<(), StoreError> {
        let (due, now) = (due.clone(), self.services.clock.millis());
        let doublings = u32::try_from(due.failures.clamp(0, 16)).unwrap_or(16);
        let next_at = now.saturating_add(self.every().saturating_mul(1_i64 << doublings).min(86_400_000));
        tracing::debug!(package = due.name, why, "nothing could be learned of a package");
        self.lease.write(&self.services.store, move |db| watched::failed(db, &due, &why, next_at, now)).await
    }

    fn every(&self) -> i64 {
        millis(self.services.config.watch.every)
    }
}

fn millis(span: std::time::Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
