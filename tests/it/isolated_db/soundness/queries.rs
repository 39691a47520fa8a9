//! Random queries: FROM with joins of every kind, groups, windows, set operations, common table expressions.

use super::expressions::{Level, Source};
use super::random::Random;
use super::schema::Relation;
use super::sql::{Sql, sql};
use super::types::Type;

/// Makes one query.
pub(super) struct Generator<'s> {
    pub(super) random: Random,
    pub(super) relations: &'s [Relation],
    /// The server's major version.
    pub(super) version: u32,
    pub(super) levels: Vec<Level>,
    pub(super) common_tables: Vec<Relation>,
    pub(super) params: Vec<Type>,
    pub(super) allows_params: bool,
    pub(super) aliases: usize,
    /// Whether the next query is the outermost, which may have columns that no other names.
    pub(super) is_outermost: bool,
    /// The manner of the current query.
    pub(super) manner: Manner,
}

/// The manner of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Anything.
    Any,
    /// Plain columns under conditions about them: a rule at work shows, with nothing around it that hides it.
    Plain,
}

impl<'s> Generator<'s> {
    pub(super) fn new(random: Random, relations: &'s [Relation], version: u32) -> Self {
        Self {
            random,
            relations,
            version,
            levels: Vec::new(),
            common_tables: Vec::new(),
            params: Vec::new(),
            allows_params: false,
            aliases: 0,
            is_outermost: false,
            manner: Manner::Any,
        }
    }

    /// The body of a SQL function called `name` with the arguments `x` and `y`.
    pub(super) fn body(&mut self, name: &str, outputs: &[Type]) -> Sql {
        let arguments = vec![("x".to_owned(), Type::Int), ("y".to_owned(), Type::Text)];
        self.levels.push(Level {
            sources: vec![Source {
                alias: name.to_owned(),
                columns: arguments,
            }],
            ..Level::default()
        });
        let depth = 1 + self.random.below(2);
        let body = self.query(outputs, depth);
        self.levels.pop();
        body
    }

    /// The query of a view and its columns, among them the `k` and `n` that every relation has.
    pub(super) fn view(&mut self) -> (Sql, Vec<(String, Type)>) {
        let mut columns = vec![("k".to_owned(), Type::Int), ("n".to_owned(), Type::Int)];
        for place in 0..1 + self.random.below(3) {
            let ty = *self.random.pick(&Type::ALL);
            columns.push((format!("c{place}"), ty));
        }
        let types: Vec<Type> = columns.iter().map(|(_, ty)| *ty).collect();
        (self.query(&types, 3), columns)
    }

    pub(super) fn alias(&mut self, prefix: &str) -> String {
        self.aliases += 1;
        format!("{prefix}{}", self.aliases)
    }

    /// A query with these result columns, `o1`, `o2`, ….
    pub(super) fn query(&mut self, outputs: &[Type], depth: usize) -> Sql {
        let known = self.common_tables.len();
        let is_outermost = std::mem::take(&mut self.is_outermost);
        let manner = std::mem::replace(&mut self.manner, Manner::Any);
        let with = if depth > 1 && self.random.chance(12) {
            self.with(depth - 1)
        } else {
            Sql::none()
        };
        let body = match self.random.below(100) {
            0..=9 if depth > 0 => self.set_operation(outputs, depth - 1),
            10..=13 => self.values(outputs),
            _ => {
                self.manner = manner;
                self.select(outputs, depth, is_outermost)
            }
        };
        self.common_tables.truncate(known);
        self.manner = manner;
        Sql::query(sql![with, body])
    }

    fn set_operation(&mut self, outputs: &[Type], depth: usize) -> Sql {
        let (left, right) = (self.query(outputs, depth), self.query(outputs, depth));
        let operator = *self.random.pick(&[
            "union",
            "union all",
            "intersect",
            "intersect all",
            "except",
            "except all",
        ]);
        sql!["(", left, format!(") {operator} ("), right, ")"]
    }

    fn values(&mut self, outputs: &[Type]) -> Sql {
        self.levels.push(Level::default());
        let rows = (0..1 + self.random.below(2)).map(|_| {
            let row = outputs.iter().map(|ty| self.expression(*ty, 1)).collect();
            sql!["(", Sql::Seq(separated(row)), ")"]
        });
        let rows = rows.collect();
        self.levels.pop();
        sql!["values ", Sql::List(", ", rows)]
    }

