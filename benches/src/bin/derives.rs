//! `derives [STRUCTS] [ROUNDS]`: how long it takes to compile structs with howdah's derives, and the same structs with
//! diesel's and sqlx's. The table definitions of each are compiled as well, and also in crates without derives, to
//! measure them separately.

use std::fs;
use std::path::Path;

use howdah_benches::crates::{Crate, Step};
use howdah_benches::database::prepare;
use howdah_benches::derives::{sql, tables};
use howdah_benches::measure::median;
use howdah_benches::peers::Failure;
use howdah_codegen::Config;

/// howdah's derives, each added to those before it.
const DERIVES: [&str; 4] = ["PgRow", "PgSelect", "PgInsert", "PgUpdate"];

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1).map(|number| number.parse());
    let count: usize = arguments.next().transpose()?.unwrap_or(100);
    let rounds: usize = arguments.next().transpose()?.unwrap_or(5);
    let crates = crates(count)?;
    for item in &crates {
        // The first time compiles the dependencies, too.
        item.compile(Step::Check)?;
        item.compile(Step::Build)?;
    }
    let mut taken = vec![[Vec::new(), Vec::new()]; crates.len()];
    for _ in 0..rounds {
        for (item, taken) in crates.iter().zip(&mut taken) {
            for (step, taken) in [Step::Check, Step::Build].into_iter().zip(taken) {
                taken.push(item.compile(step)?.as_secs_f64() * 1e3);
            }
        }
    }
    println!("{count} structs, median of {rounds} rounds:\n");
    println!(
        "| crate | check, ms CPU | each struct | build, ms CPU | each struct |\n| --- | --- | --- | --- | --- |"
    );
    let times = taken
        .into_iter()
        .map(|times| times.map(|times| median(times.into_iter()).unwrap_or_default()));
    let times: Vec<[f64; 2]> = times.collect();
    let [base_check, base_build] = times[0];
    for (item, [check, build]) in crates.iter().zip(times) {
        let each = |time: f64, base: f64| (time - base) / count as f64;
        println!(
            "| {} | {check:.0} | {:.1} | {build:.0} | {:.1} |",
            item.name,
            each(check, base_check),
            each(build, base_build),
        );
    }
    Ok(())
}

fn crates(count: usize) -> Result<Vec<Crate>, Failure> {
    let tables = tables(count);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/derives");
    let all = |before: &dyn Fn(String) -> String| -> String {
        tables
            .iter()
            .map(|table| table.structure(&before(table.name())))
            .collect()
    };
    let plain = all(&|_| "#[derive(Clone, Debug)]".to_owned());
    let mut crates = vec![Crate::write(&root, "structs alone", "", &plain)?];

    let (howdah, schema) = howdah(&root, count, &sql(&tables))?;
    let library = format!(
        "howdah = {{ path = {:?} }}",
        concat!(env!("CARGO_MANIFEST_DIR"), "/../core")
    );
    let modules =
        format!("#![allow(missing_docs)]\npub mod queries {{ pub mod schema {{\n{schema}\n}} }}\n");
    let bare = format!("{modules}{plain}");
    crates.push(Crate::write(&root, "howdah: tables", &library, &bare)?);
    for some in 1..=DERIVES.len() {
        let name = format!("howdah: {}", DERIVES[..some].join(", "));
        let left = DERIVES[some..].iter().fold(howdah.clone(), |text, derive| {
            text.replace(&format!(", howdah::{derive}"), "")
        });
        crates.push(Crate::write(
            &root,
            &name,
            &library,
            &format!("{modules}{left}"),
        )?);
    }

    let library = "diesel = { version = \"2.3\", default-features = false, features = [\"postgres_backend\", \
                   \"chrono\", \"serde_json\", \"64-column-tables\"] }";
    let definitions: String = tables.iter().map(|table| table.diesel()).collect();
    crates.push(Crate::write(
        &root,
        "diesel: tables",
        library,
        &format!("{definitions}{plain}"),
    )?);
    let derived = all(&|name| {
        format!(
            "#[derive(Clone, Debug, diesel::Queryable, diesel::Selectable, diesel::Insertable, diesel::AsChangeset, \
             diesel::Identifiable)]\n#[diesel(table_name = {name})]"
        )
    });
    let name = "diesel: Queryable, Selectable, Insertable, AsChangeset, Identifiable";
    crates.push(Crate::write(
        &root,
        name,
        library,
        &format!("{definitions}{derived}"),
    )?);

    let library = "sqlx = { version = \"0.9\", default-features = false, features = [\"postgres\", \"macros\", \
                   \"chrono\", \"json\"] }";
    let derived = all(&|_| "#[derive(Clone, Debug, sqlx::FromRow)]".to_owned());
    crates.push(Crate::write(&root, "sqlx: FromRow", library, &derived)?);
    Ok(crates)
}

/// The structs that `howdah derive` prints for the tables, and the `schema` module.
fn howdah(root: &Path, count: usize, sql: &str) -> Result<(String, String), Failure> {
    let folder = root.join("generated");
    fs::create_dir_all(folder.join("queries"))?;
    fs::write(folder.join("schema.sql"), sql)?;
    let database = prepare(&folder.join("schema.sql").to_string_lossy())?;
    let config = Config::new()
        .root(&folder)
        .all_tables()
        .database_url(database.url());
    config.generate()?;
    let names: Vec<String> = (0..count).map(|number| format!("t{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let structs = howdah_codegen::structs(&config, &names)?;
    let schema = fs::read_to_string(folder.join("src/queries/schema.rs"))?;
    // Inner documentation is not allowed in the middle of a file.
    let schema: Vec<&str> = schema
        .lines()
        .filter(|line| !line.starts_with("//!"))
        .collect();
    Ok((structs, schema.join("\n")))
}
