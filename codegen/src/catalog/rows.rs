//! The shapes of the catalog queries' JSON answers, and how they become catalog data.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer};

use super::{
    ColumnDefault, CompositeField, ConstraintKind, ForeignKeyTarget, FunctionKind, QualifiedName,
    RelationKind, Triggers, TypeKind, Volatility,
};

type TypeNames = HashMap<u32, QualifiedName>;

/// An OID, which PostgreSQL writes into JSON as a string.
fn oid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    String::deserialize(deserializer)?
        .parse()
        .map_err(serde::de::Error::custom)
}

fn optional_oid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    Option::<String>::deserialize(deserializer)?
        .map(|text| text.parse().map_err(serde::de::Error::custom))
        .transpose()
}

fn oids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u32>, D::Error> {
    Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(|text| text.parse().map_err(serde::de::Error::custom))
        .collect()
}

/// The name of a type; every OID that the catalog refers to is in it.
fn type_name(names: &TypeNames, oid: u32) -> QualifiedName {
    names
        .get(&oid)
        .cloned()
        .unwrap_or_else(|| QualifiedName::builtin("unknown"))
}

#[derive(Deserialize)]
pub(super) struct Meta {
    pub(super) version: u32,
    pub(super) search_path: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Type {
    #[serde(deserialize_with = "oid")]
    pub(super) oid: u32,
    pub(super) schema: String,
    pub(super) name: String,
    display: String,
    kind: String,
    #[serde(deserialize_with = "optional_oid")]
    base: Option<u32>,
    modifier: i32,
    not_null: bool,
    #[serde(deserialize_with = "optional_oid")]
    element: Option<u32>,
    #[serde(deserialize_with = "optional_oid")]
    subtype: Option<u32>,
    labels: Option<Vec<String>>,
    fields: Option<Vec<Field>>,
    checks: Option<Vec<String>>,
    extension: Option<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    #[serde(rename = "type", deserialize_with = "oid")]
    ty: u32,
    modifier: i32,
    not_null: bool,
}

impl Type {
    pub(super) fn into_type(self, names: &TypeNames) -> super::Type {
        let named = |oid: Option<u32>| type_name(names, oid.unwrap_or(0));
        let kind = match self.kind.as_str() {
            "e" => TypeKind::Enum {
                labels: self.labels.unwrap_or_default(),
            },
            "d" => TypeKind::Domain {
                base: named(self.base),
                modifier: self.modifier,
                not_null: self.not_null,
                checks: self.checks.unwrap_or_default(),
            },
            "c" => TypeKind::Composite {
                fields: self
                    .fields
                    .unwrap_or_default()
                    .into_iter()
                    .map(|field| CompositeField {
                        name: field.name,
                        ty: type_name(names, field.ty),
                        modifier: field.modifier,
                        not_null: field.not_null,
                    })
                    .collect(),
            },
            "r" => TypeKind::Range {
                subtype: named(self.subtype),
            },
            "m" => TypeKind::Multirange {
                range: named(self.subtype),
            },
            "p" => TypeKind::Pseudo,
            _ => match self.element {
                Some(element) => TypeKind::Array {
                    element: type_name(names, element),
                },
                None => TypeKind::Base,
            },
        };
        super::Type {
            oid: self.oid,
            name: QualifiedName::new(self.schema, self.name),
            display: self.display,
            kind,
            extension: self.extension,
            comment: self.comment,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Relation {
    #[serde(deserialize_with = "oid")]
    oid: u32,
    schema: String,
    name: String,
    kind: String,
    comment: Option<String>,
    #[serde(deserialize_with = "oids")]
    children: Vec<u32>,
    triggers: Vec<u32>,
    columns: Vec<Column>,
}

#[derive(Deserialize)]
struct Column {
    number: i16,
    name: String,
    #[serde(rename = "type", deserialize_with = "oid")]
    ty: u32,
    modifier: i32,
    not_null: bool,
    has_default: bool,
    identity: String,
    generated: String,
    comment: Option<String>,
}

impl Column {
    fn into_column(self, names: &TypeNames) -> super::Column {
        super::Column {
            number: self.number,
            name: self.name,
            ty: type_name(names, self.ty),
            type_oid: self.ty,
            modifier: self.modifier,
            not_null: self.not_null,
            default: match (self.identity.as_str(), self.generated.as_str()) {
                ("a", _) => ColumnDefault::IdentityAlways,
                ("d", _) => ColumnDefault::IdentityByDefault,
                ("", "") if self.has_default => ColumnDefault::Expression,
                ("", "") => ColumnDefault::None,
                _ => ColumnDefault::Generated,
            },
            comment: self.comment,
        }
    }
}

/// `pg_trigger.tgtype`, a bit set (catalog/pg_trigger.h).
fn triggers(types: &[u32]) -> Triggers {
    const ROW: u32 = 1;
    const BEFORE: u32 = 2;
    const INSERT: u32 = 4;
    const DELETE: u32 = 8;
    const UPDATE: u32 = 16;
    const INSTEAD: u32 = 64;
    let before = |event: u32| {
        let bits = ROW | BEFORE | event;
        types.iter().any(|t| t & bits == bits)
    };
    Triggers {
        before_insert: before(INSERT),
        before_update: before(UPDATE),
        before_delete: before(DELETE),
        instead_of: types.iter().any(|t| t & INSTEAD != 0),
    }
}

#[derive(Deserialize)]
pub(super) struct Constraints {
    pub(super) constraints: Vec<Constraint>,
    pub(super) unique_indexes: Vec<UniqueIndex>,
    #[serde(deserialize_with = "oids")]
    pub(super) collations: Vec<u32>,
}

#[derive(Deserialize)]
pub(super) struct Constraint {
    #[serde(deserialize_with = "oid")]
    relation: u32,
    name: String,
    kind: String,
    columns: Vec<i16>,
    definition: String,
    #[serde(deserialize_with = "optional_oid")]
    target: Option<u32>,
    target_columns: Option<Vec<i16>>,
    validated: bool,
    deferrable: bool,
    expression: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct UniqueIndex {
    #[serde(deserialize_with = "oid")]
    relation: u32,
    name: String,
    columns: Vec<i16>,
    predicate: Option<String>,
    predicate_tree: Option<String>,
    nulls_not_distinct: bool,
    immediate: bool,
    primary: bool,
}

/// Puts the relations together with their constraints and unique indexes.
pub(super) fn relations(
    relations: Vec<Relation>,
    constraints: Vec<Constraint>,
    unique_indexes: Vec<UniqueIndex>,
    names: &TypeNames,
) -> Vec<super::Relation> {
    let mut out: Vec<super::Relation> = relations
        .into_iter()
        .map(|relation| super::Relation {
            oid: relation.oid,
            name: QualifiedName::new(relation.schema, relation.name),
            kind: match relation.kind.as_str() {
                "p" => RelationKind::PartitionedTable,
                "v" => RelationKind::View,
                "m" => RelationKind::MaterializedView,
                "f" => RelationKind::ForeignTable,
                _ => RelationKind::Table,
            },
            comment: relation.comment,
            columns: relation
                .columns
                .into_iter()
                .map(|c| c.into_column(names))
                .collect(),
            constraints: Vec::new(),
            unique_indexes: Vec::new(),
            children: relation.children,
            triggers: triggers(&relation.triggers),
        })
        .collect();
    let places: HashMap<u32, usize> = out.iter().enumerate().map(|(i, r)| (r.oid, i)).collect();
    for constraint in constraints {
        let Some(&at) = places.get(&constraint.relation) else {
            continue;
        };
        let target = constraint
            .target
            .and_then(|oid| Some(&out[*places.get(&oid)?]));
        let references = target.map(|target| ForeignKeyTarget {
            relation: target.name.clone(),
            columns: column_names(target, &constraint.target_columns.unwrap_or_default()),
        });
        let columns = column_names(&out[at], &constraint.columns);
        out[at].constraints.push(super::Constraint {
            name: constraint.name,
            kind: match constraint.kind.as_str() {
                "p" => ConstraintKind::PrimaryKey,
                "u" => ConstraintKind::Unique,
                "f" => ConstraintKind::ForeignKey,
                "x" => ConstraintKind::Exclusion,
                "n" => ConstraintKind::NotNull,
                _ => ConstraintKind::Check,
            },
            columns,
            definition: constraint.definition,
            references,
            validated: constraint.validated,
            deferrable: constraint.deferrable,
            expression: constraint.expression,
        });
    }
    for index in unique_indexes {
        let Some(&at) = places.get(&index.relation) else {
            continue;
        };
        let columns = column_names(&out[at], &index.columns);
        out[at].unique_indexes.push(super::UniqueIndex {
            name: index.name,
            columns: (columns.len() == index.columns.len()).then_some(columns),
            predicate: index.predicate,
            predicate_tree: index.predicate_tree,
            nulls_not_distinct: index.nulls_not_distinct,
            immediate: index.immediate,
            primary: index.primary,
        });
    }
    for relation in &mut out {
        relation.constraints.sort_by(|a, b| a.name.cmp(&b.name));
        relation.unique_indexes.sort_by(|a, b| a.name.cmp(&b.name));
    }
    out
}

/// The names of the columns with these numbers; those that are none (an expression's zero) are left out.
fn column_names(relation: &super::Relation, numbers: &[i16]) -> Vec<String> {
    numbers
        .iter()
        .filter_map(|number| relation.columns.iter().find(|c| c.number == *number))
        .map(|column| column.name.clone())
        .collect()
}

#[derive(Deserialize)]
pub(super) struct Callables {
    pub(super) functions: Vec<Function>,
    pub(super) operators: Vec<Operator>,
}

#[derive(Deserialize)]
pub(super) struct Function {
    #[serde(deserialize_with = "oid")]
    oid: u32,
    schema: String,
    name: String,
    signature: String,
    kind: String,
    strict: bool,
    returns_set: bool,
    volatility: String,
    language: String,
    #[serde(deserialize_with = "oid")]
    result: u32,
    #[serde(deserialize_with = "oids")]
    arguments: Vec<u32>,
    modes: Vec<String>,
    names: Vec<String>,
    source: Option<String>,
    body: Option<String>,
    extension: Option<String>,
}

impl Function {
    pub(super) fn into_function(self) -> (u32, super::Function) {
        let outputs = self
            .modes
            .iter()
            .zip(&self.names)
            .filter(|(mode, _)| matches!(mode.as_str(), "o" | "b" | "t"));
        let function = super::Function {
            output_names: outputs.map(|(_, name)| name.clone()).collect(),
            name: QualifiedName::new(self.schema, self.name),
            signature: self.signature,
            extension: self.extension,
            kind: match self.kind.as_str() {
                "a" => FunctionKind::Aggregate,
                "w" => FunctionKind::Window,
                "p" => FunctionKind::Procedure,
                _ => FunctionKind::Function,
            },
            strict: self.strict,
            returns_set: self.returns_set,
            volatility: match self.volatility.as_str() {
                "i" => Volatility::Immutable,
                "s" => Volatility::Stable,
                _ => Volatility::Volatile,
            },
            language: self.language,
            result: self.result,
            arguments: self.arguments,
            source: self.source,
            body: self.body,
        };
        (self.oid, function)
    }
}

#[derive(Deserialize)]
pub(super) struct Operator {
    #[serde(deserialize_with = "oid")]
    oid: u32,
    name: String,
    #[serde(deserialize_with = "oid")]
    function: u32,
    groupable: bool,
}

impl Operator {
    pub(super) fn into_operator(self) -> (u32, super::Operator) {
        let operator = super::Operator {
            name: self.name,
            function: self.function,
            is_equality: self.groupable,
        };
        (self.oid, operator)
    }
}
