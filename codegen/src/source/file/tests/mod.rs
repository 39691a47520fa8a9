//! Each case is a file with the queries in it and the errors about it.

use super::parse;
use crate::source::{Param, Query, SourceError};

mod errors;
mod properties;

/// Compares what is read from `text` with `expected`, one line for each query and error, as [`query_line`] and
/// [`error_line`] write them.
fn check(text: &str, expected: &[&str]) {
    let (file, errors) = parse("queries/test.sql", text);
    assert_eq!(file.text, text);
    let mut found: Vec<String> = file
        .queries
        .iter()
        .map(|query| query_line(text, query))
        .collect();
    found.extend(errors.iter().map(|error| error_line(text, error)));
    assert_eq!(found, expected, "{text}");
}

/// `name :one -> Row | docs | param types | column types | sql`, without the parts that are empty.
fn query_line(text: &str, query: &Query) -> String {
    assert_eq!(text[query.span.clone()].chars().next(), Some('-'));
    let mut parts = vec![query.name.value.clone()];
    if let Some(cardinality) = &query.cardinality {
        assert_eq!(
            text[cardinality.span.clone()],
            format!(":{}", cardinality.value)
        );
        parts[0].push_str(&format!(" :{}", cardinality.value));
    }
    if let Some(row) = &query.row {
        assert_eq!(text[row.span.clone()], row.value);
        parts[0].push_str(&format!(" -> {}", row.value));
    }
    parts.extend((!query.docs.is_empty()).then(|| query.docs.join("/")));
    let params: Vec<String> = query
        .params
        .iter()
        .map(|param| param_text(text, param))
        .collect();
    parts.extend((!params.is_empty()).then(|| params.join(", ")));
    let columns: Vec<String> = query
        .column_overrides
        .iter()
        .map(|column| {
            override_text(
                &column.name.value,
                column.nullable,
                column.rust_type.as_ref().map(|rust| &rust.value),
            )
        })
        .collect();
    parts.extend((!columns.is_empty()).then(|| columns.join(", ")));
    parts.push(query.sql.clone());
    parts.join(" | ")
}

fn param_text(text: &str, param: &Param) -> String {
    let name = param.name.clone().unwrap_or_default();
    for span in &param.spans {
        let written = if name.is_empty() {
            format!("${}", param.number)
        } else {
            format!(":{name}")
        };
        assert_eq!(text[span.clone()], written);
    }
    let label = format!("{}{name}", param.number);
    override_text(
        &label,
        param.nullable,
        param.rust_type.as_ref().map(|rust| &rust.value),
    )
}

fn override_text(name: &str, nullable: Option<bool>, rust_type: Option<&String>) -> String {
    let mark = match nullable {
        Some(true) => "?",
        Some(false) => "!",
        None => "",
    };
    let rust_type = rust_type
        .map(|rust_type| format!(" {rust_type}"))
        .unwrap_or_default();
    format!("{name}{mark}{rust_type}")
}

/// `message @ underlined text; also second underlined text; help`.
fn error_line(text: &str, error: &SourceError) -> String {
    let mut line = format!("{} @ {}", error.message, &text[error.span.clone()]);
    if let Some((span, _)) = &error.also {
        line.push_str(&format!("; also {}", &text[span.clone()]));
    }
    if let Some(help) = &error.help {
        line.push_str(&format!("; {help}"));
    }
    line
}

/// A query called `q` with this SQL.
fn check_sql(sql: &str, expected: &[&str]) {
    check(&format!("-- name: q\n{sql}"), expected);
}

#[test]
fn queries_end_at_semicolons_and_name_lines() {
    check("", &[]);
    check("-- a comment\n/* another */\n", &[]);
    check(
        "-- name: a\nselect 1;\n\n-- name: b\nselect 2",
        &["a | select 1", "b | select 2"],
    );
    check(
        "-- name: a\nselect 1\n-- name: b\nselect 2\n;\n",
        &["a | select 1", "b | select 2"],
    );
    check(
        "\u{feff}-- name: a\r\n-- Doc.\r\nselect\r\n1;\r\n",
        &["a | Doc. | select\r\n1"],
    );
    check("\t--name:a\n\tselect 1;;", &["a | select 1"]);
    check(
        "-- name: a\nselect 1; -- done\n-- Next:\n-- name: b\nselect 2",
        &["a | select 1", "b | select 2"],
    );
}

#[test]
fn name_lines_in_literals_and_behind_code_are_none() {
    check_sql("select '\n-- name: b\n'", &["q | select '\n-- name: b\n'"]);
    check_sql(
        "select $$\n-- name: b\n$$",
        &["q | select $$\n-- name: b\n$$"],
    );
    check_sql(
        "/*\n-- name: b\n*/ select 1",
        &["q | /*\n-- name: b\n*/ select 1"],
    );
    check_sql("select 1, -- name: b\n2", &["q | select 1, -- name: b\n2"]);
}

