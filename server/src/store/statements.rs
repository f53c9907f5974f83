//! What suppliers state in VEX documents. A document replaces its own earlier state and
//! nothing else; what it states is shown beside findings and settles none
//! (docs/decisions/0012).

use super::components::CHUNK;
use super::schema::{vex_document, vex_statement};
use super::stored::Stored;
use super::{Db, StoreError, clipped};
use bom::ecosystem::Package;
use bom::reading::ReadError;
use bom::vex::{Identity, Justification, Statement, Status, Vex};
use diesel::prelude::*;
use std::collections::HashMap;

/// Statements of one document: real ones have some hundreds.
const MOST: usize = 50_000;
/// Bytes of a text for people that are kept.
const LONGEST: usize = 2000;

/// A document that is to be stored.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its own id, or its file's name.
    pub name: String,
    /// Its file's name.
    pub file: String,
    /// Who states it.
    pub author: String,
    /// When it was last changed, in milliseconds; 0 where it does not tell.
    pub updated_at: i64,
    /// Whether its author took it back.
    pub withdrawn: bool,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// What it states of packages.
    pub lines: Vec<Line>,
}

/// What a document states of one package.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = vex_statement)]
pub struct Line {
    /// The ecosystem's code.
    pub ecosystem: i16,
    /// The package's name.
    pub package: String,
    /// The vulnerability.
    pub vulnerability: String,
    /// The package as the document names it.
    pub purl: String,
    /// The versions that are meant, a line each; empty for those that the purl says.
    pub versions: String,
    /// The product that holds the package, where one is meant; else empty.
    pub product: String,
    /// The status, in the words of OpenVEX.
    pub status: String,
    /// Why not affected, in the words of OpenVEX.
    pub justification: Option<String>,
    /// Why, for people.
    pub detail: String,
    /// What to do, for people.
    pub action: String,
    /// Since when it is stated, in milliseconds.
    pub stated_at: Option<i64>,
}

/// A line and who says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// What is stated.
    pub line: Line,
    /// Who states it.
    pub author: String,
    /// The document.
    pub document: String,
    /// The feed that brought it.
    pub feed: String,
}

impl Document {
    /// The statements of a document about packages of known ecosystems; the others are about nothing that is held.
    ///
    /// # Errors
    /// [`ReadError`] for too many of them, or a text that no database keeps.
    pub fn of(vex: &Vex, file: &str, sha256: [u8; 32]) -> Result<Self, ReadError> {
        let mut lines = Vec::new();
        for statement in vex.statements.iter().filter(|_| !vex.withdrawn) {
            for product in &statement.products {
                let whole = if product.parts.is_empty() { String::new() } else { product.whole.shown() };
                let own = std::slice::from_ref(&product.whole);
                let parts = if product.parts.is_empty() { own } else { product.parts.as_slice() };
                parts.iter().for_each(|part| add(statement, part, &whole, &mut lines));
                if lines.len() > MOST {
                    return Err(ReadError::whole(format!("it states more than {MOST} things about packages")));
                }
            }
        }
        let name = vex.id.clone().filter(|id| !id.is_empty()).unwrap_or_else(|| file.to_owned());
        let author = vex.author.clone().unwrap_or_default();
        let has_nul = |line: &Line| {
            let texts =
                [&line.package, &line.vulnerability, &line.purl, &line.versions, &line.product, &line.detail, &line.action];
            texts.iter().any(|text| text.contains('\0'))
        };
        if name.contains('\0') || author.contains('\0') || lines.iter().any(has_nul) {
            return Err(ReadError::whole("a text of it has a NUL character"));
        }
        let updated_at = vex.updated.or(vex.issued).map_or(0, |at| at.timestamp_millis());
        let author = clipped(&author, LONGEST);
        Ok(Self { name, file: file.to_owned(), author, updated_at, withdrawn: vex.withdrawn, sha256, lines })
    }
}

/// A line for each purl of a known ecosystem and each name of the vulnerability.
fn add(statement: &Statement, part: &Identity, whole: &str, lines: &mut Vec<Line>) {
    for purl in &part.purls {
        let Some(package) = Package::of_purl(purl) else { continue };
        for name in &statement.names {
            lines.push(Line {
                ecosystem: package.ecosystem.code,
                package: package.name.clone(),
                vulnerability: name.clone(),
                purl: purl.to_string(),
                versions: part.versions.join("\n"),
                product: whole.to_owned(),
                status: word(statement.status).to_owned(),
                justification: statement.justification.map(|why: Justification| why.openvex().0.to_owned()),
                detail: clipped(statement.detail.as_deref().unwrap_or_default(), LONGEST),
                action: clipped(statement.action.as_deref().unwrap_or_default(), LONGEST),
                stated_at: statement.at.map(|at| at.timestamp_millis()),
            });
        }
    }
}

