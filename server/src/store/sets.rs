//! Sets on their way into a statement: as one JSON text in one bind, whatever their
//! size (storage rule D9). A place for each member would make the statement as long
//! as the set, and its parsing dearer than the work.

use super::{Db, StoreError};
use serde::Serialize;
use std::fmt::Display;

/// A table `j` of the members of the array in `bind`: `value`, a text.
pub(super) fn members(db: &Db, bind: &str) -> String {
    match db {
        Db::Sqlite(_) => format!("json_each({bind}) j"),
        Db::Postgres(_) => format!("json_array_elements_text(CAST({bind} AS json)) AS j(value)"),
    }
}

/// A table `j` of the pairs of the object in `bind`: `key` and `value`, both texts.
/// Keys may come more than once.
pub(super) fn pairs(db: &Db, bind: &str) -> String {
    match db {
        Db::Sqlite(_) => format!("json_each({bind}) j"),
        Db::Postgres(_) => format!("json_each_text(CAST({bind} AS json)) j"),
    }
}

/// The array of these members.
///
/// # Errors
/// [`StoreError::Damaged`] for what JSON cannot say.
pub(super) fn array<T: Serialize>(members: &[T]) -> Result<String, StoreError> {
    serde_json::to_string(members).map_err(damaged)
}

/// The object of these pairs; keys must need no escape.
///
/// # Errors
/// [`StoreError::Damaged`] for what JSON cannot say.
pub(super) fn object<K: Display, V: Serialize>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<String, StoreError> {
    let mut text = String::from("{");
    for (key, value) in pairs {
        let comma = if text.len() > 1 { "," } else { "" };
        text.push_str(&format!("{comma}\"{key}\":{}", serde_json::to_string(&value).map_err(damaged)?));
    }
    text.push('}');
    Ok(text)
}

fn damaged(error: impl Display) -> StoreError {
    StoreError::Damaged(error.to_string())
}
