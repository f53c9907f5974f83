//! The shape of answers: errors as problem JSON (RFC 9457) under `/v1` and as a
//! page elsewhere, and the headers that every answer carries.

use super::pages;
use crate::error::AppError;
use crate::metrics::{REQUEST_SECONDS, REQUESTS};
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use std::time::Instant;

/// RFC 9457; `type` is left out, which means `about:blank`.
#[derive(Serialize)]
struct Problem<'a> {
    title: &'a str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let id = match self {
            Self::Internal(id, _) => Some(id.as_str()),
            _ => None,
        };
        let problem = Problem { title: self.title(), status: self.status(), detail: self.to_string(), id };
        let mut answer = HttpResponse::build(self.status_code());
        match self {
            Self::SignIn(_) => {
                answer.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"bomwarden\""));
            }
            Self::TooMany(_, seconds) => {
                answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
            }
            _ => {}
        }
        answer.content_type("application/problem+json").json(problem)
    }
}

/// Gives every answer its headers and every error its shape.
///
/// # Errors
/// Those of the services inside that are no answers; actix shapes them.
pub async fn shape(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let (started, route) = (Instant::now(), request.match_pattern());
    let response = next.call(request).await?;
    let mut response = match fault(&response) {
        Some(shaped) => response.into_response(shaped),
        None => response.map_into_boxed_body(),
    };
    count(route, response.status(), started);
    let open = response.request().path().starts_with("/assets/");
    set_headers(response.headers_mut(), open);
    Ok(response)
}

/// Counts under the route's pattern: paths would be too many.
fn count(route: Option<String>, status: StatusCode, started: Instant) {
    let route = route.unwrap_or_else(|| "none".to_owned());
    ::metrics::counter!(REQUESTS, "route" => route.clone(), "status" => status.as_u16().to_string()).increment(1);
    ::metrics::histogram!(REQUEST_SECONDS, "route" => route).record(started.elapsed().as_secs_f64());
}

/// The answer to put in place of an error that has no shape yet.
fn fault(response: &ServiceResponse<impl MessageBody>) -> Option<HttpResponse> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    let inner = response.response();
    let bare = matches!(inner.body().size(), BodySize::None | BodySize::Sized(0));
    let unnamed;
    let error = match inner.error().and_then(|error| error.as_error::<AppError>()) {
        Some(error) => error,
        None if bare && status == StatusCode::METHOD_NOT_ALLOWED => {
            unnamed = AppError::Method(format!("`{}` is not for this path", response.request().method()));
            &unnamed
        }
        None if inner.error().is_some() => {
            unnamed = AppError::Invalid(inner.error().map(ToString::to_string).unwrap_or_default());
            &unnamed
        }
        None => return None,
    };
    let (method, path) = (response.request().method(), response.request().path());
    if let AppError::Internal(id, detail) = error {
        tracing::error!(%id, %method, %path, error = %detail, "a request failed");
    }
    if path.starts_with("/v1/") {
        return Some(error.error_response());
    }
    match error {
        AppError::SignIn(_) if method == Method::GET => Some(pages::to_sign_in(response.request())),
        _ => Some(pages::error::page(error)),
    }
}

/// What a browser may do with our answers: nothing but show them with our style.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

fn set_headers(headers: &mut HeaderMap, open: bool) {
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if !open {
        // What one person may see must not stay in a shared cache, or behind "back" after signing out.
        set(header::CACHE_CONTROL, "no-store");
    }
}
