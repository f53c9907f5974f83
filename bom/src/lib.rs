//! The domain of Bomwarden: documents, packages, versions, advisories, findings,
//! signals and policy. Everything here is a pure function of its arguments: no
//! file is opened, no clock is read and no address is contacted.

pub mod advisory;
pub mod ask;
pub mod cpe;
pub mod cvss;
pub mod difference;
pub mod document;
pub mod ecosystem;
mod encoding;
pub mod fact;
pub mod format;
pub mod inventory;
pub mod list;
pub mod lockfile;
pub mod matcher;
pub mod merge;
pub mod offline;
pub mod origin;
pub mod plain;
pub mod problem;
pub mod purl;
pub mod quality;
pub mod reading;
pub mod remark;
pub mod signal;
pub mod snapshot;
pub mod triage;
pub mod version;
pub mod vex;
pub mod watched;
pub mod why;
pub mod word;
