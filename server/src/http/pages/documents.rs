//! The page of one document: how good it is, and what is wrong with it.

use super::{Shell, show};
use crate::error::AppError;
use crate::http::caller::SignedIn;
use crate::http::documents::Report;
use crate::services::Services;
use actix_web::{HttpResponse, web};
use askama::Template;
use bom::quality::{Answer, Verdict};

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/documents/{id}").get(document));
}

#[derive(Template)]
#[template(path = "document.html")]
struct DocumentPage {
    shell: Shell,
    id: String,
    report: Report,
    /// What the strict reader says, in a sentence.
    strict: &'static str,
    /// The scores in words: whole, NTIA, BSI.
    scores: [String; 3],
    elements: Vec<Line>,
}

/// How the document answers to one element, in words.
struct Line {
    element: &'static str,
    verdict: &'static str,
    weight: u8,
    reason: String,
}

async fn document(
    services: web::Data<Services>,
    SignedIn(visit): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = id.into_inner();
    let report = Report::on(&services, visit.viewer.clone(), id.clone()).await?;
    let report = report.ok_or_else(|| AppError::Missing("there is no such document".to_owned()))?;
    let quality = &report.quality;
    let scores = [quality.score, quality.ntia, quality.bsi]
        .map(|score| score.map_or_else(|| "cannot be told".to_owned(), |score| format!("{score} %")));
    let elements = quality.elements.iter().map(line).collect();
    let strict = match report.conforms {
        Some(true) => "The strict reader of its format takes it.",
        Some(false) => "The strict reader of its format has this against it:",
        None => "It was not checked:",
    };
    let shell = Shell::of(&visit, "projects", "Document");
    show(HttpResponse::Ok(), &DocumentPage { shell, id, strict, scores, elements, report })
}

fn line(answer: &Answer) -> Line {
    let verdict = match answer.verdict {
        Verdict::Met => "met",
        Verdict::Partly { .. } => "partly",
        Verdict::Missing => "missing",
        Verdict::CannotTell => "cannot tell",
    };
    Line { element: answer.element, verdict, weight: answer.weight, reason: answer.reason.clone() }
}
