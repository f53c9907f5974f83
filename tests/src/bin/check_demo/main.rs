//! Checks a running demo from outside: what its report claims must be found
//! through `/v1` and again in the pages, after signing in as a person would.
//!
//! Shares no code with the product and uses nothing but the standard library:
//! it speaks HTTP and reads JSON on its own, so that a mistake of ours cannot
//! agree with itself. `bomwarden-server demo --once --check check_demo` starts
//! it with the path of the report, which reads:
//!
//! ```json
//! { "url": "http://127.0.0.1:40001", "login": "alice", "password": "…", "suffix": "k3f9",
//!   "projects": [ { "name": "shop-k3f9", "ecosystem": "npm",
//!     "packages": [ { "ecosystem": "npm", "name": "left-pad", "version": "1.3.0" } ],
//!     "findings": [ { "advisory": "MAL-2025-1", "package": "left-pad", "version": "1.3.0", "severity": "malicious" } ] } ],
//!   "watched": [ { "ecosystem": "crates.io", "name": "wheel-k3f9", "now": ["bob"], "gone": ["alice"],
//!     "told": [ { "version": "", "signal": "owners-replaced" } ] } ],
//!   "messages": { "mails": "/tmp/…/mail", "posts": "/tmp/…/slack.jsonl", "untold": [ "cache-k3f9" ],
//!     "told": [ { "name": "wheel-k3f9", "kind": "ownership", "words": ["alice", "bob"], "projects": ["shop-k3f9"] } ] } }
//! ```

mod compare;
mod http;
mod json;
mod mail;
mod messages;
mod pages;
mod report;
mod watch;

use std::process::ExitCode;

/// What is wrong, or what could not be asked; one sentence.
pub type Fault = String;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("check_demo: name the demo's report: check_demo REPORT.json");
        return ExitCode::from(2);
    };
    match check(&path) {
        Ok((said, faults)) if faults.is_empty() => {
            println!("check: {said}");
            ExitCode::SUCCESS
        }
        Ok((_, faults)) => {
            for fault in &faults {
                eprintln!("check: {fault}");
            }
            eprintln!("check: {} things are not as the demo's report claims", faults.len());
            ExitCode::from(1)
        }
        Err(error) => {
            eprintln!("check: {error}");
            ExitCode::from(2)
        }
    }
}

fn check(path: &str) -> Result<(String, Vec<Fault>), Fault> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("`{path}`: {error}"))?;
    let report = report::read(&json::read(&text).map_err(|error| format!("`{path}`: {error}"))?)?;
    let mut faults = report::promises(&report);

    let mut api = http::Client::new(&report.url)?;
    api.sign_in(&report.login, &report.password)?;
    let listed = compare::projects(&mut api, &report, &mut faults)?;
    for (project, id) in &listed {
        compare::packages(&mut api, project, id, &mut faults)?;
        compare::findings(&mut api, project, id, &mut faults)?;
    }

    let mut browser = http::Client::new(&report.url)?;
    pages::sign_in(&mut browser, &report)?;
    pages::projects(&mut browser, &report, &mut faults)?;
    for (project, id) in &listed {
        pages::project(&mut browser, project, id, &mut faults)?;
    }

    watch::packages(&mut api, &mut browser, &report, &mut faults)?;
    let messages = messages::told(&mut api, &report.messages, &mut faults)?;

    let packages: usize = report.projects.iter().map(|project| project.packages.len()).sum();
    let findings: usize = report.projects.iter().map(|project| project.findings.len()).sum();
    let said = format!(
        "{} projects, {packages} packages, {findings} findings and what is known of {} watched packages are the same in the report, through /v1 and in the pages; {messages}",
        report.projects.len(),
        report.watched.len()
    );
    Ok((said, faults))
}
