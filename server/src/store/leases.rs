//! Leases: one holder of a lane at a time, whatever the number of servers (storage
//! rule D5). Times come from the database's clock, and every write that a lease
//! protects begins with [`Lease::guard`], so that a holder who slept past its end
//! writes nothing.

use super::db::each_backend;
use super::schema::lease;
use super::{Db, Store, StoreError};
use crate::stop::Stop;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::time::Duration;

/// How long a lease holds without a word of its holder.
const LENGTH: Duration = Duration::from_secs(60);
/// How often a holder gives word.
const WORD: Duration = Duration::from_secs(15);
/// How often one who waits asks again.
const ASK: Duration = Duration::from_millis(250);

/// A lease of a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    name: String,
    fence: i64,
}

/// A lease that is kept until this is dropped.
pub struct Held {
    lease: Lease,
    store: Store,
    keeper: tokio::task::JoinHandle<()>,
}

impl Lease {
    /// Takes the lane if nobody holds it.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub fn take(db: &mut Db, name: &str, holder: &str) -> Result<Option<Self>, StoreError> {
        let now = now(db)?;
        let until = now.saturating_add(millis(LENGTH));
        let first = (lease::name.eq(name), lease::holder.eq(holder), lease::fence.eq(1), lease::until_at.eq(until));
        let made = each_backend!(db, c => diesel::insert_into(lease::table).values(first).on_conflict_do_nothing().execute(c)?);
        if made == 1 {
            return Ok(Some(Self { name: name.to_owned(), fence: 1 }));
        }
        let free = lease::table.filter(lease::name.eq(name)).filter(lease::until_at.le(now));
        let fence = diesel::update(free)
            .set((lease::holder.eq(holder), lease::fence.eq(lease::fence + 1), lease::until_at.eq(until)))
            .returning(lease::fence)
            .get_result(db)
            .optional()?;
        Ok(fence.map(|fence| Self { name: name.to_owned(), fence }))
    }

    /// Makes sure, inside a write transaction, that the lane is still held, and holds
    /// it until the commit.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] where somebody else holds it now.
    pub fn guard(&self, db: &mut Db) -> Result<(), StoreError> {
        self.extend(db, LENGTH)
    }

    /// A write that nobody but the holder may make.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] where somebody else holds the lane now, else what `work` answers.
    pub async fn write<T: Send + 'static>(
        &self,
        store: &Store,
        work: impl Fn(&mut Db) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let lease = self.clone();
        let guarded = move |db: &mut Db| {
            lease.guard(db)?;
            work(db)
        };
        store.write(guarded).await
    }

    fn extend(&self, db: &mut Db, length: Duration) -> Result<(), StoreError> {
        let until = now(db)?.saturating_add(millis(length));
        let mine = lease::table.filter(lease::name.eq(&self.name)).filter(lease::fence.eq(self.fence));
        let kept = diesel::update(mine).set(lease::until_at.eq(until)).execute(db)?;
        if kept == 1 { Ok(()) } else { Err(StoreError::Overtaken) }
    }
}

impl Held {
    /// Takes the lane and keeps it, or answers `None` where somebody holds it.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn take(store: &Store, name: &str) -> Result<Option<Self>, StoreError> {
        let (lane, holder) = (name.to_owned(), store.holder().to_owned());
        let Some(lease) = store.write(move |db| Lease::take(db, &lane, &holder)).await? else { return Ok(None) };
        let keeper = tokio::spawn(keep(store.clone(), lease.clone()));
        Ok(Some(Self { lease, store: store.clone(), keeper }))
    }

    /// Waits for the lane.
    ///
    /// # Errors
    /// [`StoreError::Stopping`] where the stop came first, else from the database.
    pub async fn wait(store: &Store, name: &str, stop: &Stop) -> Result<Self, StoreError> {
        loop {
            if let Some(held) = Self::take(store, name).await? {
                return Ok(held);
            }
            tokio::select! {
                () = stop.asked() => return Err(StoreError::Stopping),
                () = tokio::time::sleep(ASK) => {}
            }
        }
    }

    /// The lease, for guarded writes.
    pub fn lease(&self) -> &Lease {
        &self.lease
    }

    /// Gives the lane back before its time.
    ///
    /// # Errors
    /// [`StoreError`] from the database; the lease ends by itself then.
    pub async fn give_back(self) -> Result<(), StoreError> {
        self.keeper.abort();
        let answer = end(&self.store, &self.lease).await;
        if answer.is_err() {
            // The database is away: whoever comes after it need not wait for the lease's end.
            let (store, lease) = (self.store.clone(), self.lease.clone());
            tokio::spawn(async move {
                for _ in 0..LENGTH.as_millis() / ASK.as_millis() {
                    tokio::time::sleep(ASK).await;
                    if end(&store, &lease).await.is_ok() {
                        break;
                    }
                }
            });
        }
        answer
    }
}

async fn end(store: &Store, lease: &Lease) -> Result<(), StoreError> {
    let lease = lease.clone();
    match store.write(move |db| lease.extend(db, Duration::ZERO)).await {
        Err(StoreError::Overtaken) => Ok(()),
        answer => answer,
    }
}

/// Whether somebody holds a lane whose name begins so.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn is_held(db: &mut Db, start: &str) -> Result<bool, StoreError> {
    let now = now(db)?;
    let held: Vec<String> = lease::table.filter(lease::until_at.gt(now)).select(lease::name).load(db)?;
    Ok(held.iter().any(|name| name.starts_with(start)))
}

/// Frees every lane of a holder: to be called by a server that starts again under its
/// own name, when no other process can run under it.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn free(db: &mut Db, holder: &str) -> Result<usize, StoreError> {
    Ok(diesel::update(lease::table.filter(lease::holder.eq(holder))).set(lease::until_at.eq(0)).execute(db)?)
}

impl Drop for Held {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

async fn keep(store: Store, lease: Lease) {
    loop {
        tokio::time::sleep(WORD).await;
        let mine = lease.clone();
        match store.write(move |db| mine.guard(db)).await {
            Ok(()) => {}
            Err(StoreError::Overtaken) => {
                tracing::warn!(lane = lease.name, "somebody else holds the lane now");
                return;
            }
            Err(error) => tracing::warn!(lane = lease.name, %error, "the lease could not be kept this time"),
        }
    }
}

/// The time of the database in milliseconds: the one clock that all servers share.
pub(super) fn now(db: &mut Db) -> Result<i64, StoreError> {
    let words = match db {
        Db::Postgres(_) => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
        Db::Sqlite(_) => "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
    };
    Ok(each_backend!(db, c => diesel::select(diesel::dsl::sql::<BigInt>(words)).get_result(c)?))
}

fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
