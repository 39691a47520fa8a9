//! Generated functions, run against a server: what golden cases expect does not only compile.

mod support;

use howdah_generated_tests::golden::{
    names_odd, options_choices, options_custom, options_serde, params_many, queries_places,
    queries_violations, rows_app, types_builtin, types_more, types_opaque, types_postgis,
    types_records, types_user,
};
use howdah_generated_tests::violates;
use support::pool;

#[tokio::test]
async fn a_place_is_added_found_renamed_and_counted() {
    use queries_places::types::{Email, Mood};
    use queries_places::{admin::users, places};
    let (pool, _database) = pool("queries/places").await.unwrap();
    let email = Email::from("cafe@example.org".to_owned());
    let added = places::add_place("Café", &["food", "tea"], Mood::VerySad, Some(&email))
        .fetch(&pool)
        .await
        .unwrap();
    let found = places::find_place(added.id)
        .fetch(&pool)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.name.as_str(), found.mood, found.contact),
        ("Café", Mood::VerySad, Some(email))
    );
    assert_eq!(
        found.tags,
        [Some("food".to_owned()), Some("tea".to_owned())]
    );
    assert!(
        places::find_place(added.id + 1)
            .fetch(&pool)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        users::rename("Tea", None, added.id)
            .fetch(&pool)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        places::by_ids(&[added.id]).fetch(&pool).await.unwrap(),
        ["Tea"]
    );
    assert_eq!(places::count_places().fetch(&pool).await.unwrap(), 1);
    assert_eq!(users::moods().fetch(&pool).await.unwrap(), [Mood::VerySad]);
    places::notify("hello").execute(&pool).await.unwrap();
}

#[tokio::test]
async fn user_types_make_the_round_trip() {
    use types_user::{
        people,
        types::{Address, Email, Emails, Mood, Person, Score},
    };
    let (pool, _database) = pool("types/user").await.unwrap();
    let home = Address {
        street: Some("Main".to_owned()),
        no: None,
        moods: Some(vec![Some(Mood::Happy), None]),
        mail: Some(Email::from("a@b".to_owned())),
    };
    let someone = Person {
        name: Some("Ada".to_owned()),
        home: Some(home.clone()),
    };
    let mail = Email::from("c@d".to_owned());
    people::add(
        1,
        Mood::Happy,
        &mail,
        Score::from(7),
        &[home],
        Some(&someone),
        &[Mood::VerySad],
    )
    .fetch(&pool)
    .await
    .unwrap();
    let found = people::find(1).fetch(&pool).await.unwrap().unwrap();
    assert_eq!((found.mood, found.mail), (Mood::Happy, mail));
    let street = found.someone.and_then(|p| p.home).and_then(|h| h.street);
    assert_eq!(street.as_deref(), Some("Main"));
    assert_eq!(found.moods, [Some(Mood::VerySad)]);
    let mails = "update people set mails = '{e@f}'";
    pool.batch_execute(mails).await.unwrap();
    let found = people::find(1).fetch(&pool).await.unwrap().unwrap();
    let mail = Email::from("e@f".to_owned());
    assert_eq!(
        found.mails.map(|Emails(mails)| mails),
        Some(vec![Some(mail)])
    );
}

#[tokio::test]
async fn odd_names_and_repeated_ones_find_their_columns() {
    let (pool, _database) = pool("names/odd").await.unwrap();
    let row = names_odd::_2024_report::r#match()
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!(
        (
            row.column1,
            row.column2,
            row.camel_case.as_str(),
            row.camel_case_2.as_str()
        ),
        (1, 2, "a", "b")
    );
    assert_eq!((row.crate_.as_str(), row._1st), ("d", true));
    let wrong = names_odd::_2024_report::option()
        .fetch(&pool)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        wrong.contains("maybe!"),
        "a null behind `!` is an error that names the column: {wrong}"
    );
}

