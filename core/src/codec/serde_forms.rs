//! How serde reads and writes howdah's own types. Types that can be displayed and parsed are text in every format; the
//! others have the form of their contents.

use std::{fmt, marker::PhantomData, ops::Bound, str::FromStr};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, IntoDeserializer, Visitor},
};

#[cfg(feature = "json")]
use serde_json::value::RawValue;

#[cfg(feature = "json")]
use super::lazy_json::LazyJson;
use super::{
    bits::BitString,
    calendar::{
        infinite::Infinite,
        own::{Date, Time, Timestamp},
    },
    dimensions::{Array, Dimension},
    interval::Interval,
    network::{Inet, MacAddr, MacAddr8},
    numeric::Numeric,
    range::Range,
    timetz::TimeTz,
};

/// Reads a text.
struct Text<T>(PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! texts {
    ($($ty:ty)*) => {$(
        /// As text.
        impl Serialize for $ty {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        /// From text.
        impl<'de> Deserialize<'de> for $ty {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Text(PhantomData))
            }
        }
    )*};
}

texts! { BitString Date Inet Interval MacAddr MacAddr8 Numeric Time TimeTz Timestamp }

/// From `dimensions` and `elements`.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Array<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename = "Array")]
        struct Form<T> {
            dimensions: Vec<Dimension>,
            elements: Vec<T>,
        }
        let Form {
            dimensions,
            elements,
        } = Form::deserialize(deserializer)?;
        Self::new(dimensions, elements)
            .ok_or_else(|| D::Error::custom("the elements do not fit the dimensions"))
    }
}

/// A range that is not empty has two bounds, in serde's form of `std::ops::Bound`. An empty one is a word.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum RangeForm<T> {
    Between { lower: Bound<T>, upper: Bound<T> },
    Empty(Empty),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Empty {
    Empty,
}

/// As `"empty"`, or as `{"lower": {"Included": 1}, "upper": "Unbounded"}`.
impl<T: Serialize> Serialize for Range<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let form = match self {
            Self::Empty => RangeForm::Empty(Empty::Empty),
            Self::Between(lower, upper) => RangeForm::Between {
                lower: lower.as_ref(),
                upper: upper.as_ref(),
            },
        };
        form.serialize(serializer)
    }
}

/// From formats that describe themselves, such as JSON.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Range<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match RangeForm::deserialize(deserializer)? {
            RangeForm::Between { lower, upper } => Self::Between(lower, upper),
            RangeForm::Empty(Empty::Empty) => Self::Empty,
        })
    }
}

/// As the date or timestamp itself, or as `"infinity"` or `"-infinity"`.
impl<T: Serialize> Serialize for Infinite<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Finite(value) => value.serialize(serializer),
            Self::Infinity => serializer.serialize_str("infinity"),
            Self::NegInfinity => serializer.serialize_str("-infinity"),
        }
    }
}

/// From a text, because dates and timestamps are texts in human-readable formats.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Infinite<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "infinity" => Ok(Self::Infinity),
            "-infinity" => Ok(Self::NegInfinity),
            text => T::deserialize(text.into_deserializer()).map(Self::Finite),
        }
    }
}

/// As the document itself. The text is checked to be JSON first.
#[cfg(feature = "json")]
impl<T: AsRef<str>> Serialize for LazyJson<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document: &RawValue = self.parse().map_err(serde::ser::Error::custom)?;
        document.serialize(serializer)
    }
}

/// From a part of a JSON document.
#[cfg(feature = "json")]
impl<'de, T: for<'t> From<&'t str> + AsRef<str>> Deserialize<'de> for LazyJson<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self::new(document.get().into()))
    }
}

