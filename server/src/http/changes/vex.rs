//! Takes a VEX document into a project: what it states of the project's findings becomes
//! the decisions of the person who gives it. What is left is told with its reason, and a
//! person's own word is never replaced.

use super::triage::follow;
use super::{Refusal, one_project, transact};
use crate::auth::sessions::Visit;
use crate::clock::from_millis;
use crate::error::AppError;
use crate::services::Services;
use crate::store::Db;
use crate::store::triage::{self, Decided, NewDecision, Place};
use crate::store::views::exchange::{self, Held};
use bom::advisory::Severity;
use bom::purl::Purl;
use bom::triage::Decision;
use bom::vex::{Said, Statement, Statements, Status, Thing, Vex};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What became of a document.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Imported {
    /// Decisions that stand from now on.
    pub decided: Vec<Made>,
    /// Decisions that stood already, word for word.
    pub unchanged: Vec<Made>,
    /// What made no decision, and why.
    pub left: Vec<Left>,
}

/// A decision that a document made.
#[derive(Clone, Debug, Serialize)]
pub struct Made {
    /// Its id.
    pub id: String,
    /// The problem.
    pub problem: String,
    /// The package, without a version: a decision is about every one that is held.
    pub package: String,
    /// What was decided.
    pub status: String,
}

/// Something that made no decision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Left {
    /// The problem.
    pub problem: String,
    /// What it is about.
    pub about: String,
    /// Why.
    pub reason: String,
}

/// What a document is taken into.
#[derive(Clone, Debug, Default)]
pub struct Product {
    /// What the project is called where it is a product: a purl, or another name in the document.
    pub named: Option<String>,
}

impl Product {
    fn purl(&self) -> Option<Purl> {
        self.named.as_ref().and_then(|text| text.parse().ok())
    }

    fn thing<'a>(&'a self, project: &'a str, purl: Option<&'a Purl>) -> Thing<'a> {
        Thing { purl, name: project, iri: self.named.as_deref(), ..Thing::default() }
    }
}

/// Takes `vex` into a project, by its id or name.
///
/// # Errors
/// [`AppError`] for a project that the person may not see, or a document that its author took back.
pub async fn import(services: &Services, visit: &Visit, project: &str, vex: Vex, product: Product) -> Result<Imported, AppError> {
    if vex.withdrawn {
        return Err(AppError::Invalid("its author took this document back; it states nothing any more".to_owned()));
    }
    let (viewer, project, now) = (visit.viewer.clone(), project.to_owned(), services.clock.millis());
    let source = source(&vex);
    let statements = Arc::new(Statements::of(vec![vex]));
    let answer = transact(services, move |db| {
        let project = one_project(db, &viewer, &project)?;
        let found = exchange::of_project(db, project.id, now)?;
        let mut imported = Imported::default();
        let mut places: BTreeMap<(i64, i64), Vec<&Held>> = BTreeMap::new();
        found.iter().for_each(|held| places.entry((held.problem_id, held.package_id)).or_default().push(held));
        for ((problem_id, package_id), held) in places {
            let place = Place { problem_id, package_id, project_id: Some(project.id) };
            match wish(&statements, &project.name, &product, &held) {
                Wish::Nothing => {}
                Wish::Left(reason) => imported.leave(held.first().copied(), reason),
                Wish::New(decision, detail) => {
                    let new = NewDecision { decision, detail, source: Some(source.clone()) };
                    one(db, place, &new, &held, &viewer.who, now, &mut imported)?;
                }
            }
        }
        imported.left.extend(about_nothing(&statements, &found, &project.name, &product));
        Ok(imported)
    });
    let answer = answer.await?;
    follow(services, false).await?;
    Ok(answer)
}

/// Where a decision came from, as its history shows it.
fn source(vex: &Vex) -> String {
    let id = vex.id.as_deref().unwrap_or("without an id");
    let author = vex.author.as_ref().map(|author| format!(" by {author}")).unwrap_or_default();
    let text: String = format!("{} {id}{author}", vex.format).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.chars().take(300).collect()
}

/// What a document wants of a finding.
enum Wish {
    Nothing,
    Left(String),
    New(Decision, String),
}

