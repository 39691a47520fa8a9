//! The structs and modules that `tests/tables` compiles are those that `howdah derive` and `howdah generate` write for
//! its schema.
//!
//! `BLESS=1 cargo test -p howdah-tests tables` writes the current results.

use std::path::Path;
use std::{env, fs};

use howdah::{Pool, Value};
use howdah_codegen::Config;
use howdah_codegen::scratch::Server;

/// All tables and views but partitions, as `howdah derive` is asked for them.
const TABLES: &str = "
    select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm') and nspname not in ('pg_catalog', 'information_schema') and not relispartition
    order by 1";

#[tokio::test]
async fn structs_for_tables_of_every_kind_are_as_they_were() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tables");
    let database = Server::shared().unwrap().database().unwrap();
    let pool = Pool::connect(database.url()).await.unwrap();
    let schema = fs::read_to_string(root.join("schema.sql")).unwrap();
    pool.batch_execute(&schema).await.unwrap();
    let tables = howdah::query(TABLES)
        .fetch_all::<Value<String>>(&pool)
        .await
        .unwrap();

    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("queries")).unwrap();
    let config = Config::new()
        .root(folder.path())
        .all_tables()
        .database_url(database.url());
    let modules = root.join("src/queries");
    let lock = folder.path().join("howdah.lock");
    let generated = config.clone().out_dir(&modules).lock(&lock);
    let structs = root.join("src/structs.rs");
    let (outcome, printed) = tokio::task::spawn_blocking(move || {
        let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
        let printed = howdah_codegen::structs(&config, &tables).unwrap();
        if env::var_os("BLESS").is_some() {
            generated.generate().unwrap();
        }
        (generated.check().unwrap(), printed)
    })
    .await
    .unwrap();
    if env::var_os("BLESS").is_some() {
        fs::write(&structs, &printed).unwrap();
    }
    let wrong: Vec<_> = outcome
        .changed()
        .into_iter()
        .filter(|path| **path != lock)
        .collect();
    assert!(wrong.is_empty(), "{}\nBLESS=1 accepts this", outcome.diff());
    let before = fs::read_to_string(&structs).unwrap();
    assert!(
        before == printed,
        "{} is not what is printed now\nBLESS=1 accepts this",
        structs.display()
    );
}
