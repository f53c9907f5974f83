//! A second reading of the OSV schema, to compare the first with: the evaluation's
//! pseudocode taken word for word over a record's JSON, slow and obvious, sharing
//! nothing with the product but the order of two versions. It is asked about every
//! record of a data folder (`BOMWARDEN_DATA`), and always about made-up ones.

use super::{Advisory, Answer, VersionsText};
use crate::ecosystem::{Ecosystem, Package};
use crate::version::{SEMVER, Scheme, VersionError};
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read as _;
use std::path::Path;

/// Pairs asked of one package in a round at most, so that no package outweighs the
/// others; fewer where the lists of versions are long.
const PER_PACKAGE: usize = 24;
/// Comparisons with listed versions that one package is worth.
const COMPARISONS: usize = 4_000;

/// Rounds at most; small ecosystems need many.
const ROUNDS: usize = 400;

type Told = Result<bool, VersionError>;

/// `IsVulnerable` of the schema for one record.
fn is_vulnerable(scheme: &dyn Scheme, package: &Package, v: &str, osv: &Value) -> Told {
    let mut unclear = None;
    for affected in list(&osv["affected"]) {
        if !is_package(package, &affected["package"]) {
            continue;
        }
        for told in [included_in_versions(scheme, v, affected), included_in_ranges(scheme, v, affected)] {
            match told {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(error) => unclear = Some(error),
            }
        }
    }
    unclear.map_or(Ok(false), Err)
}

fn is_package(package: &Package, json: &Value) -> bool {
    let (Some(ecosystem), Some(name)) = (json["ecosystem"].as_str(), json["name"].as_str()) else { return false };
    let base = ecosystem.split(':').next().unwrap_or_default();
    base == package.ecosystem.name && Package::named(package.ecosystem, name) == *package
}

fn included_in_versions(scheme: &dyn Scheme, v: &str, affected: &Value) -> Told {
    let mut unclear = None;
    for version in list(&affected["versions"]).filter_map(Value::as_str) {
        if v == version {
            return Ok(true);
        }
        match scheme.compare(v, version) {
            Ok(Ordering::Equal) => return Ok(true),
            Ok(_) => {}
            // An entry nobody can read is not this version; a version nobody can read may be any.
            Err(_) => unclear = scheme.compare(v, v).err().or(unclear),
        }
    }
    unclear.map_or(Ok(false), Err)
}

fn included_in_ranges(scheme: &dyn Scheme, v: &str, affected: &Value) -> Told {
    let mut unclear = None;
    for range in list(&affected["ranges"]) {
        let semver = range["type"] == "SEMVER";
        let compare = |a: &str, b: &str| match SEMVER.compare(a, b) {
            Ok(order) if semver => Ok(order),
            _ => scheme.compare(a, b),
        };
        if range["type"] == "GIT" {
            continue;
        }
        match included_in_range(&compare, v, range) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(error) => unclear = Some(error),
        }
    }
    unclear.map_or(Ok(false), Err)
}

fn included_in_range(compare: &dyn Fn(&str, &str) -> Result<Ordering, VersionError>, v: &str, range: &Value) -> Told {
    let before_limits = before_limits(compare, v, range)?;
    let mut vulnerable = false;
    for (kind, version) in sorted(compare, events(range))? {
        let from_the_start = kind == "introduced" && version == "0";
        let order = if from_the_start { Ordering::Greater } else { compare(v, version)? };
        match kind {
            "introduced" if order.is_ge() => vulnerable = true,
            "fixed" if order.is_ge() => vulnerable = false,
            "last_affected" if order.is_gt() => vulnerable = false,
            _ => {}
        }
    }
    Ok(vulnerable && before_limits)
}

fn before_limits(compare: &dyn Fn(&str, &str) -> Result<Ordering, VersionError>, v: &str, range: &Value) -> Told {
    let limits: Vec<&str> = events(range).into_iter().filter(|(kind, _)| *kind == "limit").map(|(_, at)| at).collect();
    for limit in &limits {
        if limit.contains('*') || compare(v, limit)? == Ordering::Less {
            return Ok(true);
        }
    }
    Ok(limits.is_empty())
}

fn events(range: &Value) -> Vec<(&str, &str)> {
    let objects = list(&range["events"]).filter_map(Value::as_object).flatten();
    objects.filter_map(|(kind, at)| Some((kind.as_str(), at.as_str()?))).collect()
}

/// A stable sort by insertion; `0` comes before every version, limits play no part.
fn sorted<'a>(
    compare: &dyn Fn(&str, &str) -> Result<Ordering, VersionError>,
    events: Vec<(&'a str, &'a str)>,
) -> Result<Vec<(&'a str, &'a str)>, VersionError> {
    let mut sorted: Vec<(&str, &str)> = Vec::new();
    for (kind, at) in events.into_iter().filter(|(kind, _)| *kind != "limit") {
        let mut place = 0;
        for (i, (other_kind, other)) in sorted.iter().enumerate() {
            let after = match ((kind, at) == ("introduced", "0"), (*other_kind, *other) == ("introduced", "0")) {
                (_, true) => true,
                (true, false) => false,
                (false, false) => compare(at, other)?.is_ge(),
            };
            if after {
                place = i + 1;
            }
        }
        sorted.insert(place, (kind, at));
    }
    Ok(sorted)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
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

    /// The versions to ask of a package: (version, whether it is on or next to a boundary).
    fn versions(&self, package: &Package, records: &[usize], dice: &mut Dice) -> Vec<(String, bool)> {
        let mut boundaries: BTreeSet<&str> = BTreeSet::new();
        let mut listed = 1;
        for affected in records.iter().flat_map(|i| list(&self.records[*i].0["affected"])) {
            if is_package(package, &affected["package"]) {
                let ranges = list(&affected["ranges"]).filter(|range| range["type"] != "GIT");
                boundaries.extend(ranges.flat_map(events).map(|(_, at)| at).filter(|at| *at != "0" && *at != "*"));
                boundaries.extend(list(&affected["versions"]).filter_map(Value::as_str));
                listed += list(&affected["versions"]).count();
            }
        }
        let mut asked = BTreeMap::new();
        for boundary in &boundaries {
            asked.extend(neighbours(boundary, dice).into_iter().map(|version| (version, true)));
        }
        let pool = self.pools.get(package.ecosystem.name).map(Vec::as_slice).unwrap_or_default();
        for _ in 0..(asked.len() / 3).clamp(3, 30) {
            let anywhere = if pool.is_empty() || dice.roll(2) == 0 {
                format!("{}.{}.{}", dice.roll(12), dice.roll(30), dice.roll(9))
            } else {
                pool[dice.roll(pool.len())].clone()
            };
            asked.entry(anywhere).or_insert(false);
        }
        let mut asked: Vec<_> = asked.into_iter().collect();
        while asked.len() > (COMPARISONS / listed).clamp(4, PER_PACKAGE) {
            let one = dice.roll(asked.len());
            asked.swap_remove(one);
        }
        asked
    }
}

