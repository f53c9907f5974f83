//! Values that are objects, and lists of them.

use super::{Fields, Key, Seed, Siblings, Sink, Slot};
use crate::format::draft::{Draft, Syntax};
use crate::format::place::Place;
use crate::format::xml::ATTRIBUTE;
use serde::de::{IgnoredAny, MapAccess, SeqAccess};
use std::borrow::Cow;

/// One object.
pub(super) struct RecordSink<T> {
    /// An earlier one that is not needed any more.
    spare: Option<T>,
}

impl<T> RecordSink<T> {
    pub(super) fn new() -> Self {
        Self { spare: None }
    }
}

impl<'d, T: Fields<'d>> RecordSink<T> {
    fn begin(self, draft: &mut Draft<'d>, place: &Place<'_>) -> T {
        match self.spare {
            None => T::begin(draft, place),
            Some(mut record) => {
                record.again(draft, place);
                record
            }
        }
    }
}

impl<'d, T: Fields<'d>> Sink<'d> for RecordSink<T> {
    type Out = Option<T>;
    const WANTED: &'static str = "an object";

    fn nothing(self) -> Option<T> {
        None
    }

    fn empty(self, draft: &mut Draft<'d>, place: &Place<'_>) -> Option<T> {
        let mut record = self.begin(draft, place);
        record.end(draft, place);
        Some(record)
    }

    fn text(self, draft: &mut Draft<'d>, place: &Place<'_>, text: Cow<'d, str>) -> Option<T> {
        let Some(mut record) = T::bare(draft, text) else {
            draft.note_kind(place, Self::WANTED, "a plain value");
            return None;
        };
        record.end(draft, place);
        Some(record)
    }

    fn map<A: MapAccess<'d>>(self, draft: &mut Draft<'d>, place: &Place<'_>, mut map: A) -> Result<Option<T>, A::Error> {
        let mut record = self.begin(draft, place);
        draft.check::<A::Error>()?;
        let mut places = (draft.syntax == Syntax::Repeated).then(Siblings::default);
        while let Some(key) = map.next_key_seed(Key)? {
            // In XML it may be an attribute.
            let shown = if draft.syntax == Syntax::Lists { &*key } else { key.strip_prefix(ATTRIBUTE).unwrap_or(&key) };
            let place = places.as_mut().map_or_else(|| place.key(shown), |places| places.next(key.clone(), shown, place));
            record.field(shown, Slot { map: &mut map, draft: &mut *draft, place: &place })?;
        }
        record.end(draft, place);
        Ok(Some(record))
    }

    /// An array where one object is wanted: its first element counts.
    fn seq<A: SeqAccess<'d>>(self, draft: &mut Draft<'d>, place: &Place<'_>, mut seq: A) -> Result<Option<T>, A::Error> {
        let first = place.index(0);
        let read = seq.next_element_seed(Seed { draft: &mut *draft, place: &first, sink: self })?;
        if seq.next_element::<IgnoredAny>()?.is_some() {
            draft.note(place, "one object is wanted here; all but the first were left out");
            while seq.next_element::<IgnoredAny>()?.is_some() {}
        }
        Ok(read.flatten())
    }
}

/// A list of objects, each handed on as soon as it is read.
pub(super) struct EachSink<T, F> {
    take: F,
    spare: Option<T>,
}

impl<T, F> EachSink<T, F> {
    pub(super) fn new(take: F) -> Self {
        Self { take, spare: None }
    }
}

impl<'d, T: Fields<'d>, F: FnMut(&mut Draft<'d>, &Place<'_>, T) -> Option<T>> EachSink<T, F> {
    /// The children of an XML element that stands round a list.
    fn wrapped<A: MapAccess<'d>>(mut self, draft: &mut Draft<'d>, place: &Place<'_>, mut map: A) -> Result<(), A::Error> {
        let mut places = Siblings::default();
        while let Some(key) = map.next_key_seed(Key)? {
            if key.contains(':') || key.starts_with(ATTRIBUTE) {
                // Another vocabulary's, or not one of the list.
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let place = places.next(key.clone(), &key, place);
            if T::IS_CHOICE {
                let mut record = T::begin(draft, &place);
                record.field(&key, Slot { map: &mut map, draft: &mut *draft, place: &place })?;
                record.end(draft, &place);
                (self.take)(draft, &place, record);
            } else {
                let sink = RecordSink { spare: self.spare.take() };
                if let Some(record) = map.next_value_seed(Seed { draft: &mut *draft, place: &place, sink })? {
                    self.spare = (self.take)(draft, &place, record);
                }
            }
        }
        Ok(())
    }
}

impl<'d, T: Fields<'d>, F: FnMut(&mut Draft<'d>, &Place<'_>, T) -> Option<T>> Sink<'d> for EachSink<T, F> {
    type Out = ();
    const WANTED: &'static str = "a list of objects";

    fn nothing(self) {}

    fn text(mut self, draft: &mut Draft<'d>, place: &Place<'_>, text: Cow<'d, str>) {
        if let Some(record) = RecordSink::<T>::new().text(draft, place, text) {
            (self.take)(draft, place, record);
        }
    }

    fn map<A: MapAccess<'d>>(mut self, draft: &mut Draft<'d>, place: &Place<'_>, map: A) -> Result<(), A::Error> {
        if draft.syntax == Syntax::Wrapped {
            return self.wrapped(draft, place, map);
        }
        if let Some(record) = RecordSink::<T>::new().map(draft, place, map)? {
            (self.take)(draft, place, record);
        }
        Ok(())
    }

    fn seq<A: SeqAccess<'d>>(mut self, draft: &mut Draft<'d>, place: &Place<'_>, mut seq: A) -> Result<(), A::Error> {
        for index in 0.. {
            let place = place.index(index);
            let sink = RecordSink { spare: self.spare.take() };
            match seq.next_element_seed(Seed { draft: &mut *draft, place: &place, sink })? {
                Some(Some(record)) => self.spare = (self.take)(draft, &place, record),
                Some(None) => {}
                None => break,
            }
        }
        Ok(())
    }
}
