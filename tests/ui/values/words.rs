//! Settings that there are not, or that have no such value.

use howdah::{PgComposite, PgDomain, PgEnum};

#[derive(PgEnum)]
#[pg(nane = "mood", name = mood, name = "", rename_all = "snake")]
enum Mood {
    #[pg(renam = "happy")]
    Happy,
    #[pg(other = "x")]
    Other(String),
    #[pg(rename = "a label that is longer than the sixty-three bytes that PostgreSQL has room for")]
    Long,
    AVariantThatIsLongerThanTheSixtyThreeBytesThatPostgreSqlHasRoomFor,
}

#[derive(PgComposite)]
#[pg(transparent)]
struct Address {
    #[pg(other)]
    street: String,
    #[pg(rename = "a", rename = "b")]
    city: String,
    a_field_that_is_longer_than_the_sixty_three_bytes_that_postgresql_has_room_for: String,
}

#[derive(PgDomain)]
#[pg(rename_all = "lowercase", crate = "howdah")]
struct Email(String);

#[derive(PgDomain)]
struct ADomainThatIsLongerThanTheSixtyThreeBytesThatPostgreSqlHasRoomFor(String);

#[derive(PgDomain)]
#[pg(name = "shop.an_address_that_is_longer_than_the_sixty_three_bytes_that_there_is_room_for")]
struct Long(String);

fn main() {}
