//! The report against `/v1`: neither side may have what the other lacks.

use crate::Fault;
use crate::http::Client;
use crate::json::Json;
use crate::report::{Finding, Package, Project, Report};
use std::fmt::Debug;

/// Finds the report's projects in `GET /v1/projects`; each with its id.
///
/// # Errors
/// When the list cannot be read.
pub fn projects<'a>(api: &mut Client, report: &'a Report, faults: &mut Vec<Fault>) -> Result<Vec<(&'a Project, String)>, Fault> {
    let listed = api.list("/v1/projects")?;
    let id = |name: &str| listed.iter().find(|project| project.get("name").text() == name).map(|p| p.get("id").text().to_owned());
    let mut found = Vec::new();
    for project in &report.projects {
        match id(&project.name) {
            Some(id) => found.push((project, id)),
            None => faults.push(format!("/v1 has no project `{}`", project.name)),
        }
    }
    for name in listed.iter().map(|project| project.get("name").text()) {
        if !report.projects.iter().any(|project| project.name == name) {
            faults.push(format!("/v1 has a project `{name}` that the report does not name"));
        }
    }
    Ok(found)
}

/// Compares a project's packages with `GET /v1/projects/{id}/components`.
///
/// # Errors
/// When the list cannot be read.
pub fn packages(api: &mut Client, project: &Project, id: &str, faults: &mut Vec<Fault>) -> Result<(), Fault> {
    let listed = api.list(&format!("/v1/projects/{id}/components"))?;
    let mut there: Vec<Package> = listed.iter().map(package).collect();
    there.sort();
    there.dedup();
    differ(&project.name, "package", &project.packages, &there, faults);
    Ok(())
}

/// Compares a project's findings with `GET /v1/projects/{id}/findings`.
///
/// # Errors
/// When the list cannot be read.
pub fn findings(api: &mut Client, project: &Project, id: &str, faults: &mut Vec<Fault>) -> Result<(), Fault> {
    let listed = api.list(&format!("/v1/projects/{id}/findings"))?;
    let mut there: Vec<Finding> = listed.iter().map(finding).collect();
    there.sort();
    there.dedup();
    differ(&project.name, "finding", &project.findings, &there, faults);
    Ok(())
}

fn package(item: &Json) -> Package {
    let package = item.get("package");
    Package {
        ecosystem: package.get("ecosystem").text().to_owned(),
        name: package.get("name").text().to_owned(),
        version: item.get("version").text().to_owned(),
    }
}

fn finding(item: &Json) -> Finding {
    Finding {
        advisory: item.get("problem").text().to_owned(),
        package: item.get("package").get("name").text().to_owned(),
        version: item.get("version").text().to_owned(),
        severity: item.get("severity").text().to_owned(),
    }
}

fn differ<T: Ord + Debug>(project: &str, what: &str, claimed: &[T], there: &[T], faults: &mut Vec<Fault>) {
    for one in claimed.iter().filter(|one| there.binary_search(one).is_err()) {
        faults.push(format!("project `{project}`: /v1 lacks the {what} {one:?}"));
    }
    for one in there.iter().filter(|one| claimed.binary_search(one).is_err()) {
        faults.push(format!("project `{project}`: /v1 has a {what} that the report does not name: {one:?}"));
    }
}