#[tokio::test]
async fn every_built_in_type_and_every_shape_comes_back() {
    let (pool, _database) = pool("types/builtin").await.unwrap();
    pool.batch_execute(
        "insert into everything values (true, 1, 2, 3, 4.5, 5.5, 6, 'x', 'i', 'j', 'k', 'l', '\\x01', 1.5, '2020-01-01', \
         '01:00', '2020-01-01', '2020-01-01', '00000000-0000-0000-0000-000000000001', '1', '2', '{1}', '{a,null}', null, null, null)",
    )
    .await
    .unwrap();
    let rows = types_builtin::everything::all().fetch(&pool).await.unwrap();
    assert_eq!(
        (rows[0].d, rows[0].i.as_str(), rows[0].m.as_slice()),
        (3, "i", [1].as_slice())
    );
    assert_eq!(rows[0].w, Some(vec![Some("a".to_owned()), None]));

    let (pool, _database) = self::pool("types/postgis").await.unwrap();
    let spot = geo_types::Point::new(1.0, 2.0);
    types_postgis::shapes::add(1, spot, None)
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!(
        types_postgis::shapes::find(1)
            .fetch(&pool)
            .await
            .unwrap()
            .unwrap()
            .spot,
        spot
    );
}

#[tokio::test]
async fn the_information_schema_speaks_in_plain_types() {
    let (pool, _database) = pool("types/builtin").await.unwrap();
    let names = ["everything".to_owned(), "nothing".to_owned()];
    let rows = types_builtin::system::tables(&names)
        .fetch(&pool)
        .await
        .unwrap();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| (row.table_name.as_str(), row.table_type.as_str()))
        .collect();
    assert_eq!(rows, [("everything", "BASE TABLE")]);
    let names = types_builtin::system::table_names("public")
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!(names, Some(vec!["everything".to_owned()]));
}

#[tokio::test]
async fn types_without_a_home_are_carried_along() {
    let (pool, _database) = pool("types/opaque").await.unwrap();
    pool.batch_execute("insert into visits values (1, '7', '{8,9}')")
        .await
        .unwrap();
    let found = types_opaque::visits::find(1)
        .fetch(&pool)
        .await
        .unwrap()
        .unwrap();
    let hosts: Vec<howdah::Opaque> = found.hosts.into_iter().flatten().collect();
    types_opaque::visits::add(2, &found.took, &hosts)
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!(
        types_opaque::visits::find(2)
            .fetch(&pool)
            .await
            .unwrap()
            .unwrap()
            .took,
        found.took
    );
}

#[tokio::test]
async fn every_type_with_a_home_makes_the_round_trip() {
    use howdah::{Hstore, Inet, Interval, Multirange, Range};
    use types_more::everything::{self, AddParams};
    use types_more::types::{Host, Leg, Travel};
    let (pool, _database) = pool("types/more").await.unwrap();
    let now = chrono::DateTime::from_timestamp(1_709_208_000, 0).unwrap();
    let host: Inet = "10.1.2.3/16".parse().unwrap();
    let took = Interval {
        months: 1,
        days: -2,
        microseconds: 3,
    };
    let leg = Leg {
        took: Some(took),
        during: Some(Range::from(now..)),
        hops: Some(vec![Some(Host(host)), None]),
    };
    let today = now.date_naive();
    let trip = Travel {
        legs: Some(vec![Some(leg)]),
        stays: Some(Multirange(vec![Range::from(
            today..today + chrono::Days::new(2),
        )])),
    };
    let tags = Hstore::from_iter([("diet", Some("vegan")), ("note", None)]);
    let spans = Range::from(took..);
    let times = Multirange::from_iter([..now]);
    let params = AddParams {
        id: 1,
        took: Some(took),
        host: Some(host),
        seen: Some(Range::from(..=now)),
        spans: Some(spans),
        tags: Some(&tags),
        words: None,
        trip: Some(&trip),
        times: Some(&times),
    };
    everything::add(params).fetch(&pool).await.unwrap();
    let found = everything::find(1).fetch(&pool).await.unwrap().unwrap();
    assert_eq!((found.took, found.host), (Some(took), Some(host)));
    assert_eq!(found.seen, Some(Range::from(..=now)));
    assert_eq!((found.spans, found.tags), (Some(spans), Some(tags)));
    assert_eq!(found.times, Some(times));
    assert_eq!(format!("{:?}", found.trip), format!("{:?}", Some(trip)));
    let hosts = [host];
    let visit = everything::visit(2, took, Range::from(now..), Host(host), &hosts);
    let visit = visit.fetch(&pool).await.unwrap();
    assert_eq!((visit.took, visit.hosts), (took, vec![Some(host)]));
}

