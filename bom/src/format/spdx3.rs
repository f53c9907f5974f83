//! SPDX 3.0 in JSON-LD: the elements of its graph, by the short names that the
//! specification's own context gives them. Other contexts are not resolved.

mod element;
mod graph;
mod package;
mod words;

use super::detect::{self, Kind};
use super::draft::{Draft, Syntax};
use super::lenient::{Fields, Slot};
use super::place::Place;
use super::{Format, WriteError, Written, json, lenient, locate};
use crate::document::Document;
use crate::reading::{Limits, ReadError, Reading};
use element::ElementRaw;
use graph::Graph;
use serde::de::MapAccess;

/// SPDX 3 in JSON-LD.
pub(super) struct JsonLd;

impl Format for JsonLd {
    fn name(&self) -> &'static str {
        "spdx3-json"
    }

    fn writes(&self) -> &'static [&'static str] {
        &[]
    }

    fn claims(&self, text: &str) -> bool {
        detect::kind(text) == Some(Kind::Spdx3Json)
    }

    fn read(&self, text: &str, limits: &Limits) -> Result<Reading<Document>, ReadError> {
        read(text, limits)
    }

    fn write(&self, _: &Document, version: &str) -> Result<Written, WriteError> {
        Err(super::unwritten(self, version))
    }
}

/// The document: a graph, or its only element with nothing round it.
#[derive(Default)]
struct Root<'d> {
    graph: Graph<'d>,
    has_graph: bool,
    only: ElementRaw<'d>,
}

impl<'d> Fields<'d> for Root<'d> {
    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        match key {
            "@context" => slot.skip(),
            "@graph" => {
                self.has_graph = true;
                slot.each(|draft, place, element| self.graph.take(std::mem::take(element), draft, place))
            }
            key => self.only.field(key, slot),
        }
    }

    fn end(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        if !self.has_graph {
            self.graph.take(std::mem::take(&mut self.only), draft, place);
        }
    }
}

fn read(text: &str, limits: &Limits) -> Result<Reading<Document>, ReadError> {
    let find = |paths: &[&str]| locate::json::lines(text, paths);
    let mut draft = Draft::new(text, limits, Syntax::Lists, Place::root("$"));
    let mut json = json::Json::new(text);
    let read = lenient::document::<Root<'_>, _>(&mut json, &mut draft);
    match read.and_then(|root| json.end().map(|()| root)) {
        Ok(root) => locate::with_lines(root.unwrap_or_default().graph.finish(draft), find),
        Err(stop) => Err(draft.refusal().map_or_else(|| json.error(&stop), |refusal| locate::with_line(refusal, find))),
    }
}

#[cfg(test)]
mod read_tests;
