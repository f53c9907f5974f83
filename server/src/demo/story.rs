//! What happens in the demo, step by step on its own clock. The server knows nothing
//! of it: it asks its registry and its feed at its usual times.

use super::cast::{Cast, time};
use super::told::Inbox;
use crate::clock::{Clock as _, SteppedClock};
use crate::services::Services;
use crate::simulated::registry::{Fault, Release};
use crate::stop::Stop;
use crate::store::watched::{self, verdicts};
use crate::store::{Db, leases};
use crate::{advisories, outbox, watch};
use anyhow::Context;

/// When the demo begins.
pub const BEGIN: &str = "2026-08-19T12:00:00Z";
/// The first public advisory of the case that the takeover follows, and the bad version.
pub const ADVISORY: (&str, &str) = ("MAL-2026-90260", "2026-08-20T15:52:09Z");
/// The advisory that was a mistake.
pub const MISTAKE: &str = "MAL-2026-90077";

/// One step.
struct Step {
    at: &'static str,
    /// Whether it belongs to what a quiet demo leaves out.
    bad: bool,
    act: fn(&Cast) -> anyhow::Result<()>,
    then: Then,
}

/// What the server's own schedule does at that time.
#[derive(PartialEq)]
enum Then {
    Nothing,
    Look,
    Fetch,
}

const fn step(at: &'static str, then: Then, act: fn(&Cast) -> anyhow::Result<()>) -> Step {
    Step { at, bad: false, act, then }
}

const fn bad(at: &'static str, then: Then, act: fn(&Cast) -> anyhow::Result<()>) -> Step {
    Step { at, bad: true, act, then }
}

fn look(_: &Cast) -> anyhow::Result<()> {
    Ok(())
}

/// The story: a takeover, a hand-over in two steps, what only looks like one, and a
/// mistaken advisory that is taken back.
const STEPS: &[Step] = &[
    step(BEGIN, Then::Look, look),
    bad("2026-08-20T05:48:10Z", Then::Nothing, young_dependency),
    step("2026-08-20T06:00:00Z", Then::Look, look),
    step("2026-08-20T07:00:00Z", Then::Look, look),
    bad("2026-08-20T07:15:00Z", Then::Nothing, bad_version),
    bad("2026-08-20T07:17:02Z", Then::Nothing, good_versions_yanked),
    step("2026-08-20T08:00:00Z", Then::Look, look),
    bad("2026-08-20T08:41:40Z", Then::Nothing, taken_down),
    step("2026-08-20T09:00:00Z", Then::Look, look),
    step("2026-08-20T09:06:00Z", Then::Look, look),
    bad("2026-08-20T15:52:09Z", Then::Fetch, advisory),
    step("2026-08-20T16:10:00Z", Then::Look, look),
    bad("2026-09-07T10:00:00Z", Then::Nothing, second_owner),
    step("2026-09-08T11:00:00Z", Then::Look, look),
    bad("2026-09-10T10:00:00Z", Then::Nothing, first_owner_gone),
    step("2026-09-10T11:00:00Z", Then::Look, look),
    step("2026-09-10T11:06:00Z", Then::Look, look),
    step("2026-09-14T09:00:00Z", Then::Nothing, renamed),
    step("2026-09-15T10:00:00Z", Then::Look, look),
    step("2026-09-16T11:00:00Z", Then::Nothing, outage),
    step("2026-09-16T11:30:00Z", Then::Look, look),
    step("2026-09-16T12:30:00Z", Then::Look, look),
    step("2026-09-16T13:10:00Z", Then::Nothing, outage_over),
    step("2026-09-16T13:30:00Z", Then::Look, look),
    step("2026-09-20T09:00:00Z", Then::Fetch, mistake),
    step("2026-09-20T18:00:00Z", Then::Fetch, mistake_taken_back),
];

fn young_dependency(cast: &Cast) -> anyhow::Result<()> {
    let name = cast.name("slotref-macros");
    cast.registry.account(66, "slot-macros-publisher");
    cast.registry.owners(&name, &[66]);
    cast.registry.publish(&name, Release::new("1.0.106", time("2026-08-20T05:48:10Z"), 66, &[]));
    Ok(())
}

fn bad_version(cast: &Cast) -> anyhow::Result<()> {
    let needs = cast.name("slotref-macros");
    cast.registry.publish(&cast.name("slotref"), Release::new("0.3.10", time("2026-08-20T07:15:00Z"), 11, &[&needs]));
    Ok(())
}

