//! Values that are texts, and lists of them.

use super::{Key, Seed, Siblings, Sink};
use crate::format::draft::{Draft, Syntax};
use crate::format::place::Place;
use crate::format::xml::TEXT;
use serde::de::{IgnoredAny, MapAccess, SeqAccess};
use std::borrow::Cow;

/// One text.
pub(super) struct TextSink;

impl<'d> Sink<'d> for TextSink {
    type Out = Option<Cow<'d, str>>;
    const WANTED: &'static str = "a text";

    fn nothing(self) -> Self::Out {
        None
    }

    fn text(self, _: &mut Draft<'d>, _: &Place<'_>, text: Cow<'d, str>) -> Self::Out {
        Some(text)
    }

    /// An XML element with attributes: they do not count.
    fn map<A: MapAccess<'d>>(self, draft: &mut Draft<'d>, place: &Place<'_>, mut map: A) -> Result<Self::Out, A::Error> {
        if draft.syntax == Syntax::Lists {
            return super::passed_over(self, draft, place, map);
        }
        let mut read = None;
        while let Some(key) = map.next_key_seed(Key)? {
            match key == TEXT {
                true => read = map.next_value_seed(Seed { draft: &mut *draft, place, sink: TextSink })?,
                false => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(read)
    }
}

/// A list of texts.
pub(super) struct TextsSink<'i, 'd> {
    pub(super) into: &'i mut Vec<Cow<'d, str>>,
}

impl<'d> Sink<'d> for TextsSink<'_, 'd> {
    type Out = ();
    const WANTED: &'static str = "a list of texts";

    fn nothing(self) {}

    fn text(self, _: &mut Draft<'d>, _: &Place<'_>, text: Cow<'d, str>) {
        self.into.push(text);
    }

    fn map<A: MapAccess<'d>>(self, draft: &mut Draft<'d>, place: &Place<'_>, mut map: A) -> Result<(), A::Error> {
        if draft.syntax == Syntax::Lists {
            return super::passed_over(self, draft, place, map);
        }
        let mut places = Siblings::default();
        while let Some(key) = map.next_key_seed(Key)? {
            let place = places.next(key.clone(), &key, place);
            self.into.extend(map.next_value_seed(Seed { draft: &mut *draft, place: &place, sink: TextSink })?);
        }
        Ok(())
    }

    fn seq<A: SeqAccess<'d>>(self, draft: &mut Draft<'d>, place: &Place<'_>, mut seq: A) -> Result<(), A::Error> {
        for index in 0.. {
            let place = place.index(index);
            match seq.next_element_seed(Seed { draft: &mut *draft, place: &place, sink: TextSink })? {
                Some(Some(text)) => self.into.push(text),
                Some(None) => {}
                None => break,
            }
        }
        Ok(())
    }
}
