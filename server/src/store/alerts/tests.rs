//! What alerts, shares and holders do, on both databases.

use super::*;
use crate::store::schema::{
    alert_project, component, delivery, delivery_alert, held, package, project, release, share, slot, target, team,
};
use bom::signal::Urgency;

fn db() -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let address = crate::store::fresh::address(folder.path());
    crate::store::Store::open(&address).expect("a schema");
    (Db::open(&address).expect("a database"), folder)
}

/// A team with a project that holds nothing yet; answers the keys of team and slot.
fn holder(db: &mut Db, name: &str) -> (i64, i64) {
    use diesel::dsl::sql;
    let id = |db: &mut Db, table: &str| -> i64 {
        diesel::select(sql::<diesel::sql_types::BigInt>(&format!("(SELECT max(id) FROM {table})"))).get_result(db).expect("a key")
    };
    diesel::insert_into(team::table)
        .values((team::public_id.eq(name), team::name.eq(name), team::created_at.eq(0)))
        .execute(db)
        .expect("a team");
    let team_id = id(db, "team");
    diesel::insert_into(project::table)
        .values((
            (project::public_id.eq(name), project::team_id.eq(team_id), project::name.eq(name)),
            (project::description.eq(""), project::created_at.eq(0)),
        ))
        .execute(db)
        .expect("a project");
    let project_id = id(db, "project");
    let (release_id, _) = crate::store::uploads::release(db, project_id, "main", 0).expect("a release");
    let slot = crate::store::uploads::new_slot(db, release_id, "lock", 0).expect("a slot");
    (team_id, slot.id)
}

fn wheel(db: &mut Db) -> (i64, i64) {
    diesel::insert_into(package::table)
        .values((package::ecosystem.eq(1), package::name.eq("wheel")))
        .execute(db)
        .expect("a package");
    let package_id: i64 = package::table.select(package::id).first(db).expect("its key");
    diesel::insert_into(component::table)
        .values((
            (component::package_id.eq(package_id), component::version.eq("1.0.0")),
            (component::qualifiers.eq(""), component::origin_id.eq(0)),
        ))
        .execute(db)
        .expect("a component");
    (package_id, component::table.select(component::id).first(db).expect("its key"))
}

fn hold(db: &mut Db, slot_id: i64, component_id: i64) {
    let values = (held::slot_id.eq(slot_id), held::component_id.eq(component_id), held::since.eq(1), held::flags.eq(0));
    diesel::insert_into(held::table).values(values).execute(db).expect("a presence");
}

fn none() -> std::collections::BTreeSet<i64> {
    std::collections::BTreeSet::new()
}

fn owners(package_id: i64) -> NewAlert {
    NewAlert {
        kind: Kind::Ownership,
        subject: "wheel (crates.io)".to_owned(),
        episode: "1".to_owned(),
        package_id: Some(package_id),
        problem_id: None,
        versions: Vec::new(),
        severity: Severity::High,
        urgency: Urgency::Urgent,
        confirmed: false,
        headline: "its only owner was replaced".to_owned(),
        todo: "Decide whether this is a hand-over.".to_owned(),
        unknown: vec!["who made the change".to_owned()],
        facts: vec![Fact { what: "owner".into(), then: "a".into(), now: "b".into(), source: "list".into(), at: 5 }],
    }
}

fn wanted(db: &mut Db) -> Vec<(i64, i64, i64)> {
    share::table.order(share::team_id).select((share::wanted, share::told, share::notify_at)).load(db).expect("shares")
}

/// Says that the outbox has told everything.
fn told(db: &mut Db) {
    diesel::update(share::table).set(share::told.eq(share::wanted)).execute(db).expect("told");
}

