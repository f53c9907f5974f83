//! Asks the oracle and the product about pairs of a package and a version: on the
//! boundaries of ranges, next to them, and anywhere. The product answers twice, from
//! one record and, through a database file, from all of them.

use super::{events, is_package, is_vulnerable, list};
use crate::advisory::{Advisory, Answer, VersionsText};
use crate::ecosystem::{Ecosystem, Package};
use crate::matcher::Subject;
use crate::offline::{Builder, Database, judge};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read as _;
use std::path::Path;

/// Pairs asked of one package in a round at most, so that no package outweighs the
/// others; fewer where the lists of versions are long.
const PER_PACKAGE: usize = 24;
/// The same for a package that no range speaks of, which has no boundary to ask about.
const PER_LISTED: usize = 1;
/// Comparisons with listed versions that one package is worth.
const COMPARISONS: usize = 4_000;
/// Rounds at most; small ecosystems need many.
const ROUNDS: usize = 4000;

/// Everything known of one ecosystem, by package.
#[derive(Default)]
struct World {
    records: Vec<(Value, Advisory)>,
    by_package: BTreeMap<(&'static str, String), Vec<usize>>,
    pools: HashMap<&'static str, Vec<String>>,
}

impl World {
    fn add(&mut self, mut json: Value) {
        // Nothing asks for the prose, and there is much of it.
        json["details"].take();
        let advisory = Advisory::from_osv(json.to_string().as_bytes()).unwrap_or_else(|e| panic!("{}: {e}", json["id"])).value;
        for affected in &advisory.affected {
            let Some(ecosystem) = affected.ecosystem else { continue };
            let known = self.by_package.entry((ecosystem.name, affected.name.clone())).or_default();
            if known.last() != Some(&self.records.len()) {
                known.push(self.records.len());
            }
            self.pools.entry(ecosystem.name).or_default().extend(affected.versions.listed.iter().take(3).cloned());
        }
        self.records.push((json, advisory));
    }

    /// The versions to ask of a package: (version, whether it is on or next to a range's boundary).
    fn versions(&self, package: &Package, records: &[usize], round: usize, dice: &mut Dice) -> Vec<(String, bool)> {
        let (mut boundaries, mut listed): (BTreeSet<&str>, BTreeSet<&str>) = Default::default();
        for affected in records.iter().flat_map(|i| list(&self.records[*i].0["affected"])) {
            if is_package(package, &affected["package"]) {
                let ranges = list(&affected["ranges"]).filter(|range| range["type"] != "GIT");
                boundaries.extend(ranges.flat_map(events).map(|(_, at)| at).filter(|at| *at != "0" && *at != "*"));
                listed.extend(list(&affected["versions"]).filter_map(Value::as_str));
            }
        }
        let mut asked = BTreeMap::new();
        let comparisons = listed.len() + 1;
        let listed: Vec<&str> = listed.into_iter().collect();
        for _ in 0..listed.len().min(4) {
            let one = listed[dice.roll(listed.len())];
            asked.insert(one.to_owned(), false);
            asked.extend(neighbours(one).into_iter().take(1 + dice.roll(4)).map(|version| (version, false)));
        }
        let pool = self.pools.get(package.ecosystem.name).map(Vec::as_slice).unwrap_or_default();
        for _ in 0..(boundaries.len() * 2).clamp(2, 20) {
            let anywhere = if pool.is_empty() || dice.roll(2) == 0 {
                format!("{}.{}.{}", dice.roll(12), dice.roll(30), dice.roll(9))
            } else {
                pool[dice.roll(pool.len())].clone()
            };
            asked.insert(anywhere, false);
        }
        for near in boundaries.iter().flat_map(|boundary| neighbours(boundary)) {
            // In later rounds the neighbours are known, and theirs are asked.
            if round > 0 && dice.roll(4) == 0 {
                asked.extend(neighbours(&near).into_iter().map(|version| (version, true)));
            }
            asked.insert(near, true);
        }
        let most = if boundaries.is_empty() { PER_LISTED } else { PER_PACKAGE };
        let mut asked: Vec<_> = asked.into_iter().collect();
        while asked.len() > (COMPARISONS / comparisons).clamp(PER_LISTED, most) {
            let one = dice.roll(asked.len());
            asked.swap_remove(one);
        }
        asked
    }
}

/// A boundary, and versions just below and above it, in ways that schemes tell apart.
fn neighbours(boundary: &str) -> Vec<String> {
    let mut near = vec![boundary.to_owned()];
    let ends = ["-rc.1", "-0", "rc1", ".post1", ".1", ".0", "+build.1", "-1", "-SNAPSHOT"];
    near.extend(ends.iter().map(|end| format!("{boundary}{end}")));
    let numbers = boundary
        .match_indices(|c: char| c.is_ascii_digit())
        .filter(|(i, _)| *i == 0 || !boundary.as_bytes()[i - 1].is_ascii_digit())
        .map(|(i, _)| (i, boundary[i..].split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default()));
    for (at, digits) in numbers {
        let Ok(number) = digits.parse::<u64>() else { continue };
        for next in [number.checked_sub(1), number.checked_add(1)].into_iter().flatten() {
            near.push(format!("{}{next}{}", &boundary[..at], &boundary[at + digits.len()..]));
        }
    }
    near
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }
}

