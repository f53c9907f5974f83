//! Waiting for what comes by itself.

use anyhow::{Result, ensure};
use std::time::{Duration, Instant};

/// Looks again and again until it is so.
///
/// # Errors
/// `what` is the matter, where `patience` passes before.
pub fn until(patience: Duration, what: &str, mut so: impl FnMut() -> Result<bool>) -> Result<()> {
    let end = Instant::now() + patience;
    while !so()? {
        ensure!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
