//! What the administrator may set: by file, by environment and by flags, each over
//! the one before. Every mistake is found in one go and told with its place.
//!
//! A new setting is a field here and a line in `settings`.

mod address;
mod document;
mod feed;
mod given;
mod load;
mod mail;
mod outbound;
mod secret;
mod settings;
mod target;
mod units;
mod watch;

pub use address::Address;
pub use document::document;
pub use feed::{FeedConfig, Rhythm};
pub use given::Place;
pub use load::{Flags, Mistakes, Sources};
pub use mail::{Mail, MailTls};
pub use outbound::{Allowed, Outbound, web_address};
pub use secret::Secret;
pub use target::{Judge, TargetConfig};
pub use watch::Watch;

use bom::reading::Limits;
use std::path::PathBuf;

/// Every setting, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen: `host:port`; port 0 lets the system choose.
    pub listen: String,
    /// The address under which people reach the server, for links and cookies.
    pub public_url: Option<url::Url>,
    /// The folder of everything the server keeps.
    pub data: PathBuf,
    /// The database.
    pub database: Address,
    /// Limits on what is accepted.
    pub limits: UploadLimits,
    /// What the server may contact, and how.
    pub outbound: Outbound,
    /// How often the registries are asked.
    pub watch: Watch,
    /// What is logged.
    pub log: Log,
    /// The way out for mail.
    pub mail: Mail,
    /// Where advisories come from.
    pub feeds: Vec<FeedConfig>,
    /// Where messages go.
    pub targets: Vec<TargetConfig>,
    /// How long messages are gathered after the first two of a burst.
    pub gather: std::time::Duration,
}

/// Bounds on one upload.
#[derive(Clone, Copy, Debug)]
pub struct UploadLimits {
    /// Bytes of all documents of one run together.
    pub bytes: usize,
    /// Documents of one run.
    pub documents: usize,
    /// What one document may ask for.
    pub reading: Limits,
}

/// What is logged, and how it looks.
#[derive(Clone, Debug)]
pub struct Log {
    /// The filter: a level, or levels by module (`info,bomwarden_server::net=debug`).
    pub level: String,
    /// How a line looks.
    pub format: LogFormat,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    Auto,
    /// One JSON object on each line.
    Json,
    /// For people.
    Text,
}

impl Config {
    /// The settings from all sources, or everything that is wrong with them.
    ///
    /// # Errors
    /// [`Mistakes`], each with its place.
    pub fn load(sources: &Sources) -> Result<Self, Mistakes> {
        load::load(sources)
    }

    /// Each setting with its value as it would be written, secrets masked.
    pub fn shown(&self) -> Vec<(&'static str, String)> {
        settings::SETTINGS.iter().map(|setting| (setting.key, (setting.show)(self))).collect()
    }

    /// The address under which people reach the server, ending with a slash.
    pub fn base(&self) -> String {
        let base = self.public_url.as_ref().map_or_else(|| format!("http://{}", self.listen), ToString::to_string);
        format!("{}/", base.trim_end_matches('/'))
    }

    /// The database in `data`, for when none is named.
    fn database_in(data: &std::path::Path) -> Address {
        Address::Sqlite(data.join("bomwarden.db").display().to_string())
    }
}

impl Default for Config {
    fn default() -> Self {
        let data = PathBuf::from("bomwarden-data");
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            public_url: None,
            database: Self::database_in(&data),
            data,
            limits: UploadLimits { bytes: 256 << 20, documents: 1000, reading: Limits::DEFAULT },
            outbound: Outbound::default(),
            watch: Watch::default(),
            log: Log { level: "info".to_owned(), format: LogFormat::Auto },
            mail: Mail::default(),
            feeds: Vec::new(),
            targets: Vec::new(),
            gather: std::time::Duration::from_secs(300),
        }
    }
}
