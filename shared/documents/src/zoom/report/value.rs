//! The values of a page's members: what they say, in any of the types that Zoom writes them in. A value of another type is as if
//! it were missing; it is never an error.

use super::time;
use domain::attendance::trimmed;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{borrow::Cow, fmt, marker::PhantomData};

/// A text or a number as text; empty if it is missing or anything else.
#[derive(Default)]
pub(in crate::zoom) struct Text<'a>(pub(in crate::zoom) Cow<'a, str>);

/// A moment in seconds since 1970.
#[derive(Default)]
pub(super) struct Moment(pub(super) Option<i64>);

/// A length in seconds.
#[derive(Default)]
pub(super) struct Length(pub(super) Option<u64>);

/// What a value is read into; its default stands for one that says nothing.
trait Told<'a>: Default {
    /// From a text without blanks around it.
    fn text(text: Cow<'a, str>) -> Self;
    /// From a whole number.
    fn number(number: i128) -> Self;
}

impl<'a> Told<'a> for Text<'a> {
    fn text(text: Cow<'a, str>) -> Self {
        Self(text)
    }

    fn number(number: i128) -> Self {
        Self(Cow::Owned(number.to_string()))
    }
}

impl<'a> Told<'a> for Moment {
    fn text(text: Cow<'a, str>) -> Self {
        Self(time::moment(&text))
    }

    fn number(_: i128) -> Self {
        Self(None)
    }
}

impl<'a> Told<'a> for Length {
    fn text(text: Cow<'a, str>) -> Self {
        Self(time::seconds(&text))
    }

    fn number(number: i128) -> Self {
        Self(u64::try_from(number).ok())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader(PhantomData))
    }
}

struct Reader<T>(PhantomData<T>);

impl<'de, T: Told<'de>> Visitor<'de> for Reader<T> {
    type Value = T;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("anything")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<T, E> {
        Ok(T::text(Cow::Borrowed(trimmed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(T::text(Cow::Owned(text.trim().to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<T, E> {
        Ok(T::number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<T, E> {
        Ok(T::number(number.into()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(T::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(T::default())
    }
}
