//! The service under test, on a free port and a database of its own.

use std::net::SocketAddr;

use howdah::Pool;
use howdah_codegen::scratch::{Database, ScratchError, Server, Template};
use hyper::{Method, StatusCode};
use places::{api, load, migrate};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::OnceCell;

use crate::client::{Answer, send};

/// A running service. It stops with the test, and its database goes.
pub(crate) struct Service {
    address: SocketAddr,
    pub(crate) pool: Pool,
    _database: Database,
}

impl Service {
    /// The service, with all places loaded.
    pub(crate) async fn start() -> Self {
        let database = loaded().await.database().unwrap();
        let pool = Pool::connect(database.url()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(api::serve(listener, pool.clone()));
        Self {
            address,
            pool,
            _database: database,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, String::new()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, body.to_string()).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, body.to_string()).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: String) -> Answer {
        send(self.address, method, path, body).await.unwrap()
    }
}

/// The database that each test gets a copy of.
async fn loaded() -> &'static Template {
    static LOADED: OnceCell<Template> = OnceCell::const_new();
    LOADED
        .get_or_init(|| async {
            tokio::task::spawn_blocking(make_template)
                .await
                .unwrap()
                .unwrap()
        })
        .await
}

fn make_template() -> Result<Template, ScratchError> {
    let server = Server::shared()?;
    server.require_extension("postgis")?;
    server.template("geonames", |url| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let pool = Pool::connect(url).await.unwrap();
            migrate::migrate(&pool).await.unwrap();
            load::load(&pool).await.unwrap();
        });
        Ok(())
    })
}

impl Answer {
    /// The body, once the status is as expected.
    #[track_caller]
    pub(crate) fn expect(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The message of a refusal, once its status and kind are as expected.
    #[track_caller]
    pub(crate) fn refusal(self, status: StatusCode, error: &str) -> String {
        let body = self.expect(status);
        assert_eq!(body["error"], error, "{body}");
        body["message"].as_str().unwrap().to_owned()
    }
}