#[tokio::test]
async fn rows_become_the_types_of_the_app_and_params_may_be_structs() {
    let (pool, _database) = pool("rows/app").await.unwrap();
    pool.batch_execute("insert into places values (1, 'Café', null)")
        .await
        .unwrap();
    let place = rows_app::places::find_place(1).fetch(&pool).await.unwrap();
    let expected = howdah_generated_tests::Place {
        id: 1,
        name: "Café".to_owned(),
        note: None,
    };
    assert_eq!(place, Some(expected));

    let (pool, _database) = self::pool("params/many").await.unwrap();
    let g = serde_json::json!({});
    let params = params_many::t::EightParams {
        a: 1,
        b: "b",
        c: None,
        d: &[1],
        e: &["e"],
        f: &[2],
        g: &g,
        h: 3,
    };
    assert_eq!(
        params_many::t::eight(params).fetch(&pool).await.unwrap(),
        [0; 0]
    );
    // What may be null need not be named.
    pool.batch_execute("insert into t values (1, 'b', null, '{1}', '{e}', '\\x02', '{}', 3)")
        .await
        .unwrap();
    let params = params_many::t::EightParams::new(1, "b", &[1], &["e"], &[2], &g, 3);
    assert_eq!(
        params_many::t::eight(params).fetch(&pool).await.unwrap(),
        [1]
    );
}

/// Expects the error to be that variant.
macro_rules! refused {
    ($query:expr, $pool:expr, $variant:path) => {
        violates!($query.execute($pool).await, $variant)
    };
}

#[tokio::test]
async fn each_violated_constraint_is_its_own_variant() {
    use queries_violations::rooms::*;
    use queries_violations::schema;
    let (pool, _database) = pool("queries/violations").await.unwrap();
    let owner = add_owner("a@b.c").fetch(&pool).await.unwrap();
    let error = refused!(add_owner("a@b.c"), &pool, AddOwnerViolation::OwnersEmailKey);
    assert!(error.is(&schema::owners::OWNERS_EMAIL_KEY));
    assert!(!error.is(&schema::owners::OWNERS_PKEY));
    // The same of another query.
    violates!(Err::<(), _>(error), RenameOwnerViolation::OwnersEmailKey);
    let other = howdah::query("select 1 / 0").execute(&pool).await;
    let other = other.unwrap_err().violation::<AddOwnerViolation>();
    assert!(other.is_none(), "{other:?}");
    assert_eq!(add_owner_once("a@b.c").execute(&pool).await.unwrap(), 0);

    let room = add_room(owner, "Blue", 4, Some("quiet"));
    let room = room.fetch(&pool).await.unwrap();
    refused!(
        add_room(owner + 1, "Red", 4, Some("x")),
        &pool,
        AddRoomViolation::RoomsOwnerIdFkey
    );
    refused!(
        add_room(owner, "Blue", 4, Some("x")),
        &pool,
        AddRoomViolation::RoomsOwnerIdNameKey
    );
    refused!(
        add_room(owner, "BLUE", 4, Some("x")),
        &pool,
        AddRoomViolation::RoomsShown
    );
    refused!(
        add_room(owner, "Red", 0, Some("x")),
        &pool,
        AddRoomViolation::RoomsSeatsCheck
    );
    refused!(
        add_room(owner, "Red", 4, None),
        &pool,
        AddRoomViolation::APriceOrANote
    );
    let error = refused!(
        rename_room("", room),
        &pool,
        RenameRoomViolation::RoomsNameNotNull
    );
    assert!(error.is_null_in(&schema::rooms::NAME));
    assert!(!error.is_null_in(&schema::owners::EMAIL));
    refused!(
        delete_owner(owner),
        &pool,
        DeleteOwnerViolation::RoomsOwnerIdFkey
    );

    let day = chrono::NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();
    assert_eq!(book(room, day, "me").execute(&pool).await.unwrap(), 1);
    refused!(book(room, day, "you"), &pool, BookViolation::BookingsPkey);
    refused!(book(room, day, ""), &pool, BookViolation::BookingsWho);
    refused!(
        book(room + 1, day, "me"),
        &pool,
        BookViolation::BookingsRoomIdFkey
    );
    let outside = chrono::NaiveDate::from_ymd_opt(2036, 5, 1).unwrap();
    let refused = book(room, outside, "me").execute(&pool).await.unwrap_err();
    assert!(refused.violation::<BookViolation>().is_none(), "{refused}");
    refused!(
        delete_room(room),
        &pool,
        DeleteRoomViolation::BookingsRoomIdFkey
    );

    add_archived("a@b.c", "c@d.e").execute(&pool).await.unwrap();
    let error = refused!(
        add_archived("a@b.c", "e@f.g"),
        &pool,
        AddArchivedViolation::OwnersEmailKey2
    );
    assert_eq!(error.schema(), Some("archive"));
    let error = refused!(
        add_archived("b@c.d", "a@b.c"),
        &pool,
        AddArchivedViolation::OwnersEmailKey
    );
    assert_eq!(error.schema(), Some("public"));

    assert_eq!(add_code("a", Some("b")).execute(&pool).await.unwrap(), 1);
    refused!(add_code("c", Some("b")), &pool, AddCodeViolation::Other);
    assert_eq!(keep_code("c", Some("b")).execute(&pool).await.unwrap(), 0);
}

