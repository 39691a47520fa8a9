//! What other databases, languages and tools write, and how it is written here.

/// PostgreSQL's forms of other databases' functions.
const ELSEWHERE: [(&str, &str); 15] = [
    ("charindex", "strpos(text, part)"),
    ("curdate", "current_date"),
    ("date_format", "to_char(time, format)"),
    ("datediff", "one date - another"),
    ("getdate", "now()"),
    ("group_concat", "string_agg(text, ',')"),
    ("ifnull", "coalesce(value, default)"),
    ("iif", "case when … then … else … end"),
    ("instr", "strpos(text, part)"),
    ("isnull", "coalesce(value, default)"),
    ("json_extract", "json -> key"),
    ("len", "length(text)"),
    ("newid", "gen_random_uuid()"),
    ("nvl", "coalesce(value, default)"),
    ("rand", "random()"),
];

/// PostgreSQL's form of another database's function.
pub(in crate::diagnostics) fn with_function(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    let mut known = ELSEWHERE.iter();
    let (_, here) = known.find(|(there, _)| *there == name)?;
    Some(format!("PostgreSQL has no `{name}`: write `{here}`"))
}

/// The names of PostgreSQL's types in other databases and in programming languages.
const TYPES_ELSEWHERE: [(&str, &str); 21] = [
    ("blob", "bytea"),
    ("clob", "text"),
    ("datetime", "timestamp"),
    ("double", "double precision"),
    ("float32", "real"),
    ("float64", "double precision"),
    ("guid", "uuid"),
    ("int16", "smallint"),
    ("int32", "integer"),
    ("int64", "bigint"),
    ("i32", "integer"),
    ("i64", "bigint"),
    ("long", "bigint"),
    ("longtext", "text"),
    ("mediumtext", "text"),
    ("number", "numeric"),
    ("nvarchar", "varchar"),
    ("str", "text"),
    ("string", "text"),
    ("tinyint", "smallint"),
    ("varbinary", "bytea"),
];

/// PostgreSQL's name of a type of another database or language.
pub(in crate::diagnostics) fn type_elsewhere(name: &str) -> Option<&'static str> {
    let mut known = TYPES_ELSEWHERE.iter();
    let (_, here) = known.find(|(there, _)| there.eq_ignore_ascii_case(name))?;
    Some(here)
}

/// Help for the syntax of other databases: `before` ends where the server stumbled, and `after` begins there.
pub(super) fn with_syntax(before: &str, after: &str) -> Option<String> {
    let ends_with = |word: &str| {
        let last = before.rsplit(char::is_whitespace).next();
        last.is_some_and(|last| last.eq_ignore_ascii_case(word))
    };
    let help = if after.starts_with('`') {
        "names are quoted by double quotes, and only if they need it"
    } else if ends_with("top") {
        "write `limit` and the number of rows at the end"
    } else if ends_with("on")
        && after
            .get(..9)
            .is_some_and(|word| word.eq_ignore_ascii_case("duplicate"))
    {
        "write `on conflict (…) do update set …`, with the columns of a key"
    } else {
        return None;
    };
    Some(help.to_owned())
}

/// Help for sqlc's own functions.
pub(in crate::diagnostics) fn with_sqlc(written: &str) -> Option<String> {
    match written.to_lowercase().as_str() {
        "sqlc.arg" => Some("parameters are written `:name`".to_owned()),
        "sqlc.narg" => Some(
            "parameters are written `:name`; `-- param: name?` below the name line lets one be null"
                .to_owned(),
        ),
        "sqlc.slice" => Some("for a list of values take an array: `= any(:names)`".to_owned()),
        "sqlc.embed" => Some("a table's whole row is written by its name, as in `select places from places`".to_owned()),
        _ => None,
    }
}

/// Help for a table in which a migration tool keeps what it has run.
pub(in crate::diagnostics) fn with_table(name: &str) -> Option<String> {
    const KEPT_BY: [(&str, &str); 11] = [
        ("__diesel_schema_migrations", "diesel"),
        ("_prisma_migrations", "Prisma"),
        ("_sqlx_migrations", "sqlx"),
        ("flyway_schema_history", "Flyway"),
        ("goose_db_version", "goose"),
        ("gorp_migrations", "sql-migrate"),
        ("pgmigrations", "node-pg-migrate"),
        ("refinery_schema_history", "refinery"),
        ("schema_migrations", "the migration tool"),
        ("schema_version", "tern"),
        ("seaql_migrations", "SeaORM"),
    ];
    let mut known = KEPT_BY.iter();
    let (_, tool) = known.find(|(table, _)| *table == name)?;
    Some(format!(
        "{tool} makes this table itself: check against a database that it has migrated, or have a migration \
         `create table if not exists`"
    ))
}
