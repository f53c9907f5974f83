//! What the watch knows of packages: the report against `/v1/packages`, and against the
//! package's page.

use crate::Fault;
use crate::http::Client;
use crate::json::{self, Json};
use crate::report::{Report, Watched};

/// Compares every package that the report speaks of, through `/v1` and on its page.
///
/// # Errors
/// When an answer cannot be read.
pub fn packages(api: &mut Client, browser: &mut Client, report: &Report, faults: &mut Vec<Fault>) -> Result<(), Fault> {
    for claimed in &report.watched {
        let question = format!("?ecosystem={}&name={}", claimed.ecosystem, claimed.name);
        let answer = api.get(&format!("/v1/packages{question}"))?;
        let there = known(&json::read(&answer.body).map_err(|error| format!("/v1/packages{question}: {error}"))?, claimed);
        if there != *claimed {
            faults.push(format!("/v1/packages{question}: the report claims {claimed:?}, there is {there:?}"));
        }
        let page = browser.get(&format!("/packages{question}"))?.body;
        let names = claimed.now.iter().chain(&claimed.gone).chain(claimed.told.iter().map(|(_, signal)| signal));
        for name in names.filter(|name| !page.contains(name.as_str())) {
            faults.push(format!("the page of {} does not show `{name}`", claimed.name));
        }
        if claimed.told.is_empty() && page.contains("What looks wrong") {
            faults.push(format!("the page of {} says that something looks wrong", claimed.name));
        }
    }
    Ok(())
}

fn known(answer: &Json, claimed: &Watched) -> Watched {
    let watch = answer.get("watch");
    let logins = |gone: bool| {
        let owners = watch.get("owners").items().iter().filter(|owner| (*owner.get("to") != Json::Null) == gone);
        let mut logins: Vec<String> = owners.map(|owner| owner.get("login").text().to_owned()).collect();
        logins.sort();
        logins
    };
    let standing = watch.get("verdicts").items().iter().filter(|verdict| *verdict.get("taken_back") == Json::Bool(false));
    let mut told: Vec<(String, String)> = standing
        .flat_map(|verdict| {
            let version = verdict.get("version").text().to_owned();
            verdict.get("facts").items().iter().map(move |fact| (version.clone(), fact.get("signal").text().to_owned()))
        })
        .collect();
    told.sort();
    let (ecosystem, name) = (claimed.ecosystem.clone(), claimed.name.clone());
    Watched { ecosystem, name, now: logins(false), gone: logins(true), told }
}
