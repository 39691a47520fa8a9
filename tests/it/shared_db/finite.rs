//! Calls every function in the table about finite dates, times and intervals with such arguments.

use howdah_codegen::analyze::total::finites;
use howdah_codegen::scratch::Server;
use tokio_postgres::{Client, NoTls};

/// Arguments of a type, as SQL.
fn arguments(ty: &str) -> &'static [&'static str] {
    match ty {
        "date" => &[
            "current_date",
            "date '4713-01-01 BC'",
            "date '5874897-12-31'",
            "date 'epoch'",
        ],
        "timestamp" => &[
            "localtimestamp",
            "timestamp '4713-01-01 BC'",
            "timestamp '294276-12-31 23:59:59.999999'",
        ],
        "timestamptz" => &[
            "now()",
            "timestamptz '4713-01-02 BC'",
            "timestamptz '294276-12-31 00:00:00.5+00'",
            "timestamptz 'epoch'",
        ],
        "interval" => &[
            "interval '0'",
            "interval '1 day'",
            "interval '1 month -2 days 03:04:05.678901'",
            "interval '-178000000 years'",
            "interval '2147483647 days'",
        ],
        "text" => &[
            "'century'",
            "'day'",
            "'decade'",
            "'dow'",
            "'doy'",
            "'epoch'",
            "'hour'",
            "'isodow'",
            "'isoyear'",
            "'julian'",
            "'microseconds'",
            "'millennium'",
            "'milliseconds'",
            "'minute'",
            "'month'",
            "'quarter'",
            "'second'",
            "'timezone'",
            "'timezone_hour'",
            "'timezone_minute'",
            "'week'",
            "'year'",
            "'YYYY-MM-DD'",
            "'FMDay TZ \"x\"'",
            "' '",
            "'UTC'",
        ],
        "int4" | "int8" => &["0", "-1", "2147483647"],
        "float8" => &["0", "-1.5", "1e-300", "1e300"],
        "numeric" => &["0", "-1.5", "1e-300", "1e300", "1e1000"],
        _ => panic!("there are no arguments of type {ty}"),
    }
}

/// Every list of arguments of these types.
fn argument_lists(types: &[&str]) -> Vec<Vec<String>> {
    types.iter().fold(vec![Vec::new()], |lists, ty| {
        let with = |list: &Vec<String>| {
            let cast = |argument: &&str| [&list[..], &[format!("({argument})::{ty}")]].concat();
            arguments(ty).iter().map(cast).collect::<Vec<_>>()
        };
        lists.iter().flat_map(with).collect()
    })
}

async fn fault(
    client: &Client,
    name: &str,
    list: &[String],
    meaning: &str,
) -> Result<Option<String>, tokio_postgres::Error> {
    let call = format!("pg_catalog.\"{name}\"({})", list.join(", "));
    let holds = match meaning {
        "not null" => "v is not null",
        _ if name == "float8" || name.starts_with("numeric") => {
            "v not in ('infinity', '-infinity', 'nan')"
        }
        _ => "isfinite(v)",
    };
    let sql = format!("select bool_and({holds}) from (select {call} as v limit 3) x");
    let row = client.query_one(&sql, &[]).await?;
    // None: a series of no values.
    let all: Option<bool> = row.get(0);
    Ok((all == Some(false) || all.is_none() && meaning == "not null").then_some(call))
}

#[tokio::test]
async fn finite_arguments_give_what_is_said() {
    let database = Server::shared().unwrap().database().unwrap();
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let rows = client
        .query("select p.proname::text, array(select t.typname::text from unnest(p.proargtypes) with ordinality a(oid, at)
                 join pg_type t on t.oid = a.oid order by at) from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace", &[])
        .await
        .unwrap();
    let known: Vec<(String, Vec<String>)> =
        rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut wrong = Vec::new();
    let mut functions = 0;
    for entry in finites() {
        let entry = entry.unwrap();
        let Some((name, types)) = known
            .iter()
            .find(|(name, types)| entry.identity == format!("{name}({})", types.join(",")))
        else {
            continue;
        };
        functions += 1;
        let types: Vec<&str> = types.iter().map(String::as_str).collect();
        let mut calls = 0;
        for list in argument_lists(&types) {
            // What raises an error gives nothing.
            if let Ok(fault) = fault(&client, name, &list, entry.condition).await {
                calls += 1;
                wrong.extend(fault);
            }
        }
        assert!(calls > 0, "{} was never called", entry.identity);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(functions > 50, "only {functions} functions were found");
}
