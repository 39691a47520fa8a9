//! The `schema` module: tables with their columns, keys and constraints as consts, the enums of the constraints that
//! plain statements can violate, and the constraints of domains.

use super::layout::{Expr, Source};
use super::sql_type;
use super::text::{literal, one_line_code};
use super::violations;
use crate::catalog::{ColumnDefault, RelationKind};
use crate::model::{ConstraintRef, Domain, Table, TableColumn, TableConstraint};

/// The modules of all tables, without the head of the file.
pub(crate) fn module(out: &mut Source, tables: &[Table], domains: &[Domain]) {
    for table in tables {
        out.blank();
        table_module(out, table);
    }
    for domain in domains {
        out.blank();
        domain_module(out, domain);
    }
}

fn domain_module(out: &mut Source, domain: &Domain) {
    out.docs("///", &format!("The domain `{}`.", domain.name));
    out.block(format!("pub mod {}", domain.module), |out| {
        out.imports(&["Constraint", "ConstraintKind"]);
        constraints(out, &domain.constraints);
    });
}

fn table_module(out: &mut Source, table: &Table) {
    let what = match table.kind {
        RelationKind::Table => "table",
        RelationKind::PartitionedTable => "partitioned table",
        RelationKind::View => "view",
        RelationKind::MaterializedView => "materialized view",
        RelationKind::ForeignTable => "foreign table",
    };
    out.docs("///", &format!("The {what} `{}`.", table.name));
    if let Some(comment) = &table.comment {
        out.line("///");
        out.docs("///", comment);
    }
    out.block(format!("pub mod {}", table.module), |out| {
        out.imports(&imports(table));
        out.blank();
        out.line(format!("/// The {what} itself."));
        out.assign("pub const TABLE: Table", &table_value(table));
        for item in &table.columns {
            out.blank();
            let null = if item.nullable { ", nullable" } else { "" };
            out.docs("///", &format!("The column `{}`{null}.", item.name));
            if let Some(comment) = &item.comment {
                out.line("///");
                out.docs("///", comment);
            }
            out.assign(
                &format!("pub const {}: Column", item.constant),
                &column(table, item),
            );
        }
        constraints(out, &table.constraints);
        for item in &table.violations {
            let article = if item.statement == "deletion" {
                "a"
            } else {
                "an"
            };
            out.blank();
            let what = format!("{article} {}", item.statement);
            violations::violations(out, &what, &item.violations);
        }
    });
}

fn constraints(out: &mut Source, constraints: &[TableConstraint]) {
    for item in constraints {
        out.blank();
        out.docs("///", &one_line_code(&item.definition));
        out.assign(
            &format!("pub const {}: Constraint", item.constant),
            &constraint(item),
        );
    }
}

fn imports(table: &Table) -> Vec<&'static str> {
    let mut names = vec!["Table"];
    if !table.columns.is_empty() {
        names.extend(["Column", "ColumnDefault"]);
    }
    names.extend(
        table
            .columns
            .iter()
            .flat_map(|column| sql_type::imports(&column.ty)),
    );
    if !table.constraints.is_empty() {
        names.extend(["Constraint", "ConstraintKind"]);
    }
    let enums = table.violations.iter();
    names.extend(enums.flat_map(|item| violations::imports(&item.violations)));
    super::sorted_imports(names)
}

fn table_value(table: &Table) -> Expr {
    let columns = table
        .columns
        .iter()
        .map(|column| Expr::text(&column.constant));
    let constraints = table.constraints.iter().map(|c| Expr::text(&c.constant));
    let key = table
        .constraints
        .iter()
        .find(|c| c.kind == ConstraintRef::PrimaryKey);
    Expr::literal(
        "Table",
        vec![
            Expr::string_field("schema", &table.name.schema),
            Expr::string_field("name", &table.name.name),
            Expr::array("columns: &", columns.collect()),
            Expr::array("constraints: &", constraints.collect()),
            Expr::text(match key {
                Some(key) => format!("primary_key: Some(&{})", key.constant),
                None => "primary_key: None".to_owned(),
            }),
            names("hidden: &", &table.hidden),
        ],
    )
}

fn column(table: &Table, column: &TableColumn) -> Expr {
    let default = match column.default {
        ColumnDefault::None => "None",
        ColumnDefault::Expression => "Value",
        ColumnDefault::IdentityByDefault => "IdentityByDefault",
        ColumnDefault::IdentityAlways => "IdentityAlways",
        ColumnDefault::Generated => "Generated",
        ColumnDefault::ReadOnly => "ReadOnly",
    };
    Expr::literal(
        "Column",
        vec![
            Expr::string_field("table", &table.name.name),
            Expr::string_field("name", &column.name),
            sql_type::expression(&column.ty).prefixed("ty: "),
            Expr::text(format!("nullable: {}", column.nullable)),
            Expr::text(format!("default: ColumnDefault::{default}")),
        ],
    )
}

fn constraint(constraint: &TableConstraint) -> Expr {
    Expr::literal(
        "Constraint",
        vec![
            Expr::string_field("schema", &constraint.table.schema),
            Expr::string_field("table", &constraint.table.name),
            Expr::string_field("name", &constraint.name),
            kind(&constraint.kind).prefixed("kind: ConstraintKind::"),
            names("columns: &", &constraint.columns),
            Expr::text(format!("deferrable: {}", constraint.deferrable)),
        ],
    )
}

fn kind(kind: &ConstraintRef) -> Expr {
    match kind {
        ConstraintRef::PrimaryKey => Expr::text("PrimaryKey"),
        ConstraintRef::Unique => Expr::text("Unique"),
        ConstraintRef::UniqueIndex(predicate) => {
            let predicate = match predicate {
                Some(predicate) => format!("predicate: Some({})", literal(predicate)),
                None => "predicate: None".to_owned(),
            };
            Expr::literal("UniqueIndex", vec![Expr::text(predicate)])
        }
        ConstraintRef::ForeignKey(target, columns) => Expr::literal(
            "ForeignKey",
            vec![
                Expr::string_field("schema", &target.schema),
                Expr::string_field("table", &target.name),
                names("columns: &", columns),
            ],
        ),
        ConstraintRef::Check => Expr::text("Check"),
        ConstraintRef::Exclusion => Expr::text("Exclusion"),
        ConstraintRef::NotNull => Expr::text("NotNull"),
        ConstraintRef::DomainCheck => Expr::text("DomainCheck"),
        ConstraintRef::DomainNotNull => Expr::text("DomainNotNull"),
    }
}

fn names(head: &str, names: &[String]) -> Expr {
    let items = names.iter().map(|name| Expr::text(literal(name)));
    Expr::array(head, items.collect())
}