/// How many pairs were asked, and what came out.
#[derive(Clone, Copy, Default, Debug)]
struct Tally {
    /// Different ones.
    pairs: usize,
    /// On or next to a boundary of a range.
    boundary: usize,
    /// Affected by a record at least.
    positive: usize,
    /// Pairs that only the trap of malicious records tells apart.
    trap: usize,
    /// Pairs that neither side can tell of some record.
    unclear: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.pairs += other.pairs;
        self.boundary += other.boundary;
        self.positive += other.positive;
        self.trap += other.trap;
        self.unclear += other.unclear;
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = |part: usize| (part * 1000 / self.pairs.max(1)) as f64 / 10.0;
        let Self { pairs, boundary, positive, trap, unclear } = self;
        let (boundary, positive) = (share(*boundary), share(*positive));
        write!(out, "{pairs:>7} pairs, {boundary:>5.1} % on or next to a boundary, {positive:>5.1} % affected")?;
        write!(out, ", {unclear} cannot be told, {trap} by the list of a malicious record alone")
    }
}

/// What the product says of one record.
fn product(package: &Package, v: &str, advisory: &Advisory) -> Answer {
    let mut doubt = Answer::No;
    for affected in advisory.affected.iter().filter(|a| a.ecosystem == Some(package.ecosystem) && a.name == package.name) {
        match VersionsText(&affected.versions.to_text()).affects(package.ecosystem.scheme, v) {
            Answer::Yes => return Answer::Yes,
            Answer::No => {}
            unclear => doubt = unclear,
        }
    }
    doubt
}

/// Asks both sides about every package, in rounds until each ecosystem was asked
/// `least` different pairs; panics at the first disagreement.
fn compare(world: &World, least: usize) -> BTreeMap<&'static str, Tally> {
    let mut builder = Builder::new(i64::MAX);
    for (_, advisory) in &world.records {
        builder.add(advisory);
    }
    let database = Database::open(builder.finish()).expect("a database");
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut asked = BTreeSet::new();
    let mut dice = Dice(20_261_123);
    for round in 0..ROUNDS {
        for ((name, package), records) in &world.by_package {
            let ecosystem = Ecosystem::of_osv(name).expect("from the table").0;
            let tally = tallies.entry(ecosystem.name).or_default();
            if round > 0 && tally.pairs >= least {
                continue;
            }
            let package = Package { ecosystem, name: package.clone() };
            for (version, boundary) in world.versions(&package, records, round, &mut dice) {
                if asked.insert((ecosystem.code, package.name.clone(), version.clone())) {
                    let asked = ask(world, &database, &package, records, &version);
                    tally.add(Tally { boundary: usize::from(boundary), ..asked });
                }
            }
        }
    }
    tallies
}

fn ask(world: &World, database: &Database<Vec<u8>>, package: &Package, records: &[usize], version: &str) -> Tally {
    let (mut positive, mut unclear, mut trap) = (BTreeSet::new(), false, false);
    for (json, advisory) in records.iter().map(|i| &world.records[*i]) {
        let told = is_vulnerable(package, version, json);
        match (told, product(package, version, advisory)) {
            (Some(true), Answer::Yes) => {
                positive.extend(advisory.withdrawn.is_none().then_some(advisory.id.as_str()));
            }
            (Some(false), Answer::No) => {}
            (None, Answer::CannotTell(_)) => unclear = true,
            // The one rule beyond the schema: a malicious record's list wins over "every version".
            (Some(true), Answer::No | Answer::CannotTell(_)) if advisory.affected.iter().any(|a| a.incident) => trap = true,
            // A range of commits "cannot be answered without access to a copy of the repository".
            (Some(false), Answer::CannotTell(reason)) if reason.contains("commits") => unclear = true,
            (told, said) => panic!("{} {}@{version}: the schema says {told:?}, the product {said:?}", advisory.id, package.name),
        }
    }
    let subject = Subject { package: package.clone(), version: Some(Cow::Borrowed(version)), build: None };
    let mut buffer = Vec::new();
    let verdict = judge(&subject, &database.entries(&subject, &mut buffer).expect("a sound database"));
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for finding in &verdict.findings {
        found.insert(&finding.id);
        found.extend(finding.aliases.iter().map(String::as_str));
        assert!(positive.contains(finding.id.as_str()), "{}@{version}: {} is found", package.name, finding.id);
    }
    let missed: Vec<_> = positive.iter().filter(|id| !found.contains(*id)).collect();
    assert!(missed.is_empty(), "{}@{version}: {missed:?} are missed", package.name);
    Tally {
        pairs: 1,
        boundary: 0,
        positive: usize::from(!positive.is_empty()),
        trap: usize::from(trap),
        unclear: usize::from(unclear),
    }
}

