//! Types that a user made, behind a pooler that gives each transaction another server. The driver asks about them with
//! statements that it prepares once, on whichever server it has then. So all that its pool has come across are asked about
//! together, as soon as a session needs the first.

use std::{
    collections::BTreeSet,
    sync::{Mutex, atomic::Ordering::Relaxed},
};

use postgres_protocol::escape::{escape_identifier, escape_literal};
use postgres_types::Type;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::{Session, flags};
use crate::statements::{Prepared, locked};

/// The names of types that the sessions of a pool have come across, as SQL has them.
#[derive(Debug, Default)]
pub(crate) struct UserTypes(Mutex<BTreeSet<String>>);

impl Session {
    /// Asks about all types that others have come across, if the statement has any and this was not done yet.
    pub(super) async fn look_up_others(
        &self,
        client: &Client,
        prepared: &Prepared,
    ) -> Result<(), tokio_postgres::Error> {
        let columns = prepared.columns();
        let types = columns.iter().map(|(_, ty)| *ty).chain(prepared.params());
        let own: Vec<_> = types.filter_map(name).collect();
        if own.is_empty() {
            return Ok(());
        }
        let known = {
            let mut known = locked(&self.user_types.0);
            known.extend(own);
            known.clone()
        };
        if self.knows_user_types.swap(true, Relaxed) {
            return Ok(());
        }
        // Those that are gone would be an error, which fails a transaction.
        let names: Vec<_> = known.iter().map(|name| escape_literal(name)).collect();
        let there = format!(
            "select 'select ' || string_agg('null::' || name, ', ') from unnest(array[{}]) as name \
             where pg_catalog.to_regtype(name) is not null",
            names.join(", ")
        );
        for answer in client.simple_query(&there).await? {
            if let SimpleQueryMessage::Row(row) = answer
                && let Some(sql) = row.get(0)
            {
                client.prepare(sql).await?;
            }
        }
        Ok(())
    }

    /// Takes note that the driver asked another server than the one that it had prepared its question on. That is so for as
    /// long as the session lives.
    pub(super) fn mislead(&self) {
        self.flags.set(flags::MISLED);
    }

    /// Whether types cannot be asked about in this session any more, so that another one is needed.
    pub(crate) fn is_misled(&self) -> bool {
        self.flags.any(flags::MISLED)
    }
}

/// The name of a type that PostgreSQL does not bring.
fn name(ty: &Type) -> Option<String> {
    let quoted = |name| escape_identifier(name);
    (ty.schema() != "pg_catalog").then(|| format!("{}.{}", quoted(ty.schema()), quoted(ty.name())))
}
