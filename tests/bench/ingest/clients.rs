//! Eight clients at once, each with a project of its own.

use crate::sbom::Sbom;
use crate::{USUAL, meta, upload};
use anyhow::{Result, anyhow};
use bomwarden_tests::people::Town;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use std::time::{Duration, Instant};

/// How many clients there are.
const CLIENTS: u64 = 8;
/// How long they upload.
const SPAN: Duration = Duration::from_secs(8);

/// Accepted uploads per second of SBOMs of which `changes` components change each time.
pub fn rate(town: &Town, size: u32, changes: u32) -> Result<f64> {
    let counted: Vec<Result<(u32, Duration)>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CLIENTS).map(|n| scope.spawn(move || client(town, size, n, changes))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("a client died")))).collect()
    });
    counted.into_iter().try_fold(0.0, |sum, one| {
        let (uploads, span) = one?;
        Ok(sum + f64::from(uploads) / span.as_secs_f64())
    })
}

/// How many uploads one client did, and in which time.
fn client(town: &Town, size: u32, n: u64, changes: u32) -> Result<(u32, Duration)> {
    let project = format!("client-{size}-{changes}-{n}");
    let mut sbom = Sbom::drawn(&project, USUAL, 0);
    let mut random = StdRng::seed_from_u64(n);
    upload(&town.uploader, &meta(&project, 0), sbom.bytes(0), 201)?;
    let (start, mut uploads) = (Instant::now(), 0);
    while start.elapsed() < SPAN {
        uploads += 1;
        sbom.change(changes, &mut random);
        upload(&town.uploader, &meta(&project, uploads), sbom.bytes(uploads), 201)?;
    }
    Ok((uploads, start.elapsed()))
}
