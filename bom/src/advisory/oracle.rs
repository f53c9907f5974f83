//! A second reading of the OSV schema, to compare the product with: the pseudocode of
//! its section "Evaluation" taken word for word over a record's JSON, slow and
//! obvious, sharing nothing with the product but the order of two versions. `pairs`
//! asks both about the records of a data folder (`BOMWARDEN_DATA`), and always about
//! made-up ones.
//!
//! Beyond the pseudocode there is one rule: what cannot be compared cannot be told
//! (`None`), unless the rest of a sentence decides without it.

mod pairs;

use crate::ecosystem::Package;
use crate::version::{SEMVER, Scheme};
use serde_json::Value;
use std::cmp::Ordering;

/// Yes, no, or it cannot be told.
type Told = Option<bool>;

/// `IsVulnerable`.
fn is_vulnerable(package: &Package, v: &str, osv: &Value) -> Told {
    let scheme = package.ecosystem.scheme;
    any(list(&osv["affected"]).filter(|affected| is_package(package, &affected["package"])).map(|affected| {
        any([included_in_versions(scheme, v, &affected["versions"]), included_in_ranges(scheme, v, &affected["ranges"])])
    }))
}

fn is_package(package: &Package, json: &Value) -> bool {
    let (Some(ecosystem), Some(name)) = (json["ecosystem"].as_str(), json["name"].as_str()) else { return false };
    let base = ecosystem.split(':').next().unwrap_or_default();
    base == package.ecosystem.name && Package::named(package.ecosystem, name) == *package
}

/// `IncludedInVersions`. Two spellings of one version are equal; a text that is no
/// version may be another spelling of any.
fn included_in_versions(scheme: &dyn Scheme, v: &str, versions: &Value) -> Told {
    any(list(versions).filter_map(Value::as_str).map(|version| {
        if v == version || scheme.compare(v, version) == Ok(Ordering::Equal) {
            return Some(true);
        }
        scheme.check(v).ok().map(|()| false)
    }))
}

/// `IncludedInRanges`. Ranges of commits "cannot be answered without access to a copy of the repository".
fn included_in_ranges(scheme: &dyn Scheme, v: &str, ranges: &Value) -> Told {
    any(list(ranges).filter(|range| range["type"] != "GIT").map(|range| {
        let order = Order { scheme, semver: range["type"] == "SEMVER" };
        all([before_limits(&order, v, range), is_within(&order, v, range)])
    }))
}

/// The loop over `sorted(range.events)`.
fn is_within(order: &Order<'_>, v: &str, range: &Value) -> Told {
    let mut vulnerable = false;
    for (kind, at) in sorted(order, events(range))? {
        match kind {
            "introduced" if at == "0" => vulnerable = true,
            "introduced" if order.of_version(v, at)?.is_ge() => vulnerable = true,
            "fixed" if order.of_version(v, at)?.is_ge() => vulnerable = false,
            "last_affected" if order.of_version(v, at)?.is_gt() => vulnerable = false,
            _ => {}
        }
    }
    Some(vulnerable)
}

/// `BeforeLimits`.
fn before_limits(order: &Order<'_>, v: &str, range: &Value) -> Told {
    let limits: Vec<&str> = events(range).into_iter().filter(|(kind, _)| *kind == "limit").map(|(_, at)| at).collect();
    if limits.is_empty() {
        return Some(true);
    }
    any(limits.into_iter().map(|limit| {
        if limit.contains('*') {
            return Some(true);
        }
        order.of_version(v, limit).map(Ordering::is_lt)
    }))
}

fn events(range: &Value) -> Vec<(&str, &str)> {
    let objects = list(&range["events"]).filter_map(Value::as_object).flatten();
    objects.filter_map(|(kind, at)| Some((kind.as_str(), at.as_str()?))).collect()
}

/// A stable sort by insertion; `0` comes before every version, limits play no part.
fn sorted<'a>(order: &Order<'_>, events: Vec<(&'a str, &'a str)>) -> Option<Vec<(&'a str, &'a str)>> {
    let is_start = |(kind, at): &(&str, &str)| *kind == "introduced" && *at == "0";
    let mut sorted: Vec<(&str, &str)> = Vec::new();
    for event in events.into_iter().filter(|(kind, _)| *kind != "limit") {
        let mut place = 0;
        for (i, other) in sorted.iter().enumerate() {
            let after = match (is_start(&event), is_start(other)) {
                (_, true) => true,
                (true, false) => false,
                (false, false) => order.of(event.1, other.1)?.is_ge(),
            };
            if after {
                place = i + 1;
            }
        }
        sorted.insert(place, event);
    }
    Some(sorted)
}

/// The order of one range: Semantic Versioning where it says so and both texts are
/// such versions, else the ecosystem's.
struct Order<'a> {
    scheme: &'a dyn Scheme,
    semver: bool,
}

impl Order<'_> {
    fn of(&self, a: &str, b: &str) -> Option<Ordering> {
        let semver = if self.semver { SEMVER.compare(a, b).ok() } else { None };
        semver.or_else(|| self.scheme.compare(a, b).ok())
    }

    /// The order of `v`, which must be a version, and an event's.
    fn of_version(&self, v: &str, at: &str) -> Option<Ordering> {
        let is_version = self.semver && SEMVER.check(v).is_ok() || self.scheme.check(v).is_ok();
        if is_version { self.of(v, at) } else { None }
    }
}

/// `or` of three-valued logic.
fn any(told: impl IntoIterator<Item = Told>) -> Told {
    let told: Vec<Told> = told.into_iter().collect();
    if told.contains(&Some(true)) {
        return Some(true);
    }
    if told.contains(&None) { None } else { Some(false) }
}

/// `and` of three-valued logic.
fn all(told: impl IntoIterator<Item = Told>) -> Told {
    any(told.into_iter().map(|one| one.map(|one| !one))).map(|one| !one)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
