//! Vectors and their scores from the data folder that `BOMWARDEN_DATA` names:
//! `cvss/*.tsv`, a vector and its scores, an empty cell where one is not defined.

use super::Scores;
use std::path::PathBuf;

#[test]
fn every_vector_of_the_data_folder_scores_the_same() {
    let Some(folder) = std::env::var_os("BOMWARDEN_DATA").map(|data| PathBuf::from(data).join("cvss")) else {
        println!("skipped: BOMWARDEN_DATA names no data folder");
        return;
    };
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let list = std::fs::read_to_string(&path).unwrap();
        let found: Vec<String> = list.lines().filter_map(disagreement).collect();
        println!("{}: {} of {}", path.display(), list.lines().count() - found.len(), list.lines().count());
        wrong.extend(found);
    }
    assert!(wrong.is_empty(), "{} vectors\n{}", wrong.len(), wrong.join("\n"));
}

fn disagreement(line: &str) -> Option<String> {
    let text = |score: Option<f64>| score.map_or_else(String::new, |score| format!("{score:.1}"));
    let mut cells = line.split('\t');
    let vector = cells.next().unwrap();
    let expect: Vec<String> = cells.map(|cell| text(cell.parse().ok())).collect();
    let found = match Scores::of(vector) {
        Ok(scores) => [Some(scores.base), scores.temporal, scores.environmental].map(text).to_vec(),
        Err(error) => vec![error.to_string()],
    };
    // Version 4.0 has one cell.
    (found.get(..expect.len()) != Some(&expect[..])).then(|| format!("{vector}: {found:?}, not {expect:?}"))
}
