//! Licence texts in documents: which of them are identifiers, which are
//! expressions, and which are names.

use crate::document::Licence;
use crate::word::{Word, trim};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Licences by their texts, each understood once: a document names a few of them, over and over.
#[derive(Default)]
pub(super) struct Licences(HashMap<Word, Licence, RandomState>);

impl Licences {
    /// Most that are remembered.
    const MOST: usize = 1000;

    /// What a licence is that is given as nothing but a text.
    pub(super) fn of_text(&mut self, text: &str) -> Licence {
        let text = trim(text);
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let licence = of_text(text);
        let (Licence::Id(word) | Licence::Expression(word) | Licence::Name(word)) = &licence;
        if self.0.len() < Self::MOST {
            self.0.insert(word.clone(), licence.clone());
        }
        licence
    }
}

/// Whether `id` is on the SPDX licence list, spelled exactly.
pub(super) fn is_known(id: &str) -> bool {
    spdx::license_id(id).is_some_and(|known| known.name == id)
}

/// What a licence is whose text, without space around it, is all that is known.
fn of_text(text: &str) -> Licence {
    if is_known(text) {
        Licence::Id(text.into())
    } else if is_expression(text) {
        Licence::Expression(text.into())
    } else {
        Licence::Name(text.into())
    }
}

/// Whether `text` is a valid SPDX licence expression, `LicenseRef-` included.
pub(super) fn is_expression(text: &str) -> bool {
    // Identifiers that the list has retired (`GPL-2.0`) are still what a document may say.
    let mode = spdx::ParseMode { allow_deprecated: true, ..spdx::ParseMode::STRICT };
    spdx::Expression::parse_mode(text, mode).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_an_id_an_expression_or_a_name() {
        let mut licences = Licences::default();
        for (text, licence) in [
            ("MIT", Licence::Id("MIT".into())),
            (" Apache-2.0 ", Licence::Id("Apache-2.0".into())),
            ("MIT OR Apache-2.0", Licence::Expression("MIT OR Apache-2.0".into())),
            ("GPL-2.0 WITH Classpath-exception-2.0", Licence::Expression("GPL-2.0 WITH Classpath-exception-2.0".into())),
            ("LicenseRef-own", Licence::Expression("LicenseRef-own".into())),
            ("The MIT License", Licence::Name("The MIT License".into())),
            ("mit", Licence::Name("mit".into())),
        ] {
            assert_eq!(licences.of_text(text), licence, "{text}");
            assert_eq!(licences.of_text(text), licence, "{text}, the second time");
        }
    }
}
