//! Who comes with a request, as what a route asks for: [`Reader`], [`Uploader`],
//! [`Member`] on the API; [`SignedIn`] and [`Posted`] on pages. A route that
//! takes one of them cannot be reached without it.

use crate::auth::secret;
use crate::auth::sessions::{self, Visit};
use crate::auth::tokens::{self, Bearer};
use crate::error::AppError;
use crate::services::Services;
use crate::store::tokens::Scope;
use crate::store::viewer::Viewer;
use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

/// The cookie that carries a session.
pub const COOKIE: &str = "bomwarden_session";
/// The header that carries the session's form secret where there is no form.
pub const CSRF_HEADER: &str = "x-csrf-token";
/// The largest form that is read, in bytes.
const LARGEST_FORM: usize = 64 << 10;

/// Somebody who may read: a person, or a token with the scope `read`.
pub struct Reader(pub Viewer);

/// A token with the scope `upload`.
pub struct Uploader(pub Bearer);

/// A person on the API.
pub struct Member(pub Visit);

/// A person on a page.
pub struct SignedIn(pub Visit);

/// A person who sent a form of ours.
pub struct Posted<T> {
    /// Who.
    pub visit: Visit,
    /// What.
    pub form: T,
}

enum Caller {
    Person(Visit),
    Program(Bearer),
}

impl FromRequest for Reader {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            match caller(&request).await? {
                Caller::Person(visit) => Ok(Self(visit.viewer)),
                Caller::Program(bearer) if bearer.scope == Scope::Read => Ok(Self(bearer.viewer)),
                Caller::Program(_) => {
                    Err(AppError::Forbidden("this token may only upload; use one with the scope `read`".to_owned()))
                }
            }
        })
    }
}

impl FromRequest for Uploader {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            match caller(&request).await? {
                Caller::Program(bearer) if bearer.scope == Scope::Upload => Ok(Self(bearer)),
                Caller::Program(_) => {
                    Err(AppError::Forbidden("this token may only read; use one with the scope `upload`".to_owned()))
                }
                Caller::Person(_) => {
                    Err(AppError::Forbidden("uploads need a token with the scope `upload`; make one under Tokens".to_owned()))
                }
            }
        })
    }
}

impl FromRequest for Member {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            match caller(&request).await? {
                Caller::Person(visit) => Ok(Self(visit)),
                Caller::Program(_) => {
                    Err(AppError::Forbidden("this is for people, not for tokens; sign in through `POST /v1/sessions`".to_owned()))
                }
            }
        })
    }
}

impl FromRequest for SignedIn {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { of_cookie(&request).await.map(Self) })
    }
}

impl<T: DeserializeOwned> FromRequest for Posted<T> {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let visit = of_cookie(&request).await?;
            same_site(request.headers())?;
            let body = form_body(&mut payload).await?;
            let given = url::form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "csrf");
            if !given.is_some_and(|(_, value)| secret::same(&value, &visit.csrf)) {
                return Err(AppError::Forbidden(
                    "this form is of another session; go back, reload the page and send it again".to_owned(),
                ));
            }
            Ok(Self { visit, form: read_form(&body)? })
        })
    }
}

impl Visit {
    /// Nothing, or why only an administrator may do this.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for everybody else.
    pub fn must_be_admin(&self) -> Result<(), AppError> {
        if self.person.admin { Ok(()) } else { Err(AppError::Forbidden("only an administrator may do this".to_owned())) }
    }
}

/// A form that needs no session: the one that makes it.
pub struct Open<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Open<T> {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            same_site(request.headers())?;
            Ok(Self(read_form(&form_body(&mut payload).await?)?))
        })
    }
}

fn services(request: &HttpRequest) -> Result<&web::Data<Services>, AppError> {
    request
        .app_data::<web::Data<Services>>()
        .ok_or_else(|| AppError::internal("the services are not among the application's data"))
}

async fn caller(request: &HttpRequest) -> Result<Caller, AppError> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else {
        let visit = of_cookie(request).await?;
        let given = request.headers().get(CSRF_HEADER).and_then(|value| value.to_str().ok()).unwrap_or("");
        if !request.method().is_safe() && !secret::same(given, &visit.csrf) {
            return Err(AppError::Forbidden(format!(
                "a change with a cookie needs the header `{CSRF_HEADER}`; send the session as a bearer token instead"
            )));
        }
        return Ok(Caller::Person(visit));
    };
    let wrong = || {
        AppError::SignIn(
            "the token is not valid: it is unknown, has expired or was revoked; make another one under Tokens".to_owned(),
        )
    };
    let (scheme, text) = value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or_else(wrong)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(AppError::SignIn("send `Authorization: Bearer bwt_…`".to_owned()));
    }
    let (services, text) = (services(request)?, text.trim());
    let found = if text.starts_with(sessions::PREFIX) {
        sessions::visit(services, text).await?.map(Caller::Person)
    } else {
        tokens::bearer(services, text).await?.map(Caller::Program)
    };
    found.ok_or_else(wrong)
}

async fn of_cookie(request: &HttpRequest) -> Result<Visit, AppError> {
    let nobody = || AppError::SignIn("nobody is signed in; sign in, or send `Authorization: Bearer bwt_…`".to_owned());
    let cookie = request.cookie(COOKIE).ok_or_else(nobody)?;
    sessions::visit(services(request)?, cookie.value()).await?.ok_or_else(nobody)
}

/// Refuses a form that another site's page sent, where the browser says so.
fn same_site(headers: &HeaderMap) -> Result<(), AppError> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let foreign = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin.split_once("://").map(|(_, host)| host) != text("host"),
        (None, None) => false,
    };
    if foreign { Err(AppError::Forbidden("this form was sent by a page of another site".to_owned())) } else { Ok(()) }
}

async fn form_body(payload: &mut Payload) -> Result<String, AppError> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| AppError::Invalid(format!("the form ended early: {error}")))?;
        if body.len() + chunk.len() > LARGEST_FORM {
            return Err(AppError::TooLarge("the form is too large".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    String::from_utf8(body).map_err(|_| AppError::Invalid("the form is not UTF-8".to_owned()))
}

fn read_form<T: DeserializeOwned>(body: &str) -> Result<T, AppError> {
    match web::Query::<T>::from_query(body) {
        Ok(form) => Ok(form.into_inner()),
        Err(error) => Err(AppError::Invalid(format!("the form is not right: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    #[test]
    fn forms_of_other_sites_are_refused() {
        for (headers, fine) in [
            (vec![], true),
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("host", "sbom.example:8080"), ("origin", "http://sbom.example:8080")], true),
            (vec![("host", "sbom.example"), ("origin", "https://evil.example")], false),
            (vec![("host", "sbom.example"), ("origin", "null")], false),
        ] {
            let map: HeaderMap =
                headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
            assert_eq!(same_site(&map).is_ok(), fine, "{headers:?}");
        }
    }
}
