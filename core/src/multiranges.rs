//! The bounds of multiranges that a user made. The driver looks up what every other type is made of, but takes these for
//! simple types, so that a session asks for them itself: once for each type, and never for the types of well-known
//! extensions.

use std::collections::HashMap;

use postgres_types::{Field, Kind, Type};
use tokio_postgres::{Client, Statement};

/// Simple types that are no multiranges, though PostgreSQL does not bring them.
const EXTENSIONS: &[&str] = &[
    "citext",
    "cube",
    "geography",
    "geometry",
    "halfvec",
    "hstore",
    "lquery",
    "ltree",
    "ltxtquery",
    "raster",
    "sparsevec",
    "vector",
];

/// The bounds' type by the number of the multirange; nothing for a type that is none.
pub(crate) type Bounds = HashMap<u32, Option<Type>>;

/// Asks for the bounds of those types of the statement that may be multiranges and are not known yet.
pub(crate) async fn look_up(
    client: &Client,
    statement: &Statement,
    known: &Bounds,
) -> Result<Bounds, tokio_postgres::Error> {
    let mut unknown = Vec::new();
    let columns = statement.columns().iter().map(|column| column.type_());
    for ty in statement.params().iter().chain(columns) {
        collect(ty, known, &mut unknown);
    }
    let mut found = Bounds::new();
    while let Some(oid) = unknown.pop() {
        let bound = bounds(client, oid).await?;
        found.insert(oid, bound.clone());
        // The bounds may be multiranges too.
        if let Some(bound) = &bound {
            collect(bound, &found, &mut unknown);
        }
    }
    Ok(found)
}

fn collect(ty: &Type, known: &Bounds, unknown: &mut Vec<u32>) {
    match ty.kind() {
        Kind::Simple if ty.schema() == "pg_catalog" || EXTENSIONS.contains(&ty.name()) => {}
        Kind::Simple if known.contains_key(&ty.oid()) || unknown.contains(&ty.oid()) => {}
        Kind::Simple => unknown.push(ty.oid()),
        Kind::Array(inner) | Kind::Domain(inner) | Kind::Range(inner) => {
            collect(inner, known, unknown);
        }
        Kind::Composite(fields) => {
            for field in fields {
                collect(field.type_(), known, unknown);
            }
        }
        _ => {}
    }
}

async fn bounds(client: &Client, oid: u32) -> Result<Option<Type>, tokio_postgres::Error> {
    let sql = "select rngsubtype::regtype::text from pg_catalog.pg_range where rngmultitypid = $1";
    let Some(row) = client.query_opt(sql, &[&oid]).await? else {
        return Ok(None);
    };
    // The name as SQL has it, quoted where it must be. The driver describes the type of such a column.
    let name: String = row.try_get(0)?;
    let statement = client.prepare(&format!("select null::{name}")).await?;
    Ok(statement
        .columns()
        .first()
        .map(|column| column.type_().clone()))
}

/// The type with the multiranges in it as what they are.
pub(crate) fn complete(ty: &Type, known: &Bounds) -> Type {
    let made = |kind| Type::new(ty.name().into(), ty.oid(), kind, ty.schema().into());
    match ty.kind() {
        Kind::Simple => match known.get(&ty.oid()) {
            Some(Some(bound)) => made(Kind::Multirange(complete(bound, known))),
            _ => ty.clone(),
        },
        // Those of PostgreSQL's own types are made of such.
        _ if ty.schema() == "pg_catalog" => ty.clone(),
        Kind::Array(inner) => made(Kind::Array(complete(inner, known))),
        Kind::Domain(inner) => made(Kind::Domain(complete(inner, known))),
        Kind::Range(inner) => made(Kind::Range(complete(inner, known))),
        Kind::Composite(fields) => {
            let fields = fields.iter().map(|field| {
                let ty = complete(field.type_(), known);
                Field::new(field.name().into(), ty)
            });
            made(Kind::Composite(fields.collect()))
        }
        _ => ty.clone(),
    }
}
