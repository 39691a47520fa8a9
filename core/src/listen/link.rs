//! A connection of a listener, and how to get the next one: with repeated attempts, each after a longer wait, until one
//! listens to all channels.

use std::{collections::BTreeSet, future::pending, sync::Arc, time::Duration};

use postgres_protocol::escape::escape_identifier;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};

use super::{Notification, Options, Underway};
use crate::{Error, random::random, session::Session, settings::Settings};

pub(super) struct Link {
    pub(super) session: Arc<Session>,
    pub(super) inbox: mpsc::Receiver<Notification>,
    /// The `LISTEN` or `UNLISTEN` that is running, and whether it succeeds.
    pub(super) telling: Option<Underway<bool>>,
    /// The time of the last sign of life of the server.
    pub(super) heard: Instant,
    /// The check whether the server still answers, while it runs.
    pub(super) asking: Option<Underway<bool>>,
}

/// A dropped session ends once all answers are read. This ends it at once.
impl Drop for Link {
    fn drop(&mut self) {
        self.session.close();
    }
}

/// When to try again.
#[derive(Clone, Copy)]
pub(super) struct Retry {
    pub(super) first: Duration,
    pub(super) longest: Duration,
    pub(super) give_up: Option<Duration>,
}

/// Connects, and listens to the channels.
pub(super) async fn connect(
    settings: &Settings,
    channels: &BTreeSet<String>,
    buffer: usize,
) -> Result<Link, Error> {
    let (sender, inbox) = mpsc::channel(buffer);
    let session = Session::open(&settings.with_inbox(sender)).await?;
    let mut link = Link {
        session,
        inbox,
        telling: None,
        heard: Instant::now(),
        asking: None,
    };
    if !channels.is_empty() {
        let sql = listen_sql(channels.iter().map(String::as_str));
        let Link { session, inbox, .. } = &mut link;
        // Notifications can come before the answer, which is not read while the inbox is full. They are dropped; the
        // gap that is reported includes them.
        let passed_over = async {
            while inbox.recv().await.is_some() {}
            pending().await
        };
        tokio::select! {
            listening = session.batch(&sql) => listening?,
            () = passed_over => {}
        }
    }
    Ok(link)
}

/// Tries to connect until it works.
pub(super) async fn reconnect(
    settings: Arc<Settings>,
    channels: BTreeSet<String>,
    options: Options,
) -> Result<Link, Error> {
    let retry = options.retry;
    let began = Instant::now();
    let mut wait = retry.first;
    loop {
        let error = match connect(&settings, &channels, options.buffer).await {
            Ok(link) => return Ok(link),
            Err(error) => error,
        };
        // Many clients can lose the same server; they should not all connect again at the same moment.
        let jitter = (wait / 1024).saturating_mul((random() % 1024) as u32);
        let jittered = (wait / 2).saturating_add(jitter);
        let waited = began.elapsed().saturating_add(jittered);
        if retry.give_up.is_some_and(|limit| waited > limit) {
            return Err(error);
        }
        sleep(jittered).await;
        wait = wait.saturating_mul(2).min(retry.longest);
    }
}

/// `LISTEN "a"; LISTEN "b"`
pub(super) fn listen_sql<'c>(channels: impl IntoIterator<Item = &'c str>) -> String {
    let commands: Vec<_> = channels
        .into_iter()
        .map(|channel| format!("LISTEN {}", escape_identifier(channel)))
        .collect();
    commands.join("; ")
}
