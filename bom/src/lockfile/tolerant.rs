//! Building blocks for reading foreign JSON, TOML and YAML without letting one
//! odd value spoil the file: each accepts a value of any type and remembers
//! whether it was the expected one. Texts borrow from the input where they can.

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

/// A text; other scalars keep their spelling where it is certain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Text<'a> {
    /// Nothing, or null.
    #[default]
    None,
    /// A text.
    Some(Cow<'a, str>),
    /// A value of another type.
    Odd,
}

impl<'a> Text<'a> {
    /// The text, where it is one and not empty.
    pub(super) fn get(&self) -> Option<&str> {
        match self {
            Text::Some(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The text, or an empty one.
    pub(super) fn or_empty(&self) -> &str {
        self.get().unwrap_or("")
    }

    /// Whether there is a value that is no text.
    pub(super) fn is_odd(&self) -> bool {
        matches!(self, Text::Odd)
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Text::Some(Cow::Borrowed(text))
    }
}

/// A yes or no; anything that is not plainly true is no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flag(pub(super) bool);

/// A list; anything else is empty and odd.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct List<T> {
    /// Its items.
    pub(super) items: Vec<T>,
    /// Whether there is a value that is no list.
    pub(super) odd: bool,
}

/// A map in document order, repeated keys and all; anything else is empty and odd.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pairs<K, V> {
    /// Keys with their values.
    pub(super) items: Vec<(K, V)>,
    /// Whether there is a value that is no map.
    pub(super) odd: bool,
}

impl<T> Pairs<Text<'_>, List<T>> {
    /// The items under each key; what a repeated key has is added.
    pub(super) fn by_key(&self) -> HashMap<&str, Vec<&T>> {
        let mut by_key: HashMap<&str, Vec<&T>> = HashMap::new();
        for (key, list) in &self.items {
            by_key.entry(key.or_empty()).or_default().extend(&list.items);
        }
        by_key
    }
}

/// A map as `T` reads it; `None` and odd for anything else.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record<T> {
    /// The record, kept apart: what is none takes no room for one.
    pub(super) value: Option<Box<T>>,
    /// Whether there is a value that is no map.
    pub(super) odd: bool,
}

/// A text, or a list of `T`, or a map as `R` reads it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Either<'a, R> {
    /// A scalar.
    Text(Text<'a>),
    /// A map, kept apart: a text in its place takes no room for one.
    Record(Box<R>),
    /// A list of such values.
    List(Vec<Either<'a, R>>),
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), odd: false }
    }
}

impl<K, V> Default for Pairs<K, V> {
    fn default() -> Self {
        Self { items: Vec::new(), odd: false }
    }
}

impl<T> Default for Record<T> {
    fn default() -> Self {
        Self { value: None, odd: false }
    }
}

impl<R> Default for Either<'_, R> {
    fn default() -> Self {
        Either::Text(Text::None)
    }
}

/// The scalar visits of a type that makes nothing of scalars.
macro_rules! scalars {
    ($odd:expr, $none:expr) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($odd)
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($odd)
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($odd)
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($odd)
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok($odd)
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($none)
        }
        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok($none)
        }
    };
}

fn skip_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<(), A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

