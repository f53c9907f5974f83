//! The name of one server, kept in its data folder. A server that starts again under its
//! name, which no living process has, takes back what it held when it died, instead of
//! waiting until its leases end.

use crate::services::Services;
use crate::store::{leases, new_id};
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

/// The proof that nobody else runs under the name, while it lives.
pub(super) struct Instance(#[expect(dead_code, reason = "the lock ends with the file")] Option<File>);

impl Instance {
    /// Gives the services the name of their data folder, and frees what died under it.
    ///
    /// # Errors
    /// From the database.
    pub(super) async fn enter(services: &mut Services) -> anyhow::Result<Self> {
        // A folder that several servers share, or that cannot be locked, gives no name.
        let Some((name, file)) = name(&services.config.data) else { return Ok(Self(None)) };
        services.store = services.store.clone().held_by(&name);
        let freed = services.store.write(move |db| leases::free(db, &name)).await?;
        tracing::debug!(freed, "leases of an earlier start are free");
        Ok(Self(Some(file)))
    }
}

fn name(data: &Path) -> Option<(String, File)> {
    let path = data.join("instance");
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).ok()?;
    file.try_lock().ok()?;
    let mut name = String::new();
    file.read_to_string(&mut name).ok()?;
    if name.trim().is_empty() {
        name = new_id();
        file.write_all(name.as_bytes()).ok()?;
    }
    Some((name.trim().to_owned(), file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::services::fresh;
    use crate::store::leases::Held;

    #[tokio::test]
    async fn a_server_takes_back_its_own_leases_and_nobody_elses() {
        let mut house = fresh::with(Config::default());
        let services = &mut house.services;
        let other = services.store.clone().held_by("other");
        let foreign = Held::take(&other, "foreign").await.expect("an answer").expect("a lane");
        let first = Instance::enter(services).await.expect("entered");
        let own = services.store.clone();
        let held = Held::take(&own, "own").await.expect("an answer").expect("a lane");
        let mut twin = services.clone();
        twin.store = twin.store.held_by("twin");
        let second = Instance::enter(&mut twin).await.expect("entered");
        assert!(Held::take(&twin.store, "own").await.expect("an answer").is_none(), "it lives");
        drop((held, first, second));
        let _again = Instance::enter(services).await.expect("entered");
        assert!(Held::take(&own, "own").await.expect("an answer").is_some(), "it died");
        assert!(Held::take(&own, "foreign").await.expect("an answer").is_none());
        drop(foreign);
    }
}
