//! `bomwarden-server demo`: the whole product on one machine in a minute. The
//! server, the command line, the database and the jobs are the real ones; only the
//! neighbours are simulated, and the clock, which jumps through a few weeks of 2026.

mod build;
mod cast;
mod decided;
mod expectation;
mod report;
mod story;
mod told;

use crate::auth::first_run::ensure_administrator;
use crate::auth::password::Passwords;
use crate::auth::tokens::{self, Fresh, Wish};
use crate::clock::SteppedClock;
use crate::config::{Address, Allowed, Config, FeedConfig};
use crate::services::Services;
use crate::store::tokens::Scope;
use crate::store::viewer::Viewer;
use crate::store::{Db, registries, teams, timeline};
use crate::watch::decisions;
use crate::{advisories, app, counts, rematch, stop};
use anyhow::Context;
use build::{Builder, Built};
use cast::Cast;
use report::Report;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;
use told::Inbox;

/// What the demo is asked for.
#[derive(Clone, Debug, clap::Args)]
pub struct Demo {
    /// End after the check instead of waiting for Ctrl-C
    #[arg(long)]
    once: bool,
    /// Make it repeatable: what simulated names end with follows from this number
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Let nothing bad happen to the packages: no takeover, no change of owners
    #[arg(long)]
    quiet: bool,
    /// Run this program with the path of the demo's report, and end with what it says
    #[arg(long, value_name = "PROGRAM")]
    check: Option<PathBuf>,
    /// Write what the database holds at the end to this file, a JSON value on each line
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
    /// The command-line tool [default: `bomwarden` beside this program]
    #[arg(long, value_name = "PROGRAM")]
    cli: Option<PathBuf>,
    /// Where to listen
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0")]
    listen: String,
}

/// Runs the demo. `false` when the check failed.
///
/// # Errors
/// What kept it from running.
pub async fn run(demo: Demo, database: Option<Address>) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir().context("a temporary folder cannot be made")?;
    let suffix = suffix(demo.seed);
    let cast = Cast::enter(&suffix).await?;
    let inbox = Inbox::open(&folder.path().join("inbox")).await?;
    let clock = SteppedClock::new(cast::time(story::BEGIN));
    let services = Services::open(config(&demo, database, folder.path(), &cast, &inbox)?, Arc::new(clock.clone()))?;
    let passwords = Passwords::default();
    let administrator = ensure_administrator(&services, &passwords)
        .await?
        .context("the database has people in it; give the demo an empty one with `--database`")?;
    let token = token(&services).await?;
    let running = app::start(&services).await?;
    let url = format!("http://{}", running.address);
    println!("server    {url}\nsign in   {} / {}\n", administrator.login, administrator.password);

    let builder = Builder { cli: demo.cli()?, folder: folder.path().to_owned(), url: url.clone(), token, suffix: suffix.clone() };
    let built = builder.all().await?;
    let (_stopper, stop) = stop::stop();
    for feed in &services.config.feeds {
        advisories::fetch(&services, feed, &stop).await?;
    }
    rematch::drain(&services).await?;
    counts::drain(&services).await?;
    decided::decisions(&services, &built).await?;
    approve(&services, &cast).await?;
    story::play(&services, &clock, &cast, &inbox, demo.quiet, &stop).await?;
    inbox.tell();
    tell(&services, &cast).await?;

    let (watched, messages) = (cast.watched(demo.quiet), inbox.claims(&cast, &built, demo.quiet));
    let claims = Report {
        watched,
        messages,
        url: url.clone(),
        login: administrator.login,
        password: administrator.password,
        suffix,
        built,
    };
    let good = demo.verdict(&claims, folder.path())?;
    if let Some(file) = &demo.export {
        app::export_to_file(&services, file).await?;
    }
    if !demo.once && demo.check.is_none() {
        println!("Open {url} and sign in. Ctrl-C ends the demo and removes what it made.");
        running.wait().await?;
    } else {
        running.stop().await?;
    }
    Ok(good)
}

