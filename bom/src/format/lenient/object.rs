//! Values that are objects, and lists of them.

use super::{Fields, Key, Seed, Siblings, Sink, Slot};
use crate::format::draft::{Draft, Syntax};
use crate::format::place::Place;
use crate::format::xml::ATTRIBUTE;
use serde::de::{IgnoredAny, MapAccess, SeqAccess};
use std::borrow::Cow;

/// One object, and whether there was one.
pub(super) struct RecordSink<'i, T> {
    pub(super) into: &'i mut T,
}

impl<'d, T: Fields<'d>> Sink<'d> for RecordSink<'_, T> {
    type Out = bool;
    const WANTED: &'static str = "an object";

    fn nothing(self) -> bool {
        false
    }

    fn empty(self, draft: &mut Draft<'d>, place: &Place<'_>) -> bool {
        self.into.begin(draft, place);
        self.into.end(draft, place);
        true
    }

    fn text(self, draft: &mut Draft<'d>, place: &Place<'_>, text: Cow<'d, str>) -> bool {
        let is_one = self.into.bare(text);
        match is_one {
            true => self.into.end(draft, place),
            false => draft.note_kind(place, Self::WANTED, "a plain value"),
        }
        is_one
    }

    fn map<A: MapAccess<'d>>(self, draft: &mut Draft<'d>, place: &Place<'_>, mut map: A) -> Result<bool, A::Error> {
        let record = self.into;
        record.begin(draft, place);
        draft.check::<A::Error>()?;
        if draft.syntax == Syntax::Repeated {
            repeated(record, draft, place, &mut map)?;
        }
        while let Some(key) = map.next_key_seed(Key)? {
            let shown = if draft.syntax == Syntax::Lists { &*key } else { shown(&key) };
            record.field(shown, Slot { map: &mut map, draft: &mut *draft, place: &place.key(shown) })?;
        }
        record.end(draft, place);
        Ok(true)
    }

    /// An array where one object is wanted: its first element counts.
    fn seq<A: SeqAccess<'d>>(self, draft: &mut Draft<'d>, place: &Place<'_>, mut seq: A) -> Result<bool, A::Error> {
        let first = place.index(0);
        let read = seq.next_element_seed(Seed { draft: &mut *draft, place: &first, sink: self })?;
        if seq.next_element::<IgnoredAny>()?.is_some() {
            draft.note(place, "one object is wanted here; all but the first were left out");
            while seq.next_element::<IgnoredAny>()?.is_some() {}
        }
        Ok(read.unwrap_or_default())
    }
}

/// The members of an object, of which there may be several with one name.
fn repeated<'d, T, A>(record: &mut T, draft: &mut Draft<'d>, place: &Place<'_>, map: &mut A) -> Result<(), A::Error>
where
    T: Fields<'d>,
    A: MapAccess<'d>,
{
    let mut places = Siblings::default();
    while let Some(key) = map.next_key_seed(Key)? {
        let shown = shown(&key);
        let place = places.next(key.clone(), shown, place);
        record.field(shown, Slot { map: &mut *map, draft: &mut *draft, place: &place })?;
    }
    Ok(())
}

/// A member's name in XML, where it may be an attribute.
fn shown(key: &str) -> &str {
    key.strip_prefix(ATTRIBUTE).unwrap_or(key)
}

/// Where the records of a list go.
pub(super) trait Records<'d> {
    type Record: Fields<'d>;

    /// An empty record, to be the next one.
    fn next(&mut self) -> &mut Self::Record;

    /// The next one was read, or there was none.
    fn done(&mut self, draft: &mut Draft<'d>, place: &Place<'_>, is_one: bool);
}

/// Records that are kept.
pub(super) struct Kept<'i, T>(pub(super) &'i mut Vec<T>);

impl<'d, T: Fields<'d>> Records<'d> for Kept<'_, T> {
    type Record = T;

    #[inline]
    fn next(&mut self) -> &mut T {
        self.0.push_mut(T::default())
    }

    #[inline]
    fn done(&mut self, _: &mut Draft<'d>, _: &Place<'_>, is_one: bool) {
        if !is_one {
            self.0.pop();
        }
    }
}

/// Records that are shown one after the other, each in the place of the one before.
pub(super) struct Shown<T, F> {
    pub(super) record: T,
    pub(super) take: F,
}

impl<'d, T: Fields<'d>, F: FnMut(&mut Draft<'d>, &Place<'_>, &mut T)> Records<'d> for Shown<T, F> {
    type Record = T;

    fn next(&mut self) -> &mut T {
        &mut self.record
    }

    fn done(&mut self, draft: &mut Draft<'d>, place: &Place<'_>, is_one: bool) {
        if is_one {
            (self.take)(draft, place, &mut self.record);
            self.record.clear();
        }
    }
}

/// A list of objects.
pub(super) struct ListSink<R>(pub(super) R);

impl<'d, R: Records<'d>> ListSink<R> {
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
            let into = self.0.next();
            let is_one = if R::Record::IS_CHOICE {
                into.begin(draft, &place);
                into.field(&key, Slot { map: &mut map, draft: &mut *draft, place: &place })?;
                into.end(draft, &place);
                true
            } else {
                map.next_value_seed(Seed { draft: &mut *draft, place: &place, sink: RecordSink { into } })?
            };
            self.0.done(draft, &place, is_one);
        }
        Ok(())
    }
}

impl<'d, R: Records<'d>> Sink<'d> for ListSink<R> {
    type Out = ();
    const WANTED: &'static str = "a list of objects";

    fn nothing(self) {}

    fn text(mut self, draft: &mut Draft<'d>, place: &Place<'_>, text: Cow<'d, str>) {
        let is_one = RecordSink { into: self.0.next() }.text(draft, place, text);
        self.0.done(draft, place, is_one);
    }

    fn map<A: MapAccess<'d>>(mut self, draft: &mut Draft<'d>, place: &Place<'_>, map: A) -> Result<(), A::Error> {
        if draft.syntax == Syntax::Wrapped {
            return self.wrapped(draft, place, map);
        }
        let is_one = RecordSink { into: self.0.next() }.map(draft, place, map)?;
        self.0.done(draft, place, is_one);
        Ok(())
    }

    fn seq<A: SeqAccess<'d>>(mut self, draft: &mut Draft<'d>, place: &Place<'_>, mut seq: A) -> Result<(), A::Error> {
        for index in 0.. {
            let place = place.index(index);
            let sink = RecordSink { into: self.0.next() };
            let read = seq.next_element_seed(Seed { draft: &mut *draft, place: &place, sink })?;
            self.0.done(draft, &place, read == Some(true));
            if read.is_none() {
                break;
            }
        }
        Ok(())
    }
}
