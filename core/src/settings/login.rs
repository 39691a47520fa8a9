//! Passwords that an app finds out whenever a connection is opened, such as tokens that expire.

use std::{error::Error as StdError, fmt, future::Future, pin::Pin, sync::Arc};

use zeroize::Zeroizing;

use crate::{Error, ErrorKind, connect::Password};

/// What a password is for; see [`PoolBuilder::password`](crate::PoolBuilder::password).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Login {
    /// The host as in the URL, or the directory of the socket.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The role.
    pub user: String,
    /// The database.
    pub database: String,
}

type Asked = Pin<Box<dyn Future<Output = Result<Password, Error>> + Send>>;

/// The function that finds out the password.
#[derive(Clone)]
pub(crate) struct AskPassword(Arc<dyn Fn(Login) -> Asked + Send + Sync>);

impl AskPassword {
    pub(crate) fn new<F, P, E>(ask: impl Fn(Login) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<P, E>> + Send + 'static,
        P: Into<String>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        Self(Arc::new(move |login| {
            let asked = ask(login);
            Box::pin(async move {
                match asked.await {
                    Ok(password) => Ok(Zeroizing::new(password.into().into_bytes())),
                    Err(error) => Err(refused(error.into())),
                }
            })
        }))
    }

    pub(super) async fn ask(&self, login: Login) -> Result<Password, Error> {
        (self.0)(login).await
    }
}

#[cold]
fn refused(error: Box<dyn StdError + Send + Sync>) -> Error {
    let message = format!("the app did not find out the password: {error}");
    Error::new(ErrorKind::Connection, message).telling(error)
}

impl fmt::Debug for AskPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AskPassword").finish_non_exhaustive()
    }
}
