//! The commands, one file each: its `Arguments` (clap) and `run`. A new one is a
//! file, its `mod` and its line in the list below.

mod convert;
mod db;
mod diff;
mod generate;
mod inspect;
mod merge;
mod registries;
mod scan;
mod upload;
mod validate;
mod versions;

use crate::{Failure, Outcome, Screen};

/// Lists the commands: the variant that clap names on the command line, its module.
macro_rules! commands {
    ($($variant:ident => $module:ident,)*) => {
        // Only the arguments of the command that is given are made.
        #[derive(clap::Subcommand)]
        #[command(defer = true)]
        pub enum Command {
            $($variant($module::Arguments),)*
        }

        impl Command {
            /// Runs the command to its end.
            ///
            /// # Errors
            /// [`Failure`] when it could not run.
            pub fn run(self, screen: &Screen) -> Result<Outcome, Failure> {
                match self {
                    $(Self::$variant(arguments) => $module::run(arguments, screen),)*
                }
            }
        }
    };
}

commands! {
    Generate => generate,
    Inspect => inspect,
    Convert => convert,
    Validate => validate,
    Diff => diff,
    Merge => merge,
    Scan => scan,
    Db => db,
    Upload => upload,
    Versions => versions,
    Registries => registries,
}
