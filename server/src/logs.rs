//! The log: one line for each thing that somebody may want to know, on stderr.

use crate::config::{Log, LogFormat};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

/// What others say of themselves at their start is of no use to anybody; a filter that
/// names them brings it back.
const QUIET: &str = "tokio_cron_scheduler=warn,actix_server=warn";

/// Starts logging for the whole process; a second start changes nothing.
///
/// # Errors
/// A sentence where the filter of `log.level` cannot be read.
pub fn start(log: &Log) -> Result<(), String> {
    let filter =
        EnvFilter::try_new(format!("{QUIET},{}", log.level)).map_err(|error| format!("`log.level`: `{}`: {error}", log.level))?;
    let terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let json = log.format == LogFormat::Json || (log.format == LogFormat::Auto && !terminal);
    let started = if json {
        lines.json().flatten_event(true).with_current_span(false).finish().try_init()
    } else {
        lines.with_ansi(terminal).with_target(false).finish().try_init()
    };
    if started.is_err() {
        tracing::debug!("the log was started before");
    }
    Ok(())
}
