//! Looks up types by their OIDs, with one message of SQL and without a prepared statement, because behind a pooler the
//! next message can go to another server.

use std::collections::HashMap;

use postgres_types::{Field, Kind, Oid, Type};

use crate::connect::TextRow;

/// The first rows are the OIDs, in order. Then come the types, and all types that they are made of.
const SQL: &str = "\
select unnest({numbers});\
with recursive parts (whole, number, field, part) as (\
select 0::oid, 0::real, ''::name, p from unnest({numbers}) as p \
union \
select t.oid, coalesce(a.attnum, e.enumsortorder, 0)::real, coalesce(a.attname, e.enumlabel, ''), \
coalesce(a.atttypid, nullif(t.typbasetype, 0), nullif(t.typelem, 0), r.rngsubtype) \
from parts \
join pg_catalog.pg_type t on t.oid = part \
left join pg_catalog.pg_attribute a on a.attrelid = t.typrelid and t.typrelid <> 0 and a.attnum > 0 and not a.attisdropped \
left join pg_catalog.pg_enum e on e.enumtypid = t.oid and t.typtype = 'e' \
left join pg_catalog.pg_range r on t.oid in (r.rngtypid, r.rngmultitypid)) \
select whole, nspname, typname, \
case when typbasetype <> 0 then 'd' when typelem <> 0 then 'a' when typrelid <> 0 then 'c' else typtype end, \
field, part \
from parts \
join pg_catalog.pg_type t on t.oid = whole \
join pg_catalog.pg_namespace n on n.oid = typnamespace \
order by whole, number";

/// A type's name and parts.
struct Described<'a> {
    schema: &'a str,
    name: &'a str,
    kind: &'a str,
    /// The fields of a composite, the labels of an enum, or the one type that another type is made of.
    parts: Vec<(&'a str, Option<Oid>)>,
}

type Known<'a> = HashMap<Oid, Described<'a>>;

/// SQL that looks up the types with these OIDs, given as an SQL array.
pub(crate) fn sql(numbers: &str) -> String {
    SQL.replace("{numbers}", numbers)
}

/// The types that the answer to [`sql`] describes.
pub(crate) fn read(rows: &[TextRow]) -> Option<Box<[Type]>> {
    let mut numbers = Vec::new();
    let mut known = Known::new();
    for row in rows {
        match row.as_slice() {
            [number] => numbers.push(number.as_deref()?.parse().ok()?),
            row => add(row, &mut known)?,
        }
    }
    numbers.into_iter().map(|oid| made(oid, &known)).collect()
}

fn add<'a>(row: &'a [Option<String>], known: &mut Known<'a>) -> Option<()> {
    let [whole, schema, name, kind, field, part] = row else {
        return None;
    };
    let whole = whole.as_deref()?.parse().ok()?;
    let described = known.entry(whole).or_insert(Described {
        schema: schema.as_deref()?,
        name: name.as_deref()?,
        kind: kind.as_deref()?,
        parts: Vec::new(),
    });
    let part = part.as_deref().map(str::parse).transpose().ok()?;
    described.parts.push((field.as_deref()?, part));
    Some(())
}

fn made(oid: Oid, known: &Known<'_>) -> Option<Type> {
    if let Some(ty) = Type::from_oid(oid) {
        return Some(ty);
    }
    let Described {
        schema,
        name,
        kind,
        parts,
    } = known.get(&oid)?;
    let part = || made(parts.first()?.1?, known);
    let kind = match *kind {
        "d" => Kind::Domain(part()?),
        "a" => Kind::Array(part()?),
        "r" => Kind::Range(part()?),
        "m" => Kind::Multirange(part()?),
        "p" => Kind::Pseudo,
        "c" => {
            let fields = parts.iter().filter_map(|(name, oid)| Some((name, (*oid)?)));
            let field =
                |(name, oid): (&&str, Oid)| Some(Field::new((*name).to_owned(), made(oid, known)?));
            Kind::Composite(fields.map(field).collect::<Option<_>>()?)
        }
        "e" => Kind::Enum(parts.iter().map(|(label, _)| (*label).to_owned()).collect()),
        _ => Kind::Simple,
    };
    Some(Type::new(
        (*name).to_owned(),
        oid,
        kind,
        (*schema).to_owned(),
    ))
}
