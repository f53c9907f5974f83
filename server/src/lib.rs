//! The Bomwarden server: keeps the inventory of what an organisation builds,
//! re-checks it against advisories and registries, and tells people.

pub mod clock;
pub mod config;
pub mod services;
pub mod store;
