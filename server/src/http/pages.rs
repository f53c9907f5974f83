//! The pages: rendered here, whole without JavaScript. Links never change
//! anything; forms do, and each carries its session's secret.

pub mod alerts;
pub mod documents;
pub mod error;
pub mod feeds;
pub mod filters;
pub mod overview;
pub mod packages;
pub mod projects;
pub mod settings;
pub mod sign_in;
pub mod tokens;
pub mod triage;

use crate::auth::sessions::Visit;
use crate::error::AppError;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(sign_in::routes)
        .configure(overview::routes)
        .configure(alerts::routes)
        .configure(projects::routes)
        .configure(triage::routes)
        .configure(packages::routes)
        .configure(documents::routes)
        .configure(feeds::routes)
        .configure(tokens::routes)
        .configure(settings::routes);
}

/// What surrounds every page.
pub struct Shell {
    /// The page's name.
    pub title: String,
    /// The part of the site that is marked in the menu.
    pub part: &'static str,
    /// Who is signed in.
    pub person: Option<String>,
    /// May do everything.
    pub admin: bool,
    /// The session's form secret.
    pub csrf: String,
}

impl Shell {
    /// The shell of a page for somebody who is signed in.
    pub fn of(visit: &Visit, part: &'static str, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            part,
            person: Some(visit.person.name.clone()),
            admin: visit.person.admin,
            csrf: visit.csrf.clone(),
        }
    }

    /// The server's version.
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// The shell of a page that knows nobody.
    pub fn bare(title: impl Into<String>) -> Self {
        Self { title: title.into(), part: "", person: None, admin: false, csrf: String::new() }
    }
}

/// A page as an answer.
///
/// # Errors
/// [`AppError::Internal`] where the template cannot be rendered.
pub fn show(mut answer: HttpResponseBuilder, page: &impl Template) -> Result<HttpResponse, AppError> {
    let text = page.render().map_err(AppError::internal)?;
    Ok(answer.content_type("text/html; charset=utf-8").body(text))
}

/// Sends the browser on after a form.
pub fn go(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish()
}

/// Sends somebody who is not signed in to do so, and back afterwards.
pub fn to_sign_in(request: &HttpRequest) -> HttpResponse {
    let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
    if wanted == "/" {
        return go("/sign-in");
    }
    let next: String = url::form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    go(&format!("/sign-in?next={next}"))
}
