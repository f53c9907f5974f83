//! The Bomwarden server: keeps the inventory of what an organisation builds,
//! re-checks it against advisories and registries, and tells people.

pub mod clock;
pub mod counts;
pub mod ingest;
pub mod rematch;
pub mod config;
pub mod services;
pub mod store;
