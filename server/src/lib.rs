//! The Bomwarden server: keeps the inventory of what an organisation builds,
//! re-checks it against advisories and registries, and tells people.

pub mod advisories;
pub mod alerts;
pub mod app;
pub mod auth;
pub mod clock;
pub mod commands;
pub mod config;
pub mod counts;
pub mod demo;
pub mod error;
pub mod exposure;
pub mod fact;
pub mod feeds;
pub mod http;
pub mod ingest;
pub mod jobs;
pub mod logs;
pub mod mailer;
pub mod metrics;
pub mod net;
pub mod outbox;
pub mod parcel;
pub mod recheck;
pub mod registries;
pub mod rematch;
pub mod services;
pub mod simulated;
pub mod stop;
pub mod store;
pub mod triage;
pub mod wake;
pub mod watch;
