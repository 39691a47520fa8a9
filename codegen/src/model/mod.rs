//! Decides the Rust side of everything: names, Rust types, the rows that share a struct, and the tables in the `schema`
//! module.
//!
//! A pure function of the catalog, the `.sql` files and the analysis of their queries. It contains no Rust code;
//! [`crate::emit`] writes the code, and decides nothing.

mod app_struct;
mod carried;
mod carrier;
mod comment;
mod contracts;
mod domain;
mod function;
mod homes;
mod known;
mod modules;
mod names;
mod overrides;
mod param;
mod parts;
mod record;
mod report;
mod resolve;
mod row;
mod rust_type;
mod settings;
mod sql_type;
mod table;
mod type_item;
mod used;
mod violations;
mod whole_row;

pub(crate) use app_struct::app_struct;
pub use app_struct::{AppField, AppStruct};
pub use contracts::{Contracts, DomainUse, EnumUse};
pub use domain::Domain;
pub use function::Function;
pub use known::Known;
pub(crate) use known::type_in_full;
pub(crate) use names::identifier;
pub use param::Param;
pub use parts::Sending;
pub use record::Record;
pub(crate) use report::report;
pub use report::{QueryReport, ReportedColumn, ReportedError, ReportedField, ReportedParam};
pub use resolve::display;
pub use row::{ContractColumn, Field, Row, Struct};
pub use rust_type::RustType;
pub use settings::{
    Calendar, DecimalType, Domains, Errors, OpenEnumRule, OpenEnums, Settings, TableRule, Tables,
};
pub use sql_type::{Carried, SqlTypeRef};
pub use table::{ConstraintRef, Table, TableColumn, TableConstraint};
pub(crate) use table::{chosen as chosen_relations, is_named};
pub use type_item::{TypeItem, TypeShape, Variant};
pub(crate) use used::{used_relations, used_types};
pub use violations::{ViolationEnum, ViolationVariant, Violations};

use modules::ModuleNames;
use names::Scope;
use resolve::Resolver;

use crate::analyze::{Analysis, TableViolations};
use crate::catalog::Catalog;
use crate::diagnostics::Diagnostic;
use crate::portable::with_slashes;
use crate::source::SourceFile;

/// Everything that will be generated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// One module for each `.sql` file, sorted by path.
    pub modules: Vec<Module>,
    /// Enums, composites and domains, sorted by name.
    pub types: Vec<TypeItem>,
    /// Structs for whole rows of tables, sorted by name.
    pub rows: Vec<Struct>,
    /// The tables of the `schema` module, sorted by module name.
    pub tables: Vec<Table>,
    /// The domains of the `schema` module, sorted by module name.
    pub domains: Vec<Domain>,
    /// The parts of the schema that queries and structs rely on.
    pub contracts: Contracts,
    /// The derives of generated types besides `Clone` and `Debug`.
    pub derives: Vec<String>,
}

/// The module of a `.sql` file.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// Its path below the generated root, as file names: `["admin", "users"]`.
    pub path: Vec<String>,
    /// The `.sql` file's name for messages.
    pub file: String,
    /// Its queries, in the order of the file.
    pub functions: Vec<Function>,
}

/// A `.sql` file with the analysis of each of its queries.
#[derive(Clone, Copy, Debug)]
pub struct CheckedFile<'a> {
    /// The path of its module, folders first, as on disk.
    pub module: &'a [String],
    /// The file.
    pub file: &'a SourceFile,
    /// One for each query, in order.
    pub analyses: &'a [&'a Analysis],
}

/// Decides the Rust side of `files` and of the chosen tables, whose `violations` are given. The diagnostics can contain
/// errors.
pub fn build(
    catalog: &Catalog,
    violations: &[TableViolations],
    files: &[CheckedFile<'_>],
    settings: &Settings,
) -> (Model, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let analyses = files.iter().flat_map(|file| file.analyses.iter().copied());
    let relations = table::chosen(catalog, analyses.clone(), &settings.tables);
    let (resolver, mut rows) = Resolver::new(catalog, settings, analyses, &relations);
    let mut types = type_item::items(&resolver);
    let mut module_names = ModuleNames::default();
    let mut queries = Vec::new();
    let mut modules: Vec<Module> = files
        .iter()
        .map(|file| {
            let path = module_names.claim(file, &mut diagnostics);
            let mut functions = function::Functions::new(&resolver, file.file, &path, &mut rows);
            for (query, analysis) in file.file.queries.iter().zip(file.analyses) {
                functions.add(query, analysis, &mut diagnostics);
            }
            let functions = functions.finish();
            let names = functions.iter().map(|function| function.statement.clone());
            queries.extend(names.zip(file.analyses.iter().copied()));
            Module {
                functions,
                path,
                file: with_slashes(&file.file.path),
            }
        })
        .collect();
    let functions = modules.iter().flat_map(|module| &module.functions);
    let params = functions.flat_map(|function| &function.params);
    parts::note(params.filter_map(|param| param.parts.as_ref()), &mut types);
    modules.sort_by(|a, b| a.path.cmp(&b.path));
    let violations = match settings.errors {
        Errors::Consts => &[],
        Errors::Enums => violations,
    };
    let mut module_names = Scope::default();
    let tables = table::tables(&resolver, &relations, violations, &mut module_names);
    let domains = domain::domains(catalog, resolver.used.iter(), &mut module_names);
    let model = Model {
        modules,
        contracts: contracts::contracts(catalog, &queries, &tables, &types, &domains),
        types,
        rows: rows.finish(),
        tables,
        domains,
        derives: settings.derives.clone(),
    };
    (model, diagnostics)
}
