//! The hostile inputs. A new one is a line in the list of its sort.

use std::io::Write as _;

#[path = "lockfiles.rs"]
pub mod lockfiles;

/// One input.
pub struct Input {
    pub name: &'static str,
    /// The kind of lockfile that it is; `None` for SBOMs.
    pub kind: Option<&'static str>,
    /// Makes its bytes.
    pub make: fn() -> Vec<u8>,
}

type Named = (&'static str, fn() -> Vec<u8>);

const MANY: usize = 1_000_000;
const LONG: usize = 10 << 20;
const DEEP: usize = 200_000;

/// All inputs.
pub fn all() -> Vec<Input> {
    let sboms = [nesting(), very_many(), very_long(), bombs()].concat();
    let sboms = sboms.into_iter().map(|(name, make)| Input { name, kind: None, make });
    sboms.chain(lockfiles::all()).collect()
}

fn nesting() -> Vec<Named> {
    vec![
        ("json: arrays in arrays", || nested("{\"bomFormat\":\"CycloneDX\",\"x\":", "[", "")),
        ("json: components in components", || nested("{\"bomFormat\":\"CycloneDX\",\"components\":[", "{\"components\":[", "")),
        ("json: services in services", || nested("{\"bomFormat\":\"CycloneDX\",\"services\":[", "{\"services\":[", "")),
        ("json: arrays before the key", || nested("{\"x\":", "[", "")),
        ("xml: elements in elements", || nested(BOM, "<a>", "")),
        ("xml: components in components", || nested(BOM, "<components><component>", "")),
        ("xml: dependencies in dependencies", || nested(BOM, "<dependencies><dependency ref=\"a\">", "")),
        ("spdx json: objects in objects", || nested("{\"spdxVersion\":\"SPDX-2.3\",\"x\":", "{\"a\":", "")),
        ("yaml: flow lists in flow lists", || nested("spdxVersion: SPDX-2.3\nx: ", "[", "")),
        ("yaml: lists in lists", || nested("spdxVersion: SPDX-2.3\nx:\n ", "- ", "")),
    ]
}

fn very_many() -> Vec<Named> {
    vec![
        ("json: 10^6 empty components", || many("{\"bomFormat\":\"CycloneDX\",\"components\":[", "{}", ",", "]}")),
        ("json: 10^6 empty vulnerabilities", || many("{\"bomFormat\":\"CycloneDX\",\"vulnerabilities\":[", "{}", ",", "]}")),
        ("json: 10^6 properties", || many("{\"bomFormat\":\"CycloneDX\",\"properties\":[", "{\"name\":\"a\"}", ",", "]}")),
        ("json: 10^6 hashes of one", || {
            many("{\"bomFormat\":\"CycloneDX\",\"components\":[{\"hashes\":[", "{\"alg\":\"a\",\"content\":\"0\"}", ",", "]}]}")
        }),
        ("json: 10^6 wrong values", || many("{\"bomFormat\":\"CycloneDX\",\"components\":[", "7", ",", "]}")),
        ("json: 10^6 duplicate keys", || many("{\"bomFormat\":\"CycloneDX\",", "\"version\":1", ",", "}")),
        ("json: 10^6 different keys", || keys("{\"bomFormat\":\"CycloneDX\"", "}")),
        ("json: one bom-ref 10^6 times", || {
            many("{\"bomFormat\":\"CycloneDX\",\"components\":[", "{\"bom-ref\":\"a\"}", ",", "]}")
        }),
        ("json: 10^6 dangling needs", || {
            many("{\"bomFormat\":\"CycloneDX\",\"dependencies\":[{\"ref\":\"a\",\"dependsOn\":[", "\"b\"", ",", "]}]}")
        }),
        ("json: 10^6 dependencies", || many("{\"bomFormat\":\"CycloneDX\",\"dependencies\":[", "{\"ref\":\"a\"}", ",", "]}")),
        ("json: a complete graph of 1000", complete_graph),
        ("xml: 10^6 empty components", || many(&format!("{BOM}<components>"), "<component/>", "", "</components></bom>")),
        ("xml: 10^6 attributes", attributes),
        ("xml: 10^6 entities", || {
            many(&format!("{BOM}<components><component><name>"), "&a;", "", "</name></component></components></bom>")
        }),
        ("xml: 10^6 kinds of elements", elements),
        ("spdx json: 10^6 empty packages", || many("{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[", "{}", ",", "]}")),
        ("spdx json: 10^6 empty relations", || many("{\"spdxVersion\":\"SPDX-2.3\",\"relationships\":[", "{}", ",", "]}")),
        ("spdx 3: 10^6 empty elements", || many("{\"@graph\":[", "{}", ",", "]}")),
        ("spdx 3: 10^6 relationships", || many("{\"@graph\":[", "{\"type\":\"Relationship\"}", ",", "]}")),
        ("tag-value: 10^6 packages", || many("SPDXVersion: SPDX-2.3\n", "PackageName: a\n", "", "")),
        ("tag-value: 10^6 unknown tags", || many("SPDXVersion: SPDX-2.3\n", "X: a\n", "", "")),
        ("yaml: 10^6 packages", || many("spdxVersion: SPDX-2.3\npackages:\n", "- {}\n", "", "")),
        ("yaml: aliases of aliases", || [&b"spdxVersion: SPDX-2.3\n"[..], &aliases("packages")].concat()),
        ("json: everything needs the next, in a circle", circle),
    ]
}

fn very_long() -> Vec<Named> {
    vec![
        ("json: a name of 10 MB", || long("{\"bomFormat\":\"CycloneDX\",\"components\":[{\"name\":\"", "\"}]}")),
        ("json: a description of 10 MB", || {
            long("{\"bomFormat\":\"CycloneDX\",\"components\":[{\"name\":\"a\",\"description\":\"", "\"}]}")
        }),
        ("xml: a purl of 10 MB", || {
            long(&format!("{BOM}<components><component><purl>pkg:npm/"), "</purl></component></components></bom>")
        }),
        ("tag-value: a text that never ends", || long("SPDXVersion: SPDX-2.3\nPackageName: <text>", "")),
        ("yaml: a key of 10 MB", || long("spdxVersion: SPDX-2.3\n", ": 1\n")),
    ]
}

fn bombs() -> Vec<Named> {
    vec![
        ("xml: entities of entities", entity_bomb),
        ("gzip: 2 GB of spaces", || gzip(2 << 30)),
        ("zstd: 2 GB of spaces", || zstd(2 << 30)),
        ("gzip: 200 MB of spaces", || gzip(200 << 20)),
        ("gzip: gzip of 2 GB of spaces", || packed(&gzip(2 << 30))),
        ("zip: a member of 2 GB", zip),
        ("tar: links out of the folder", || tar(b"../../etc/passwd")),
        ("gzip: tar with links out of the folder", || packed(&tar(b"/etc/passwd"))),
    ]
}

const BOM: &str = "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">";

fn nested(start: &str, step: &str, end: &str) -> Vec<u8> {
    format!("{start}{}{end}", step.repeat(DEEP)).into_bytes()
}

fn many(start: &str, item: &str, between: &str, end: &str) -> Vec<u8> {
    let mut text = String::with_capacity(start.len() + MANY * (item.len() + between.len()) + end.len());
    text.push_str(start);
    for number in 0..MANY {
        if number > 0 {
            text.push_str(between);
        }
        text.push_str(item);
    }
    text.push_str(end);
    text.into_bytes()
}

fn keys(start: &str, end: &str) -> Vec<u8> {
    let keys: String = (0..MANY).map(|number| format!(",\"k{number}\":0")).collect();
    format!("{start}{keys}{end}").into_bytes()
}

fn attributes() -> Vec<u8> {
    let list: String = (0..MANY).map(|number| format!(" a{number}=\"\"")).collect();
    format!("{BOM}<components><component{list}/></components></bom>").into_bytes()
}

fn elements() -> Vec<u8> {
    let list: String = (0..MANY).map(|number| format!("<e{number}/>")).collect();
    format!("{BOM}<components>{list}</components></bom>").into_bytes()
}

fn long(start: &str, end: &str) -> Vec<u8> {
    format!("{start}{}{end}", "a".repeat(LONG)).into_bytes()
}

fn complete_graph() -> Vec<u8> {
    let names: Vec<_> = (0..1000).map(|number| format!("\"{number}\"")).collect();
    let all = names.join(",");
    let components: Vec<_> = names.iter().map(|name| format!("{{\"bom-ref\":{name}}}")).collect();
    let needs: Vec<_> = names.iter().map(|name| format!("{{\"ref\":{name},\"dependsOn\":[{all}]}}")).collect();
    format!("{{\"bomFormat\":\"CycloneDX\",\"components\":[{}],\"dependencies\":[{}]}}", components.join(","), needs.join(","))
        .into_bytes()
}

/// A list of which each element stands for nine of the next, under the key `last`.
fn aliases(last: &str) -> Vec<u8> {
    let mut text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..30 {
        let below = level - 1;
        text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{below}"); 9].join(",")));
    }
    format!("{text}{last}: *a29\n").into_bytes()
}

fn entity_bomb() -> Vec<u8> {
    let mut types = "<!ENTITY a0 \"aaaaaaaaaa\">".to_owned();
    for level in 1..30 {
        types.push_str(&format!("<!ENTITY a{level} \"{}\">", format!("&a{};", level - 1).repeat(10)));
    }
    format!("<!DOCTYPE bom [{types}]>{BOM}<components><component><name>&a29;</name></component></components></bom>").into_bytes()
}

fn gzip(size: usize) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let block = vec![b' '; 1 << 20];
    (0..size >> 20).for_each(|_| drop(encoder.write_all(&block)));
    encoder.finish().unwrap_or_default()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    drop(encoder.write_all(bytes));
    encoder.finish().unwrap_or_default()
}

