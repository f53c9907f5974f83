//! `bomwarden-server demo`: the whole product on one machine in a minute. The
//! server, the command line, the database and the feed are the real ones; only
//! the feed's neighbour is simulated.

mod build;
mod expectation;
mod report;

use crate::auth::first_run::ensure_administrator;
use crate::auth::password::Passwords;
use crate::auth::tokens::{self, Fresh, Wish};
use crate::clock::SystemClock;
use crate::config::{Address, Allowed, Config, FeedConfig};
use crate::services::Services;
use crate::simulated::osv::OsvFeed;
use crate::store::tokens::Scope;
use crate::store::viewer::Viewer;
use crate::store::{teams, timeline};
use crate::{advisories, app, counts, rematch, stop};
use anyhow::Context;
use build::{Builder, Built};
use report::Report;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;

/// What the demo is asked for.
#[derive(Clone, Debug, clap::Args)]
pub struct Demo {
    /// End after the check instead of waiting for Ctrl-C
    #[arg(long)]
    once: bool,
    /// Make it repeatable: what simulated names end with follows from this number
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Tell less
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
    let feed = OsvFeed::start().await?;
    let services = Services::open(config(&demo, database, folder.path(), &feed)?, Arc::new(SystemClock))?;
    let passwords = Passwords::default();
    let administrator = ensure_administrator(&services, &passwords)
        .await?
        .context("the database has people in it; give the demo an empty one with `--database`")?;
    let token = token(&services).await?;
    let running = app::start(&services).await?;
    let url = format!("http://{}", running.address);
    demo.say(&format!("server    {url}\nsign in   {} / {}\n", administrator.login, administrator.password));

    let suffix = suffix(demo.seed);
    let builder = Builder { cli: demo.cli()?, folder: folder.path().to_owned(), url: url.clone(), token, suffix: suffix.clone() };
    let built = builder.all().await?;
    let (_stopper, stop) = stop::stop();
    for feed in &services.config.feeds {
        advisories::fetch(&services, feed, &stop).await?;
    }
    rematch::drain(&services).await?;
    counts::drain(&services).await?;
    demo.tell(&services).await?;

    let claims = Report { url: url.clone(), login: administrator.login, password: administrator.password, suffix, built };
    let good = demo.verdict(&claims, folder.path())?;
    if let Some(file) = &demo.export {
        app::export_to_file(&services, file).await?;
    }
    if !demo.once && demo.check.is_none() {
        demo.say(&format!("Open {url} and sign in. Ctrl-C ends the demo and removes what it made."));
        running.wait().await?;
    } else {
        running.stop().await?;
    }
    Ok(good)
}

fn config(demo: &Demo, database: Option<Address>, folder: &Path, feed: &OsvFeed) -> anyhow::Result<Config> {
    let data = folder.join("data");
    let mut config = Config { listen: demo.listen.clone(), data: data.clone(), ..Config::default() };
    config.database = match database {
        Some(address) => address,
        None => Address::parse(&format!("sqlite:{}", data.join("bomwarden.db").display())).map_err(anyhow::Error::msg)?,
    };
    config.outbound.allow.push(Allowed::Host(feed.address().ip().to_string(), feed.address().port()));
    config.feeds.push(FeedConfig { name: "demo".to_owned(), from: feed.url(), ..FeedConfig::default() });
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

/// What simulated names end with: five letters and digits, the same for the same seed.
fn suffix(seed: Option<u64>) -> String {
    use sha2::{Digest as _, Sha256};
    let seed = seed.unwrap_or_else(rand::random);
    let digest = Sha256::digest(seed.to_le_bytes());
    digest.iter().take(5).map(|byte| char::from_digit(u32::from(byte % 36), 36).unwrap_or('0')).collect()
}

impl Demo {
    fn say(&self, text: &str) {
        if !self.quiet {
            println!("{text}");
        }
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

    /// Prints what happened, from what the database recorded.
    async fn tell(&self, services: &Services) -> anyhow::Result<()> {
        let moments = services.store.read(|db| timeline::newest(db, 200)).await?;
        self.say("WHAT HAPPENED");
        for moment in moments {
            let at = crate::clock::rfc3339(moment.at);
            self.say(&format!("{at}  {:<12} {}  {}", moment.kind, moment.projects.join(", "), moment.text));
        }
        self.say("");
        Ok(())
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
