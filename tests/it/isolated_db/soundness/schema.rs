//! Random schemas: tables with every kind of constraint, inheritance, partitions, triggers, policies and views, and the
//! rows to fill them with. A statement that the server refuses takes what it would have made out of the schema.

use super::foreign;
use super::queries::Generator;
use super::random::Random;
use super::refreshes;
use super::types::Type;

/// Something to select from.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    pub(super) name: String,
    pub(super) columns: Vec<(String, Type)>,
    /// Tables are written to, and so are simple views.
    pub(super) is_writable: bool,
    /// The columns that rows hardly ever leave null: such a row is refused.
    pub(super) required: Vec<String>,
    /// Lists of columns for ON CONFLICT; the server knows which are keys.
    pub(super) keys: Vec<String>,
}

impl Relation {
    /// The columns that a statement may write: all but the generated one.
    pub(super) fn written(&self) -> impl Iterator<Item = &(String, Type)> {
        self.columns.iter().filter(|(column, _)| column != "g")
    }
}

/// A statement of the schema, and the relation that is there because of it.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) sql: String,
    pub(super) relation: Option<Relation>,
}

/// Functions of every kind; what they do with null is their affair, not to be guessed.
const FUNCTIONS: [&str; 25] = [
    "create table written (x int, y text not null)",
    "create function write(x int) returns setof written language sql as
        'delete from written where x < write.x; insert into written values (1, ''a''), (write.x, ''b'') returning *'",
    "create function plain_int(x int) returns int language sql as 'select nullif(x, 1)'",
    "create function strict_int(x int) returns int strict language sql immutable as 'select x + 1'",
    "create function strict_null(x int) returns int strict language plpgsql stable as 'begin return nullif(x, 0); end'",
    "create function no_null(x int) returns int language plpgsql as 'begin return coalesce(x, 0); end'",
    "create function flicker(x int) returns int language plpgsql volatile as
        'begin if random() < 0.5 then return null; end if; return x; end'",
    "create function dice() returns int language sql volatile as 'select floor(random() * 2)::int'",
    "create function flickering_pair(x int) returns pair language plpgsql volatile as
        'begin if random() < 0.5 then return null; end if; return row(nullif(x, (random() * 2)::int), ''a'')::pair; end'",
    "create function maybe_pair(x int) returns pair language plpgsql as
        'begin if x = 0 then return null; end if; return row(nullif(x, 1), null)::pair; end'",
    "create function strict_pair(x int) returns pair strict language sql immutable as 'select row(x, ''a'')::pair'",
    "create function some_ints(x int) returns setof int language sql as 'values (1), (null), (x)'",
    "create function strict_set(x int) returns setof int strict language sql as 'values (1), (null), (x)'",
    "create function two_columns(x int) returns table (a int, b text) language sql as 'values (x, ''a''), (null, null)'",
    "create function out_pair(x int, out a int, out b text) language plpgsql as 'begin a := x; end'",
    "create function out_one(x int, out a int) language plpgsql as 'begin if x > 0 then a := x; end if; end'",
    "create function some_pairs(x int) returns setof pair language sql as
        'select * from (values (row(x, ''a'')::pair), (null)) v(p)'",
    "create function steps(x int) returns setof written language plpgsql as
        'declare z int := nullif(x, 1); begin
            insert into written values (x, ''c'');
            x := null;
            return query update written w set x = steps.x where w.x is not distinct from z returning w.*;
            return query select w.x, w.y from written w where w.x > z or w.x = 1;
        end'",
    "create function told(x int) returns bool language plpgsql as
        'begin if x is null then return false; end if; return exists (select from written w where w.x = told.x); end'",
    "create function keep_or_skip() returns trigger language plpgsql as
        'begin if random() < 0.5 then return null; end if; return new; end'",
    "create function make_null() returns trigger language plpgsql as
        'begin new := jsonb_populate_record(new, jsonb_build_object(tg_argv[0], null)); return new; end'",
    "create function first_of(p pair) returns int language sql as 'select p.a'",
    "create function has_first(p pair) returns bool language sql stable as 'select p.a is not null'",
    "create function first_or(p pair, a int) returns int language sql as 'select coalesce(p.a, $2)'",
    "create function strict_or(a bool, b bool) returns bool strict language sql immutable as 'select a or b'",
];