#[test]
fn the_same_is_said_once_and_told_again_only_when_it_is_worse() {
    let (mut db, _folder) = db();
    let db = &mut db;
    let (_, slot) = holder(db, "one");
    let (package, component) = wheel(db);
    hold(db, slot, component);
    let mut new = owners(package);
    assert_eq!(raise(db, &new, 10).expect("raised"), Raised::New);
    assert_eq!(wanted(db), [(1, 0, 10)]);
    assert_eq!(raise(db, &new, 20).expect("raised"), Raised::Same);
    told(db);
    new.facts[0].now = "c".to_owned();
    assert_eq!(raise(db, &new, 30).expect("raised"), Raised::Changed);
    assert_eq!(wanted(db), [(1, 1, 10)], "an edit is quiet");
    new.severity = Severity::Critical;
    assert_eq!(raise(db, &new, 40).expect("raised"), Raised::Changed);
    assert_eq!(wanted(db), [(3, 1, 40)]);
    told(db);
    assert!(confirm(db, &new.dedupe(), 50).expect("confirmed"));
    assert!(!confirm(db, &new.dedupe(), 60).expect("confirmed"), "once");
    assert_eq!(wanted(db), [(4, 3, 50)]);
    assert_eq!(raise(db, &new, 70).expect("raised"), Raised::Same, "a look that rests on one reply does not unsay a second");
}

#[test]
fn a_new_holder_is_told_at_once_and_a_further_project_of_a_team_in_a_while() {
    let (mut db, _folder) = db();
    let db = &mut db;
    let (package, component) = wheel(db);
    let (one, slot) = holder(db, "one");
    hold(db, slot, component);
    raise(db, &owners(package), 10).expect("raised");
    told(db);
    let (_, other) = holder(db, "other");
    moved(db, &[component].into(), &none(), 20).expect("joined");
    assert_eq!(wanted(db).len(), 1, "who holds nothing has no share");
    hold(db, other, component);
    moved(db, &[component].into(), &none(), 30).expect("joined");
    assert_eq!(wanted(db), [(1, 1, 10), (1, 0, 30)]);
    let other = project::table.filter(project::name.eq("other")).select(project::id).first::<i64>(db).expect("a project");
    told(db);
    let (_, third) = holder(db, "third");
    diesel::update(project::table.filter(project::name.eq("third"))).set(project::team_id.eq(one)).execute(db).expect("moved");
    hold(db, third, component);
    moved(db, &[component].into(), &none(), 40).expect("joined");
    assert_eq!(wanted(db), [(2, 1, 40 + 15 * 60_000), (1, 1, 30)]);
    moved(db, &[component].into(), &none(), 50).expect("joined");
    assert_eq!(wanted(db)[0], (2, 1, 40 + 15 * 60_000), "the same project is no news");
    let known: Vec<i64> = alert_project::table.select(alert_project::project_id).load(db).expect("projects");
    assert!(known.contains(&other) && known.len() == 3);
    assert_eq!(slot::table.inner_join(release::table.on(release::id.eq(slot::release_id))).count().get_result::<i64>(db), Ok(3));
}

#[test]
fn a_retraction_goes_to_whoever_was_told_and_to_nobody_else() {
    let (mut db, _folder) = db();
    let db = &mut db;
    let (package, component) = wheel(db);
    for name in ["one", "other"] {
        let (_, slot) = holder(db, name);
        hold(db, slot, component);
    }
    let new = owners(package);
    raise(db, &new, 10).expect("raised");
    let first: i64 = share::table.order(share::id).select(share::id).first(db).expect("a share");
    diesel::update(share::table.find(first)).set(share::told.eq(1)).execute(db).expect("told");
    assert!(retract(db, &new.dedupe(), "the list was wrong", 20).expect("retracted"));
    assert_eq!(wanted(db), [(2, 1, 20), (0, 0, 10)]);
    assert!(!retract(db, &new.dedupe(), "again", 30).expect("retracted"), "once");
    assert_eq!(shares::due(db, 20, 9).expect("work").len(), 1);
    assert_eq!(raise(db, &new, 40).expect("raised"), Raised::Changed, "it can come back");
    assert_eq!(wanted(db), [(3, 1, 40), (3, 0, 40)]);
}

