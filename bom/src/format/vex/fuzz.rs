//! Readers of VEX against damaged documents; `make fuzz` tries millions.

use super::{FORMATS, read, sample};
use crate::format::fuzz::{Numbers, damaged};
use crate::reading::Limits;

#[test]
fn fuzz_no_reader_of_vex_panics_on_damaged_documents() {
    let limits = Limits { components: 1000, edges: 1000, text: 1 << 12, depth: 64, bytes: 1 << 20, ..Limits::DEFAULT };
    for format in FORMATS {
        let seed = format.write(&sample::vex()).expect("a format that writes").bytes;
        let mut numbers = Numbers::new();
        for _ in 0..200 {
            let bytes = damaged(&seed, &mut numbers);
            let Ok(reading) = read(&bytes, &limits) else { continue };
            for warning in &reading.warnings {
                let placed = !warning.path.is_empty() && warning.line.is_some_and(|line| line > 0);
                assert!(placed, "{warning:?} in {}", String::from_utf8_lossy(&bytes));
            }
            for writer in FORMATS {
                // It may lack an id by now; what is written is read again.
                if let Ok(written) = writer.write(&reading.value) {
                    let again = read(&written.bytes, &Limits::default());
                    assert!(again.is_ok(), "{} of {}: {again:?}", writer.name(), String::from_utf8_lossy(&bytes));
                }
            }
        }
        println!("fuzz: vex {:12} 200 damaged documents, no panic", format.name());
    }
}
