//! The derives for types of the database, through a real server.

use std::borrow::Cow;

use howdah::{Json, PgComposite, PgDomain, PgEnum, PgRow, Record, Value, query};

use super::{refusal, round_trip::told};
use crate::shared_db::support::pool;

#[derive(Clone, Debug, PartialEq, PgEnum)]
#[pg(rename_all = "lowercase")]
enum Mood {
    Happy,
    #[pg(rename = "so, so \"ö\"")]
    SoSo,
}

#[derive(Clone, Debug, PartialEq, PgEnum)]
#[pg(name = "mood", rename_all = "lowercase")]
enum OwnedMood {
    Happy,
    #[pg(other)]
    Other(String),
}

#[derive(Clone, Debug, PartialEq, PgEnum)]
#[pg(name = "mood", rename_all = "lowercase")]
enum AnyMood<'a> {
    Happy,
    #[pg(other)]
    Other(Cow<'a, str>),
}

#[derive(Clone, Debug, PartialEq, PgDomain)]
#[pg(name = "post office.e-mail")]
struct Email(String);

#[derive(Clone, Debug, PartialEq, PgDomain)]
#[pg(transparent)]
struct PlaceId(i64);

#[derive(Clone, Debug, PartialEq, PgComposite)]
#[pg(schema = "post office", name = "select.from", rename_all = "camelCase")]
struct Person {
    place_id: PlaceId,
    #[pg(rename = "Mood of the \"day\"")]
    mood: Option<Mood>,
    emails: Vec<Option<Email>>,
    notes: Option<Json<Vec<String>>>,
}

#[derive(Clone, Debug, PartialEq, PgComposite)]
struct Household {
    head: Option<Person>,
    members: Vec<Person>,
}

#[derive(Clone, Debug, PartialEq, PgDomain)]
struct Home(Household);

#[derive(Debug, PartialEq, PgComposite)]
#[pg(schema = "post office", name = "select.from", rename_all = "camelCase")]
struct Borrowed<'a> {
    place_id: i64,
    #[pg(rename = "Mood of the \"day\"")]
    mood: Option<AnyMood<'a>>,
    emails: Vec<Option<&'a str>>,
    notes: Option<Json<Vec<&'a str>>>,
}

const SCHEMA: &str = r#"
    create schema "post office";
    create type mood as enum ('happy', 'so, so "ö"', 'bored');
    create domain "post office"."e-mail" as text check (value like '%@%');
    create type "post office"."select.from" as (
        "placeId" bigint, gone int, "Mood of the ""day""" mood, emails "post office"."e-mail"[], notes jsonb);
    alter type "post office"."select.from" drop attribute gone;
    create type household as (head "post office"."select.from", members "post office"."select.from"[]);
    create domain home as household;
"#;

fn person(mood: Option<Mood>) -> Person {
    Person {
        place_id: PlaceId(7),
        mood,
        emails: vec![Some(Email("a,b@\"c\"".to_owned())), None],
        notes: Some(Json(vec!["x".to_owned()])),
    }
}

