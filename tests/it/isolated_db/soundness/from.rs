//! Random FROM clauses: tables, views, subqueries, functions and VALUES, joined in every way.

use super::expressions::{Level, Source};
use super::queries::{Generator, named, separated};
use super::schema::Relation;
use super::sql::{Sql, sql};
use super::types::Type;

impl Generator<'_> {
    /// FROM, whose sources are visible in the level from then on.
    pub(super) fn joined_items(&mut self, depth: usize) -> Sql {
        let count = match self.random.below(100) {
            0..=9 => 0,
            10..=84 => 1,
            _ => 2,
        };
        let mut items = Vec::new();
        let mut sources: Vec<Source> = Vec::new();
        for _ in 0..count {
            let (item, more) = self.joined(&sources, depth.min(3));
            items.push(item);
            sources.extend(more);
        }
        self.level().sources = sources;
        match items.is_empty() {
            true => Sql::none(),
            false => sql![" from ", Sql::List(", ", items)],
        }
    }

    /// An item of FROM, perhaps a join; a lateral one sees `before`.
    pub(super) fn joined(&mut self, before: &[Source], depth: usize) -> (Sql, Vec<Source>) {
        if depth == 0 || !self.random.chance(52) {
            return self.item(before, depth);
        }
        let (left, mut sources) = self.joined(before, depth - 1);
        let kind = *self.random.pick(&[
            "join",
            "join",
            "left join",
            "left join",
            "left join",
            "right join",
            "full join",
            "cross join",
        ]);
        let mut seen = before.to_vec();
        if !matches!(kind, "right join" | "full join") {
            seen.extend(sources.clone());
        }
        let (right, more) = self.joined(&seen, depth.saturating_sub(2));
        let has_key = |sources: &[Source]| {
            sources.len() == 1 && sources[0].columns.iter().any(|(c, _)| c == "k")
        };
        let merges = kind != "cross join" && has_key(&sources) && has_key(&more);
        let (left_alias, right_alias) = (first_key(&sources), first_key(&more));
        sources.extend(more);
        if merges && self.random.chance(30) {
            sources.insert(
                0,
                Source {
                    alias: String::new(),
                    columns: vec![("k".into(), Type::Int)],
                },
            );
            let join = sql!["(", left, format!(" {kind} "), right, " using (k))"];
            return (Sql::from_item(join), sources);
        }
        // What is merged can still be named by its side; columns of one name and two types are refused.
        if kind != "cross join" && self.random.chance(8) {
            let join = sql!["(", left, format!(" natural {kind} "), right, ")"];
            return (Sql::from_item(join), sources);
        }
        if kind == "cross join" {
            return (
                Sql::from_item(sql!["(", left, " cross join ", right, ")"]),
                sources,
            );
        }
        let condition = match (left_alias, right_alias) {
            (Some(a), Some(b)) if kind == "full join" || self.random.chance(45) => {
                let more = match self.random.chance(30) {
                    true => self.on(&sources, 1, " and "),
                    false => Sql::none(),
                };
                sql![format!("{a} = {b}"), more]
            }
            _ if kind == "full join" => "true".into(),
            _ => self.on(&sources, depth.min(2), ""),
        };
        let join = sql![
            "(",
            left,
            format!(" {kind} "),
            right,
            " on ",
            condition,
            ")"
        ];
        (Sql::from_item(join), sources)
    }

    /// A condition about these sources only.
    fn on(&mut self, sources: &[Source], depth: usize, word: &str) -> Sql {
        self.levels.push(Level {
            sources: sources.to_vec(),
            ..Level::default()
        });
        let condition = match self.random.chance(50) {
            true => self.plain_test(),
            false => self.expression(Type::Bool, depth),
        };
        self.levels.pop();
        match word {
            "" => condition,
            word => Sql::optional(sql![word, condition]),
        }
    }

    /// An item of FROM that is no join.
    pub(super) fn item(&mut self, before: &[Source], depth: usize) -> (Sql, Vec<Source>) {
        let choice = self.random.below(100);
        match choice {
            0..=11 if !self.common_tables.is_empty() => {
                let table = self.random.pick(&self.common_tables).clone();
                self.named_relation(&table)
            }
            12..=25 if depth > 0 => self.subquery(None, depth - 1),
            26..=35 if depth > 0 => self.subquery(Some(before), depth - 1),
            36..=45 => self.function(before, depth),
            46..=50 => self.values_item(before),
            _ => {
                let relation = self.random.pick(self.relations).clone();
                self.named_relation(&relation)
            }
        }
    }

    fn named_relation(&mut self, relation: &Relation) -> (Sql, Vec<Source>) {
        let alias = self.alias("r");
        let only = if relation.is_writable && self.random.chance(5) {
            "only "
        } else {
            ""
        };
        let item = Sql::from_item(format!("{only}{} {alias}", relation.name));
        (
            item,
            vec![Source {
                alias,
                columns: relation.columns.clone(),
            }],
        )
    }

    fn subquery(&mut self, lateral: Option<&[Source]>, depth: usize) -> (Sql, Vec<Source>) {
        let mut types = vec![Type::Int];
        types.extend((0..1 + self.random.below(2)).map(|_| *self.random.pick(&Type::ALL)));
        let word = match lateral {
            Some(before) => {
                self.levels.push(Level {
                    sources: before.to_vec(),
                    ..Level::default()
                });
                "lateral "
            }
            None => "",
        };
        let query = self.query(&types, depth);
        if lateral.is_some() {
            self.levels.pop();
        }
        let alias = self.alias("s");
        let columns = named(&types);
        let item = Sql::from_item(sql![
            word,
            "(",
            query,
            format!(") {alias} ({})", names(&columns))
        ]);
        (item, vec![Source { alias, columns }])
    }

    fn values_item(&mut self, before: &[Source]) -> (Sql, Vec<Source>) {
        let types = [Type::Int, *self.random.pick(&Type::ALL)];
        self.levels.push(Level {
            sources: before.to_vec(),
            ..Level::default()
        });
        let mut rows = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            let row = types.iter().map(|ty| self.expression(*ty, 0)).collect();
            rows.push(sql!["(", Sql::Seq(separated(row)), ")"]);
        }
        self.levels.pop();
        let alias = self.alias("v");
        let columns = named(&types);
        let item = sql![
            "lateral (values ",
            Sql::List(", ", rows),
            format!(") {alias} ({})", names(&columns))
        ];
        (Sql::from_item(item), vec![Source { alias, columns }])
    }

    fn function(&mut self, before: &[Source], depth: usize) -> (Sql, Vec<Source>) {
        use Type::{Bool, Int, Text};
        let json_table: (&str, &[Type]) = (
            "json_table({json}, '$[*]' columns (a int path '$.a', b text path '$.b' default 'x' on empty, c for ordinality,
                nested path '$.c[*]' columns (d int path '$')))",
            &[Int, Text, Int, Int],
        );
        let mut forms: Vec<(&str, &[Type])> = vec![
            ("unnest({ints})", &[Int]),
            ("unnest({ints}, {texts})", &[Int, Text]),
            ("unnest({ints}) with ordinality", &[Int, Int]),
            ("strict_set({int})", &[Int]),
            ("some_ints({int})", &[Int]),
            ("generate_series(0, least({int}, 3))", &[Int]),
            ("two_columns({int})", &[Int, Text]),
            ("write({int})", &[Int, Text]),
            ("steps({int})", &[Int, Text]),
            ("out_pair({int})", &[Int, Text]),
            ("out_one({int})", &[Int]),
            ("some_pairs({int})", &[Int, Text]),
            ("maybe_pair({int})", &[Int, Text]),
            (
                "rows from (generate_series(1, 2), strict_set({int})) with ordinality",
                &[Int, Int, Int],
            ),
            ("abs({int})", &[Int]),
            ("upper({text})", &[Text]),
            ("coalesce(row({int})::single, row(null)::single)", &[Int]),
            ("jsonb_each_text({json})", &[Text, Text]),
            ("any_rows({int}, {text})", &[Int, Text]),
            ("any_set({int}, {text})", &[Int]),
            ("any_row({int}, {text})", &[Int, Text]),
            ("any_pair({int}, {text})", &[Int, Text]),
            ("unnest(array[{pair}, {pair}])", &[Int, Text]),
            ("unnest(array[row({int}, {text})::pair, row({int}, {text})::pair])", &[Int, Text]),
            (
                "xmltable('/r/i' passing xmlparse(content '<r><i a=\"1\"/><i/></r>') columns a int path '@a', b for ordinality,
                    c text path '@b' default {text}, d bool path '@a' default {bool} not null)",
                &[Int, Int, Text, Bool],
            ),
        ];
        if self.version >= 17 {
            forms.push(json_table);
        }
        let (template, types) = *self.random.pick(&forms);
        self.levels.push(Level {
            sources: before.to_vec(),
            ..Level::default()
        });
        let call = self.template(template, Int, depth.min(1));
        self.levels.pop();
        let alias = self.alias("f");
        let mut columns = named(types);
        if template.ends_with("ordinality")
            && let Some(last) = columns.last_mut()
        {
            // It is a bigint, which no other expression is.
            last.1 = Type::Numeric;
        }
        let item = Sql::from_item(sql![call, format!(" {alias} ({})", names(&columns))]);
        (item, vec![Source { alias, columns }])
    }
}

fn names(columns: &[(String, Type)]) -> String {
    let names: Vec<&str> = columns.iter().map(|(c, _)| c.as_str()).collect();
    names.join(", ")
}

/// The first integer column that the sources have.
fn first_key(sources: &[Source]) -> Option<String> {
    sources.iter().find_map(|source| {
        let (column, _) = source.columns.iter().find(|(_, ty)| *ty == Type::Int)?;
        match source.alias.as_str() {
            "" => None,
            alias => Some(format!("{alias}.{column}")),
        }
    })
}
