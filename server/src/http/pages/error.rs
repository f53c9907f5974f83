//! The page that says what went wrong.

use super::Shell;
use crate::error::AppError;
use actix_web::{HttpResponse, ResponseError as _};
use askama::Template;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    shell: Shell,
    status: u16,
    sentence: String,
}

/// The page of an error.
pub fn page(error: &AppError) -> HttpResponse {
    let sentence = capital(&error.to_string());
    let page = ErrorPage { shell: Shell::bare(capital(error.title())), status: error.status(), sentence };
    match page.render() {
        Ok(text) => HttpResponse::build(error.status_code()).content_type("text/html; charset=utf-8").body(text),
        Err(_) => error.error_response(),
    }
}

/// A sentence as people begin it.
pub fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map(|first| first.to_uppercase().chain(signs).collect()).unwrap_or_default()
}
