//! `compile [QUERIES] [ROUNDS]`: what it takes to compile the functions of an app that runs so many queries over 100 tables:
//! with howdah's generated modules, and with sqlx's macros from what they keep for compiling without a database.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use howdah_benches::app;
use howdah_benches::crates::{Crate, Step};
use howdah_benches::database::prepare;
use howdah_benches::measure::median;
use howdah_benches::peers::Failure;
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
    let queries: Vec<Query> = app::queries(count, TABLES)
        .into_iter()
        .map(Query::new)
        .collect();
    let crates = [
        howdah(&root, &queries, database.url())?,
        sqlx(&root, &queries, database.url())?,
    ];
    println!(
        "{count} queries:\n\n| functions | step | ms CPU | each query |\n| --- | --- | --- | --- |"
    );
    for step in [Step::Check, Step::CheckAgain, Step::Build] {
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

/// A query with its parameters.
struct Query {
    sql: String,
    /// In the order in which they come up.
    parameters: Vec<(&'static str, &'static str)>,
}

impl Query {
    fn new(sql: String) -> Self {
        let mut found: Vec<_> = PARAMETERS
            .into_iter()
            .filter_map(|(name, ty)| Some((place(&sql, name)?, (name, ty))))
            .collect();
        found.sort_unstable();
        let parameters = found.into_iter().map(|(_, parameter)| parameter).collect();
        Self { sql, parameters }
    }

    /// With `$1` for the first parameter.
    fn numbered(&self) -> String {
        let numbered = self.parameters.iter().enumerate();
        numbered.fold(self.sql.clone(), |mut sql, (at, (name, _))| {
            while let Some(start) = place(&sql, name) {
                sql.replace_range(start..=start + name.len(), &format!("${}", at + 1));
            }
            sql
        })
    }

    /// A function that runs the query on a pool of this type.
    fn function(&self, number: usize, pool: &str, error: &str, run: &str) -> String {
        let mut parameters = format!("pool: &{pool}");
        for (name, ty) in &self.parameters {
            // Writing to a String cannot fail.
            let _ = write!(parameters, ", {name}: {ty}");
        }
        format!(
            "pub async fn query_{number}({parameters}) -> Result<(), {error}> {{\n    {run}.await?;\n    Ok(())\n}}\n"
        )
    }

    /// The parameters' names, separated.
    fn arguments(&self) -> String {
        let names: Vec<&str> = self.parameters.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }
}

/// Where `:name` is, as a whole word.
fn place(sql: &str, name: &str) -> Option<usize> {
    let word = format!(":{name}");
    let mut places = sql.match_indices(&word).map(|(place, _)| place);
    places.find(|place| {
        let after = sql[place + word.len()..].chars().next();
        !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

fn howdah(root: &Path, queries: &[Query], url: &str) -> Result<Crate, Failure> {
    let (file, generated) = (root.join("app.sql"), root.join("generated"));
    let texts: Vec<String> = queries.iter().map(|query| query.sql.clone()).collect();
    fs::write(&file, app::query_file(&texts))?;
    let config = Config::new().root(root).queries(&file).out_dir(&generated);
    config.form(Form::Single).database_url(url).generate()?;
    let module = generated.join("mod.rs");
    let mut source = format!("pub mod queries {{ include!({module:?}); }}\n");
    for (number, query) in queries.iter().enumerate() {
        let arguments = query.arguments();
        let run = format!("queries::app::query_{number}({arguments}).fetch(pool)");
        source.push_str(&query.function(number, "howdah::Pool", "howdah::Error", &run));
    }
    let howdah = format!(
        "howdah = {{ path = {:?} }}",
        concat!(env!("CARGO_MANIFEST_DIR"), "/../core")
    );
    Crate::write(root, "howdah", &format!("{howdah}\n{DECIMAL}"), &source)
}

fn sqlx(root: &Path, queries: &[Query], url: &str) -> Result<Crate, Failure> {
    let mut source = String::new();
    for (number, query) in queries.iter().enumerate() {
        let mut run = format!("sqlx::query!(\"{}\"", query.numbered());
        if !query.parameters.is_empty() {
            run.push_str(", ");
        }
        run.push_str(&query.arguments());
        run.push_str(").fetch_all(pool)");
        // It wants its arrays of texts so.
        let function = query.function(number, "sqlx::PgPool", "sqlx::Error", &run);
        source.push_str(&function.replace("&[&str]", "&[String]"));
    }
    let sqlx = "sqlx = { version = \"0.9\", default-features = false, features = [\"runtime-tokio\", \"postgres\", \
                \"macros\", \"chrono\", \"json\", \"rust_decimal\"] }";
    let item = Crate::write(root, "sqlx", &format!("{sqlx}\n{DECIMAL}"), &source)?;
    // What the macros ask the database is kept when they know where.
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
    Ok(item)
}

const DECIMAL: &str = "rust_decimal = \"1\"";
