//! Reading objects that may be a little wrong, on top of serde: each record
//! names the fields that it knows; a field of an unexpected kind becomes a
//! warning with its path and is passed over, a single value stands for a list
//! of one, and what is unknown is skipped without being kept.

mod object;
mod text;

use super::draft::Draft;
use super::place::Place;
use object::{Kept, ListSink, RecordSink, Shown};
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use text::{TextSink, TextsSink};

/// A text of the document.
pub(super) type Text<'d> = Option<Cow<'d, str>>;

/// Implements [`Fields`] for a record that needs nothing done when it begins or
/// ends: its keys, and how the value of each is read.
macro_rules! record {
    ($type:ident, $self:ident, $slot:ident, { $($key:pat => $read:expr,)* }) => {
        impl<'d> $crate::format::lenient::Fields<'d> for $type<'d> {
            fn field<A: serde::de::MapAccess<'d>>(
                &mut $self,
                key: &str,
                $slot: $crate::format::lenient::Slot<'_, '_, 'd, A>,
            ) -> Result<(), A::Error> {
                match key {
                    $($key => $read,)*
                    _ => $slot.skip(),
                }
            }
        }
    };
}
pub(super) use record;

/// An object whose fields are read one by one, in the place where the record is
/// to lie: moving it on from hand to hand costs more than reading it.
pub(super) trait Fields<'d>: Default {
    /// Whether an XML element in a list of these is not the record but its one member.
    const IS_CHOICE: bool = false;

    /// The members begin; may claim a place in the draft.
    fn begin(&mut self, _draft: &mut Draft<'d>, _place: &Place<'_>) {}

    /// Takes one member; must consume `slot`.
    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error>;

    /// Takes a bare text in the place of the object; false where that means nothing.
    fn bare(&mut self, _text: Cow<'d, str>) -> bool {
        false
    }

    /// All members were read.
    fn end(&mut self, _draft: &mut Draft<'d>, _place: &Place<'_>) {}

    /// Makes it empty for the next one of its list; what it has allocated may stay.
    fn clear(&mut self) {
        *self = Self::default();
    }
}

/// The value of one member, not yet read.
pub(super) struct Slot<'s, 'p, 'd, A> {
    map: &'s mut A,
    draft: &'s mut Draft<'d>,
    place: &'p Place<'p>,
}

impl<'d, A: MapAccess<'d>> Slot<'_, '_, 'd, A> {
    /// Passes over the value.
    pub(super) fn skip(self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>().map(drop)
    }

    /// A text; numbers and booleans are taken by their spelling.
    pub(super) fn text(self, into: &mut Option<Cow<'d, str>>) -> Result<(), A::Error> {
        self.map.next_value_seed(Seed { draft: self.draft, place: self.place, sink: TextSink { into } })
    }

    /// A list of texts, or one text.
    pub(super) fn texts(self, into: &mut Vec<Cow<'d, str>>) -> Result<(), A::Error> {
        self.map.next_value_seed(Seed { draft: self.draft, place: self.place, sink: TextsSink { into } })
    }

    /// An object.
    pub(super) fn record<T: Fields<'d>>(self, into: &mut Option<T>) -> Result<(), A::Error> {
        let mut record = T::default();
        if self.record_in_place(&mut record)? {
            *into = Some(record);
        }
        Ok(())
    }

    /// An object whose members go into an empty record; false where there is none.
    pub(super) fn record_in_place<T: Fields<'d>>(self, into: &mut T) -> Result<bool, A::Error> {
        self.map.next_value_seed(Seed { draft: self.draft, place: self.place, sink: RecordSink { into } })
    }

    /// A list of objects, or one object.
    pub(super) fn records<T: Fields<'d>>(self, into: &mut Vec<T>) -> Result<(), A::Error> {
        self.map.next_value_seed(Seed { draft: self.draft, place: self.place, sink: ListSink(Kept(into)) })
    }

    /// A list of objects, or one object, each shown as soon as it is read.
    pub(super) fn each<T: Fields<'d>>(self, take: impl FnMut(&mut Draft<'d>, &Place<'_>, &mut T)) -> Result<(), A::Error> {
        let shown = Shown { record: T::default(), take };
        self.map.next_value_seed(Seed { draft: self.draft, place: self.place, sink: ListSink(shown) })
    }
}

