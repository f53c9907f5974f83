//! What only PostgreSQL can show: that a crash of it loses nothing.

use anyhow::Result;
use bomwarden_tests::postgres::{Cluster, Durability, new_database, query};
use bomwarden_tests::programs;

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
