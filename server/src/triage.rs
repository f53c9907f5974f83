//! Ends accepted risks whose date has come: their findings are open again, counted, and
//! told.

use crate::services::Services;
use crate::store::StoreError;
use crate::store::triage::follow;
use crate::{counts, outbox};

/// Decisions of one write.
const BATCH: i64 = 100;

/// Ends what is due. Answers how many decisions there were, and when the next is due, in
/// milliseconds.
///
/// # Errors
/// [`StoreError`] from the database; what was done stays done.
pub async fn run(services: &Services) -> Result<(usize, Option<i64>), StoreError> {
    let mut total = 0;
    loop {
        let now = services.clock.millis();
        match services.store.write(move |db| follow::expire(db, BATCH, now)).await? {
            0 => break,
            ended => total += ended,
        }
    }
    if total > 0 {
        counts::drain(services).await?;
        outbox::hint(services).await?;
    }
    Ok((total, services.store.read(follow::next_date).await?))
}
