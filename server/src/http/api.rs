//! The native API: `/v1`, JSON, errors as problem JSON.

pub mod alerts;
pub mod feeds;
pub mod people;
pub mod projects;
pub mod records;
pub mod sessions;
pub mod teams;
pub mod tokens;
pub mod triage;
pub mod uploads;
pub mod vex;
pub mod views;

use actix_web::web;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(sessions::routes)
        .configure(people::routes)
        .configure(teams::routes)
        .configure(tokens::routes)
        .configure(projects::routes)
        .configure(records::routes)
        .configure(uploads::routes)
        .configure(alerts::routes)
        .configure(feeds::routes)
        .configure(vex::routes)
        .configure(triage::routes)
        .configure(views::routes);
}
