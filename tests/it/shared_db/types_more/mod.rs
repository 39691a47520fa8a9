//! PostgreSQL's further types both ways through a real server, which judges: by its own text, by what it
//! holds for equal, and by what comes back, alone and in arrays, domains, composites and ranges.

mod containers;
mod network;
mod numbers;
mod shapes;
mod text;
mod time;

use std::fmt::{Debug, Display};

use howdah::{Decode, Encode, Pool, Value, query};

use super::types::{check, samples};

/// [`check`] against the value's own text, then inside of a domain, and of a composite and back.
pub(crate) async fn check_all<T>(pool: &Pool, ty: &str, values: impl IntoIterator<Item = T>)
where
    T: Encode + for<'r> Decode<'r> + Clone + PartialEq + Debug + Display,
{
    let name = ty.replace(|c: char| !c.is_alphanumeric(), "_");
    let setup = format!(
        "create domain {name}_domain as {ty}; create type {name}_pair as (a {ty}, b {ty}[])"
    );
    pool.batch_execute(&setup).await.unwrap();
    for value in values {
        let text = value.to_string();
        check(
            pool,
            ty,
            value.clone(),
            &format!("'{}'", text.replace('\'', "''")),
        )
        .await;
        let sql = format!(
            "select $1::{name}_domain, $2::{name}_domain[], \
             (row($3::{ty}, array[null, $3::{ty}])::{name}_pair).a, \
             (row($3::{ty}, array[null, $3::{ty}])::{name}_pair).b"
        );
        let nulls = vec![None, Some(value.clone())];
        let (domain, domains, a, b): (T, Vec<Option<T>>, T, Vec<Option<T>>) = query(sql)
            .bind(value.clone())
            .bind(nulls.clone())
            .bind(value.clone())
            .fetch_one::<(_, _, _, _)>(pool)
            .await
            .unwrap();
        assert_eq!(
            (&domain, &domains, &a, &b),
            (&value, &nulls, &value, &nulls),
            "{ty} {text}"
        );
    }
}

/// The message of the error that reading `sql` into `T` ends in.
pub(crate) async fn refusal<T>(pool: &Pool, sql: &str) -> String
where
    T: for<'r> Decode<'r> + Debug + Send + 'static,
{
    let outcome = query(format!("select {sql} as x"))
        .fetch_one::<Value<T>>(pool)
        .await;
    outcome.unwrap_err().to_string()
}
