//! Enums, composites and domains, as the code generator writes them, through a real server.

use chrono::NaiveDate;
use howdah::{
    Accepts, BytesMut, Decode, DecodeError, Encode, EncodeError, IsNull, PgComposite, PgDomain,
    PgEnum, Pool, TransactionOptions, Type, Value, copy_in, query,
};

use super::round_trip::{round_trip, told};
use crate::shared_db::support::pool;

/// As the code generator writes an enum.
#[derive(Clone, Debug, PartialEq)]
enum Mood {
    Happy,
    VerySad,
}

impl<'r> Decode<'r> for Mood {
    const ACCEPTS: &'static Accepts = &Accepts::User {
        schema: "public",
        name: "mood",
    };

    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        howdah::__private::decode_enum(raw, |label| match label {
            "happy" => Some(Self::Happy),
            "very sad" => Some(Self::VerySad),
            _ => None,
        })
    }
}

impl Encode for Mood {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let label = match self {
            Self::Happy => "happy",
            Self::VerySad => "very sad",
        };
        Ok(howdah::__private::encode_enum(label, out))
    }
}

/// As the code generator writes a composite.
#[derive(Clone, Debug, PartialEq)]
struct Visit {
    moods: Vec<Mood>,
    at: Option<NaiveDate>,
}

impl<'r> Decode<'r> for Visit {
    const ACCEPTS: &'static Accepts = &Accepts::Composite {
        schema: "public",
        name: "visit",
        fields: &[
            ("moods", <Vec<Mood> as Decode<'static>>::ACCEPTS),
            ("at", <Option<NaiveDate> as Decode<'static>>::ACCEPTS),
        ],
    };

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let mut fields = howdah::__private::CompositeReader::new(ty, raw, 2)?;
        Ok(Self {
            moods: fields.field("moods")?,
            at: fields.field("at")?,
        })
    }
}

impl Encode for Visit {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let mut fields = howdah::__private::CompositeWriter::new(ty, out)?;
        fields.field(&self.moods)?;
        fields.field(&self.at)?;
        fields.finish()
    }
}

#[tokio::test]
async fn user_types() {
    let (pool, _database) = pool().await;
    pool.batch_execute(
        "create type mood as enum ('happy', 'very sad', 'bored');
         create type visit as (dropped int, moods mood[], at date);
         alter type visit drop attribute dropped;
         create domain email as text check (value like '%@%');",
    )
    .await
    .unwrap();
    told("mood", |mood| match mood {
        Mood::Happy => "happy".to_owned(),
        Mood::VerySad => "very sad".to_owned(),
    })
    .run(&pool, [Mood::Happy, Mood::VerySad])
    .await;
    let visit = Visit {
        moods: vec![Mood::Happy, Mood::VerySad],
        at: None,
    };
    told("visit", |_| r#"("{happy,\"very sad\"}",)"#.to_owned())
        .run(&pool, [visit])
        .await;
    round_trip("email").run(&pool, ["a@b".to_owned()]).await;

    let unknown = query("select 'bored'::mood as now")
        .fetch_one::<Value<Mood>>(&pool)
        .await
        .unwrap_err();
    assert!(
        unknown
            .to_string()
            .ends_with("column `now`: unknown label `bored`, `Mood` cannot hold it"),
        "{unknown}"
    );

    pool.batch_execute("alter type visit rename attribute at to seen")
        .await
        .unwrap();
    let changed = Pool::connect(_database.url()).await.unwrap();
    let error = query("select null::visit as v")
        .fetch_one::<Value<Option<Visit>>>(&changed)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), howdah::ErrorKind::Mapping, "{error}");
}

/// Apps that have a schema for each tenant have its types there, too, and choose all by `search_path`.
#[tokio::test]
async fn a_type_of_public_is_the_one_that_the_search_path_finds() {
    #[derive(Clone, Copy, Debug, PartialEq, PgEnum)]
    #[pg(rename_all = "lowercase")]
    enum Phase {
        Egg,
        Larva,
    }
    #[derive(Clone, Debug, PartialEq, PgDomain)]
    struct Tag(String);
    #[derive(Clone, Debug, PartialEq, PgComposite)]
    struct Sighting {
        phase: Option<Phase>,
        tag: Option<Tag>,
    }
    let (all, database) = pool().await;
    let url = database.url();
    let join = if url.contains('?') { '&' } else { '?' };
    for (tenant, labels) in [
        ("north", "'egg', 'larva'"),
        ("south", "'moth', 'larva', 'egg'"),
    ] {
        let schema = format!(
            "create schema {tenant}; set local search_path = {tenant}; create type phase as enum ({labels});
             create domain tag as text check (value <> ''); create type sighting as (phase phase, tag tag);
             create table seen (phases phase[], tag tag, sighting sighting)"
        );
        all.batch_execute(&schema).await.unwrap();
        let url = format!("{url}{join}options=-c%20search_path%3D{tenant}");
        let pool = Pool::connect(&url).await.unwrap();
        let sighting = Sighting {
            phase: Some(Phase::Egg),
            tag: Some(Tag("a".to_owned())),
        };
        let row = (
            vec![Phase::Larva, Phase::Egg],
            Tag("b".to_owned()),
            sighting,
        );
        let insert = query("insert into seen values ($1, $2, $3)");
        let insert = insert
            .bind(row.0.clone())
            .bind(row.1.clone())
            .bind(row.2.clone());
        insert.execute(&pool).await.unwrap();
        copy_in("seen")
            .from_rows([row.clone()], &pool)
            .await
            .unwrap();
        let seen = query("select * from seen where $1 = any(phases)").bind(Phase::Egg);
        let seen = seen.fetch_all::<(Vec<Phase>, Tag, Sighting)>(&pool).await;
        assert_eq!(seen.unwrap(), [row.clone(), row]);
    }
    // A label that only another tenant has is told.
    query("insert into south.seen values (array['moth']::south.phase[])")
        .execute(&all)
        .await
        .unwrap();
    let moth = query("select phases from south.seen where tag is null");
    let error = moth.fetch_one::<(Vec<Phase>,)>(&all).await.unwrap_err();
    assert!(error.to_string().contains("moth"), "{error}");
}

#[tokio::test]
async fn one_pool_serves_the_types_of_all_tenants_if_it_keeps_no_statements() {
    #[derive(Debug, PartialEq, PgEnum)]
    #[pg(rename_all = "lowercase")]
    enum Phase {
        Egg,
        Larva,
    }
    let (_, database) = pool().await;
    let builder = || {
        Pool::builder(database.url())
            .unwrap()
            .max_size(1)
            .statement_cache(0)
    };
    for pool in [
        builder().build().unwrap(),
        builder().unnamed_statements().build().unwrap(),
    ] {
        for tenant in ["north", "south", "north", "south"] {
            let schema = format!(
                "create schema if not exists {tenant}; set local search_path = {tenant};
                 drop table if exists seen; drop type if exists phase;
                 create type phase as enum ('egg', 'larva'); create table seen (phase phase)"
            );
            pool.batch_execute(&schema).await.unwrap();
            let options = TransactionOptions::new().setting("search_path", tenant);
            let seen = pool.transaction_with(&options, async |tx| {
                let insert = query("insert into seen values ($1), ($2)");
                insert
                    .bind(Phase::Larva)
                    .bind(Phase::Egg)
                    .execute(tx)
                    .await?;
                let seen = query("select phase from seen where phase = $1").bind(Phase::Egg);
                seen.fetch_all::<Value<Phase>>(tx).await
            });
            assert_eq!(seen.await.unwrap(), [Phase::Egg]);
        }
    }
}
