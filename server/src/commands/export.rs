//! `bomwarden-server export`: everything worth carrying elsewhere, a JSON value on
//! each line.

use crate::clock::SystemClock;
use crate::config::Config;
use crate::services::Services;
use crate::store::{StoreError, export};
use anyhow::Context;
use clap::Args;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Flags of `export`.
#[derive(Args)]
pub(super) struct Export {
    /// One JSON value on each line, the only form there is so far
    #[arg(long, default_value_t = true)]
    json: bool,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    pub(super) fn run(self, config: Config) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let services = Services::open(config, Arc::new(SystemClock))?;
            match self.output {
                Some(file) => to_file(&services, &file).await,
                None => write(&services, std::io::stdout()).await,
            }
        })
    }
}

/// Writes the export to a file.
///
/// # Errors
/// From the database or the file.
pub async fn to_file(services: &Services, file: &Path) -> anyhow::Result<()> {
    let out = std::fs::File::create(file).with_context(|| format!("`{}` cannot be written", file.display()))?;
    write(services, out).await
}

async fn write(services: &Services, out: impl Write + Send + 'static) -> anyhow::Result<()> {
    let mut out = BufWriter::new(out);
    let lost = |error: std::io::Error| StoreError::Damaged(format!("the export cannot be written: {error}"));
    let task = services.store.read(move |db| {
        export::all(db, &mut |fact| writeln!(out, "{fact}").map_err(lost))?;
        out.flush().map_err(lost)
    });
    Ok(task.await?)
}
