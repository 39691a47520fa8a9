//! The Rust type of a query's rows: a struct of its own, a shared one, a bare value, or a type of the app.
//!
//! Sharing: a query that returns exactly the columns of one table gets that table's struct (`PlacesRow`, in `types`);
//! in one module, a second query that returns the same columns of the same tables gets an alias of the first one's
//! struct. Equal types are not enough: two queries that happen to return an `id` and a `name` get different structs.

use std::collections::{BTreeMap, HashSet};

use super::carrier::Carrier;
use super::comment::documented;
use super::names::{Scope, identifier, pascal, snake};
use super::overrides::Column;
use super::resolve::{Place, Resolver, display};
use super::rust_type::RustType;
use super::sql_type::{SqlTypeRef, sql_type};
use super::table::is_named;
use super::type_item::with_schema;
use crate::analyze::FieldVerdict;
use crate::catalog::{self, QualifiedName, Relation};

/// The Rust type of a query's rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// The query returns no rows.
    None,
    /// The value of the only column.
    Value {
        /// The column.
        field: Field,
        /// The alias of its type, if the type is too complex for a signature.
        alias: Option<String>,
    },
    /// A struct of the query's own.
    Own(Struct),
    /// An alias, `name`, of the struct `of` in the same module.
    Alias {
        /// The alias.
        name: String,
        /// The struct.
        of: String,
    },
    /// The struct for whole rows of a table, in `types`.
    Table(String),
    /// A type of the app, checked against these columns.
    App {
        /// The type.
        ty: String,
        /// The columns.
        columns: Vec<ContractColumn>,
    },
}

/// A struct that rows are read into.
#[derive(Clone, Debug, PartialEq)]
pub struct Struct {
    /// Its name.
    pub name: String,
    /// Its documentation.
    pub about: String,
    /// The composite type whose values are also read into it.
    pub composite: Option<QualifiedName>,
    /// Its fields in order.
    pub fields: Vec<Field>,
}

/// A field of a generated struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name as Rust source.
    pub name: String,
    /// The column that it reads. Empty if it reads by position.
    pub column: String,
    /// Its type.
    pub ty: RustType,
    /// Its documentation.
    pub note: String,
}

/// A column that a type of the app is checked against.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: SqlTypeRef,
    /// Whether it can be null.
    pub nullable: bool,
    /// Why.
    pub reason: String,
}

/// The structs for whole rows of tables, shared by all modules.
#[derive(Debug)]
pub(crate) struct TableRows {
    scope: Scope,
    structs: BTreeMap<QualifiedName, Struct>,
}

impl TableRows {
    /// No structs yet. `scope` is that of the `types` module.
    pub(crate) fn new(scope: Scope) -> Self {
        Self {
            scope,
            structs: BTreeMap::new(),
        }
    }

    /// All of them, sorted by name.
    pub(crate) fn finish(self) -> Vec<Struct> {
        let mut structs: Vec<Struct> = self.structs.into_values().collect();
        structs.sort_by(|a, b| a.name.cmp(&b.name));
        structs
    }

    /// The name of the struct for rows of `relation` with these `fields`. `None` if other queries have a different
    /// struct, for example because of facts about the elements of arrays.
    pub(crate) fn claim(
        &mut self,
        resolver: &Resolver<'_>,
        relation: &Relation,
        fields: &[Field],
    ) -> Option<String> {
        if let Some(existing) = self.structs.get(&relation.name) {
            let types = existing.fields.iter().map(|field| &field.ty);
            return types
                .eq(fields.iter().map(|field| &field.ty))
                .then(|| existing.name.clone());
        }
        Some(self.add(resolver, relation, fields.to_vec(), None))
    }

    /// The name of the struct for values with these `fields` that are rows of `relation`. No other struct for it has
    /// been claimed yet.
    pub(crate) fn claim_value(
        &mut self,
        resolver: &Resolver<'_>,
        relation: &Relation,
        fields: &[FieldVerdict],
    ) -> String {
        let names = field_names(fields.iter().map(|field| field.name.as_str()));
        let fields = names.into_iter().zip(fields).map(|(name, field)| Field {
            name,
            column: field.name.clone(),
            ty: resolver.field_type(field),
            note: String::new(),
        });
        let composite = Some(relation.name.clone());
        self.add(resolver, relation, fields.collect(), composite)
    }

