//! An inventory from a fixed seed: real package names where there are some, several
//! versions of each, held by projects so that few are popular and many are rare.

use anyhow::Result;
use bom::ecosystem::Ecosystem;
use bom::inventory::Identity;
use bom::origin::Origin;
use bomwarden_server::services::Services;
use bomwarden_server::store::schema::{held, project, release, slot};
use bomwarden_server::store::{Db, StoreError, components, new_id, teams};
use diesel::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;

/// Unique components that a project adds.
const UNIQUE: i64 = 100;
/// Unique packages there are for each hundred components.
const PACKAGES: i64 = 45;

/// A package's ecosystem and name.
pub type Name = (&'static Ecosystem, String);

/// Names: those of DATA first, made-up ones behind them, so that there are enough.
pub fn names(data: Option<&Path>) -> Result<Vec<Name>> {
    let mut names = Vec::new();
    for (file, ecosystem) in [("npm-top.txt", "npm"), ("pypi.txt", "PyPI"), ("rubygems.txt", "RubyGems"), ("go.txt", "Go")] {
        let Some(ecosystem) = of_name(ecosystem) else { continue };
        let text = data.map(|data| std::fs::read_to_string(data.join("popular").join(file))).transpose()?;
        let given = text.iter().flat_map(|text| text.lines()).map(str::trim).filter(|name| !name.is_empty());
        names.extend(given.map(|name| (ecosystem, name.to_owned())));
    }
    let known: BTreeSet<_> = names.iter().map(|(ecosystem, name)| (ecosystem.code, name.clone())).collect();
    let kinds: Vec<&'static Ecosystem> = ["npm", "PyPI", "crates.io", "Maven"].into_iter().filter_map(of_name).collect();
    for number in 0..450_000_usize.saturating_sub(names.len()) {
        let ecosystem = kinds[number % kinds.len()];
        let name =
            if ecosystem.name == "Maven" { format!("org.made{}:up-{number}", number % 977) } else { format!("made-up-{number}") };
        if !known.contains(&(ecosystem.code, name.clone())) {
            names.push((ecosystem, name));
        }
    }
    // Real and made-up names in one order that depends on nothing but their number.
    let mut order = Random(7);
    for at in (1..names.len()).rev() {
        names.swap(at, order.below(at + 1));
    }
    Ok(names)
}

fn of_name(name: &str) -> Option<&'static Ecosystem> {
    Ecosystem::of_osv(name).map(|(ecosystem, _)| ecosystem)
}

/// What was made so far.
#[derive(Default)]
pub struct Made {
    /// Projects.
    pub projects: i64,
    /// Open presences.
    pub held: i64,
    /// Keys of the unique components.
    pub components: Vec<i64>,
}

impl Made {
    /// Adds projects until there are `size`.
    pub async fn grow(&mut self, services: &Services, names: &[Name], size: i64, each: i64) -> Result<()> {
        let wanted: Vec<Identity> = (self.projects * UNIQUE..size * UNIQUE).map(|number| identity(names, number)).collect();
        for chunk in wanted.chunks(20_000) {
            let chunk = chunk.to_vec();
            let resolve = move |db: &mut Db| components::resolve(db, &chunk.iter().collect::<Vec<_>>(), 1);
            self.components.extend(services.store.write(resolve).await?.new);
        }
        while self.projects < size {
            let last = size.min(self.projects + 100);
            let (first, known, unique) = (self.projects, self.components.clone(), each);
            self.held += services.store.write(move |db| projects(db, first..last, &known, unique)).await?;
            self.projects = last;
        }
        Ok(())
    }
}

fn identity(names: &[Name], number: i64) -> Identity {
    let at = usize::try_from((number / UNIQUE) * PACKAGES + number % PACKAGES).unwrap_or(0);
    let (ecosystem, name) = &names[at % names.len()];
    let nth = number % UNIQUE / PACKAGES;
    let version = format!("{}.{}.{}", 1 + (number / 7) % 9 + nth, number % 10, (number / 3) % 20);
    let version = if ecosystem.name == "Go" { format!("v{version}") } else { version };
    Identity { ecosystem: ecosystem.code, name: name.clone(), version, qualifiers: String::new(), origin: Origin::Authority }
}

