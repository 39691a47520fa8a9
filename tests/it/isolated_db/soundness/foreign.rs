//! Foreign tables: their rows are in another table of the same database, which has none of their constraints. What a foreign
//! table declares is enforced by nobody.

use super::types::Type;

/// A foreign server that is the database itself, for every role.
pub(super) const SERVER: [&str; 2] = [
    "create extension postgres_fdw",
    "do $$ begin
        execute format('create server self foreign data wrapper postgres_fdw options (host %L, port %L, dbname %L)',
            split_part(current_setting('unix_socket_directories'), ', ', 1), current_setting('port'), current_database());
        execute format('create user mapping for public server self options (user %L, password_required ''false'')', session_user);
    end $$",
];

/// What ends the definition of foreign table `name`: the server, and then the table that its rows are in.
pub(super) fn suffix<'c>(
    name: &str,
    columns: impl IntoIterator<Item = &'c (String, Type)>,
) -> String {
    let columns: Vec<String> = columns
        .into_iter()
        .map(|(column, ty)| format!("{column} {}", ty.name()))
        .collect();
    let columns = columns.join(", ");
    format!(" server self options (table_name '{name}_far'); create table {name}_far ({columns})")
}

/// The name in the definition of a table, foreign or not.
pub(super) fn defined_table(sql: &str) -> Option<&str> {
    let rest = sql.strip_prefix("create ")?;
    let rest = rest.strip_prefix("foreign ").unwrap_or(rest);
    Some(rest.strip_prefix("table ")?.split_once(" (")?.0)
}
