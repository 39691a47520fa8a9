#[derive(Debug)]
struct Place {
    id: i64,
}

async fn rows(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    let query = || howdah::query("select id from places");
    query().fetch_one::<i64>(pool).await?;
    let places: Vec<Place> = query().fetch_all(pool).await?;
    Ok(())
}

fn main() {}
