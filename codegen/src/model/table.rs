//! The tables of the generated `schema` module.

use super::carried::column_type;
use super::comment::documented;
use super::names::{Scope, identifier, shouting, snake};
use super::resolve::Resolver;
use super::settings::{TableRule, Tables};
use super::sql_type::SqlTypeRef;
use super::type_item::with_schema;
use super::used::used_relations;
use super::violations::{ViolationEnum, Violations, variants};
use crate::analyze::{Analysis, TableViolations};
use crate::catalog::{
    Catalog, ColumnDefault, ConstraintKind, QualifiedName, Relation, RelationKind,
};

/// A table of the `schema` module.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its module.
    pub module: String,
    /// Its name.
    pub name: QualifiedName,
    /// The kind of relation.
    pub kind: RelationKind,
    /// `comment on table`.
    pub comment: Option<String>,
    /// Its columns in order.
    pub columns: Vec<TableColumn>,
    /// Its constraints and unique indexes, sorted by name.
    pub constraints: Vec<TableConstraint>,
    /// For a view, the columns of the table below that an INSERT needs but the view does not show.
    pub hidden: Vec<String>,
    /// The constraints that inserts, updates and deletes of its rows can violate.
    pub violations: Vec<StatementViolations>,
}

/// The constraints that a plain statement about a table can violate.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementViolations {
    /// The kind of statement, such as `insert`.
    pub statement: &'static str,
    /// The enum.
    pub violations: Violations,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableColumn {
    /// The name of its const.
    pub constant: String,
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: SqlTypeRef,
    /// Whether it can hold null.
    pub nullable: bool,
    /// The value that an INSERT without it stores.
    pub default: ColumnDefault,
    /// `comment on column`.
    pub comment: Option<String>,
}

/// A constraint of a table or domain.
#[derive(Clone, Debug, PartialEq)]
pub struct TableConstraint {
    /// The table or domain that it belongs to. For a view, the table below.
    pub table: QualifiedName,
    /// The name of its const.
    pub constant: String,
    /// Its name.
    pub name: String,
    /// The kind of constraint.
    pub kind: ConstraintRef,
    /// Its columns.
    pub columns: Vec<String>,
    /// Whether it is deferrable.
    pub deferrable: bool,
    /// Its definition as SQL.
    pub definition: String,
}

/// The kind of a constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintRef {
    /// PRIMARY KEY.
    PrimaryKey,
    /// UNIQUE.
    Unique,
    /// A unique index that is no constraint, with its condition.
    UniqueIndex(Option<String>),
    /// FOREIGN KEY to these columns of a relation.
    ForeignKey(QualifiedName, Vec<String>),
    /// CHECK.
    Check,
    /// EXCLUDE.
    Exclusion,
    /// NOT NULL.
    NotNull,
    /// CHECK of a domain.
    DomainCheck,
    /// NOT NULL of a domain.
    DomainNotNull,
}

/// The relations that the settings choose.
pub(crate) fn chosen<'c, 'a>(
    catalog: &'c Catalog,
    analyses: impl Iterator<Item = &'a Analysis> + Clone,
    tables: &Tables,
) -> Vec<&'c Relation> {
    let all = catalog.relations.iter().filter(|r| !r.name.is_system());
    match tables {
        Tables::Rule(TableRule::Used) => used_relations(catalog, analyses),
        Tables::Rule(TableRule::All) => {
            let used = used_relations(catalog, analyses);
            let is_used = |r: &&Relation| used.iter().any(|used| used.name == r.name);
            all.filter(|r| !r.is_of_extension || is_used(r)).collect()
        }
        Tables::Named(names) => all
            .filter(|relation| names.iter().any(|name| is_named(&relation.name, name)))
            .collect(),
    }
}

/// Whether `written`, with or without its schema, names `name`.
pub(crate) fn is_named(name: &QualifiedName, written: &str) -> bool {
    written == name.name || written == format!("{}.{}", name.schema, name.name)
}

/// The tables for `relations`, with the module names in `modules`. `violations` are sorted by table.
pub(crate) fn tables(
    resolver: &Resolver<'_>,
    relations: &[&Relation],
    violations: &[TableViolations],
    modules: &mut Scope,
) -> Vec<Table> {
    let mut tables: Vec<Table> = relations
        .iter()
        .map(|relation| {
            let found = violations.binary_search_by(|v| v.relation.cmp(&relation.name));
            Table {
                violations: found.map_or_else(|_| Vec::new(), |at| enums(&violations[at])),
                ..table(resolver, relation, modules)
            }
        })
        .collect();
    tables.sort_by(|a, b| a.module.cmp(&b.module));
    tables
}

