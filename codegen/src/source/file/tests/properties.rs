//! Properties of any text: only parameters change, and every offset maps back to its origin.

use proptest::prelude::*;

use crate::source::{Param, Query, Severity, parse};

/// SQL from pieces that make parameters hard to recognize.
fn sql() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        ":a", ":b", ":größe", "::int", ":=", "[", "]", "(", ")", ",", " ", "\r\n", "x", "1",
        "'é:a'", "$$:b$$", "\"🐘\"", "-- :a\n", "/* :b */", "array", "when ", "+", "E'\\':a'", ":",
    ]);
    prop::collection::vec(piece, 1..30).prop_map(|pieces| format!("select {}", pieces.concat()))
}

proptest! {
    #[test]
    fn only_parameters_change(sql in sql()) {
        let text = format!("-- name: q\n-- Doc.\n{sql};\n");
        let (file, errors) = parse("q.sql", text.as_str());
        let errors: Vec<_> = errors.into_iter().filter(|e| e.severity == Severity::Error).collect();
        prop_assert!(errors.is_empty() || file.queries.is_empty() || errors.iter().all(|e| e.message.contains("directive")), "{errors:?}");
        for query in &file.queries {
            assert_maps(&text, query)?;
        }
    }

    #[test]
    fn any_text_can_be_parsed(bytes in prop::collection::vec(any::<u8>(), 0..100), sql in sql()) {
        let (file, errors) = parse("q.sql", format!("{}\n-- name: q\n{sql}", String::from_utf8_lossy(&bytes)));
        for error in errors {
            prop_assert!(file.text.get(error.span).is_some());
        }
    }
}

/// Compares SQL and file: parameters must be where the numbers are, and everything else must be the same.
fn assert_maps(text: &str, query: &Query) -> Result<(), TestCaseError> {
    let mut uses: Vec<(usize, &Param, usize)> = query
        .params
        .iter()
        .flat_map(|param| {
            param
                .spans
                .iter()
                .map(move |span| (span.start, param, span.end))
        })
        .collect();
    uses.sort_by_key(|&(start, ..)| start);
    let mut uses = uses.into_iter().peekable();
    let mut in_sql = 0;
    let mut in_file = query.file_offset(0);
    while in_sql < query.sql.len() {
        prop_assert_eq!(query.file_offset(in_sql), in_file);
        let Some((_, param, end)) = uses.next_if(|&(start, ..)| start == in_file) else {
            prop_assert_eq!(query.sql.as_bytes()[in_sql], text.as_bytes()[in_file]);
            in_sql += 1;
            in_file += 1;
            continue;
        };
        let number = format!("${}", param.number);
        let rest = &query.sql[in_sql..];
        let space = rest.len() - rest.trim_start_matches(' ').len();
        prop_assert!(space <= 1 && rest[space..].starts_with(&number), "{}", rest);
        in_sql += space + number.len();
        in_file = end;
    }
    prop_assert!(uses.next().is_none());
    prop_assert_eq!(in_file, query.span.end);
    Ok(())
}
