//! A few connections that many tasks use at once. Each statement is sent at once, after those of other tasks, so that a
//! connection is never idle between two round trips. This works only for statements that do not depend on the session,
//! which is checked when they are prepared. A slow statement delays those after it, so a connection without progress is
//! skipped.

use std::{
    fmt,
    future::pending,
    panic::Location,
    sync::{
        Arc, Mutex, Weak,
        atomic::{
            AtomicU32, AtomicU64,
            Ordering::{AcqRel, Acquire, Relaxed},
        },
    },
    time::{Duration, Instant},
};

use tokio::time::sleep;

use super::{Holder, Pool};
use crate::{
    Connection, Error, Executor,
    executor::{Handle, SessionGuard, sealed::Sealed},
    locked::locked,
    session::Session,
};

/// The time without an answer after which no more statements are sent on a connection.
const PATIENCE: Duration = Duration::from_millis(10);

/// The most statements that run on a connection at once.
const MOST_UNDER_WAY: u32 = 64;

/// An executor that runs the statements of many tasks on the same connections; see [`Pool::multiplexed`]. Clones share the
/// connections.
#[derive(Clone)]
pub struct Multiplexed(Arc<Lanes>);

pub(super) struct Lanes {
    pool: Pool,
    lanes: Box<[Lane]>,
    began: Instant,
    /// The code that called [`Pool::multiplexed`].
    place: &'static Location<'static>,
}

#[derive(Default)]
struct Lane {
    connection: Mutex<Option<Arc<Connection>>>,
    /// Held while a connection is opened.
    opening: tokio::sync::Mutex<()>,
    under_way: AtomicU32,
    /// The time of the last answer, or of the last statement that was sent on an idle connection, in microseconds.
    progress: AtomicU64,
}

/// A place on a shared connection, for one statement.
pub(crate) struct SharedConnection<'m> {
    connection: Arc<Connection>,
    /// Counts the statement until this is dropped.
    _place: Place<'m>,
}

/// One of the statements that run on a lane.
struct Place<'m> {
    lanes: &'m Lanes,
    lane: &'m Lane,
}

impl Pool {
    /// An executor that runs the statements of many tasks on few connections, several at a time on each.
    ///
    /// This is faster if many tasks share few connections: a statement is sent at once, while with the pool it would
    /// wait for a free connection. Only single statements that do not depend on the session can run in this way:
    /// `select`, `insert`, `update`, `delete`, `merge` and `values`. Each is a transaction of its own. Other statements
    /// are refused, and so are functions whose effect lasts longer than the statement, such as `set_config` and
    /// advisory locks.
    ///
    /// The `connections` are taken out of the pool when they are first needed, and are kept until the pool is closed. At
    /// least one connection is left for everything else: of a pool of 4 ([`max_size`](crate::PoolBuilder::max_size)), all
    /// its `Multiplexed` together keep 3 at most. One for which none is left runs its statements on the pool.
    ///
    /// A slow statement delays the statements that were sent after it on the same connection. When it takes longer than some
    /// milliseconds, new statements go to another of these connections, or to a connection of the pool, whichever is free
    /// first. Run statements that you know to be slow on the pool. Dropping a future does not cancel its statement. Queries with a deadline
    /// ([`Executor::within`]) get a connection of their own.
    ///
    /// ```no_run
    /// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    /// use howdah::Value;
    ///
    /// let reads = pool.multiplexed(2);
    /// let name = howdah::query("select name from places where id = $1").bind(42_i64);
    /// let name = name.fetch_opt::<Value<String>>(&reads).await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    #[track_caller]
    pub fn multiplexed(&self, connections: usize) -> Multiplexed {
        let mut known = locked(&self.0.lanes);
        let others: Vec<_> = known.iter().filter_map(Weak::upgrade).collect();
        let kept = others
            .iter()
            .map(|others| others.lanes.len())
            .sum::<usize>();
        let free = self.0.limits.max_size.saturating_sub(1 + kept);
        let lanes = (0..connections.max(1).min(free)).map(|_| Lane::default());
        let lanes = Arc::new(Lanes {
            pool: self.clone(),
            lanes: lanes.collect(),
            began: Instant::now(),
            place: Location::caller(),
        });
        known.retain(|lanes| lanes.strong_count() > 0);
        known.push(Arc::downgrade(&lanes));
        drop(known);
        // Outside of the lock: the last of one gives back its connections.
        drop(others);
        Multiplexed(lanes)
    }
}