/// A boundary, and versions just below and above it, in ways that schemes tell apart.
fn neighbours(boundary: &str, dice: &mut Dice) -> Vec<String> {
    let mut near = vec![boundary.to_owned()];
    near.extend(
        ["-rc.1", "-0", "rc1", ".post1", ".1", ".0", "+build.1", "-1", "-SNAPSHOT"].iter().map(|end| format!("{boundary}{end}")),
    );
    let numbers: Vec<(usize, &str)> = boundary
        .match_indices(|c: char| c.is_ascii_digit())
        .filter(|(i, _)| *i == 0 || !boundary.as_bytes()[i - 1].is_ascii_digit())
        .map(|(i, _)| (i, boundary[i..].split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default()))
        .collect();
    for (at, digits) in numbers {
        let Ok(number) = digits.parse::<u64>() else { continue };
        for step in [-1_i64, 1, 2 + i64::try_from(dice.roll(40)).unwrap_or(0)] {
            if let Some(next) = number.checked_add_signed(step) {
                near.push(format!("{}{next}{}", &boundary[..at], &boundary[at + digits.len()..]));
            }
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
#[derive(Default, Debug)]
struct Tally {
    /// Different ones.
    pairs: usize,
    boundary: usize,
    positive: usize,
    /// Pairs that only the trap of malicious records tells apart.
    trap: usize,
    /// Pairs that neither side can tell.
    unclear: usize,
}

/// Asks both sides about every package, in rounds until each ecosystem was asked
/// `least` different pairs; panics at the first disagreement.
fn compare(world: &World, least: usize) -> BTreeMap<&'static str, Tally> {
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
            for (version, boundary) in world.versions(&package, records, &mut dice) {
                if asked.insert((ecosystem.code, package.name.clone(), version.clone())) {
                    ask(world, &package, records, &version, boundary, tally);
                }
            }
        }
    }
    tallies
}

fn ask(world: &World, package: &Package, records: &[usize], version: &str, boundary: bool, tally: &mut Tally) {
    let (mut positive, mut unclear, mut trap) = (false, false, false);
    for (json, advisory) in records.iter().map(|i| &world.records[*i]) {
        let told = is_vulnerable(package.ecosystem.scheme, package, version, json);
        match (told, product(package, version, advisory)) {
            (Ok(true), Answer::Yes) => positive = true,
            (Ok(false), Answer::No) => {}
            (Err(_), Answer::CannotTell(_)) => unclear = true,
            // The one rule beyond the schema: a malicious record's list wins over "every version".
            (Ok(true), Answer::No | Answer::CannotTell(_)) if advisory.affected.iter().any(|a| a.incident) => trap = true,
            // A range of commits "cannot be answered without access to a copy of the repository".
            (Ok(false), Answer::CannotTell(reason)) if reason.contains("commits") => unclear = true,
            (told, said) => panic!("{} {}@{version}: the schema says {told:?}, the product {said:?}", advisory.id, package.name),
        }
    }
    tally.pairs += 1;
    tally.boundary += usize::from(boundary);
    tally.positive += usize::from(positive);
    tally.trap += usize::from(trap);
    tally.unclear += usize::from(unclear);
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
    assert!(tally.pairs >= 10_000 && tally.positive > 1000 && tally.unclear > 10, "{tally:?}");
}

fn event(dice: &mut Dice) -> Value {
    let kind = ["introduced", "introduced", "fixed", "fixed", "last_affected", "limit"][dice.roll(6)];
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
    let folder = Path::new(&folder).join("advisories/osv");
    let mut world = World::default();
    let mut seen = BTreeSet::new();
    let mut zips: Vec<_> = std::fs::read_dir(&folder).expect("the advisories").flatten().map(|entry| entry.path()).collect();
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
    let tallies = compare(&world, 1000);
    let mut all = Tally::default();
    for (ecosystem, tally) in &tallies {
        println!("{ecosystem}: {tally:?}");
        assert!(tally.pairs >= 1000, "{ecosystem} was asked {} pairs", tally.pairs);
        all.pairs += tally.pairs;
        all.boundary += tally.boundary;
        all.positive += tally.positive;
        all.trap += tally.trap;
        all.unclear += tally.unclear;
    }
    println!("all of {} records: {all:?}", world.records.len());
    assert!(all.pairs >= 100_000 && all.boundary * 2 >= all.pairs && all.positive * 5 >= all.pairs, "{all:?}");
}
