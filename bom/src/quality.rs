//! How well a document tells what is in it: a score and, for each element that was
//! asked for, how far it is there and why not. Asked are the minimum elements of the
//! NTIA (July 2021) and what BSI TR-03183-2 (version 2.1.0) asks for beyond them; the
//! list and each weight stand in `docs/quality.md`.
//!
//! What a document does not say is missing only where silence cannot mean "there is
//! none"; elsewhere the answer is "cannot tell", and the score leaves the element out.

mod element;
mod elements;
#[cfg(test)]
mod tests;

pub use element::{Element, Source, Verdict};
pub use elements::ELEMENTS;

use crate::document::Document;
use serde::Serialize;

/// What was asked of a document, and how it answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quality {
    /// Percent, rounded down: of the weights of the elements that can be told, how much is
    /// met; `None` where none can be told.
    pub score: Option<u8>,
    /// The same over the minimum elements of the NTIA alone.
    pub ntia: Option<u8>,
    /// The same over what the BSI asks for, the NTIA's elements with it.
    pub bsi: Option<u8>,
    /// Each element, in the order of [`ELEMENTS`].
    pub elements: Vec<Answer>,
}

/// How a document answers to one element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The element's name, for example `component-version`.
    pub element: &'static str,
    /// Who asks for it.
    pub sources: &'static [Source],
    /// What it weighs.
    pub weight: u8,
    /// How far it is there.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub reason: String,
}

/// Judges a document.
pub fn quality(document: &Document) -> Quality {
    let answer = |element: &Element| {
        let (verdict, reason) = (element.judge)(document);
        Answer { element: element.name, sources: element.sources, weight: element.weight, verdict, reason }
    };
    let elements: Vec<Answer> = ELEMENTS.iter().map(answer).collect();
    let of = |source: Source| score(elements.iter().filter(|answer| answer.sources.contains(&source)));
    Quality { score: score(elements.iter()), ntia: of(Source::Ntia), bsi: of(Source::Bsi), elements }
}

fn score<'a>(answers: impl Iterator<Item = &'a Answer>) -> Option<u8> {
    // In thousandths of a weight, so that a document with everything has exactly 100.
    let (mut met, mut asked) = (0_u64, 0_u64);
    for answer in answers {
        let weight = u64::from(answer.weight) * 1000;
        let Some((some, all)) = answer.verdict.share() else { continue };
        asked += weight;
        met += weight * some / all.max(1);
    }
    (met * 100).checked_div(asked).and_then(|percent| u8::try_from(percent).ok())
}