#[tokio::test]
async fn derived_types_survive_everywhere() {
    let (pool, _database) = pool().await;
    pool.batch_execute(SCHEMA).await.unwrap();
    told("mood", |mood| match mood {
        Mood::Happy => "happy".to_owned(),
        Mood::SoSo => "so, so \"ö\"".to_owned(),
    })
    .run(&pool, [Mood::Happy, Mood::SoSo])
    .await;
    told("\"post office\".\"e-mail\"", |email: &Email| {
        email.0.clone()
    })
    .run(&pool, [Email("a@b".to_owned())])
    .await;
    told("int8", |id: &PlaceId| id.0.to_string())
        .run(&pool, [PlaceId(i64::MIN), PlaceId(0)])
        .await;
    let text = |person: &Person| {
        let mood = match person.mood {
            Some(Mood::Happy) => "happy",
            Some(Mood::SoSo) => r#""so, so ""ö""""#,
            None => "",
        };
        format!(r#"(7,{mood},"{{""a,b@\\""c\\"""",NULL}}","[""x""]")"#)
    };
    let people = [
        person(Some(Mood::SoSo)),
        person(None),
        person(Some(Mood::Happy)),
    ];
    told("\"post office\".\"select.from\"", text)
        .run(&pool, people)
        .await;
    let households = [
        Household {
            head: None,
            members: vec![],
        },
        Household {
            head: Some(person(None)),
            members: vec![person(None), person(Some(Mood::Happy))],
        },
    ];
    for household in households {
        let sql = "select $1::household, $2::home, ($1::household).head, ($2::home).members";
        let asked = query(sql)
            .bind(household.clone())
            .bind(Home(household.clone()));
        type Row = (Household, Home, Option<Person>, Vec<Person>);
        let (back, home, head, members) = asked.fetch_one::<Row>(&pool).await.unwrap();
        assert_eq!((&back, &home.0), (&household, &household));
        assert_eq!((head, members), (household.head, household.members));
    }
}

#[tokio::test]
async fn labels_that_rust_does_not_know() {
    let (pool, _database) = pool().await;
    pool.batch_execute(SCHEMA).await.unwrap();
    let error = refusal::<Mood>(&pool, "'bored'::mood").await;
    assert!(
        error.ends_with("column `x`: unknown label `bored`, `Mood` cannot hold it"),
        "{error}"
    );
    let sql = "select $1::mood, array['happy', 'bored']::mood[]";
    let sent = query(sql).bind(OwnedMood::Other("bored".to_owned()));
    let (back, all) = sent
        .fetch_one::<(OwnedMood, Vec<OwnedMood>)>(&pool)
        .await
        .unwrap();
    assert_eq!(back, OwnedMood::Other("bored".to_owned()));
    assert_eq!(all, [OwnedMood::Happy, back]);
    let unknown = query("select $1::mood").bind(OwnedMood::Other("angry".to_owned()));
    let error = unknown
        .fetch_one::<Value<OwnedMood>>(&pool)
        .await
        .unwrap_err();
    assert_eq!(error.sqlstate(), Some("22P02"), "{error}");
}

#[tokio::test]
async fn what_a_composite_cannot_hold_is_an_error() {
    let (pool, _database) = pool().await;
    pool.batch_execute(SCHEMA).await.unwrap();
    let null = refusal::<Person>(
        &pool,
        "row(null, 'happy', null, null)::\"post office\".\"select.from\"",
    )
    .await;
    assert!(
        null.contains("unexpected null in field `placeId`, `Person` cannot hold it"),
        "{null}"
    );
    let rows = query("select $1::\"post office\".\"select.from\" as person")
        .bind(person(Some(Mood::SoSo)))
        .fetch_rows(&pool);
    let rows = rows.await.unwrap();
    let borrowed: Vec<(Borrowed<'_>,)> = rows.read().unwrap().collect::<Result<_, _>>().unwrap();
    let expected = Borrowed {
        place_id: 7,
        mood: Some(AnyMood::Other(Cow::Borrowed("so, so \"ö\""))),
        emails: vec![Some("a,b@\"c\""), None],
        notes: Some(Json(vec!["x"])),
    };
    assert_eq!(borrowed, [(expected,)]);
}

/// What a connection has learnt of a composite is compared with each value, so that none is taken for another when the type
/// changes. Fields that were added do no harm to who reads the others.
#[tokio::test]
async fn composites_that_change_are_not_misread() {
    #[derive(Debug, PartialEq, PgComposite)]
    #[pg(name = "public.parcel")]
    struct Parcel {
        id: i32,
        weight: i32,
    }
    #[derive(Debug, PartialEq, PgComposite)]
    #[pg(name = "public.parcel")]
    struct Heavy {
        id: i32,
        weight: f32,
    }
    #[derive(Debug, PartialEq, PgRow)]
    struct Weighed {
        weight: i32,
    }

    let (_, database) = pool().await;
    // One connection, which has learnt what it knows.
    let pool = howdah::Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    pool.batch_execute(
        "create table parcel (id int, weight int); insert into parcel values (1, 20)",
    )
    .await
    .unwrap();
    let whole = || query("select p from parcel p");
    let in_order = async || whole().fetch_one::<Value<Parcel>>(&pool).await;
    let by_name = async || whole().fetch_one::<Value<Record<Weighed>>>(&pool).await;
    let send = async |parcel: Parcel| {
        let sent = query("select ($1::parcel).weight::text").bind(parcel);
        sent.fetch_one::<Value<String>>(&pool).await
    };
    let parcel = || Parcel { id: 1, weight: 20 };
    assert_eq!(in_order().await.unwrap(), parcel());
    assert_eq!(by_name().await.unwrap().0.weight, 20);
    assert_eq!(send(parcel()).await.unwrap(), "20");

    pool.batch_execute("alter table parcel add note text default 'new'")
        .await
        .unwrap();
    assert_eq!(in_order().await.unwrap(), parcel());
    assert_eq!(by_name().await.unwrap().0.weight, 20);
    let error = send(parcel()).await.unwrap_err().to_string();
    assert!(error.contains("has a field `note`"), "{error}");
    // As it is for who connects later.
    let later = howdah::Pool::connect(database.url()).await.unwrap();
    assert_eq!(
        whole().fetch_one::<Value<Parcel>>(&later).await.unwrap(),
        parcel()
    );

    pool.batch_execute("alter table parcel drop note")
        .await
        .unwrap();
    assert_eq!(send(parcel()).await.unwrap(), "20");

    pool.batch_execute("alter table parcel alter weight type real")
        .await
        .unwrap();
    let error = by_name().await.unwrap_err().to_string();
    assert!(error.contains("in field `weight`"), "{error}");
    let error = in_order().await.unwrap_err().to_string();
    assert!(error.contains("its field `weight` is real"), "{error}");
    let heavy = whole().fetch_one::<Value<Heavy>>(&pool).await.unwrap();
    assert_eq!(
        heavy,
        Heavy {
            id: 1,
            weight: 20.0
        }
    );
    assert!(in_order().await.unwrap_err().to_string().contains("weight"));

    pool.batch_execute("alter table parcel drop weight, add weight int default 30")
        .await
        .unwrap();
    let now = Parcel { id: 1, weight: 30 };
    assert_eq!(in_order().await.unwrap(), now);
}
