//! Relations with their columns, children and triggers.

use std::collections::HashMap;

use super::{Fact, TypeNames, type_name};
use crate::catalog::plpgsql::Body;
use crate::catalog::{
    self, Before, ColumnDefault, CompositeField, QualifiedName, RelationKind, Triggers,
};
use crate::describe::{Cells, Unreadable};

pub(in crate::catalog) struct Relation {
    oid: u32,
    schema: String,
    name: String,
    kind: String,
    is_logged: bool,
    is_of_extension: bool,
    comment: Option<String>,
    /// For a view, the statements that it accepts, as bits: 4 for UPDATE, 8 for INSERT.
    reached_by: u32,
}

impl Fact for Relation {
    const SQL: &'static str = include_str!("relations.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            oid: cells.number()?,
            schema: cells.text()?.to_owned(),
            name: cells.text()?.to_owned(),
            kind: cells.text()?.to_owned(),
            is_logged: cells.flag()?,
            is_of_extension: cells.flag()?,
            comment: cells.optional_string()?,
            reached_by: cells.number()?,
        })
    }
}

/// A column of a relation, or a field of a composite type.
pub(in crate::catalog) struct Column {
    pub(in crate::catalog) relation: u32,
    number: i16,
    name: String,
    ty: u32,
    modifier: i32,
    not_null: bool,
    has_default: bool,
    identity: String,
    generated: String,
    expression: Option<String>,
    new_by_default: bool,
    is_read_only: bool,
    comment: Option<String>,
}

impl Fact for Column {
    const SQL: &'static str = include_str!("columns.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            relation: cells.number()?,
            number: cells.number()?,
            name: cells.text()?.to_owned(),
            ty: cells.number()?,
            modifier: cells.number()?,
            not_null: cells.flag()?,
            has_default: cells.flag()?,
            identity: cells.text()?.to_owned(),
            generated: cells.text()?.to_owned(),
            expression: cells.optional_string()?,
            new_by_default: cells.flag()?,
            is_read_only: cells.flag()?,
            comment: cells.optional_string()?,
        })
    }
}

impl Column {
    pub(super) fn field(&self, names: &TypeNames) -> CompositeField {
        CompositeField {
            number: self.number,
            name: self.name.clone(),
            ty: type_name(names, self.ty),
            modifier: self.modifier,
            not_null: self.not_null,
        }
    }

    fn into_column(self, names: &TypeNames) -> catalog::Column {
        catalog::Column {
            number: self.number,
            name: self.name,
            ty: type_name(names, self.ty),
            type_oid: self.ty,
            modifier: self.modifier,
            not_null: self.not_null,
            expression: self.expression,
            tree: None,
            new_by_default: self.new_by_default,
            default: match (self.identity.as_str(), self.generated.as_str()) {
                _ if self.is_read_only => ColumnDefault::ReadOnly,
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

/// The columns of each relation and composite type, in order.
pub(in crate::catalog) fn by_relation(columns: Vec<Column>) -> HashMap<u32, Vec<Column>> {
    let mut relations: HashMap<u32, Vec<Column>> = HashMap::new();
    for column in columns {
        relations.entry(column.relation).or_default().push(column);
    }
    for columns in relations.values_mut() {
        columns.sort_by_key(|column| column.number);
    }
    relations
}

/// A parent and its direct child.
pub(in crate::catalog) struct Child {
    parent: u32,
    child: u32,
}

impl Fact for Child {
    const SQL: &'static str = include_str!("children.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            parent: cells.number()?,
            child: cells.number()?,
        })
    }
}

/// A trigger on a relation.
pub(in crate::catalog) struct Trigger {
    relation: u32,
    /// `pg_trigger.tgtype`, a bit set (catalog/pg_trigger.h).
    kind: u32,
    /// What it does with a row before the row is written.
    before: Before,
}

impl Fact for Trigger {
    const SQL: &'static str = include_str!("triggers.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            relation: cells.number()?,
            kind: cells.number()?,
            before: cells
                .optional_text()?
                .and_then(|source| Body::of(source)?.on_new())
                .unwrap_or_else(Before::anything),
        })
    }
}

/// A view and the node tree of its query.
pub(in crate::catalog) struct StoredQuery {
    pub(in crate::catalog) relation: u32,
    pub(in crate::catalog) tree: String,
}

impl StoredQuery {
    /// The query for those of insertable views.
    pub(in crate::catalog) const OF_VIEWS: &'static str = include_str!("view_queries.sql");
}

impl Fact for StoredQuery {
    const SQL: &'static str = include_str!("stored_queries.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            relation: cells.number()?,
            tree: cells.text()?.to_owned(),
        })
    }
}

fn triggers(all: &[&Trigger]) -> Triggers {
    const ROW: u32 = 1;
    const BEFORE: u32 = 2;
    const INSERT: u32 = 4;
    const UPDATE: u32 = 16;
    const INSTEAD: u32 = 64;
    let before = |event: u32| {
        let bits = ROW | BEFORE | event;
        let mut found = Before::default();
        for trigger in all.iter().filter(|t| t.kind & bits == bits) {
            found.add(&trigger.before);
        }
        found
    };
    Triggers {
        before_insert: before(INSERT),
        before_update: before(UPDATE),
        instead_of: all.iter().any(|t| t.kind & INSTEAD != 0),
    }
}

/// Builds the relations with their columns, children and triggers.
pub(in crate::catalog) fn relations(
    relations: Vec<Relation>,
    mut columns: HashMap<u32, Vec<Column>>,
    children: &[Child],
    all_triggers: &[Trigger],
    names: &TypeNames,
) -> Vec<catalog::Relation> {
    let mut children_of: HashMap<u32, Vec<u32>> = HashMap::new();
    for pair in children {
        children_of.entry(pair.parent).or_default().push(pair.child);
    }
    let mut triggers_of: HashMap<u32, Vec<&Trigger>> = HashMap::new();
    for trigger in all_triggers {
        let others = triggers_of.entry(trigger.relation).or_default();
        others.push(trigger);
    }
    let convert = |relation: Relation| {
        let columns = columns.remove(&relation.oid).unwrap_or_default();
        let is_written = |bit| match relation.kind.as_str() {
            "m" => false,
            "v" => relation.reached_by & bit != 0,
            _ => true,
        };
        catalog::Relation {
            is_updated: is_written(4),
            is_inserted: is_written(8),
            oid: relation.oid,
            name: QualifiedName::new(relation.schema, relation.name),
            kind: match relation.kind.as_str() {
                "p" => RelationKind::PartitionedTable,
                "v" => RelationKind::View,
                "m" => RelationKind::MaterializedView,
                "f" => RelationKind::ForeignTable,
                _ => RelationKind::Table,
            },
            is_logged: relation.is_logged,
            is_of_extension: relation.is_of_extension,
            comment: relation.comment,
            columns: columns
                .into_iter()
                .map(|column| column.into_column(names))
                .collect(),
            constraints: Vec::new(),
            unique_indexes: Vec::new(),
            hidden: Vec::new(),
            keys_below: Vec::new(),
            below: None,
            query: None,
            children: children_of.remove(&relation.oid).unwrap_or_default(),
            triggers: triggers(&triggers_of.remove(&relation.oid).unwrap_or_default()),
        }
    };
    relations.into_iter().map(convert).collect()
}