#[test]
fn a_share_is_acknowledged_for_its_team_alone_and_the_operator_has_one_too() {
    let (mut db, _folder) = db();
    let db = &mut db;
    let (package, component) = wheel(db);
    let (one, slot) = holder(db, "one");
    let (other, second) = holder(db, "other");
    hold(db, slot, component);
    hold(db, second, component);
    raise(db, &owners(package), 10).expect("raised");
    let id = by_dedupe(db, &owners(package).dedupe()).expect("found").expect("an alert").id;
    assert!(shares::acknowledge(db, id, &[one], "person:bob", 20).expect("acknowledged"));
    assert_eq!(get(db, id).expect("an alert").state, "open");
    assert!(shares::acknowledge(db, id, &[one, other], "person:alice", 30).expect("acknowledged"));
    assert_eq!(get(db, id).expect("an alert").state, "acknowledged");
    assert_eq!(shares::of_alert(db, id).expect("shares")[0].acknowledged_by.as_deref(), Some("person:bob"));
    let stale = NewAlert { kind: Kind::Operator, package_id: None, subject: "feed `own`".into(), ..owners(package) };
    raise(db, &stale, 40).expect("raised");
    assert_eq!(wanted(db)[0], (1, 0, 40));
}

#[test]
fn it_ends_quietly_when_nobody_holds_it_and_opens_again_when_somebody_does() {
    let (mut db, _folder) = db();
    let db = &mut db;
    let (package, component) = wheel(db);
    let (team, slot) = holder(db, "one");
    hold(db, slot, component);
    let new = owners(package);
    raise(db, &new, 10).expect("raised");
    told(db);
    let id = by_dedupe(db, &new.dedupe()).expect("found").expect("an alert").id;
    assert!(shares::acknowledge(db, id, &[team], "person:bob", 15).expect("acknowledged"));
    diesel::delete(held::table).execute(db).expect("gone");
    moved(db, &none(), &[component].into(), 20).expect("left");
    assert_eq!((get(db, id).expect("an alert").state.as_str(), wanted(db)), ("resolved", vec![(1, 1, 10)]));
    assert_eq!(shares::silent(db, i64::MAX, 9).expect("work").len(), 0);
    hold(db, slot, component);
    moved(db, &[component].into(), &none(), 30).expect("back");
    assert_eq!((get(db, id).expect("an alert").state.as_str(), wanted(db)), ("open", vec![(3, 1, 30)]));
    assert_eq!(shares::of_alert(db, id).expect("shares")[0].acknowledged_by, None, "it is asked again");
    assert!(retract(db, &new.dedupe(), "wrong", 40).expect("retracted"));
    moved(db, &[component].into(), &none(), 50).expect("held");
    assert_eq!(get(db, id).expect("an alert").state, "retracted", "what was wrong stays so");
}

#[test]
fn a_message_that_was_not_sent_is_dropped_and_needs_no_correction() {
    let (mut db, _folder) = db();
    let db = &mut db;
    let (package, component) = wheel(db);
    let (team, slot) = holder(db, "one");
    hold(db, slot, component);
    let new = owners(package);
    raise(db, &new, 10).expect("raised");
    let id = by_dedupe(db, &new.dedupe()).expect("found").expect("an alert").id;
    let due = shares::due(db, 10, 9).expect("work");
    assert!(shares::routed(db, &due[0]).expect("routed") && !shares::routed(db, &due[0]).expect("routed"), "once");
    diesel::insert_into(target::table)
        .values((target::name.eq("mail"), target::channel.eq("email"), target::not_before.eq(0)))
        .execute(db)
        .expect("a target");
    let target: i64 = target::table.select(target::id).first(db).expect("its key");
    diesel::insert_into(delivery::table)
        .values((
            (
                delivery::public_id.eq("d"),
                delivery::target_id.eq(target),
                delivery::state.eq("ready"),
                delivery::purpose.eq("news"),
            ),
            (delivery::attempts.eq(0), delivery::due_at.eq(10), delivery::created_at.eq(10)),
        ))
        .execute(db)
        .expect("a delivery");
    let message: i64 = delivery::table.select(delivery::id).first(db).expect("its key");
    diesel::insert_into(delivery_alert::table)
        .values((
            (delivery_alert::delivery_id.eq(message), delivery_alert::alert_id.eq(id)),
            (delivery_alert::revision.eq(1), delivery_alert::team_id.eq(team)),
        ))
        .execute(db)
        .expect("what it carries");
    assert!(retract(db, &new.dedupe(), "the list was wrong", 20).expect("retracted"));
    assert_eq!(delivery::table.select(delivery::state).load::<String>(db).expect("states"), ["dropped"]);
    assert_eq!(wanted(db), [(0, 0, 10)], "who never heard of it hears no correction");
}