fn word(status: Status) -> &'static str {
    match status {
        Status::InTriage => "under_investigation",
        Status::Affected => "affected",
        Status::NotAffected => "not_affected",
        Status::Fixed => "fixed",
        Status::FalsePositive => "false_positive",
    }
}

/// Stores a document of a feed in the place of its earlier state. An older copy never wins.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn store(db: &mut Db, feed: &str, document: &Document) -> Result<Stored, StoreError> {
    let known: Option<(i64, i64, Vec<u8>)> = vex_document::table
        .filter(vex_document::feed.eq(feed))
        .filter(vex_document::name.eq(&document.name))
        .select((vex_document::id, vex_document::updated_at, vex_document::sha256))
        .first(db)
        .optional()?;
    let values = (
        vex_document::file.eq(&document.file),
        vex_document::author.eq(&document.author),
        vex_document::updated_at.eq(document.updated_at),
        vex_document::withdrawn.eq(document.withdrawn),
        vex_document::sha256.eq(document.sha256.to_vec()),
    );
    let id = match known {
        Some((_, updated_at, sha256)) if updated_at > document.updated_at || sha256 == document.sha256 => {
            return Ok(Stored { unchanged: 1, ..Stored::default() });
        }
        Some((id, ..)) => {
            diesel::update(vex_document::table.find(id)).set(values).execute(db)?;
            diesel::delete(vex_statement::table.filter(vex_statement::document_id.eq(id))).execute(db)?;
            id
        }
        None => {
            let named = (vex_document::feed.eq(feed), vex_document::name.eq(&document.name));
            diesel::insert_into(vex_document::table).values((named, values)).execute(db)?;
            let made = vex_document::table.filter(vex_document::feed.eq(feed)).filter(vex_document::name.eq(&document.name));
            made.select(vex_document::id).first(db)?
        }
    };
    for (ordinal, line) in (0_i32..).zip(&document.lines) {
        let row = (vex_statement::document_id.eq(id), vex_statement::ordinal.eq(ordinal), line);
        diesel::insert_into(vex_statement::table).values(row).execute(db)?;
    }
    Ok(if known.is_some() { Stored { changed: 1, ..Stored::default() } } else { Stored { new: 1, ..Stored::default() } })
}

/// Which of these hashes are of documents of a feed, and when those were changed, in milliseconds.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn hashes(db: &mut Db, feed: &str, hashes: &[Vec<u8>]) -> Result<HashMap<Vec<u8>, i64>, StoreError> {
    let mut found = HashMap::new();
    for chunk in hashes.chunks(CHUNK) {
        let known = vex_document::table.filter(vex_document::feed.eq(feed)).filter(vex_document::sha256.eq_any(chunk));
        found.extend(known.select((vex_document::sha256, vex_document::updated_at)).load::<(Vec<u8>, i64)>(db)?);
    }
    Ok(found)
}

/// When the documents of a feed that came in these files were changed, by file, in milliseconds.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn updated(db: &mut Db, feed: &str, files: &[String]) -> Result<HashMap<String, i64>, StoreError> {
    let mut found = HashMap::new();
    for chunk in files.chunks(CHUNK) {
        let known = vex_document::table.filter(vex_document::feed.eq(feed)).filter(vex_document::file.eq_any(chunk));
        found.extend(known.select((vex_document::file, vex_document::updated_at)).load::<(String, i64)>(db)?);
    }
    Ok(found)
}

/// What is stated of a package, the latest first; at most `limit`.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn of_package(db: &mut Db, ecosystem: i16, package: &str, limit: i64) -> Result<Vec<Stated>, StoreError> {
    stated(db, ecosystem, package, None, limit)
}

/// What is stated of a vulnerability, by any of its names, in a package, the latest first;
/// at most `limit`.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn of_problem(db: &mut Db, ecosystem: i16, package: &str, names: &[String], limit: i64) -> Result<Vec<Stated>, StoreError> {
    stated(db, ecosystem, package, Some(names), limit)
}

fn stated(db: &mut Db, ecosystem: i16, package: &str, names: Option<&[String]>, limit: i64) -> Result<Vec<Stated>, StoreError> {
    let query = vex_statement::table
        .inner_join(vex_document::table.on(vex_document::id.eq(vex_statement::document_id)))
        .filter(vex_statement::package.eq(package))
        .filter(vex_statement::ecosystem.eq(ecosystem))
        .order((
            vex_statement::stated_at.desc(),
            vex_statement::vulnerability,
            vex_statement::document_id,
            vex_statement::ordinal,
        ))
        .select((Line::as_select(), vex_document::author, vex_document::name, vex_document::feed))
        .limit(limit)
        .into_boxed();
    let query = match names {
        Some(names) => query.filter(vex_statement::vulnerability.eq_any(names)),
        None => query,
    };
    let rows: Vec<(Line, String, String, String)> = query.load(db)?;
    Ok(rows.into_iter().map(|(line, author, document, feed)| Stated { line, author, document, feed }).collect())
}