#[tokio::test]
async fn verify_names_what_has_changed_since_and_whom_it_touches() {
    let (pool, _database) = pool("queries/places").await.unwrap();
    queries_places::verify(&pool).await.unwrap();
    pool.batch_execute(
        "alter table places drop column note;
         alter table places alter column price type text;
         alter table places alter column name drop not null;
         alter table places alter column contact set not null;
         alter table places add column here bool not null, add column fine bool not null default true, add column ok int;
         alter table places drop constraint places_name_key;
         alter type mood add value 'other';",
    )
    .await
    .unwrap();
    let error = queries_places::verify(&pool).await.unwrap_err();
    assert_eq!(error.kind(), howdah::ErrorKind::SchemaChanged);
    let differences: Vec<_> = error.differences().iter().map(|d| d.message()).collect();
    assert_eq!(
        differences,
        [
            "column `public.places.name` may be null",
            "column `public.places.note` is gone",
            "column `public.places.contact` must not be null",
            "column `public.places.price` is of type `text`, it was `numeric`",
            "column `public.places.here` is new, must not be null and has no default",
            "constraint `places_name_key` of `public.places` is gone",
            "constraint `places_note` of `public.places` is gone",
            "label `other` of enum `public.mood` is new",
        ]
    );
    assert!(
        error.differences()[0]
            .queries()
            .contains(&"places::add_place")
    );
    assert!(
        error
            .to_string()
            .contains("`public.places.note` is gone; it touches `")
    );
    pool.batch_execute("drop table places").await.unwrap();
    let error = queries_places::verify(&pool).await.unwrap_err();
    assert_eq!(
        error.differences()[0].message(),
        "table `public.places` is gone"
    );
}

