//! COPY from one database into another. Bytes are passed on unchanged, in constant memory.

use postgres_types::{Kind, Type};

use super::{CopyIn, CopyOut, Format, Text, describe::describe, observed};
use crate::{Error, ErrorKind, Executor, query, row::mismatch::type_name};

impl<'p> CopyOut<'p> {
    /// Copies the rows into a table of the same or another database, and returns their number.
    ///
    /// Both sides must have columns of the same types in the same order. Generated columns are left out, unless they are named.
    /// The bytes are passed on unchanged: in PostgreSQL's binary format, or as text if a column has a type whose binary format
    /// contains type numbers that are valid in one database only, such as an array of an enum, or if a [`Table`](crate::Table)
    /// says that a column has a type without one.
    ///
    /// ```no_run
    /// # async fn example(old: &howdah::Pool, new: &howdah::Pool) -> Result<(), howdah::Error> {
    /// howdah::copy_out("places").columns(["id", "name"])
    ///     .into_table(old, howdah::copy_in("places").columns(["id", "name"]), new)
    ///     .await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// When the columns differ, both sides are the same connection or transaction, or one of the servers reports an error. Then
    /// no row is copied.
    pub fn into_table<'e, F, T>(
        mut self,
        from: &'e F,
        mut target: CopyIn<'e>,
        to: &'e T,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'e, 'p, F, T>
    where
        F: Executor + ?Sized,
        T: Executor + ?Sized,
        'p: 'e,
    {
        let (from, to) = (from.handle(), to.handle());
        async move {
            let columns = self.text();
            let copying = async {
                let source = from.session().await?;
                let target_session = to.session().await?;
                if std::ptr::eq(&*source, &*target_session) {
                    return Err(columns.blame(itself()));
                }
                self.name_columns(from.on(&source)).await?;
                target.name_columns(to.on(&target_session)).await?;
                let described = describe(&source, &self.text()).await?;
                let types: Vec<_> = described.columns().iter().map(|(_, ty)| *ty).collect();
                let taken = describe(
                    &target_session,
                    &query::Text::written(target.types_sql(types.len())),
                )
                .await?;
                same(&types, taken.params()).map_err(|error| columns.blame(error))?;
                let is_binary = types.iter().all(|ty| is_the_same_everywhere(ty));
                let format = match is_binary && !self.carries() {
                    true => Format::Binary,
                    false => Format::Text(Text::new()),
                };
                let mut sink = target.open(&target_session, &format).await?;
                let mut bytes = match super::CopyBytes::open(source, self.text(), &format).await {
                    Ok(bytes) => bytes.telling(self.progress, None),
                    Err(error) => return Err(sink.abort(error).await),
                };
                while let Some(piece) = bytes.next().await {
                    let piece = match piece {
                        Ok(piece) => piece,
                        Err(error) => return Err(sink.abort(error).await),
                    };
                    if let Err(error) = sink.pass(&piece).await {
                        bytes.give_up().await;
                        return Err(error);
                    }
                }
                sink.finish(None).await
            };
            let copying = to.deadline().bound(&columns, copying);
            observed(from, &columns, Box::pin(copying), |rows| *rows).await
        }
    }
}

/// Each of the two COPYs would wait for the end of the other.
#[cold]
fn itself() -> Error {
    let message = "a connection cannot copy to itself: use a second one, or `insert into … select`";
    Error::new(ErrorKind::Configuration, message)
}

fn same(from: &[&Type], to: &[Type]) -> Result<(), Error> {
    for (i, (from, to)) in from.iter().zip(to).enumerate() {
        if is_same(from, to) {
            continue;
        }
        let (from, to) = (type_name(from), type_name(to));
        let message = format!(
            "column number {} is {from}, but {to} where it is copied to; `copy_out_query` can cast it",
            i + 1
        );
        return Err(Error::new(ErrorKind::Mapping, message));
    }
    Ok(())
}

/// Whether two types, of two databases, have the same values. The server describes columns of a domain by
/// its base type, parameters by the domain.
fn is_same(from: &Type, to: &Type) -> bool {
    match (from.kind(), to.kind()) {
        (_, Kind::Domain(to)) => is_same(from, to),
        (Kind::Domain(from), _) => is_same(from, to),
        (Kind::Array(from), Kind::Array(to)) => is_same(from, to),
        _ => from.name() == to.name() && from.schema() == to.schema(),
    }
}

/// Whether the binary format of the type is the same in each database. That of arrays and composites contains the OIDs
/// of the types inside, which are the same only for types of `pg_catalog`.
fn is_the_same_everywhere(ty: &Type) -> bool {
    match ty.kind() {
        Kind::Domain(base) => is_the_same_everywhere(base),
        Kind::Composite(_) | Kind::Pseudo => false,
        Kind::Array(element) => element.schema() == "pg_catalog" && is_the_same_everywhere(element),
        Kind::Range(bound) | Kind::Multirange(bound) => is_the_same_everywhere(bound),
        // `regclass` and similar types are OIDs themselves.
        _ => !(ty.schema() == "pg_catalog" && ty.name().starts_with("reg")),
    }
}