/// A zip archive's first header, and what gzip makes of 2 GB behind it.
fn zip() -> Vec<u8> {
    [&b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0"[..], &[0; 12], b"\x08\0\0\0bom.json", &gzip(2 << 30)].concat()
}

/// A tar archive of a hundred thousand symbolic links to `target`.
fn tar(target: &[u8]) -> Vec<u8> {
    let mut header = vec![0; 512];
    let fields: [(usize, &[u8]); 4] = [(0, b"bom.json"), (156, b"2"), (157, target), (257, b"ustar\x0000")];
    for (at, field) in fields {
        header.iter_mut().skip(at).zip(field).for_each(|(byte, value)| *byte = *value);
    }
    header.repeat(100_000)
}

fn circle() -> Vec<u8> {
    let components: Vec<_> = (0..100_000).map(|number| format!("{{\"bom-ref\":\"{number}\"}}")).collect();
    let need = |number: usize| format!("{{\"ref\":\"{number}\",\"dependsOn\":[\"{}\"]}}", (number + 1) % 100_000);
    let needs: Vec<_> = (0..100_000).map(need).collect();
    format!("{{\"bomFormat\":\"CycloneDX\",\"components\":[{}],\"dependencies\":[{}]}}", components.join(","), needs.join(","))
        .into_bytes()
}

fn zstd(size: usize) -> Vec<u8> {
    let Ok(mut encoder) = zstd::Encoder::new(Vec::new(), 1) else { return Vec::new() };
    let block = vec![b' '; 1 << 20];
    (0..size >> 20).for_each(|_| drop(encoder.write_all(&block)));
    encoder.finish().unwrap_or_default()
}
