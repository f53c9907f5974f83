//! Neighbours of the server that keep state and speak their protocols on
//! loopback: used by the demo and the tests alike. Nothing in the product knows them.

pub mod http;
pub mod mailbox;
pub mod nvd;
pub mod osv;
pub mod registry;
pub mod samples;
pub mod slack;
