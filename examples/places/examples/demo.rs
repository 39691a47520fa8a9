//! The whole way in one go: an empty database, migrations, all places of GeoNames, the service, and some requests.
//!
//! It uses the database of `DATABASE_URL` if that is set, and else a throw-away server. `cargo xtask demo` runs it; with
//! `--serve` it goes on serving.

#[path = "../tests/http/client.rs"]
mod client;

use std::env;
use std::net::SocketAddr;
use std::time::Instant;

use client::{Error, send};
use howdah::Pool;
use howdah_codegen::scratch::{Database, Server};
use hyper::Method;
use places::{api, load, migrate};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let (url, _scratch) = database()?;
    let pool = Pool::connect(&url).await?;
    for name in migrate::migrate(&pool).await? {
        println!("Ran migration {name}");
    }
    let loaded = load::load(&pool).await?;
    println!(
        "Loaded {} of {} places of GeoNames in {:.1} s: {:.0} rows a second",
        loaded.added,
        loaded.read,
        loaded.elapsed.as_secs_f64(),
        loaded.rows_per_second(),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    println!("Serving on http://{address}");
    let service = tokio::spawn(api::serve(listener, pool));
    show(address).await?;
    println!("\nPlaces: GeoNames (https://www.geonames.org), CC BY 4.0");
    if env::args().any(|argument| argument == "--serve") {
        println!("Still serving on http://{address}; Ctrl-C stops it");
        service.await??;
    }
    Ok(())
}

/// Where the places go. A throw-away database lives as long as what is returned with its URL.
fn database() -> Result<(String, Option<Database>), Error> {
    if let Ok(url) = env::var("DATABASE_URL")
        && !url.is_empty()
    {
        return Ok((url, None));
    }
    let server = Server::shared()?;
    server.require_extension("postgis")?;
    let database = server.database()?;
    println!("Started a throw-away PostgreSQL server");
    Ok((database.url().to_owned(), Some(database)))
}

/// A few requests, and their answers.
async fn show(service: SocketAddr) -> Result<(), Error> {
    let get = Method::GET;
    let near = "/places/near?lat=48.8566&lon=2.3522&radius=3000&limit=3";
    ask(service, &get, "/places?prefix=Kathm&limit=3", None).await?;
    ask(service, &get, near, None).await?;
    let tagged = "/countries/IS/places?tag=east&limit=3";
    ask(service, &get, tagged, None).await?;
    let camp = json!({
        "name": "Everest Base Camp", "country": "NP", "lat": 28.0043, "lon": 86.8571,
        "tags": ["mountain", "camp"], "details": { "metres": 5364 },
    });
    let path = ask(service, &Method::POST, "/places", Some(&camp)).await?;
    if let Some(path) = path {
        ask(service, &get, &path, None).await?;
        let rename = json!({ "name": "South Base Camp" });
        ask(service, &Method::PATCH, &path, Some(&rename)).await?;
        let back = json!({ "name": "Everest Base Camp" });
        ask(service, &Method::PATCH, &path, Some(&back)).await?;
    }
    ask(service, &Method::POST, "/places", Some(&camp)).await?;
    let unknown = json!({ "name": "Atlantis", "country": "ZZ", "lat": 31.0, "lon": -24.0 });
    ask(service, &Method::POST, "/places", Some(&unknown)).await?;
    ask(service, &get, "/places/0", None).await?;
    Ok(())
}

/// Asks, prints, and returns where the answer says the new place is.
async fn ask(
    service: SocketAddr,
    method: &Method,
    path: &str,
    body: Option<&Value>,
) -> Result<Option<String>, Error> {
    let text = body.map(Value::to_string).unwrap_or_default();
    println!("\n> {method} {path}");
    if !text.is_empty() {
        println!("> {text}");
    }
    let started = Instant::now();
    let answer = send(service, method.clone(), path, text).await?;
    let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
    println!("< {} in {milliseconds:.1} ms", answer.status);
    match answer.body {
        Value::Array(items) => items.iter().for_each(|item| println!("< {item}")),
        other => println!("< {other}"),
    }
    Ok(answer.location)
}
