//! Checks that settings are valid Rust where necessary, and name existing objects. The lock file has only objects that
//! are used, so names are checked only with a database.

use super::Failure;
use crate::catalog::{Catalog, QualifiedName, TypeKind};
use crate::model::{OpenEnums, Settings, Tables, display, is_named, type_in_full};
use crate::source::did_you_mean;

/// Checks that types, names and derives are valid in the modules.
///
/// # Errors
///
/// For the first that is not.
pub(super) fn check_rust(settings: &Settings) -> Result<(), Failure> {
    for (option, values) in [("types", &settings.types), ("columns", &settings.columns)] {
        for (key, ty) in values {
            let of = format!("[{option}] {key}");
            parsed::<syn::Type>(ty, &of, "a Rust type, such as `crate::Note`")?;
        }
    }
    for (key, name) in &settings.rows {
        parsed::<syn::Ident>(
            name,
            &format!("[rows] {key}"),
            "a name for a struct, such as `Place`",
        )?;
    }
    for path in &settings.derives {
        parsed::<syn::Path>(
            path,
            "derives",
            "the path of a derive, such as `serde::Serialize`",
        )?;
    }
    Ok(())
}

fn parsed<T: syn::parse::Parse>(value: &str, of: &str, wanted: &str) -> Result<(), Failure> {
    match syn::parse_str::<T>(value) {
        Ok(_) => Ok(()),
        Err(_) => Err(Failure::options(format!(
            "`{of}` is `{value}`, which is not {wanted}"
        ))),
    }
}

/// Checks that the objects that the settings name are in the database.
///
/// # Errors
///
/// For the first that is not.
pub(super) fn check_names(settings: &Settings, catalog: &Catalog) -> Result<(), Failure> {
    let tables = match &settings.tables {
        Tables::Named(tables) => tables.as_slice(),
        Tables::Rule(_) => &[],
    };
    let open_enums = match &settings.open_enums {
        OpenEnums::Named(enums) => enums.as_slice(),
        OpenEnums::Rule(_) => &[],
    };
    check_tables("tables", tables.iter(), catalog)?;
    check_types(settings.types.keys(), catalog)?;
    check_tables("[rows]", settings.rows.keys(), catalog)?;
    check_columns("[columns]", settings.columns.keys(), catalog)?;
    check_enums("open_enums", open_enums.iter(), catalog)
}

fn check_types<'s>(
    mut written: impl Iterator<Item = &'s String>,
    catalog: &Catalog,
) -> Result<(), Failure> {
    let is_known = |written: &str| {
        let mut types = catalog.types.iter();
        types.any(|ty| written == ty.display || is_named(&ty.name, written))
    };
    let Some(written) = written.find(|written| !is_known(written)) else {
        return Ok(());
    };
    let full = Some(type_in_full(written)).filter(|full| is_known(full));
    let near = || near(written, catalog.types.iter().map(|ty| &ty.name));
    Err(unknown("[types]", written, "type", full.or_else(near)))
}

fn check_tables<'s>(
    option: &str,
    mut written: impl Iterator<Item = &'s String>,
    catalog: &Catalog,
) -> Result<(), Failure> {
    let known = || catalog.relations.iter().map(|relation| &relation.name);
    match written.find(|written| !known().any(|name| is_named(name, written))) {
        Some(written) => {
            let near = near(written, known());
            Err(unknown(option, written, "table or view", near))
        }
        None => Ok(()),
    }
}

fn check_columns<'s>(
    option: &str,
    mut written: impl Iterator<Item = &'s String>,
    catalog: &Catalog,
) -> Result<(), Failure> {
    let is_known = |written: &str| {
        let (table, column) = written.rsplit_once('.').unwrap_or(("", written));
        let mut relations = catalog.relations.iter();
        relations
            .any(|relation| is_named(&relation.name, table) && relation.column(column).is_some())
    };
    let Some(written) = written.find(|written| !is_known(written)) else {
        return Ok(());
    };
    let known = catalog.relations.iter().flat_map(|relation| {
        let columns = relation.columns.iter();
        columns.map(|column| (&relation.name.name, &column.name))
    });
    let known: Vec<(String, String)> = known
        .map(|(table, column)| (format!("{table}.{column}"), column.clone()))
        .collect();
    let without_table = known.iter().find(|(_, column)| column == written);
    let meant = match without_table {
        Some((full, _)) => Some(full.as_str()),
        None => did_you_mean(written, known.iter().map(|(full, _)| full.as_str())),
    };
    let meant = meant.map(str::to_owned);
    Err(unknown(option, written, "column of a table or view", meant))
}

fn check_enums<'s>(
    option: &str,
    mut written: impl Iterator<Item = &'s String>,
    catalog: &Catalog,
) -> Result<(), Failure> {
    let known = || {
        let types = catalog.types.iter();
        let enums = types.filter(|ty| matches!(ty.kind, TypeKind::Enum { .. }));
        enums.map(|ty| &ty.name)
    };
    let is_known = |written: &String| {
        known().any(|name| {
            [name.to_string(), display(catalog, name), name.name.clone()].contains(written)
        })
    };
    match written.find(|written| !is_known(written)) {
        Some(written) => Err(unknown(option, written, "enum", near(written, known()))),
        None => Ok(()),
    }
}

/// The one of the `known` names that is spelled almost like `written`.
fn near<'n>(written: &str, known: impl Iterator<Item = &'n QualifiedName>) -> Option<String> {
    let known: Vec<String> = known
        .flat_map(|name| [name.name.clone(), name.to_string()])
        .collect();
    did_you_mean(written, known.iter().map(String::as_str)).map(str::to_owned)
}

fn unknown(option: &str, written: &str, what: &str, meant: Option<String>) -> Failure {
    let help = meant.map(|meant| format!("did you mean `{meant}`?"));
    Failure::options(format!("`{option}` names `{written}`, which is no {what}")).help(help)
}
