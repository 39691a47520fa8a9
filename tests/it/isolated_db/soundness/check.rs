//! Compares the analysis of a query with its result, and minimizes a case that fails.

use howdah_codegen::analyze::{Analysis, FieldVerdict};
use howdah_codegen::cardinality::Cardinality;

use super::random::Random;
use super::schema::Definition;
use super::server::{Bench, Cell, Outcome, Role, Value, array_elements, fields};
use super::sql::Sql;
use super::types::Type;

/// A query that the server has accepted.
pub(super) struct Case {
    pub(super) sql: Sql,
    pub(super) text: String,
    pub(super) params: Vec<Type>,
    pub(super) analysis: Analysis,
}

/// Where a result contradicts the analysis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Violation {
    /// A null in a column, counted from 0, that is called not null.
    Null(usize),
    /// A null in an array whose elements are called not null.
    NullElement(usize),
    /// A null in a field of a composite, or of an array's composites, that is called not null.
    NullField(usize),
    /// Another number of rows.
    Rows(usize),
}

impl Violation {
    fn kind(&self) -> u8 {
        match self {
            Self::Null(_) => 0,
            Self::NullElement(_) => 1,
            Self::Rows(_) => 2,
            Self::NullField(_) => 3,
        }
    }

    /// The violation with what the analysis had said.
    pub(super) fn describe(&self, analysis: &Analysis) -> String {
        match self {
            Self::Null(place) => {
                let reason = &analysis.columns[*place].reason.text;
                format!(
                    "column {} is null, but was called not null: {reason}",
                    place + 1
                )
            }
            Self::NullElement(place) => {
                format!(
                    "column {} has a null element, but was called to have none",
                    place + 1
                )
            }
            Self::NullField(place) => {
                format!(
                    "column {} has a null in a field that was called not null",
                    place + 1
                )
            }
            Self::Rows(count) => format!(
                "{count} rows, but was called `{}`: {}",
                analysis.cardinality, analysis.cardinality_reason.text
            ),
        }
    }
}

/// The contradiction between the rows and the analysis, if there is one.
pub(super) fn contradiction(analysis: &Analysis, rows: &[Vec<Cell>]) -> Option<Violation> {
    for row in rows {
        for (place, (cell, column)) in row.iter().zip(&analysis.columns).enumerate() {
            if cell.is_null && !column.nullable {
                return Some(Violation::Null(place));
            }
            if cell.has_null_element && !column.element_nullable {
                return Some(Violation::NullElement(place));
            }
            if !cell.is_null && has_null_field(&cell.raw, cell.is_array, &column.fields) {
                return Some(Violation::NullField(place));
            }
        }
    }
    let fits = match analysis.cardinality {
        Cardinality::One => rows.len() == 1,
        Cardinality::Opt => rows.len() <= 1,
        Cardinality::Many | Cardinality::Exec => true,
    };
    (!fits).then_some(Violation::Rows(rows.len()))
}

/// Whether a composite value, or one in an array, has a null where the verdicts on its fields say that there is none.
fn has_null_field(raw: &[u8], is_array: bool, verdicts: &[FieldVerdict]) -> bool {
    if verdicts.is_empty() {
        return false;
    }
    if is_array {
        let elements = array_elements(raw).unwrap();
        let mut elements = elements.into_iter().flatten();
        return elements.any(|element| has_null_field(element, false, verdicts));
    }
    let fields = fields(raw).unwrap();
    assert_eq!(fields.len(), verdicts.len());
    fields.into_iter().zip(verdicts).any(|(field, verdict)| {
        let Some(field) = field else {
            return !verdict.nullable;
        };
        let is_array = verdict.ty.name.starts_with('_');
        let has_null_element = || array_elements(field).unwrap().iter().any(Option::is_none);
        (is_array && !verdict.element_nullable && has_null_element())
            || has_null_field(field, is_array, &verdict.fields)
    })
}

