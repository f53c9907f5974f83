//! A document with something of everything that all three formats can say.

use crate::document::Status;
use crate::vex::{Identity, Justification, Product, Response, Statement, Vex};
use std::sync::Arc;

/// Statements of every status about components and a product.
pub(super) fn vex() -> Vex {
    let product = |text: &str| Arc::new(Product { whole: Identity::of_text(text), parts: Vec::new() });
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let at = "2024-03-01T00:00:00Z".parse().ok();
    let (left, right) = ("pkg:npm/%40scope/left@1.3.0", "pkg:cargo/right@0.2.0");
    Vex {
        id: Some("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".into()),
        version: Some("2".into()),
        title: Some("Status of vulnerabilities".into()),
        author: Some("Alice Adams".into()),
        author_address: Some("https://supplier.example".into()),
        issued: "2024-02-29T12:00:00Z".parse().ok(),
        updated: "2024-03-02T12:00:00Z".parse().ok(),
        tool: Some("bomwarden 0.1.0".into()),
        statements: vec![
            Statement {
                justification: Some(Justification::CodeNotReachable),
                detail: Some("never <called> & \"so\"".into()),
                at,
                ..Statement::new(
                    names(&["CVE-2024-0001", "GHSA-1111-1111-1111"]),
                    vec![product(left), product(right)],
                    Status::NotAffected,
                )
            },
            Statement {
                action: Some("Upgrade to 1.4.0.".into()),
                responses: vec![Response::Update],
                at,
                ..Statement::new(names(&["CVE-2024-0002"]), vec![product(left)], Status::Affected)
            },
            Statement { at, ..Statement::new(names(&["CVE-2024-0003"]), vec![product(right)], Status::Fixed) },
            Statement { at, ..Statement::new(names(&["RUSTSEC-2024-0004"]), vec![product(right)], Status::InTriage) },
        ],
        ..Vex::default()
    }
}
