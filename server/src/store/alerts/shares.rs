//! Each team's part of an alert: what it is to be told and when, whether it has said
//! that it knows, and when silence becomes somebody else's business.

use super::Alert;
use crate::store::db::each_backend;
use crate::store::schema::{alert, alert_project, delivery, delivery_alert, project, share};
use crate::store::{Db, StoreError};
use diesel::prelude::*;
use std::collections::BTreeSet;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Projects that are added within this time are told together.
const TOGETHER: i64 = 15 * MINUTE;
/// When the day's digest goes out, UTC.
const DIGEST_AT: i64 = 7 * HOUR;

/// A team's part of an alert.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = share)]
pub struct Share {
    /// The key.
    pub id: i64,
    /// The alert.
    pub alert_id: i64,
    /// The team; 0 is the operator.
    pub team_id: i64,
    /// The revision it is to be told.
    pub wanted: i64,
    /// The revision it was told.
    pub told: i64,
    /// When it is to be told.
    pub notify_at: i64,
    /// Who said that they know.
    pub acknowledged_by: Option<String>,
    /// When they said so.
    pub acknowledged_at: Option<i64>,
    /// When silence is told to the owner of last resort.
    pub escalate_at: Option<i64>,
}

/// Gives a team a share; where it has one and `news` is the kind of an event, it is told
/// of that in a while.
///
/// # Errors
/// [`StoreError`] from the database.
pub(super) fn add(db: &mut Db, of: &Alert, team: i64, news: Option<&str>, now: i64) -> Result<(), StoreError> {
    let at = when(of, now);
    let values = (
        (share::alert_id.eq(of.id), share::team_id.eq(team), share::wanted.eq(of.revision), share::told.eq(0)),
        (share::notify_at.eq(at), share::escalate_at.eq(patience(of).map(|wait| at + wait))),
    );
    let made = each_backend!(db, c => diesel::insert_into(share::table).values(values).on_conflict_do_nothing().execute(c)?);
    let Some(news) = news.filter(|_| made == 0) else { return Ok(()) };
    let mine = || share::table.filter(share::alert_id.eq(of.id)).filter(share::team_id.eq(team));
    let quiet = mine().filter(share::told.ge(share::wanted));
    // A revision of its own, so that the same project is never told twice and each once.
    let told = diesel::update(quiet)
        .set((share::wanted.eq(of.revision + 1), share::notify_at.eq(at.max(now + TOGETHER))))
        .execute(db)?;
    if told == 1 {
        diesel::update(alert::table.find(of.id))
            .set((alert::revision.eq(of.revision + 1), alert::changed_at.eq(now)))
            .execute(db)?;
        let joined = super::get(db, of.id)?;
        super::record(db, &joined, news, now)?;
    }
    Ok(())
}

/// Asks a team again that had settled it in a project, because that decision has ended.
///
/// # Errors
/// [`StoreError`] from the database.
pub(super) fn again(db: &mut Db, of: &Alert, team: i64, now: i64) -> Result<(), StoreError> {
    add(db, of, team, Some("alert-unsettled"), now)?;
    let late = patience(of).map(|wait| when(of, now) + TOGETHER + wait);
    diesel::update(share::table.filter(share::alert_id.eq(of.id)).filter(share::team_id.eq(team)))
        .set((share::acknowledged_by.eq(None::<String>), share::acknowledged_at.eq(None::<i64>), share::escalate_at.eq(late)))
        .execute(db)?;
    let known = alert::table.filter(alert::id.eq(of.id)).filter(alert::state.eq("acknowledged"));
    diesel::update(known).set(alert::state.eq("open")).execute(db)?;
    Ok(())
}

/// Leaves a team alone: it is told nothing more, and its silence is nobody's business.
///
/// # Errors
/// [`StoreError`] from the database.
pub(super) fn quiet(db: &mut Db, alert_id: i64, team: i64) -> Result<(), StoreError> {
    diesel::update(share::table.filter(share::alert_id.eq(alert_id)).filter(share::team_id.eq(team)))
        .set((share::wanted.eq(share::told), share::escalate_at.eq(None::<i64>)))
        .execute(db)?;
    Ok(())
}