#[test]
fn heads() {
    check(
        "-- name: a :one -> crate::Place<'static>\nselect 1",
        &["a :one -> crate::Place<'static> | select 1"],
    );
    check("-- name: type :exec\nselect 1", &["type :exec | select 1"]);
    check(
        "-- name: a -> Vec<T>\nselect 1",
        &["a -> Vec<T> | select 1"],
    );
    check(
        "-- name: a\n--\n-- One.\n--   Two: three.\n-- -----\n\n-- kept\n/* too */ select 1",
        &["a | One./  Two: three. | -- kept\n/* too */ select 1"],
    );
    check(
        "-- name: a\n-- see: b, note: c, a::text\nselect 1",
        &["a | see: b, note: c, a::text | select 1"],
    );
    check(
        "-- name: a\n-- param: x i32\n-- Doc.\n-- column: \"a \"\"b\"\"\" String\n\n-- column: n? Vec<u8>\nselect :x, :y::int, :x",
        &["a | Doc. | 1x i32, 2y | a \"b\" String, n? Vec<u8> | select $1, $2::int, $1"],
    );
    check(
        "-- name: a\n-- param: x?\n-- param: y!\n-- param: z? T\nselect :x, :y, :z",
        &["a | 1x?, 2y!, 3z? T | select $1, $2, $3"],
    );
    check(
        "-- name: a\n-- param: $2 T\nselect $2, $1, $2",
        &["a | 1, 2 T | select $2, $1, $2"],
    );
}

#[test]
fn parameters() {
    check_sql(
        "select :a,:A, :größe",
        &["q | 1a, 2A, 3größe | select $1,$2, $3"],
    );
    check_sql(
        "select a::int, b:=:c, d=>:e",
        &["q | 1c, 2e | select a::int, b:=$1, d=>$2"],
    );
    check_sql(
        "select 'a:a', \":b\", $$:c$$ -- :d\n/* :e */, E'\\':f'",
        &["q | select 'a:a', \":b\", $$:c$$ -- :d\n/* :e */, E'\\':f'"],
    );
    check_sql(
        "select * from t limit:n offset :m",
        &["q | 1n, 2m | select * from t limit $1 offset $2"],
    );
    check_sql(
        "select -:a, :b::int[], x->:c",
        &["q | 1a, 2b, 3c | select -$1, $2::int[], x->$3"],
    );
    check_sql(
        "select date 'a:a', 'x' || :type",
        &["q | 1type | select date 'a:a', 'x' || $1"],
    );
}

#[test]
fn slices_are_not_parameters() {
    check_sql(
        "select a[1:n], a[i:j], a[i :j]",
        &["q | select a[1:n], a[i:j], a[i :j]"],
    );
    check_sql(
        "select a[:lo::int], a[:lo : :hi]",
        &["q | 1lo, 2hi | select a[$1::int], a[$1 : $2]"],
    );
    check_sql(
        "select a[f(:x):n], a[b[1]:n]",
        &["q | 1x | select a[f($1):n], a[b[1]:n]"],
    );
    check_sql(
        "select a[1+:x], a[1:(:x)], a[:x]",
        &["q | 1x | select a[1+$1], a[1:($1)], a[$1]"],
    );
    check_sql("select a[\"b\":\"c\"]", &["q | select a[\"b\":\"c\"]"]);
    // A parameter has no columns and is no function.
    check_sql(
        "select a[:t.n], a[:f(:x)], a[:\"t\".n], a[:n]",
        &["q | 1x, 2n | select a[:t.n], a[:f($1)], a[:\"t\".n], a[$2]"],
    );
    check_sql(
        "select array[:a, :b], array[[:a], [:b]]",
        &["q | 1a, 2b | select array[$1, $2], array[[$1], [$2]]"],
    );
    check_sql(
        "select array[case when :a then b else :c end]",
        &["q | 1a, 2c | select array[case when $1 then b else $2 end]"],
    );
    check_sql(
        "select a[case when :a then 1 end:n]",
        &["q | 1a | select a[case when $1 then 1 end:n]"],
    );
    check_sql(
        "select a[:n], a[$1:m], a[1:$1]",
        &["q | 1 | select a[:n], a[$1:m], a[1:$1]"],
    );
}

#[test]
fn modules_are_named_for_files() {
    for (path, module) in [
        ("queries/places.sql", "places"),
        ("findPlaces.v2.sql", "find_places_v2"),
        ("a-b.sql", "a_b"),
        ("2024.sql", "query_2024"),
        ("type.sql", "type"),
    ] {
        assert_eq!(parse(path, "").0.module, module);
    }
}

#[test]
fn server_positions_lead_back_to_the_file() {
    let text = "-- name: q\nselect 'é', :name || x, :name";
    let (file, _) = parse("q.sql", text);
    let query = &file.queries[0];
    for (position, expected) in [
        (1, "select"),
        (9, "é"),
        (13, ":name ||"),
        (16, "|| x"),
        (22, ":name"),
        (99, ""),
        (0, "select"),
    ] {
        let rest = &text[query.file_offset_of_position(position)..];
        assert!(
            rest.starts_with(expected) && (!expected.is_empty() || rest.is_empty()),
            "{position}: {rest}"
        );
    }
}
