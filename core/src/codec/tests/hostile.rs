//! Hostile bytes: whatever it is given, no decoder panics or allocates much more than it received, and a value that was
//! read can be written and read again.

use std::{fmt::Debug, ops::Bound};

use ::bytes::BytesMut;
use postgres_types::{Field, Kind, Type};
use proptest::{prelude::*, sample::Index};

use super::table::{Visit, every_type};
use crate::{
    codec::composite::{CompositeReader, CompositeWriter, decode_enum},
    *,
};

/// Reads the bytes. A value that was read must survive being written and read again.
fn both_ways<T>(ty: &Type, raw: &[u8])
where
    T: for<'r> Decode<'r> + Encode + Debug,
{
    let Ok(value) = T::decode(ty, raw) else {
        return;
    };
    let mut out = BytesMut::new();
    // Text with a zero byte cannot be encoded; no server sends it.
    if value.encode(ty, &mut out).is_err() {
        return;
    }
    let back = T::decode(ty, &out).unwrap();
    // Not compared by `==`, because NaN is not equal to itself.
    assert_eq!(format!("{back:?}"), format!("{value:?}"));
}

fn of(kind: Kind) -> Type {
    Type::new("x".to_owned(), 1, kind, "public".to_owned())
}

fn pair(ty: &Type) -> Type {
    let array = of(Kind::Array(ty.clone()));
    let fields = vec![
        Field::new("a".to_owned(), ty.clone()),
        Field::new("b".to_owned(), array),
    ];
    of(Kind::Composite(fields))
}

fn read_pair<'r, T: Decode<'r>>(ty: &Type, raw: &'r [u8]) -> Result<(), DecodeError> {
    let mut fields = CompositeReader::new(ty, raw, 2)?;
    fields.field::<Option<T>>("a")?;
    fields.field::<Vec<Option<T>>>("b")?;
    Ok(())
}

/// Reads the bytes as values of each type, and of types that contain such values.
struct Attack<'r>(&'r [u8]);

impl Visit for Attack<'_> {
    fn visit<T>(&mut self, ty: &Type, _: Vec<T>)
    where
        T: for<'r> Decode<'r> + Encode + Debug,
    {
        let raw = self.0;
        both_ways::<T>(ty, raw);
        both_ways::<T>(&of(Kind::Domain(ty.clone())), raw);
        let array = of(Kind::Array(ty.clone()));
        both_ways::<Vec<Option<T>>>(&array, raw);
        both_ways::<Vec<Vec<Option<T>>>>(&array, raw);
        both_ways::<Array<Option<T>>>(&array, raw);
        both_ways::<Range<T>>(&of(Kind::Range(ty.clone())), raw);
        both_ways::<Multirange<T>>(&of(Kind::Multirange(ty.clone())), raw);
        let _ = read_pair::<T>(&pair(ty), raw);
        let _ = Record::<(Option<T>, Vec<T>)>::decode(&Type::RECORD, raw);
    }
}

fn attack(raw: &[u8]) {
    every_type(&mut Attack(raw));
    let _ = <&str>::decode(&Type::TEXT, raw);
    let _ = <&[u8]>::decode(&Type::BYTEA, raw);
    let _ = decode_enum(raw, |label| (label == "a").then_some(()));
    let _ = Opaque::decode(&Type::TEXT, raw);
    let _ = Bridge::<String>::decode(&Type::TEXT, raw);
    #[cfg(feature = "json")]
    let _ = std::boxed::Box::<serde_json::value::RawValue>::decode(&Type::JSONB, raw);
    let _ = TsQuery::decode(&Type::TSQUERY, raw).map(|query| query.to_string());
    let _ = Numeric::decode(&Type::NUMERIC, raw).map(|numeric| numeric.to_string());
}

/// The bytes of a value, alone and in types that contain it.
fn forms<T: Encode>(ty: &Type, value: &T) -> Vec<Vec<u8>> {
    let array = of(Kind::Array(ty.clone()));
    let square = vec![Dimension::new(1), Dimension::new(2)];
    let square = Array::new(square, vec![value, value]).unwrap();
    let range = Range::Between(Bound::Included(value), Bound::Excluded(value));
    let multirange = Multirange(vec![range]);
    let pair = pair(ty);
    let mut fields = BytesMut::new();
    let mut writer = CompositeWriter::new(&pair, &mut fields).unwrap();
    writer.field(value).unwrap();
    writer.field(&[value][..]).unwrap();
    writer.finish().unwrap();
    vec![
        sent(value, ty),
        sent(&[Some(value), None][..], &array),
        sent(&square, &array),
        sent(&range, &of(Kind::Range(ty.clone()))),
        sent(&multirange, &of(Kind::Multirange(ty.clone()))),
        fields.to_vec(),
    ]
}

