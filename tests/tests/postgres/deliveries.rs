//! Messages on their way while PostgreSQL is killed, and while one of two servers is.

use super::ready;
use crate::deliveries::Trial;
use anyhow::Result;
use bomwarden_tests::people::Town;
use bomwarden_tests::postgres::{Cluster, Durability, new_database};
use bomwarden_tests::server::Server;

/// How often PostgreSQL is killed: each time it takes seconds until it is back, so these
/// are fewer than the server's; `KILLS=50` in the environment asks for more.
const KILLS: u32 = 20;

/// Makes every run of the test kill at the same moments.
const SEED: u64 = 20_261_126;

#[test]
fn every_alert_arrives_whenever_postgresql_is_killed() -> Result<()> {
    let mut cluster = Cluster::start(Durability::Durable)?;
    let mut trial = Trial::new(SEED)?;
    let database = new_database(&cluster.url("postgres"))?;
    let town = Town::around(Server::on_database_with(&database, &trial.settings())?)?;
    let kills = std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS).min(crate::deliveries::KILLS);
    for _ in 0..kills {
        trial.round(&town.uploader, || cluster.kill())?;
        cluster.restart()?;
        ready(&town)?;
    }
    trial.close(kills, "PostgreSQL")
}

#[test]
fn every_alert_arrives_when_one_of_two_servers_is_killed() -> Result<()> {
    let cluster = Cluster::start(Durability::Durable)?;
    let mut trial = Trial::new(SEED)?;
    let database = new_database(&cluster.url("postgres"))?;
    let mut town = Town::around(Server::on_database_with(&database, &trial.settings())?)?;
    let _other = Server::on_database_with(&database, &trial.settings())?;
    trial.raise(&town.uploader)?;
    trial.raise(&town.uploader)?;
    let api = town.uploader.clone();
    trial.round(&api, || town.server.kill())?;
    trial.close(1, "one of two servers")
}
