//! Whether the places of warnings and errors are in their documents: looked up
//! by plain means, apart from those by which readers find them.

use crate::format::{decode, detect};
use crate::reading::{Limits, ReadError, Warning};
use quick_xml::events::Event;
use serde_json::Value;
use std::path::Path;

/// Every warning has a path and a line of the document.
pub(super) fn check(path: &Path, warnings: &[Warning]) -> Result<(), String> {
    if warnings.is_empty() {
        return Ok(());
    }
    let bytes = std::fs::read(path).expect("readable");
    let text = decode::text(&bytes, &Limits::default()).expect("text");
    // A carriage return alone ends a line, too.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let places = Places::of(&text);
    for warning in warnings {
        let line = warning.line.ok_or_else(|| format!("{warning:?} has no line"))?;
        if line == 0 || line as usize > text.lines().count() {
            return Err(format!("{warning:?}: no such line"));
        }
        if !places.have(&warning.path) {
            return Err(format!("{warning:?}: no such path"));
        }
    }
    Ok(())
}

/// An error about a part of the document has a line of it.
pub(super) fn check_error(path: &Path, error: &ReadError) -> Result<(), String> {
    let bytes = std::fs::read(path).expect("readable");
    let lines = decode::text(&bytes, &Limits::default()).map_or(usize::MAX, |text| text.lines().count().max(1));
    match error.line {
        Some(line) if line == 0 || line as usize > lines => Err(format!("{error}: no such line")),
        None if !error.path.is_empty() => Err(format!("{error}: a path without a line")),
        _ => Ok(()),
    }
}

enum Places<'t> {
    Values(Value),
    Elements(Element),
    Tags(&'t str),
}

#[derive(Default)]
struct Element {
    name: String,
    attributes: Vec<String>,
    children: Vec<Element>,
}

impl<'t> Places<'t> {
    fn of(text: &'t str) -> Self {
        match detect::kind(text) {
            Some(detect::Kind::SpdxTagValue) => Self::Tags(text),
            Some(detect::Kind::SpdxYaml) => Self::Values(serde_saphyr::from_str(text).expect("YAML")),
            _ if text.trim_start().starts_with('<') => Self::Elements(elements(text)),
            _ => Self::Values(serde_json::from_str(text).expect("JSON")),
        }
    }

    fn have(&self, path: &str) -> bool {
        match self {
            Self::Tags(text) => text.lines().any(|line| line.starts_with(path)),
            Self::Values(value) => path.strip_prefix('$').is_some_and(|path| has_value(value, path)),
            Self::Elements(root) => path.strip_prefix('/').is_some_and(|path| has_element(root, path)),
        }
    }
}

fn has_value(value: &Value, path: &str) -> bool {
    let end = path.get(1..).and_then(|rest| rest.find(['.', '['])).map_or(path.len(), |at| at + 1);
    let (step, rest) = path.split_at(end);
    let below = match (step.strip_prefix('.'), value) {
        _ if step.is_empty() => return true,
        (Some(key), Value::Object(_)) => value.get(key),
        (None, Value::Array(list)) => step.trim_matches(['[', ']']).parse::<usize>().ok().and_then(|at| list.get(at)),
        // One value stands for a list of one.
        (None, value) if step == "[0]" => Some(value),
        _ => None,
    };
    below.is_some_and(|below| has_value(below, rest))
}

fn has_element(above: &Element, path: &str) -> bool {
    let (step, rest) = path.split_once('/').unwrap_or((path, ""));
    if let Some(attribute) = step.strip_prefix('@') {
        return above.attributes.iter().any(|name| name == attribute);
    }
    let (name, number) = step.strip_suffix(']').and_then(|step| step.split_once('[')).unwrap_or((step, "1"));
    let number: usize = number.parse().expect("a number");
    let child = above.children.iter().filter(|child| name == "*" || child.name == name).nth(number - 1);
    step.is_empty() || child.is_some_and(|child| has_element(child, rest))
}

fn elements(text: &str) -> Element {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(tag) => open.push(element(&tag)),
            Event::Empty(tag) => open.last_mut().expect("open").children.push(element(&tag)),
            Event::End(_) => {
                let done = open.pop().expect("open");
                open.last_mut().expect("open").children.push(done);
            }
            Event::Eof => return open.swap_remove(0),
            _ => {}
        }
    }
}

fn element(tag: &quick_xml::events::BytesStart<'_>) -> Element {
    let attributes = tag.attributes().flatten().map(|attribute| attribute.key.as_ref().to_string()).collect();
    Element { name: tag.local_name().as_ref().to_string(), attributes, children: Vec::new() }
}
