//! What only PostgreSQL can show: that a crash of it loses nothing.

mod deliveries;
mod export;
mod loss;
mod watch;

use crate::crash::{KILLS, Trial};
use anyhow::Result;
use bomwarden_tests::people::Town;
use bomwarden_tests::postgres::{Cluster, Durability, new_database, query};
use bomwarden_tests::programs;
use bomwarden_tests::server::Server;
use bomwarden_tests::wait::until;
use std::time::Duration;

/// Makes every run of the test kill at the same moments.
const SEED: u64 = 20_261_124;

#[test]
fn what_was_committed_outlives_a_killed_cluster() -> Result<()> {
    let mut cluster = Cluster::start(Durability::Durable)?;
    let url = new_database(&cluster.url("postgres"))?;
    let psql = programs::foreign("psql", "postgresql-client")?;
    query(&psql, &url, "create table kept (n int); insert into kept values (7)")?;
    cluster.kill()?;
    assert!(query(&psql, &url, "select n from kept").is_err());
    cluster.restart()?;
    assert_eq!(query(&psql, &url, "select n from kept")?, "7");
    Ok(())
}

#[test]
fn what_was_answered_outlives_kills_of_postgresql() -> Result<()> {
    let mut cluster = Cluster::start(Durability::Durable)?;
    let town = Town::around(Server::on_database(&new_database(&cluster.url("postgres"))?)?)?;
    let mut trial = Trial::new(SEED);
    for _ in 0..KILLS {
        trial.round(&town.uploader, || cluster.kill())?;
        cluster.restart()?;
        ready(&town)?;
    }
    trial.close(&town, "PostgreSQL")
}

/// Waits until the server has found its database again.
fn ready(town: &Town) -> Result<()> {
    let lost = "the server does not find its database again";
    until(Duration::from_secs(30), lost, || Ok(town.stranger.get("/readyz")?.status == 200))
}
