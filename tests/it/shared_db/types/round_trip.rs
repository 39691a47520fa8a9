//! One way to test a type: each value is sent and read alone, in arrays with nulls and of two dimensions, as a field of
//! a composite and of a record, in domains, and as the bound of ranges. The server checks by its own text of the value,
//! and by its equality.

use std::fmt::{Debug, Display};
use std::ops::Bound;
use std::sync::atomic::{AtomicUsize, Ordering};

use howdah::__private::{CompositeReader, CompositeWriter};
use howdah::{
    Accepts, Array, BytesMut, Decode, DecodeError, Dimension, Encode, EncodeError, IsNull,
    Multirange, Pool, Range, Record, Type, Value, query,
};

/// The properties of a type that are tested.
pub(crate) struct RoundTrip<T> {
    ty: &'static str,
    /// What the names of its types begin with.
    name: String,
    text: fn(&T) -> String,
    same: fn(&T, &T) -> bool,
    read: fn(&T, &T) -> bool,
    equality: Equality,
}

/// What SQL can compare.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Equality {
    None,
    Equal,
    Ordered,
}

/// Values of the SQL type `ty`, whose text is as they display themselves, and which SQL orders.
pub(crate) fn round_trip<T: Display + PartialEq>(ty: &'static str) -> RoundTrip<T> {
    told(ty, T::to_string)
}

/// Values of the SQL type `ty`, for which PostgreSQL reads this text.
pub(crate) fn told<T: PartialEq>(ty: &'static str, text: fn(&T) -> String) -> RoundTrip<T> {
    compared(ty, text, T::eq)
}

/// Values of the SQL type `ty` that Rust has no `==` for.
pub(crate) fn compared<T>(
    ty: &'static str,
    text: fn(&T) -> String,
    same: fn(&T, &T) -> bool,
) -> RoundTrip<T> {
    // Not used before, not even in another test of the same type: prepared statements remember types.
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let words = ty.replace(|c: char| !c.is_alphanumeric(), "_");
    RoundTrip {
        ty,
        name: format!("{words}_{run}"),
        text,
        same,
        read: same,
        equality: Equality::Ordered,
    }
}

/// The same fields as a record.
type Fields<T> = Record<(Option<T>, Vec<Option<T>>)>;

impl<T> From<Fields<T>> for Pair<T> {
    fn from(Record((alone, array)): Fields<T>) -> Self {
        Self { alone, array }
    }
}

/// A composite of the value and of an array of it, as generated code reads and writes one.
#[derive(Debug)]
struct Pair<T> {
    alone: Option<T>,
    array: Vec<Option<T>>,
}

impl<'r, T: Decode<'r>> Decode<'r> for Pair<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Any;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let mut fields = CompositeReader::new(ty, raw, 2)?;
        Ok(Self {
            alone: fields.field("alone")?,
            array: fields.field("array")?,
        })
    }
}

impl<T: Encode> Encode for Pair<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Any;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let mut fields = CompositeWriter::new(ty, out)?;
        fields.field(&self.alone)?;
        fields.field(&self.array)?;
        fields.finish()
    }
}

