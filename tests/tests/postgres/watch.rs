//! Two servers on one database ask a registry, and one of them is killed: no package is
//! asked twice in its interval.

use anyhow::{Result, ensure};
use bomwarden_server::simulated::registry::{Protocol, Release, SimulatedRegistry};
use bomwarden_tests::documents::{run, sbom};
use bomwarden_tests::people::Town;
use bomwarden_tests::postgres::{Cluster, Durability, new_database};
use bomwarden_tests::server::Server;
use bomwarden_tests::sql::Sql;
use bomwarden_tests::wait::until;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::runtime::Runtime;

/// How many packages are watched.
const PACKAGES: usize = 120;
/// How many looks may be lost with a server: what it takes at once.
const BATCH: usize = 20;
/// How long the other server may take: the dead one's lane is free after a minute.
const PATIENCE: Duration = Duration::from_secs(240);

#[test]
fn no_package_is_asked_twice_when_one_of_two_servers_is_killed() -> Result<()> {
    let cluster = Cluster::start(Durability::Durable)?;
    let runtime = Runtime::new()?;
    let registry = runtime.block_on(SimulatedRegistry::start(Protocol::Npm))?;
    let names: Vec<String> = (0..PACKAGES).map(|n| format!("part-{n:03}")).collect();
    registry.account(1, "alice");
    for name in &names {
        registry.owners(name, &[1]);
        registry.publish(name, Release::new("1.0.0", "2026-01-01T00:00:00Z".parse()?, 1, &[]));
    }
    let settings = format!("[outbound]\nallow = [\"{}\"]\n[watch]\nevery = \"1h\"", registry.address());
    let database = new_database(&cluster.url("postgres"))?;
    let mut town = Town::around(Server::on_database_with(&database, &settings)?)?;
    let purls: Vec<String> = names.iter().map(|name| format!("pkg:npm/{name}@1.0.0")).collect();
    let purls: Vec<&str> = purls.iter().map(String::as_str).collect();
    town.uploader.upload(&run("1", 0), &[("package-lock.json", sbom(1, &purls))])?.must(201)?;
    // Slow enough that the kill falls into the round.
    town.server.approve_npm(&registry.url(), 50)?;

    until(PATIENCE, "nothing was asked", || Ok(registry.asked().len() > BATCH))?;
    // The first has the lane, and takes it with it.
    let _other = Server::on_database_with(&database, &settings)?;
    let before = registry.asked().len();
    ensure!(before < PACKAGES, "the round was over before there were two servers");
    town.server.kill()?;
    town.server.start_again()?;
    until(PATIENCE, "what the dead server left is not asked", || Ok(registry.asked().len() + BATCH >= PACKAGES))?;
    let mut sql = Sql::open(&database)?;
    let busy =
        "SELECT count(*) AS n FROM lease WHERE name LIKE 'watch:%' AND until_at > extract(epoch FROM clock_timestamp()) * 1000";
    until(PATIENCE, "the round has no end", || Ok(sql.number(busy)? == 0))?;
    let mut asked: BTreeMap<String, u32> = BTreeMap::new();
    registry.asked().into_iter().for_each(|line| *asked.entry(line).or_default() += 1);
    let twice: Vec<_> = asked.iter().filter(|(_, times)| **times > 1).collect();
    println!("{before} packages asked before the kill, {} after it, {} lost to it", asked.len() - before, PACKAGES - asked.len());
    assert!(twice.is_empty(), "asked more than once: {twice:?}");
    assert!(asked.len() > before, "the others go on");
    Ok(())
}
