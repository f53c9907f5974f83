//! Reading objects that may be a little wrong, on top of serde: each record
//! names the fields that it knows; a field of an unexpected kind becomes a
//! warning with its path and is passed over, a single value stands for a list
//! of one, and what is unknown is skipped without being kept.

mod object;
mod text;

use super::draft::Draft;
use super::place::Place;
use object::{EachSink, RecordSink};
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use text::{TextSink, TextsSink};

/// A text of the document.
pub(super) type Text<'d> = Option<Cow<'d, str>>;

/// Implements [`Fields`] for a record that needs no place when it begins and
/// nothing done when it ends: its keys, and how the value of each is read.
macro_rules! record {
    ($type:ident, $self:ident, $slot:ident, { $($key:pat => $read:expr,)* }) => {
        impl<'d> $crate::format::lenient::Fields<'d> for $type<'d> {
            fn begin(_: &mut $crate::format::draft::Draft<'d>, _: &$crate::format::place::Place<'_>) -> Self {
                Self::default()
            }

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

/// An object whose fields are read one by one.
pub(super) trait Fields<'d>: Sized {
    /// Whether an XML element in a list of these is not the record but its one member.
    const IS_CHOICE: bool = false;

    /// Starts a record; may claim a place in the draft.
    fn begin(draft: &mut Draft<'d>, place: &Place<'_>) -> Self;

    /// Starts another one in the place of this, which was handed on and given back.
    fn again(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        *self = Self::begin(draft, place);
    }

    /// Takes one member; must consume `slot`.
    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error>;

    /// A record made of a bare text in the place of the object; `None` where that means nothing.
    fn bare(_draft: &mut Draft<'d>, _text: Cow<'d, str>) -> Option<Self> {
        None
    }

    /// All members were read.
    fn end(&mut self, _draft: &mut Draft<'d>, _place: &Place<'_>) {}
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
        let read = self.map.next_value_seed(Seed { draft: self.draft, place: self.place, sink: RecordSink::new() })?;
        if read.is_some() {
            *into = read;
        }
        Ok(())
    }

    /// A list of objects, or one object.
    pub(super) fn records<T: Fields<'d>>(self, into: &mut Vec<T>) -> Result<(), A::Error> {
        self.each(|_, _, record| into.push(record))
    }

    /// A list of objects, or one object, each handed on as soon as it is read.
    pub(super) fn each<T: Fields<'d>>(self, mut take: impl FnMut(&mut Draft<'d>, &Place<'_>, T)) -> Result<(), A::Error> {
        self.each_again(|draft, place, record| {
            take(draft, place, record);
            None
        })
    }

    /// The same for objects that may be given back, to be the next one: what they have allocated serves again.
    pub(super) fn each_again<T: Fields<'d>>(
        self,
        take: impl FnMut(&mut Draft<'d>, &Place<'_>, T) -> Option<T>,
    ) -> Result<(), A::Error> {
        self.map.next_value_seed(Seed { draft: self.draft, place: self.place, sink: EachSink::new(take) })
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
    let root = draft.root;
    Seed { draft, place: &root, sink: RecordSink::new() }.deserialize(deserializer)
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
