//! From shares to messages: each share goes to the targets of its team, else to those
//! of last resort; silence goes to the latter; what is taken back goes to whoever was told.

use super::{Services, Stop, StoreError, task};
use crate::config::TargetConfig;
use crate::store::alerts::{self, shares};
use crate::store::deliveries::{self, Purpose, Telling};
use crate::store::viewer::Viewer;
use crate::store::{Db, teams};
use std::collections::{BTreeMap, BTreeSet};

/// Shares that are handed over in one transaction.
const BATCH: i64 = 100;

/// Hands over what is due. Answers when something is due next; `None` where nothing is,
/// or nobody could be told.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn route(services: &Services, stop: &Stop) -> Result<Option<i64>, StoreError> {
    if services.config.targets.is_empty() {
        return Ok(None);
    }
    while !stop.is_asked() {
        let (targets, now) = (services.config.targets.clone(), services.clock.millis());
        let handed = services.store.write(move |db| batch(db, &targets, now)).await?;
        handed.targets.iter().for_each(|name| services.wake.ask(&task(name)));
        if handed.shares == 0 {
            break;
        }
    }
    services.store.read(deliveries::next_share).await
}

#[derive(Default)]
struct Handed {
    shares: usize,
    targets: BTreeSet<String>,
}

fn batch(db: &mut Db, targets: &[TargetConfig], now: i64) -> Result<Handed, StoreError> {
    let mut handed = Handed::default();
    let (due, silent) = (shares::due(db, now, BATCH)?, shares::silent(db, now, BATCH)?);
    if due.is_empty() && silent.is_empty() {
        return Ok(handed);
    }
    let book = Book::open(db, targets)?;
    for share in due {
        if !shares::routed(db, &share)? {
            continue;
        }
        let taken_back = alerts::get(db, share.alert_id)?.state == "retracted";
        let to = if taken_back { deliveries::told(db, share.alert_id, share.team_id)? } else { book.of(share.team_id) };
        for target_id in to {
            let (alert_id, revision, team_id) = (share.alert_id, share.wanted, share.team_id);
            deliveries::ready(db, &Telling { target_id, alert_id, revision, team_id, purpose: Purpose::News }, now)?;
            handed.targets.extend(book.names.get(&target_id).cloned());
        }
        handed.shares += 1;
    }
    for share in silent {
        if !shares::escalated(db, &share)? {
            continue;
        }
        for target_id in book.last_resort.clone() {
            let (alert_id, revision, team_id) = (share.alert_id, share.told, share.team_id);
            deliveries::ready(db, &Telling { target_id, alert_id, revision, team_id, purpose: Purpose::Escalation }, now)?;
            handed.targets.extend(book.names.get(&target_id).cloned());
        }
        handed.shares += 1;
    }
    Ok(handed)
}

/// Who is told where.
#[derive(Default)]
struct Book {
    names: BTreeMap<i64, String>,
    teams: BTreeMap<i64, Vec<i64>>,
    operator: Vec<i64>,
    last_resort: Vec<i64>,
}

impl Book {
    fn open(db: &mut Db, targets: &[TargetConfig]) -> Result<Self, StoreError> {
        let mut book = Self::default();
        for target in targets {
            let id = deliveries::know(db, &target.name, &target.channel)?.id;
            book.names.insert(id, target.name.clone());
            for name in &target.teams {
                match teams::find(db, &Viewer::server(), name)? {
                    Some(team) => book.teams.entry(team.id).or_default().push(id),
                    None => tracing::warn!(target = target.name, team = name, "a target names a team that does not exist"),
                }
            }
            book.operator.extend(target.operator.then_some(id));
            book.last_resort.extend(target.last_resort.then_some(id));
        }
        Ok(book)
    }

    /// The targets of a team; 0 is the operator.
    fn of(&self, team_id: i64) -> Vec<i64> {
        let own = if team_id == 0 { Some(&self.operator) } else { self.teams.get(&team_id) };
        own.filter(|targets| !targets.is_empty()).unwrap_or(&self.last_resort).clone()
    }
}
