//! What the demo claims, for a checker that knows nothing of how it came about.

use super::build::Built;
use super::expectation::findings;
use serde_json::{Value, json};

/// The claims.
pub struct Report {
    /// The server.
    pub url: String,
    /// Whom to sign in as.
    pub login: String,
    /// With what.
    pub password: String,
    /// What simulated names end with.
    pub suffix: String,
    /// What was built and sent.
    pub built: Vec<Built>,
    /// What the watch must know of packages.
    pub watched: Value,
    /// What must have been told.
    pub messages: Value,
}

impl Report {
    /// The claims as JSON.
    ///
    /// # Errors
    /// When a record of the demo cannot be read.
    pub fn to_json(&self) -> anyhow::Result<String> {
        let projects = self.built.iter().map(project).collect::<anyhow::Result<Vec<Value>>>()?;
        let mut report = json!({"url": self.url, "login": self.login, "password": self.password, "suffix": self.suffix});
        report["projects"] = projects.into();
        report["watched"] = self.watched.clone();
        report["messages"] = self.messages.clone();
        Ok(report.to_string())
    }
}

fn project(built: &Built) -> anyhow::Result<Value> {
    let listed = built.listed().into_iter();
    let packages: Vec<Value> =
        listed.map(|(ecosystem, name, version)| json!({"ecosystem": ecosystem, "name": name, "version": version})).collect();
    let findings: Vec<Value> = findings(built)?
        .iter()
        .map(|f| json!({"advisory": f.problem, "package": f.package, "version": f.version, "severity": f.severity.name()}))
        .collect();
    let ecosystem = built.ecosystem.unwrap_or_default();
    Ok(json!({"name": built.project, "ecosystem": ecosystem, "packages": packages, "findings": findings}))
}
