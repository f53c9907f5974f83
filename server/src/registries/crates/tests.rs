//! Looks at Rust's registry, reply by reply.

use super::*;
use bom::snapshot::{Owner, OwnerKind, Trust};

const WANTED: Wanted = Wanted { owners: false, whole: false };

fn body(text: &str) -> Reply {
    Reply::Body(text.as_bytes().to_vec())
}

fn asked(step: Step) -> Vec<String> {
    match step {
        Step::Ask(requests) => requests.iter().map(|r| format!("{}/{} {}", r.endpoint, r.path, r.whole)).collect(),
        Step::Done(snapshot) => panic!("it is done: {snapshot:?}"),
    }
}

const INDEX: &str = r#"{"name":"wheel","vers":"0.1.0","deps":[],"cksum":"aa","features":{},"yanked":true,"pubtime":"2026-01-01T00:00:00Z"}
{"name":"wheel","vers":"0.2.0","deps":[{"name":"ax","package":"axle","req":"^1","features":[],"optional":false,"default_features":true,"target":null,"kind":"normal"},{"name":"t","req":"1","kind":"dev"}],"cksum":"bb","features":{},"yanked":false}
"#;
const OWNERS: &str = r#"{"users":[{"id":7,"kind":"user","login":"alice","name":null,"created_at":"2020-01-01T00:00:00Z"},
  {"id":7,"kind":"team","login":"code:wheels:core"}]}"#;

#[test]
fn a_changed_index_leads_to_versions_and_owners() {
    let mut look = Crates.look("Wheel", WANTED);
    assert_eq!(asked(look.next(vec![]).expect("a step")), ["index/wh/ee/wheel false"]);
    let step = look.next(vec![body(INDEX)]).expect("a step");
    assert_eq!(asked(step), ["api/crates/Wheel/versions?per_page=100 true", "api/crates/Wheel/owners false"]);
    let first = r#"{"versions":[{"num":"0.2.0","created_at":"2026-02-01T00:00:00Z","published_by":{"id":7,"login":"alice"},"trustpub_data":{"provider":"x"}}],"meta":{"next_page":"?per_page=100&seek=x"}}"#;
    let step = look.next(vec![body(first), body(OWNERS)]).expect("a step");
    assert_eq!(asked(step), ["api/crates/Wheel/versions?per_page=100&seek=x true"]);
    let second = r#"{"versions":[{"num":"0.1.0","published_by":null,"audit_actions":[{"action":"yank","user":{"id":8,"login":"bob"},"time":"2026-03-01T00:00:00Z"}]}],"meta":{"next_page":null}}"#;
    let Step::Done(snapshot) = look.next(vec![body(second)]).expect("a step") else { panic!("it asks for more") };
    let people = snapshot.owners.known().expect("owners");
    assert_eq!(people.iter().map(|owner| owner.id.as_str()).collect::<Vec<_>>(), ["user:7", "team:7"]);
    let versions = snapshot.versions.known().expect("versions");
    let [old, new] = &versions[..] else { panic!("{versions:?}") };
    assert_eq!((old.yanked, old.withdrawn_by.as_deref(), old.publisher.as_deref()), (true, Some("user:8"), None));
    assert_eq!((new.trust, new.publisher.as_deref()), (Some(Trust::TrustedPublisher), Some("user:7")));
    let needs: Vec<_> = new.dependencies.iter().flatten().map(|need| (need.name.as_str(), need.kind.as_str())).collect();
    assert_eq!(needs, [("axle", "normal"), ("t", "dev")]);
}

#[test]
fn an_unchanged_index_asks_no_more_than_it_must() {
    let mut look = Crates.look("wheel", WANTED);
    look.next(vec![]).expect("a step");
    let Step::Done(snapshot) = look.next(vec![Reply::Unchanged]).expect("a step") else { panic!("it asks for more") };
    assert_eq!((&snapshot.versions, &snapshot.owners), (&Fact::Unchanged, &Fact::NotAsked));
    let mut look = Crates.look("wheel", Wanted { owners: true, whole: false });
    assert_eq!(asked(look.next(vec![]).expect("a step")), ["index/wh/ee/wheel false", "api/crates/wheel/owners false"]);
    let Step::Done(snapshot) = look.next(vec![Reply::Unchanged, body(OWNERS)]).expect("a step") else { panic!("more") };
    assert!(snapshot.owners.known().is_some());
}

#[test]
fn no_owner_at_all_is_unknown_and_a_hostile_login_is_plain() {
    assert!(matches!(owners(body(r#"{"users":[]}"#)), Ok(Fact::Unknown(_))));
    let hostile = "{\"users\":[{\"id\":1,\"login\":\"<b>\u{202e}x</b>\",\"kind\":\"user\"}]}";
    let login = "<b>\u{fffd}x</b>".to_owned();
    let owner = Owner { id: "user:1".into(), login, kind: OwnerKind::User, since: None };
    assert_eq!(owners(body(hostile)), Ok(Fact::Known(vec![owner])));
}

#[test]
fn an_index_of_another_package_or_with_a_broken_line_is_refused_whole() {
    assert!(index("axle", INDEX.as_bytes()).is_err());
    assert!(index("wheel", &INDEX.as_bytes()[..INDEX.len() - 20]).is_err());
    assert!(index("wheel", INDEX.replace("0.2.0", "0.2\\u202e.0").as_bytes()).is_err());
}

#[test]
fn the_index_is_split_by_the_length_of_names() {
    for (name, path) in [("a", "1/a"), ("ab", "2/ab"), ("Abc", "3/a/abc"), ("Abcd", "ab/cd/abcd"), ("x_y-z", "x_/y-/x_y-z")] {
        assert_eq!(index_path(name), path);
    }
}
