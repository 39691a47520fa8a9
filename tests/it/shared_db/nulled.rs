//! Calls every function in the table of arguments that need a value, with null for that argument.

use howdah_codegen::analyze::total::{is_nulled, nulled};
use howdah_codegen::scratch::Server;
use tokio_postgres::{Client, NoTls};

/// An argument of a type that makes something of every function here, as SQL.
fn argument(ty: &str) -> &'static str {
    match ty {
        "_int4" => "array[2]",
        "_text" => "array['a']",
        "any" => "'a'::text",
        "anyarray" => "array['a', 'b']",
        "anycompatible" => "1",
        "anycompatiblearray" => "array[1, 2]",
        "anyelement" => "null::thing",
        "bool" => "true",
        "date" => "date 'epoch'",
        "int4" | "int8" | "numeric" => "1",
        "json" | "jsonb" => "'[{\"a\": 1}]'",
        "oid" => "23::oid",
        "text" => "'a'",
        "timestamp" => "timestamp 'epoch'",
        "timestamptz" => "timestamptz 'epoch'",
        _ => panic!("there is no argument of type {ty}"),
    }
}

/// The arguments of a call that gives something.
fn arguments(name: &str, types: &[String]) -> Vec<String> {
    let mut list: Vec<String> = types.iter().map(|ty| argument(ty).to_owned()).collect();
    let place = list.len() - 1;
    match name {
        "array_fill" => list[0] = "1".to_owned(),
        "array_to_string" | "string_to_array" | "string_to_table" => {
            list[place] = "'null'".to_owned();
            list[1] = "','".to_owned();
        }
        "jsonb_set_lax" => {
            list[0] = "'{\"a\": 1}'".to_owned();
            list[place] = "'use_json_null'".to_owned();
        }
        "jsonb_build_object" | "json_build_object" => {
            list = vec!["'a'::text", "null::text", "'b'::text", "1"]
                .into_iter()
                .map(str::to_owned)
                .collect();
        }
        "set_config" => list[0] = "'howdah.x'".to_owned(),
        _ if name.ends_with("range") => list[place] = "'[]'".to_owned(),
        _ => {}
    }
    list
}

/// How many rows that are not null the call gives.
async fn values(client: &Client, name: &str, list: &[String]) -> Result<i64, String> {
    let columns = if name.ends_with("to_recordset") {
        "as x (a int)"
    } else {
        "as x"
    };
    let call = format!("pg_catalog.\"{name}\"({})", list.join(", "));
    let sql = format!("select count(*) from {call} {columns} where x is not null");
    let row = client.query_one(&sql, &[]).await;
    row.map(|row| row.get(0)).map_err(|error| {
        let error = error.as_db_error().map_or("", |e| e.message());
        format!("{call}: {error}")
    })
}

#[tokio::test]
async fn null_arguments_leave_nothing() {
    let database = Server::shared().unwrap().database().unwrap();
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client
        .batch_execute("create type thing as (a int)")
        .await
        .unwrap();
    let rows = client
        .query("select p.proname::text, array(select t.typname::text from unnest(p.proargtypes) with ordinality a(oid, at)
                 join pg_type t on t.oid = a.oid order by at) from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace", &[])
        .await
        .unwrap();
    let mut functions = 0;
    for entry in nulled() {
        let entry = entry.unwrap();
        let known = rows
            .iter()
            .map(|row| (row.get::<_, String>(0), row.get::<_, Vec<String>>(1)));
        let mut named =
            known.filter(|(name, types)| entry.identity == format!("{name}({})", types.join(",")));
        let Some((name, types)) = named.next() else {
            continue;
        };
        functions += 1;
        let given = arguments(&name, &types);
        let something = values(&client, &name, &given).await;
        assert!(
            something.is_ok_and(|n| n > 0),
            "{}: {given:?}",
            entry.identity
        );
        let mut places = 0;
        for place in (0..given.len()).filter(|place| is_nulled(entry.identity, *place)) {
            places += 1;
            let mut list = given.clone();
            // A polymorphic function has to be told what the null is one of.
            list[place] = match types.get(place).map_or("any", String::as_str) {
                "anyarray" => "null::text[]".to_owned(),
                "anycompatiblearray" => "null::int[]".to_owned(),
                "any" => "null::text".to_owned(),
                _ => "null".to_owned(),
            };
            // An error is nothing as well.
            let left = values(&client, &name, &list).await.unwrap_or(0);
            assert_eq!(left, 0, "{name}({})", list.join(", "));
        }
        assert!(places > 0, "{} says nothing", entry.identity);
    }
    assert!(functions > 25, "only {functions} functions were found");
}
