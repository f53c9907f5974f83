//! Everything that Bomwarden promises, in one binary: the rules of the house,
//! and what a user sees over HTTP, through the real command line and in a real
//! browser. `make test` runs it on SQLite and again on PostgreSQL.

mod alerts;
mod browser;
mod cli;
mod crash;
mod deliveries;
mod findings;
mod house;
mod inspect;
mod nvd;
mod postgres;
mod scan;
mod targets;
mod uploads;