#[test]
fn the_product_agrees_with_the_schema_on_made_up_records() {
    let mut dice = Dice(7);
    let mut world = World::default();
    for n in 0..400 {
        let mut ranges = Vec::new();
        for _ in 0..dice.roll(3) {
            let kind = ["SEMVER", "ECOSYSTEM", "GIT"][dice.roll(7) % 3];
            let events: Vec<Value> = (0..dice.roll(6)).map(|_| event(&mut dice)).collect();
            ranges.push(json!({"type": kind, "events": events}));
        }
        let versions: Vec<String> = (0..dice.roll(3)).map(|_| version(&mut dice)).collect();
        let package = json!({"ecosystem": "npm", "name": format!("p{}", n % 100)});
        world.add(json!({"id": format!("X-{n}"), "modified": "2024-01-01T00:00:00Z",
            "affected": [{"package": package, "ranges": ranges, "versions": versions}]}));
    }
    let tally = compare(&world, 10_000).remove("npm").expect("npm was asked");
    assert!(tally.pairs >= 10_000 && tally.positive > 1000 && tally.unclear > 10, "{tally}");
}

fn event(dice: &mut Dice) -> Value {
    let kind = ["introduced", "introduced", "fixed", "fixed", "last_affected", "limit", "limit"][dice.roll(7)];
    let at = match dice.roll(12) {
        0 => "0".to_owned(),
        1 if kind == "limit" => "*".to_owned(),
        2 => "no-version".to_owned(),
        _ => version(dice),
    };
    json!({kind: at})
}

fn version(dice: &mut Dice) -> String {
    let pre = ["", "", "", "-rc.1"][dice.roll(4)];
    format!("{}.{}.{}{pre}", dice.roll(3), dice.roll(3), dice.roll(3))
}

#[test]
fn the_product_agrees_with_the_schema_on_every_record_of_the_data_folder() {
    let Some(folder) = std::env::var_os("BOMWARDEN_DATA") else {
        println!("skipped: BOMWARDEN_DATA names no data folder");
        return;
    };
    let world = world(&Path::new(&folder).join("advisories/osv"));
    let tallies = compare(&world, 1000);
    let mut all = Tally::default();
    for (ecosystem, tally) in &tallies {
        println!("{ecosystem:<12} {tally}");
        all.add(*tally);
    }
    println!("{:<12} {all}, of {} records; 0 disagreements", "all", world.records.len());
    let few: Vec<_> = tallies.iter().filter(|(_, tally)| tally.pairs < 1000).map(|(name, _)| name).collect();
    assert!(few.is_empty(), "{few:?} were asked less than 1,000 pairs");
    assert!(all.pairs >= 100_000 && all.boundary * 2 >= all.pairs && all.positive * 5 >= all.pairs, "{all}");
}

/// Every record of the folder's zips, once.
fn world(folder: &Path) -> World {
    let (mut world, mut seen) = (World::default(), BTreeSet::new());
    let mut zips: Vec<_> = std::fs::read_dir(folder).expect("the advisories").flatten().map(|entry| entry.path()).collect();
    zips.sort();
    for path in zips.iter().filter(|path| path.extension().is_some_and(|end| end == "zip")) {
        let mut zip = zip::ZipArchive::new(std::fs::File::open(path).expect("a zip")).expect("a zip");
        for i in 0..zip.len() {
            let mut text = String::new();
            zip.by_index(i).expect("an entry").read_to_string(&mut text).expect("text");
            let json: Value = serde_json::from_str(&text).expect("JSON");
            if seen.insert(json["id"].as_str().unwrap_or_default().to_owned()) {
                world.add(json);
            }
        }
    }
    world
}
