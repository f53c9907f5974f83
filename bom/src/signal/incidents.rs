//! Every signal against timelines of real and benign incidents, where
//! `BOMWARDEN_INCIDENTS` names a folder with `bad/` and `benign/` (one JSON file each:
//! a state of the world, what happened to it, what a monitor must say). Otherwise
//! the test says `skipped`. What comes out is printed.

mod world;

use super::{History, Urgency, Verdict, relatives_wanted, verdicts};
use crate::ecosystem::Ecosystem;
use crate::watched::{Relative, Watched};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use world::{Expect, Timeline, World};

/// What is told of a package, and when first.
struct Told {
    at: DateTime<Utc>,
    package: String,
    verdict: Verdict,
}

#[test]
fn the_bad_is_told_in_time_and_the_benign_is_not() {
    let Some(folder) = std::env::var_os("BOMWARDEN_INCIDENTS").map(PathBuf::from) else {
        println!("skipped: BOMWARDEN_INCIDENTS names no folder");
        return;
    };
    let mut faults = Vec::new();
    let bad = timelines(&folder.join("bad"));
    // The others add to a verdict and wake nobody by themselves, or come with the advisory.
    let ours = ["young-dependency", "owners-replaced", "old-versions-vanished"];
    let mut in_time = 0;
    for (name, timeline) in &bad {
        let told = replay(timeline);
        let hit = told.iter().find(|told| is_hit(told, &timeline.expect));
        let expected = timeline.expect.signals_any_of.iter().any(|signal| ours.contains(&signal.as_str()));
        in_time += usize::from(hit.is_some());
        println!(
            "{}  {name}: {}",
            if hit.is_some() { "in time" } else { "missed " },
            told.first().map_or("nothing".into(), Told::shown)
        );
        if expected && hit.is_none() {
            faults.push(format!("{name} must be told by one of {:?}", timeline.expect.signals_any_of));
        }
        faults.extend(loud(name, &told, &timeline.expect));
    }
    let benign = timelines(&folder.join("benign"));
    let mut false_alarms = 0;
    for (name, timeline) in &benign {
        let told = replay(timeline);
        false_alarms += usize::from(!told.is_empty());
        println!("{}  {name}", told.first().map_or("quiet".into(), Told::shown));
        faults.extend(told.iter().map(|told| format!("{name} is benign: {}", told.shown())));
    }
    println!("{in_time} of {} bad in time, {false_alarms} of {} benign told", bad.len(), benign.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn timelines(folder: &Path) -> BTreeMap<String, Timeline> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let files = files.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    files
        .map(|path| {
            let bytes = std::fs::read(&path).expect("a file");
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            (name, serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        })
        .collect()
}

impl Told {
    fn shown(&self) -> String {
        let Told { at, package, verdict } = self;
        let why: Vec<_> = verdict.evidence.iter().map(|one| format!("{} {}", one.signal, one.weight)).collect();
        let version = verdict.version.as_deref().unwrap_or("owners");
        format!("{at} {package} {version} {} ({})", verdict.urgency.name(), why.join(", "))
    }
}

fn is_hit(told: &Told, expect: &Expect) -> bool {
    let early = expect.before.is_none_or(|before| told.at <= before);
    let named = told.verdict.evidence.iter().any(|one| expect.signals_any_of.iter().any(|id| id == one.signal));
    let grave = matches!(expect.severity_at_least.as_deref(), Some("high" | "critical"));
    early && named && (!grave || told.verdict.urgency == Urgency::Urgent)
}

/// Signals that must not page and do by themselves.
fn loud(name: &str, told: &[Told], expect: &Expect) -> Vec<String> {
    let alone = |told: &&Told| told.verdict.evidence.iter().all(|one| expect.quiet.iter().any(|id| id == one.signal));
    told.iter().filter(alone).map(|told| format!("{name} must be quiet about {}", told.shown())).collect()
}

/// Looks once in an hour as the world goes on, and again five minutes later where a look was in doubt.
fn replay(timeline: &Timeline) -> Vec<Told> {
    let mut world = World::begin(timeline);
    let mut watch = Watch { told: Vec::new(), seen: BTreeMap::new() };
    watch.look(&world, timeline.watch_from);
    let mut looks: BTreeSet<DateTime<Utc>> = BTreeSet::new();
    for event in &timeline.events {
        let hour = TimeDelta::hours(1);
        let next = event.at.duration_trunc(hour).expect("an hour") + hour;
        looks.extend([next, next + TimeDelta::minutes(5), next + hour]);
        looks.extend(event.until.map(|until| until + hour));
    }
    let mut events = timeline.events.iter().peekable();
    for at in looks {
        while let Some(event) = events.next_if(|event| event.at <= at) {
            world.apply(event);
        }
        watch.look(&world, at);
    }
    watch.told
}

struct Watch {
    told: Vec<Told>,
    seen: BTreeMap<String, Watched>,
}

impl Watch {
    fn look(&mut self, world: &World, now: DateTime<Utc>) {
        for package in &world.inventory {
            let Some(snapshot) = world.snapshot(package, now) else { continue };
            let Some(watched) = self.seen.get_mut(package) else {
                self.seen.insert(package.clone(), Watched::first(&snapshot, now));
                continue;
            };
            if watched.take(&snapshot, now).is_err() {
                continue;
            }
            let malicious = world.malicious.get(package).cloned().unwrap_or_default();
            let (ecosystem, _) = Ecosystem::of_osv(&world.ecosystem).expect("an ecosystem");
            let wanted = relatives_wanted(&History { ecosystem, package, now, watched, malicious: &malicious });
            let relatives: Vec<Relative> = wanted.iter().filter_map(|name| world.relative(name, now)).collect();
            watched.relatives.extend(relatives);
            let history = History { ecosystem, package, now, watched, malicious: &malicious };
            for verdict in verdicts(&history).into_iter().filter(|verdict| verdict.urgency >= Urgency::Ticket) {
                let known = self.told.iter().any(|told| told.package == *package && told.verdict == verdict);
                if !known {
                    self.told.push(Told { at: now, package: package.clone(), verdict });
                }
            }
        }
    }
}
