//! Batches: independent queries on one connection that are all sent before the first answer is read. Together they take one
//! round trip. Each succeeds or fails by itself.

use std::{fmt, marker::PhantomData};

use futures_util::{StreamExt, stream};

use super::{Asked, Text, collect};
use crate::{Cardinality, DynamicQuery, Error, Executor, Query, executor::Handle};

/// Runs queries together in one round trip: a tuple of up to 12 queries, or a `Vec` of queries of the same type.
///
/// The queries are independent, and run one after the other on one connection. Outside of a transaction, each succeeds or
/// fails by itself.
///
/// ```no_run
/// # use howdah::{Error, Exec, One, Opt, Pool, Query, Value};
/// # fn place_name(id: i64) -> Query<'static, Opt<Value<String>>> { unimplemented!() }
/// # fn place_count() -> Query<'static, One<Value<i64>>> { unimplemented!() }
/// # async fn example(pool: &Pool) -> Result<(), Error> {
/// let (name, count) = howdah::batch((place_name(7), place_count())).fetch(pool).await?;
///
/// let names = howdah::batch((1..100).map(place_name).collect::<Vec<_>>()).fetch(pool).await?;
/// let found: Vec<String> = names.into_iter().flatten().collect();
/// # Ok(()) }
/// ```
pub fn batch<Q: BatchQueries>(queries: Q) -> Batch<Q> {
    Batch(queries)
}

/// Queries to run together; see [`batch`].
#[must_use = "a batch does nothing until it is fetched"]
pub struct Batch<Q>(Q);

impl<Q: BatchQueries> Batch<Q> {
    /// Runs all queries and returns their results. Outside of a transaction, a query that fails does not undo the others.
    ///
    /// # Errors
    ///
    /// The error of the first query that failed, or an error if there is no connection.
    pub fn fetch<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<Q::Output, Error>> + Send + use<'e, Q, E> {
        let handle = executor.handle();
        async move {
            let session = handle.session().await?;
            Q::all(self.0.run(handle.on(&session)).await)
        }
    }

    /// Runs all queries and returns a `Result` for each.
    ///
    /// # Errors
    ///
    /// When there is no connection.
    pub fn fetch_each<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<Q::Results, Error>> + Send + use<'e, Q, E> {
        let handle = executor.handle();
        async move {
            let session = handle.session().await?;
            Ok(self.0.run(handle.on(&session)).await)
        }
    }
}

impl<Q> fmt::Debug for Batch<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").finish_non_exhaustive()
    }
}

/// A query that can be part of a batch: a [`Query`], or a [`DynamicQuery`] with a result type, which
/// [`yields`](DynamicQuery::yields) gives it.
pub trait BatchQuery: Send + Sync + sealed::Sealed {
    /// How many rows it returns, and their type.
    type Cardinality: Cardinality;

    #[doc(hidden)]
    fn text(&self) -> Text;

    #[doc(hidden)]
    fn asked<'q>(self, handle: Handle<'q>) -> Asked<'q>
    where
        Self: 'q;
}

impl<C: Cardinality> BatchQuery for Query<'_, C> {
    type Cardinality = C;

    fn text(&self) -> Text {
        self.text()
    }

    fn asked<'q>(self, handle: Handle<'q>) -> Asked<'q>
    where
        Self: 'q,
    {
        self.asked(handle)
    }
}

/// A [`DynamicQuery`] with a result type; see [`DynamicQuery::yields`].
#[must_use = "a query does nothing until it is part of a batch"]
pub struct TypedQuery<'a, C> {
    query: DynamicQuery<'a>,
    cardinality: PhantomData<fn() -> C>,
}

impl<C: Cardinality> BatchQuery for TypedQuery<'_, C> {
    type Cardinality = C;

    fn text(&self) -> Text {
        self.query.text()
    }

    fn asked<'q>(self, handle: Handle<'q>) -> Asked<'q>
    where
        Self: 'q,
    {
        self.query.asked(handle)
    }
}

