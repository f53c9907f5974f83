//! Taking the next message to a target: what is ready and was never tried is folded
//! into one; what was tried is sent again as it is, since it may have arrived.

use crate::store::alerts::{self, Alert};
use crate::store::db::each_backend;
use crate::store::schema::{delivery, delivery_alert, share, target};
use crate::store::{Db, StoreError};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const MINUTE: i64 = 60_000;
/// In this time a target gets two messages as they come; what follows is gathered.
const BURST: i64 = 30 * MINUTE;
/// How many messages a burst may begin with.
const SINGLE: usize = 2;
/// The most messages that are folded into one.
const MOST: i64 = 500;

/// The next message to a target.
#[derive(Debug)]
pub enum Claim {
    /// There is none.
    Nothing,
    /// Not before this time.
    Later(i64),
    /// This one.
    Message(Box<Claimed>),
}

/// A message that is being sent.
#[derive(Debug)]
pub struct Claimed {
    /// Its key.
    pub id: i64,
    /// Its id outside.
    pub public_id: String,
    /// Whether it says that somebody did not answer.
    pub escalation: bool,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// What it tells, the gravest first.
    pub alerts: Vec<Told>,
}

/// One alert of a message.
#[derive(Debug)]
pub struct Told {
    /// The alert as it stands.
    pub alert: Alert,
    /// Whose shares.
    pub teams: Vec<i64>,
    /// When the first of these shares is to be answered.
    pub due: Option<i64>,
    /// When it was first told to this target.
    pub first_told: Option<i64>,
}

type Waiting = (i64, String, String, i64, i64);

/// Takes the next message to a target; to be called under the lease of its lane. Where
/// the target got some in a burst, what is new is gathered for `gather` milliseconds.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn claim(db: &mut Db, target_id: i64, gather: i64, now: i64) -> Result<Claim, StoreError> {
    let not_before: i64 = target::table.find(target_id).select(target::not_before).first(db)?;
    loop {
        let waiting: Vec<Waiting> = delivery::table
            .filter(delivery::target_id.eq(target_id))
            .filter(delivery::state.eq_any(["ready", "sending"]))
            .order((delivery::due_at, delivery::id))
            .limit(MOST)
            .select((delivery::id, delivery::public_id, delivery::purpose, delivery::attempts, delivery::due_at))
            .load(db)?;
        let Some(soonest) = waiting.first() else { return Ok(Claim::Nothing) };
        let at = soonest.4.max(not_before);
        if at > now {
            return Ok(Claim::Later(at));
        }
        let due: Vec<&Waiting> = waiting.iter().filter(|one| one.4 <= now).collect();
        let Some(first) = due.iter().find(|one| one.3 > 0).or(due.first()) else { return Ok(Claim::Later(at)) };
        if first.3 == 0 {
            if let Some(at) = gathered_until(db, target_id, gather, now)?.filter(|at| *at > now) {
                return Ok(Claim::Later(at));
            }
            let rest: Vec<i64> =
                due.iter().filter(|one| one.3 == 0 && one.2 == first.2 && one.0 != first.0).map(|one| one.0).collect();
            fold(db, first.0, &rest)?;
        }
        if let Some(claimed) = begin(db, target_id, first)? {
            return Ok(Claim::Message(Box::new(claimed)));
        }
    }
}

/// Until when messages to a target are gathered, where it got many.
fn gathered_until(db: &mut Db, target_id: i64, gather: i64, now: i64) -> Result<Option<i64>, StoreError> {
    let sent: Vec<Option<i64>> = delivery::table
        .filter(delivery::target_id.eq(target_id))
        .filter(delivery::sent_at.gt(now - BURST))
        .filter(delivery::state.eq("sent"))
        .order(delivery::sent_at.desc())
        .limit(i64::try_from(SINGLE).unwrap_or(i64::MAX))
        .select(delivery::sent_at)
        .load(db)?;
    Ok(if sent.len() < SINGLE { None } else { sent.into_iter().flatten().max().map(|last| last + gather) })
}

