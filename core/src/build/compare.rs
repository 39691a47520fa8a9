//! The tests that can be made of a column, each on the types that it makes sense for.

use super::column::{Operand, TypedColumn};
use super::filter::{Filter, Part, composite, null_tests};
use crate::{Multirange, Param, Range, SqlKind, SqlType};

impl<R, T, V> TypedColumn<R, T, V> {
    /// The column holds this value. Nothing equals null; see [`is_null`](Self::is_null).
    pub fn eq<'a>(self, value: impl Operand<V> + 'a) -> Filter<'a, R> {
        self.operator(" = ", value)
    }

    /// The column holds another value than this; null is no other value.
    pub fn ne<'a>(self, value: impl Operand<V> + 'a) -> Filter<'a, R> {
        self.operator(" <> ", value)
    }

    /// The column holds less than this.
    pub fn lt<'a>(self, value: impl Operand<V> + 'a) -> Filter<'a, R> {
        self.operator(" < ", value)
    }

    /// The column holds this or less.
    pub fn le<'a>(self, value: impl Operand<V> + 'a) -> Filter<'a, R> {
        self.operator(" <= ", value)
    }

    /// The column holds more than this.
    pub fn gt<'a>(self, value: impl Operand<V> + 'a) -> Filter<'a, R> {
        self.operator(" > ", value)
    }

    /// The column holds this or more.
    pub fn ge<'a>(self, value: impl Operand<V> + 'a) -> Filter<'a, R> {
        self.operator(" >= ", value)
    }

    /// The column holds `low`, `high` or something between them.
    pub fn between<'a>(
        self,
        low: impl Operand<V> + 'a,
        high: impl Operand<V> + 'a,
    ) -> Filter<'a, R> {
        Filter::test([
            Part::Column(self.name()),
            Part::Words(" between "),
            self.param(low),
            Part::Words(" and "),
            self.param(high),
        ])
    }

    /// The column holds one of these values. With none of them, no row is found.
    pub fn is_in<'a, O: Operand<V>>(self, values: &'a [O]) -> Filter<'a, R> {
        Filter::test([
            Part::Column(self.name()),
            Part::Words(" = any("),
            self.params(values),
            Part::Words(")"),
        ])
    }

    /// The column holds none of these values, and is not null.
    pub fn is_not_in<'a, O: Operand<V>>(self, values: &'a [O]) -> Filter<'a, R> {
        Filter::test([
            Part::Column(self.name()),
            Part::Words(" <> all("),
            self.params(values),
            Part::Words(")"),
        ])
    }

    /// The column is null.
    pub fn is_null<'a>(self) -> Filter<'a, R> {
        let (null, _) = null_tests(self.column());
        Filter::test([Part::Column(self.name()), Part::Words(null)])
    }

    /// The column is not null.
    pub fn is_not_null<'a>(self) -> Filter<'a, R> {
        let (_, not_null) = null_tests(self.column());
        Filter::test([Part::Column(self.name()), Part::Words(not_null)])
    }

    fn operator<'a>(self, operator: &'static str, value: impl Operand<V> + 'a) -> Filter<'a, R> {
        Filter::test([
            Part::Column(self.name()),
            Part::Words(operator),
            self.param(value),
        ])
    }

    /// The type of what lies in the ranges that the column holds.
    fn bound_type(self) -> Option<&'static SqlType> {
        let mut ty = &self.column().ty;
        loop {
            match ty.kind {
                SqlKind::Range(bound) | SqlKind::Multirange(bound) => return Some(bound),
                SqlKind::Domain(base) => ty = base,
                _ => return None,
            }
        }
    }

    fn param<'a>(self, value: impl Operand<V> + 'a) -> Part<'a> {
        Part::compared(self.column(), Param::for_column(value, Some(self.column())))
    }

    /// A list of values that the column is compared with.
    fn params<'a, O: Operand<V>>(self, values: &'a [O]) -> Part<'a> {
        let param = Param::for_column(values, Some(self.column()));
        match composite(self.column()) {
            Some(ty) => Part::CastList(param, ty),
            None => Part::Param(param),
        }
    }

    /// A value that goes with the column in another way than by being compared.
    fn param_of<'a>(self, value: impl crate::Encode + 'a) -> Part<'a> {
        Part::Param(Param::for_column(value, Some(self.column())))
    }

    fn with<'a>(self, operator: &'static str, value: impl crate::Encode + 'a) -> Filter<'a, R> {
        Filter::test([
            Part::Column(self.name()),
            Part::Words(operator),
            self.param_of(value),
        ])
    }
}

/// A type whose values are texts.
pub trait Text {}

impl Text for String {}
impl Text for &str {}
impl Text for Box<str> {}
impl Text for std::sync::Arc<str> {}
impl Text for std::borrow::Cow<'_, str> {}

