//! The command `places`: migrate, load, serve.

use std::error::Error;

use clap::{Parser, Subcommand};
use howdah::Pool;
use places::{api, load, migrate, queries};
use tokio::net::TcpListener;

/// The places of GeoNames as a web service.
#[derive(Debug, Parser)]
struct Options {
    /// The database
    #[arg(long, env = "DATABASE_URL")]
    database_url: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the database up to date
    Migrate,
    /// Add the places of GeoNames
    Load,
    /// Answer requests
    Serve {
        /// Where to listen; port 0 is any that is free
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
    },
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let options = Options::parse();
    let pool = Pool::connect(&options.database_url).await?;
    match options.command {
        Command::Migrate => {
            for name in migrate::migrate(&pool).await? {
                println!("ran {name}");
            }
        }
        Command::Load => {
            let loaded = load::load(&pool).await?;
            let seconds = loaded.elapsed.as_secs_f64();
            let rate = loaded.rows_per_second();
            println!(
                "added {} of {} places in {seconds:.1} s, {rate:.0} a second",
                loaded.added, loaded.read
            );
        }
        Command::Serve { listen } => {
            // Rather not start than fail at the first request, if a migration is missing.
            queries::verify(&pool).await?;
            let listener = TcpListener::bind(listen).await?;
            println!("listening on http://{}", listener.local_addr()?);
            api::serve(listener, pool).await?;
        }
    }
    Ok(())
}
