//! `hstore`: a map of texts to texts or nulls. Format: `contrib/hstore/hstore_io.c`, `hstore_send`.

use std::{
    collections::{BTreeMap, btree_map},
    fmt,
    ops::{Deref, DerefMut},
};

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{put_value, take, take_value};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// An `hstore`: keys with values that may be null.
///
/// ```
/// use howdah::Hstore;
///
/// let tags = Hstore::from_iter([("diet", Some("vegan")), ("note", None)]);
/// assert_eq!(tags["diet"].as_deref(), Some("vegan"));
/// let known: Vec<(String, Option<String>)> = tags.into_iter().filter(|(_, value)| value.is_some()).collect();
/// assert_eq!(known, [("diet".to_owned(), Some("vegan".to_owned()))]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Hstore(pub BTreeMap<String, Option<String>>);

impl Deref for Hstore {
    type Target = BTreeMap<String, Option<String>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Hstore {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, Option<V>)> for Hstore {
    fn from_iter<I: IntoIterator<Item = (K, Option<V>)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        Self(
            pairs
                .map(|(key, value)| (key.into(), value.map(Into::into)))
                .collect(),
        )
    }
}

impl IntoIterator for Hstore {
    type Item = (String, Option<String>);
    type IntoIter = btree_map::IntoIter<String, Option<String>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// As `hstore` reads it, such as `"diet"=>"vegan", "note"=>NULL`, in the order of the keys.
impl fmt::Display for Hstore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted =
            |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        for (i, (key, value)) in self.0.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            let value = value.as_deref().map_or_else(|| "NULL".to_owned(), quoted);
            write!(f, "{comma}{}=>{value}", quoted(key))?;
        }
        Ok(())
    }
}

impl<'r> Decode<'r> for Hstore {
    const ACCEPTS: &'static Accepts = &Accepts::Extension(&["hstore"]);

    fn decode(ty: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let count = u32::from_be_bytes(take(&mut raw)?);
        let mut pairs = BTreeMap::new();
        for _ in 0..count {
            let key = take_value(&mut raw)?
                .ok_or_else(|| DecodeError::invalid("a key of the hstore is null"))?;
            let value = take_value(&mut raw)?;
            let value = value.map(|value| String::decode(ty, value)).transpose()?;
            if pairs.insert(String::decode(ty, key)?, value).is_some() {
                return Err(DecodeError::invalid("a key of the hstore is there twice"));
            }
        }
        match raw {
            [] => Ok(Self(pairs)),
            _ => Err(DecodeError::invalid("bytes follow the hstore")),
        }
    }
}

impl Encode for Hstore {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.put_u32(
            u32::try_from(self.0.len())
                .map_err(|_| EncodeError::new("the hstore has too many keys"))?,
        );
        for (key, value) in &self.0 {
            put_value(out, |out| key.encode(ty, out))?;
            put_value(out, |out| value.encode(ty, out))?;
        }
        Ok(IsNull::No)
    }
}
