//! Keeps the counts of findings true: right away for the release that was just
//! uploaded, in small writes for all that hold a component whose matches changed.

use crate::services::Services;
use crate::store::{Db, StoreError, counts};

/// Releases of one write: below 50 ms of the database's time.
const RELEASES: usize = 100;
/// Rows that are taken at a time. The more at once the better: a release is counted once
/// for all its components among them; some megabytes hold these.
const ROWS: i64 = 200_000;

/// Counts one release again.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn release(services: &Services, release_id: i64) -> Result<(), StoreError> {
    let now = services.clock.millis();
    services.store.write(move |db| counts::recompute(db, release_id, now)).await
}

/// Counts every release that waits for it. Answers how many there were.
///
/// # Errors
/// [`StoreError`] from the database; what was done stays done.
pub async fn drain(services: &Services) -> Result<usize, StoreError> {
    let mut total = 0;
    loop {
        let (releases, rows) = services.store.read(|db| counts::waiting(db, ROWS)).await?;
        if rows.is_empty() {
            return Ok(total);
        }
        total += releases.len();
        let releases: Vec<i64> = releases.into_iter().collect();
        all(services, &releases, counts::recompute_findings).await?;
        services.store.write(move |db| counts::counted(db, &rows)).await?;
    }
}

/// Counts everything again, as a nightly check.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn verify(services: &Services) -> Result<usize, StoreError> {
    let releases = services.store.read(counts::releases).await?;
    all(services, &releases, counts::recompute).await?;
    Ok(releases.len())
}

/// One way of counting a release.
type Count = fn(&mut Db, i64, i64) -> Result<(), StoreError>;

/// Counts releases in small writes, two at a time: PostgreSQL answers one while the next
/// is asked, SQLite does one after the other anyway.
async fn all(services: &Services, releases: &[i64], count: Count) -> Result<(), StoreError> {
    for two in releases.chunks(2 * RELEASES) {
        let (first, second) = two.split_at(two.len().min(RELEASES));
        tokio::try_join!(some(services, first.to_vec(), count), some(services, second.to_vec(), count))?;
    }
    Ok(())
}

async fn some(services: &Services, releases: Vec<i64>, count: Count) -> Result<(), StoreError> {
    if releases.is_empty() {
        return Ok(());
    }
    let now = services.clock.millis();
    let count_all = move |db: &mut Db| releases.iter().try_for_each(|id| count(db, *id, now));
    services.store.write(count_all).await
}