    /// WITH and its tables, which are visible from then on.
    fn with(&mut self, depth: usize) -> Sql {
        let mut tables = Vec::new();
        let mut is_recursive = false;
        for _ in 0..1 + self.random.below(2) {
            let mut types = vec![Type::Int];
            types.extend((0..self.random.below(3)).map(|_| *self.random.pick(&Type::ALL)));
            let name = self.alias("q");
            let mut columns: Vec<(String, Type)> = named(&types);
            let table = Relation {
                name: name.clone(),
                columns: columns.clone(),
                is_writable: false,
                keys: Vec::new(),
                required: Vec::new(),
            };
            let mut query = self.query(&types, depth);
            let mut order = "";
            if self.random.chance(30) {
                is_recursive = true;
                (order, columns) = self.search_or_cycle(columns);
                let operator = *self.random.pick(&["union", "union all"]);
                query = sql![
                    "(",
                    query,
                    format!(") {operator} ("),
                    self.step(&table, depth),
                    ")"
                ];
            }
            let how = *self
                .random
                .pick(&["", "", "materialized ", "not materialized "]);
            let names: Vec<&str> = table.columns.iter().map(|(c, _)| c.as_str()).collect();
            tables.push(sql![
                format!("{name} ({}) as {how}(", names.join(", ")),
                query,
                ")",
                Sql::optional(order)
            ]);
            self.common_tables.push(Relation { columns, ..table });
        }
        let recursive = if is_recursive { "recursive " } else { "" };
        sql![format!("with {recursive}"), Sql::List(", ", tables), " "]
    }

    /// SEARCH or CYCLE behind a recursive table, and its columns with what that adds.
    fn search_or_cycle(
        &mut self,
        mut columns: Vec<(String, Type)>,
    ) -> (&'static str, Vec<(String, Type)>) {
        let clause = match self.random.below(6) {
            0 => " search depth first by o1 set place",
            1 => " search breadth first by o1 set place",
            2 => " cycle o1 set again using path",
            3 => " cycle o1 set again to 'yes'::text default 'no' using path",
            _ => "",
        };
        match clause {
            " cycle o1 set again using path" => columns.push(("again".into(), Type::Bool)),
            clause if clause.starts_with(" cycle") => columns.push(("again".into(), Type::Text)),
            _ => {}
        }
        (clause, columns)
    }

    /// The recursive arm of a common table expression whose first column counts.
    fn step(&mut self, table: &Relation, depth: usize) -> Sql {
        let name = &table.name;
        let mut sources = vec![Source {
            alias: name.clone(),
            columns: table.columns.clone(),
        }];
        let join = if self.random.chance(50) {
            let (item, more) = self.item(&[], 0);
            sources.extend(more);
            let kind = *self.random.pick(&["left join", "join"]);
            self.levels.push(Level {
                sources: sources.clone(),
                ..Level::default()
            });
            let condition = self.expression(Type::Bool, depth.min(1));
            self.levels.pop();
            Sql::optional(sql![format!(" {kind} "), item, " on ", condition])
        } else {
            Sql::none()
        };
        self.levels.push(Level {
            sources,
            ..Level::default()
        });
        let mut outputs = vec![sql![format!("{name}.o1 + 1")]];
        for (_, ty) in &table.columns[1..] {
            outputs.push(match self.random.chance(40) {
                true => self.own_column(*ty, 0),
                false => self.expression(*ty, depth.min(2)),
            });
        }
        let condition = self.condition(" and ", depth.min(1));
        self.levels.pop();
        let outputs = Sql::Seq(separated(outputs));
        sql![
            "select ",
            outputs,
            format!(" from {name}"),
            join,
            format!(" where {name}.o1 < 2"),
            condition
        ]
    }

