//! Values that are texts, and lists of them.

use super::{Key, Seed, Siblings, Sink};
use crate::format::draft::{Draft, Syntax};
use crate::format::place::Place;
use crate::format::xml::TEXT;
use serde::de::{IgnoredAny, MapAccess, SeqAccess};
use std::borrow::Cow;

/// One text, written to where it belongs: moving it on from hand to hand costs more than reading it.
pub(super) struct TextSink<'i, 'd> {
    pub(super) into: &'i mut Option<Cow<'d, str>>,
}

impl<'d> Sink<'d> for TextSink<'_, 'd> {
    type Out = ();
    const WANTED: &'static str = "a text";

    fn nothing(self) {}

    #[inline]
    fn text(self, draft: &mut Draft<'d>, place: &Place<'_>, text: Cow<'d, str>) {
        if self.into.is_some() {
            draft.note(place, "it is given twice; the last one counts");
        }
        *self.into = Some(text);
    }

    /// An XML element with attributes: they do not count.
    fn map<A: MapAccess<'d>>(self, draft: &mut Draft<'d>, place: &Place<'_>, mut map: A) -> Result<(), A::Error> {
        if draft.syntax == Syntax::Lists {
            return super::passed_over(self, draft, place, map);
        }
        while let Some(key) = map.next_key_seed(Key)? {
            match key == TEXT {
                true => {
                    let sink = TextSink { into: &mut *self.into };
                    map.next_value_seed(Seed { draft: &mut *draft, place, sink })?;
                }
                false => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// One text more.
struct PushSink<'i, 'd> {
    into: &'i mut Vec<Cow<'d, str>>,
}

impl<'d> Sink<'d> for PushSink<'_, 'd> {
    type Out = ();
    const WANTED: &'static str = "a text";

    fn nothing(self) {}

    #[inline]
    fn text(self, _: &mut Draft<'d>, _: &Place<'_>, text: Cow<'d, str>) {
        self.into.push(text);
    }

    fn map<A: MapAccess<'d>>(self, draft: &mut Draft<'d>, place: &Place<'_>, map: A) -> Result<(), A::Error> {
        let mut text = None;
        TextSink { into: &mut text }.map(draft, place, map)?;
        self.into.extend(text);
        Ok(())
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
            let sink = PushSink { into: &mut *self.into };
            map.next_value_seed(Seed { draft: &mut *draft, place: &place, sink })?;
        }
        Ok(())
    }

    fn seq<A: SeqAccess<'d>>(self, draft: &mut Draft<'d>, place: &Place<'_>, mut seq: A) -> Result<(), A::Error> {
        for index in 0.. {
            let place = place.index(index);
            let sink = PushSink { into: &mut *self.into };
            if seq.next_element_seed(Seed { draft: &mut *draft, place: &place, sink })?.is_none() {
                break;
            }
        }
        Ok(())
    }
}
