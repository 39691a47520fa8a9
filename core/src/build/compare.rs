//! The conditions on a column. Each exists for the types where it makes sense.

use super::asked::{is_array, may_be_array};
use super::column::{Operand, TypedColumn};
use super::filter::{Filter, composite, null_tests};
use super::part::Part;
use crate::{Multirange, Param, Range, SqlKind, SqlType};

impl<R, T, V> TypedColumn<R, T, V> {
    /// The column is equal to this value. Null is equal to nothing; see [`is_null`](Self::is_null).
    pub fn eq<'a>(self, value: impl Operand<V> + 'a) -> Filter<'a, R> {
        self.operator(" = ", value)
    }

    /// The column is not null and not equal to this value.
    pub fn ne<'a>(self, value: impl Operand<V> + 'a) -> Filter<'a, R> {
        self.operator(" <> ", value)
    }

    /// The column is less than this value.
    pub fn lt<'a>(self, value: impl Operand<V> + 'a) -> Filter<'a, R> {
        self.operator(" < ", value)
    }

    /// The column is less than or equal to this value.
    pub fn le<'a>(self, value: impl Operand<V> + 'a) -> Filter<'a, R> {
        self.operator(" <= ", value)
    }

    /// The column is greater than this value.
    pub fn gt<'a>(self, value: impl Operand<V> + 'a) -> Filter<'a, R> {
        self.operator(" > ", value)
    }

    /// The column is greater than or equal to this value.
    pub fn ge<'a>(self, value: impl Operand<V> + 'a) -> Filter<'a, R> {
        self.operator(" >= ", value)
    }

    /// The column is between `low` and `high`, or equal to one of them.
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

    /// The column is equal to one of these values. An empty list finds no row.
    #[doc(alias("eq_any", "any"))]
    pub fn is_in<'a, O: Operand<V>>(self, values: &'a [O]) -> Filter<'a, R> {
        if const { may_be_array(O::ACCEPTS) } && is_array(Some(self.column())) {
            return Filter::any(
                values
                    .iter()
                    .map(|value| self.beside(" = ", value.as_param())),
            );
        }
        Filter::test([
            Part::Column(self.name()),
            Part::Words(" = any("),
            self.params(values),
            Part::Words(")"),
        ])
    }

    /// The column is not null and not equal to any of these values. With an empty list, this is true for every row.
    #[doc(alias = "ne_all")]
    pub fn is_not_in<'a, O: Operand<V>>(self, values: &'a [O]) -> Filter<'a, R> {
        if const { may_be_array(O::ACCEPTS) } && is_array(Some(self.column())) {
            return Filter::all(
                values
                    .iter()
                    .map(|value| self.beside(" <> ", value.as_param())),
            );
        }
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
        self.beside(operator, Param::new(value))
    }

    fn beside<'a>(self, operator: &'static str, value: Param<'a>) -> Filter<'a, R> {
        Filter::test([
            Part::Column(self.name()),
            Part::Words(operator),
            self.compared(value),
        ])
    }

    /// The type of the bounds of the ranges that the column holds.
    fn bound_type(self) -> Option<&'static SqlType> {
        match self.column().ty.without_domains().kind {
            SqlKind::Range(bound) | SqlKind::Multirange(bound) => Some(bound),
            _ => None,
        }
    }

    fn param<'a>(self, value: impl Operand<V> + 'a) -> Part<'a> {
        self.compared(Param::new(value))
    }

    fn compared(self, value: Param<'_>) -> Part<'_> {
        Part::compared(self.column(), value.in_column(Some(self.column())))
    }

    /// A list of values that the column is compared with.
    fn params<'a, O: Operand<V>>(self, values: &'a [O]) -> Part<'a> {
        let param = Param::for_column(values, Some(self.column()));
        match (self.column().carrier(), composite(self.column())) {
            (Some(carrier), _) => Part::CarriedList(param, carrier),
            (None, Some(ty)) => Part::CastList(param, ty),
            (None, None) => Part::Param(param),
        }
    }

    /// The column, converted to the field's type if conditions need that.
    fn held<'a>(self) -> Part<'a> {
        match self.column().carrier() {
            Some(carrier) => Part::Leaving(self.name(), carrier),
            None => Part::Column(self.name()),
        }
    }

    /// A value that an operator or function takes besides the column, and which may have another type than the column.
    fn param_of<'a>(self, value: impl crate::Encode + 'a) -> Part<'a> {
        Part::Param(Param::for_column(value, Some(self.column())))
    }

    fn with<'a>(self, operator: &'static str, value: impl crate::Encode + 'a) -> Filter<'a, R> {
        Filter::test([self.held(), Part::Words(operator), self.param_of(value)])
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
    /// The column begins with this text. The text has no wildcards.
    pub fn starts_with<'a>(self, prefix: &str) -> Filter<'a, R> {
        self.with(" like ", format!("{}%", literal(prefix)))
    }

    /// The column contains this text. The text has no wildcards.
    #[doc(alias = "contains")]
    pub fn has_text<'a>(self, part: &str) -> Filter<'a, R> {
        self.with(" like ", format!("%{}%", literal(part)))
    }

    /// The column matches this pattern: `%` stands for any text and `_` for any character; `\%` and `\_` stand for
    /// themselves.
    pub fn like<'a>(self, pattern: &'a str) -> Filter<'a, R> {
        self.with(" like ", pattern)
    }

    /// Like [`like`](Self::like), but ignores case.
    pub fn ilike<'a>(self, pattern: &'a str) -> Filter<'a, R> {
        self.with(" ilike ", pattern)
    }
}