impl<R, T, V: Text> TypedColumn<R, T, V> {
    /// The text begins with this one. Nothing in it is a wildcard.
    pub fn starts_with<'a>(self, prefix: &str) -> Filter<'a, R> {
        self.with(" like ", format!("{}%", literal(prefix)))
    }

    /// The text has this one in it. Nothing in it is a wildcard.
    pub fn has_text<'a>(self, part: &str) -> Filter<'a, R> {
        self.with(" like ", format!("%{}%", literal(part)))
    }

    /// The text is like this pattern: `%` stands for any text, `_` for a character, `\` before either for itself.
    pub fn like<'a>(self, pattern: &'a str) -> Filter<'a, R> {
        self.with(" like ", pattern)
    }

    /// As [`like`](Self::like), whatever the case of letters.
    pub fn ilike<'a>(self, pattern: &'a str) -> Filter<'a, R> {
        self.with(" ilike ", pattern)
    }
}

/// A text as a pattern that only it matches.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

impl<R, T, E> TypedColumn<R, T, Vec<E>> {
    /// The array has this element.
    pub fn has<'a>(self, element: impl Operand<E> + 'a) -> Filter<'a, R> {
        Filter::test([
            self.param_of(element),
            Part::Words(" = any("),
            Part::Column(self.name()),
            Part::Words(")"),
        ])
    }

    /// The array has all of these elements.
    pub fn has_all<'a, O: Operand<E>>(self, elements: &'a [O]) -> Filter<'a, R> {
        self.with(" @> ", elements)
    }

    /// The array has one of these elements at least.
    pub fn has_any<'a, O: Operand<E>>(self, elements: &'a [O]) -> Filter<'a, R> {
        self.with(" && ", elements)
    }

    /// All elements of the array are among these.
    pub fn is_within<'a, O: Operand<E>>(self, elements: &'a [O]) -> Filter<'a, R> {
        self.with(" <@ ", elements)
    }
}

macro_rules! ranges {
    ($($range:ident)*) => {$(
        impl<R, T, B> TypedColumn<R, T, $range<B>>
        where
            $range<B>: crate::Encode,
        {
            /// What the column holds includes this value.
            pub fn includes<'a>(self, value: impl Operand<B> + 'a) -> Filter<'a, R> {
                let value = Param::new(value);
                // As it is not clear otherwise whether a value is meant or a range.
                let value = match self.bound_type() {
                    Some(ty) => Part::Cast(value, ty),
                    None => Part::Param(value),
                };
                Filter::test([Part::Column(self.name()), Part::Words(" @> "), value])
            }

            /// What the column holds includes all of this range.
            pub fn includes_all<'a>(self, range: $range<B>) -> Filter<'a, R>
            where
                B: 'a,
            {
                self.with(" @> ", range)
            }

            /// What the column holds and this range have a value in common.
            pub fn overlaps<'a>(self, range: $range<B>) -> Filter<'a, R>
            where
                B: 'a,
            {
                self.with(" && ", range)
            }
        }
    )*};
}

ranges! { Range Multirange }

#[cfg(feature = "geo")]
impl<R, T, V: crate::EncodeSpatial> TypedColumn<R, T, V> {
    /// The shape is within this distance of another: in metres for `geography`, in units of the SRID
    /// otherwise.
    pub fn is_within_distance<'a>(
        self,
        shape: impl crate::EncodeSpatial + 'a,
        distance: f64,
    ) -> Filter<'a, R> {
        Filter::test([
            Part::Function(self.type_schema(), "st_dwithin"),
            Part::Words("("),
            Part::Column(self.name()),
            Part::Words(", "),
            self.param_of(shape),
            Part::Words(", "),
            self.param_of(distance),
            Part::Words(")"),
        ])
    }

    /// The shape and this one have a point in common.
    pub fn intersects<'a>(self, shape: impl crate::EncodeSpatial + 'a) -> Filter<'a, R> {
        self.relation("st_intersects", shape)
    }

    /// The shape covers all of this one, its border being part of it.
    pub fn covers<'a>(self, shape: impl crate::EncodeSpatial + 'a) -> Filter<'a, R> {
        self.relation("st_covers", shape)
    }

    /// This shape covers all of the column's, its border being part of it.
    pub fn is_covered_by<'a>(self, shape: impl crate::EncodeSpatial + 'a) -> Filter<'a, R> {
        self.relation("st_coveredby", shape)
    }

    fn relation<'a>(
        self,
        function: &'static str,
        shape: impl crate::EncodeSpatial + 'a,
    ) -> Filter<'a, R> {
        Filter::test([
            Part::Function(self.type_schema(), function),
            Part::Words("("),
            Part::Column(self.name()),
            Part::Words(", "),
            self.param_of(shape),
            Part::Words(")"),
        ])
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_literal_pattern_has_no_wildcards() {
        assert_eq!(super::literal(r"50%_a\b"), r"50\%\_a\\b");
    }
}
