//! Start and stop: puts the parts together in the order they need each other, and
//! takes them apart in the opposite one.

mod instance;

use crate::auth::first_run::{self, FirstAdministrator};
use crate::auth::password::Passwords;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::http;
use crate::jobs;
use crate::services::Services;
use crate::stop::{self, Stopper};
use crate::store::StoreError;
use anyhow::Context;
use instance::Instance;
use std::io::{BufWriter, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

/// Runs the server until the system or the user ends it.
///
/// # Errors
/// What kept it from starting, or what ended it.
pub async fn run(config: Config, address_file: Option<PathBuf>) -> anyhow::Result<()> {
    let mut services = Services::open(config, Arc::new(SystemClock))?;
    let _running = Instance::enter(&mut services).await?;
    let first = first_run::ensure_administrator(&services, &Passwords::default()).await?;
    let running = start(&services).await?;
    announce(running.address, address_file.as_deref())?;
    if let Some(first) = first {
        welcome(&first);
    }
    running.wait().await
}

/// A server that answers.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    stopper: Stopper,
    server: JoinHandle<std::io::Result<()>>,
    jobs: JoinHandle<()>,
}

/// Starts the server.
///
/// # Errors
/// When it cannot listen where it should, or its jobs cannot be started.
pub async fn start(services: &Services) -> anyhow::Result<Running> {
    let (listener, address) = listen(&services.config.listen)?;
    let (stopper, stop) = stop::stop();
    let jobs = jobs::start(services, stop.clone()).await?;
    let server = tokio::spawn(http::serve(services.clone(), listener, stop));
    Ok(Running { address, stopper, server, jobs })
}

impl Running {
    /// Waits until the system or the user ends it, and stops in order.
    ///
    /// # Errors
    /// What ended it otherwise.
    pub async fn wait(mut self) -> anyhow::Result<()> {
        tokio::select! {
            ended = &mut self.server => return ended?.context("the HTTP server ended"),
            name = signals() => tracing::info!(signal = name?, "stopping: requests and jobs under way are finished, new ones refused"),
        }
        self.stop().await
    }

    /// Stops in order: requests and jobs under way are finished.
    ///
    /// # Errors
    /// When the server did not end well.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stopper.ask();
        self.server.await?.context("the HTTP server did not end well")?;
        self.jobs.await.context("the jobs did not end well")?;
        tracing::info!("stopped");
        Ok(())
    }
}

/// Tells the first password on standard output, where the administrator looks; the log
/// goes elsewhere and never has it.
fn welcome(first: &FirstAdministrator) {
    println!("This is the first start. Sign in as `{}` with the password {}", first.login, first.password);
    println!("It is also in `{}`; change it after signing in, then delete the file.", first.file.display());
}

fn listen(on: &str) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(on).with_context(|| {
        format!(
            "cannot listen on `{on}`; choose another address with `listen` in the settings or `--listen`, or stop what uses it"
        )
    })?;
    let address = listener.local_addr().with_context(|| format!("the address behind `{on}`"))?;
    Ok((listener, address))
}

/// Tells where the server listens. The file appears whole or not at all.
fn announce(address: SocketAddr, file: Option<&Path>) -> anyhow::Result<()> {
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "listening");
    let Some(file) = file else { return Ok(()) };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        std::io::Write::write_all(&mut new, address.to_string().as_bytes())?;
        new.persist(file).map(drop).map_err(|error| error.error)
    };
    write().with_context(|| format!("`{}` of `--address-file` cannot be written", file.display()))
}

/// Waits for the wish to stop, by its name.
async fn signals() -> anyhow::Result<&'static str> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    })
}

/// Writes the export to a file.
///
/// # Errors
/// From the database or the file.
pub async fn export_to_file(services: &Services, file: &Path) -> anyhow::Result<()> {
    let out = std::fs::File::create(file).with_context(|| format!("`{}` cannot be written", file.display()))?;
    export(services, out).await
}

/// Writes everything worth carrying elsewhere, a JSON value on each line.
///
/// # Errors
/// From the database or the writer.
pub async fn export(services: &Services, out: impl Write + Send + 'static) -> anyhow::Result<()> {
    let mut out = BufWriter::new(out);
    let lost = |error: std::io::Error| StoreError::Damaged(format!("the export cannot be written: {error}"));
    let task = services.store.read(move |db| {
        crate::store::export::all(db, &mut |fact| writeln!(out, "{fact}").map_err(lost))?;
        out.flush().map_err(lost)
    });
    Ok(task.await?)
}