#[tokio::test]
async fn records_come_as_tuples_of_what_they_hold() {
    use howdah::Record;
    use types_records::{people, types::Mood};
    let (pool, _database) = pool("types/records").await.unwrap();
    let rows =
        "insert into people values (1, 'Ann', 'happy', 'a@b', null), (2, 'Bob', 'sad', null, 1)";
    pool.batch_execute(rows).await.unwrap();
    let Record((id, name, mood, mail, moods)) =
        people::pair(1).fetch(&pool).await.unwrap().unwrap();
    assert_eq!((id, name.as_str(), mood), (1, "Ann", Mood::Happy));
    assert_eq!(mail.map(|mail| mail.0).as_deref(), Some("a@b"));
    assert_eq!(moods, [Some(Mood::Happy), None]);
    let team = people::team().fetch(&pool).await.unwrap();
    assert_eq!(team[0].workers, Some(vec![Record((2, Mood::Sad))]));
    assert_eq!(team[1].workers, None);
    let whole = people::whole(2).fetch(&pool).await.unwrap().unwrap();
    let Record((bob, one)) = whole.counted;
    assert_eq!((bob.boss, bob.name, one), (whole.p.boss, whole.p.name, 1));
}

#[tokio::test]
async fn the_types_that_the_options_chose_make_the_round_trip() {
    use options_choices::{
        trips::{self, AddParams},
        types::{Kind, Leg, Mood},
    };
    let (pool, _database) = pool("options/choices").await.unwrap();
    let day = jiff::civil::date(2024, 2, 29);
    let left_at: jiff::Timestamp = "2024-02-29T12:30:00.5Z".parse().unwrap();
    let costs: bigdecimal::BigDecimal = "123456789012345678901234567890123456789.50"
        .parse()
        .unwrap();
    let moods = [Mood::VerySad, Mood::from("other")];
    let leg = Leg {
        at: Some(left_at),
        mood: Some(Mood::Happy),
        cost: Some(costs.clone()),
    };
    let params = AddParams {
        id: 1,
        day,
        leaves: jiff::civil::time(23, 59, 59, 999_999_000),
        planned: day.at(1, 2, 3, 0),
        left_at: Some(left_at),
        costs: &costs,
        refunds: std::slice::from_ref(&costs),
        moods: &moods,
        kind: Kind::Ride,
        open: (left_at..).into(),
        legs: &[leg],
    };
    trips::add(params).fetch(&pool).await.unwrap();
    // A label that the code does not know comes, and goes back.
    for sql in [
        "alter type mood add value 'new'",
        "update trips set moods = moods || '{new}'",
    ] {
        pool.batch_execute(sql).await.unwrap();
    }
    let trip = trips::find(1).fetch(&pool).await.unwrap().unwrap();
    assert_eq!(
        (trip.day, trip.left_at, &trip.costs),
        (day, Some(left_at), &costs)
    );
    assert_eq!(trip.refunds, [Some(costs.clone())]);
    assert_eq!(trip.open, howdah::Range::from(left_at..));
    let new = Mood::Other2("new".to_owned());
    let found: Vec<Mood> = trip.moods.into_iter().flatten().collect();
    assert_eq!(found, [Mood::VerySad, Mood::Other, new.clone()]);
    assert_eq!(new.as_str(), "new");
    let leg = trip.legs[0].as_ref().unwrap();
    assert_eq!((leg.at, &leg.mood), (Some(left_at), &Some(Mood::Happy)));
    let since = "2024-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(trips::in_mood(&new, since).fetch(&pool).await.unwrap(), [1]);
}

/// By the SQL type (`jsonb`), by the column (`notes.body`), by the query (`label` and the parameter `id`), and under a
/// domain that is to be seen through.
#[tokio::test]
async fn the_types_of_the_app_come_by_type_by_column_and_by_query() {
    use options_custom::notes::{self, AddParams};
    use std::sync::Arc;
    let (pool, _database) = pool("options/custom").await.unwrap();
    let meta = howdah::Json([("a".to_owned(), "b".to_owned())].into());
    let params = AddParams {
        id: 7,
        body: &Arc::from("body"),
        label: "label",
        meta: Some(&meta),
    };
    assert_eq!(notes::add(params).fetch(&pool).await.unwrap(), 1);
    let note = notes::find(7).fetch(&pool).await.unwrap();
    let body: &Arc<str> = &note.body;
    assert_eq!(
        (&**body, &*note.label, &note.meta),
        ("body", "label", &Some(meta))
    );
    let label: Option<Arc<str>> = notes::label(7_u32).fetch(&pool).await.unwrap();
    assert_eq!(label.as_deref(), Some("label"));
}