fn skip_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = Text<'de>;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text::Some(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text::Some(Cow::Owned(text.to_owned())))
            }
            fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
                Ok(Text::Some(Cow::Owned(text)))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Text::Some(Cow::Owned(number.to_string())))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Text::Some(Cow::Owned(number.to_string())))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Text::Some(Cow::Owned(number.to_string())))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Text::Odd)
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Text::None)
            }
            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(Text::None)
            }
            fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
                inner.deserialize_any(self)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                skip_seq(seq).map(|()| Text::Odd)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                skip_map(map).map(|()| Text::Odd)
            }
        }
        deserializer.deserialize_any(Seen)
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = bool;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("true or false")
            }
            fn visit_bool<E>(self, yes: bool) -> Result<bool, E> {
                Ok(yes)
            }
            fn visit_str<E>(self, text: &str) -> Result<bool, E> {
                Ok(text == "true")
            }
            fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
                Ok(false)
            }
            fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
                Ok(false)
            }
            fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
                Ok(false)
            }
            fn visit_unit<E>(self) -> Result<bool, E> {
                Ok(false)
            }
            fn visit_none<E>(self) -> Result<bool, E> {
                Ok(false)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<bool, A::Error> {
                skip_seq(seq).map(|()| false)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
                skip_map(map).map(|()| false)
            }
        }
        deserializer.deserialize_any(Seen).map(Flag)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Seen<T> {
            type Value = List<T>;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a list")
            }
            scalars!(List { items: Vec::new(), odd: true }, List::default());
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(List { items, odd: false })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                skip_map(map).map(|()| List { items: Vec::new(), odd: true })
            }
        }
        deserializer.deserialize_any(Seen(PhantomData))
    }
}

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Pairs<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen<K, V>(PhantomData<(K, V)>);
        impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for Seen<K, V> {
            type Value = Pairs<K, V>;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a map")
            }
            scalars!(Pairs { items: Vec::new(), odd: true }, Pairs::default());
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                skip_seq(seq).map(|()| Pairs { items: Vec::new(), odd: true })
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = map.next_entry()? {
                    items.push(item);
                }
                Ok(Pairs { items, odd: false })
            }
        }
        deserializer.deserialize_any(Seen(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Record<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Seen<T> {
            type Value = Record<T>;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a map")
            }
            scalars!(Record { value: None, odd: true }, Record::default());
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                skip_seq(seq).map(|()| Record { value: None, odd: true })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|value| Record { value: Some(Box::new(value)), odd: false })
            }
        }
        deserializer.deserialize_any(Seen(PhantomData))
    }
}

impl<'de: 'a, 'a, R: Deserialize<'de>> Deserialize<'de> for Either<'a, R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen<R>(PhantomData<R>);
        impl<'de, R: Deserialize<'de>> Visitor<'de> for Seen<R> {
            type Value = Either<'de, R>;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text, a list or a map")
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Either::Text(Text::Odd))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Either::Text(Text::Some(Cow::Owned(number.to_string()))))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Either::Text(Text::Some(Cow::Owned(number.to_string()))))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Either::Text(Text::Some(Cow::Owned(number.to_string()))))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Either::Text(Text::None))
            }
            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(Either::Text(Text::None))
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Either::Text(Text::Some(Cow::Borrowed(text))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Either::Text(Text::Some(Cow::Owned(text.to_owned()))))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Either::List)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                R::deserialize(MapAccessDeserializer::new(map)).map(|record| Either::Record(Box::new(record)))
            }
        }
        deserializer.deserialize_any(Seen(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Raw<'a> {
        #[serde(borrow)]
        name: Text<'a>,
        dev: Flag,
        list: List<Text<'a>>,
        pairs: Pairs<Text<'a>, Text<'a>>,
    }

    #[test]
    fn an_odd_value_never_spoils_the_rest() {
        let odd: Record<Raw> =
            serde_json::from_str(r#"{"name":["x"],"dev":{"a":[1]},"list":{"a":1},"pairs":7,"more":null}"#).unwrap();
        let odd = odd.value.unwrap();
        assert!(odd.name.is_odd() && !odd.dev.0 && odd.list.odd && odd.pairs.odd);

        let good: Raw = serde_json::from_str(r#"{"name":"x","dev":true,"list":["a",2],"pairs":{"k":"v"}}"#).unwrap();
        assert!(matches!(good.name, Text::Some(Cow::Borrowed("x"))), "borrowed from the input");
        assert_eq!(good.list.items.get(1).and_then(Text::get), Some("2"));
        assert!(good.dev.0 && good.pairs.items.len() == 1);

        assert!(serde_json::from_str::<Record<Raw>>("[1]").unwrap().odd);
        assert!(toml::from_str::<Raw>("name = 2020-01-01\nlist = [1.5, 'x']").unwrap().name.is_odd());
    }
}
