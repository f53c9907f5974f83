//! The report against the pages, read as text: what a person can see.

use crate::Fault;
use crate::http::{Answer, Client};
use crate::report::{Project, Report};

/// Signs in through the form.
///
/// # Errors
/// When the form does not let us in.
pub fn sign_in(browser: &mut Client, report: &Report) -> Result<(), Fault> {
    let form = browser.get("/sign-in")?;
    if form.status != 200 || !form.body.contains("name=\"password\"") {
        return Err(format!("/sign-in answers {} and shows no form", form.status));
    }
    let entered = browser.post("/sign-in", &[("login", &report.login), ("password", &report.password), ("next", "/projects")])?;
    if !(300..400).contains(&entered.status) || entered.header("location") != "/projects" {
        return Err(format!("signing in as `{}` answers {}, not the way to /projects", report.login, entered.status));
    }
    Ok(())
}

/// Looks for every project in the list of projects.
///
/// # Errors
/// When the list cannot be had.
pub fn projects(browser: &mut Client, report: &Report, faults: &mut Vec<Fault>) -> Result<(), Fault> {
    let seen = whole(browser, "/projects")?;
    for project in report.projects.iter().filter(|project| !seen.contains(&project.name)) {
        faults.push(format!("/projects does not show `{}`", project.name));
    }
    Ok(())
}

/// Looks for a project's packages and findings on its pages.
///
/// # Errors
/// When a page cannot be had.
pub fn project(browser: &mut Client, project: &Project, id: &str, faults: &mut Vec<Fault>) -> Result<(), Fault> {
    let inventory = whole(browser, &format!("/projects/{id}/inventory"))?;
    for package in &project.packages {
        if !row(&inventory, &[&package.name, &package.version]) {
            faults.push(format!("the inventory of `{}` does not show {} {}", project.name, package.name, package.version));
        }
    }
    let findings = whole(browser, &format!("/projects/{id}"))?;
    for finding in &project.findings {
        if !row(&findings, &[&finding.advisory, &finding.package, &finding.version]) {
            faults.push(format!(
                "the page of `{}` does not show {} in {} {}",
                project.name, finding.advisory, finding.package, finding.version
            ));
        }
    }
    Ok(())
}

/// Whether one row of a table has all these texts.
fn row(page: &str, texts: &[&str]) -> bool {
    page.split("<tr").any(|row| texts.iter().all(|text| row.contains(text)))
}

/// The body of a page and of all that its "next" links lead to, with entities resolved.
fn whole(browser: &mut Client, path: &str) -> Result<String, Fault> {
    let mut seen = String::new();
    let mut next = path.to_owned();
    for _ in 0..1000 {
        let page = browser.get(&next)?;
        if page.status != 200 {
            return Err(format!("GET {next} answers {}", page.status));
        }
        let link = next_link(&page);
        seen += &resolved(&page.body);
        match link {
            Some(link) if link.starts_with('?') => next = format!("{path}{link}"),
            Some(link) => next = link,
            None => return Ok(seen),
        }
    }
    Err(format!("{path} has no last page"))
}

/// Where `<a rel="next" href="…">` leads.
fn next_link(page: &Answer) -> Option<String> {
    let tag = page
        .body
        .split("<a ")
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap_or(""))
        .find(|tag| tag.contains("rel=\"next\""))?;
    let (_, rest) = tag.split_once("href=\"")?;
    Some(resolved(rest.split('"').next()?))
}

/// A text with the entities resolved that templates write.
fn resolved(text: &str) -> String {
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    pairs.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

#[test]
fn a_next_link_is_found_and_its_entities_are_resolved() {
    let body = "<a href=\"/x\">x</a><a rel=\"next\" href=\"?after=a&amp;limit=2\">Next</a>".to_owned();
    let page = Answer { status: 200, headers: Vec::new(), body };
    assert_eq!(next_link(&page).as_deref(), Some("?after=a&limit=2"));
    assert!(row("<tr><td>serde</td><td>1.0</td></tr><tr>other", &["serde", "1.0"]));
    assert!(!row("<tr>serde</tr><tr>1.0</tr>", &["serde", "1.0"]));
}
