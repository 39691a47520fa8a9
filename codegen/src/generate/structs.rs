//! `howdah derive`: a struct for the rows of each table, to be pasted into the app.

use super::checked::check_queries;
use super::files::InputFile;
use super::{Failure, has_errors};
use crate::catalog::{Catalog, QualifiedName, Relation, always_quoted};
use crate::config::{Config, Source};
use crate::{emit, model, source};

/// Writes structs for the rows of `tables` as Rust source, with derives, keys and documentation.
///
/// Name a table as `places`, to be found by the search path, or as `public.places`. Names are case-sensitive; those with dots
/// are in double quotes, as in SQL. The compiler
/// compares the structs with the generated `schema` module, so the tables must be in that module.
///
/// ```no_run
/// use howdah_codegen::Config;
///
/// let config = Config::from_file("howdah.toml")?;
/// println!("{}", howdah_codegen::structs(&config, &["places"])?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// There is no database to ask (the lock file is not enough), or a table does not exist.
pub fn structs(config: &Config, tables: &[&str]) -> Result<String, Failure> {
    if config.source == Source::Lock {
        let help = "give --database-url, --schema or --migrations".to_owned();
        return Err(Failure::options("the lock file does not hold whole tables").help(help));
    }
    let mut text = String::new();
    for (number, table) in tables.iter().enumerate() {
        let parts: Vec<String> = parts(table)
            .iter()
            .map(|part| always_quoted(part))
            .collect();
        text.push_str(&format!(
            "-- name: table_{number}\nselect * from {};\n",
            parts.join(".")
        ));
    }
    let (file, _) = source::parse("tables", text);
    let files = [InputFile {
        module: Vec::new(),
        file,
    }];
    let mut diagnostics = Vec::new();
    let checked = check_queries(config, &files, &mut diagnostics)?;
    if has_errors(&diagnostics) {
        // They are about names that were given, and not about a file that anybody has.
        for diagnostic in &mut diagnostics {
            diagnostic.path = None;
        }
        return Err(Failure::values(diagnostics));
    }
    let root = config.module_path();
    let file = &files[0].file;
    let answers = checked.answers.iter().flatten().flatten();
    let mut structs = Vec::new();
    for ((query, analysis), table) in file.queries.iter().zip(answers).zip(tables) {
        let catalog = &checked.catalog;
        let relation = relation(catalog, table).ok_or_else(|| {
            Failure::options(format!("`{table}` is no table of the database's own"))
        })?;
        if relation.columns.is_empty() {
            let message = format!("`{table}` has no columns, of which a struct could have fields");
            return Err(Failure::options(message));
        }
        let settings = &config.settings;
        let item = model::app_struct(catalog, settings, relation, file, query, analysis);
        structs.push(item);
    }
    Ok(emit::app_structs(&structs, &config.settings, &root))
}

/// The relation with the name `name` or `schema.name`.
fn relation<'c>(catalog: &'c Catalog, written: &str) -> Option<&'c Relation> {
    match parts(written).as_slice() {
        [name] => {
            let mut schemas = catalog.search_path.iter();
            schemas.find_map(|schema| catalog.relation(&QualifiedName::new(schema, name)))
        }
        [schema, name] => catalog.relation(&QualifiedName::new(schema, name)),
        _ => None,
    }
}

/// The names between the dots, without double quotes.
fn parts(written: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    let mut chars = written.chars().peekable();
    while let Some(c) = chars.next() {
        let last = parts.len() - 1;
        match c {
            '"' if is_quoted && chars.next_if_eq(&'"').is_some() => parts[last].push('"'),
            '"' if is_quoted || parts[last].is_empty() => is_quoted = !is_quoted,
            '.' if !is_quoted => parts.push(String::new()),
            c => parts[last].push(c),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_name_in_quotes_may_hold_anything() {
        assert_eq!(parts("places"), ["places"]);
        assert_eq!(parts("app.Order"), ["app", "Order"]);
        assert_eq!(parts(r#""My App"."a.b""#), ["My App", "a.b"]);
        assert_eq!(parts(r#"app."say ""no""""#), ["app", r#"say "no""#]);
        assert_eq!(parts(r#"6" nails"#), [r#"6" nails"#]);
    }
}
