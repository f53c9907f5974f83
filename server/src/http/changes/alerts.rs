//! What people say about alerts.

use super::transact;
use crate::auth::sessions::Visit;
use crate::error::AppError;
use crate::services::Services;
use crate::store::alerts::shares;
use crate::store::audit::{self, action};
use crate::store::views::alerts as views;

/// Says for the person's teams that they know of an alert; again is no error.
///
/// # Errors
/// [`AppError::Missing`] for an alert that the person may not see.
pub async fn acknowledge(services: &Services, visit: &Visit, id: &str) -> Result<(), AppError> {
    let (viewer, id, now) = (visit.viewer.clone(), id.to_owned(), services.clock.millis());
    transact(services, move |db| {
        let found = views::one(db, &viewer, &id)?.ok_or_else(|| AppError::missing("alert", &id))?;
        let teams: Vec<i64> = views::shares(db, &viewer, found.alert.id)?.into_iter().map(|share| share.team_id).collect();
        if shares::acknowledge(db, found.alert.id, &teams, &viewer.who, now)? {
            let subject = format!("alert:{}", found.alert.public_id);
            audit::insert(db, now, &viewer.who, action::ALERT_ACKNOWLEDGED, &subject, &found.alert.code)?;
        }
        Ok(())
    })
    .await
}
