//! The text form of a described query.

use howdah_codegen::{QueryReport, ReportedField, Style};

/// Name, SQL type, whether it may be null, Rust type, and why it may.
type Row = [String; 5];

/// The query, its parameters and its columns, in aligned columns.
pub(crate) fn query(query: &QueryReport, style: Style) -> String {
    let cardinality = query.cardinality.map(|c| c.to_string()).unwrap_or_default();
    let place = format!("{}:{}", query.file, query.line);
    let mut text = format!(
        "{} {} {}",
        bold(&query.query, style),
        cardinality,
        dim(&place, style)
    );
    if !query.cardinality_reason.is_empty() {
        text.push_str(&format!("\n  {}", dim(&query.cardinality_reason, style)));
    }
    text.push('\n');
    text + &aligned(&rows(query), style)
}

fn rows(query: &QueryReport) -> Vec<Row> {
    let params = query.params.iter().map(|param| {
        let name = if param.name.starts_with('$') {
            param.name.clone()
        } else {
            format!(":{}", param.name)
        };
        [
            name,
            param.sql_type.clone(),
            null(param.nullable),
            param.rust_type.clone(),
            param.reason.clone(),
        ]
    });
    let mut rows: Vec<Row> = params.collect();
    for column in &query.columns {
        rows.push([
            column.name.clone(),
            column.sql_type.clone(),
            null(column.nullable),
            column.rust_type.clone(),
            column.reason.clone(),
        ]);
        add_fields(&column.fields, 1, &mut rows);
    }
    rows
}

fn aligned(rows: &[Row], style: Style) -> String {
    let mut widths = [0; 4];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(&format!("  {cell:width$}"));
        }
        let line = format!("{line}  {}", dim(&row[4], style));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The fields of a composite value, below it.
fn add_fields(fields: &[ReportedField], depth: usize, rows: &mut Vec<Row>) {
    for field in fields {
        rows.push([
            format!("{}.{}", "  ".repeat(depth), field.name),
            field.sql_type.clone(),
            null(field.nullable),
            String::new(),
            field.reason.clone(),
        ]);
        add_fields(&field.fields, depth + 1, rows);
    }
}

fn null(nullable: bool) -> String {
    if nullable { "null" } else { "not null" }.to_owned()
}

fn bold(text: &str, style: Style) -> String {
    match style {
        Style::Coloured => format!("\u{1b}[1m{text}\u{1b}[0m"),
        Style::Plain => text.to_owned(),
    }
}

fn dim(text: &str, style: Style) -> String {
    match style {
        Style::Coloured if !text.is_empty() => format!("\u{1b}[2m{text}\u{1b}[0m"),
        _ => text.to_owned(),
    }
}
