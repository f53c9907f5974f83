//! From configurations to packages and versions. A criterion that is marked as
//! vulnerable names a product and versions of it:
//!
//! | its version | means |
//! |---|---|
//! | one version | that one; with an update only it, without one every update of it |
//! | any, with bounds | the range |
//! | any, without bounds; a pattern | nobody can tell: such criteria outlive every repair |
//! | none (`-`) | no version |
//!
//! What else it asks (an edition, a platform that must be there too, the opposite of a
//! node) becomes a condition: met, missed, or, where a component does not tell, open.
//! Open conditions never make a yes.

use super::raw::{ConfigurationRaw, MatchRaw, NodeRaw, OperatorRaw};
use crate::advisory::field::Notes;
use crate::advisory::{Affected, Event, Range, RangeKind, Severity, Versions};
use crate::cpe::{Conditions, Cpe, Value};
use crate::ecosystem::Package;
use crate::reading::ReadError;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of a version. Longer ones are none.
const TEXT: usize = 1024;
/// Things that must be there too and are named in a condition.
const NAMED: usize = 3;

/// What is gathered of a package under one set of conditions.
#[derive(Default)]
struct Claim {
    listed: BTreeSet<String>,
    ranges: Vec<Range>,
}

type Claims = BTreeMap<(String, Conditions), Claim>;

/// What the configurations of a record affect.
pub(super) fn affected(
    configurations: Vec<ConfigurationRaw>,
    severity: Severity,
    notes: &mut Notes,
) -> Result<Vec<Affected>, ReadError> {
    let mut claims = Claims::new();
    let mut ecosystem = None;
    for (i, configuration) in configurations.iter().enumerate() {
        for (j, node) in configuration.nodes.iter().enumerate() {
            for (k, criterion) in node.cpe_match.iter().enumerate().filter(|(_, criterion)| criterion.vulnerable) {
                let path = format!("$.configurations[{i}].nodes[{j}].cpeMatch[{k}]");
                let cpe = read(criterion, &path)?;
                let Some(package) = cpe.package() else {
                    notes.add(path, "it names no single product, and nothing can be compared with it");
                    continue;
                };
                ecosystem = Some(package.ecosystem);
                let beside = beside(configuration, j, k);
                claim(&mut claims, package, &cpe, criterion, beside);
            }
        }
    }
    let Some(ecosystem) = ecosystem else { return Ok(Vec::new()) };
    let of_claim = |((name, conditions), claim): ((String, Conditions), Claim)| {
        let release = Some(conditions.to_text()).filter(|text| !text.is_empty());
        Affected {
            ecosystem_text: release.as_ref().map_or(ecosystem.name.to_owned(), |text| format!("{}:{text}", ecosystem.name)),
            ecosystem: Some(ecosystem),
            release,
            name,
            versions: Versions { listed: claim.listed.into_iter().collect(), ranges: claim.ranges },
            severity,
            incident: false,
        }
    };
    Ok(claims.into_iter().map(of_claim).collect())
}

/// The name of a criterion, whose bounds must be versions.
fn read(criterion: &MatchRaw, path: &str) -> Result<Cpe, ReadError> {
    let bounds = [
        &criterion.version_start_including,
        &criterion.version_start_excluding,
        &criterion.version_end_including,
        &criterion.version_end_excluding,
    ];
    let is_none = |bound: &&String| bound.is_empty() || bound.len() > TEXT || bound.chars().any(char::is_control);
    if bounds.into_iter().flatten().any(|bound| is_none(&bound)) {
        return Err(ReadError::at(path, None, "a bound of it is no version"));
    }
    Cpe::of(&criterion.criteria).map_err(|error| ReadError::at(format!("{path}.criteria"), None, error.to_string()))
}

/// What must hold besides the `k`th criterion of the `j`th node, which no component tells.
fn beside(configuration: &ConfigurationRaw, j: usize, k: usize) -> Conditions {
    let mut conditions = Conditions::default();
    let and = |operator: Option<OperatorRaw>| operator == Some(OperatorRaw::And);
    let mut others: Vec<&MatchRaw> = Vec::new();
    if and(configuration.operator) {
        others.extend(configuration.nodes.iter().enumerate().filter(|(at, _)| *at != j).flat_map(|(_, node)| &node.cpe_match));
    }
    let node = configuration.nodes.get(j);
    if node.is_some_and(|node| and(node.operator)) {
        let mine = node.into_iter().flat_map(|node| node.cpe_match.iter().enumerate());
        others.extend(mine.filter(|(at, _)| *at != k).map(|(_, criterion)| criterion));
    }
    if !others.is_empty() {
        conditions.doubt(&format!("with {}", names(&others)));
    }
    let not = |node: &NodeRaw| node.negate;
    if configuration.negate || node.is_some_and(not) {
        conditions.doubt("not");
    }
    conditions
}

/// The first of some products, without repetition.
fn names(others: &[&MatchRaw]) -> String {
    let mut names: Vec<String> = Vec::new();
    for other in others {
        let name = Cpe::of(&other.criteria).ok().and_then(|cpe| cpe.package()).map(|package| package.name);
        let name = name.unwrap_or_else(|| "something else".to_owned());
        if !names.contains(&name) {
            if names.len() == NAMED {
                names.push("…".to_owned());
                break;
            }
            names.push(name);
        }
    }
    names.join(" or ")
}

fn claim(claims: &mut Claims, package: Package, cpe: &Cpe, criterion: &MatchRaw, beside: Conditions) {
    let mut conditions = beside.and(Conditions::of(cpe));
    let name = package.name;
    match (&cpe.version, &cpe.update) {
        (Value::Absent, _) => {}
        (Value::Is(version), Value::Any) => list(claims, (name, conditions), format!("{version} *")),
        (Value::Is(version), Value::Absent) => list(claims, (name, conditions), version.clone()),
        (Value::Is(version), update) => {
            if let Value::Is(update) = update {
                list(claims, (name.clone(), conditions.clone()), format!("{version} {update}"));
            }
            // A component that tells no update may have this one.
            conditions.ask("update", update);
            list(claims, (name, conditions), version.clone());
        }
        (Value::Any, update) => {
            conditions.ask("update", update);
            let events = events(criterion);
            if events.is_empty() {
                conditions.doubt("its versions, which the record does not tell");
            }
            range(claims, (name, conditions), events);
        }
        (Value::Like(pattern), _) => {
            conditions.doubt(&format!("version like {pattern}"));
            range(claims, (name, conditions), Vec::new());
        }
    }
}

fn list(claims: &mut Claims, key: (String, Conditions), version: String) {
    claims.entry(key).or_default().listed.insert(version);
}

/// A range of these events, or of every version.
fn range(claims: &mut Claims, key: (String, Conditions), mut events: Vec<Event>) {
    if !events.iter().any(|event| matches!(event, Event::Introduced(_) | Event::Behind(_))) {
        events.insert(0, Event::Introduced("0".to_owned()));
    }
    let range = Range { kind: RangeKind::Ecosystem, events };
    let ranges = &mut claims.entry(key).or_default().ranges;
    if !ranges.contains(&range) {
        ranges.push(range);
    }
}

/// The bounds of a criterion.
fn events(criterion: &MatchRaw) -> Vec<Event> {
    let start = criterion.version_start_including.clone().map(Event::Introduced);
    let start = start.or_else(|| criterion.version_start_excluding.clone().map(Event::Behind));
    let end = criterion.version_end_including.clone().map(Event::LastAffected);
    let end = end.or_else(|| criterion.version_end_excluding.clone().map(Event::Fixed));
    start.into_iter().chain(end).collect()
}