/// Values for the parameters: null only where the analysis says that it may be.
pub(super) fn values(random: &mut Random, case: &Case) -> Vec<Value> {
    let verdicts = case.params.iter().zip(&case.analysis.params);
    verdicts
        .map(
            |(ty, verdict)| match verdict.nullable && random.chance(50) {
                true => Value(None),
                false => Value(Some(ty.value(random, verdict.element_nullable))),
            },
        )
        .collect()
}

/// The queries that the server accepts, analysed.
pub(super) fn cases(bench: &Bench, role: Role, queries: Vec<Sql>) -> Vec<Case> {
    bench.become_role(role);
    let rendered: Vec<(String, Vec<Type>)> = queries.iter().map(Sql::render).collect();
    let texts: Vec<&str> = rendered.iter().map(|(text, _)| text.as_str()).collect();
    let inspection = bench.inspect(role, &texts);
    assert!(!inspection.trees_withheld);
    let answers = queries.into_iter().zip(rendered).zip(inspection.answers);
    answers
        .filter_map(|((sql, (text, params)), answer)| {
            let analysis = answer.ok()?;
            bench.accepts(&text).then_some(Case {
                sql,
                text,
                params,
                analysis,
            })
        })
        .collect()
}

/// A case that fails, in the smallest form that was found.
pub(super) fn minimize(
    (bench, role): (&Bench, Role),
    mut definitions: Vec<Definition>,
    mut rows: Vec<String>,
    case: &Case,
    violation: &Violation,
    judge: fn(&Analysis, &[Vec<Cell>]) -> Option<Violation>,
) -> String {
    let fails = |case: &Case| {
        let mut random = Random::new(0);
        // Not every try binds the values, or throws the dice, that it takes.
        (0..12).find_map(|_| {
            let values = values(&mut random, case);
            let Outcome::Rows(rows) = bench.rows(&case.text, &values) else {
                return None;
            };
            let found = judge(&case.analysis, &rows)?;
            (found.kind() == violation.kind()).then_some((found, values))
        })
    };
    bench.build(&definitions);
    bench.fill(&definitions, &rows);
    let mut smallest = case.sql.clone();
    loop {
        let mut candidates = smallest.smaller();
        let length = smallest.render().0.len();
        candidates.retain(|c| c.render().0.len() < length);
        candidates.sort_by_key(|c| c.render().0.len());
        let mut found = None;
        while found.is_none() && !candidates.is_empty() {
            let rest = candidates.split_off(candidates.len().min(40));
            found = cases(bench, role, candidates)
                .into_iter()
                .find(|c| fails(c).is_some());
            candidates = rest;
        }
        match found {
            Some(case) => smallest = case.sql,
            None => break,
        }
    }
    let again = |definitions: &[Definition], rows: &[String]| {
        let built = bench.build(definitions);
        bench.fill(&built, rows);
        cases(bench, role, vec![smallest.clone()])
            .pop()
            .filter(|case| fails(case).is_some())
    };
    let mut place = definitions.len();
    while place > 0 {
        place -= 1;
        let mut fewer = definitions.clone();
        fewer.remove(place);
        if again(&fewer, &rows).is_some() {
            definitions = fewer;
        }
    }
    let mut place = rows.len();
    while place > 0 {
        place -= 1;
        let mut fewer = rows.clone();
        fewer.remove(place);
        if again(&definitions, &fewer).is_some() {
            rows = fewer;
        }
    }
    let Some(case) = again(&definitions, &rows) else {
        return format!("does not fail again: {}\n{violation:?}", case.text);
    };
    let outcome = fails(&case).map_or_else(String::new, |(found, values)| {
        let values: Vec<&str> = values
            .iter()
            .map(|v| v.0.as_deref().unwrap_or("null"))
            .collect();
        format!(
            "-- {}\n-- parameters: {values:?}",
            found.describe(&case.analysis)
        )
    });
    let schema: Vec<&str> = definitions.iter().map(|d| d.sql.as_str()).collect();
    format!(
        "{};\n{};\n{};\n{outcome}",
        schema.join(";\n"),
        rows.join(";\n"),
        case.text
    )
}
