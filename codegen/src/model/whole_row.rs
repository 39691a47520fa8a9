//! Whole rows of tables as values: `select p from places p`, `array_agg(p)`. They are read into the struct for rows of
//! `select *`, unless a field can be null that is not null in the table. Then they are read into the composite type's
//! struct, which promises nothing.

use std::collections::BTreeMap;

use super::resolve::array_element;
use crate::analyze::{Analysis, FieldVerdict};
use crate::catalog::{Catalog, QualifiedName, Relation};

/// The relation whose whole row is a value, or each element of an array, of type `ty` with these `fields`.
pub(crate) fn relation_of<'c>(
    catalog: &'c Catalog,
    ty: &QualifiedName,
    fields: &[FieldVerdict],
) -> Option<&'c Relation> {
    let element = array_element(catalog, ty);
    let relation = catalog.relation(element.as_ref().unwrap_or(ty))?;
    let columns = relation.columns.iter();
    // The row of a table without columns cannot be told from its composite type.
    let is_row = !fields.is_empty()
        && relation.columns.len() == fields.len()
        && columns.zip(fields).all(|(column, field)| {
            let from = field.column.as_ref();
            from.is_some_and(|from| from.relation == relation.name && from.column == column.name)
                && !(field.nullable && column.not_null)
        });
    is_row.then_some(relation)
}

/// The relations whose whole rows are in the results of `analyses`, with fields that fit all of these.
pub(super) fn structs<'c, 'a>(
    catalog: &'c Catalog,
    analyses: impl Iterator<Item = &'a Analysis>,
) -> Vec<(&'c Relation, Vec<FieldVerdict>)> {
    let mut structs = BTreeMap::new();
    for (ty, fields) in values(analyses) {
        let Some(relation) = relation_of(catalog, ty, fields) else {
            continue;
        };
        let (_, known) = structs
            .entry(&relation.name)
            .or_insert_with(|| (relation, fields.to_vec()));
        for ((known, field), column) in known.iter_mut().zip(fields).zip(&relation.columns) {
            known.nullable = !column.not_null;
            known.element_nullable |= field.element_nullable;
        }
    }
    structs.into_values().collect()
}

/// The values in the results of `analyses`, and the values inside them: their types and the facts about their fields.
pub(super) fn values<'a>(
    analyses: impl Iterator<Item = &'a Analysis>,
) -> impl Iterator<Item = (&'a QualifiedName, &'a [FieldVerdict])> {
    let columns = analyses.flat_map(|analysis| &analysis.columns);
    columns.flat_map(|column| {
        let mut values = vec![(&column.ty, column.fields.as_slice())];
        let mut next = 0;
        while let Some((_, fields)) = values.get(next) {
            values.extend(fields.iter().map(|f| (&f.ty, f.fields.as_slice())));
            next += 1;
        }
        values
    })
}
