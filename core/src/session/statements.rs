//! Prepared statements of one connection: a bounded cache, with the checks of each statement. Types are compared here,
//! once per statement and row type, and not again later.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hash, Hasher},
    sync::{Arc, Mutex, OnceLock, Weak},
};

use postgres_types::{Kind, Type};

use super::Session;
use crate::{
    Accepts, Error, ErrorKind, Field, Param,
    check::usual_type_of,
    connect::Column,
    locked::locked,
    query::{SqlSource, Text},
    row::{
        mismatch::{Advice, GENERATE, changed_fields, type_name},
        plan::Plan,
    },
};

/// A prepared statement, with its checks and plans.
pub(crate) struct Prepared {
    /// The statement on the server. `None` if its SQL is sent with each query.
    kept: Option<Kept>,
    /// Whether it is useful only for later statements on the same connection.
    pub(crate) is_for_one_connection: bool,
    /// Whether it can share a session with the statements of other tasks.
    pub(crate) stands_alone: bool,
    /// What errors of its types advise.
    pub(crate) advice: Advice,
    params: Box<[Type]>,
    /// `None` until the first row comes, if only the parameters were looked up.
    columns: Option<Box<[(String, Type)]>>,
    /// The accepted types of the parameters that were checked first, compared by address.
    checked: OnceLock<Box<[&'static Accepts]>>,
    plans: Mutex<Vec<(FieldsKey, Arc<Plan>)>>,
}

/// A statement that a session's server keeps, until this is dropped.
pub(crate) struct Kept {
    pub(crate) name: String,
    pub(crate) session: Weak<Session>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        // If the session is gone, so are its statements.
        if let Some(session) = self.session.upgrade() {
            session.close_statement(&self.name);
        }
    }
}

/// The address and length of a row type's `FIELDS`.
type FieldsKey = (usize, usize);

impl Prepared {
    /// A statement that the server keeps, with parameters and columns of these types.
    pub(crate) fn new(kept: Kept, params: Box<[Type]>, columns: Box<[(String, Type)]>) -> Self {
        Self {
            kept: Some(kept),
            columns: Some(columns),
            ..Self::learnt(params)
        }
    }

    /// A statement that the server does not keep, with parameters of these types.
    pub(crate) fn learnt(params: Box<[Type]>) -> Self {
        Self {
            kept: None,
            is_for_one_connection: false,
            stands_alone: false,
            advice: Advice::Types,
            params,
            columns: None,
            checked: OnceLock::new(),
            plans: Mutex::default(),
        }
    }

    /// The statement with these columns, without a prepared statement on the server.
    pub(crate) fn with_columns(&self, columns: Box<[(String, Type)]>) -> Self {
        Self {
            is_for_one_connection: self.is_for_one_connection,
            stands_alone: self.stands_alone,
            advice: self.advice,
            columns: Some(columns),
            ..Self::learnt(self.params.clone())
        }
    }

    /// Whether these are its columns.
    pub(crate) fn has_columns(&self, columns: &[Column]) -> bool {
        let known = self.columns.as_deref();
        known.is_some_and(|known| {
            let is_same = |((name, ty), column): (&(String, Type), &Column)| {
                *name == column.name && ty.oid() == column.type_oid
            };
            known.len() == columns.len() && known.iter().zip(columns).all(is_same)
        })
    }

    /// The statement on the server, if it keeps it.
    #[inline]
    pub(crate) fn kept(&self) -> Option<&Kept> {
        self.kept.as_ref()
    }

    /// The types of the parameters.
    pub(crate) fn params(&self) -> &[Type] {
        &self.params
    }

    /// Names and types of the columns, as far as they are known.
    pub(crate) fn columns(&self) -> Vec<(&str, &Type)> {
        let columns = self.columns.iter().flatten();
        columns.map(|(name, ty)| (name.as_str(), ty)).collect()
    }

    /// Checks that the parameters fit the statement.
    pub(crate) fn check(&self, sql: &str, params: &[Param<'_>]) -> Result<(), Error> {
        let known = self.checked.get().is_some_and(|known| {
            known.len() == params.len()
                && known
                    .iter()
                    .zip(params)
                    .all(|(known, param)| std::ptr::eq(*known, param.accepts()))
        });
        if known {
            return Ok(());
        }
        let types = self.params();
        if types.len() != params.len() {
            return Err(other_count(sql, types.len(), params.len()));
        }
        for (i, (param, ty)) in params.iter().zip(types).enumerate() {
            if !param.accepts().accepts_type(ty) {
                let message = match changed_fields(param.accepts(), ty) {
                    Some(changed) => {
                        format!(
                            "the value was made for another {}: {changed}",
                            type_name(ty)
                        )
                    }
                    None => format!(
                        "the parameter is {}, but its value can be sent as {}{}",
                        type_name(ty),
                        param.accepts(),
                        match self.advice {
                            Advice::Types => way_out(i, param.accepts(), ty),
                            Advice::Generate => GENERATE.to_owned(),
                        },
                    ),
                };
                return Err(Error::new(ErrorKind::Mapping, message).in_param(i));
            }
        }
        // The first task sets it; others then check in full, with the same result.
        let _ = self
            .checked
            .set(params.iter().map(Param::accepts).collect());
        Ok(())
    }

    /// The plan for a row type with these fields.
    pub(crate) fn plan(&self, fields: &'static [Field]) -> Result<Arc<Plan>, Error> {
        if self.columns.is_none() {
            // The columns are not known before the first row.
            return Ok(Arc::new(Plan::in_order(fields)));
        }
        let key = (fields.as_ptr() as usize, fields.len());
        let mut plans = locked(&self.plans);
        if let Some((_, plan)) = plans.iter().find(|(known, _)| *known == key) {
            return Ok(Arc::clone(plan));
        }
        let plan = Arc::new(Plan::new(fields, &self.columns(), self.advice)?);
        plans.push((key, Arc::clone(&plan)));
        Ok(plan)
    }
}

/// The prepared statements of a connection. The least recently used ones are dropped first.
pub(crate) struct StatementCache {
    capacity: usize,
    clock: u64,
    entries: HashMap<Key, Entry, BuildHasherDefault<KeyHasher>>,
}

struct Entry {
    prepared: Arc<Prepared>,
    last_use: u64,
}

/// A `'static` text is recognized by its address, without reading it.
enum Key {
    Static(&'static str),
    Shared(Arc<str>),
}

impl Key {
    /// The key of a text. `None` for one that runs once.
    fn new(text: &Text) -> Option<Self> {
        match text.sql_source() {
            SqlSource::Static(sql) | SqlSource::Generated(sql) => Some(Self::Static(sql)),
            SqlSource::Shared(sql) => Some(Self::Shared(Arc::clone(sql))),
            SqlSource::Once(_) => None,
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Static(sql) => sql,
            Self::Shared(sql) => sql,
        }
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Static(a), Self::Static(b)) => std::ptr::eq(*a, *b),
            (Self::Shared(a), Self::Shared(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Static(sql) => state.write_usize(sql.as_ptr() as usize),
            Self::Shared(sql) => state.write(sql.as_bytes()),
        }
    }
}

impl StatementCache {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            clock: 0,
            entries: HashMap::default(),
        }
    }

