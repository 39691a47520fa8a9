//! Composites that the server has no binary form of, as parameters: they are sent in parts, and put together in SQL.

mod support;

use std::fmt::Debug;

use howdah::{BitString, Box2d, Error, ErrorKind, Pool, Range, Value, query};
use howdah_generated_tests::golden::{
    types_text_only::{
        maps::{self, Sent},
        schema,
        types::{
            Badge, Code, Frame, Initials, Journey, LongStay, Odd, Pack, Person, ShortCode, Sites,
            Stay, Stays, Tag, Tiles,
        },
    },
    types_text_only_own::{plans, types::Plan},
};
use support::pool;

/// Values by chance, and often the ones at the edges: null, empty, all of nulls.
struct Chance {
    state: u64,
    owner: String,
    scan: Vec<u8>,
}

impl Chance {
    async fn new(pool: &Pool, state: u64) -> Result<Self, Error> {
        let owner = query("select current_user || '=r/' || current_user");
        let scan = query("select st_asraster(st_buffer('POINT(1 1)'::geometry, 1), 3, 5)::bytea");
        Ok(Self {
            state,
            owner: owner.fetch_one::<Value<_>>(pool).await?,
            scan: scan.fetch_one::<Value<_>>(pool).await?,
        })
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % limit
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(4) > 0).then(|| value(self))
    }

    fn some<T>(&mut self, value: impl Fn(&mut Self) -> T) -> Vec<Option<T>> {
        (0..self.below(4)).map(|_| self.maybe(&value)).collect()
    }

    fn int(&mut self) -> i32 {
        self.below(1000) as i32
    }

    /// One that any `varchar(3)` holds.
    fn text(&mut self) -> String {
        ["", "a", "äöü", "NUL", "{,\"", "(,)"][self.below(6) as usize].to_owned()
    }

    fn tile(&mut self) -> Box2d {
        let min = [f64::from(self.int()) / 3.0, -f64::from(self.int())];
        let max = [min[0] + f64::from(self.int()), min[1] / 7.0];
        Box2d { min, max }
    }

    fn stay(&mut self) -> Stay {
        Stay {
            from: self.maybe(|chance| chance.owner.clone()),
            n: self.maybe(Self::int),
            around: self.maybe(|chance| Frame(chance.tile())),
        }
    }

    /// One that the domain allows.
    fn long(&mut self) -> LongStay {
        let n = Some(2 + self.int());
        LongStay(Stay { n, ..self.stay() })
    }

    fn journey(&mut self) -> Journey {
        Journey {
            name: self.maybe(Self::text),
            stays: self.maybe(|chance| chance.some(Self::stay)),
            first: self.maybe(Self::long),
            last_one: self.maybe(Self::stay),
            scans: self.maybe(|chance| chance.some(|chance| chance.scan.clone())),
            mood: self.maybe(|chance| chance.some(Self::text)),
        }
    }

    fn person(&mut self) -> Person {
        Person {
            name: self.maybe(Self::text),
            age: self.maybe(Self::int),
        }
    }

    fn badge(&mut self) -> Badge {
        Badge {
            owner: self.maybe(|chance| chance.owner.clone()),
        }
    }

    /// One whose domains allow no null.
    fn tag(&mut self) -> Tag {
        Tag {
            code: Some(Code(self.text())),
            owner: self.maybe(|chance| chance.owner.clone()),
            codes: self.maybe(|chance| vec![Some(ShortCode(Code(chance.text()))); 2]),
            short: Some(ShortCode(Code(self.text()))),
        }
    }

    fn pack(&mut self) -> Pack {
        Pack {
            size: self.maybe(Self::text),
            sizes: self.maybe(|chance| chance.some(Self::text)),
            bits: self.maybe(|_| BitString::from_iter([true, false, true])),
            short: self.maybe(|chance| Initials(chance.text())),
            kind: self.maybe(|chance| chance.below(100) as i8),
            who: self.maybe(Self::person),
            crew: self.maybe(|chance| chance.some(Self::person)),
            tile: self.maybe(|chance| Tiles(chance.some(Self::tile))),
            badge: self.maybe(Self::badge),
            badges: self.maybe(|chance| chance.some(Self::badge)),
            stays: self.maybe(|chance| Stays(chance.some(Self::stay))),
            longest: self.maybe(|chance| chance.some(Self::long)),
            trips: self.maybe(|chance| chance.some(Self::journey)),
            scans: self.maybe(|chance| chance.some(|chance| chance.scan.clone())),
            spans: self.maybe(|chance| chance.some(|chance| Range::from(0..1 + chance.int()))),
            tag: self.maybe(Self::tag),
            tags: self.maybe(|chance| chance.some(Self::tag)),
            at: self.maybe(|chance| geo_types::Point::new(f64::from(chance.int()), 0.5)),
        }
    }
}

