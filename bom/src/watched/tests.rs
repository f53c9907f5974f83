//! Looks that follow each other, and what is believed of them.

use super::*;
use crate::ask::Fact;
use crate::signal::sample::{owner, time};
use crate::snapshot::OwnersAt;

fn look(owners: &[&str], versions: &[&str]) -> Snapshot {
    let release = |version: &&str| Release {
        version: (*version).to_owned(),
        published_at: Some(time("2026-01-01T00:00:00Z")),
        publisher: Some("u-1".to_owned()),
        ..Release::default()
    };
    Snapshot {
        owners: Fact::Known(owners.iter().map(|id| owner(id)).collect()),
        versions: Fact::Known(versions.iter().map(release).collect()),
        ..Snapshot::default()
    }
}

fn at(minute: i64) -> DateTime<Utc> {
    time("2026-06-01T00:00:00Z") + chrono::TimeDelta::minutes(minute)
}

fn owners(watched: &Watched) -> Vec<&str> {
    watched.owners().map(|tenure| tenure.owner.id.as_str()).collect()
}

#[test]
fn an_owner_who_is_missing_once_is_still_one() {
    let mut watched = Watched::first(&look(&["u-1", "u-2"], &["1"]), at(0));
    assert_eq!(watched.take(&look(&["u-1"], &["1"]), at(60)), Ok(vec![]));
    assert!(watched.is_in_doubt());
    assert_eq!(owners(&watched), ["u-1", "u-2"]);
    assert_eq!(watched.take(&look(&["u-1", "u-2"], &["1"]), at(65)), Ok(vec![]));
    assert!(!watched.is_in_doubt());
    watched.take(&look(&["u-1"], &["1"]), at(120)).expect("a look");
    assert_eq!(watched.take(&look(&["u-1"], &["1"]), at(125)), Ok(vec![Change::OwnerRemoved(owner("u-2"))]));
    let gone = watched.tenures.iter().find(|tenure| tenure.owner.id == "u-2").and_then(|tenure| tenure.until);
    assert_eq!(gone, Some(Moment { at: at(120), source: Source::Look }));
}

#[test]
fn other_owners_missing_in_the_second_look_are_doubted_anew() {
    let mut watched = Watched::first(&look(&["u-1", "u-2", "u-3"], &["1"]), at(0));
    watched.take(&look(&["u-1", "u-3"], &["1"]), at(60)).expect("a look");
    assert_eq!(watched.take(&look(&["u-1", "u-2"], &["1"]), at(65)), Ok(vec![]));
    assert_eq!(watched.doubt.as_ref().map(|doubt| doubt.since), Some(at(65)));
}

#[test]
fn an_empty_list_and_a_silent_source_change_nothing() {
    let first = Watched::first(&look(&["u-1"], &["1"]), at(0));
    for snapshot in [look(&[], &["1"]), Snapshot::default(), Snapshot { owners: Fact::Absent, ..Snapshot::default() }] {
        let mut watched = first.clone();
        assert_eq!(watched.take(&snapshot, at(60)), Ok(vec![]));
        assert_eq!(watched, first);
    }
}

#[test]
fn a_login_may_change_and_the_person_stays() {
    let mut watched = Watched::first(&look(&["u-1"], &["1"]), at(0));
    let mut renamed = look(&["u-1"], &["1"]);
    renamed.owners = Fact::Known(vec![Owner { login: "other".into(), ..owner("u-1") }]);
    let changes = watched.take(&renamed, at(60)).expect("a look");
    assert!(matches!(&changes[..], [Change::OwnerRenamed { before, .. }] if before == "1"), "{changes:?}");
    assert!(!watched.is_in_doubt());
}

#[test]
fn a_version_that_the_list_lacks_is_gone_when_it_lacks_it_twice() {
    let mut watched = Watched::first(&look(&["u-1"], &["1", "2"]), at(0));
    assert_eq!(watched.take(&look(&["u-1"], &["1"]), at(60)), Ok(vec![]));
    assert!(watched.is_in_doubt());
    assert_eq!(watched.take(&look(&["u-1"], &["1"]), at(65)), Ok(vec![Change::Removed("2".into())]));
    assert_eq!(watched.release("2").and_then(|release| release.withdrawn_at), Some(at(60)));
    assert_eq!(watched.take(&look(&["u-1"], &["1", "2"]), at(120)), Ok(vec![Change::Restored("2".into())]));
    assert_eq!(watched.release("2").and_then(|release| release.withdrawn_at), Some(at(60)), "what happened stays known");
}

#[test]
fn a_source_with_another_past_is_refused_as_a_whole() {
    let first = Watched::first(&look(&["u-1"], &["1", "2"]), at(0));
    let mut mirror = look(&["u-9"], &["1", "2", "3"]);
    if let Fact::Known(list) = &mut mirror.versions {
        list.iter_mut().for_each(|release| release.published_at = Some(at(0)));
    }
    let mut watched = first.clone();
    assert_eq!(watched.take(&mirror, at(60)), Err(Contradiction { all: 2, other: 2 }));
    assert_eq!(watched, first);
}

#[test]
fn the_registrys_own_record_dates_owners_at_first_sight() {
    let mut snapshot = look(&["u-1", "u-2", "u-3"], &["1"]);
    let sample = |minute, ids: &[&str]| OwnersAt { at: at(minute), owners: ids.iter().map(|id| owner(id)).collect() };
    snapshot.owners_before = vec![sample(-300, &["u-0", "u-2"]), sample(-200, &["u-2"])];
    let watched = Watched::first(&snapshot, at(0));
    let mut known: Vec<_> =
        watched.tenures.iter().map(|t| (t.owner.id.as_str(), t.from, t.until.map(|until| until.at))).collect();
    known.sort_unstable();
    let record = |at| Moment { at, source: Source::Record };
    assert_eq!(
        known,
        [
            ("u-0", record(at(-300)), Some(at(-200))),
            ("u-1", record(time("2026-01-01T00:00:00Z")), None),
            ("u-2", record(at(-300)), None),
            ("u-3", Moment { at: at(0), source: Source::FirstSight }, None),
        ]
    );
}
