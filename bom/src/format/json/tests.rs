//! This source of values beside serde_json's: the same values, the same refusals.

use super::*;
use proptest::prelude::*;
use serde_json::Value;

fn read(text: &str) -> Result<Value, ReadError> {
    let mut json = Json::new(text);
    let value = <Value as serde::Deserialize>::deserialize(&mut json);
    value.and_then(|value| json.end().map(|()| value)).map_err(|stop| json.error(&stop))
}

fn skip(text: &str) -> Result<IgnoredAny, ReadError> {
    let mut json = Json::new(text);
    let value = <IgnoredAny as serde::Deserialize>::deserialize(&mut json);
    value.and_then(|value| json.end().map(|()| value)).map_err(|stop| json.error(&stop))
}

/// The same value, or the same refusal, as serde_json gives: where it has two, of a value read and of one skipped, either.
fn check(text: &str) {
    let skipped = serde_json::from_str::<IgnoredAny>(text).map_err(|error| broken::error(&error));
    assert_eq!(skip(text), skipped, "{text:?}, skipped");
    let expected = serde_json::from_str::<Value>(text).map_err(|error| broken::error(&error));
    let found = read(text);
    assert!(
        found == expected || (expected.is_err() && found.clone().err() == skipped.err()),
        "{text:?}: {found:?}, not {expected:?}"
    );
}

/// Values, and what is nearly one.
const TEXTS: &[&str] = &[
    "null",
    " true\n",
    "false",
    "0",
    "-1",
    "1.50",
    "1e5",
    "-0",
    "18446744073709551615",
    "-9223372036854775808",
    "1E400",
    "01",
    "1.",
    "-",
    "+1",
    "1-2",
    ".5",
    "\"\"",
    "\"a\\\"b\\\\\"",
    "\"\\u00fc \\ud83d\\ude00\"",
    "\"\\ud800\"",
    "\"\\x\"",
    "\"a\nb\"",
    "\"12345678\t\"",
    "\"1234567\\\\\"",
    "\"\\",
    "\"",
    "\"abc",
    "[]",
    "[ ]",
    "[1,2]",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1",
    "[",
    "]",
    "{}",
    "{ }",
    "{\"a\":1}",
    "{\"a\" : [{}], \"b\":{\"c\":null}}",
    "{\"a\":1,}",
    "{,}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\" 1}",
    "{a:1}",
    "{1:1}",
    "{\"a\":1",
    "{\"a\":1]",
    "{\"\\u0061\":\"\u{e4}\u{1f600}\"}",
    "",
    " ",
    "nul",
    "nulls",
    "truex",
    "{} {}",
    "\u{feff}{}",
    "{\"a\":\n\n1\n x}",
    "[\"a\"\n\"b\"]",
    "\u{a0}1",
    "[\n   \t        1]",
];

#[test]
fn values_and_refusals_are_those_of_serde_json() {
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    TEXTS.iter().copied().for_each(check);
    for text in [deep(1), deep(126), deep(127), deep(128)] {
        check(&text);
    }
    assert!(skip(&deep(100_000)).is_ok(), "what is skipped may be deep");
}

proptest! {
    #[test]
    fn any_text_reads_as_with_serde_json(text in "([\\[\\]{}:,\" \n]|\"[a-z\\\\\"]{0,9}\"|[0-9.eE+-]{1,4}|true|null|\\PC){0,24}") {
        check(&text);
    }

    #[test]
    fn any_cut_or_changed_document_reads_as_with_serde_json(at in 0..200_usize, byte in 0..128_u8) {
        let whole = r#"{"a": ["b", {"c": "d\n"}, 1.5e3, -2, true, null], "long text of more than a word": "\u00e4 12345678", "e": {}}"#;
        check(whole.get(..at.min(whole.len())).unwrap_or_default());
        let mut bytes = whole.as_bytes().to_vec();
        if let Some(slot) = bytes.get_mut(at) {
            *slot = byte;
        }
        check(std::str::from_utf8(&bytes).unwrap_or_default());
    }
}
