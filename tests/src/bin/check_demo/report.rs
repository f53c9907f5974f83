//! What the demo claims, and what it must claim at least.

use crate::Fault;
use crate::json::Json;

/// The demo's report.
pub struct Report {
    /// The server's address.
    pub url: String,
    /// Whom to sign in as.
    pub login: String,
    /// With what.
    pub password: String,
    /// What every simulated name ends with.
    pub suffix: String,
    /// The projects.
    pub projects: Vec<Project>,
    /// Packages that were watched.
    pub watched: Vec<Watched>,
    /// What must have been told, and where it lies.
    pub messages: Messages,
}

/// What must have been told, and where it lies.
pub struct Messages {
    /// The folder of the mails.
    pub mails: String,
    /// The file of the posts.
    pub posts: String,
    /// What must be found in both.
    pub told: Vec<Told>,
    /// Packages of which nothing must be found.
    pub untold: Vec<String>,
}

/// What must have been told of a package.
pub struct Told {
    /// The package's name.
    pub name: String,
    /// The alert's kind.
    pub kind: String,
    /// Words that must be found in messages about it.
    pub words: Vec<String>,
    /// The projects that it concerns, sorted.
    pub projects: Vec<String>,
}

/// What is known of a watched package; every list sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// The ecosystem's OSV name.
    pub ecosystem: String,
    /// The name.
    pub name: String,
    /// The logins of its owners now.
    pub now: Vec<String>,
    /// The logins of owners that are gone.
    pub gone: Vec<String>,
    /// What was told: the version, empty for the package as such, and the signal.
    pub told: Vec<(String, String)>,
}

/// A project of the demo.
pub struct Project {
    /// Its name.
    pub name: String,
    /// The ecosystem that it is a sample of; empty for none.
    pub ecosystem: String,
    /// The packages that it holds.
    pub packages: Vec<Package>,
    /// The findings in it.
    pub findings: Vec<Finding>,
}

/// A package at a version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// The ecosystem's OSV name.
    pub ecosystem: String,
    /// The name.
    pub name: String,
    /// The version.
    pub version: String,
}

/// An advisory that says something of a package at a version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The advisory's id.
    pub advisory: String,
    /// The package's name.
    pub package: String,
    /// The version.
    pub version: String,
    /// `malicious`, `critical`, `high`, `medium`, `low` or `unknown`.
    pub severity: String,
}

/// Reads a report.
///
/// # Errors
/// Names what is missing.
pub fn read(json: &Json) -> Result<Report, Fault> {
    let need = |name: &str| match json.get(name).text() {
        "" => Err(format!("the report has no `{name}`")),
        text => Ok(text.to_owned()),
    };
    let projects: Vec<Project> = json.get("projects").items().iter().map(project).collect();
    if projects.is_empty() {
        return Err("the report has no `projects`".to_owned());
    }
    let watched = json.get("watched").items().iter().map(watched).collect();
    let (url, login, password, suffix) = (need("url")?, need("login")?, need("password")?, need("suffix")?);
    let messages = messages(json.get("messages"));
    Ok(Report { url, login, password, suffix, projects, watched, messages })
}

fn messages(json: &Json) -> Messages {
    let told = |one: &Json| Told {
        name: one.get("name").text().to_owned(),
        kind: one.get("kind").text().to_owned(),
        words: one.get("words").items().iter().map(|word| word.text().to_owned()).collect(),
        projects: sorted(one, "projects"),
    };
    Messages {
        mails: json.get("mails").text().to_owned(),
        posts: json.get("posts").text().to_owned(),
        told: json.get("told").items().iter().map(told).collect(),
        untold: sorted(json, "untold"),
    }
}

fn sorted(json: &Json, name: &str) -> Vec<String> {
    let mut texts: Vec<String> = json.get(name).items().iter().map(|item| item.text().to_owned()).collect();
    texts.sort();
    texts
}

fn watched(json: &Json) -> Watched {
    let told = json.get("told").items().iter();
    let mut told: Vec<(String, String)> =
        told.map(|one| (one.get("version").text().to_owned(), one.get("signal").text().to_owned())).collect();
    told.sort();
    let text = |name: &str| json.get(name).text().to_owned();
    Watched { ecosystem: text("ecosystem"), name: text("name"), now: sorted(json, "now"), gone: sorted(json, "gone"), told }
}

fn project(json: &Json) -> Project {
    let text = |json: &Json, name: &str| json.get(name).text().to_owned();
    let package = |p: &Json| Package { ecosystem: text(p, "ecosystem"), name: text(p, "name"), version: text(p, "version") };
    let finding = |f: &Json| Finding {
        advisory: text(f, "advisory"),
        package: text(f, "package"),
        version: text(f, "version"),
        severity: text(f, "severity"),
    };
    let mut packages: Vec<Package> = json.get("packages").items().iter().map(package).collect();
    let mut findings: Vec<Finding> = json.get("findings").items().iter().map(finding).collect();
    packages.sort();
    findings.sort();
    Project { name: text(json, "name"), ecosystem: text(json, "ecosystem"), packages, findings }
}

/// What a demo promises whatever its seed: two findings in each ecosystem of the
/// samples, a malicious package, and names that end with the seed's suffix.
pub fn promises(report: &Report) -> Vec<Fault> {
    let mut faults = Vec::new();
    for ecosystem in ["crates.io", "npm", "PyPI"] {
        let of = report.projects.iter().filter(|project| project.ecosystem == ecosystem);
        let count: usize = of.map(|project| project.findings.len()).sum();
        if count < 2 {
            faults.push(format!("the samples of {ecosystem} show {count} findings; the demo promises two"));
        }
    }
    if !report.projects.iter().flat_map(|project| &project.findings).any(|finding| finding.severity == "malicious") {
        faults.push("no finding is a malicious package; the demo promises one".to_owned());
    }
    for project in &report.projects {
        if project.packages.is_empty() {
            faults.push(format!("project `{}` holds no package", project.name));
        }
        if !project.ecosystem.is_empty() && !project.name.ends_with(&report.suffix) {
            faults.push(format!("project `{}` does not end with the suffix `{}`", project.name, report.suffix));
        }
    }
    faults
}
