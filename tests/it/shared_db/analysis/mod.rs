//! The analysis of hand-written queries, with one table for each rule. The expected text is the cardinality, the
//! columns and, after a bar, the parameters; `?` means that a value can be null, `[?]` that an array's elements can be;
//! braces contain the known fields of a composite.
//!
//! Cases that were once wrong say how. The soundness fuzzer tests universal claims; these tests are also about
//! precision.

mod cases;
mod depth;
mod reading;
mod reasons;

use howdah_codegen::analyze::{Analysis, FieldVerdict};
use howdah_codegen::inspect::inspect;

use super::support::database_with;

/// A query and its expected analysis.
type Case<'a> = (&'a str, &'a str);

/// Judges every query in a database with this schema, and reports all that are judged otherwise than expected.
#[track_caller]
fn check(schema: &str, cases: &[Case<'_>]) {
    let database = database_with(schema);
    let queries: Vec<&str> = cases.iter().map(|(query, _)| *query).collect();
    let answers = inspect(database.url(), &queries).unwrap().answers;
    let wrong = cases
        .iter()
        .zip(answers)
        .filter_map(|((query, expected), answer)| {
            let said = answer.map_or_else(|error| error.to_string(), |a| text(&a));
            (said != *expected)
                .then(|| format!("{query}\n  expected: {expected}\n  said:     {said}"))
        });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn text(analysis: &Analysis) -> String {
    let mut out = analysis.cardinality.to_string();
    for column in &analysis.columns {
        out += &format!(
            " {}",
            marked(&column.name, column.nullable, column.element_nullable)
        );
        out += &fields(&column.fields);
    }
    if !analysis.params.is_empty() {
        out += " |";
    }
    for (number, param) in (1..).zip(&analysis.params) {
        out += &format!(
            " {}",
            marked(
                &format!("${number}"),
                param.nullable,
                param.element_nullable
            )
        );
    }
    out
}

fn marked(name: &str, nullable: bool, element_nullable: bool) -> String {
    let value = if nullable { "?" } else { "" };
    let element = if element_nullable { "[?]" } else { "" };
    format!("{name}{value}{element}")
}

/// What is known of the fields of a composite: their names, marked as columns are, in braces.
fn fields(verdicts: &[FieldVerdict]) -> String {
    if verdicts.is_empty() {
        return String::new();
    }
    let field =
        |f: &FieldVerdict| marked(&f.name, f.nullable, f.element_nullable) + &fields(&f.fields);
    let all: Vec<String> = verdicts.iter().map(field).collect();
    format!("{{{}}}", all.join(" "))
}
