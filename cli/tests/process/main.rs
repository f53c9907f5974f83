//! The tool as a process, where no server is needed.

mod generate;
mod pitfalls;
mod tool;
mod upload;
mod usage;
