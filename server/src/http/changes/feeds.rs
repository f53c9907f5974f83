//! What may be asked of feeds, and how they are judged.

use super::transact;
use crate::auth::sessions::Visit;
use crate::clock::from_millis;
use crate::error::AppError;
use crate::jobs::feeds::task_of;
use crate::jobs::recheck;
use crate::services::Services;
use crate::store::audit::{self, action};
use crate::store::feeds::Feed;

/// Times its rhythm that a feed may be without a good fetch.
const PATIENCE: i64 = 2;

/// Asks for a full re-check.
///
/// # Errors
/// [`AppError`] for everybody but administrators.
pub async fn ask_recheck(services: &Services, visit: &Visit) -> Result<(), AppError> {
    visit.must_be_admin()?;
    let (who, now) = (visit.viewer.who.clone(), services.clock.millis());
    transact(services, move |db| Ok(audit::insert(db, now, &who, action::RECHECK_ASKED, "recheck", "")?)).await?;
    services.wake.ask(recheck::NAME);
    Ok(())
}

/// Asks for a feed of the settings to be fetched now.
///
/// # Errors
/// [`AppError`] for everybody but administrators, and for a feed that the settings do not name.
pub async fn ask_fetch(services: &Services, visit: &Visit, feed: &str) -> Result<(), AppError> {
    visit.must_be_admin()?;
    if !services.config.feeds.iter().any(|set| set.name == feed) {
        return Err(AppError::missing("feed", feed));
    }
    let (who, now, name) = (visit.viewer.who.clone(), services.clock.millis(), feed.to_owned());
    transact(services, move |db| Ok(audit::insert(db, now, &who, action::FETCH_ASKED, &name, "")?)).await?;
    services.wake.ask(&task_of(feed));
    Ok(())
}

/// Whether a feed of the settings went too long without a good fetch. What was taken
/// in by hand has no rhythm and is never stale.
pub fn is_stale(services: &Services, feed: &Feed) -> bool {
    let Some(set) = services.config.feeds.iter().find(|set| set.name == feed.name) else { return false };
    let now = services.clock.millis();
    let Some(fetched) = feed.fetched_at else { return feed.failures > 0 };
    let due = set.every.after(from_millis(fetched)).map_or(i64::MAX, |at| at.timestamp_millis());
    now.saturating_sub(fetched) > due.saturating_sub(fetched).saturating_mul(PATIENCE)
}