fn config(demo: &Demo, database: Option<Address>, folder: &Path, cast: &Cast, inbox: &Inbox) -> anyhow::Result<Config> {
    let data = folder.join("data");
    let mut config = Config { listen: demo.address()?, data: data.clone(), ..Config::default() };
    inbox.set(&mut config);
    config.database = match database {
        Some(address) => address,
        None => Address::parse(&format!("sqlite:{}", data.join("bomwarden.db").display())).map_err(anyhow::Error::msg)?,
    };
    for address in [cast.feed.address(), cast.registry.address()] {
        config.outbound.allow.push(Allowed::Host(address.ip().to_string(), address.port()));
    }
    config.feeds.push(FeedConfig { name: "demo".to_owned(), from: cast.feed.url(), ..FeedConfig::default() });
    Ok(config)
}

/// A token for uploads, as an administrator would make it.
async fn token(services: &Services) -> anyhow::Result<String> {
    let (fresh, now) = (Fresh::draw()?, services.clock.millis());
    let made = services.store.write(move |db| {
        let Some(team) = teams::find(db, &Viewer::server(), "everyone")? else { return Ok(None) };
        let wish = Wish {
            name: "demo CI".to_owned(),
            scope: Scope::Upload,
            team_id: team.id,
            project_id: None,
            person_id: None,
            expires_at: None,
        };
        tokens::issue(db, &wish, &fresh, "demo", now).map(Some)
    });
    Ok(made.await?.context("the first team is missing")?.token)
}

/// Takes the administrator's decision on the registry that the samples name.
async fn approve(services: &Services, cast: &Cast) -> anyhow::Result<()> {
    let (decisions, now) = (decisions::read(&cast.approval())?, services.clock.millis());
    let decide = move |db: &mut Db| decisions.iter().try_for_each(|one| registries::decide(db, one, "demo", now).map(drop));
    Ok(services.store.write(decide).await?)
}

/// Prints what happened, from what the database recorded.
async fn tell(services: &Services, cast: &Cast) -> anyhow::Result<()> {
    let moments = services.store.read(|db| timeline::newest(db, 200)).await?;
    println!("WHAT HAPPENED");
    for moment in moments {
        let at = crate::clock::rfc3339(moment.at);
        println!("{at}  {:<18} {}  {}", moment.kind, moment.projects.join(", "), moment.text);
    }
    println!("{}", story::lead(services, cast).await?);
    Ok(())
}

/// What simulated names end with: five letters and digits, the same for the same seed.
fn suffix(seed: Option<u64>) -> String {
    use sha2::{Digest as _, Sha256};
    let seed = seed.unwrap_or_else(rand::random);
    let digest = Sha256::digest(seed.to_le_bytes());
    digest.iter().take(5).map(|byte| char::from_digit(u32::from(byte % 36), 36).unwrap_or('0')).collect()
}

impl Demo {
    /// Where to listen, with a port that is free now: links in messages name it.
    fn address(&self) -> anyhow::Result<String> {
        if !self.listen.ends_with(":0") {
            return Ok(self.listen.clone());
        }
        let free = std::net::TcpListener::bind(&self.listen).with_context(|| format!("cannot listen on `{}`", self.listen))?;
        Ok(free.local_addr()?.to_string())
    }

    /// The command-line tool: the one named, or the one beside this program.
    fn cli(&self) -> anyhow::Result<PathBuf> {
        if let Some(cli) = &self.cli {
            return Ok(cli.clone());
        }
        let own = std::env::current_exe().context("this program's own path")?;
        let beside = own.with_file_name("bomwarden");
        anyhow::ensure!(beside.is_file(), "`{}` is missing; build it, or name it with `--cli`", beside.display());
        Ok(beside)
    }

    fn verdict(&self, claims: &Report, folder: &Path) -> anyhow::Result<bool> {
        let Some(check) = &self.check else { return Ok(true) };
        let file = folder.join("report.json");
        std::fs::write(&file, claims.to_json()?).context("the report cannot be written")?;
        let status: ExitStatus = std::process::Command::new(check)
            .arg(&file)
            .status()
            .with_context(|| format!("`{}` cannot be run", check.display()))?;
        Ok(status.success())
    }
}

/// Ecosystem, name and version of everything a build holds.
type Listed = (String, String, String);

impl Built {
    fn listed(&self) -> Vec<Listed> {
        let identities = bom::inventory::inventory(&self.document).into_keys();
        let mut listed: Vec<Listed> = identities
            .map(|identity| {
                let ecosystem = bom::ecosystem::Ecosystem::of_code(identity.ecosystem).map_or("", |e| e.name);
                (ecosystem.to_owned(), identity.name, identity.version)
            })
            .collect();
        listed.sort();
        listed.dedup();
        listed
    }
}
