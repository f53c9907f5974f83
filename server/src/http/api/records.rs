//! `GET /v1/advisory-records`: every advisory as it was published, one a line, for
//! whoever keeps a copy (`bomwarden db update --from SERVER`). They come in the order
//! in which they were stored; what the header `bomwarden-next` says is asked for as `since` the
//! next time and brings what changed. Read in short transactions, page by page.

use crate::error::AppError;
use crate::http::caller::Reader;
use crate::services::Services;
use crate::store::advisories::published::{self, Page, Place};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use futures_util::stream;
use serde::Deserialize;

/// The header that says what to ask for next time.
const NEXT: &str = "bomwarden-next";
/// Records of one page.
const PAGE: i64 = 500;
/// How far before the newest record the next answer begins, in milliseconds: another
/// server may have stored a record meanwhile with a time that is a little older.
const OVERLAP: i64 = 600_000;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/advisory-records").get(list));
}

#[derive(Deserialize)]
struct Wish {
    since: Option<String>,
}

async fn list(services: web::Data<Services>, _: Reader, wish: web::Query<Wish>) -> Result<HttpResponse, AppError> {
    let since: i64 = match wish.since.as_deref() {
        None | Some("") => 0,
        Some(text) => {
            text.parse().map_err(|_| AppError::Invalid("`since` is no value of `bomwarden-next`; leave it out".to_owned()))?
        }
    };
    let newest = services.store.read(published::newest).await?;
    let lines = stream::try_unfold((services, (since, 0)), page);
    let next = newest.saturating_sub(OVERLAP).max(0).to_string();
    Ok(HttpResponse::Ok().content_type("application/x-ndjson").insert_header((NEXT, next)).streaming(lines))
}

/// The next page as lines, and what to go on with; `None` at the end.
async fn page(
    (services, after): (web::Data<Services>, Place),
) -> Result<Option<(Bytes, (web::Data<Services>, Place))>, AppError> {
    let page = services.store.read(move |db| published::behind(db, after, PAGE)).await?;
    let Some(Page { records, last }) = page else { return Ok(None) };
    let mut lines = Vec::with_capacity(records.iter().map(|record| record.len() + 1).sum());
    for record in records {
        // A line break in JSON stands between its tokens, never inside a text.
        lines.extend(record.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
        lines.push(b'\n');
    }
    Ok(Some((Bytes::from(lines), (services, last))))
}
