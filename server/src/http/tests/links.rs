//! Links change nothing: every link of every page, and of whatever text is added, is
//! followed by GET and HEAD, by nobody and by who is signed in, and the database has
//! the same bytes of rows as before.

use super::alerts::alerted;
use super::{Place, csrf};
use crate::alerts::CHANNELS;
use crate::config::{Config, Secret, TargetConfig};
use crate::store::schema::delivery;
use crate::store::{Address, Db, alerts};
use crate::{outbox, stop};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How messages name this server, unless it is told otherwise.
const BASE: &str = "http://127.0.0.1:8080";
/// The most addresses that are followed.
const MOST: usize = 400;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = BigInt)]
    data_version: i64,
}

/// Another connection's view of the database: SQLite counts every commit by others.
pub(super) struct Gauge(Db);

impl Gauge {
    pub(super) fn of(place: &Place) -> Self {
        let Address::Sqlite(path) = &place.services.config.database else { panic!("these tests run on SQLite") };
        Self(Db::open(&Address::Sqlite(path.clone())).unwrap())
    }

    /// A number that every commit that changes anything changes, and every row of every table.
    pub(super) fn read(&mut self) -> (i64, Vec<String>) {
        let Db::Sqlite(connection) = &mut self.0 else { unreachable!("it was opened as SQLite") };
        let version: Version = diesel::sql_query("PRAGMA data_version").get_result(connection).unwrap();
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        let tables: Vec<Name> = diesel::sql_query(tables).load(connection).unwrap();
        let mut rows = Vec::new();
        for table in tables {
            let columns = format!("SELECT 'quote(\"' || name || '\")' AS name FROM pragma_table_info('{}')", table.name);
            let columns: Vec<Name> = diesel::sql_query(columns).load(connection).unwrap();
            let text = columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(" || ',' || ");
            let mut found: Vec<Name> =
                diesel::sql_query(format!("SELECT {text} AS name FROM \"{}\"", table.name)).load(connection).unwrap();
            found.sort_by(|a, b| a.name.cmp(&b.name));
            rows.extend(found.into_iter().map(|row| format!("{}: {}", table.name, row.name)));
        }
        (version.data_version, rows)
    }
}

/// The addresses of this server that a page, a mail or a message for Slack links to.
pub(super) fn links(base: &str, text: &str) -> BTreeSet<String> {
    let text = text.replace("&amp;", "&").replace("\\/", "/");
    let ends = |c: char| c.is_whitespace() || "\"'<>|)\\".contains(c);
    let upto = |rest: &str| rest.split(ends).next().unwrap_or_default().to_owned();
    let local = text.split("href=\"").skip(1).map(upto).filter(|path| path.starts_with('/'));
    let whole = text.split(base).skip(1).map(upto).filter(|path| path.starts_with('/'));
    local.chain(whole).map(|path| path.split('#').next().unwrap_or_default().to_owned()).collect()
}

impl Place {
    /// Follows every link of these texts, and of what they lead to, in every way that a
    /// link is followed, and answers the addresses; panics where anything was changed.
    pub(super) async fn follow(&self, cookies: &[&str], texts: &[&str]) -> BTreeSet<String> {
        let mut gauge = Gauge::of(self);
        let before = gauge.read();
        let mut waiting: BTreeSet<String> = texts.iter().flat_map(|text| links(BASE, text)).collect();
        let mut seen = BTreeSet::new();
        while let Some(path) = waiting.pop_first() {
            if seen.len() >= MOST || !seen.insert(path.clone()) {
                continue;
            }
            for cookie in cookies.iter().chain(&[""]) {
                for method in ["HEAD", "GET"] {
                    let answer = self.send(method, &path, &[("cookie", cookie)], "").await;
                    assert!(answer.status < 500, "{method} {path}: {} {}", answer.status, answer.text);
                    let to = answer.header("location").unwrap_or_default();
                    waiting.extend(links(BASE, &format!("href=\"{to}\" {}", answer.text)));
                }
            }
            assert!(gauge.read() == before, "following {path} changed the database");
        }
        seen
    }
}