#[cfg(test)]
#[cfg(all(feature = "json", feature = "chrono"))]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::{
        Cube, Hstore, Json, JsonPath, Lexeme, Money, Multirange, Position, Record, Tid, TsVector,
        Weight, geometric::Point,
    };

    #[track_caller]
    fn both_ways<T: Serialize + DeserializeOwned + PartialEq + fmt::Debug>(value: T, json: &str) {
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
        assert_eq!(serde_json::from_str::<T>(json).unwrap(), value);
    }

    #[test]
    fn texts_are_texts() {
        both_ways::<Interval>("P1DT2H".parse().unwrap(), "\"P1DT2H\"");
        both_ways::<Numeric>("-1.500".parse().unwrap(), "\"-1.500\"");
        both_ways::<Numeric>("NaN".parse().unwrap(), "\"NaN\"");
        both_ways::<Inet>("10.0.0.0/8".parse().unwrap(), "\"10.0.0.0/8\"");
        both_ways(MacAddr([1, 2, 3, 4, 5, 6]), "\"01:02:03:04:05:06\"");
        both_ways(
            MacAddr8([1, 2, 3, 4, 5, 6, 7, 8]),
            "\"01:02:03:04:05:06:07:08\"",
        );
        both_ways::<BitString>("0110".parse().unwrap(), "\"0110\"");
        both_ways(JsonPath::from("$.a"), "\"$.a\"");
        both_ways::<Date>("0044-03-15 BC".parse().unwrap(), "\"0044-03-15 BC\"");
        both_ways::<Time>("24:00:00".parse().unwrap(), "\"24:00:00\"");
        both_ways(TimeTz::new(0, -3_600).unwrap(), "\"00:00:00-01\"");
        both_ways(
            Timestamp::from_microseconds(500_000),
            "\"2000-01-01 00:00:00.5\"",
        );
    }

    #[test]
    fn what_has_no_text_is_what_it_holds() {
        both_ways(Range::<i32>::Empty, "\"empty\"");
        both_ways(
            Range::from(1..5),
            r#"{"lower":{"Included":1},"upper":{"Excluded":5}}"#,
        );
        both_ways(
            Multirange(vec![Range::from(..2), Range::Empty]),
            r#"[{"lower":"Unbounded","upper":{"Excluded":2}},"empty"]"#,
        );
        let tags = Hstore::from_iter([("a", Some("b")), ("c", None)]);
        both_ways(tags, r#"{"a":"b","c":null}"#);
        both_ways(Money(1_250), "1250");
        both_ways(Record(7), "7");
        let array = Array::new(vec![Dimension::new(2)], vec![Some(1), None]).unwrap();
        both_ways(
            array,
            r#"{"dimensions":[{"length":2,"lower_bound":1}],"elements":[1,null]}"#,
        );
        both_ways(Json(vec![1, 2]), "[1,2]");
        both_ways(
            LazyJson::<Box<str>>::new("{\"b\": 1.00}".into()),
            "{\"b\": 1.00}",
        );
        let cube = Cube {
            corner: vec![1.0],
            opposite: None,
        };
        both_ways(cube, r#"{"corner":[1.0],"opposite":null}"#);
        let at = Position {
            position: 3,
            weight: Weight::A,
        };
        let word = Lexeme {
            word: "sea".to_owned(),
            positions: vec![at],
        };
        both_ways(
            TsVector(vec![word]),
            r#"[{"word":"sea","positions":[{"position":3,"weight":"A"}]}]"#,
        );
        both_ways(Point { x: 0.5, y: -1.0 }, r#"{"x":0.5,"y":-1.0}"#);
        both_ways(Tid { block: 1, item: 2 }, r#"{"block":1,"item":2}"#);
    }

    #[test]
    fn infinities_are_words() {
        type Day = Infinite<chrono::NaiveDate>;
        both_ways(Day::Infinity, "\"infinity\"");
        both_ways(Day::NegInfinity, "\"-infinity\"");
        both_ways(Date::INFINITY, "\"infinity\"");
        both_ways(Timestamp::NEG_INFINITY, "\"-infinity\"");
        let day = chrono::NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        both_ways(Day::Finite(day), "\"2024-02-29\"");
        both_ways(
            Range::from(Day::Finite(day)..),
            r#"{"lower":{"Included":"2024-02-29"},"upper":"Unbounded"}"#,
        );
    }

    #[test]
    fn what_is_no_such_value_is_an_error() {
        let message = |json: &str| serde_json::from_str::<Inet>(json).unwrap_err().to_string();
        let mistaken = LazyJson::<Box<str>>::new("{".into());
        assert!(serde_json::to_string(&mistaken).is_err());
        assert!(
            message("\"10.0.0.0/99\"").contains("not an address"),
            "{}",
            message("\"10.0.0.0/99\"")
        );
        assert!(message("1").contains("a text"), "{}", message("1"));
        assert!(serde_json::from_str::<Range<i32>>("\"full\"").is_err());
        let short = r#"{"dimensions":[{"length":2,"lower_bound":1}],"elements":[1]}"#;
        assert!(serde_json::from_str::<Array<i32>>(short).is_err());
        assert!(serde_json::from_str::<Date>("\"2023-02-29\"").is_err());
        assert!(serde_json::from_str::<Infinite<chrono::NaiveDate>>("\"soon\"").is_err());
    }
}
