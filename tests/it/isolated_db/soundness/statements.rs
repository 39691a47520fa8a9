//! Random statements: queries, and INSERT, UPDATE, DELETE and MERGE with RETURNING, alone or in WITH.

use super::expressions::{Level, Source};
use super::queries::{Generator, Manner, named, separated};
use super::schema::Relation;
use super::sql::{Sql, sql};
use super::types::Type;

impl Generator<'_> {
    /// A statement that returns rows, with parameters.
    pub(super) fn statement(&mut self) -> Sql {
        self.allows_params = true;
        let outputs: Vec<Type> = (0..1 + self.random.below(3))
            .map(|_| *self.random.pick(&Type::ALL))
            .collect();
        match self.random.below(100) {
            0..=11 => self.trap(),
            12..=36 => {
                // Columns cost nothing: many.
                let outputs: Vec<Type> = (0..3 + self.random.below(4))
                    .map(|_| *self.random.pick(&Type::ALL))
                    .collect();
                let depth = 1 + self.random.below(3);
                self.is_outermost = true;
                self.plainly(|generator| generator.query(&outputs, depth))
            }
            37..=59 => {
                // Deep queries try more, but few of their rows come out.
                let depth = 1 + self.random.below(4);
                self.is_outermost = true;
                self.query(&outputs, depth)
            }
            60..=63 => self.recursive_statement(),
            64..=79 => self.plainly(|generator| generator.writing(&[])),
            80..=92 => {
                let more = (0..2).map(|_| *self.random.pick(&Type::ALL));
                let outputs: Vec<Type> = outputs.into_iter().chain(more).collect();
                self.writing(&outputs)
            }
            _ => {
                let types: Vec<Type> = [Type::Int].into_iter().chain(outputs.clone()).collect();
                let name = self.alias("m");
                let columns = named(&types);
                let names: Vec<&str> = columns.iter().map(|(c, _)| c.as_str()).collect();
                let written = self.writing(&types);
                self.common_tables.push(Relation {
                    name: name.clone(),
                    columns: columns.clone(),
                    is_writable: false,
                    keys: Vec::new(),
                    required: Vec::new(),
                });
                let query = self.select_from_written(&name, &outputs);
                sql![
                    format!("with {name} ({}) as (", names.join(", ")),
                    written,
                    ") ",
                    query
                ]
            }
        }
    }

    /// A query in which the rows that another statement returned come in.
    fn select_from_written(&mut self, name: &str, outputs: &[Type]) -> Sql {
        if self.random.chance(40) {
            return self.query(outputs, 3);
        }
        let columns = self.common_tables.last().unwrap().columns.clone();
        let source = Source {
            alias: name.to_owned(),
            columns,
        };
        self.levels.push(Level {
            sources: vec![source],
            ..Level::default()
        });
        let list = outputs.iter().map(|ty| self.expression(*ty, 2)).collect();
        let condition = self.condition(" where ", 2);
        self.levels.pop();
        sql![
            "select ",
            Sql::Seq(separated(list)),
            format!(" from {name}"),
            condition
        ]
    }

    /// A statement that writes, with a RETURNING list of these types, or of all columns if there are none.
    fn writing(&mut self, outputs: &[Type]) -> Sql {
        let tables: Vec<Relation> = self
            .relations
            .iter()
            .filter(|r| r.is_writable)
            .cloned()
            .collect();
        let table = self.random.pick(&tables).clone();
        match self.random.below(100) {
            0..=34 => self.insert(&table, outputs),
            35..=69 => self.update(&table, outputs),
            70..=84 => self.delete(&table, outputs),
            _ if self.version >= 17 => self.merge(&table, outputs),
            _ => self.update(&table, outputs),
        }
    }

    fn returning(&mut self, mut sources: Vec<Source>, outputs: &[Type], depth: usize) -> Sql {
        if self.version >= 18 && self.random.chance(50) {
            let columns = sources[0].columns.clone();
            for alias in ["old", "new"] {
                sources.push(Source {
                    alias: alias.into(),
                    columns: columns.clone(),
                });
            }
        }
        self.levels.push(Level {
            sources,
            ..Level::default()
        });
        let is_plain = self.random.chance(50);
        let list = match outputs.is_empty() {
            true => self.all_columns(),
            false => outputs
                .iter()
                .map(|ty| match is_plain {
                    true => self.own_column(*ty, depth),
                    false => self.expression(*ty, depth),
                })
                .collect(),
        };
        let list = match self.random.chance(10) {
            true => [list, vec![self.record(1)]].concat(),
            false => list,
        };
        self.levels.pop();
        sql![" returning ", Sql::Seq(separated(list))]
    }

    /// What a column is given.
    fn value(&mut self, ty: Type, depth: usize) -> Sql {
        if self.manner == Manner::Plain {
            return self.plain_value(ty);
        }
        match self.random.below(10) {
            0 => "default".into(),
            1..=3 if self.allows_params => Sql::expression(ty, self.param(ty)),
            _ => self.expression(ty, depth),
        }
    }

    /// Which rows are written.
    fn written_condition(&mut self, depth: usize) -> Sql {
        match self.manner {
            Manner::Any => self.condition(" where ", depth),
            Manner::Plain if self.random.chance(30) => Sql::none(),
            Manner::Plain => self.plain_condition(),
        }
    }

    fn assignments(&mut self, table: &Relation, depth: usize) -> Sql {
        let mut items = Vec::new();
        for (column, ty) in table.written() {
            if self.random.chance(35) {
                items.push(sql![format!("{column} = "), self.value(*ty, depth)]);
            }
        }
        if items.is_empty() {
            let written: Vec<_> = table.written().cloned().collect();
            let (column, ty) = self.random.pick(&written).clone();
            items.push(sql![format!("{column} = "), self.value(ty, depth)]);
        }
        Sql::List(", ", items)
    }

    fn insert(&mut self, table: &Relation, outputs: &[Type]) -> Sql {
        let is_plain = self.manner == Manner::Plain;
        let alias = self.alias("x");
        let columns: Vec<(String, Type)> = table
            .written()
            .filter(|_| self.random.chance(if is_plain { 97 } else { 85 }))
            .cloned()
            .collect();
        let columns = if columns.is_empty() {
            table.written().cloned().collect()
        } else {
            columns
        };
        let names: Vec<&str> = columns.iter().map(|(c, _)| c.as_str()).collect();
        let types: Vec<Type> = columns.iter().map(|(_, ty)| *ty).collect();
        let given = if is_plain || self.random.chance(65) {
            self.levels.push(Level::default());
            let mut rows = Vec::new();
            for _ in 0..1 + self.random.below(5) / 4 {
                let value = |ty: &Type| match is_plain && self.random.chance(80) {
                    // Given and not null, so that it is what becomes of it that decides.
                    true => Sql::expression(*ty, ty.literal(&mut self.random)),
                    false => self.value(*ty, 1),
                };
                let mut row: Vec<Sql> = types.iter().map(value).collect();
                if self.random.chance(4) && types[0] == Type::Int {
                    row[0] = "generate_series(1, 2)".into();
                    // A shorter one beside it is filled up with nulls.
                    let last = types.len() - 1;
                    if last > 0 && types[last] == Type::Int && self.random.chance(50) {
                        row[last] = "generate_series(3, 3)".into();
                    }
                }
                rows.push(sql!["(", Sql::Seq(separated(row)), ")"]);
            }
            self.levels.pop();
            sql!["values ", Sql::List(", ", rows)]
        } else {
            self.query(&types, 2)
        };
        let conflict = match self.random.below(10) {
            0..=1 => Sql::optional(" on conflict do nothing"),
            2..=8 if !table.keys.is_empty() && (is_plain || self.random.chance(45)) => {
                let key = self.random.pick(&table.keys).clone();
                let sources = vec![
                    Source {
                        alias: alias.clone(),
                        columns: table.columns.clone(),
                    },
                    Source {
                        alias: "excluded".into(),
                        columns: table.columns.clone(),
                    },
                ];
                self.levels.push(Level {
                    sources,
                    ..Level::default()
                });
                let set = self.assignments(table, 1);
                let condition = self.written_condition(1);
                self.levels.pop();
                Sql::optional(sql![
                    format!(" on conflict ({key}) do update set "),
                    set,
                    condition
                ])
            }
            _ => Sql::none(),
        };
        let source = Source {
            alias: alias.clone(),
            columns: table.columns.clone(),
        };
        let returning = self.returning(vec![source], outputs, 2);
        let head = format!(
            "insert into {} as {alias} ({}) ",
            table.name,
            names.join(", ")
        );
        sql![head, given, conflict, returning]
    }

    fn update(&mut self, table: &Relation, outputs: &[Type]) -> Sql {
        let alias = self.alias("x");
        let target = Source {
            alias: alias.clone(),
            columns: table.columns.clone(),
        };
        let mut sources = vec![target];
        let from = match self.random.chance(40) {
            true => {
                let (item, more) = self.joined(&[], 1);
                sources.extend(more);
                Sql::optional(sql![" from ", item])
            }
            false => Sql::none(),
        };
        self.levels.push(Level {
            sources: sources.clone(),
            ..Level::default()
        });
        let set = self.assignments(table, 2);
        let condition = self.written_condition(2);
        self.levels.pop();
        let returning = self.returning(sources, outputs, 3);
        sql![
            format!("update {} as {alias} set ", table.name),
            set,
            from,
            condition,
            returning
        ]
    }

    fn delete(&mut self, table: &Relation, outputs: &[Type]) -> Sql {
        let alias = self.alias("x");
        let mut sources = vec![Source {
            alias: alias.clone(),
            columns: table.columns.clone(),
        }];
        let using = match self.random.chance(40) {
            true => {
                let (item, more) = self.joined(&[], 1);
                sources.extend(more);
                Sql::optional(sql![" using ", item])
            }
            false => Sql::none(),
        };
        self.levels.push(Level {
            sources: sources.clone(),
            ..Level::default()
        });
        let condition = self.written_condition(2);
        self.levels.pop();
        let returning = self.returning(sources, outputs, 2);
        sql![
            format!("delete from {} as {alias}", table.name),
            using,
            condition,
            returning
        ]
    }

    fn merge(&mut self, table: &Relation, outputs: &[Type]) -> Sql {
        let alias = self.alias("x");
        let target = Source {
            alias: alias.clone(),
            columns: table.columns.clone(),
        };
        let (item, more) = self.joined(&[], 1);
        let both: Vec<Source> = [target.clone()].into_iter().chain(more.clone()).collect();
        self.levels.push(Level {
            sources: both.clone(),
            ..Level::default()
        });
        let condition = self.expression(Type::Bool, 1);
        let matched = match self.random.below(3) {
            0 => "delete".into(),
            1 => "do nothing".into(),
            _ => sql!["update set ", self.assignments(table, 1)],
        };
        self.levels.pop();
        self.levels.push(Level {
            sources: more,
            ..Level::default()
        });
        let names: Vec<&str> = table.written().map(|(c, _)| c.as_str()).collect();
        let values = table.written().map(|(_, ty)| self.value(*ty, 1)).collect();
        self.levels.pop();
        self.levels.push(Level {
            sources: vec![target],
            ..Level::default()
        });
        let unmatched = match self.random.chance(50) {
            true => "delete".into(),
            false => sql!["update set ", self.assignments(table, 1)],
        };
        self.levels.pop();
        let insert = sql![
            format!(
                " when not matched then insert ({}) values (",
                names.join(", ")
            ),
            Sql::Seq(separated(values)),
            ")"
        ];
        let actions = sql![
            Sql::optional(sql![" when matched then ", matched]),
            Sql::optional(insert),
            match self.random.chance(40) {
                true => Sql::optional(sql![" when not matched by source then ", unmatched]),
                false => Sql::none(),
            }
        ];
        let returning = self.returning(both, outputs, 2);
        let head = format!("merge into {} as {alias} using ", table.name);
        sql![head, item, " on ", condition, actions, returning]
    }
}
