//! An organisation of a given size, written straight into a server's database: for
//! benchmarks of how the server does on top of it. Its releases hold what
//! organisations' do: some packages almost everywhere, most of them hardly anywhere.

use crate::sql::Sql;
use anyhow::Result;
use bom::ecosystem::Ecosystem;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Packages of the universe, each in two versions.
pub const PACKAGES: u32 = 100_000;
/// Sorts of release; releases of a sort hold the same.
const SORTS: u32 = 200;
/// Versions of each package.
pub const VERSIONS: [&str; 2] = ["1.0.0", "1.1.0"];

/// The name of a package of the universe.
pub fn package(n: u32) -> String {
    format!("package-{n:06}")
}

/// Package number `n` of a Zipf-like choice: low numbers come often.
pub fn chosen(random: &mut StdRng) -> u32 {
    let exponent: f64 = random.random();
    (f64::from(PACKAGES).powf(exponent) as u32).min(PACKAGES - 1)
}

/// Brings the organisation of `team` to `releases` releases with `components`
/// components each. The server must not write meanwhile.
///
/// # Errors
/// With the database's words.
pub fn grow(sql: &mut Sql, team: &str, releases: u32, components: u32) -> Result<()> {
    let held = "SELECT count(*) AS n FROM component c JOIN package p ON p.id = c.package_id WHERE p.name = 'package-000000'";
    if sql.number(held)? == 0 {
        universe(sql, team)?;
        sorts(sql, components)?;
    }
    let has = sql.number("SELECT count(*) AS n FROM project WHERE public_id LIKE 'base-%'")?;
    sql.run(&releases_from(team, u32::try_from(has)?, releases, components))?;
    sql.run("ANALYZE")
}

fn numbers(from: u32, to: u32) -> String {
    format!("WITH RECURSIVE c(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM c WHERE n + 1 < {to}) ")
}

fn universe(sql: &mut Sql, team: &str) -> Result<()> {
    let ecosystem = Ecosystem::of_osv("npm").map_or(0, |(npm, _)| npm.code);
    let padded = match sql {
        Sql::Sqlite(_) => "printf('package-%06d', n)",
        Sql::Postgres(_) => "'package-' || lpad(n::text, 6, '0')",
    };
    sql.run(&format!(
        "BEGIN;
         INSERT INTO package (ecosystem, name) {numbers} SELECT {ecosystem}, {padded} FROM c WHERE TRUE ON CONFLICT DO NOTHING;
         INSERT INTO component (package_id, version, qualifiers, origin_id)
           SELECT id, '{}', '', 0 FROM package WHERE name LIKE 'package-%' ORDER BY id;
         INSERT INTO component (package_id, version, qualifiers, origin_id)
           SELECT id, '{}', '', 0 FROM package WHERE name LIKE 'package-%' ORDER BY id;
         INSERT INTO team_package (team_id, package_id)
           SELECT (SELECT id FROM team WHERE name = '{team}'), id FROM package WHERE name LIKE 'package-%';
         COMMIT;",
        VERSIONS[0],
        VERSIONS[1],
        numbers = numbers(0, PACKAGES),
    ))
}

fn sorts(sql: &mut Sql, components: u32) -> Result<()> {
    let mut random = StdRng::seed_from_u64(7);
    sql.run("CREATE TABLE bench_sort (sort BIGINT, name TEXT, PRIMARY KEY (sort, name));")?;
    for sort in 0..SORTS {
        let mut held = BTreeSet::new();
        while u32::try_from(held.len())? < components {
            held.insert(chosen(&mut random));
        }
        let mut rows = String::new();
        for n in held {
            let _written = write!(rows, "{}({sort}, '{}')", if rows.is_empty() { "" } else { "," }, package(n));
        }
        sql.run(&format!("INSERT INTO bench_sort VALUES {rows}"))?;
    }
    sql.run(&format!(
        "CREATE TABLE bench_held (sort BIGINT, component_id BIGINT, PRIMARY KEY (sort, component_id));
         INSERT INTO bench_held SELECT s.sort, c.id FROM bench_sort s JOIN package p ON p.name = s.name
           JOIN component c ON c.package_id = p.id AND c.version = '{}';",
        VERSIONS[0]
    ))
}

fn releases_from(team: &str, from: u32, to: u32, components: u32) -> String {
    if from >= to {
        return String::new();
    }
    let zeros = "0, 0, 0, 0, 0, 0";
    let severities = "malicious, critical, high, medium, low, unknown";
    let new = format!("public_id LIKE 'base-%' AND created_at >= {from}");
    let numbers = numbers(from, to);
    format!(
        "DROP INDEX held_by_component;
         BEGIN;
         INSERT INTO project (public_id, team_id, name, description, created_at) {numbers}
           SELECT 'base-' || n, (SELECT id FROM team WHERE name = '{team}'), 'base ' || n, '', n FROM c;
         INSERT INTO release (public_id, project_id, name, active, created_at, uploaded_at, components, {severities})
           SELECT public_id, id, 'main', TRUE, created_at, 0, {components}, {zeros} FROM project WHERE {new};
         UPDATE project SET default_release_id = (SELECT id FROM release WHERE project_id = project.id) WHERE {new};
         INSERT INTO slot (public_id, release_id, name, committed_at, started_at, named_at, components, {severities})
           SELECT public_id, id, 'package-lock.json', 0, 0, created_at, {components}, {zeros} FROM release WHERE {new};
         INSERT INTO run (public_id, release_id, key, provider, external_id, attempt, created_at)
           SELECT public_id, id, 'base', 'test', 'base', 1, created_at FROM release WHERE {new};
         INSERT INTO upload (public_id, slot_id, run_id, state, committed_at, started_at, received_at, components, added, removed)
           SELECT s.public_id, s.id, r.id, 1, 0, 0, 0, {components}, {components}, 0
           FROM run r JOIN slot s ON s.release_id = r.release_id WHERE r.public_id LIKE 'base-%' AND r.created_at >= {from};
         UPDATE slot SET upload_id = (SELECT id FROM upload u WHERE u.slot_id = slot.id)
           WHERE public_id LIKE 'base-%' AND named_at >= {from};
         INSERT INTO held (slot_id, component_id, since, flags)
           SELECT s.id, h.component_id, s.upload_id, 1 FROM slot s JOIN bench_held h ON h.sort = s.id % {SORTS}
           WHERE s.public_id LIKE 'base-%' AND s.named_at >= {from};
         COMMIT;
         CREATE INDEX held_by_component ON held (component_id, since, flags);"
    )
}