/// Tells every team of an alert that is not left alone what it says now.
///
/// # Errors
/// [`StoreError`] from the database.
pub(super) fn want(db: &mut Db, of: &Alert, now: i64) -> Result<(), StoreError> {
    let (at, quiet) = (when(of, now), quiet_teams(db, of.id)?);
    let mine = || share::table.filter(share::alert_id.eq(of.id)).filter(share::team_id.ne_all(&quiet));
    diesel::update(mine()).set((share::wanted.eq(of.revision), share::notify_at.eq(at))).execute(db)?;
    let unanswered = mine().filter(share::acknowledged_at.is_null());
    diesel::update(unanswered).set(share::escalate_at.eq(patience(of).map(|wait| at + wait))).execute(db)?;
    Ok(())
}

/// What was answered was answered about less: everybody is asked again.
///
/// # Errors
/// [`StoreError`] from the database.
pub(super) fn unanswered(db: &mut Db, alert_id: i64) -> Result<(), StoreError> {
    diesel::update(share::table.filter(share::alert_id.eq(alert_id)))
        .set((share::acknowledged_by.eq(None::<String>), share::acknowledged_at.eq(None::<i64>)))
        .execute(db)?;
    Ok(())
}

/// Nobody's silence is told any more.
///
/// # Errors
/// [`StoreError`] from the database.
pub(super) fn rest(db: &mut Db, alert_id: i64) -> Result<(), StoreError> {
    diesel::update(share::table.filter(share::alert_id.eq(alert_id))).set(share::escalate_at.eq(None::<i64>)).execute(db)?;
    Ok(())
}

/// Nothing more is told of it, neither news nor silence.
///
/// # Errors
/// [`StoreError`] from the database.
pub(super) fn forget(db: &mut Db, alert_id: i64) -> Result<(), StoreError> {
    diesel::update(share::table.filter(share::alert_id.eq(alert_id))).set(share::wanted.eq(share::told)).execute(db)?;
    rest(db, alert_id)
}

/// Tells everybody who was told that it is taken back; what nobody has read yet is
/// not sent at all.
///
/// # Errors
/// [`StoreError`] from the database.
pub(super) fn take_back(db: &mut Db, of: &Alert, now: i64) -> Result<(), StoreError> {
    let unread = drop_unsent(db, of.id)?;
    let mine = || share::table.filter(share::alert_id.eq(of.id));
    diesel::update(mine().filter(share::told.gt(0)).filter(share::team_id.ne_all(&unread)))
        .set((share::wanted.eq(of.revision), share::notify_at.eq(now)))
        .execute(db)?;
    diesel::update(mine().filter(share::team_id.eq_any(&unread))).set(share::told.eq(0)).execute(db)?;
    diesel::update(mine().filter(share::told.eq(0))).set(share::wanted.eq(0)).execute(db)?;
    rest(db, of.id)
}

/// Takes an alert out of the messages that nobody has tried to send. Answers the teams
/// of which no message is left, so that they never heard of it.
fn drop_unsent(db: &mut Db, alert_id: i64) -> Result<Vec<i64>, StoreError> {
    let unsent: Vec<(i64, i64)> = delivery_alert::table
        .inner_join(delivery::table.on(delivery::id.eq(delivery_alert::delivery_id)))
        .filter(delivery_alert::alert_id.eq(alert_id))
        .filter(delivery::state.eq("ready"))
        .filter(delivery::attempts.eq(0))
        .select((delivery::id, delivery_alert::team_id))
        .load(db)?;
    let ids: Vec<i64> = unsent.iter().map(|(id, _)| *id).collect();
    let mine = || delivery_alert::table.filter(delivery_alert::alert_id.eq(alert_id));
    diesel::delete(mine().filter(delivery_alert::delivery_id.eq_any(&ids))).execute(db)?;
    let carries = diesel::dsl::exists(delivery_alert::table.filter(delivery_alert::delivery_id.eq(delivery::id)));
    let empty = delivery::table.filter(delivery::id.eq_any(&ids)).filter(diesel::dsl::not(carries));
    let empty: Vec<i64> = empty.select(delivery::id).load(db)?;
    diesel::update(delivery::table.filter(delivery::id.eq_any(&empty))).set(delivery::state.eq("dropped")).execute(db)?;
    let told: BTreeSet<i64> = mine().select(delivery_alert::team_id).load::<i64>(db)?.into_iter().collect();
    Ok(unsent.into_iter().map(|(_, team)| team).filter(|team| !told.contains(team)).collect())
}