    fn add(
        &mut self,
        resolver: &Resolver<'_>,
        relation: &Relation,
        mut fields: Vec<Field>,
        composite: Option<QualifiedName>,
    ) -> String {
        let mut settings = resolver.settings.rows.iter();
        let chosen = settings.find(|(written, _)| is_named(&relation.name, written));
        let wanted = match chosen {
            Some((_, name)) => name.clone(),
            None => {
                let table = with_schema(resolver.catalog, &relation.name);
                format!("{}Row", pascal(&table, "Table"))
            }
        };
        let name = self.scope.claim(&wanted, "");
        for (field, column) in fields.iter_mut().zip(&relation.columns) {
            field.note = table_note(resolver, column);
        }
        let row = Struct {
            name: name.clone(),
            about: format!("A row of `{}`.", relation.name),
            composite,
            fields,
        };
        self.structs.insert(relation.name.clone(), row);
        name
    }
}

/// The documentation of a column in a shared struct: only facts that hold for all queries.
pub(super) fn table_note(resolver: &Resolver<'_>, column: &catalog::Column) -> String {
    let ty = display(resolver.catalog, &column.ty);
    let null = if column.not_null {
        "not null"
    } else {
        "nullable"
    };
    match &column.comment {
        Some(comment) => format!("`{ty}`, {null}. {}", documented(comment)),
        None => format!("`{ty}`, {null}."),
    }
}

/// The relation whose columns these are: all of them, in its order, with the same nullability.
pub(crate) fn whole_relation<'c>(
    resolver: &Resolver<'c>,
    columns: &[Column<'_>],
) -> Option<&'c Relation> {
    let first = columns.first()?.verdict.column.as_ref()?;
    let relation = resolver.catalog.relation(&first.relation)?;
    let is_same = relation.columns.len() == columns.len()
        && relation.columns.len() > 1
        && relation.columns.iter().zip(columns).all(|(there, here)| {
            let from = here.verdict.column.as_ref();
            from.is_some_and(|from| from.relation == relation.name && from.column == there.name)
                && here.name == there.name
                && here.nullable != there.not_null
                && here.rust_type.is_none()
                && !here.overridden
        });
    is_same.then_some(relation)
}

/// The Rust type of a result column.
pub(crate) fn column_type(resolver: &Resolver<'_>, column: &Column<'_>) -> RustType {
    let verdict = column.verdict;
    let ty = column.rust_type.clone().unwrap_or_else(|| {
        let ty = resolver.rust_type(Place {
            ty: column.ty(),
            modifier: verdict.modifier,
            element_nullable: verdict.element_nullable,
            column: verdict.column.as_ref(),
            fields: &verdict.fields,
        });
        ty.in_vecs(verdict.more_dimensions)
    });
    ty.nullable(column.nullable)
}

/// The first name that two of the columns have.
pub(crate) fn repeated<'a>(columns: &[Column<'a>]) -> Option<&'a str> {
    let mut seen = HashSet::new();
    let mut names = columns.iter().map(|column| column.verdict.name.as_str());
    names.find(|name| !seen.insert(*name))
}

/// The fields that read `columns`.
pub(crate) fn fields(resolver: &Resolver<'_>, columns: &[Column<'_>], sql: &str) -> Vec<Field> {
    let unique = repeated(columns).is_none();
    let names = field_names(columns.iter().map(|column| column.name));
    names
        .into_iter()
        .zip(columns)
        .map(|(name, column)| {
            Field {
                name,
                // Two columns with the same name can only be told apart by position.
                column: if unique {
                    column.verdict.name.clone()
                } else {
                    String::new()
                },
                ty: column_type(resolver, column),
                note: note(resolver, column, sql),
            }
        })
        .collect()
}

/// The names of the fields for columns with these names.
fn field_names<'n>(columns: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut names = Scope::default();
    let named = columns.zip(1..).map(|(column, number)| {
        let positional = format!("column{number}");
        let name = match column {
            "?column?" => positional,
            column => snake(column, &positional),
        };
        identifier(&names.claim(&name, "_"))
    });
    named.collect()
}

/// The documentation of a column: its type, whether it can be null, and why.
fn note(resolver: &Resolver<'_>, column: &Column<'_>, sql: &str) -> String {
    let ty = display(resolver.catalog, column.ty());
    let nullable = if column.nullable {
        "nullable"
    } else {
        "not null"
    };
    match column.reason(sql).as_str() {
        "" => format!("`{ty}`, {nullable}."),
        reason => format!("`{ty}`, {nullable}: {reason}."),
    }
}

/// The columns that a type of the app is checked against.
pub(crate) fn contract(
    resolver: &Resolver<'_>,
    columns: &[Column<'_>],
    sql: &str,
) -> Vec<ContractColumn> {
    columns
        .iter()
        .map(|column| ContractColumn {
            name: column.name.to_owned(),
            ty: match Carrier::of_column(resolver, column.verdict) {
                Some(carrier) => carrier.contract(resolver, column.ty()),
                None => sql_type(resolver, column.ty(), column.verdict.modifier),
            },
            nullable: column.nullable,
            reason: column.reason(sql),
        })
        .collect()
}