/// The statements of a random schema, for a server of this version.
pub(super) fn generate(random: &mut Random, version: u32) -> Vec<Definition> {
    let plain = |sql: &str| Definition {
        sql: sql.to_owned(),
        relation: None,
    };
    let mut out: Vec<Definition> = Type::DEFINITIONS.into_iter().map(plain).collect();
    out.extend(FUNCTIONS.into_iter().map(plain));
    out.extend(foreign::SERVER.into_iter().map(plain));
    let tables = 3 + random.below(3);
    for number in 0..tables {
        table(random, number, &mut out);
    }
    let mut relations: Vec<Relation> = out.iter().filter_map(|d| d.relation.clone()).collect();
    random_functions(random, &relations, version, &mut out);
    if random.chance(60) {
        let base = random.pick(&relations[..1]).clone();
        let relation = Relation {
            name: "w".into(),
            ..base.clone()
        };
        relations.push(relation.clone());
        out.push(Definition {
            sql: format!(
                "create view w as select * from {} where k is not null",
                base.name
            ),
            relation: Some(relation),
        });
    }
    if random.chance(60) {
        out.push(stored_columns(random, &relations));
    }
    for number in 0..2 + random.below(3) {
        let mut generator = Generator::new(random.fork(), &relations, version);
        let (query, columns) = generator.view();
        let materialized = if random.chance(35) {
            "materialized "
        } else {
            ""
        };
        let name = format!("v{number}");
        let names: Vec<&str> = columns
            .iter()
            .map(|(c, _): &(String, _)| c.as_str())
            .collect();
        let names = names.join(", ");
        let relation = Relation {
            name: name.clone(),
            columns: columns.clone(),
            is_writable: false,
            keys: Vec::new(),
            required: Vec::new(),
        };
        out.push(Definition {
            sql: format!(
                "create {materialized}view {name} ({names}) as {}",
                query.render().0
            ),
            relation: Some(relation.clone()),
        });
        relations.push(relation);
    }
    out
}

/// A materialized view of a relation's columns as they are, and of what functions make of them.
fn stored_columns(random: &mut Random, relations: &[Relation]) -> Definition {
    let base = random.pick(relations).clone();
    let condition = *random.pick(&["", "", " where k is not null", " where n > 0"]);
    let columns: Vec<&str> = base.columns.iter().map(|(c, _)| c.as_str()).collect();
    let mut columns_of_view = base.columns.clone();
    columns_of_view.push(("f".to_owned(), Type::Int));
    columns_of_view.push(("h".to_owned(), Type::Int));
    Definition {
        sql: format!(
            "create materialized view m ({}, f, h) as select {}, strict_int(k), no_null(n) from {}{condition}",
            columns.join(", "),
            columns.join(", "),
            base.name
        ),
        relation: Some(Relation {
            name: "m".to_owned(),
            columns: columns_of_view,
            is_writable: false,
            keys: Vec::new(),
            required: Vec::new(),
        }),
    }
}

