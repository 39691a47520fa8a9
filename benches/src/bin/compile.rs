//! `compile [QUERIES] [ROUNDS]`: how long it takes to compile the functions of an app with this many queries over 100
//! tables: with howdah's generated modules, and with sqlx's macros and their cached files, without a database.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use howdah_benches::app;
use howdah_benches::crates::{Crate, Step};
use howdah_benches::database::prepare;
use howdah_benches::measure::median;
use howdah_benches::peers::Failure;
use howdah_codegen::source::Query;
use howdah_codegen::{Config, Form};

const TABLES: usize = 100;

/// The parameters' names and types.
const PARAMETERS: [(&str, &str); 12] = [
    ("id", "i64"),
    ("code", "&str"),
    ("title", "&str"),
    ("note", "Option<&str>"),
    ("amount", "rust_decimal::Decimal"),
    ("done", "bool"),
    ("count", "i64"),
    ("since", "chrono::DateTime<chrono::Utc>"),
    ("least", "i64"),
    ("codes", "&[&str]"),
    ("tags", "&[&str]"),
    ("after", "i64"),
];

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1).map(|number| number.parse());
    let count: usize = arguments.next().transpose()?.unwrap_or(500);
    let rounds: usize = arguments.next().transpose()?.unwrap_or(5);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/compile");
    fs::create_dir_all(&root)?;
    let schema = root.join("schema.sql");
    fs::write(&schema, app::schema(TABLES))?;
    let database = prepare(&schema.to_string_lossy())?;
    let texts = app::queries(count, TABLES);
    let file = root.join("app.sql");
    fs::write(&file, app::query_file(&texts))?;
    let queries = app::read_queries(&file)?;
    let crates = [
        howdah(&root, &file, &queries, database.url())?,
        sqlx(&root, &queries, database.url())?,
    ];
    println!(
        "{count} queries:\n\n| functions | step | ms CPU | each query |\n| --- | --- | --- | --- |"
    );
    for step in [
        Step::Check,
        Step::CheckAdded,
        Step::CheckChanged,
        Step::Build,
    ] {
        let mut taken = vec![Vec::new(); crates.len()];
        for _ in 0..=rounds {
            for (item, taken) in crates.iter().zip(&mut taken) {
                taken.push(item.compile(step)?.as_secs_f64() * 1e3);
            }
        }
        for (item, taken) in crates.iter().zip(taken) {
            // The first time compiled the dependencies, too.
            let time = median(taken.into_iter().skip(1)).unwrap_or_default();
            let each = time / count as f64;
            println!("| {} | {step} | {time:.0} | {each:.1} |", item.name);
        }
    }
    Ok(())
}

/// The names of a query's parameters.
fn names(query: &Query) -> impl Iterator<Item = &str> {
    query
        .params
        .iter()
        .filter_map(|param| param.name.as_deref())
}

/// A function that runs a query on a pool of this type.
fn function(query: &Query, pool: &str, error: &str, run: &str) -> String {
    let mut parameters = format!("pool: &{pool}");
    for name in names(query) {
        let known = PARAMETERS.iter().find(|(known, _)| *known == name);
        let ty = known.map_or("()", |(_, ty)| ty);
        // Writing to a String cannot fail.
        let _ = write!(parameters, ", {name}: {ty}");
    }
    let name = &query.name.value;
    format!(
        "pub async fn {name}({parameters}) -> Result<(), {error}> {{\n    {run}.await?;\n    Ok(())\n}}\n"
    )
}

fn howdah(root: &Path, file: &Path, queries: &[Query], url: &str) -> Result<Crate, Failure> {
    let generated = root.join("generated");
    let config = Config::new().root(root).queries(file).out_dir(&generated);
    config.form(Form::Single).database_url(url).generate()?;
    let module = generated.join("mod.rs");
    let mut source = format!("pub mod queries {{ include!({module:?}); }}\n");
    for query in queries {
        let arguments: Vec<&str> = names(query).collect();
        let (name, arguments) = (&query.name.value, arguments.join(", "));
        let run = format!("queries::app::{name}({arguments}).fetch(pool)");
        source.push_str(&function(query, "howdah::Pool", "howdah::Error", &run));
    }
    let howdah = format!(
        "howdah = {{ path = {:?} }}",
        concat!(env!("CARGO_MANIFEST_DIR"), "/../core")
    );
    let item = Crate::write(root, "howdah", &format!("{howdah}\n{DECIMAL}"), &source)?;
    Ok(item.with_changed(module, in_the_middle(queries)))
}

fn sqlx(root: &Path, queries: &[Query], url: &str) -> Result<Crate, Failure> {
    let mut source = String::new();
    for query in queries {
        let sql = format!("{:?}", query.sql);
        let arguments: Vec<&str> = std::iter::once(&*sql).chain(names(query)).collect();
        let run = format!("sqlx::query!({}).fetch_all(pool)", arguments.join(", "));
        // sqlx takes arrays of texts in this form.
        let function = function(query, "sqlx::PgPool", "sqlx::Error", &run);
        source.push_str(&function.replace("&[&str]", "&[String]"));
    }
    let sqlx = "sqlx = { version = \"0.9\", default-features = false, features = [\"runtime-tokio\", \"postgres\", \
                \"macros\", \"chrono\", \"json\", \"rust_decimal\"] }";
    let item = Crate::write(root, "sqlx", &format!("{sqlx}\n{DECIMAL}"), &source)?;
    // The macros cache the database's answers in this folder.
    let kept = item.folder().join(".sqlx");
    fs::create_dir_all(&kept)?;
    item.compile_with(
        Step::Check,
        &[
            ("DATABASE_URL", url),
            ("SQLX_OFFLINE_DIR", &kept.to_string_lossy()),
        ],
    )?;
    fs::write(item.folder().join(".env"), "SQLX_OFFLINE=true\n")?;
    let source = item.folder().join("src/lib.rs");
    Ok(item.with_changed(source, in_the_middle(queries)))
}

/// The function of the query that is changed.
fn in_the_middle(queries: &[Query]) -> String {
    let query = &queries[queries.len() / 2];
    format!("{}(", query.name.value)
}

const DECIMAL: &str = "rust_decimal = \"1\"";