/// Moves what the messages `rest` tell into `into`.
fn fold(db: &mut Db, into: i64, rest: &[i64]) -> Result<(), StoreError> {
    type Row = (i64, i64, i64);
    let rows: Vec<Row> = delivery_alert::table
        .filter(delivery_alert::delivery_id.eq_any(rest))
        .select((delivery_alert::alert_id, delivery_alert::revision, delivery_alert::team_id))
        .load(db)?;
    for (alert, revision, team) in rows {
        let values = (
            (delivery_alert::delivery_id.eq(into), delivery_alert::alert_id.eq(alert)),
            (delivery_alert::revision.eq(revision), delivery_alert::team_id.eq(team)),
        );
        each_backend!(db, c => diesel::insert_into(delivery_alert::table).values(values).on_conflict_do_nothing().execute(c)?);
    }
    diesel::delete(delivery_alert::table.filter(delivery_alert::delivery_id.eq_any(rest))).execute(db)?;
    diesel::update(delivery::table.filter(delivery::id.eq_any(rest))).set(delivery::state.eq("folded")).execute(db)?;
    Ok(())
}

/// Begins to send a message; `None` where the target knows all of it already.
fn begin(db: &mut Db, target_id: i64, of: &Waiting) -> Result<Option<Claimed>, StoreError> {
    let (id, public_id, purpose, tried, _) = of;
    let escalation = purpose == "escalation";
    let mut by_alert: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    let rows = delivery_alert::table.filter(delivery_alert::delivery_id.eq(id));
    for (alert, team) in rows.select((delivery_alert::alert_id, delivery_alert::team_id)).load::<(i64, i64)>(db)? {
        by_alert.entry(alert).or_default().insert(team);
    }
    let mut told = Vec::new();
    for (alert_id, teams) in by_alert {
        let (alert, teams) = (alerts::get(db, alert_id)?, teams.into_iter().collect::<Vec<_>>());
        let known = known(db, target_id, alert_id, *id)?;
        let said = known.iter().map(|(revision, _)| *revision).max();
        let moot = escalation && !alert.is_open();
        if moot || (!escalation && said >= Some(alert.revision)) {
            diesel::delete(rows_of(*id).filter(delivery_alert::alert_id.eq(alert_id))).execute(db)?;
            continue;
        }
        diesel::update(rows_of(*id).filter(delivery_alert::alert_id.eq(alert_id)))
            .set(delivery_alert::revision.eq(alert.revision))
            .execute(db)?;
        let due = share::table.filter(share::alert_id.eq(alert_id)).filter(share::team_id.eq_any(&teams));
        let due: Option<i64> = due.select(diesel::dsl::min(share::escalate_at)).first(db)?;
        let first_told = known.iter().filter_map(|(_, at)| *at).min();
        told.push(Told { alert, teams, due, first_told });
    }
    let state = if told.is_empty() { "dropped" } else { "sending" };
    let attempts = if told.is_empty() { *tried } else { tried + 1 };
    diesel::update(delivery::table.find(id)).set((delivery::state.eq(state), delivery::attempts.eq(attempts))).execute(db)?;
    told.sort_by_key(|one| (-one.alert.severity, one.alert.id));
    let claimed = Claimed { id: *id, public_id: public_id.clone(), escalation, attempts, alerts: told };
    Ok((!claimed.alerts.is_empty()).then_some(claimed))
}

#[diesel::dsl::auto_type]
fn rows_of(id: i64) -> _ {
    delivery_alert::table.filter(delivery_alert::delivery_id.eq(id))
}

/// Revisions of an alert that this target was sent, and when, but for one message.
fn known(db: &mut Db, target_id: i64, alert_id: i64, but: i64) -> Result<Vec<(i64, Option<i64>)>, StoreError> {
    Ok(delivery_alert::table
        .inner_join(delivery::table.on(delivery::id.eq(delivery_alert::delivery_id)))
        .filter(delivery_alert::alert_id.eq(alert_id))
        .filter(delivery::target_id.eq(target_id))
        .filter(delivery::id.ne(but))
        .filter(delivery::state.eq("sent"))
        .select((delivery_alert::revision, delivery::sent_at))
        .load(db)?)
}