/// What is stated of a problem in all components of a package: one decision is for all of them.
fn wish(statements: &Statements, project: &str, product: &Product, held: &[&Held]) -> Wish {
    let purl = product.purl();
    let whole = product.thing(project, purl.as_ref());
    let said = |held: &&Held| {
        let part = Thing { purl: Some(&held.purl), ..Thing::default() };
        statements.said(held.names.iter().map(String::as_str), Some(&whole), &part)
    };
    let all: Vec<Option<Said<'_>>> = held.iter().map(said).collect();
    let Some(first) = all.iter().flatten().next() else { return Wish::Nothing };
    if let Some(missing) = held.iter().zip(&all).find(|(_, said)| said.is_none()) {
        return Wish::Left(format!(
            "a decision is about every version that is held, and nothing is stated of {}",
            missing.0.purl
        ));
    }
    let same = |said: &Said<'_>| {
        (said.statement.status, said.statement.justification) == (first.statement.status, first.statement.justification)
    };
    if !all.iter().flatten().all(same) {
        return Wish::Left("different things are stated of the versions that are held".to_owned());
    }
    let (decision, detail) = decision(first.statement);
    Wish::New(decision, detail)
}

/// The decision that a statement is, and its words.
fn decision(statement: &Statement) -> (Decision, String) {
    let detail = statement.detail.clone().or_else(|| statement.action.clone()).unwrap_or_default();
    let decision = match statement.status {
        Status::InTriage => Decision::InTriage,
        Status::Affected => Decision::Affected,
        Status::Fixed => Decision::Fixed,
        Status::FalsePositive => Decision::FalsePositive,
        Status::NotAffected => Decision::NotAffected(statement.justification),
    };
    (decision, detail.chars().take(triage::LONGEST_DETAIL / 4).collect())
}

fn one(
    db: &mut Db,
    place: Place,
    new: &NewDecision,
    held: &[&Held],
    who: &str,
    now: i64,
    imported: &mut Imported,
) -> Result<(), Refusal> {
    let Some(first) = held.first().copied() else { return Ok(()) };
    if let Some(standing) = first.decision.as_ref().filter(|standing| standing.source.is_none()) {
        let reason = format!("a person's word stands: {} ({})", standing.status, standing.decided_by);
        imported.leave(Some(first), reason);
        return Ok(());
    }
    let weight = triage::weight(db, place.problem_id)?;
    if weight.severity == Severity::Malicious && new.decision.settles() {
        imported.leave(Some(first), "the package was made to harm: a document settles no such finding".to_owned());
        return Ok(());
    }
    if let Err(mistake) = new.decision.check(&new.detail, weight, from_millis(now)) {
        imported.leave(Some(first), mistake.to_string());
        return Ok(());
    }
    let made = |triage: triage::Triage| Made {
        id: triage.public_id,
        problem: first.problem.clone(),
        package: package(first),
        status: triage.status,
    };
    match triage::decide(db, place, new, who, now)? {
        Decided::New(triage) => imported.decided.push(made(triage)),
        Decided::Same(triage) => imported.unchanged.push(made(triage)),
    }
    Ok(())
}

/// The package of a finding, without a version.
fn package(held: &Held) -> String {
    held.purl.package().to_string()
}

impl Imported {
    fn leave(&mut self, held: Option<&Held>, reason: String) {
        let (problem, about) = held.map(|held| (held.problem.clone(), package(held))).unwrap_or_default();
        self.left.push(Left { problem, about, reason });
    }
}

/// Statements about what the project does not hold, or does not hold as the product that they name.
fn about_nothing(statements: &Statements, found: &[Held], project: &str, called: &Product) -> BTreeSet<Left> {
    let mut left = BTreeSet::new();
    let purl = called.purl();
    let whole = called.thing(project, purl.as_ref());
    let known: BTreeSet<String> = found.iter().flat_map(|held| &held.names).map(|name| name.to_ascii_uppercase()).collect();
    for (statement, product) in
        statements.all().flat_map(|statement| statement.products.iter().map(move |product| (statement, product)))
    {
        let names_known = statement.names.iter().any(|name| known.contains(&name.to_ascii_uppercase()));
        let parts = if product.parts.is_empty() { std::slice::from_ref(&product.whole) } else { product.parts.as_slice() };
        let is_held = |held: &Held| parts.iter().any(|part| part.is(&Thing { purl: Some(&held.purl), ..Thing::default() }));
        let reason = match (names_known, found.iter().any(is_held)) {
            (true, true) if product.parts.is_empty() || product.whole.is(&whole) => continue,
            (true, true) => format!(
                "it is about the product `{}`, and holds where the project is called so: `?product=`",
                product.whole.shown()
            ),
            _ => "the project has no such finding".to_owned(),
        };
        let about = parts.first().map(bom::vex::Identity::shown).unwrap_or_default();
        left.insert(Left { problem: statement.names.first().cloned().unwrap_or_default(), about, reason });
        if left.len() >= MOST_LEFT {
            break;
        }
    }
    left
}

/// Statements about nothing that are told.
const MOST_LEFT: usize = 1000;
