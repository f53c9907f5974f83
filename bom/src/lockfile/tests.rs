//! What every kind of lockfile promises beyond what its own file tests.

mod big;
mod secrets;