const NO_PACK: Pack = Pack {
    size: None,
    sizes: None,
    bits: None,
    short: None,
    kind: None,
    who: None,
    crew: None,
    tile: None,
    badge: None,
    badges: None,
    stays: None,
    longest: None,
    trips: None,
    scans: None,
    spans: None,
    at: None,
    tag: None,
    tags: None,
};

const NO_STAY: Stay = Stay {
    from: None,
    n: None,
    around: None,
};

const NO_JOURNEY: Journey = Journey {
    name: None,
    stays: None,
    first: None,
    last_one: None,
    scans: None,
    mood: None,
};

fn shown(value: &impl Debug) -> String {
    format!("{value:?}")
}

const NO_TAG: Tag = Tag {
    code: None,
    owner: None,
    codes: None,
    short: None,
};

/// What comes back from the server for what is sent: the same.
async fn come_back<'a>(
    pool: &'a Pool,
    pack: Option<&'a Pack>,
    packs: Option<&'a [Pack]>,
    trips: Option<&'a [Journey]>,
    long: Option<&'a LongStay>,
) -> Result<Sent, Error> {
    let sent = maps::sent(pack, packs, trips, long).fetch(pool).await?;
    assert_eq!(shown(&sent.pack.as_ref()), shown(&pack));
    assert_eq!(shown(&sent.packs), shown(&packs));
    assert_eq!(shown(&sent.trips), shown(&trips));
    assert_eq!(shown(&sent.long.as_ref()), shown(&long));
    Ok(sent)
}

/// Null, composites of nulls, arrays of null and empty ones are all told apart.
#[tokio::test]
async fn composites_that_are_sent_in_parts_come_back_as_they_were() {
    let (pool, _database) = pool("types/text_only").await.unwrap();
    let nothing = come_back(&pool, None, None, None, None).await.unwrap();
    assert!(nothing.pack.is_none() && nothing.packs.is_none());
    let empty = come_back(&pool, Some(&NO_PACK), Some(&[]), Some(&[]), None)
        .await
        .unwrap();
    assert!(empty.pack.is_some() && empty.packs.unwrap().is_empty());
    let hollow = Pack {
        sizes: Some(vec![]),
        crew: Some(vec![
            None,
            Some(Person {
                name: None,
                age: None,
            }),
        ]),
        tile: Some(Tiles(vec![None])),
        badge: Some(Badge { owner: None }),
        badges: Some(vec![Some(Badge { owner: None }), None]),
        stays: Some(Stays(vec![])),
        longest: Some(vec![None]),
        trips: Some(vec![
            None,
            Some(NO_JOURNEY),
            Some(Journey {
                stays: Some(vec![]),
                scans: Some(vec![None]),
                mood: Some(vec![]),
                ..NO_JOURNEY
            }),
            Some(Journey {
                stays: Some(vec![None, Some(NO_STAY)]),
                last_one: Some(NO_STAY),
                ..NO_JOURNEY
            }),
        ]),
        scans: Some(vec![]),
        tags: Some(vec![None]),
        ..NO_PACK
    };
    let packs = [NO_PACK, hollow.clone(), NO_PACK, hollow.clone()];
    let trips = [NO_JOURNEY, NO_JOURNEY];
    come_back(&pool, Some(&hollow), Some(&packs), Some(&trips), None)
        .await
        .unwrap();
}

#[tokio::test]
async fn any_values_that_are_sent_in_parts_come_back_as_they_were() {
    let (pool, _database) = pool("types/text_only").await.unwrap();
    let mut chance = Chance::new(&pool, 0x9e37_79b9_7f4a_7c15).await.unwrap();
    for _ in 0..100 {
        let pack = chance.maybe(Chance::pack);
        let packs = chance.maybe(|chance| (0..chance.below(5)).map(|_| chance.pack()).collect());
        let packs: Option<Vec<Pack>> = packs;
        let trips = chance.maybe(|chance| (0..chance.below(9)).map(|_| chance.journey()).collect());
        let trips: Option<Vec<Journey>> = trips;
        let long = chance.maybe(Chance::long);
        let (packs, trips) = (packs.as_deref(), trips.as_deref());
        come_back(&pool, pack.as_ref(), packs, trips, long.as_ref())
            .await
            .unwrap();
    }
}