/// Functions in SQL whose bodies are random queries, for the names that queries call.
fn random_functions(
    random: &mut Random,
    relations: &[Relation],
    version: u32,
    out: &mut Vec<Definition>,
) {
    let forms: [(&str, &str, &[Type]); 9] = [
        ("any_int", "int", &[Type::Int]),
        ("any_text", "text", &[Type::Text]),
        ("any_bool", "bool", &[Type::Bool]),
        ("any_ints", "int[]", &[Type::Ints]),
        ("any_pair", "pair", &[Type::Int, Type::Text]),
        ("any_set", "setof int", &[Type::Int]),
        (
            "any_rows",
            "table (a int, b text)",
            &[Type::Int, Type::Text],
        ),
        ("any_row", "setof pair", &[Type::Int, Type::Text]),
        ("any_pairs", "setof pair", &[Type::Pair]),
    ];
    for (name, result, outputs) in forms {
        let strict = if random.chance(25) { " strict" } else { "" };
        let default = if random.chance(30) {
            " default null"
        } else {
            ""
        };
        let head = format!(
            "create or replace function {name}(x int, y text{default}) returns {result} language sql{strict}"
        );
        let nulls: Vec<String> = outputs
            .iter()
            .map(|ty| format!("null::{}", ty.name()))
            .collect();
        let mut generator = Generator::new(random.fork(), relations, version);
        let body = generator.body(name, outputs).render().0;
        // One that writes, or of several statements, is no subquery.
        let body = match random.below(6) {
            0 => format!(
                "with w as (insert into written values (x, 'a') returning x) select q.* from ({body}) q"
            ),
            1 => format!("update written set y = 'b' where written.x = {name}.x; {body}"),
            _ => body,
        };
        let is_set = result.starts_with("setof") || result.starts_with("table");
        let body = match random.below(5) {
            0 | 1 => format!("{head} begin atomic {body}; end"),
            2 if is_set => format!(
                "{} as $body$begin y := y || ''; return query {body}; end$body$",
                head.replace("language sql", "language plpgsql")
            ),
            _ => format!("{head} as $body${body}$body$"),
        };
        // One that is refused leaves the plain one, which may call none of the others.
        for sql in [format!("{head} as 'select {}'", nulls.join(", ")), body] {
            out.push(Definition {
                sql,
                relation: None,
            });
        }
    }
}

/// One table, with what hangs on it.
fn table(random: &mut Random, number: usize, out: &mut Vec<Definition>) {
    let name = format!("t{number}");
    let mut columns = vec![("k".to_owned(), Type::Int)];
    for place in 0..2 + random.below(4) {
        let ty = *random.pick(&Type::ALL);
        columns.push((format!("c{place}"), ty));
    }
    columns.push(("n".to_owned(), Type::Int));
    let mut parts = Vec::new();
    let mut required = Vec::new();
    for (column, ty) in &columns {
        let not_null = if random.chance(45) { " not null" } else { "" };
        required.extend((!not_null.is_empty()).then(|| column.clone()));
        let default = match random.below(6) {
            0 => format!(" default {}", ty.literal(random)),
            _ => String::new(),
        };
        let check = match ty.element() {
            Some(_) if random.chance(60) => {
                format!(" check (array_position({column}, null) is null)")
            }
            _ if random.chance(8) => format!(" check ({column} is not null)"),
            _ => String::new(),
        };
        parts.push(format!("{column} {}{default}{not_null}{check}", ty.name()));
    }
    if random.chance(25) {
        let mut generated = vec!["nullif(k, 1)", "k + 1", "coalesce(n, k)", "k + n"];
        generated.truncate(1 + random.below(4));
        let expression = generated[generated.len() - 1];
        parts.push(format!("g int generated always as ({expression}) stored"));
        columns.push(("g".to_owned(), Type::Int));
    }
    for _ in 0..random.below(5) / 2 {
        parts.push(check(random, &columns));
    }
    let is_foreign = random.chance(20);
    let partitioned = !is_foreign && random.chance(15);
    let key = match random.below(9) {
        _ if is_foreign => None,
        0..=2 => Some(("primary key (k)", "k")),
        3 => Some(("unique (k)", "k")),
        4 => Some(("unique (k, n)", "k, n")),
        5 if !partitioned => Some(("unique (k) deferrable initially deferred", "")),
        _ => None,
    };
    parts.extend(key.map(|(constraint, _)| constraint.to_owned()));
    if key.is_some_and(|(constraint, _)| constraint.starts_with("primary")) {
        required.push("k".to_owned());
    }
    let keys = key.filter(|(_, columns)| !columns.is_empty());
    let keys = keys
        .map(|(_, columns)| columns.to_owned())
        .into_iter()
        .collect();
    let (kind, suffix) = match (is_foreign, partitioned) {
        (true, _) => ("foreign table", foreign::suffix(&name, &columns)),
        (_, true) => ("table", " partition by list (k)".to_owned()),
        _ => ("table", String::new()),
    };
    // What was dropped leaves a gap in the numbers of columns.
    let loses_one = !is_foreign && random.chance(30);
    if loses_one {
        parts.insert(random.below(columns.len()), "gone int".to_owned());
    }
    out.push(Definition {
        sql: format!("create {kind} {name} ({}){suffix}", parts.join(", ")),
        relation: Some(Relation {
            name: name.clone(),
            columns: columns.clone(),
            is_writable: true,
            keys,
            required,
        }),
    });
    let mut add = |sql: String| {
        out.push(Definition {
            sql,
            relation: None,
        })
    };
    if loses_one {
        add(format!("alter table {name} drop column gone"));
    }
    if partitioned {
        add(format!(
            "create table {name}_1 partition of {name} for values in (1)"
        ));
        let rest = format!("{name}_rest");
        if random.chance(20) {
            let suffix = foreign::suffix(&rest, &columns);
            add(format!(
                "create foreign table {rest} partition of {name} default{suffix}"
            ));
        } else {
            add(format!("create table {rest} partition of {name} default"));
        }
        if random.chance(40) {
            add(format!(
                "create trigger nulls before insert on {name}_1 for each row execute function make_null('n')"
            ));
        }
    } else {
        hang_on(random, &name, number, &columns, &mut add);
    }
}

