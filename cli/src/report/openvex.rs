//! OpenVEX 0.2.0: each finding is still under investigation, and what was settled is
//! told again as it was.

use super::Report;
use crate::Failure;
use crate::scan::Hit;
use bom::vex::{self, Identity, Product, Statement, Status, Vex};

/// The report; empty of statements it would be none, so nothing found is an error.
///
/// # Errors
/// [`Failure`] where nothing was found.
pub fn report(report: &Report<'_>) -> Result<Vec<u8>, Failure> {
    let open = report.hits().map(|(_, hit)| statement(hit, Status::InTriage));
    let settled = report.settled().map(|(_, hit, why)| Statement {
        justification: why.justification,
        detail: why.detail.clone(),
        ..statement(hit, why.status)
    });
    let document = Vex {
        id: Some(format!("urn:uuid:{}", uuid::Uuid::new_v4())),
        author: Some("bomwarden scan".to_owned()),
        issued: Some(report.at),
        tool: Some(format!("bomwarden {}", env!("CARGO_PKG_VERSION"))),
        statements: open.chain(settled).collect(),
        ..Vex::default()
    };
    if document.statements.is_empty() {
        return Err(
            Failure::new("nothing was found, and an OpenVEX document states one thing at least").next("use another `--format`")
        );
    }
    vex::write(&document, "openvex").map(|written| written.bytes).map_err(|error| Failure::new(error.to_string()))
}

fn statement(hit: &Hit, status: Status) -> Statement {
    let names = std::iter::once(&hit.finding.id).chain(&hit.finding.aliases).cloned().collect();
    let product = Product { whole: Identity::of_text(&hit.purl), parts: Vec::new() };
    Statement::new(names, vec![product.into()], status)
}
