//! Records: every zip of DATA, and made-up ones until there are enough.

use super::inventory::{Name, Random};
use anyhow::Result;
use bomwarden_server::services::Services;
use bomwarden_server::store::schema::advisory;
use bomwarden_server::{advisories, stop};
use diesel::prelude::*;
use std::path::Path;
use std::time::Instant;

/// What was loaded.
pub struct Loaded {
    /// Records.
    pub all: i64,
    /// Those of DATA.
    pub real: i64,
    /// How long it took.
    pub seconds: f64,
}

/// Loads records until there are `least`.
pub async fn load(services: &Services, data: Option<&Path>, names: &[Name], least: i64) -> Result<Loaded> {
    let began = Instant::now();
    if let Some(data) = data {
        let (_stopper, stop) = stop::stop();
        let tally = advisories::import(services, "data", "osv", &[data.join("advisories/osv")], &stop).await?;
        println!("DATA: {tally}");
    }
    let real: i64 = services.store.read(|db| Ok(advisory::table.count().get_result(db)?)).await?;
    let mut random = Random(42);
    let numbers: Vec<i64> = (real..least).collect();
    for chunk in numbers.chunks(1000) {
        let mut batch = Vec::with_capacity(chunk.len());
        for number in chunk {
            let (ecosystem, name) = &names[random.below(names.len())];
            batch.push(advisories::read(made_up(*number, ecosystem.name, name, &mut random).as_bytes())?);
        }
        advisories::store(services, "made-up", batch).await?;
    }
    Ok(Loaded { all: real.max(least), real, seconds: began.elapsed().as_secs_f64() })
}

/// A record: in one of ten every version is bad, else those up to a repair.
fn made_up(number: i64, ecosystem: &str, name: &str, random: &mut Random) -> String {
    let events = match random.below(10) {
        0 => serde_json::json!([{"introduced": "0"}]),
        1..=4 => serde_json::json!([{"introduced": "0"}, {"fixed": format!("{}.{}.0", random.below(3), random.below(10))}]),
        _ => {
            serde_json::json!([{"introduced": format!("{}.0.0", 10 + random.below(4))}, {"fixed": format!("{}.0.1", 14 + random.below(4))}])
        }
    };
    let kind = if matches!(ecosystem, "npm" | "crates.io" | "Go") { "SEMVER" } else { "ECOSYSTEM" };
    serde_json::json!({"id": format!("MADE-{number}"), "modified": "2026-01-01T00:00:00Z", "aliases": [format!("CVE-2099-{number}")],
        "affected": [{"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": kind, "events": events}]}]})
    .to_string()
}
