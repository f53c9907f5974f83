//! The style sheet and the icon, embedded in the binary, with a strong ETag.

use crate::error::AppError;
use actix_web::http::header::{self, ETag, EntityTag, Header as _, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../web/assets"]
struct Assets;

/// Adds the assets.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/assets/{name}").get(asset));
}

async fn asset(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, AppError> {
    let file = Assets::get(&name).ok_or_else(|| AppError::missing("asset", &name))?;
    let tag = EntityTag::new_strong(hex::encode(file.metadata.sha256_hash()));
    let known = match IfNoneMatch::parse(&request) {
        Ok(IfNoneMatch::Any) => true,
        // Compression weakens tags on the way, so they are compared weakly.
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header(ETag(tag)).insert_header((header::CACHE_CONTROL, "public, max-age=300"));
    if known {
        return Ok(answer.finish());
    }
    Ok(answer.content_type(media_type(&name)).body(file.data.into_owned()))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
