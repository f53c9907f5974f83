//! Links change nothing: every link of every page, and of whatever text is added, is
//! followed by GET and HEAD, by nobody and by who is signed in, and the database has
//! the same bytes of rows as before.

use super::alerts::alerted;
use super::{Place, csrf};
use crate::store::{Address, Db};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::collections::BTreeSet;

/// How messages name this server, unless it is told otherwise.
const BASE: &str = "http://localhost:8080";
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
