//! What only PostgreSQL can show: that a crash of it loses nothing.

mod export;

use crate::crash::{Client, compare};
use anyhow::{Result, anyhow, ensure};
use bomwarden_tests::people::Town;
use bomwarden_tests::postgres::{Cluster, Durability, new_database, query};
use bomwarden_tests::programs;
use bomwarden_tests::server::Server;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How often PostgreSQL is killed.
const KILLS: u32 = 12;
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
    let mut clients: Vec<Client> = (0..3).map(|n| Client::new(n, SEED)).collect();
    let mut random = StdRng::seed_from_u64(SEED);
    for _ in 0..KILLS {
        let wait = Duration::from_millis(random.random_range(1..150));
        let (stop, sending) = (AtomicBool::new(false), AtomicUsize::new(0));
        let results: Vec<Result<()>> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                clients.iter_mut().map(|client| scope.spawn(|| client.upload(&town.uploader, &stop, &sending))).collect();
            std::thread::sleep(wait);
            let killed = cluster.kill();
            stop.store(true, Ordering::SeqCst);
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("a client died"))))
                .chain([killed])
                .collect()
        });
        results.into_iter().collect::<Result<()>>()?;
        cluster.restart()?;
        ready(&town)?;
    }
    clients.iter_mut().try_for_each(|client| client.finish(&town.uploader))?;
    let compared = compare(&town, &clients)?;
    println!("{KILLS} kills of PostgreSQL; {compared} accepted documents compared");
    Ok(())
}

/// Waits until the server has found its database again.
fn ready(town: &Town) -> Result<()> {
    let end = Instant::now() + Duration::from_secs(30);
    while town.stranger.get("/readyz")?.status != 200 {
        ensure!(Instant::now() < end, "the server does not find its database again");
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
