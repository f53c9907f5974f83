//! What can be said of a document that was kept: its quality, what our readers did
//! not understand of it, and what the strict reader of its format has against it. It
//! is worked out when somebody asks, from the bytes.

use crate::error::AppError;
use crate::services::Services;
use crate::store::StoreError;
use crate::store::viewer::Viewer;
use crate::store::{documents, views::uploads};
use bom::format::{Conformance, conformance, read};
use bom::quality::{Quality, quality};
use bom::reading::{Limits, Warning};
use serde::Serialize;

/// Warnings that are told one by one.
const TOLD: usize = 200;

/// What can be said of a document.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Its format and version.
    pub format: String,
    /// Components in it.
    pub components: usize,
    /// How well it tells what is in it.
    pub quality: Quality,
    /// What was not understood, the first 200.
    pub warnings: Vec<Warning>,
    /// Whether the strict reader takes it; `None` where it was not asked.
    pub conforms: Option<bool>,
    /// What the strict reader has against it, or why it was not asked.
    pub offences: Vec<String>,
}

impl Report {
    /// The report on a document; `None` for what is not there, or not for this viewer.
    ///
    /// # Errors
    /// [`AppError`] from the database, or for bytes that are not readable any more.
    pub async fn on(services: &Services, viewer: Viewer, id: String) -> Result<Option<Self>, AppError> {
        let reading = services.store.read(move |db| match uploads::document(db, &viewer, &id)? {
            Some(key) => documents::bytes(db, key),
            None => Ok(None),
        });
        let Some(bytes) = reading.await? else { return Ok(None) };
        let limits = services.config.limits.reading;
        let task = tokio::task::spawn_blocking(move || Self::of(&bytes, &limits));
        task.await.map_err(|_| StoreError::Stopping)?.map(Some)
    }

    fn of(bytes: &[u8], limits: &Limits) -> Result<Self, AppError> {
        let damaged = |error: bom::reading::ReadError| AppError::from(StoreError::Damaged(error.to_string()));
        let reading = read(bytes, limits).map_err(damaged)?;
        let (conforms, offences) = match conformance(bytes, limits).map_err(damaged)? {
            Conformance::Conforms => (Some(true), Vec::new()),
            Conformance::Offends(offences) => (Some(false), offences),
            Conformance::Unchecked(why) => (None, vec![why]),
        };
        let mut warnings = reading.warnings;
        warnings.truncate(TOLD);
        let document = reading.value;
        let (components, quality) = (document.counts().components, quality(&document));
        Ok(Self { format: document.format, components, quality, warnings, conforms, offences })
    }
}