/// The tags and the number of pages are passed as they are where howdah chose the types.
#[tokio::test]
async fn enums_are_their_labels_to_serde() {
    use options_serde::diary;
    use options_serde::types::{DiaryRow, Mood, State};
    let (pool, _database) = pool("options/serde").await.unwrap();
    let state = State::InProgress;
    let write = diary::write(1, &Mood::VerySad, state, &["a", "b"], 3);
    assert_eq!(write.fetch(&pool).await.unwrap(), 1);
    pool.batch_execute("alter type mood add value 'odd'")
        .await
        .unwrap();
    howdah::query("update diary set mood = 'odd'")
        .execute(&pool)
        .await
        .unwrap();

    let entries = diary::entries(&["b"], 3).fetch(&pool).await.unwrap();
    let json = serde_json::to_value(&entries).unwrap();
    let of_the_server = howdah::query("select json_agg(d) from diary d")
        .fetch_one::<howdah::Value<serde_json::Value>>(&pool);
    assert_eq!(json, of_the_server.await.unwrap());
    assert_eq!(
        json[0],
        serde_json::json!({"id": 1, "mood": "odd", "state": "in progress", "tags": ["a", "b"], "pages": 3})
    );
    let read: Vec<DiaryRow> = serde_json::from_value(json).unwrap();
    assert_eq!(read, entries);
    assert_eq!(read[0].mood, Mood::Other("odd".to_owned()));
    assert_eq!(
        serde_json::json!([Mood::Happy, State::Closed]),
        serde_json::json!(["happy", "Closed"])
    );
}

#[tokio::test]
async fn arrays_that_a_query_puts_together_have_its_dimensions() {
    use howdah_generated_tests::golden::types_dimensions::arrays;
    let (pool, _database) = pool("types/dimensions").await.unwrap();
    let made = arrays::put_together().fetch(&pool).await.unwrap();
    assert_eq!(made.square, [[1, 2], [3, 4]]);
    assert_eq!(made.cube, [[[Some(1)]], [[None]]]);
    assert_eq!(made.list, [1, 2]);

    let none = arrays::gathered().fetch(&pool).await.unwrap();
    assert_eq!((none.pairs, none.stations), (None, vec![]));
    let rows = "insert into readings values (1, 10, 20, '{}'), (2, 11, null, '{}')";
    pool.batch_execute(rows).await.unwrap();
    let gathered = arrays::gathered().fetch(&pool).await.unwrap();
    let pairs = vec![vec![Some(10), Some(20)], vec![Some(11), None]];
    assert_eq!(gathered.pairs, Some(pairs));
    assert_eq!(gathered.stations, [[1], [2]]);
    let further = arrays::further_out().fetch(&pool).await.unwrap();
    assert_eq!(further.len(), 2);
    assert!(
        further
            .iter()
            .all(|row| row.same.len() == 1 && row.same[0].len() == 2)
    );
}

mod violating_builders {
    use chrono::NaiveDate;
    use howdah::{PgInsert, PgRow, PgUpdate};
    use howdah_generated_tests::golden::queries_violations::schema;

    #[derive(Debug, PgRow, PgInsert, PgUpdate)]
    #[pg(table = schema::rooms)]
    pub(crate) struct Room {
        #[pg(key, generated)]
        pub(crate) id: i64,
        pub(crate) owner_id: i64,
        pub(crate) name: String,
        pub(crate) seats: i32,
        pub(crate) note: Option<String>,
    }

    #[derive(Debug, PgRow, PgInsert, PgUpdate)]
    #[pg(table = schema::bookings)]
    pub(crate) struct Booking {
        #[pg(key)]
        pub(crate) room_id: i64,
        #[pg(key)]
        pub(crate) day: NaiveDate,
        pub(crate) who: String,
    }

    #[derive(Debug, PgRow, PgInsert, PgUpdate)]
    #[pg(table = schema::owners)]
    pub(crate) struct Owner {
        #[pg(key, generated)]
        pub(crate) id: i64,
        pub(crate) email: String,
    }
}

