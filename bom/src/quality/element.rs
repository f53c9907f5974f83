//! One thing that is asked of a document, and how far it is there.

use crate::document::{Component, Document, Kind};
use serde::Serialize;

/// Who asks for an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// NTIA, The Minimum Elements For a Software Bill of Materials, July 2021.
    Ntia,
    /// BSI TR-03183-2, version 2.1.0, August 2025.
    Bsi,
}

/// How far an element is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// As asked.
    Met,
    /// For `met` of `of` components.
    Partly {
        /// Components that have it.
        met: usize,
        /// Components that should.
        of: usize,
    },
    /// Not at all.
    Missing,
    /// The document's silence may mean either, or its format has no place for it.
    CannotTell,
}

impl Verdict {
    /// How much of how much; `None` where it cannot be told.
    pub(super) fn share(self) -> Option<(u64, u64)> {
        match self {
            Self::Met => Some((1, 1)),
            Self::Partly { met, of } => Some((u64::try_from(met).ok()?, u64::try_from(of).ok()?)),
            Self::Missing => Some((0, 1)),
            Self::CannotTell => None,
        }
    }
}

/// One thing that is asked.
pub struct Element {
    /// Its name, for example `component-version`.
    pub name: &'static str,
    /// Who asks for it.
    pub sources: &'static [Source],
    /// What it weighs.
    pub weight: u8,
    /// What is asked, for `docs/quality.md`.
    pub asks: &'static str,
    /// How a document answers, with the reason.
    pub(super) judge: fn(&Document) -> (Verdict, String),
}

/// Names shown of components that lack something.
const SHOWN: usize = 3;

/// What the document is about and what is in it; plain files only where `files` are asked too.
pub(super) fn asked(document: &Document, files: bool) -> impl Iterator<Item = &Component> {
    document.subject.iter().chain(&document.components).filter(move |component| files || component.kind != Kind::File)
}

/// How many components have `what`.
pub(super) fn each<'d>(
    components: impl Iterator<Item = &'d Component>,
    what: &str,
    has: impl Fn(&Component) -> bool,
) -> (Verdict, String) {
    let (mut all, mut without, mut names) = (0_usize, 0_usize, Vec::new());
    for component in components {
        all += 1;
        if !has(component) {
            without += 1;
            if names.len() < SHOWN {
                names.push(format!("`{}`", component.name));
            }
        }
    }
    let names = names.join(", ");
    match (all, without) {
        (0, _) => (Verdict::CannotTell, "there is no component to ask".to_owned()),
        (_, 0) => (Verdict::Met, format!("each of {all} has {what}")),
        (_, without) if without == all => (Verdict::Missing, format!("none of {all} has {what}")),
        _ => (
            Verdict::Partly { met: all - without, of: all },
            format!("{without} of {all} have not {what}: {names}{}", more(without)),
        ),
    }
}

fn more(without: usize) -> &'static str {
    if without > SHOWN { ", …" } else { "" }
}

/// Met or missing, with the sentence for either.
pub(super) fn whether(is: bool, met: &str, missing: &str) -> (Verdict, String) {
    if is { (Verdict::Met, met.to_owned()) } else { (Verdict::Missing, missing.to_owned()) }
}
