//! Parts of a component that every format states as a text of the same kind.

use super::draft::Draft;
use super::place::Place;
use crate::purl::Purl;
use crate::word::trim;
use std::borrow::Cow;

/// A short text that identifies, at the member `key`; `None` for an empty one.
#[inline]
pub(super) fn word<T>(text: Option<Cow<'_, str>>, key: &str, draft: &mut Draft<'_>, place: &Place<'_>) -> Option<T>
where
    T: for<'t> From<&'t str>,
{
    let text = text.as_deref().filter(|text| !text.is_empty())?;
    Some(draft.word(text, &place.key(key)))
}

/// A purl at the member `key`; an unreadable one is told and left out.
pub(super) fn purl_at(text: Option<Cow<'_, str>>, key: &str, draft: &mut Draft<'_>, place: &Place<'_>) -> Option<Purl> {
    purl(&text.filter(|text| !text.is_empty())?, draft, &place.key(key))
}

/// A purl, which stands at `place`; an unreadable one is told and left out.
pub(super) fn purl(text: &str, draft: &mut Draft<'_>, place: &Place<'_>) -> Option<Purl> {
    draft.bound(text, place);
    match Purl::tolerant(text) {
        Ok((purl, offence)) => {
            if let Some(offence) = offence {
                draft.note(place, format!("{offence}; it is kept nevertheless"));
            }
            Some(purl)
        }
        Err(error) => {
            draft.note(place, format!("{error}; it was left out"));
            None
        }
    }
}

/// The value of a hash, which stands at `place`, in lower case; told and left out where it is none.
pub(super) fn hash_value(text: &str, draft: &mut Draft<'_>, place: &Place<'_>) -> Option<Box<str>> {
    let value = trim(text);
    // Without an end before the last byte this takes many bytes at once, as looking for the first wrong one does not.
    let is_hex = value.bytes().fold(true, |is_hex, byte| is_hex & byte.is_ascii_hexdigit());
    if value.is_empty() || !is_hex {
        draft.note(place, "the value of this hash is not hexadecimal; it was left out");
        return None;
    }
    Some(value.to_ascii_lowercase().into())
}
