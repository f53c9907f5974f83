//! People, for administrators.

use crate::auth::password::Passwords;
use crate::clock::rfc3339;
use crate::error::AppError;
use crate::http::caller::Member;
use crate::http::changes::people::{PersonWish, make};
use crate::http::paging::{Ask, cut, row_count};
use crate::services::Services;
use crate::store::people::{self, Person};
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/people").get(list).post(add));
}

async fn list(services: web::Data<Services>, Member(visit): Member, ask: web::Query<Ask>) -> Result<HttpResponse, AppError> {
    visit.must_be_admin()?;
    let (limit, after) = (ask.limit()?, ask.key::<String>()?.unwrap_or_default());
    let rows = services.store.read(move |db| people::list(db, &after, row_count(limit))).await?;
    Ok(HttpResponse::Ok().json(cut(rows, limit, |person| person.login.clone())?.map(|person| shown(&person))))
}

async fn add(
    services: web::Data<Services>,
    passwords: web::Data<Passwords>,
    Member(visit): Member,
    body: web::Json<PersonWish>,
) -> Result<HttpResponse, AppError> {
    let person = make(&services, &passwords, &visit, body.into_inner()).await?;
    Ok(HttpResponse::Created().json(shown(&person)))
}

fn shown(person: &Person) -> Value {
    json!({
        "id": person.public_id,
        "login": person.login,
        "name": person.name,
        "email": person.email,
        "admin": person.admin,
        "created_at": rfc3339(person.created_at),
    })
}
