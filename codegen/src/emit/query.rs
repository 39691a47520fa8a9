//! Query modules: one function for each query, and the structs of their rows.

use super::layout::{Expr, LINE, Source, width};
use super::param::{self, Values};
use super::text::{argument, borrowed, doc_link, literal, owned, sql_literal, tuple};
use super::violations;
use super::{row, sql_type};
use crate::cardinality::Cardinality;
use crate::model::{ContractColumn, Function, Module, Param, Record, Row, RustType};

/// The functions of `module`, without the head of the file.
pub(crate) fn module(out: &mut Source, module: &Module, derives: &[String]) {
    out.imports(&imports(module));
    if uses_types(module) {
        out.blank();
        let up = "super::".repeat(module.path.len());
        out.line(format!("use {up}types;"));
    }
    for query in &module.functions {
        out.blank();
        function(out, query);
        items(out, query, derives);
    }
}

/// The module's imports from howdah, sorted like by rustfmt.
fn imports(module: &Module) -> Vec<&'static str> {
    let mut names = vec!["Query"];
    for function in &module.functions {
        names.push(match function.cardinality {
            Cardinality::One => "One",
            Cardinality::Opt => "Opt",
            Cardinality::Many => "Many",
            Cardinality::Exec => "Exec",
        });
        if function.params.iter().any(|param| param.parts.is_none()) {
            names.push("Param");
        }
        names.extend(function.violations.iter().flat_map(violations::imports));
        match &function.row {
            Row::Own(row) => names.extend(row::imports(row)),
            Row::Value { .. } => names.push("Value"),
            Row::App { columns, .. } => {
                names.push("ResultColumn");
                names.extend(columns.iter().flat_map(|c| sql_type::imports(&c.ty)));
            }
            Row::None | Row::Alias { .. } | Row::Table(_) => {}
        }
    }
    super::sorted_imports(names)
}

fn uses_types(module: &Module) -> bool {
    module.functions.iter().any(|function| {
        let in_row = match &function.row {
            Row::Table(_) => true,
            Row::Own(row) => row.fields.iter().any(|field| field.ty.uses_generated()),
            Row::Value { field, .. } => field.ty.uses_generated(),
            Row::None | Row::Alias { .. } | Row::App { .. } => false,
        };
        let mut recorded = function.records.iter().flat_map(|record| &record.fields);
        in_row
            || recorded.any(|ty| ty.uses_generated())
            || function
                .params
                .iter()
                .any(|param| param.ty.uses_generated())
    })
}

/// The type of the rows in `Query`.
fn row_type(row: &Row) -> String {
    match row {
        Row::None => String::new(),
        Row::Value {
            alias: Some(alias), ..
        } => format!("Value<{alias}>"),
        Row::Value { field, .. } => format!("Value<{}>", owned(&field.ty, "types::")),
        Row::Own(row) => row.name.clone(),
        Row::Alias { name, .. } => name.clone(),
        Row::Table(name) => format!("types::{name}"),
        Row::App { ty, .. } => ty.clone(),
    }
}

fn function(out: &mut Source, query: &Function) {
    docs(out, query);
    let rows = row_type(&query.row);
    let cardinality = match query.cardinality {
        Cardinality::One => format!("One<{rows}>"),
        Cardinality::Opt => format!("Opt<{rows}>"),
        Cardinality::Many => format!("Many<{rows}>"),
        Cardinality::Exec => "Exec".to_owned(),
    };
    let typed = |of: fn(&RustType, &str) -> String| -> Vec<String> {
        let param = |param: &Param| format!("{}: {}", param.name, of(&param.ty, "types::"));
        query.params.iter().map(param).collect()
    };
    let fields = typed(borrowed);
    let struct_generics = if fields.iter().any(|field| field.contains("'a")) {
        "<'a>"
    } else {
        ""
    };
    let arguments = match &query.params_struct {
        Some(name) => vec![format!("params: {name}{struct_generics}")],
        None => typed(argument),
    };
    let (generics, lifetime, arguments) = elide(arguments);
    let head = format!("pub fn {}{generics}", query.name);
    let returns = format!("Query<{lifetime}, {cardinality}>");
    out.function(&head, &arguments, &returns, |out| {
        out.expr(&value(query), "");
    });
    if let Some(name) = &query.params_struct {
        out.blank();
        out.line(format!("/// The parameters of {}.", doc_link(&query.name)));
        let is_optional = |param: &Param| matches!(param.ty, RustType::Option(_));
        let (optional, required): (Vec<_>, Vec<_>) =
            (query.params.iter().zip(&fields)).partition(|(param, _)| is_optional(param));
        out.line(match required.is_empty() {
            true => "#[derive(Clone, Debug, Default)]",
            false => "#[derive(Clone, Debug)]",
        });
        out.block(format!("pub struct {name}{struct_generics}"), |out| {
            for (param, field) in query.params.iter().zip(&fields) {
                out.docs("///", &param.note);
                out.line(format!("pub {field},"));
            }
        });
        if !optional.is_empty() && (1..=MAX_ARGUMENTS).contains(&required.len()) {
            let arguments: Vec<_> = required.iter().map(|(_, field)| (*field).clone()).collect();
            let values = query.params.iter().map(|param| match is_optional(param) {
                true => format!("{}: None", param.name),
                false => param.name.clone(),
            });
            let values = values.map(Expr::text).collect();
            out.blank();
            out.block(
                format!("impl{struct_generics} {name}{struct_generics}"),
                |out| {
                    out.line("/// With null for each that may be null.");
                    out.function("pub fn new", &arguments, "Self", |out| {
                        out.expr(&Expr::literal("Self", values), "");
                    });
                },
            );
        }
    }
}

