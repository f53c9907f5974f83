//! For tests: a database that nobody has used. A file, or a database on the server
//! that `TEST_DATABASE_URL` names.

use super::{Address, Db};
use diesel::connection::SimpleConnection;
use std::path::Path;

/// The address of an empty database, whose file lies in `folder` if it has one.
pub(crate) fn address(folder: &Path) -> Address {
    match std::env::var("TEST_DATABASE_URL") {
        Ok(url) if !url.is_empty() => on_server(&url),
        _ => Address::Sqlite(folder.join("test.db").display().to_string()),
    }
}

fn on_server(url: &str) -> Address {
    let name = format!("unit_{}", super::new_id().replace('-', ""));
    // A server on a socket has no host in its address, which `Url` would refuse.
    let (server, parameters) = url.split_once('?').map_or((url, String::new()), |(server, rest)| (server, format!("?{rest}")));
    let (server, _) = server.rsplit_once('/').expect("TEST_DATABASE_URL names a database");
    let mut db = Db::open(&Address::Postgres(url.to_owned())).expect("the server of TEST_DATABASE_URL");
    let Db::Postgres(connection) = &mut db else { unreachable!("the address is PostgreSQL's") };
    connection.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database of one's own");
    Address::Postgres(format!("{server}/{name}{parameters}"))
}