impl Multiplexed {
    pub(crate) fn pool(&self) -> &Pool {
        &self.0.pool
    }

    /// A place on the connection with the fewest statements, or a connection of one's own where none gets on or there is none.
    pub(crate) async fn session(&self, holder: Holder) -> Result<SessionGuard<'_>, Error> {
        match self.0.place() {
            Some(place) => self.at(place).await,
            None => Box::pin(self.beside(holder)).await,
        }
    }

    /// A connection of one's own, or a place that gets free before there is one.
    async fn beside(&self, holder: Holder) -> Result<SessionGuard<'_>, Error> {
        let lanes = &*self.0;
        let place = async {
            if lanes.lanes.is_empty() {
                return pending().await;
            }
            loop {
                sleep(PATIENCE).await;
                if let Some(place) = lanes.place() {
                    return place;
                }
            }
        };
        match lanes.pool.0.take_unless(holder, place).await? {
            Ok(taken) => Ok(SessionGuard::Pooled(taken)),
            Err(place) => self.at(place).await,
        }
    }

    async fn at<'m>(&'m self, place: Place<'m>) -> Result<SessionGuard<'m>, Error> {
        let connection = match place.lane.open_connection() {
            Some(connection) => connection,
            None => Box::pin(self.0.connect(place.lane)).await?,
        };
        Ok(SessionGuard::Shared(SharedConnection {
            connection,
            _place: place,
        }))
    }
}

impl Lanes {
    fn now(&self) -> u64 {
        // 500,000 years fit into a `u64`.
        self.began.elapsed().as_micros() as u64
    }

    fn place(&self) -> Option<Place<'_>> {
        let now = self.now();
        let lane = self
            .lanes
            .iter()
            .filter_map(|lane| Some((lane.load(now)?, lane)));
        let (_, lane) = lane.min_by_key(|(load, _)| *load)?;
        if lane.under_way.fetch_add(1, AcqRel) == 0 {
            lane.progress.store(now, Relaxed);
        }
        Some(Place { lanes: self, lane })
    }

    /// Opens the lane's connection, unless another task has done so in the meantime.
    async fn connect(&self, lane: &Lane) -> Result<Arc<Connection>, Error> {
        let _only_one = lane.opening.lock().await;
        if let Some(connection) = lane.open_connection() {
            return Ok(connection);
        }
        // Drop the old connection first: its place in the pool may be the only one.
        let before = locked(&lane.connection).take();
        drop(before);
        let holder = Holder::Code(self.place);
        let connection = Arc::new(self.pool.take(holder).await?);
        connection.session().share();
        *locked(&lane.connection) = Some(Arc::clone(&connection));
        // If the pool was closed in the meantime, this connection was missed.
        if self.pool.0.is_closed() {
            self.let_go();
        }
        Ok(connection)
    }

    /// Gives the connections back, each after the statements that run on it.
    pub(super) fn let_go(&self) {
        for lane in &self.lanes {
            let connection = locked(&lane.connection).take();
            drop(connection);
        }
    }
}

impl Lane {
    /// The number of running statements. `None` if there are too many, or there is no progress.
    fn load(&self, now: u64) -> Option<u32> {
        let under_way = self.under_way.load(Acquire);
        let waited = now.saturating_sub(self.progress.load(Relaxed));
        let stalls = under_way > 0 && u128::from(waited) > PATIENCE.as_micros();
        (!stalls && under_way < MOST_UNDER_WAY).then_some(under_way)
    }

    /// The connection, if it is open and neither broken nor too old.
    fn open_connection(&self) -> Option<Arc<Connection>> {
        let connection = locked(&self.connection);
        let connection = connection.as_ref()?;
        connection.is_fresh().then(|| Arc::clone(connection))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.lane.progress.store(self.lanes.now(), Relaxed);
        self.lane.under_way.fetch_sub(1, AcqRel);
    }
}

impl SharedConnection<'_> {
    pub(crate) fn session(&self) -> &Session {
        self.connection.session()
    }
}

impl Sealed for Multiplexed {}

impl Executor for Multiplexed {
    fn handle(&self) -> Handle<'_> {
        Handle::multiplexed(self)
    }
}

impl fmt::Debug for Multiplexed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Multiplexed")
            .field("connections", &self.0.lanes.len())
            .field("pool", &self.0.pool)
            .finish()
    }
}