fn good_versions_yanked(cast: &Cast) -> anyhow::Result<()> {
    let yanks = [("0.3.9", "2026-08-20T07:16:20Z"), ("0.3.8", "2026-08-20T07:16:41Z"), ("0.3.7", "2026-08-20T07:17:02Z")];
    yanks.iter().for_each(|(version, at)| cast.registry.yank(&cast.name("slotref"), version, 11, time(at)));
    Ok(())
}

fn taken_down(cast: &Cast) -> anyhow::Result<()> {
    cast.registry.remove(&cast.name("slotref"), "0.3.10");
    cast.registry.remove_package(&cast.name("slotref-macros"));
    Ok(())
}

fn advisory(cast: &Cast) -> anyhow::Result<()> {
    let (id, at) = ADVISORY;
    cast.record(id, "slotref", "0.3.10", at, None)
}

fn second_owner(cast: &Cast) -> anyhow::Result<()> {
    cast.registry.owners(&cast.name("millwheel"), &[21, 22]);
    Ok(())
}

fn first_owner_gone(cast: &Cast) -> anyhow::Result<()> {
    cast.registry.owners(&cast.name("millwheel"), &[22]);
    Ok(())
}

fn renamed(cast: &Cast) -> anyhow::Result<()> {
    cast.registry.account(31, "tomasz-of-pebbles");
    Ok(())
}

fn outage(cast: &Cast) -> anyhow::Result<()> {
    cast.registry.fault(Some(Fault::NoOwners));
    Ok(())
}

fn outage_over(cast: &Cast) -> anyhow::Result<()> {
    cast.registry.fault(None);
    Ok(())
}

fn mistake(cast: &Cast) -> anyhow::Result<()> {
    cast.record(MISTAKE, "harbourlight", "2.2.1", "2026-09-20T09:00:00Z", None)
}

fn mistake_taken_back(cast: &Cast) -> anyhow::Result<()> {
    cast.record(MISTAKE, "harbourlight", "2.2.1", "2026-09-20T09:00:00Z", Some("2026-09-20T18:00:00Z"))
}

/// Plays the story; without what is bad where the demo is to be quiet.
///
/// # Errors
/// From the server's parts.
pub async fn play(
    services: &Services,
    clock: &SteppedClock,
    cast: &Cast,
    inbox: &Inbox,
    quiet: bool,
    stop: &Stop,
) -> anyhow::Result<()> {
    for step in STEPS {
        clock.set(time(step.at).max(clock.now()));
        if !(quiet && step.bad) {
            (step.act)(cast).with_context(|| step.at.to_owned())?;
        }
        match step.then {
            Then::Nothing => {}
            Then::Look => look_at_all(services, stop).await?,
            Then::Fetch => {
                for feed in &services.config.feeds {
                    advisories::fetch(services, feed, stop).await?;
                }
            }
        }
        outbox::drain(services, stop).await?;
        inbox.note(clock);
    }
    Ok(())
}

/// Runs the watch until nothing is due, whoever of the jobs has a part in it.
async fn look_at_all(services: &Services, stop: &Stop) -> anyhow::Result<()> {
    const TRIES: usize = 1200;
    for _ in 0..TRIES {
        watch::run(services, stop).await?;
        let now = services.clock.millis();
        let ask = |db: &mut Db| Ok((watched::next_of_all(db)?, leases::is_held(db, "watch:")?));
        let (next, held) = services.store.read(ask).await?;
        if !held && next.is_none_or(|next| next > now) {
            return Ok(());
        }
        // A job of the server has the lane at this moment, and looks.
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    anyhow::bail!("the watch does not come to an end")
}

/// How long before the first public advisory the watch told of the takeover.
///
/// # Errors
/// From the database.
pub async fn lead(services: &Services, cast: &Cast) -> anyhow::Result<String> {
    let name = cast.name("slotref");
    let told = services.store.read(move |db| verdicts::first_told(db, &name, "0.3.10")).await?;
    let (id, published) = ADVISORY;
    Ok(match told {
        None => format!("nothing was told of {}", cast.name("slotref")),
        Some(at) => {
            let lead = (time(published).timestamp_millis() - at) / 60_000;
            format!(
                "{} 0.3.10 was told {} h {} min before its first public advisory ({id}, {published})",
                cast.name("slotref"),
                lead / 60,
                lead % 60
            )
        }
    })
}
