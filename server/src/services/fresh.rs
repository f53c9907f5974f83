//! For tests: services over a database that nobody has used, and a clock that stands.

use super::Services;
use crate::clock::SteppedClock;
use crate::config::Config;
use crate::store::fresh;
use std::sync::Arc;

/// Services of one test, and what they stand on.
pub(crate) struct Fresh {
    pub(crate) services: Services,
    pub(crate) clock: SteppedClock,
    pub(crate) folder: tempfile::TempDir,
}

/// Services with these settings but for their data and their database.
pub(crate) fn with(config: Config) -> Fresh {
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config { data: folder.path().to_owned(), database: fresh::address(folder.path()), ..config };
    let clock = SteppedClock::new("2026-11-23T12:00:00Z".parse().expect("a time"));
    let services = Services::open(config, Arc::new(clock.clone())).expect("services");
    Fresh { services, clock, folder }
}
