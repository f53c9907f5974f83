//! The time. Everything in the server asks an [`Arc<dyn Clock>`]; tests and
//! replays set it.

use chrono::{DateTime, Utc};
use std::sync::{Arc, Mutex, PoisonError};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> DateTime<Utc>;

    /// Now, in milliseconds since the epoch: how the store keeps times.
    fn millis(&self) -> i64 {
        self.now().timestamp_millis()
    }
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands until it is set.
#[derive(Clone)]
pub struct SteppedClock(Arc<Mutex<DateTime<Utc>>>);

impl SteppedClock {
    /// A clock that shows `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(start)))
    }

    /// Sets the time.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}

impl Clock for SteppedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A time of the store as RFC 3339 with `Z`, to the second.
pub fn rfc3339(millis: i64) -> String {
    from_millis(millis).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// A time of the store.
pub fn from_millis(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}
