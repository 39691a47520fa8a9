//! The structs, a database with their tables, and values to put there.

use std::error::Error;
use std::fs;
use std::path::Path;

use howdah::{Box2d, Box3d, PgInsert, PgRow, PgSelect, PgUpdate, Pool, Value, query};
use howdah_codegen::scratch::{Database, Server};
use howdah_generated_tests::golden::types_text_only_tables::{schema, types};

pub(crate) use types::Frame;

/// A row with an array among its columns.
#[derive(Clone, Debug, PartialEq, PgRow, PgSelect, PgInsert, PgUpdate)]
#[pg(table = schema::maps)]
pub(crate) struct Map {
    #[pg(key)]
    pub(crate) id: i32,
    pub(crate) bounds: Box2d,
    pub(crate) room: Option<Box3d>,
    pub(crate) scan: Option<Vec<u8>>,
    pub(crate) around: Option<Frame>,
    pub(crate) tiles: Vec<Option<Box2d>>,
    pub(crate) length: Option<String>,
    pub(crate) owner: String,
}

/// A row without arrays.
#[derive(Clone, Debug, PartialEq, PgRow, PgSelect, PgInsert, PgUpdate)]
#[pg(table = schema::sheets)]
pub(crate) struct Sheet {
    #[pg(key)]
    pub(crate) id: i32,
    pub(crate) bounds: Option<Box2d>,
    pub(crate) room: Option<Box3d>,
    pub(crate) scan: Option<Vec<u8>>,
    pub(crate) around: Option<Frame>,
    pub(crate) length: Option<String>,
    pub(crate) owner: Option<String>,
}

/// A row whose key is of such a type.
#[derive(Clone, Debug, PartialEq, PgRow, PgSelect, PgInsert, PgUpdate)]
#[pg(table = schema::spans)]
pub(crate) struct Span {
    #[pg(key)]
    pub(crate) at: String,
    pub(crate) note: Option<String>,
    pub(crate) owners: Option<Vec<Option<String>>>,
    pub(crate) scans: Option<Vec<Option<Vec<u8>>>>,
    pub(crate) lots: Option<Vec<Option<Frame>>>,
    #[pg(version)]
    pub(crate) version: i32,
}

/// The same without arrays.
#[derive(Clone, Debug, PartialEq, PgRow, PgSelect, PgInsert, PgUpdate)]
#[pg(table = schema::spans)]
pub(crate) struct Note {
    #[pg(key)]
    pub(crate) at: String,
    pub(crate) note: Option<String>,
    #[pg(version)]
    pub(crate) version: i32,
}

/// A row with composites of such values, which can be read.
#[derive(Clone, Debug, PgRow, PgSelect)]
#[pg(table = schema::journeys)]
pub(crate) struct Trip {
    #[pg(key)]
    pub(crate) id: i32,
    pub(crate) whole: Option<types::Journey>,
    pub(crate) more: Vec<Option<types::Journey>>,
    pub(crate) longest: Option<types::LongStay>,
}

pub(crate) async fn pool() -> Result<(Pool, Database), Box<dyn Error>> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/types/text_only_tables");
    let schema = fs::read_to_string(golden.join("schema.sql"))?;
    let database = Server::shared()?.database()?;
    let pool = Pool::connect(database.url()).await?;
    pool.batch_execute(&schema).await?;
    Ok((pool, database))
}

/// A box that begins here.
pub(crate) fn area(x: f64) -> Box2d {
    Box2d {
        min: [x, 0.300_000_000_000_000_04],
        max: [x + 1.0 / 3.0, 1e300],
    }
}

/// A raster, and an item of an access control list.
pub(crate) async fn server_values(pool: &Pool) -> Result<(Vec<u8>, String), howdah::Error> {
    let scan =
        query("select st_asraster(st_buffer('POINT(1 1)'::geometry, 1), 3, 5, '32BF', 0.1)::bytea");
    let scan = scan.fetch_one::<Value<_>>(pool).await?;
    let owner = query("select current_user || '=r*/' || current_user");
    Ok((scan, owner.fetch_one::<Value<_>>(pool).await?))
}

/// A row with something in each column, and one with nothing wherever that can be.
pub(crate) async fn maps(pool: &Pool) -> Result<[Map; 2], howdah::Error> {
    let (scan, owner) = server_values(pool).await?;
    let full = Map {
        id: 1,
        bounds: area(0.1),
        room: Some(Box3d {
            min: [f64::MIN_POSITIVE, -0.7, 1.0 / 3.0],
            max: [0.1 + 0.2, 0.0, f64::MAX],
        }),
        scan: Some(scan),
        around: Some(Frame(area(-7.0))),
        tiles: vec![Some(area(1.0)), None, Some(area(2.0))],
        length: Some("0.1 .. 2.50".to_owned()),
        owner: owner.clone(),
    };
    let empty = Map {
        id: 2,
        bounds: area(5.0),
        room: None,
        scan: None,
        around: None,
        tiles: vec![],
        length: None,
        owner,
    };
    Ok([full, empty])
}

/// The same without the array.
pub(crate) async fn sheets(pool: &Pool) -> Result<[Sheet; 2], howdah::Error> {
    let [full, empty] = maps(pool).await?;
    let full = Sheet {
        id: full.id,
        bounds: Some(full.bounds),
        room: full.room,
        scan: full.scan,
        around: full.around,
        length: full.length,
        owner: Some(full.owner),
    };
    let empty = Sheet {
        id: empty.id,
        bounds: None,
        room: None,
        scan: None,
        around: None,
        length: None,
        owner: None,
    };
    Ok([full, empty])
}

/// A row with this key.
pub(crate) fn span(at: &str) -> Span {
    Span {
        at: at.to_owned(),
        note: None,
        owners: None,
        scans: None,
        lots: None,
        version: 1,
    }
}