/// A CHECK about several columns, which says of one of them that it is not null where the others are such. Many hold where
/// they are null.
fn check(random: &mut Random, columns: &[(String, Type)]) -> String {
    let mut of = |choose: fn(Type) -> bool| {
        let columns: Vec<&str> = columns
            .iter()
            .filter(|(_, ty)| choose(*ty))
            .map(|(column, _)| column.as_str())
            .collect();
        random.pick(&columns).to_owned()
    };
    let (a, b, i) = (of(|_| true), of(|_| true), of(|ty| ty == Type::Int));
    let text = columns.iter().find(|(_, ty)| *ty == Type::Text);
    let text = text.map_or("'a'", |(column, _)| column);
    let flag = columns.iter().find(|(_, ty)| *ty == Type::Bool);
    let flag = flag.map_or("true", |(column, _)| column);
    let checks = [
        format!("{i} <> 1 or {a} is not null"),
        format!("not ({i} = 1 and {a} is null)"),
        format!("{i} is distinct from 1 or {a} is not null"),
        format!("({i} = 1) = ({a} is not null)"),
        format!("({i} <> 1) is not false or {a} is not null"),
        format!("{i} not in (1, 2) or {a} is not null"),
        format!(
            "case when {i} = 1 then {a} is not null when {i} = 2 then {b} is not null else true end"
        ),
        format!("{i} <> 1 or {a} = {a}"),
        format!("{i} > 0 or {a} is not null"),
        format!("{a} is null or {b} is not null"),
        format!("({a} is null) = ({b} is null)"),
        format!("({a} is null) <> ({b} is null)"),
        format!("num_nonnulls({a}, {b}) = 1"),
        format!("num_nonnulls({a}, {b}) >= 1"),
        format!("num_nulls({a}, {b}) < 2"),
        format!("({a} is not null)::int + ({b} is not null)::int = 1"),
        format!("{text} <> 'a' or {a} is not null"),
        format!("coalesce({text} <> 'a', true) or {a} is not null"),
        format!("not {flag} or {a} is not null"),
        format!("{flag} is not true or {a} is not null"),
        format!("coalesce({a}, {a}) is not null or {i} = 1"),
    ];
    format!("check ({})", random.pick(&checks))
}

