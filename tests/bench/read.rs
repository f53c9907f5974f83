//! How long readers of SBOMs take beside the least that must be done: serde_json
//! skipping over the same JSON, quick-xml over the same XML, and over tag-value a
//! walk that finds each tag and value, `<text>` held together, and keeps nothing.
//! Documents of about 10 MB, best of five by the processor's time, one core, input in memory. `make
//! bench-read` starts it; a format's name as argument measures that one alone.

use anyhow::{Context as _, Result, anyhow};
use bom::document::{Component, Document, Edge, Hash, HashAlgorithm, Licence, Node};
use bom::format::{self, FORMATS};
use bom::purl::Purl;
use bom::reading::Limits;
use nix::time::{ClockId, clock_gettime};
use std::hint::black_box;
use std::time::Duration;

/// Bytes of each document, about.
const BYTES: usize = 10_000_000;
/// Components of the document that tells how many bytes one takes.
const SOME: u32 = 1000;

/// A format, a version, and the reference with its name.
type Case = (&'static str, &'static str, &'static str, fn(&[u8]) -> Result<()>);

/// What is measured.
const CASES: &[Case] = &[
    ("cyclonedx-json", "1.6", "serde_json IgnoredAny", skip_json),
    ("cyclonedx-xml", "1.6", "quick-xml events", skip_xml),
    ("spdx-json", "2.3", "serde_json IgnoredAny", skip_json),
    ("spdx-tag-value", "2.3", "tags and values", skip_tags),
];

fn main() -> Result<()> {
    println!(
        "{:>16} {:>8} {:>10} {:>8} {:>9} {:>9} {:>6}  reference",
        "format", "MB", "components", "edges", "ms", "skip ms", "times"
    );
    let only = std::env::args().nth(1);
    for (name, version, reference, skip) in CASES.iter().filter(|case| only.as_deref().is_none_or(|only| only == case.0)) {
        let format = FORMATS.iter().find(|format| format.name() == *name).context("a format")?;
        let write = |components| format.write(&document(components), version).map_err(|error| anyhow!("{error}"));
        let count = BYTES * SOME as usize / write(SOME)?.bytes.len();
        let bytes = write(u32::try_from(count)?)?.bytes;
        // Nothing of this reading may lie about in the heap when time is taken.
        let counts = format::read(&bytes, &Limits::default())?.value.counts();
        let read = best(|| {
            black_box(format::read(black_box(&bytes), &Limits::default())?);
            Ok(())
        })?;
        let skipped = best(|| skip(black_box(&bytes)))?;
        println!(
            "{name:>16} {:>8.1} {:>10} {:>8} {:>9.1} {:>9.1} {:>6.2}  {reference}",
            bytes.len() as f64 / 1e6,
            counts.components,
            counts.edges,
            read.as_secs_f64() * 1e3,
            skipped.as_secs_f64() * 1e3,
            read.as_secs_f64() / skipped.as_secs_f64(),
        );
    }
    Ok(())
}

/// The processor's time of the best of five runs: another program's turn is nobody's cost.
fn best(mut run: impl FnMut() -> Result<()>) -> Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let start = spent()?;
        run()?;
        best = best.min(spent()?.saturating_sub(start));
    }
    Ok(best)
}

/// What this thread has used of the processor, to the nanosecond; `getrusage` counts ticks of milliseconds.
fn spent() -> Result<Duration> {
    Ok(Duration::from(clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)?))
}

fn skip_json(bytes: &[u8]) -> Result<()> {
    black_box(serde_json::from_slice::<serde::de::IgnoredAny>(bytes)?);
    Ok(())
}

fn skip_xml(bytes: &[u8]) -> Result<()> {
    let mut reader = quick_xml::Reader::from_str(std::str::from_utf8(bytes)?);
    while !matches!(black_box(reader.read_event()?), quick_xml::events::Event::Eof) {}
    Ok(())
}

fn skip_tags(bytes: &[u8]) -> Result<()> {
    let mut rest = std::str::from_utf8(bytes)?;
    while !rest.is_empty() {
        let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = below;
        let Some((tag, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        if value.starts_with("<text>") && !value.ends_with("</text>") {
            let (text, below) = below.split_once("</text>").context("a text that ends")?;
            black_box((tag.trim(), value, text));
            rest = below;
        } else {
            black_box((tag.trim(), value));
        }
    }
    Ok(())
}

fn document(count: u32) -> Document {
    let component = |number: u32| {
        let (name, version) = (format!("package-{number}"), format!("{}.{}.{}", number % 7, number % 31, number % 101));
        Component {
            reference: format!("pkg:npm/%40scope/{name}@{version}"),
            group: Some("@scope".into()),
            purl: Some(Purl::new("npm", Some("@scope"), &name, Some(&version))),
            hashes: [Hash { algorithm: HashAlgorithm::Sha512, value: format!("{number:0128x}").into() }].into(),
            licences: [Licence::Id(if number.is_multiple_of(3) { "Apache-2.0" } else { "MIT" }.into())].into(),
            supplier: Some(format!("Supplier {}", number % 500).into()),
            description: Some(format!("What package number {number} is good for, in a sentence of usual length.").into()),
            links: [
                ("vcs".into(), format!("https://git.example/scope/{name}").into()),
                ("website".into(), format!("https://{name}.example/").into()),
            ]
            .into(),
            name: name.into(),
            version: Some(version.into()),
            ..Component::default()
        }
    };
    let need = |from: u32, step: u32| Edge { from: Node::Component(from), to: Node::Component((from * 7 + step) % count) };
    Document {
        subject: Some(Component { reference: "subject".into(), name: "subject".into(), ..Component::default() }),
        components: (0..count).map(component).collect(),
        edges: (0..count).flat_map(|from| (1..4).map(move |step| need(from, step))).collect(),
        created: "2024-02-29T12:00:00Z".parse().ok(),
        ..Document::default()
    }
}
