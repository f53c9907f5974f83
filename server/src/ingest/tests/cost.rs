//! How many rows an upload writes: the same again writes a few, whatever its size.

use super::{House, Run, house};
use crate::store::{Db, StoreError};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::collections::BTreeMap;

/// Every table that an upload could write.
const TABLES: [&str; 17] = [
    "project",
    "release",
    "slot",
    "run",
    "document",
    "upload",
    "package",
    "component",
    "origin",
    "registry",
    "held",
    "held_before",
    "held_once",
    "team_package",
    "rematch",
    "recount",
    "event",
];

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

async fn counted(house: &House) -> BTreeMap<&'static str, i64> {
    let count = |db: &mut Db| {
        let one = |db: &mut Db, table: &str| -> Result<i64, StoreError> {
            let row: Number = diesel::sql_query(format!("SELECT count(*) AS n FROM {table}")).get_result(db)?;
            Ok(row.n)
        };
        TABLES.iter().map(|table| Ok((*table, one(db, table)?))).collect()
    };
    house.services.store.read(count).await.unwrap()
}

/// The rows of each table that a second upload of `size` components adds.
async fn added_by_the_same_again(size: usize) -> BTreeMap<&'static str, i64> {
    let house = house().await;
    let purls: Vec<String> = (0..size).map(|n| format!("pkg:npm/p{n}@1.0.0")).collect();
    let purls: Vec<&str> = purls.iter().map(String::as_str).collect();
    house.send(Run { id: "1", ..Run::default() }, &[("app", &purls)]).await;
    let before = counted(&house).await;
    house.send(Run { id: "2", ..Run::default() }, &[("app", &purls)]).await;
    let after = counted(&house).await;
    let added = after.iter().map(|(table, rows)| (*table, rows - before[table]));
    added.filter(|(_, rows)| *rows != 0).collect()
}

#[tokio::test]
async fn the_same_again_writes_as_few_rows_for_five_thousand_components_as_for_fifty() {
    let few = added_by_the_same_again(50).await;
    println!("rows added by the same upload again: {few:?}, and the slot's row is updated");
    assert_eq!(few, BTreeMap::from([("run", 1), ("upload", 1)]), "the same bytes are the same document");
    assert_eq!(added_by_the_same_again(5_000).await, few);
}