impl<T> RoundTrip<T>
where
    T: Encode + for<'r> Decode<'r> + Clone + Debug + 'static,
{
    /// For a type without `=`, such as `json`.
    pub(crate) fn without_equality(self) -> Self {
        let equality = Equality::None;
        Self { equality, ..self }
    }

    /// For a type with `=` but without `<`, such as `xid`, of which there are no ranges.
    pub(crate) fn without_order(self) -> Self {
        let equality = Equality::Equal;
        Self { equality, ..self }
    }

    /// What it means in Rust that the value came back.
    pub(crate) fn same_if(self, same: fn(&T, &T) -> bool) -> Self {
        Self {
            same,
            read: same,
            ..self
        }
    }

    /// What it means that the value was read from its text, where one text stands for several values.
    pub(crate) fn read_if(self, read: fn(&T, &T) -> bool) -> Self {
        Self { read, ..self }
    }

    /// Tests these values.
    pub(crate) async fn run(self, pool: &Pool, values: impl IntoIterator<Item = T>) {
        let values: Vec<T> = values.into_iter().collect();
        assert!(!values.is_empty(), "no values of {}", self.ty);
        let (ty, name) = (self.ty, &self.name);
        let setup = format!(
            "create domain {name}_domain as {ty};
             create domain {name}_inner as {name}_domain;
             create type {name}_pair as (alone {ty}, dropped int, \"array\" {ty}[]);
             alter type {name}_pair drop attribute dropped;"
        );
        pool.batch_execute(&setup).await.unwrap();
        if self.equality == Equality::Ordered {
            let range = format!(
                "create type {name}_range as range (subtype = {ty}, multirange_type_name = {name}_multi)"
            );
            pool.batch_execute(&range).await.unwrap();
        }
        for value in &values {
            self.alone(pool, value).await;
            self.in_arrays(pool, value).await;
            self.in_a_composite(pool, value).await;
        }
        if self.equality == Equality::Ordered {
            for pair in values.chunks(2) {
                self.in_ranges(pool, &pair[0], pair.last().unwrap_or(&pair[0]))
                    .await;
            }
        }
    }

    fn assert_same(&self, back: &T, sent: &T, place: &str) {
        assert!(
            (self.same)(back, sent),
            "{} {place}: {back:?} instead of {sent:?}",
            self.ty
        );
    }

    fn assert_all_same(&self, back: &[Option<T>], sent: &[Option<T>], place: &str) {
        let same = back.len() == sent.len()
            && back.iter().zip(sent).all(|pair| match pair {
                (Some(back), Some(sent)) => (self.same)(back, sent),
                (None, None) => true,
                _ => false,
            });
        assert!(same, "{} {place}: {back:?} instead of {sent:?}", self.ty);
    }

    async fn alone(&self, pool: &Pool, value: &T) {
        let (ty, name) = (self.ty, &self.name);
        let equal = match self.equality {
            Equality::None => "true".to_owned(),
            _ => format!("$1::{ty} is not distinct from $2::text::{ty}"),
        };
        let sql = format!(
            "select $1::{ty}::text, $2::text::{ty}::text, {equal}, $1::{ty}, $2::text::{ty}, \
             $3::{name}_inner, $3::{name}_inner::{ty}::text"
        );
        let text = (self.text)(value);
        let (sent, theirs, equal, back, read, domain, in_domain) = query(sql)
            .bind(value)
            .bind(&text)
            .bind(value)
            .fetch_one::<(String, String, bool, T, T, T, String)>(pool)
            .await
            .unwrap_or_else(|error| panic!("{ty} {value:?}: {error}"));
        assert_eq!(sent, theirs, "{ty} {value:?}");
        assert_eq!(in_domain, theirs, "{ty} {value:?}");
        assert!(equal, "{ty}: {value:?} is not {text}");
        self.assert_same(&back, value, "alone");
        self.assert_same(&domain, value, "in a domain");
        assert!(
            (self.read)(&read, value),
            "{ty} {text}: {read:?} instead of {value:?}"
        );
    }

    async fn in_arrays(&self, pool: &Pool, value: &T) {
        let (ty, name) = (self.ty, &self.name);
        let sql = format!(
            "select $1::{ty}[]::text, array[$3::text::{ty}, null]::text, $1::{ty}[], \
             $2::{ty}[]::text, array[array[$3::text::{ty}, null], array[null, $3::text::{ty}]]::text, \
             $2::{ty}[], $4::{name}_inner[]"
        );
        let line = vec![Some(value.clone()), None];
        let elements = vec![Some(value.clone()), None, None, Some(value.clone())];
        let square = Array::new(vec![Dimension::new(2); 2], elements).unwrap();
        let (sent, theirs, back, sent_square, their_square, square_back, domains) = query(sql)
            .bind(&line)
            .bind(&square)
            .bind((self.text)(value))
            .bind(&line)
            .fetch_one::<(
                String,
                String,
                Vec<Option<T>>,
                String,
                String,
                Array<Option<T>>,
                Vec<Option<T>>,
            )>(pool)
            .await
            .unwrap_or_else(|error| panic!("{ty}[] {value:?}: {error}"));
        assert_eq!(sent, theirs, "{ty}[] {value:?}");
        assert_eq!(sent_square, their_square, "{ty}[] {value:?}");
        assert_eq!(square_back.dimensions(), square.dimensions(), "{ty}[]");
        self.assert_all_same(&back, &line, "in an array");
        self.assert_all_same(&domains, &line, "in an array of domains");
        self.assert_all_same(
            square_back.elements(),
            square.elements(),
            "in an array of two dimensions",
        );
    }

    async fn in_a_composite(&self, pool: &Pool, value: &T) {
        let (ty, name) = (self.ty, &self.name);
        let sql = format!(
            "select $1::{name}_pair::text, \
             row($2::text::{ty}, array[null, $2::text::{ty}])::{name}_pair::text, \
             $1::{name}_pair, $3::{name}_pair[], row($4::{ty}, array[null, $4::{ty}])"
        );
        let pair = || Pair {
            alone: Some(value.clone()),
            array: vec![None, Some(value.clone())],
        };
        let empty = Pair {
            alone: None,
            array: Vec::<Option<T>>::new(),
        };
        let asked = query(sql)
            .bind(pair())
            .bind((self.text)(value))
            .bind(vec![Some(pair()), None, Some(empty)])
            .bind(value);
        type Row<T> = (String, String, Pair<T>, Vec<Option<Pair<T>>>, Fields<T>);
        let (sent, theirs, back, pairs, record) = asked
            .fetch_one::<Row<T>>(pool)
            .await
            .unwrap_or_else(|error| panic!("{ty} {value:?} in a composite: {error}"));
        assert_eq!(sent, theirs, "{ty} {value:?} in a composite");
        let both = [back, Pair::from(record)];
        for back in both.iter().chain(pairs[0].as_ref()) {
            let (alone, array) = ([back.alone.clone()], &back.array);
            self.assert_all_same(&alone, &[Some(value.clone())], "in a composite");
            self.assert_all_same(
                array,
                &[None, Some(value.clone())],
                "in a composite's array",
            );
        }
        assert!(pairs[1].is_none(), "{ty}");
        let last = pairs[2].as_ref().unwrap();
        assert!(last.alone.is_none() && last.array.is_empty(), "{ty}");
    }

    async fn in_ranges(&self, pool: &Pool, one: &T, other: &T) {
        let (ty, name) = (self.ty, &self.name);
        let (range, low, high) = (format!("{name}_range"), "$2::text", "$3::text");
        let ordered = query(format!("select $1::{ty} <= $2::{ty}"))
            .bind(one)
            .bind(other)
            .fetch_one::<Value<bool>>(pool)
            .await
            .unwrap();
        let (one, other) = if ordered { (one, other) } else { (other, one) };
        let sql = format!(
            "select $1::{range}[]::text, array[{range}({low}::{ty}, null, '[)'), \
             {range}(null, {low}::{ty}, '(]'), {range}({low}::{ty}, {low}::{ty}, '[]'), \
             {range}({low}::{ty}, {high}::{ty}, '[]'), {range}(null, null), 'empty'::{range}]::text, \
             $1::{range}[], $4::{name}_multi::text, \
             {name}_multi({range}({low}::{ty}, {high}::{ty}, '[]'))::text, $4::{name}_multi"
        );
        let [low, high] = [one, other].map(|value| value.clone());
        let unbounded = Bound::Unbounded;
        let ranges = vec![
            Range::Between(Bound::Included(low.clone()), unbounded),
            Range::Between(Bound::Unbounded, Bound::Included(low.clone())),
            Range::Between(Bound::Included(low.clone()), Bound::Included(low.clone())),
            Range::Between(Bound::Included(low.clone()), Bound::Included(high)),
            Range::Between(Bound::Unbounded, Bound::Unbounded),
            Range::Empty,
        ];
        type Row<T> = (String, String, Vec<Range<T>>, String, String, Multirange<T>);
        let multirange = Multirange(vec![ranges[3].clone()]);
        let (sent, theirs, back, multi, their_multi, multi_back) = query(sql)
            .bind(&ranges)
            .bind((self.text)(one))
            .bind((self.text)(other))
            .bind(&multirange)
            .fetch_one::<Row<T>>(pool)
            .await
            .unwrap_or_else(|error| panic!("range of {ty} {one:?} {other:?}: {error}"));
        assert_eq!(sent, theirs, "range of {ty} {one:?} {other:?}");
        assert_eq!(multi, their_multi, "multirange of {ty} {one:?} {other:?}");
        for (back, sent) in back
            .iter()
            .zip(&ranges)
            .chain([(&multi_back.0[0], &ranges[3])])
        {
            self.assert_same_range(back, sent);
        }
    }

    fn assert_same_range(&self, back: &Range<T>, sent: &Range<T>) {
        let same_bound = |back: &Bound<T>, sent: &Bound<T>| match (back, sent) {
            (Bound::Included(back), Bound::Included(sent))
            | (Bound::Excluded(back), Bound::Excluded(sent)) => (self.same)(back, sent),
            (Bound::Unbounded, Bound::Unbounded) => true,
            _ => false,
        };
        let same = match (back, sent) {
            (Range::Between(lower, upper), Range::Between(sent_lower, sent_upper)) => {
                same_bound(lower, sent_lower) && same_bound(upper, sent_upper)
            }
            (Range::Empty, Range::Empty) => true,
            _ => false,
        };
        assert!(same, "range of {}: {back:?} instead of {sent:?}", self.ty);
    }
}
