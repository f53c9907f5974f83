//! The tables as diesel sees them, a file for each family: the same on SQLite and
//! PostgreSQL. Times are milliseconds since the epoch, UTC.

mod advisories;
mod alerts;
mod inventory;
mod people;
mod projects;
mod watch;
mod work;

pub use advisories::*;
pub use alerts::*;
pub use inventory::*;
pub use people::*;
pub use projects::*;
pub use watch::*;
pub use work::*;

diesel::allow_tables_to_appear_in_same_query!(
    person,
    team,
    member,
    session,
    audit,
    project,
    release,
    token,
    slot,
    run,
    document,
    upload,
    registry,
    endpoint,
    origin,
    package,
    component,
    held,
    held_before,
    held_once,
    team_package,
    problem,
    alias,
    advisory,
    advisory_body,
    affected,
    matched,
    triage,
    rematch,
    recount,
    recheck,
    remark,
    vex_document,
    vex_statement,
    schedule,
    lease,
    feed,
    feed_refusal,
    event,
    watched,
    tenure,
    validator,
    verdict,
    registry_health,
    alert,
    alert_project,
    share,
    target,
    delivery,
    delivery_alert
);