/// Indexes, children, triggers, policies and foreign keys.
fn hang_on(
    random: &mut Random,
    name: &str,
    number: usize,
    columns: &[(String, Type)],
    add: &mut impl FnMut(String),
) {
    let (column, _) = random.pick(columns).clone();
    match random.below(9) {
        0 | 6 => add(format!("create unique index on {name} (k) where n > 0")),
        1 => add(format!(
            "create unique index on {name} (k) where {column} is not null"
        )),
        2 => add(format!("create unique index on {name} ((k + 1))")),
        3 => add(format!(
            "create unique index on {name} (k) nulls not distinct"
        )),
        4 => add(format!(
            "create unique index on {name} (n, k) include ({column})"
        )),
        5 => add(format!("create unique index on {name} ({column})")),
        _ => {}
    }
    if random.chance(25) {
        let child = format!("{name}_child");
        if random.chance(25) {
            let extra = ("extra".to_owned(), Type::Int);
            let suffix = foreign::suffix(&child, columns.iter().chain([&extra]));
            add(format!(
                "create foreign table {child} (extra int) inherits ({name}){suffix}"
            ));
        } else {
            add(format!(
                "create table {child} (extra int) inherits ({name})"
            ));
        }
        add(format!(
            "alter table {name}_child alter {column} drop not null"
        ));
        if random.chance(50) {
            add(format!(
                "alter table {name} add check (k is not null) no inherit"
            ));
            add(format!(
                "alter table {name} add constraint nn not null {column} no inherit"
            ));
        }
    }
    if random.chance(25) {
        let event = *random.pick(&["insert", "update", "insert or update"]);
        add(format!(
            "create trigger nulls before {event} on {name} for each row execute function make_null('{column}')"
        ));
    }
    if random.chance(12) {
        let event = *random.pick(&["insert", "update", "delete or insert"]);
        add(format!(
            "create trigger skips before {event} on {name} for each row execute function keep_or_skip()"
        ));
    }
    if random.chance(15) {
        add(format!("alter table {name} enable row level security"));
        add(format!("alter table {name} force row level security"));
        add(format!(
            "create policy some on {name} using (k is distinct from 2)"
        ));
    }
    if number > 0 && random.chance(30) {
        add(format!(
            "alter table {name} add foreign key (n) references t{} (k)",
            number - 1
        ));
    }
    if random.chance(10) {
        let ty = random.pick(&Type::ALL).name();
        add(format!("alter table {name} add gone {ty}"));
        add(format!("alter table {name} drop gone"));
    }
}

/// The rows of a data set, one statement for each; some break a constraint and are refused.
pub(super) fn rows(random: &mut Random, definitions: &[Definition]) -> Vec<String> {
    let mut out = Vec::new();
    for definition in definitions {
        // Each table by itself: what one lacks, another has.
        let null_percent = *random.pick(&[0, 15, 50, 85]);
        let most = *random.pick(&[0, 3, 10, 12]);
        let Some(relation) = definition.relation.as_ref().filter(|r| r.is_writable) else {
            continue;
        };
        if definition.sql.starts_with("create view") {
            continue;
        }
        let children: Vec<_> = definitions
            .iter()
            .filter_map(|d| foreign::defined_table(&d.sql))
            .filter(|name| *name == format!("{}_child", relation.name))
            .collect();
        for attempt in 0..most {
            let values: Vec<String> = relation
                .written()
                .map(|(column, ty)| {
                    match random.chance(null_percent)
                        && (!relation.required.contains(column) || random.chance(5))
                    {
                        // A literal null would be refused by the domain; nothing selected is not looked at.
                        true if *ty == Type::Label => "(select 'a'::label where false)".to_owned(),
                        true => "null".to_owned(),
                        // As many keys as there can be.
                        false if column == "k" && random.chance(60) => (attempt % 3).to_string(),
                        false => ty.literal(random),
                    }
                })
                .collect();
            let columns: Vec<&str> = relation.written().map(|(c, _)| c.as_str()).collect();
            let into = match children.first() {
                Some(child) if random.chance(50) => *child,
                _ => &relation.name,
            };
            out.push(format!(
                "insert into {into} ({}) values ({})",
                columns.join(", "),
                values.join(", ")
            ));
        }
        // The parent's keys are not the child's.
        if let Some(child) = children.first() {
            let columns: Vec<&str> = relation.written().map(|(c, _)| c.as_str()).collect();
            let (columns, name) = (columns.join(", "), &relation.name);
            out.push(format!(
                "insert into {child} ({columns}) select {columns} from only {name}"
            ));
        }
    }
    out.extend(refreshes::all(random, definitions));
    out
}