impl<C> fmt::Debug for TypedQuery<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.query.fmt(f)
    }
}

impl<'a> DynamicQuery<'a> {
    /// States how many rows the query returns, and their type. A query in a [`batch`] needs this.
    ///
    /// ```no_run
    /// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    /// use howdah::{Many, One, Value, batch, query};
    ///
    /// let (now, names) = batch((
    ///     query("select now()::text").yields::<One<Value<String>>>(),
    ///     query("select name from places where country = $1").bind("NP").yields::<Many<Value<String>>>(),
    /// ))
    /// .fetch(pool)
    /// .await?;
    /// # Ok(()) }
    /// ```
    pub fn yields<C: Cardinality>(self) -> TypedQuery<'a, C> {
        TypedQuery {
            query: self,
            cardinality: PhantomData,
        }
    }
}

/// Queries that can run together: a tuple or a `Vec` of queries.
pub trait BatchQueries: Send + sealed::Sealed {
    /// The results of all queries.
    type Output: Send;
    /// A `Result` for each query.
    type Results: Send;

    #[doc(hidden)]
    fn run(self, handle: Handle<'_>) -> impl Future<Output = Self::Results> + Send;

    #[doc(hidden)]
    fn all(results: Self::Results) -> Result<Self::Output, Error>;
}

mod sealed {
    pub trait Sealed {}
    impl<C> Sealed for super::Query<'_, C> {}
    impl<C> Sealed for super::TypedQuery<'_, C> {}
    impl<Q: super::BatchQuery> Sealed for Vec<Q> {}
}

type Output<Q> = <<Q as BatchQuery>::Cardinality as Cardinality>::Output;

async fn one<Q: BatchQuery>(query: Q, handle: Handle<'_>) -> Result<Output<Q>, Error> {
    collect::<Q::Cardinality>(query.asked(handle)).await
}

/// The number of queries that may wait for their answers at once.
const ON_THEIR_WAY: usize = 256;

impl<Q: BatchQuery> BatchQueries for Vec<Q> {
    type Output = Vec<Output<Q>>;
    type Results = Vec<Result<Output<Q>, Error>>;

    async fn run(self, handle: Handle<'_>) -> Self::Results {
        if let Some(first) = self.first() {
            // Usually all have the same statement, so prepare it once. An error in it is ignored here: each query
            // reports it.
            let text = first.text();
            if let Ok(session) = handle.session().await {
                let _ = session.prepare(&text).await;
            }
        }
        let running = self.into_iter().map(|query| one(query, handle));
        stream::iter(running).buffered(ON_THEIR_WAY).collect().await
    }

    fn all(results: Self::Results) -> Result<Self::Output, Error> {
        results.into_iter().collect()
    }
}

macro_rules! tuples {
    ($($($name:ident $value:ident)+;)+) => {$(
        impl<$($name: BatchQuery),+> sealed::Sealed for ($($name,)+) {}

        impl<$($name: BatchQuery),+> BatchQueries for ($($name,)+) {
            type Output = ($(Output<$name>,)+);
            type Results = ($(Result<Output<$name>, Error>,)+);

            async fn run(self, handle: Handle<'_>) -> Self::Results {
                let ($($value,)+) = self;
                tokio::join!($(one($value, handle)),+)
            }

            fn all(results: Self::Results) -> Result<Self::Output, Error> {
                let ($($value,)+) = results;
                Ok(($($value?,)+))
            }
        }
    )+};
}

tuples! {
    A a;
    A a B b;
    A a B b C c;
    A a B b C c D d;
    A a B b C c D d E e;
    A a B b C c D d E e F f;
    A a B b C c D d E e F f G g;
    A a B b C c D d E e F f G g H h;
    A a B b C c D d E e F f G g H h I i;
    A a B b C c D d E e F f G g H h I i J j;
    A a B b C c D d E e F f G g H h I i J j K k;
    A a B b C c D d E e F f G g H h I i J j K k L l;
}