/// The module of `relation`, unless another table has that name.
pub(crate) fn module(catalog: &Catalog, relation: &Relation) -> String {
    match snake(&with_schema(catalog, &relation.name), "table") {
        // Clippy wants no module in one of the same name.
        same if same == "schema" => "schema_".to_owned(),
        name => name,
    }
}

fn table(resolver: &Resolver<'_>, relation: &Relation, modules: &mut Scope) -> Table {
    let module = module(resolver.catalog, relation);
    let mut scope = Scope::with(&["TABLE"]);
    let columns = relation
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| TableColumn {
            constant: scope.claim(
                &shouting(&column.name, &format!("column{}", index + 1)),
                "_",
            ),
            name: column.name.clone(),
            ty: column_type(resolver, &column.ty, column.modifier),
            nullable: !column.not_null,
            default: column.default,
            comment: column.comment.as_deref().map(documented),
        })
        .collect();
    let mut constraints = constraints(relation);
    for (index, constraint) in constraints.iter_mut().enumerate() {
        let positional = format!("constraint{}", index + 1);
        constraint.constant = scope.claim(&shouting(&constraint.name, &positional), "_");
    }
    Table {
        module: identifier(&modules.claim(&module, "_")),
        name: relation.name.clone(),
        kind: relation.kind,
        comment: relation.comment.as_deref().map(documented),
        columns,
        constraints,
        hidden: relation.hidden.clone(),
        violations: Vec::new(),
    }
}

/// The enums of a table's plain statements. An enum with the same variants as another is an alias of it.
fn enums(violations: &TableViolations) -> Vec<StatementViolations> {
    let TableViolations {
        insert,
        update,
        delete,
        ..
    } = violations;
    let mut own: Vec<ViolationEnum> = Vec::new();
    let mut all = Vec::new();
    for (statement, name, violations) in [
        ("insert", "InsertViolation", insert),
        ("update", "UpdateViolation", update),
        ("deletion", "DeleteViolation", delete),
    ] {
        if violations.is_empty() {
            continue;
        }
        let name = name.to_owned();
        let variants = variants(violations);
        let violations = match own.iter().find(|known| known.variants == variants) {
            Some(known) => Violations::Alias {
                name,
                of: known.name.clone(),
            },
            None => {
                let item = ViolationEnum { name, variants };
                own.push(item.clone());
                Violations::Own(item)
            }
        };
        all.push(StatementViolations {
            statement,
            violations,
        });
    }
    all
}

/// The constraints of a relation, and its unique indexes without a constraint. Their consts have no names yet.
fn constraints(relation: &Relation) -> Vec<TableConstraint> {
    let mut all: Vec<TableConstraint> = relation
        .constraints
        .iter()
        .map(|constraint| TableConstraint {
            table: relation.name.clone(),
            constant: String::new(),
            name: constraint.name.clone(),
            kind: match (constraint.kind, &constraint.references) {
                (ConstraintKind::PrimaryKey, _) => ConstraintRef::PrimaryKey,
                (ConstraintKind::Unique, _) => ConstraintRef::Unique,
                (ConstraintKind::ForeignKey, Some(target)) => {
                    ConstraintRef::ForeignKey(target.relation.clone(), target.columns.clone())
                }
                // PostgreSQL has no foreign keys without a target.
                (ConstraintKind::Check | ConstraintKind::ForeignKey, _) => ConstraintRef::Check,
                (ConstraintKind::Exclusion, _) => ConstraintRef::Exclusion,
                (ConstraintKind::NotNull, _) => ConstraintRef::NotNull,
            },
            columns: constraint.columns.clone(),
            deferrable: constraint.deferrable,
            definition: constraint.definition.clone(),
        })
        .collect();
    let indexes = relation.unique_indexes.iter();
    let indexes = indexes.filter(|index| !relation.has_constraint_of(index));
    all.extend(indexes.map(|index| {
        let columns = index.columns.clone().unwrap_or_default();
        let condition = index.predicate.as_ref();
        TableConstraint {
            table: relation.name.clone(),
            constant: String::new(),
            name: index.name.clone(),
            kind: ConstraintRef::UniqueIndex(index.predicate.clone()),
            definition: match condition {
                Some(condition) => format!("unique index where {condition}"),
                None => "unique index".to_owned(),
            },
            columns,
            deferrable: !index.immediate,
        }
    }));
    all.extend(relation.keys_below.iter().map(|key| TableConstraint {
        table: key.table.clone(),
        constant: String::new(),
        name: key.name.clone(),
        kind: match key.kind {
            Some(ConstraintKind::PrimaryKey) => ConstraintRef::PrimaryKey,
            Some(_) => ConstraintRef::Unique,
            None => ConstraintRef::UniqueIndex(None),
        },
        definition: format!("unique key of the table {}", key.table),
        columns: key.columns.clone(),
        deferrable: key.deferrable,
    }));
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}
