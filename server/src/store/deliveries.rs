//! Targets, and messages to them: what is to be sent, what became of it. Found by
//! state; of all servers one sends to a target, under the lease of its lane, so a
//! message that stands as being sent when the lane is taken was left by one that died.

pub mod claims;
pub mod outcomes;

use super::db::each_backend;
use super::schema::{delivery, delivery_alert, share, target};
use super::{Db, StoreError, new_id};
use diesel::prelude::*;

/// A target.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = target)]
pub struct Target {
    /// The key.
    pub id: i64,
    /// Its name in the settings.
    pub name: String,
    /// Its channel.
    pub channel: String,
    /// The earliest time of its next message.
    pub not_before: i64,
}

/// Why a message is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// There is something to tell.
    News,
    /// Somebody did not answer.
    Escalation,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::News => "news",
            Self::Escalation => "escalation",
        }
    }
}

/// What a message is to tell: a share, to a target.
#[derive(Clone, Copy, Debug)]
pub struct Telling {
    /// The target.
    pub target_id: i64,
    /// The alert.
    pub alert_id: i64,
    /// Its revision.
    pub revision: i64,
    /// Whose share.
    pub team_id: i64,
    /// Why.
    pub purpose: Purpose,
}

/// The target of this name, made where it is new.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn know(db: &mut Db, name: &str, channel: &str) -> Result<Target, StoreError> {
    let find = |db: &mut Db| target::table.filter(target::name.eq(name)).select(Target::as_select()).first(db).optional();
    if let Some(known) = find(db)? {
        if known.channel != channel {
            diesel::update(target::table.find(known.id)).set(target::channel.eq(channel)).execute(db)?;
        }
        return Ok(Target { channel: channel.to_owned(), ..known });
    }
    let values = (target::name.eq(name), target::channel.eq(channel), target::not_before.eq(0));
    each_backend!(db, c => diesel::insert_into(target::table).values(values).on_conflict_do_nothing().execute(c)?);
    find(db)?.ok_or(StoreError::Overtaken)
}

/// Whether a share waits to be told by now. Cheap: for whoever may have made one.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn is_work(db: &mut Db, now: i64) -> Result<bool, StoreError> {
    let work = share::table.filter(share::told.lt(share::wanted)).filter(share::notify_at.le(now));
    Ok(diesel::select(diesel::dsl::exists(work)).get_result(db)?)
}

/// When the next share is to be told, or its silence to be.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn next_share(db: &mut Db) -> Result<Option<i64>, StoreError> {
    let told = share::table.filter(share::told.lt(share::wanted)).select(diesel::dsl::min(share::notify_at));
    let silent = share::table
        .filter(share::escalate_at.is_not_null())
        .filter(share::told.gt(0))
        .select(diesel::dsl::min(share::escalate_at));
    let (told, silent): (Option<i64>, Option<i64>) = (told.first(db)?, silent.first(db)?);
    Ok(told.into_iter().chain(silent).min())
}

/// Makes a message ready.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn ready(db: &mut Db, telling: &Telling, now: i64) -> Result<(), StoreError> {
    let public_id = new_id();
    let values = (
        (delivery::public_id.eq(&public_id), delivery::target_id.eq(telling.target_id), delivery::state.eq("ready")),
        (delivery::purpose.eq(telling.purpose.word()), delivery::attempts.eq(0)),
        (delivery::due_at.eq(now), delivery::created_at.eq(now)),
    );
    diesel::insert_into(delivery::table).values(values).execute(db)?;
    let id: i64 = delivery::table.filter(delivery::public_id.eq(&public_id)).select(delivery::id).first(db)?;
    let values = (
        (delivery_alert::delivery_id.eq(id), delivery_alert::alert_id.eq(telling.alert_id)),
        (delivery_alert::revision.eq(telling.revision), delivery_alert::team_id.eq(telling.team_id)),
    );
    diesel::insert_into(delivery_alert::table).values(values).execute(db)?;
    Ok(())
}

/// The targets that were told of a team's share of an alert, or may have been.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn told(db: &mut Db, alert_id: i64, team_id: i64) -> Result<Vec<i64>, StoreError> {
    Ok(delivery_alert::table
        .inner_join(delivery::table.on(delivery::id.eq(delivery_alert::delivery_id)))
        .filter(delivery_alert::alert_id.eq(alert_id))
        .filter(delivery_alert::team_id.eq(team_id))
        .filter(delivery::attempts.gt(0))
        .filter(delivery::state.ne("dropped"))
        .select(delivery::target_id)
        .distinct()
        .order(delivery::target_id)
        .load(db)?)
}