#[test]
fn what_is_graver_is_asked_again_of_those_who_answered() {
    let (mut db, _folder) = db();
    let db = &mut db;
    let (package, component) = wheel(db);
    let (team, slot) = holder(db, "one");
    hold(db, slot, component);
    let mut new = owners(package);
    raise(db, &new, 10).expect("raised");
    let id = by_dedupe(db, &new.dedupe()).expect("found").expect("an alert").id;
    shares::acknowledge(db, id, &[team], "person:bob", 20).expect("acknowledged");
    new.confirmed = true;
    raise(db, &new, 30).expect("raised");
    assert_eq!(get(db, id).expect("an alert").state, "acknowledged", "a confirmation is told, and no other question");
    new.severity = Severity::Malicious;
    raise(db, &new, 40).expect("raised");
    assert_eq!(get(db, id).expect("an alert").state, "open");
}

#[test]
fn names_of_any_length_keep_alerts_apart() {
    let (mut db, _folder) = db();
    let db = &mut db;
    let (package, _) = wheel(db);
    let long = NewAlert { subject: "n".repeat(10_000), ..owners(package) };
    assert_eq!(raise(db, &long, 10).expect("raised"), Raised::New);
    assert_eq!(raise(db, &NewAlert { episode: "2".into(), ..long.clone() }, 10).expect("raised"), Raised::New);
    assert_eq!(raise(db, &long, 20).expect("raised"), Raised::Same);
}

#[test]
fn two_alerts_about_one_thing_go_on_as_one() {
    let (mut db, _folder) = db();
    let db = &mut db;
    let (package, component) = wheel(db);
    let (_, slot) = holder(db, "one");
    hold(db, slot, component);
    let (older, younger) = (owners(package), NewAlert { episode: "2".into(), ..owners(package) });
    raise(db, &older, 10).expect("raised");
    raise(db, &younger, 20).expect("raised");
    let [into, gone] = [&older, &younger].map(|new| by_dedupe(db, &new.dedupe()).expect("found").expect("an alert"));
    absorb(db, &gone, &into, 30).expect("absorbed");
    assert!(by_dedupe(db, &younger.dedupe()).expect("found").is_none(), "the key is free");
    let ended = get(db, gone.id).expect("an alert");
    assert_eq!((ended.state.as_str(), ended.reason), ("resolved", format!("it goes on as alert {}", into.code)));
    assert_eq!(wanted(db), [(1, 0, 10), (0, 0, 20)], "told once");
}

#[test]
fn on_postgresql_an_alert_waits_for_uploads_that_are_under_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = crate::store::fresh::address(folder.path());
    crate::store::Store::open(&address).expect("a schema");
    let mut db = Db::open(&address).expect("a database");
    let (package, component) = wheel(&mut db);
    let (_, slot) = holder(&mut db, "one");
    if matches!(db, Db::Sqlite(_)) {
        return;
    }
    db.begin(crate::store::db::Kind::Write).expect("begun");
    db.write(&|db| {
        hold(db, slot, component);
        moved(db, &[component].into(), &none(), 10)?;
        other_raises(&address, package).expect_err("an upload is under way");
        Ok(())
    })
    .expect("committed");
    other_raises(&address, package).expect("raised");
    assert_eq!(wanted(&mut db), [(1, 0, 20)]);
}

/// Raises on a connection of its own that has no patience.
fn other_raises(address: &crate::store::Address, package: i64) -> Result<Raised, StoreError> {
    let mut other = Db::open(address)?;
    if let Db::Postgres(connection) = &mut other {
        diesel::sql_query("SET lock_timeout = '50ms'").execute(connection)?;
    }
    raise(&mut other, &owners(package), 20)
}
