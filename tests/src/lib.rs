//! The harness: throw-away databases, real servers, the real command line and
//! a real browser, each of which ends with the value that holds it.

pub mod api;
pub mod browser;
pub mod cli;
pub mod database;
pub mod documents;
pub mod neighbour;
pub mod organisation;
pub mod people;
pub mod postgres;
pub mod process;
pub mod programs;
pub mod server;
pub mod sql;
pub mod wait;
pub mod web;
pub mod webdriver;
