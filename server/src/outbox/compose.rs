//! From what a message is to tell to the message: alerts as they stand, cut to the
//! projects of those who read it.

use super::{Services, StoreError};
use crate::alerts::message::{Item, Message, Project, Reason};
use crate::config::TargetConfig;
use crate::exposure::{self, Holder, Seen};
use crate::store::Db;
use crate::store::deliveries::claims::{Claimed, Told};
use crate::store::teams;
use crate::store::viewer::{Sight, Viewer};
use std::collections::BTreeSet;

/// Makes the message of a claim.
pub(super) async fn compose(services: &Services, target: &TargetConfig, claimed: Claimed) -> Result<Message, StoreError> {
    let Claimed { public_id, escalation, alerts, .. } = claimed;
    let teams: BTreeSet<i64> = alerts.iter().flat_map(|told| told.teams.clone()).collect();
    let reader = services.store.read(move |db| reader(db, &teams)).await?;
    let mut items = Vec::new();
    for told in &alerts {
        // What a team may see is what its message says.
        let viewer = Viewer { who: format!("target:{}", target.name), sight: Sight::Teams(told.teams.clone()) };
        let seen = exposure::one(services, &viewer, &told.alert.public_id).await?;
        items.push(item(told, escalation, seen)?);
    }
    Ok(Message { id: public_id, target: target.name.clone(), reader, base: services.config.base(), items })
}

/// Whose shares a message tells, for people.
fn reader(db: &mut Db, teams: &BTreeSet<i64>) -> Result<String, StoreError> {
    let ids: Vec<i64> = teams.iter().copied().collect();
    let names = teams::names(db, &ids)?;
    Ok(match names.as_slice() {
        [] => "the operator".to_owned(),
        [one] => format!("team {one}"),
        all => format!("teams {}", all.join(", ")),
    })
}

fn item(told: &Told, escalation: bool, seen: Option<Seen>) -> Result<Item, StoreError> {
    let alert = &told.alert;
    let (ended, taken_back) = (alert.state == "resolved", alert.state == "retracted");
    let reason = match (escalation, taken_back, told.first_told) {
        (true, ..) => Reason::Unanswered,
        (_, true, _) => Reason::TakenBack,
        (_, _, Some(_)) => Reason::Update,
        _ => Reason::New,
    };
    let (package, holders) = seen.map_or((None, Vec::new()), |seen| (seen.line.package, seen.holders));
    Ok(Item {
        code: alert.code.clone(),
        subject: alert.subject.clone(),
        package: package.map(|(ecosystem, name)| (ecosystem.to_owned(), name)),
        versions: alert.versions()?,
        severity: alert.severity(),
        reason,
        confirmed: alert.confirmed,
        headline: alert.headline.clone(),
        todo: if ended { format!("It has ended meanwhile: {}.", alert.reason) } else { alert.todo.clone() },
        due: told.due.filter(|_| alert.is_open() && !escalation),
        facts: alert.facts()?,
        unknown: alert.unknown()?,
        projects: holders.into_iter().map(|holder| project(holder, alert.opened_at)).collect(),
        revision: alert.revision,
        first_told: told.first_told,
        wrong: alert.reason.clone(),
    })
}

fn project(holder: Holder, opened_at: i64) -> Project {
    let named = holder.uses.iter().filter(|one| one.named).map(|one| one.version.clone());
    let versions: BTreeSet<String> = named.collect();
    Project {
        versions: if versions.is_empty() { holder.holds } else { versions.into_iter().collect() },
        path: holder.paths.first().cloned().unwrap_or_default(),
        from: holder.from_at.unwrap_or(opened_at),
        to: holder.until_at.filter(|_| !holder.now),
        runs: holder.runs,
        settled: holder.settled,
        name: holder.name,
    }
}
