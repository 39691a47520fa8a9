//! Refreshes of materialized views, some of them while the schema is another one than when queries are run: what holds now
//! did not hold for their rows.

use super::random::Random;
use super::schema::{Definition, Relation};

/// The statements that refresh every materialized view. One that another schema is made for undoes that, or fails as a whole.
pub(super) fn all(random: &mut Random, definitions: &[Definition]) -> Vec<String> {
    let views = definitions
        .iter()
        .filter(|d| d.sql.starts_with("create materialized"))
        .filter_map(|d| Some(d.relation.as_ref()?.name.as_str()));
    let views: Vec<&str> = views.collect();
    let refresh = |view: &&str| format!("refresh materialized view {view}");
    let mut out: Vec<String> = views.iter().map(refresh).collect();
    for view in &views {
        if random.chance(60) {
            let stale = match random.below(3) {
                0 => under_another_definition(random, definitions, &refresh(view)),
                _ => before_not_null(random, definitions, &refresh(view)),
            };
            out.extend(stale);
        }
    }
    out
}

/// A refresh before a column was declared not null.
fn before_not_null(
    random: &mut Random,
    definitions: &[Definition],
    refresh: &str,
) -> Option<String> {
    let tables: Vec<&Relation> = definitions
        .iter()
        .filter(|d| d.sql.starts_with("create table"))
        .filter_map(|d| d.relation.as_ref())
        .collect();
    if tables.is_empty() {
        return None;
    }
    let table = *random.pick(&tables);
    let columns: Vec<&String> = table.written().map(|(column, _)| column).collect();
    let column = *random.pick(&columns);
    let name = &table.name;
    let names: Vec<&str> = table.written().map(|(c, _)| c.as_str()).collect();
    let values: Vec<String> = table
        .written()
        .map(|(c, ty)| match *c == *column {
            true => "null".to_owned(),
            false => ty.literal(random),
        })
        .collect();
    let (names, values) = (names.join(", "), values.join(", "));
    // An error where the column may be null anyway.
    Some(format!(
        "select 1 / attnotnull::int from pg_attribute where attrelid = '{name}'::regclass and attname = '{column}';
         alter table {name} alter {column} drop not null; insert into {name} ({names}) values ({values}); {refresh};
         delete from {name} where {column} is null; alter table {name} alter {column} set not null"
    ))
}

/// A refresh while a function gave null, or a view kept all rows.
fn under_another_definition(
    random: &mut Random,
    definitions: &[Definition],
    refresh: &str,
) -> Option<String> {
    const NULL: [(&str, &str); 3] = [
        (
            "create function strict_int",
            "create or replace function strict_int(x int) returns int language sql immutable as 'select null::int'",
        ),
        (
            "create function no_null",
            "create or replace function no_null(x int) returns int language sql as 'select null::int'",
        ),
        ("create view w as", ""),
    ];
    let (begin, other) = *random.pick(&NULL);
    let now = &definitions.iter().find(|d| d.sql.starts_with(begin))?.sql;
    let other = match now.split_once(" where ") {
        Some((all, _)) if other.is_empty() => all.replacen("create", "create or replace", 1),
        _ => other.to_owned(),
    };
    let now = now.replacen("create", "create or replace", 1);
    Some(format!("{other}; {refresh}; {now}"))
}