#[actix_web::test]
async fn no_link_of_any_page_changes_anything() {
    let place = alerted().await;
    let cookies =
        [place.sign_in("admin", &place.password).await.cookie(), place.enter("bob").await, place.enter("charlie").await];
    let cookies: Vec<&str> = cookies.iter().map(String::as_str).collect();
    let code = place.code().await;
    let message = format!("Please look: {BASE}/a/{code} <{BASE}/alerts|Alerts>");
    let seen = place.follow(&cookies, &["href=\"/\"", &message]).await;
    for expect in ["/", "/projects", "/alerts", "/feeds", "/tokens", "/settings", "/packages", &format!("/a/{code}")] {
        assert!(seen.contains(expect), "{expect} is not among {seen:?}");
    }
    assert!(seen.iter().any(|path| path.starts_with("/alerts/")) && seen.len() > 15, "{seen:?}");
}

/// The texts of what every channel says of the open alert, of the silence about it and of
/// its being taken back; nobody takes them.
async fn messages(place: &mut Place) -> Vec<String> {
    let mut config = Config::clone(&place.services.config);
    for (channel, address) in [("email", "security@example.org"), ("slack", "http://127.0.0.1:9/hook")] {
        let (name, address) = (channel.to_owned(), Secret::new(address));
        let target = TargetConfig { name, channel: channel.to_owned(), address, last_resort: true, ..TargetConfig::default() };
        config.targets.push(target);
    }
    assert_eq!(config.base(), format!("{BASE}/"));
    place.services.config = Arc::new(config);
    let (_stopper, stop) = stop::stop();
    outbox::drain(&place.services, &stop).await.unwrap();
    let taken_back = |db: &mut Db| {
        let open = alerts::get(db, 1)?;
        alerts::retract(db, &open.dedupe, "it was a test", 1_763_900_000_001)
    };
    assert!(place.services.store.write(taken_back).await.unwrap());
    outbox::drain(&place.services, &stop).await.unwrap();
    let bodies = |db: &mut Db| Ok(delivery::table.select(delivery::body).load::<Option<String>>(db)?);
    place.services.store.read(bodies).await.unwrap().into_iter().flatten().collect()
}

#[actix_web::test]
async fn no_link_of_any_message_changes_anything() {
    let mut place = alerted().await;
    let texts = messages(&mut place).await;
    assert_eq!(texts.len(), 3 * CHANNELS.len(), "{texts:?}");
    let saying = |words: &str| texts.iter().filter(|text| text.contains(words)).count();
    assert_eq!((saying("Nobody has answered this yet"), saying("taken back")), (CHANNELS.len(), CHANNELS.len()), "{texts:?}");
    let (bob, page) = (place.enter("bob").await, format!("/a/{}", place.code().await));
    for text in &texts {
        assert!(links(BASE, text).contains(&page), "{text}");
        let seen = place.follow(&[&bob], &[text]).await;
        assert!(seen.contains(&page) && seen.iter().any(|path| path.starts_with("/alerts/")), "{seen:?}");
    }
}

#[actix_web::test]
async fn the_gauge_sees_what_a_form_changes() {
    let place = alerted().await;
    let (mut gauge, bob) = (Gauge::of(&place), place.enter("bob").await);
    let page = place.get(&format!("/alerts/{}", place.code().await), &bob).await;
    let before = gauge.read();
    let path = page.text.split("action=\"").find(|rest| rest.starts_with("/alerts/")).and_then(|rest| rest.split('"').next());
    let said = place.form(path.unwrap(), &bob, &format!("csrf={}", csrf(&page))).await;
    assert_eq!(said.status, 303, "{}", said.text);
    assert!(gauge.read() != before);
}