fn projects(db: &mut Db, numbers: std::ops::Range<i64>, known: &[i64], each: i64) -> Result<i64, StoreError> {
    let team = match teams::insert(db, "everybody", 1)? {
        Some(team) => team.id,
        None => bomwarden_server::store::schema::team::table.select(bomwarden_server::store::schema::team::id).first(db)?,
    };
    let mut written = 0;
    for number in numbers {
        let slot_id = slot_of(db, team, number)?;
        let mut random = Random(u64::try_from(number).unwrap_or(0) + 1);
        let mut set = BTreeSet::new();
        // Half of all there are at most: the rarest of them would be waited for without end.
        let most = each.min(i64::try_from(known.len() / 2).unwrap_or(0));
        while i64::try_from(set.len()).unwrap_or(i64::MAX) < most {
            set.insert(known[random.popular(known.len())]);
        }
        let rows: Vec<_> = set
            .iter()
            .map(|id| (held::slot_id.eq(slot_id), held::component_id.eq(*id), held::since.eq(1_i64), held::flags.eq(0_i16)))
            .collect();
        written += i64::try_from(rows.len()).unwrap_or(0);
        for chunk in rows.chunks(4000) {
            match db {
                Db::Postgres(c) => diesel::insert_into(held::table).values(chunk).execute(c)?,
                Db::Sqlite(c) => diesel::insert_into(held::table).values(chunk).execute(c)?,
            };
        }
    }
    Ok(written)
}

fn slot_of(db: &mut Db, team: i64, number: i64) -> Result<i64, StoreError> {
    let name = format!("project-{number}");
    let project_id: i64 = {
        let row = (
            project::public_id.eq(new_id()),
            project::team_id.eq(team),
            project::name.eq(&name),
            project::description.eq(""),
            project::created_at.eq(1_i64),
        );
        match db {
            Db::Postgres(c) => diesel::insert_into(project::table).values(row).returning(project::id).get_result(c)?,
            Db::Sqlite(c) => diesel::insert_into(project::table).values(row).returning(project::id).get_result(c)?,
        }
    };
    let zero = 0_i64;
    let release_id: i64 = {
        let row = (
            (
                release::public_id.eq(new_id()),
                release::project_id.eq(project_id),
                release::name.eq("main"),
                release::active.eq(true),
                release::created_at.eq(1_i64),
                release::components.eq(zero),
            ),
            (
                release::malicious.eq(zero),
                release::critical.eq(zero),
                release::high.eq(zero),
                release::medium.eq(zero),
                release::low.eq(zero),
                release::unknown.eq(zero),
            ),
        );
        match db {
            Db::Postgres(c) => diesel::insert_into(release::table).values(row).returning(release::id).get_result(c)?,
            Db::Sqlite(c) => diesel::insert_into(release::table).values(row).returning(release::id).get_result(c)?,
        }
    };
    let row = (
        (slot::public_id.eq(new_id()), slot::release_id.eq(release_id), slot::name.eq("lock"), slot::components.eq(zero)),
        (slot::committed_at.eq(zero), slot::started_at.eq(zero), slot::named_at.eq(zero)),
        (
            slot::malicious.eq(zero),
            slot::critical.eq(zero),
            slot::high.eq(zero),
            slot::medium.eq(zero),
            slot::low.eq(zero),
            slot::unknown.eq(zero),
        ),
    );
    Ok(match db {
        Db::Postgres(c) => diesel::insert_into(slot::table).values(row).returning(slot::id).get_result(c)?,
        Db::Sqlite(c) => diesel::insert_into(slot::table).values(row).returning(slot::id).get_result(c)?,
    })
}

/// Numbers from a seed (xorshift).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x1234_5678_9ABC_DEF1);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed ^ (mixed >> 27)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// A number below `end`, the small ones far more often (Zipf with exponent 1).
    fn popular(&mut self, end: usize) -> usize {
        let part = f64::from(u32::try_from(self.next() >> 33).unwrap_or(0)) / f64::from(1_u32 << 31);
        let at = f64::from(u32::try_from(end).unwrap_or(u32::MAX)).powf(part) - 1.0;
        (at.max(0.0) as usize).min(end.saturating_sub(1))
    }
}