/// Clippy's `too_many_arguments` warns above it.
const MAX_ARGUMENTS: usize = 7;

/// The generics, the lifetime of the query, and the arguments. A lifetime that is needed only once has no name.
fn elide(arguments: Vec<String>) -> (&'static str, &'static str, Vec<String>) {
    match arguments
        .iter()
        .map(|argument| argument.matches("'a").count())
        .sum()
    {
        0 => ("", "'static", arguments),
        1 => {
            let elided = arguments
                .iter()
                .map(|argument| argument.replace("&'a ", "&").replace("'a", "'_"));
            ("", "'_", elided.collect())
        }
        _ => ("<'a>", "'a", arguments),
    }
}

/// The expression of the query. Longer SQL keeps its lines, without indentation.
fn value(query: &Function) -> Expr {
    let owner = if query.params_struct.is_some() {
        "params."
    } else {
        ""
    };
    let (name, sql) = (literal(&query.statement), sql_literal(&query.sql));
    let of = |constructor: &str, params| {
        let arguments = vec![Expr::text(&name), Expr::text(&sql), params];
        Expr::call(format!("Query::{constructor}"), arguments)
    };
    match (param::values(&query.params, owner), query.only_reads) {
        (Values::Array(params), false) => of("new", params),
        (Values::Array(params), true) => of("reading", params),
        (Values::Vec(params), false) => of("with_params", params),
        (Values::Vec(params), true) => of("reading_with_params", params),
    }
}

fn docs(out: &mut Source, query: &Function) {
    if query.docs.is_empty() {
        out.line(format!("/// The query `{}`.", query.statement));
    }
    out.docs("///", &query.docs.join("\n"));
    out.line("///");
    let mut fence = "```".to_owned();
    while query.sql.contains(&fence) {
        fence.push('`');
    }
    out.docs("///", &format!("{fence}sql\n{}\n{fence}", query.sql));
    out.line("///");
    out.docs("///", &rows_sentence(query));
    if let Some(violations) = &query.violations {
        out.line("///");
        let name = violations.name();
        out.line(format!(
            "/// [`{name}`] lists the constraints that it can violate."
        ));
    }
    if let Row::Value { field, .. } = &query.row {
        out.line("///");
        out.docs("///", &format!("The value is {}", field.note));
    }
    if query.params_struct.is_none() && !query.params.is_empty() {
        out.line("///");
        for param in &query.params {
            let name = param.name.trim_start_matches("r#");
            out.docs("///", &format!("- `{name}`: {}", param.note));
        }
    }
}

fn rows_sentence(query: &Function) -> String {
    let count = match query.cardinality {
        Cardinality::One => "Returns exactly one row",
        Cardinality::Opt => "Returns one row or none",
        Cardinality::Many => "Returns any number of rows",
        Cardinality::Exec => "Returns the number of rows affected",
    };
    match query.cardinality_reason.as_str() {
        "" => format!("{count}."),
        reason => format!("{count}: {reason}."),
    }
}

/// The items of a function: the struct of its rows, an alias, or the check of the app's type.
fn items(out: &mut Source, query: &Function, derives: &[String]) {
    match &query.row {
        Row::Own(row) => {
            out.blank();
            let about = format!("A row of {}.", doc_link(&query.name));
            row::item(out, row, &about, derives, "types::");
        }
        Row::Alias { name, of } => {
            out.blank();
            out.line(format!(
                "/// A row of {}: the same columns as [`{of}`].",
                doc_link(&query.name)
            ));
            out.line(format!("pub type {name} = {of};"));
        }
        Row::App { ty, columns } => {
            out.blank();
            let columns = columns
                .iter()
                .map(|column| contract(query, column))
                .collect();
            let check = Expr::call(
                format!("howdah::check::row::<{ty}>"),
                vec![Expr::array("&", columns)],
            );
            out.assign("const _: ()", &check);
        }
        Row::Value {
            field,
            alias: Some(alias),
        } => {
            out.blank();
            out.line(format!("/// A value of {}.", doc_link(&query.name)));
            out.line(format!(
                "pub type {alias} = {};",
                owned(&field.ty, "types::")
            ));
        }
        Row::None | Row::Value { .. } | Row::Table(_) => {}
    }
    for record in &query.records {
        out.blank();
        out.line(format!(
            "/// A record in the rows of {}.",
            doc_link(&query.name)
        ));
        record_alias(out, record);
    }
    if let Some(item) = &query.violations {
        out.blank();
        violations::violations(out, &doc_link(&query.name), item);
    }
}

/// The alias of a tuple. If it does not fit on one line, each field has its own.
fn record_alias(out: &mut Source, record: &Record) {
    let fields: Vec<String> = record
        .fields
        .iter()
        .map(|ty| owned(ty, "types::"))
        .collect();
    let head = format!("pub type {} = howdah::Record<", record.name);
    let line = format!("{head}{}>;", tuple(&fields));
    if width(&line) <= LINE {
        return out.line(line);
    }
    out.line(format!("{head}("));
    for field in fields {
        out.line(format!("    {field},"));
    }
    out.line(")>;");
}

fn contract(query: &Function, column: &ContractColumn) -> Expr {
    Expr::literal(
        "ResultColumn",
        vec![
            Expr::string_field("query", &query.statement),
            Expr::string_field("name", &column.name),
            sql_type::expression(&column.ty).prefixed("ty: "),
            Expr::text(format!("nullable: {}", column.nullable)),
            Expr::string_field("reason", &column.reason),
        ],
    )
}