/// Escapes a text, so that as a pattern it matches only itself.
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
    /// The array contains this element. Null is an element of no array.
    #[doc(alias = "contains")]
    pub fn has<'a>(self, element: impl Operand<E> + 'a) -> Filter<'a, R> {
        // Not `$1 = any("tags")`, which no index on the column serves.
        self.elements(" @> ", [element])
    }

    /// The array contains all of these elements.
    pub fn has_all<'a, O: Operand<E>>(self, elements: &'a [O]) -> Filter<'a, R> {
        self.elements(" @> ", elements)
    }

    /// The array contains at least one of these elements.
    pub fn has_any<'a, O: Operand<E>>(self, elements: &'a [O]) -> Filter<'a, R> {
        self.elements(" && ", elements)
    }

    /// Every element of the array is one of these.
    pub fn is_within<'a, O: Operand<E>>(self, elements: &'a [O]) -> Filter<'a, R> {
        self.elements(" <@ ", elements)
    }

    fn elements<'a>(
        self,
        operator: &'static str,
        elements: impl crate::Encode + 'a,
    ) -> Filter<'a, R> {
        let elements = Param::for_column(elements, Some(self.column()));
        Filter::test([
            Part::Column(self.name()),
            Part::Words(operator),
            Part::compared(self.column(), elements),
        ])
    }
}

macro_rules! ranges {
    ($($range:ident)*) => {$(
        impl<R, T, B> TypedColumn<R, T, $range<B>>
        where
            $range<B>: crate::Encode,
        {
            /// The column contains this value.
            pub fn includes<'a>(self, value: impl Operand<B> + 'a) -> Filter<'a, R> {
                let value = Param::new(value);
                // Cast, because otherwise it is ambiguous whether the parameter is a value or a range.
                let value = match self.bound_type() {
                    Some(ty) => Part::Cast(value, ty),
                    None => Part::Param(value),
                };
                Filter::test([Part::Column(self.name()), Part::Words(" @> "), value])
            }

            /// The column contains all of this range.
            pub fn includes_all<'a>(self, range: $range<B>) -> Filter<'a, R>
            where
                B: 'a,
            {
                self.with(" @> ", range)
            }

            /// The column and this range have a value in common.
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
    /// The column's shape is within this distance of another shape. The distance is in metres for `geography`, and in units
    /// of the SRID for `geometry`.
    pub fn is_within_distance<'a>(
        self,
        shape: impl crate::EncodeSpatial + 'a,
        distance: f64,
    ) -> Filter<'a, R> {
        Filter::test([
            Part::Function(self.type_schema(), "st_dwithin"),
            Part::Words("("),
            self.held(),
            Part::Words(", "),
            self.param_of(shape),
            Part::Words(", "),
            self.param_of(distance),
            Part::Words(")"),
        ])
    }

    /// The column's shape and this shape have a point in common.
    pub fn intersects<'a>(self, shape: impl crate::EncodeSpatial + 'a) -> Filter<'a, R> {
        self.relation("st_intersects", shape)
    }

    /// The column's shape covers all of this shape. The border of a shape is part of it.
    pub fn covers<'a>(self, shape: impl crate::EncodeSpatial + 'a) -> Filter<'a, R> {
        self.relation("st_covers", shape)
    }

    /// This shape covers all of the column's shape. The border of a shape is part of it.
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
            self.held(),
            Part::Words(", "),
            self.param_of(shape),
            Part::Words(")"),
        ])
    }
}

#[cfg(test)]
mod tests {
    /// An extension's functions are in the schema of its types, not in that of domains over these types.
    #[cfg(feature = "geo")]
    #[test]
    fn functions_are_found_for_a_domain() {
        use crate::{Column, ColumnDefault, SqlType, Table, TypedColumn};
        static SHAPE: SqlType = SqlType::spatial("gis", "geometry", "Point", 0);
        const SPOT: Column = Column {
            table: "t",
            name: "spot",
            ty: SqlType::domain("app", "spot", &SHAPE),
            nullable: false,
            default: ColumnDefault::None,
        };
        static TABLE: Table = Table {
            schema: "app",
            name: "t",
            columns: &[SPOT],
            constraints: &[],
            primary_key: None,
            hidden: &[],
        };
        let spot = TypedColumn::<(), geo_types::Point<f64>>::new(&TABLE, "spot");
        let mut sql = crate::build::sql::Sql::new("");
        spot.intersects(geo_types::Point::new(1.0, 2.0))
            .write(&mut sql);
        assert_eq!(sql.finish().0, r#""gis".st_intersects("spot", $1)"#);
    }

    #[test]
    fn a_literal_pattern_has_no_wildcards() {
        assert_eq!(super::literal(r"50%_a\b"), r"50\%\_a\\b");
    }
}
