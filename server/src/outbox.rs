//! The outbox: hands what is to be told to the targets of those who are to be told, and
//! sends it, at least once. What is to be done stands in the database; nothing is sent
//! from a request, and nothing inside a transaction.

mod compose;
mod route;
mod send;
#[cfg(test)]
mod tests;

pub use route::route;
pub use send::{carry, send};

use crate::services::Services;
use crate::stop::Stop;
use crate::store::StoreError;
use crate::store::deliveries;
use std::time::Duration;

/// The job that hands shares to targets.
pub const ROUTE: &str = "outbox";
/// The job that sends, a task for each target.
pub const SEND: &str = "target";

/// The task that sends to a target.
pub fn task(target: &str) -> String {
    format!("{SEND}:{target}")
}

/// Wakes the outbox where there is something to tell: to be called after a commit that
/// may have raised an alert.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn hint(services: &Services) -> Result<(), StoreError> {
    let now = services.clock.millis();
    if !services.config.targets.is_empty() && services.store.read(move |db| deliveries::is_work(db, now)).await? {
        services.wake.ask(ROUTE);
    }
    Ok(())
}

/// Hands over and sends until nothing is due, whoever of the jobs has a part in it.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn drain(services: &Services, stop: &Stop) -> Result<(), StoreError> {
    const TRIES: usize = 400;
    for _ in 0..TRIES {
        let mut soonest = route(services, stop).await?;
        for target in &services.config.targets {
            let next = send(services, &target.name, stop).await?;
            soonest = soonest.into_iter().chain(next).min();
        }
        if soonest.is_none_or(|at| at > services.clock.millis()) {
            return Ok(());
        }
        // A job of the server has a lane at this moment.
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    Ok(())
}
