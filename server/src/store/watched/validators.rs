//! What to say to a registry that is here already. Written in the transaction that
//! keeps what was read, never before: a document that was not kept is asked for whole.

use crate::store::db::each_backend;
use crate::store::schema::validator;
use crate::store::{Db, StoreError};
use diesel::prelude::*;

/// What tells one document of a registry from others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The endpoint.
    pub endpoint: &'static str,
    /// The path below it.
    pub path: String,
    /// The media type that was asked for; empty for any.
    pub accept: &'static str,
}

/// What a document was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validator {
    /// Its entity tag.
    pub etag: Option<String>,
    /// When it was changed, in its server's words.
    pub last_modified: Option<String>,
}

/// What is here of a document.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn find(db: &mut Db, registry_id: i64, place: &Place) -> Result<Validator, StoreError> {
    let row = validator::table.find((registry_id, place.endpoint, &place.path, place.accept));
    let found: Option<(Option<String>, Option<String>)> =
        row.select((validator::etag, validator::last_modified)).first(db).optional()?;
    Ok(found.map(|(etag, last_modified)| Validator { etag, last_modified }).unwrap_or_default())
}

/// Keeps what is here now.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn keep(db: &mut Db, registry_id: i64, kept: &[(Place, Validator)]) -> Result<(), StoreError> {
    for (place, Validator { etag, last_modified }) in kept {
        let row = (
            validator::registry_id.eq(registry_id),
            validator::endpoint.eq(place.endpoint),
            validator::path.eq(&place.path),
            validator::accept.eq(place.accept),
            validator::etag.eq(etag),
            validator::last_modified.eq(last_modified),
        );
        use diesel::upsert::excluded;
        each_backend!(db, c => diesel::insert_into(validator::table)
            .values(row)
            .on_conflict((validator::registry_id, validator::endpoint, validator::path, validator::accept))
            .do_update()
            .set((validator::etag.eq(excluded(validator::etag)), validator::last_modified.eq(excluded(validator::last_modified))))
            .execute(c)?);
    }
    Ok(())
}