/// What is made of a value, by the kind that the value has.
trait Sink<'d>: Sized {
    type Out;
    const WANTED: &'static str;

    fn nothing(self) -> Self::Out;

    /// What an XML element with nothing in it means.
    fn empty(self, _: &mut Draft<'d>, _: &Place<'_>) -> Self::Out {
        self.nothing()
    }

    fn text(self, draft: &mut Draft<'d>, place: &Place<'_>, text: Cow<'d, str>) -> Self::Out;

    fn map<A: MapAccess<'d>>(self, draft: &mut Draft<'d>, place: &Place<'_>, map: A) -> Result<Self::Out, A::Error> {
        passed_over(self, draft, place, map)
    }

    fn seq<A: SeqAccess<'d>>(self, draft: &mut Draft<'d>, place: &Place<'_>, mut seq: A) -> Result<Self::Out, A::Error> {
        draft.note_kind(place, Self::WANTED, "an array");
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self.nothing())
    }
}

/// An object where something else is wanted.
fn passed_over<'d, S, A>(sink: S, draft: &mut Draft<'d>, place: &Place<'_>, mut map: A) -> Result<S::Out, A::Error>
where
    S: Sink<'d>,
    A: MapAccess<'d>,
{
    draft.note_kind(place, S::WANTED, "an object");
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(sink.nothing())
}

struct Seed<'s, 'p, 'd, S> {
    draft: &'s mut Draft<'d>,
    place: &'p Place<'p>,
    sink: S,
}

impl<'d, S: Sink<'d>> DeserializeSeed<'d> for Seed<'_, '_, 'd, S> {
    type Value = S::Out;

    fn deserialize<D: serde::Deserializer<'d>>(self, deserializer: D) -> Result<S::Out, D::Error> {
        if self.place.depth() > self.draft.limits.depth {
            return Err(D::Error::custom(self.draft.refuse_depth(self.place)));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'d, S: Sink<'d>> Visitor<'d> for Seed<'_, '_, 'd, S> {
    type Value = S::Out;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(S::WANTED)
    }

    #[inline]
    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'d str) -> Result<S::Out, E> {
        Ok(self.sink.text(self.draft, self.place, Cow::Borrowed(text)))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<S::Out, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<S::Out, E> {
        Ok(self.sink.text(self.draft, self.place, Cow::Owned(text)))
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<S::Out, E> {
        self.visit_string(value.to_string())
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<S::Out, E> {
        self.visit_string(value.to_string())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<S::Out, E> {
        self.visit_string(value.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<S::Out, E> {
        self.visit_string(value.to_string())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<S::Out, E> {
        Ok(self.sink.nothing())
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<S::Out, E> {
        let read = self.sink.empty(self.draft, self.place);
        self.draft.check::<E>()?;
        Ok(read)
    }

    fn visit_map<A: MapAccess<'d>>(self, map: A) -> Result<S::Out, A::Error> {
        let read = self.sink.map(self.draft, self.place, map)?;
        self.draft.check::<A::Error>()?;
        Ok(read)
    }

    fn visit_seq<A: SeqAccess<'d>>(self, seq: A) -> Result<S::Out, A::Error> {
        self.sink.seq(self.draft, self.place, seq)
    }
}

/// Reads a whole document as one record.
pub(super) fn document<'d, T, D>(deserializer: D, draft: &mut Draft<'d>) -> Result<Option<T>, D::Error>
where
    T: Fields<'d>,
    D: serde::Deserializer<'d>,
{
    let (root, mut record) = (draft.root, T::default());
    let is_one = Seed { draft, place: &root, sink: RecordSink { into: &mut record } }.deserialize(deserializer)?;
    Ok(is_one.then_some(record))
}

/// Counts XML elements side by side by their names. Most lists hold one kind: its
/// name is compared, the others are looked up.
#[derive(Default)]
struct Siblings<'d> {
    last: Cow<'d, str>,
    count: usize,
    others: HashMap<Cow<'d, str>, usize>,
}

impl<'d> Siblings<'d> {
    /// The place of the next element called `name`, which paths show as `shown`.
    fn next<'p>(&mut self, name: Cow<'d, str>, shown: &'p str, parent: &'p Place<'p>) -> Place<'p> {
        if name != self.last {
            let next = self.others.get(&name).copied().unwrap_or_default();
            let last = std::mem::replace(&mut self.last, name);
            let count = std::mem::replace(&mut self.count, next);
            if count > 0 {
                self.others.insert(last, count);
            }
        }
        self.count += 1;
        parent.child(shown, self.count - 1)
    }
}

/// An object's key, borrowed where it has no escapes.
struct Key;

impl<'d> DeserializeSeed<'d> for Key {
    type Value = Cow<'d, str>;

    fn deserialize<D: serde::Deserializer<'d>>(self, deserializer: D) -> Result<Cow<'d, str>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'d> Visitor<'d> for Key {
    type Value = Cow<'d, str>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a key")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'d str) -> Result<Cow<'d, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Cow<'d, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}
