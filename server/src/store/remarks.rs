//! What is said of names besides which versions they affect, and what that makes of the
//! problems that have these names: exploited, and how likely it is.

use super::components::CHUNK;
use super::db::each_backend;
use super::schema::{alias, event, matched, problem, remark};
use super::stored::Stored;
use super::{Db, StoreError, alerts, triage};
use bom::remark::{Remark, Said};
use diesel::prelude::*;
use diesel::upsert::excluded;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is known of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = remark)]
#[diesel(treat_none_as_default_value = false)]
struct Known {
    name: String,
    exploited_at: Option<i64>,
    ransomware: bool,
    exploited_said: i64,
    likelihood: Option<i64>,
    likelihood_said: i64,
}

impl Known {
    /// Takes in a remark that is not older than what is known.
    fn take(&mut self, remark: &Remark) {
        let at = remark.at.timestamp_millis();
        match remark.said {
            Said::Exploited { since, ransomware } if at >= self.exploited_said => {
                (self.exploited_at, self.ransomware, self.exploited_said) = (Some(since.timestamp_millis()), ransomware, at);
            }
            Said::Likelihood(parts) if at >= self.likelihood_said => {
                (self.likelihood, self.likelihood_said) = (Some(i64::from(parts)), at);
            }
            _ => {}
        }
    }

    /// Whether it says the same, whenever that was said.
    fn says(&self, other: &Self) -> bool {
        (self.exploited_at, self.ransomware, self.likelihood) == (other.exploited_at, other.ransomware, other.likelihood)
    }
}

/// Stores remarks of a feed, and what they make of the problems that have these names.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn store(db: &mut Db, feed: &str, remarks: &[Remark], now: i64) -> Result<Stored, StoreError> {
    let names: BTreeSet<&str> = remarks.iter().map(|remark| remark.name.as_str()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for chunk in names.chunks(CHUNK) {
        let rows: Vec<Known> = remark::table.filter(remark::name.eq_any(chunk)).select(Known::as_select()).load(db)?;
        known.extend(rows.into_iter().map(|row| (row.name.clone(), row)));
    }
    let before = known.clone();
    for remark in remarks {
        let new = || Known { name: remark.name.clone(), ..Known::default() };
        known.entry(remark.name.clone()).or_insert_with(new).take(remark);
    }
    let written: Vec<&Known> = known.values().filter(|row| before.get(&row.name) != Some(row)).collect();
    for chunk in written.chunks(CHUNK) {
        each_backend!(db, c => diesel::insert_into(remark::table)
            .values(chunk.to_vec())
            .on_conflict(remark::name)
            .do_update()
            .set((
                remark::exploited_at.eq(excluded(remark::exploited_at)),
                remark::ransomware.eq(excluded(remark::ransomware)),
                remark::exploited_said.eq(excluded(remark::exploited_said)),
                remark::likelihood.eq(excluded(remark::likelihood)),
                remark::likelihood_said.eq(excluded(remark::likelihood_said)),
            ))
            .execute(c)?);
    }
    let new = written.iter().filter(|row| !before.contains_key(&row.name)).count();
    let news: Vec<&str> = written
        .iter()
        .filter(|row| before.get(&row.name).is_none_or(|old| !old.says(row)))
        .map(|row| row.name.as_str())
        .collect();
    let mut problems: Vec<i64> = Vec::new();
    for chunk in news.chunks(CHUNK) {
        problems.extend(alias::table.filter(alias::name.eq_any(chunk)).select(alias::problem_id).distinct().load::<i64>(db)?);
    }
    apply(db, feed, &problems, now)?;
    Ok(Stored { new, changed: news.len() - new, unchanged: remarks.len() - news.len() })
}

/// What one problem's names amount to.
type Amount = (Option<i64>, Option<i64>);

/// Gives problems what the remarks on their names amount to. One that stands in some
/// component and is exploited from now on became worse.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn apply(db: &mut Db, feed: &str, problems: &[i64], now: i64) -> Result<(), StoreError> {
    let mut worse = Vec::new();
    for chunk in problems.chunks(CHUNK) {
        let said: Vec<(i64, Option<i64>, Option<i64>)> = alias::table
            .inner_join(remark::table.on(remark::name.eq(alias::name)))
            .filter(alias::problem_id.eq_any(chunk))
            .select((alias::problem_id, remark::exploited_at, remark::likelihood))
            .load(db)?;
        let mut wanted: HashMap<i64, Amount> = HashMap::new();
        for (id, exploited, likelihood) in said {
            let amount = wanted.entry(id).or_default();
            amount.0 = [amount.0, exploited].into_iter().flatten().min();
            amount.1 = amount.1.max(likelihood);
        }
        let standing: Vec<(i64, Option<i64>, Option<i64>)> = problem::table
            .filter(problem::id.eq_any(chunk))
            .select((problem::id, problem::exploited_at, problem::likelihood))
            .load(db)?;
        for (id, exploited, likelihood) in standing {
            let amount = wanted.get(&id).copied().unwrap_or_default();
            if amount == (exploited, likelihood) {
                continue;
            }
            let row = diesel::update(problem::table.find(id));
            row.set((problem::exploited_at.eq(amount.0), problem::likelihood.eq(amount.1))).execute(db)?;
            if exploited.is_none() && amount.0.is_some() {
                worse.push((id, serde_json::json!({"exploited": true}).to_string()));
            }
        }
    }
    became_worse(db, &worse, now)?;
    triage::follow::outgrown(db, &worse.iter().map(|(id, _)| *id).collect::<Vec<_>>(), now)?;
    let worse: Vec<i64> = worse.into_iter().map(|(id, _)| id).collect();
    alerts::matches::weighed(db, &worse, feed, now)
}

/// Records that problems became worse, where they stand in some component.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn became_worse(db: &mut Db, problems: &[(i64, String)], now: i64) -> Result<(), StoreError> {
    for (id, detail) in problems {
        let open = matched::table.filter(matched::problem_id.eq(id)).filter(matched::gone_at.is_null());
        if diesel::select(diesel::dsl::exists(open)).get_result::<bool>(db)? {
            let row = (
                event::key.eq(format!("finding-worse:{id}:{now}:{detail}")),
                event::kind.eq("finding-worse"),
                event::at.eq(now),
                event::problem_id.eq(id),
                event::detail.eq(detail),
            );
            each_backend!(db, c => diesel::insert_into(event::table).values(row).on_conflict_do_nothing().execute(c)?);
        }
    }
    Ok(())
}
