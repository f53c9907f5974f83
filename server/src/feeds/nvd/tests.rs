//! Tests of the files: which shapes are read, and what is no whole file.

use super::super::tests::facts;
use super::*;
use serde_json::json;
use std::io::{Cursor, Write as _};

fn cve(n: usize) -> Value {
    json!({"id": format!("CVE-2026-{n:04}"), "vulnStatus": "Analyzed", "lastModified": "2026-01-02T03:04:05.678",
        "configurations": [{"nodes": [{"operator": "OR", "cpeMatch": [
            {"vulnerable": true, "criteria": format!("cpe:2.3:a:left:left:{n}.0:*:*:*:*:*:*:*")}]}]}]})
}

fn yearly(records: &[Value]) -> Vec<u8> {
    let items: Vec<Value> = records.iter().map(|cve| json!({"cve": cve})).collect();
    json!({"resultsPerPage": records.len(), "startIndex": 0, "totalResults": records.len(), "format": "NVD_CVE", "version": "2.0",
        "timestamp": "2026-02-01T00:00:00.000", "vulnerabilities": items})
    .to_string()
    .into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).expect("bytes");
    packer.finish().expect("a file")
}

fn zipped(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("an entry");
        archive.write_all(bytes).expect("bytes");
    }
    archive.finish().expect("an archive").into_inner()
}

#[test]
fn every_shape_of_a_file_is_read() {
    let three = [cve(1), cve(2), cve(3)];
    let mut pretty = serde_json::to_vec_pretty(&json!({"cve": cve(1)})).expect("JSON");
    pretty.push(b'\n');
    for (path, bytes, records) in [
        ("2026.json", yearly(&three), 3),
        ("2026.json.gz", gzip(&yearly(&three)), 3),
        ("2026.json.gz", [gzip(&yearly(&three)[..100]), gzip(&yearly(&three)[100..])].concat(), 3),
        (
            "all.zip",
            zipped(&[("2025.json", yearly(&three)), ("README.md", b"words".to_vec()), ("x/2026.json", yearly(&three[..1]))]),
            4,
        ),
        ("CVE-2026-0001.json", cve(1).to_string().into_bytes(), 1),
        ("CVE-2026-0001.json", pretty, 1),
        ("none.json", yearly(&[]), 0),
    ] {
        let read = facts(&Nvd, path, &bytes);
        assert_eq!(Nvd.count(path, &mut Cursor::new(&bytes)), Ok(records), "{path}");
        assert_eq!(u64::try_from(read.len()), Ok(records), "{path}");
        assert!(read.iter().all(|fact| matches!(fact, Ok(Fact::Advisory(said)) if said.affected.len() == 1)), "{path}: {read:?}");
    }
    assert!(Nvd.takes("a/2026.JSON") && Nvd.takes("2026.json.gz") && !Nvd.takes("2026.meta"));
}

#[test]
fn what_is_no_whole_file_is_none() {
    let (whole, packed) = (yearly(&[cve(1), cve(2)]), gzip(&yearly(&[cve(1), cve(2)])));
    let short = String::from_utf8(whole.clone()).expect("text").replace(":2", ":3");
    let bomb = gzip(&[br#"{"vulnerabilities":["#.as_slice(), &vec![b' '; 80 << 20], b"]}"].concat());
    let giant = [br#"{"vulnerabilities":[{"cve":""#.as_slice(), &vec![b'x'; 40 << 20], br#""}]}"#].concat();
    for (bytes, words) in [
        (whole[..whole.len() - 10].to_vec(), "cut off"),
        ([whole.as_slice(), b"x"].concat(), "cut off"),
        (packed[..packed.len() / 2].to_vec(), "cut off"),
        (short.into_bytes(), "has 3 records and has 2"),
        (b"[]".to_vec(), "no list of CVE records"),
        (br#"{"vulnerabilities":{}}"#.to_vec(), "no list of CVE records"),
        (bomb, "cut off"),
        (giant, "longer than"),
        (zipped(&[("bomb.json", vec![b' '; 80 << 20])]), "which no feed does"),
    ] {
        let error = Nvd.count("f.json", &mut Cursor::new(&bytes)).expect_err(words).to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
}

#[test]
fn a_bad_record_spoils_no_other_and_enough_is_enough() {
    let bytes = yearly(&[cve(1), json!({"id": "CVE-2026-0002"}), json!(7), cve(4)]);
    let read = facts(&Nvd, "2026.json", &bytes);
    assert_eq!(read.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false, true]);
    let mut names = Vec::new();
    let mut take = |entry: Entry| {
        names.push(entry.name);
        if names.len() == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    Nvd.records("2026.json", &mut Cursor::new(&bytes), &mut take).expect("a file");
    assert_eq!(names, ["NVD-CVE-2026-0001", "NVD-CVE-2026-0002", "a record without an id"]);
}

#[test]
fn a_page_tells_how_many_there_are() {
    let text = String::from_utf8(yearly(&[cve(1), cve(2)])).expect("text").replace("\"totalResults\":2", "\"totalResults\":9");
    let head = Nvd.head(&mut Cursor::new(text.into_bytes())).expect("a page");
    assert_eq!(
        (head.total, head.records, head.at.map(|at| at.to_rfc3339()).as_deref()),
        (9, 2, Some("2026-02-01T00:00:00+00:00"))
    );
    assert!(Nvd.head(&mut Cursor::new(b"{}")).is_err());
}