/// In tables, twice in a statement, before and behind other parameters, in calls.
#[tokio::test]
async fn parts_are_put_together_wherever_parameters_stand() {
    let (pool, _database) = pool("types/text_only").await.unwrap();
    let mut chance = Chance::new(&pool, 7).await.unwrap();
    let packs: Vec<Pack> = (0..3).map(|_| chance.pack()).collect();
    let point = Pack {
        at: Some(geo_types::Point::new(1.0, 2.0)),
        ..NO_PACK
    };
    maps::add_pack(Some(&point), 1, Some(&packs))
        .execute(&pool)
        .await
        .unwrap();
    maps::add_pack(None, 2, None).execute(&pool).await.unwrap();
    let changed = maps::change_packs(&packs, None, 2).fetch(&pool).await;
    assert_eq!(changed.unwrap(), Some(6));
    let all = maps::packs().fetch(&pool).await.unwrap();
    assert_eq!(shown(&all[0].pack), shown(&Some(&point)));
    let twice: Vec<_> = packs.iter().chain(&packs).map(Some).collect();
    assert_eq!(shown(&all[1].packs), shown(&Some(&twice)));
    assert!(all[1].pack.is_none());
    // As in any composite, the field's SRID is the shape's.
    let srid = query("select st_srid((pack).at) from packs where id = 1");
    assert_eq!(srid.fetch_one::<Value<i32>>(&pool).await.unwrap(), 4326);

    let journey = Journey {
        name: Some("there".to_owned()),
        stays: Some(vec![Some(NO_STAY), None]),
        ..NO_JOURNEY
    };
    maps::add_journey(5, Some(&journey))
        .execute(&pool)
        .await
        .unwrap();
    let alike = maps::like_it(&journey).fetch(&pool).await.unwrap();
    assert_eq!(alike, [5]);
    let stay = chance.stay();
    let stays = maps::stays_of(&journey, &stay).fetch(&pool).await.unwrap();
    let wanted = [Some(NO_STAY), None, Some(stay.clone())];
    assert_eq!(shown(&stays), shown(&wanted));
    maps::note_stay(Some(&stay)).execute(&pool).await.unwrap();
    let noted = maps::journey(99).fetch(&pool).await.unwrap().unwrap();
    assert_eq!(shown(&noted.stays), shown(&Some([Some(stay)])));
    let bounds = chance.tile();
    let site = Sites {
        id: Some(4),
        bounds: Some(bounds),
        twice: Some(1),
        code: None,
    };
    let found = maps::bounds(&site).fetch(&pool).await.unwrap();
    assert_eq!(found, Some(bounds));
    // A table's row with a column that was dropped and one that is generated.
    let added = maps::add_sites(&[site.clone(), site])
        .fetch(&pool)
        .await
        .unwrap();
    let ids: Vec<_> = added.iter().map(|site| (site.id, site.twice)).collect();
    assert_eq!(ids, [(Some(4), Some(8)); 2]);
}

/// Arrays in domains in arrays, which are not read: the server says what they are.
#[tokio::test]
async fn arrays_in_domains_in_arrays_are_put_together() {
    let (pool, _database) = pool("types/text_only").await.unwrap();
    let tile = Box2d {
        min: [0.0, 0.0],
        max: [1.0, 2.0],
    };
    let tiles = [
        Tiles(vec![Some(tile), None]),
        Tiles(vec![]),
        Tiles(vec![Some(tile)]),
    ];
    let stay = Stay {
        n: Some(5),
        ..NO_STAY
    };
    let odd = Odd {
        tilings: Some(vec![None, Some(tiles[1].clone()), Some(tiles[2].clone())]),
        lists: Some(vec![Some(Stays(vec![None, Some(stay)])), None]),
        packs: Some(vec![Some(NO_PACK), None]),
    };
    let text = maps::odd_text(&odd, &tiles).fetch(&pool).await.unwrap();
    let expected = query(
        r#"select row(
               array[null, '{}'::box2d[]::tiles, array['BOX(0 0,1 2)'::box2d]::tiles]::tiles[],
               array[array[null, row(null, 5, null)::stay]::stays, null]::stays[],
               '{"(,,,,,,,,,,,,,,,,,)",null}'::pack[])::odd::text,
           array[array['BOX(0 0,1 2)'::box2d, null]::tiles, '{}'::box2d[]::tiles,
               array['BOX(0 0,1 2)'::box2d]::tiles]::tiles[]::text"#,
    );
    let expected = expected.fetch_one::<(String, String)>(&pool).await;
    assert_eq!((text.odd, text.tilings), expected.unwrap());
}