#[tokio::test]
async fn columns_that_a_query_leaves_out_can_violate_constraints() {
    use queries_violations::rooms::*;
    use queries_violations::types::Word;
    let (pool, _database) = pool("queries/violations").await.unwrap();
    refused!(add_stay(None), &pool, AddStayViolation::WordNotNull);
    let relax = async |sql: &str| pool.batch_execute(sql).await.unwrap();
    relax("alter domain word drop not null").await;
    refused!(add_stay(None), &pool, AddStayViolation::StaysLabelNotNull);
    relax("alter table stays alter label drop not null").await;
    refused!(add_stay(None), &pool, AddStayViolation::StaysGuestNotNull);
    relax("alter table stays alter guest set default 'x'").await;
    refused!(
        add_stay(Some(7)),
        &pool,
        AddStayViolation::StaysRoomIdDayFkey
    );

    let word = Word("a".into());
    assert_eq!(
        add_whole_stay(&word, Some(1), "b")
            .execute(&pool)
            .await
            .unwrap(),
        1
    );
    let id = howdah::query("select id from stays").fetch_one::<howdah::Value<i64>>(&pool);
    let id = id.await.unwrap();
    relax("alter table stays alter label set not null").await;
    refused!(
        add_whole_stay(&word, None, "c"),
        &pool,
        AddWholeStayViolation::StaysLabelNotNull
    );
    refused!(
        lengthen_stay(None, id),
        &pool,
        LengthenStayViolation::StaysLabelNotNull
    );
    relax(&format!("alter table stays alter id restart {id}")).await;
    refused!(
        add_whole_stay(&word, Some(2), "other"),
        &pool,
        AddWholeStayViolation::StaysIdExcl
    );
}

#[tokio::test]
async fn builders_tell_which_constraint_was_violated() {
    use queries_violations::schema::{bookings, owners, rooms};
    use violating_builders::{Booking, Owner, Room};
    let (pool, _database) = pool("queries/violations").await.unwrap();
    let owner = Owner::insert().email("a@b.c").returning();
    let owner = owner.fetch(&pool).await.unwrap().id;
    let room = |name, seats| {
        let room = Room::insert().owner_id(owner).name(name).seats(seats);
        room.note(Some("quiet"))
    };
    let blue = room("Blue", 4).returning().fetch(&pool).await.unwrap().id;
    let red = room("Red", 4).returning().fetch(&pool).await.unwrap().id;

    use bookings::InsertViolation as Booked;
    refused!(
        room("Blue", 4),
        &pool,
        rooms::InsertViolation::RoomsOwnerIdNameKey
    );
    refused!(
        room("Green", 0),
        &pool,
        rooms::InsertViolation::RoomsSeatsCheck
    );
    refused!(
        Room::update(red).owner_id(owner + 1),
        &pool,
        rooms::UpdateViolation::RoomsOwnerIdFkey
    );
    refused!(
        Owner::delete(owner),
        &pool,
        owners::DeleteViolation::RoomsOwnerIdFkey
    );

    // Of a partition's row the partition's constraint speaks.
    let day = chrono::NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();
    let book = |who| Booking::insert().room_id(blue).day(day).who(who);
    book("me").execute(&pool).await.unwrap();
    refused!(book("you"), &pool, Booked::BookingsPkey);
    refused!(
        Booking::update(blue, day).who(""),
        &pool,
        bookings::UpdateViolation::BookingsWho
    );
    refused!(
        Room::delete(blue),
        &pool,
        rooms::DeleteViolation::BookingsRoomIdFkey
    );
    // Whatever else goes wrong is none of them.
    let never = chrono::NaiveDate::from_ymd_opt(1999, 5, 1).unwrap();
    let elsewhere = Booking::insert().room_id(blue).day(never).who("me");
    let refused = elsewhere.execute(&pool).await.unwrap_err();
    assert!(refused.violation::<Booked>().is_none(), "{refused}");
}
