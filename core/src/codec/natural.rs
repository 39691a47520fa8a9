//! Types that the server did not describe: the user-defined types of fields of anonymous records. They are made up from
//! the types that the Rust type accepts.

use std::{
    collections::HashMap,
    sync::{OnceLock, PoisonError, RwLock},
};

use postgres_types::{Field, Kind, Type};

use crate::Accepts;

/// The highest OID of PostgreSQL's built-in types.
const LAST_BUILTIN: u32 = 16_383;

/// The type of a value whose type has this OID, if `accepts` can hold a user-defined type. The OIDs of such types
/// differ from one database to the next, so only the Rust type tells which it is.
pub(super) fn user_type(accepts: &'static Accepts, oid: u32) -> Option<Type> {
    if oid <= LAST_BUILTIN {
        return None;
    }
    // Types are made once, because it takes many steps.
    type Known = RwLock<HashMap<usize, Option<Type>>>;
    static KNOWN: OnceLock<Known> = OnceLock::new();
    let known = KNOWN.get_or_init(Known::default);
    let key = std::ptr::from_ref(accepts) as usize;
    let seen = known.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(ty) = seen.get(&key) {
        return ty.clone();
    }
    drop(seen);
    let ty = made_by_user(accepts);
    let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
    known.entry(key).or_insert(ty).clone()
}

/// Whether the type is one that was made up.
pub(super) fn is_made_up(ty: &Type) -> bool {
    ty.oid() == MADE_UP
}

/// The number of types that were made up; no type of a server has it.
const MADE_UP: u32 = 0;

/// A user-defined type.
fn made_by_user(accepts: &Accepts) -> Option<Type> {
    let made = |schema: &str, name: &str, kind| {
        let (name, schema) = (name.to_owned(), schema.to_owned());
        Some(Type::new(name, MADE_UP, kind, schema))
    };
    match accepts {
        Accepts::Builtin(_) | Accepts::Row(_) | Accepts::Any => None,
        Accepts::Extension(names) => made("", names.first()?, Kind::Simple),
        Accepts::Spatial { .. } => made("", "geometry", Kind::Simple),
        Accepts::User { schema, name } => made(schema, name, Kind::Simple),
        Accepts::Composite {
            schema,
            name,
            fields,
        } => {
            let fields = fields
                .iter()
                .map(|(name, accepts)| Some(Field::new((*name).to_owned(), natural(accepts)?)));
            made(
                schema,
                name,
                Kind::Composite(fields.collect::<Option<_>>()?),
            )
        }
        Accepts::Domain { schema, name, base } => made(schema, name, Kind::Domain(natural(base)?)),
        Accepts::Array(element) => made("", "", Kind::Array(made_by_user(element)?)),
        Accepts::Range(bound) => made("", "", Kind::Range(natural(bound)?)),
        Accepts::Multirange(bound) => made("", "", Kind::Multirange(natural(bound)?)),
        Accepts::OneOf(alternatives) => alternatives.iter().find_map(made_by_user),
    }
}

fn natural(accepts: &Accepts) -> Option<Type> {
    builtin(accepts).or_else(|| made_by_user(accepts))
}

/// The first built-in type that is accepted.
fn builtin(accepts: &Accepts) -> Option<Type> {
    match accepts {
        Accepts::Any => None,
        Accepts::OneOf(alternatives) => alternatives.iter().find_map(builtin),
        Accepts::Builtin(names) => {
            let first = names.first()?;
            let mut all = (1..=LAST_BUILTIN).filter_map(Type::from_oid);
            all.find(|ty| ty.name() == *first)
        }
        _ => (1..=LAST_BUILTIN)
            .filter_map(Type::from_oid)
            .find(|ty| accepts.accepts_type(ty)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Decode, Hstore, Multirange};

    fn accepts<T: Decode<'static>>() -> &'static Accepts {
        T::ACCEPTS
    }

    #[test]
    fn types_are_made_as_rust_types_accept_them() {
        let text = user_type(accepts::<String>(), 20_000).unwrap();
        assert_eq!((text.name(), is_made_up(&text)), ("citext", true));
        assert_eq!(user_type(accepts::<i64>(), 20_000), None);
        assert_eq!(user_type(accepts::<String>(), 16), None);
        let maps = user_type(accepts::<Vec<Option<Hstore>>>(), 20_001).unwrap();
        assert!(matches!(maps.kind(), Kind::Array(map) if map.name() == "hstore"));
        let ranges = user_type(accepts::<Multirange<f64>>(), 20_002).unwrap();
        assert_eq!(*ranges.kind(), Kind::Multirange(Type::FLOAT8));
    }
}
