//! One's own account, and for administrators the people and teams.

use super::error::capital;
use super::{Shell, filters, go, show};
use crate::auth::password::Passwords;
use crate::auth::sessions::Visit;
use crate::error::AppError;
use crate::http::caller::{Posted, SignedIn};
use crate::http::changes::people::{PersonWish, change_password, make as make_person};
use crate::http::changes::teams::{join, make as make_team};
use crate::services::Services;
use crate::store::people::{self, Person};
use crate::store::teams::{self, Team};
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/settings").get(view));
    config.service(web::resource("/settings/password").post(password));
    config.service(web::resource("/settings/people").post(add_person));
    config.service(web::resource("/settings/teams").post(add_team));
    config.service(web::resource("/settings/members").post(add_member));
}

/// The most people and teams that the page shows.
const SHOWN: i64 = 500;

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    shell: Shell,
    login: String,
    done: Option<&'static str>,
    mistake: Option<String>,
    people: Vec<Person>,
    teams: Vec<(Team, Vec<String>)>,
}

#[derive(Deserialize)]
struct Wanted {
    done: Option<String>,
}

#[derive(Deserialize)]
struct PasswordForm {
    old: String,
    new: String,
    again: String,
}

#[derive(Deserialize)]
struct PersonForm {
    login: String,
    name: String,
    #[serde(default)]
    email: String,
    password: String,
    #[serde(default)]
    team: String,
    #[serde(default)]
    admin: String,
}

#[derive(Deserialize)]
struct TeamForm {
    name: String,
}

#[derive(Deserialize)]
struct MemberForm {
    team: String,
    login: String,
}

async fn view(
    services: web::Data<Services>,
    SignedIn(visit): SignedIn,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, AppError> {
    let done = wanted.done.as_deref().and_then(sentence);
    show(HttpResponse::Ok(), &page(&services, &visit, done, None).await?)
}

async fn password(
    services: web::Data<Services>,
    passwords: web::Data<Passwords>,
    posted: Posted<PasswordForm>,
) -> Result<HttpResponse, AppError> {
    let PasswordForm { old, new, again } = posted.form;
    let changed = if new == again {
        change_password(&services, &passwords, &posted.visit, &old, &new).await
    } else {
        Err(AppError::Invalid("the two new passwords differ; type the same one twice".to_owned()))
    };
    answer(&services, &posted.visit, changed, "password").await
}

async fn add_person(
    services: web::Data<Services>,
    passwords: web::Data<Passwords>,
    posted: Posted<PersonForm>,
) -> Result<HttpResponse, AppError> {
    let PersonForm { login, name, email, password, team, admin } = posted.form;
    let teams = if team.is_empty() { Vec::new() } else { vec![team] };
    let wish = PersonWish { login, name, email: Some(email), password, admin: !admin.is_empty(), teams };
    let made = make_person(&services, &passwords, &posted.visit, wish).await.map(drop);
    answer(&services, &posted.visit, made, "person").await
}

async fn add_team(services: web::Data<Services>, posted: Posted<TeamForm>) -> Result<HttpResponse, AppError> {
    let made = make_team(&services, &posted.visit, &posted.form.name).await.map(drop);
    answer(&services, &posted.visit, made, "team").await
}

async fn add_member(services: web::Data<Services>, posted: Posted<MemberForm>) -> Result<HttpResponse, AppError> {
    let joined = join(&services, &posted.visit, &posted.form.team, &posted.form.login).await;
    answer(&services, &posted.visit, joined, "member").await
}

/// Back to the page with a word that it is done, or the page with the mistake on it.
async fn answer(services: &Services, visit: &Visit, changed: Result<(), AppError>, done: &str) -> Result<HttpResponse, AppError> {
    match changed {
        Ok(()) => Ok(go(&format!("/settings?done={done}"))),
        Err(error @ AppError::Internal(..)) => Err(error),
        Err(error) => {
            let status = actix_web::ResponseError::status_code(&error);
            let page = page(services, visit, None, Some(capital(&error.to_string()))).await?;
            show(HttpResponse::build(status), &page)
        }
    }
}

fn sentence(done: &str) -> Option<&'static str> {
    Some(match done {
        "password" => "The password was changed; your other sessions have ended.",
        "person" => "The person was added.",
        "team" => "The team was made.",
        "member" => "The person belongs to the team now.",
        _ => return None,
    })
}

async fn page(
    services: &Services,
    visit: &Visit,
    done: Option<&'static str>,
    mistake: Option<String>,
) -> Result<SettingsPage, AppError> {
    let (viewer, admin) = (visit.viewer.clone(), visit.person.admin);
    let read = services.store.read(move |db| {
        let people = if admin { people::list(db, "", SHOWN)? } else { Vec::new() };
        let mut filled = Vec::new();
        for team in teams::list(db, &viewer, "", SHOWN)? {
            let members = teams::members(db, team.id)?;
            filled.push((team, members));
        }
        Ok((people, filled))
    });
    let (people, teams) = read.await?;
    Ok(SettingsPage {
        shell: Shell::of(visit, "settings", "Settings"),
        login: visit.person.login.clone(),
        done,
        mistake,
        people,
        teams,
    })
}