fn sent<T: Encode + ?Sized>(value: &T, ty: &Type) -> Vec<u8> {
    let mut out = BytesMut::new();
    value.encode(ty, &mut out).unwrap();
    out.to_vec()
}

/// The bytes of all of the table's values.
struct Valid(Vec<Vec<u8>>);

impl Visit for Valid {
    fn visit<T>(&mut self, ty: &Type, samples: Vec<T>)
    where
        T: for<'r> Decode<'r> + Encode + Debug,
    {
        self.0
            .extend(samples.iter().flat_map(|value| forms(ty, value)));
    }
}

/// Valid bytes with a few changes: one byte or four bytes are replaced, or the end is missing or repeated.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let change = (0..4_u8, any::<Index>(), any::<u8>(), numbers());
    let changes = proptest::collection::vec(change, 1..4);
    let mut valid = Valid(Vec::new());
    every_type(&mut valid);
    (proptest::sample::select(valid.0), changes).prop_map(|(mut raw, changes)| {
        for (kind, place, byte, number) in changes {
            if raw.is_empty() {
                break;
            }
            let place = place.index(raw.len());
            match (kind, raw.get_mut(place..place + 4)) {
                (0, _) => raw.truncate(place),
                (1, _) => raw.extend_from_within(place..),
                (2, Some(four)) => four.copy_from_slice(&number.to_be_bytes()),
                _ => raw[place] = byte,
            }
        }
        raw
    })
}

/// Wrong lengths and counts.
fn numbers() -> impl Strategy<Value = u32> {
    let edges = [0, 1, 2, 0x1000_0000, 0x7FFF_FFFF, 0x8000_0000, u32::MAX];
    prop_oneof![proptest::sample::select(edges.to_vec()), any::<u32>()]
}

/// Bytes that occur in lengths, counts, flags and kinds, with a higher probability than by chance.
fn plausible() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        Just(vec![0, 0, 0, 0]),
        Just(vec![0, 0, 0, 1]),
        Just(vec![0, 0, 0, 2]),
        Just(vec![255, 255, 255, 255]),
        Just(vec![127, 255, 255, 255]),
        Just(vec![1, 2, 0, 0, 0]),
        Just(vec![1, 1, 0, 0, 160, 230, 16, 0, 0]),
        proptest::collection::vec(any::<u8>(), 1..9),
        proptest::collection::vec(0..5_u8, 1..5),
    ];
    proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_bytes_do_harm(raw in proptest::collection::vec(any::<u8>(), 0..80)) {
        attack(&raw);
    }

    #[test]
    fn no_plausible_bytes_do_harm(raw in plausible()) {
        attack(&raw);
    }

    #[test]
    fn no_change_of_valid_bytes_does_harm(raw in mutated()) {
        attack(&raw);
    }
}

/// Reads the bytes of a type's values, with each group of four bytes in turn replaced by a wrong count.
struct Lies;

impl Visit for Lies {
    fn visit<T>(&mut self, ty: &Type, samples: Vec<T>)
    where
        T: for<'r> Decode<'r> + Encode + Debug,
    {
        for valid in samples.iter().flat_map(|value| forms(ty, value)) {
            for place in 0..valid.len().saturating_sub(3) {
                let mut raw = valid.clone();
                for number in [0x0800_0000_u32, u32::MAX] {
                    raw[place..place + 4].copy_from_slice(&number.to_be_bytes());
                    Attack(&raw).visit::<T>(ty, vec![]);
                    raw[place..place + 4].copy_from_slice(&number.to_le_bytes());
                    Attack(&raw).visit::<T>(ty, vec![]);
                }
            }
        }
    }
}

/// With little memory, reading wrong counts does not run out of it.
#[cfg(target_os = "linux")]
#[test]
fn lying_lengths_allocate_little() {
    const LIMITED: &str = "HOWDAH_TEST_LIMITED";
    if std::env::var_os(LIMITED).is_none() {
        // In a separate process, which the shell limits to 400 MB.
        let own_name = "codec::tests::hostile::lying_lengths_allocate_little";
        let limited = "ulimit -v 400000 && exec \"$0\" --exact \"$1\" --test-threads 1";
        let status = std::process::Command::new("sh")
            .args(["-c", limited])
            .arg(std::env::current_exe().unwrap())
            .arg(own_name)
            .env(LIMITED, "1")
            .status()
            .unwrap();
        assert!(status.success(), "{status}");
        return;
    }
    every_type(&mut Lies);
    // Nested collections, with a wrong count at each depth.
    let level = [&[1, 7, 0, 0, 0][..], &0x0004_0000_u32.to_le_bytes()].concat();
    let mut nested = level.repeat(99);
    nested.resize(6_000_000, 1);
    attack(&nested);
}