/// A row has no names: what would take the place of another field is found before it is sent.
#[tokio::test]
async fn composites_that_have_changed_are_not_put_together() {
    let (before, database) = pool("types/text_only").await.unwrap();
    let stay = Stay {
        n: Some(5),
        ..NO_STAY
    };
    maps::note_stay(Some(&stay)).execute(&before).await.unwrap();
    let rename = "delete from journeys; alter type stay rename attribute n to m";
    before.batch_execute(rename).await.unwrap();
    let pool = Pool::connect(database.url()).await.unwrap();
    for outcome in [
        maps::note_stay(Some(&stay)).execute(&pool).await,
        maps::add_journey(1, Some(&NO_JOURNEY)).execute(&pool).await,
        maps::add_pack(None, 1, Some(&[NO_PACK]))
            .execute(&pool)
            .await,
    ] {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mapping, "{error}");
        let fields =
            "the fields `from`, `n`, `around` were expected; there are `from`, `m`, `around`";
        assert!(error.to_string().contains(fields), "{error}");
    }
}

/// Domains that Rust has no structs for.
#[tokio::test]
async fn domains_without_structs_are_put_together() {
    let (pool, _database) = pool("types/text_only_own").await.unwrap();
    let tile = Box2d {
        min: [0.0, 0.0],
        max: [1.0, 2.0],
    };
    let plan = Plan {
        name: Some("two".to_owned()),
        tiles: Some(vec![Some(tile), None]),
    };
    let long = Plan {
        name: Some("three".to_owned()),
        tiles: Some(vec![]),
    };
    let sent = plans::plan(&plan, std::slice::from_ref(&plan))
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!(sent.plan, r#"(two,"{""BOX(0 0,1 2)"",NULL}")"#);
    assert!(sent.plans.contains("two") && sent.plans.contains("BOX(0 0,1 2)"));
    let error = plans::plan(&plan, &[long]).fetch(&pool).await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("22001"), "{error}");
    // What is warned of is refused.
    let stay = howdah_generated_tests::Stay {
        n: None,
        around: None,
    };
    let error = plans::stay(&stay).fetch(&pool).await.unwrap_err();
    assert!(error.to_string().contains("public.stay"), "{error}");
    let error = plans::tilings(&[vec![tile]])
        .fetch(&pool)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("public.tiles"), "{error}");
}

/// A cast to a composite cuts off what is longer than a field; a composite that is sent whole is refused for it.
#[tokio::test]
async fn what_a_field_or_a_domain_does_not_hold_is_refused() {
    let (pool, _database) = pool("types/text_only").await.unwrap();
    let text = || "much too long".to_owned();
    let refused = async |pack: Pack| -> Vec<Error> {
        let one = maps::sent(Some(&pack), None, None, None).fetch(&pool).await;
        let packs = [NO_PACK, pack.clone()];
        let each = maps::sent(None, Some(&packs), None, None)
            .fetch(&pool)
            .await;
        vec![one.unwrap_err(), each.unwrap_err()]
    };
    let too_long = [
        Pack {
            size: Some(text()),
            ..NO_PACK
        },
        Pack {
            sizes: Some(vec![None, Some(text())]),
            ..NO_PACK
        },
        Pack {
            short: Some(Initials(text())),
            ..NO_PACK
        },
    ];
    for pack in too_long {
        for error in refused(pack).await {
            assert_eq!(error.sqlstate(), Some("22001"), "{error}");
        }
    }
    let tagged = |code: Option<&str>| Pack {
        tag: Some(Tag {
            code: code.map(|code| Code(code.to_owned())),
            ..NO_TAG
        }),
        ..NO_PACK
    };
    for (code, state) in [
        (Some("long"), "22001"),
        (Some("bad"), "23514"),
        (None, "23502"),
    ] {
        for error in refused(tagged(code)).await {
            assert_eq!(error.sqlstate(), Some(state), "{error}");
        }
    }
    let bits = Pack {
        bits: Some("1010".parse().unwrap()),
        ..NO_PACK
    };
    for error in refused(bits).await {
        assert_eq!(error.sqlstate(), Some("22026"), "{error}");
    }
    let short = LongStay(Stay {
        n: Some(1),
        ..NO_STAY
    });
    let longest = Pack {
        longest: Some(vec![None, Some(short.clone())]),
        ..NO_PACK
    };
    for error in refused(longest).await {
        assert!(error.is(&schema::long_stay::LONG_STAY_CHECK), "{error}");
    }
    let crowded = Pack {
        stays: Some(Stays(vec![None; 9])),
        ..NO_PACK
    };
    for error in refused(crowded).await {
        assert!(error.is(&schema::stays::STAYS_CHECK), "{error}");
    }
    let error = maps::sent(None, None, None, Some(&short))
        .fetch(&pool)
        .await;
    let error = error.unwrap_err();
    assert!(error.is(&schema::long_stay::LONG_STAY_CHECK), "{error}");
}