/// Says for a team that it knows; the alert is acknowledged when every share is.
/// Answers whether something changed.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn acknowledge(db: &mut Db, alert_id: i64, teams: &[i64], who: &str, now: i64) -> Result<bool, StoreError> {
    let mine = share::table
        .filter(share::alert_id.eq(alert_id))
        .filter(share::team_id.eq_any(teams))
        .filter(share::acknowledged_at.is_null());
    let values = (share::acknowledged_by.eq(who), share::acknowledged_at.eq(now), share::escalate_at.eq(None::<i64>));
    let changed = diesel::update(mine).set(values).execute(db)? > 0;
    let quiet = quiet_teams(db, alert_id)?;
    let silent = share::table
        .filter(share::alert_id.eq(alert_id))
        .filter(share::acknowledged_at.is_null())
        .filter(share::team_id.ne_all(quiet));
    if changed && !diesel::select(diesel::dsl::exists(silent)).get_result::<bool>(db)? {
        let open = alert::table.filter(alert::id.eq(alert_id)).filter(alert::state.eq("open"));
        diesel::update(open).set((alert::state.eq("acknowledged"), alert::changed_at.eq(now))).execute(db)?;
    }
    Ok(changed)
}

/// The shares of an alert, by team.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn of_alert(db: &mut Db, alert_id: i64) -> Result<Vec<Share>, StoreError> {
    Ok(share::table.filter(share::alert_id.eq(alert_id)).order(share::team_id).select(Share::as_select()).load(db)?)
}

/// The shares whose team is to be told something by now.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn due(db: &mut Db, now: i64, limit: i64) -> Result<Vec<Share>, StoreError> {
    let work = share::table.filter(share::told.lt(share::wanted)).filter(share::notify_at.le(now));
    Ok(work.order(share::notify_at).limit(limit).select(Share::as_select()).load(db)?)
}

/// The shares about which nobody has said anything for too long.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn silent(db: &mut Db, now: i64, limit: i64) -> Result<Vec<Share>, StoreError> {
    let work = share::table.filter(share::escalate_at.le(now)).filter(share::told.gt(0));
    Ok(work.order(share::escalate_at).limit(limit).select(Share::as_select()).load(db)?)
}

/// Remembers that a share was handed to its targets. Answers false where somebody
/// else did so first.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn routed(db: &mut Db, of: &Share) -> Result<bool, StoreError> {
    let same = share::table.filter(share::id.eq(of.id)).filter(share::told.eq(of.told)).filter(share::wanted.eq(of.wanted));
    Ok(diesel::update(same).set(share::told.eq(of.wanted)).execute(db)? == 1)
}

/// Remembers that silence was told. Answers false where somebody else did so first.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn escalated(db: &mut Db, of: &Share) -> Result<bool, StoreError> {
    let same = share::table.filter(share::id.eq(of.id)).filter(share::escalate_at.is_not_null());
    Ok(diesel::update(same).set(share::escalate_at.eq(None::<i64>)).execute(db)? == 1)
}

/// The teams of an alert that are left alone: each of their projects is settled.
fn quiet_teams(db: &mut Db, alert_id: i64) -> Result<Vec<i64>, StoreError> {
    let rows: Vec<(i64, bool)> = alert_project::table
        .inner_join(project::table.on(project::id.eq(alert_project::project_id)))
        .filter(alert_project::alert_id.eq(alert_id))
        .select((project::team_id, alert_project::settled))
        .distinct()
        .load(db)?;
    let asked: BTreeSet<i64> = rows.iter().filter(|(_, settled)| !settled).map(|(team, _)| *team).collect();
    Ok(rows.into_iter().map(|(team, _)| team).filter(|team| !asked.contains(team)).collect())
}

/// When news of an alert goes out: at once, or with the day's digest.
fn when(of: &Alert, now: i64) -> i64 {
    if of.urgency == "digest" && of.is_open() {
        let today = now - now.rem_euclid(DAY) + DIGEST_AT;
        return if today > now { today } else { today + DAY };
    }
    now
}

/// How long a team may be silent.
fn patience(of: &Alert) -> Option<i64> {
    match of.urgency.as_str() {
        "urgent" => Some(30 * MINUTE),
        "ticket" => Some(DAY),
        _ => None,
    }
}
