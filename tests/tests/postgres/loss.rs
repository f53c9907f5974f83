//! PostgreSQL goes away and comes back: what the server says meanwhile, and that it
//! needs nobody to recover.

use super::ready;
use crate::uploads::inventory;
use anyhow::Result;
use bomwarden_tests::documents::{run, sbom};
use bomwarden_tests::people::Town;
use bomwarden_tests::postgres::{Cluster, Durability, new_database};
use bomwarden_tests::server::Server;
use reqwest::Method;
use serde_json::json;

#[test]
fn without_postgresql_everything_says_so_and_recovers_by_itself() -> Result<()> {
    let mut cluster = Cluster::start(Durability::Durable)?;
    let town = Town::around(Server::on_database(&new_database(&cluster.url("postgres"))?)?)?;
    let document = || vec![("Cargo.lock", sbom(1, &["pkg:cargo/a@1.0.0"]))];
    town.uploader.upload(&run("1", 10), &document())?.must(201)?;
    cluster.kill()?;
    for _ in 0..3 {
        town.alice.get("/v1/projects")?.must_be_problem(503, "database")?;
        town.uploader.upload(&run("2", 20), &document())?.must_be_problem(503, "try again")?;
        let wish = json!({ "name": "late", "scope": "upload" });
        town.alice.post("/v1/tokens", &wish)?.must_be_problem(503, "database")?;
        let cookie = format!("bomwarden_session={}", town.alice.bearer());
        let page = town.stranger.send(town.stranger.request(Method::GET, "/projects").header("cookie", cookie))?;
        assert_eq!((page.status, page.kind.as_str()), (503, "text/html"), "{}", page.text());
        assert_eq!(town.stranger.get("/readyz")?.status, 503);
        assert_eq!(town.stranger.get("/healthz")?.status, 200, "the server itself lives");
    }
    cluster.restart()?;
    ready(&town)?;
    town.uploader.upload(&run("2", 20), &document())?.must(201)?;
    assert_eq!(inventory(&town, "shop")?, ["a@1.0.0"]);
    Ok(())
}
