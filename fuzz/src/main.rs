//! One program for every reader: libFuzzer makes inputs up, guided by the code they
//! reach, and `BOMWARDEN_FUZZ` names the reader that gets them (`list` prints the
//! names). A reader may refuse; it may not panic, hang or swell, and what it reads
//! must hold together. `make fuzz` runs it.

#![no_main]

mod document;
mod target;
mod text;

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;
use target::Target;

static TARGET: OnceLock<Target> = OnceLock::new();

fuzz_target!(
    init: {
        let name = std::env::var("BOMWARDEN_FUZZ").unwrap_or_default();
        match Target::of_name(&name) {
            Some(target) => drop(TARGET.set(target)),
            None => {
                target::names().iter().for_each(|name| println!("{name}"));
                std::process::exit(i32::from(name != "list"));
            }
        }
    },
    |data: &[u8]| {
        if let Some(target) = TARGET.get() {
            target.try_on(data);
        }
    }
);