    pub(crate) fn get(&mut self, text: &Text) -> Option<Arc<Prepared>> {
        self.clock += 1;
        let key = Key::new(text)?;
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.last_use = self.clock;
            return Some(Arc::clone(&entry.prepared));
        }
        let prepared = self.elsewhere(&key)?;
        self.insert(text, Arc::clone(&prepared));
        Some(prepared)
    }

    /// The statement with the same text at another address: the compiler can store a literal more than once.
    #[cold]
    fn elsewhere(&self, key: &Key) -> Option<Arc<Prepared>> {
        let mut entries = self.entries.iter();
        let (_, entry) = entries.find(|(known, _)| known.text() == key.text())?;
        Some(Arc::clone(&entry.prepared))
    }

    /// Stores a statement. If the cache is full, drops the least recently used one.
    pub(crate) fn insert(&mut self, text: &Text, prepared: Arc<Prepared>) {
        if self.capacity == 0 {
            return;
        }
        let Some(key) = Key::new(text) else {
            return;
        };
        self.clock += 1;
        self.entries.insert(
            key,
            Entry {
                prepared,
                last_use: self.clock,
            },
        );
        if self.entries.len() > self.capacity {
            let oldest = self.entries.values().map(|entry| entry.last_use).min();
            self.entries
                .retain(|_, entry| Some(entry.last_use) != oldest);
        }
    }

    pub(crate) fn remove(&mut self, text: &Text) {
        self.entries.retain(|key, _| key.text() != text.sql());
    }
}

/// A fast hash for addresses, and one like FNV-1a for the texts of dynamic queries. It need not resist attacks, because the
/// program itself writes them.
#[derive(Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_usize(&mut self, n: usize) {
        self.0 = (self.0.rotate_left(5) ^ n as u64).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_isize(&mut self, n: isize) {
        self.write_usize(n.unsigned_abs());
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cold]
fn other_count(sql: &str, taken: usize, given: usize) -> Error {
    let parameters = if taken == 1 {
        "parameter"
    } else {
        "parameters"
    };
    let are = if given == 1 { "is" } else { "are" };
    let way_out = match taken == 0 && sql.contains("$1") {
        true => {
            "; CREATE, ALTER, DROP, GRANT and the like take none: the documentation of `howdah::query` shows how the server \
             writes values into them"
        }
        false => "",
    };
    let message = format!("the SQL has {taken} {parameters}, but {given} {are} given{way_out}");
    Error::new(ErrorKind::Mapping, message)
}

/// Suggests the type that usually holds such values, and a cast, if the server can convert the value's type to one that is
/// accepted.
#[cold]
fn way_out(i: usize, accepts: &Accepts, ty: &Type) -> String {
    let number = i + 1;
    if accepts.is_array() && !matches!(ty.kind(), Kind::Array(_)) {
        return format!("; `= any(${number})` compares with each of its elements");
    }
    let usual = usual_type_of(ty).map(|usual| format!(": bind it as `{usual}`"));
    let usual = usual.unwrap_or_default();
    match accepts.cast_from(ty) {
        Some(cast) if cast.starts_with("text") => {
            let ty = type_name(ty);
            format!("{usual}; `${number}::{cast}::{ty}` has the server convert it")
        }
        Some(cast) => match literal(ty) {
            Some(literal) => format!("{usual}; a literal of this type is `{literal}`"),
            None => format!("{usual}; `${number}::{cast}` has the server convert it"),
        },
        None => usual,
    }
}

/// How Rust writes a number that is sent as this type, if it has such a type.
fn literal(ty: &Type) -> Option<&'static str> {
    Some(match *ty {
        Type::INT2 => "42_i16",
        Type::INT4 => "42_i32",
        Type::INT8 => "42_i64",
        Type::FLOAT4 => "42_f32",
        Type::FLOAT8 => "42_f64",
        _ => return None,
    })
}