    fn select(&mut self, outputs: &[Type], depth: usize, is_outermost: bool) -> Sql {
        let manner = std::mem::replace(&mut self.manner, Manner::Any);
        self.levels.push(Level::default());
        let from = match manner {
            Manner::Any => self.joined_items(depth),
            Manner::Plain => self.plain_items(depth),
        };
        let condition = match manner {
            Manner::Any => self.condition(" where ", depth.min(3)),
            Manner::Plain => self.plain_condition(),
        };
        let grouping = match self.random.below(100) {
            0..=17 => self.group_by(),
            18..=29 => {
                self.level().grouped = Some(Vec::new());
                self.level().allows_aggregates = true;
                Sql::none()
            }
            _ => Sql::none(),
        };
        let having = if self.level().allows_aggregates {
            self.condition(" having ", depth.min(2))
        } else {
            Sql::none()
        };
        self.level().allows_windows = true;
        let plain = self.level().grouped.is_none();
        let mut list = Vec::new();
        for (place, ty) in outputs.iter().enumerate() {
            let expression = match self.random.chance(4) && *ty == Type::Int && plain {
                true => self.set_returning(),
                false if manner == Manner::Plain => self.plain_output(*ty, &condition),
                false => self.expression(*ty, depth.min(3)),
            };
            list.push(sql![expression, format!(" as o{}", place + 1)]);
        }
        if is_outermost && self.random.chance(30) {
            let record = self.record(depth.min(2));
            list.push(sql![record, " as record"]);
        }
        let distinct = match self.random.below(100) {
            0..=7 => Sql::optional("distinct "),
            8..=11 => {
                self.level().allows_windows = false;
                let ty = *self.random.pick(&Type::ALL);
                Sql::optional(sql!["distinct on (", self.expression(ty, 1), ") "])
            }
            _ => Sql::none(),
        };
        self.levels.pop();
        let limit = match self.random.below(100) {
            0..=4 => " limit 1",
            5..=6 => " limit 0",
            7..=8 => " offset 1",
            9..=10 => " order by 1 fetch first 1 row with ties",
            11..=12 => " order by 1 limit 1 offset 0",
            13..=14 => " limit 2",
            15 => " limit exp(1)",
            16 => " limit 0.4",
            17 => " offset exp(0)",
            _ => "",
        };
        let list = Sql::Seq(separated(list));
        sql![
            "select ",
            distinct,
            list,
            from,
            condition,
            grouping,
            having,
            Sql::optional(limit)
        ]
    }

    pub(super) fn level(&mut self) -> &mut Level {
        self.levels.last_mut().unwrap()
    }

    fn set_returning(&mut self) -> Sql {
        let template = *self.random.pick(&[
            "unnest({ints})",
            "strict_set({int})",
            "some_ints({int})",
            "generate_series(1, least({int}, 3))",
            "generate_series(1, 2) + generate_series(1, least({int}, 3))",
            "generate_series(1, generate_series(1, least({int}, 2)))",
            "(jsonb_each_text('{\"1\": null}')).key::int + unnest({ints})",
            "(two_columns({int})).a",
            "(some_pairs({int})).a",
            "length((two_columns({int})).b) + (two_columns({int})).a",
        ]);
        self.template(template, Type::Int, 1)
    }

    fn group_by(&mut self) -> Sql {
        let visible = self.visible();
        let own = self
            .level()
            .sources
            .iter()
            .map(|s| s.columns.len())
            .sum::<usize>();
        if own == 0 {
            return Sql::none();
        }
        let mut groups: Vec<(String, Type)> = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            let (column, ty) = visible[self.random.below(own)].clone();
            groups.push(match self.random.below(4) {
                0 => (self.expression(Type::Int, 1).render().0, Type::Int),
                1 if ty == Type::Int => (format!("({column} + 1)"), ty),
                _ => (column, ty),
            });
        }
        let names: Vec<&str> = groups.iter().map(|(g, _)| g.as_str()).collect();
        let first = names[0];
        let all = names.join(", ");
        let clause = match self.random.below(9) {
            0 => format!("rollup ({all})"),
            1 => format!("cube ({all})"),
            2 => format!("grouping sets (({first}), ())"),
            3 => format!("grouping sets (({all}), ({first}))"),
            4 => format!("{first}, rollup ({all})"),
            _ => all,
        };
        // The primary key stands for the columns that depend on it.
        let key = groups
            .iter()
            .find(|(g, _)| g.ends_with(".k"))
            .map(|(g, _)| g.clone());
        if let Some(alias) = key.as_deref().and_then(|k| k.strip_suffix(".k"))
            && self.random.chance(15)
        {
            let dependent = visible
                .iter()
                .filter(|(c, _)| c.starts_with(&format!("{alias}.")));
            groups.extend(dependent.cloned());
        }
        self.level().grouped = Some(groups);
        self.level().allows_aggregates = true;
        sql![" group by ", clause]
    }
}

/// The parts with commas between.
pub(super) fn separated(parts: Vec<Sql>) -> Vec<Sql> {
    let mut out = Vec::new();
    for part in parts {
        if !out.is_empty() {
            out.push(", ".into());
        }
        out.push(part);
    }
    out
}

/// The columns `o1`, `o2`, … of these types.
pub(super) fn named(types: &[Type]) -> Vec<(String, Type)> {
    let numbers = 1..;
    numbers
        .zip(types)
        .map(|(i, ty)| (format!("o{i}"), *ty))
        .collect()
}
