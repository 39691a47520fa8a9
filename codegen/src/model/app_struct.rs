//! A struct of the app for the rows of a table, for `howdah derive`.

use super::Settings;
use super::carried::is_sent;
use super::comment::documented;
use super::names::{identifier, pascal};
use super::overrides;
use super::resolve::Resolver;
use super::row::{self, Field};
use super::table::is_named;
use super::type_item::with_schema;
use crate::analyze::Analysis;
use crate::catalog::{Catalog, Column, ColumnDefault, ConstraintKind, Relation};
use crate::source::{Query, SourceFile};

/// A struct of the app for the rows of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct AppStruct {
    /// Its name.
    pub name: String,
    /// The table as `schema.name`, and its comment.
    pub docs: Vec<String>,
    /// The table's module in `schema`.
    pub module: String,
    /// Whether rows can be inserted.
    pub is_inserted: bool,
    /// Whether rows can be updated.
    pub is_updated: bool,
    /// Its fields in order.
    pub fields: Vec<AppField>,
}

/// A field of such a struct.
#[derive(Clone, Debug, PartialEq)]
pub struct AppField {
    /// The field.
    pub field: Field,
    /// The contents of its `#[pg(…)]`.
    pub attributes: Vec<String>,
}

/// The struct for the rows of `relation`; `query` is `select *` from it.
pub(crate) fn app_struct(
    catalog: &Catalog,
    settings: &Settings,
    relation: &Relation,
    file: &SourceFile,
    query: &Query,
    analysis: &Analysis,
) -> AppStruct {
    let (resolver, _) = Resolver::new(catalog, settings, std::iter::once(analysis), &[]);
    // The struct is compared with the columns of the `schema` module.
    let mut verdicts = analysis.columns.clone();
    for (verdict, column) in verdicts.iter_mut().zip(&relation.columns) {
        verdict.nullable = !column.not_null;
    }
    let mut columns = overrides::columns(file, query, &verdicts, &mut Vec::new());
    // A `!` or `?` at the end of a table's column name is no mark.
    for column in &mut columns {
        column.nullable = column.verdict.nullable;
    }
    let fields = row::fields(&resolver, &columns, &query.sql);
    let fields = fields.into_iter().zip(&relation.columns);
    let mut chosen = settings.rows.iter();
    let chosen = chosen.find(|(written, _)| is_named(&relation.name, written));
    let mut docs = vec![format!("A row of `{}`.", relation.name)];
    docs.extend(relation.comment.as_deref().map(documented));
    AppStruct {
        name: chosen.map_or_else(|| name(catalog, relation), |(_, name)| name.clone()),
        docs,
        module: identifier(&super::table::module(catalog, relation)),
        is_inserted: is_inserted(catalog, relation),
        is_updated: is_updated(catalog, relation),
        fields: fields
            .map(|(field, column)| app_field(&resolver, relation, column, field))
            .collect(),
    }
}

/// The default name of the struct: the table's, unless it would hide a name that the fields' types use.
fn name(catalog: &Catalog, relation: &Relation) -> String {
    const TAKEN: [&str; 4] = ["Option", "Self", "String", "Vec"];
    let name = pascal(&with_schema(catalog, &relation.name), "Table");
    match TAKEN.contains(&name.as_str()) {
        true => format!("{name}Row"),
        false => name,
    }
}

/// Whether a struct of all columns can be inserted: not into a view that hides a column that the table below needs.
fn is_inserted(catalog: &Catalog, relation: &Relation) -> bool {
    relation.is_inserted && relation.hidden.is_empty() && is_written(catalog, relation)
}

fn is_updated(catalog: &Catalog, relation: &Relation) -> bool {
    relation.is_updated && is_written(catalog, relation)
}

/// Whether the relation can be written to, and values of all columns can be sent.
fn is_written(catalog: &Catalog, relation: &Relation) -> bool {
    let columns = relation.columns.iter();
    !relation.is_read_only()
        && columns
            .map(|column| &column.ty)
            .all(|ty| is_sent(catalog, ty))
}

/// The columns of the primary key. For a view, those of the table below, with the view's names.
fn primary_key(relation: &Relation) -> &[String] {
    let constraints = relation.constraints.iter();
    let own = constraints.map(|c| (Some(c.kind), &c.columns));
    let below = relation
        .keys_below
        .iter()
        .map(|key| (key.kind, &key.columns));
    let mut keys = own.chain(below);
    let key = keys.find(|(kind, _)| *kind == Some(ConstraintKind::PrimaryKey));
    key.map_or(&[], |(_, columns)| columns)
}

fn app_field(
    resolver: &Resolver<'_>,
    relation: &Relation,
    column: &Column,
    mut field: Field,
) -> AppField {
    let is_key = primary_key(relation).contains(&column.name);
    let is_generated = match column.default {
        ColumnDefault::IdentityAlways
        | ColumnDefault::IdentityByDefault
        | ColumnDefault::Generated
        | ColumnDefault::ReadOnly => true,
        // A serial or a random key. A default that is always the same is one that the app replaces.
        ColumnDefault::Expression => is_key && column.new_by_default,
        ColumnDefault::None => false,
    };
    let mut attributes = Vec::new();
    if is_key {
        attributes.push("key".to_owned());
    }
    let catalog = resolver.catalog;
    if is_generated && (is_inserted(catalog, relation) || is_updated(catalog, relation)) {
        attributes.push("generated".to_owned());
    }
    if field.name.trim_start_matches("r#") != column.name {
        attributes.push(format!("rename = {:?}", column.name));
    }
    field.note = row::table_note(resolver, column);
    AppField { field, attributes }
}
