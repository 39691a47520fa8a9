//! Statements in which a rule of the analysis that goes one step too far shows: the fact that it would take for granted is there, the rows
//! that contradict it are likely, and little stands around it. Random queries hardly ever come upon them.

use super::expressions::{Level, Source};
use super::queries::{Generator, separated};
use super::schema::Relation;
use super::sql::{Sql, sql};
use super::types::Type;

impl Generator<'_> {
    /// One of the statements.
    pub(super) fn trap(&mut self) -> Sql {
        match self.random.below(11) {
            0..=1 => self.group_of_no_rows(),
            9..=10 => self.grouped_rows(),
            2..=3 => self.guarded_windows(),
            4..=5 => self.keys(),
            6 => self.checked_rows(),
            7 => self.stored_rows(),
            _ => self.generated_columns(),
        }
    }

    /// Some relation, by a name of its own that is visible from then on.
    fn named_row(&mut self, choose: impl Fn(&Relation) -> bool) -> Option<(Sql, Source)> {
        let relations: Vec<&Relation> = self.relations.iter().filter(|r| choose(r)).collect();
        if relations.is_empty() {
            return None;
        }
        let relation = (*self.random.pick(&relations)).clone();
        let source = Source {
            alias: self.alias("r"),
            columns: relation.columns,
        };
        let item = Sql::from_item(format!("{} {}", relation.name, source.alias));
        Some((item, source))
    }

    fn enter(&mut self, source: Source) {
        self.levels.push(Level {
            sources: vec![source],
            ..Level::default()
        });
    }

    fn some_column(&mut self) -> (String, Type) {
        let columns = self.level().columns();
        self.random.pick(&columns).clone()
    }

    /// What proves that the column is not null, often in rows that there are few of.
    fn proof(&mut self, column: &str, ty: Type) -> Sql {
        let literal = ty.literal(&mut self.random);
        let proofs = [
            format!("{column} is not null"),
            format!("{column} = {literal}"),
            format!("not ({column} is null)"),
        ];
        Sql::expression(Type::Bool, format!("({})", self.random.pick(&proofs)))
    }

    /// What conditions inside say of a row outside does not hold for a group that is made of no rows.
    fn group_of_no_rows(&mut self) -> Sql {
        let Some((outer, source)) = self.named_row(|_| true) else {
            return "select 1 as o1".into();
        };
        self.enter(source);
        let mut list = Vec::new();
        let mut from = vec![outer];
        for _ in 0..3 {
            let (column, ty) = self.some_column();
            let condition = self.proof(&column, ty);
            let (inner, _) = self.item(&[], 0);
            let given = Sql::expression(ty, column.clone());
            // One row in any case.
            if self.random.chance(50) {
                let counted = sql![
                    "(select case when count(*) > 0 then ",
                    given,
                    format!(" else {column} end from "),
                    inner,
                    " where ",
                    condition,
                    ")"
                ];
                list.push(counted);
                continue;
            }
            let having =
                *self
                    .random
                    .pick(&[" having count(*) >= 0", " having true", " group by ()"]);
            let alias = self.alias("s");
            list.push(format!("{alias}.x").into());
            from.push(Sql::from_item(sql![
                "lateral (select ",
                given,
                " as x from ",
                inner,
                " where ",
                condition,
                format!("{having}) {alias}")
            ]));
        }
        self.levels.pop();
        sql![
            "select ",
            Sql::List(", ", list),
            " from ",
            Sql::List(" cross join ", from)
        ]
    }

    /// What a condition says of a group: of one of its rows, where those that are equal differ, and of none, where a grouping set
    /// leaves a column out. Within a subquery, the aggregates are the outer query's.
    fn grouped_rows(&mut self) -> Sql {
        let Some((item, source)) = self.named_row(|_| true) else {
            return "select 1 as o1".into();
        };
        self.enter(source);
        let (a, ty) = self.some_column();
        let (b, _) = self.some_column();
        let (c, _) = self.some_column();
        let literal = ty.literal(&mut self.random);
        let made = *self.random.pick(&[
            "{a}",
            "nullif({a}, {literal})",
            "nullif({a}::text, {literal}::text)",
            "case when {a} is null then {literal} end",
        ]);
        let sets = *self.random.pick(&[
            "{a}",
            "{a}, {c}",
            "rollup ({a})",
            "grouping sets (({a}), ({c}))",
            "grouping sets (({a}, {b}), ({c}, {b}))",
            "grouping sets (({a}), ({a}, {c}))",
        ]);
        let mut list = Vec::new();
        let mut having = Sql::none();
        for _ in 0..3 {
            let condition = *self.random.pick(&[
                "{e} is not null",
                "{e} is null",
                "{a} is null",
                "{a} is not null",
                "{a} = {literal}",
            ]);
            let aggregate = *self.random.pick(&[
                "max(({x})::text)",
                "(array_agg(({x})::text))[1]",
                "array_to_string(array_agg(({x})::text), ',', null)",
                "coalesce(min(({x})::text), min(({x})::text))",
            ]);
            let seen = *self.random.pick(&["{b}", "{e}", "{a}"]);
            let aggregate = aggregate.replace("{x}", seen);
            let form = *self.random.pick(&[
                "case when {if} then {of} else '' end",
                "({if}) and ({of}) is not null and ({of}) > ''",
                "(select case when {if} then {of} else '' end)",
                "(select {of} || count(*)::text from (values (1)) s where {if})",
                "array_agg(({x})::text)",
            ]);
            let form = form
                .replace("{of}", &aggregate)
                .replace("{x}", seen)
                .replace("{if}", condition);
            list.push(form);
            if self.random.chance(15) {
                having = Sql::optional(format!(" having {condition}"));
            }
        }
        self.levels.pop();
        let filled = |text: &str| {
            let text = text.replace("{e}", &format!("({made})"));
            let text = text.replace("{a}", &a).replace("{b}", &b);
            text.replace("{c}", &c).replace("{literal}", &literal)
        };
        let list = list.iter().map(|form| filled(form).into()).collect();
        let (having, _) = having.render();
        sql![
            "select ",
            Sql::List(", ", list),
            " from ",
            item,
            format!(" group by {}", filled(sets)),
            Sql::optional(filled(&having))
        ]
    }

    /// A window function takes values of other rows: what guards it is true of this one.
    fn guarded_windows(&mut self) -> Sql {
        let Some((item, source)) = self.named_row(|_| true) else {
            return "select 1 as o1".into();
        };
        self.enter(source);
        let mut list = Vec::new();
        for _ in 0..4 {
            let (column, ty) = self.some_column();
            let condition = self.proof(&column, ty);
            let call = *self.random.pick(&[
                "first_value({c})",
                "last_value({c})",
                "lag({c}, 1, {c})",
                "lead({c}, 1, {c})",
                "nth_value({c}, 1)",
                "first_value(({c} is null)::text || {c}::text)",
            ]);
            let is_text = call.contains("text");
            let call = call.replace("{c}", &column);
            let (order, _) = self.some_column();
            let frame = match self.random.chance(50) {
                true => Sql::optional(self.frame(true)),
                false => Sql::none(),
            };
            let ty = if is_text { Type::Text } else { ty };
            let other = ty.literal(&mut self.random);
            let window = sql![
                call,
                " over (order by ",
                format!("{order}::text"),
                frame,
                ")"
            ];
            list.push(sql![
                "case when ",
                condition,
                " then ",
                Sql::expression(ty, window),
                format!(" else {other} end")
            ]);
        }
        self.levels.pop();
        sql!["select ", Sql::List(", ", list), " from ", item]
    }

    /// A key that conditions seem to determine: of a table that others inherit from, by what is another value each time, by
    /// a query of more rows than one, in an arm of a set operation whose rows are not the only ones, or on the side of an outer
    /// join whose rows stay whatever its condition says.
    fn keys(&mut self) -> Sql {
        // Of two tables, both must have a key for anything to be said.
        let has_key = |r: &Relation| r.is_writable && r.keys.iter().any(|key| key == "k");
        let any_has = self.relations.iter().any(has_key) && self.random.chance(80);
        let choose = |r: &Relation| if any_has { has_key(r) } else { r.is_writable };
        let pair = (self.named_row(choose), self.named_row(choose));
        let (Some((item, source)), Some((other, more))) = pair else {
            return "select 1 as o1".into();
        };
        let (a, b) = (source.alias.clone(), more.alias.clone());
        self.enter(source);
        let list = self.all_columns();
        self.levels.pop();
        let literal = Type::Int.literal(&mut self.random);
        let key = Sql::expression(Type::Int, literal);
        let head = sql!["select ", Sql::List(", ", list), " from ", item.clone()];
        match self.random.below(12) {
            0..=1 => self.key_among_rows(head, other, &a, &b),
            2..=3 => self.arms_of_one_row(item, other, &a, &b),
            4..=5 => sql![head, format!(" where {a}.k = "), key],
            6..=7 => {
                let dice = *self.random.pick(&["dice()", "dice() + 0", "abs(dice())"]);
                let dice = Sql::expression(Type::Int, dice);
                sql![head, format!(" where {a}.k = "), dice]
            }
            8..=9 => {
                let side = *self.random.pick(&[&a, &b]);
                let join = *self
                    .random
                    .pick(&[" left join ", " right join ", " full join "]);
                let fixed = match join {
                    // Nothing but equality of both sides can be merged or hashed.
                    " full join " => Sql::none(),
                    _ => Sql::optional(sql![format!(" and {side}.k = "), key.clone()]),
                };
                let condition = match self.random.chance(30) {
                    true => Sql::optional(sql![format!(" where {side}.k = "), key]),
                    false => Sql::none(),
                };
                sql![
                    head,
                    join,
                    other,
                    format!(" on {a}.k = {b}.k"),
                    fixed,
                    condition
                ]
            }
            _ => {
                self.enter(more);
                let (column, ty) = self.some_column();
                self.levels.pop();
                // A value where there is a row of that key, and null where there is none.
                let about = Sql::optional(format!(" and {a}.n is not null"));
                sql![
                    "select distinct ",
                    Sql::expression(ty, format!("{column}::text")),
                    " as o1 from ",
                    item,
                    " left join ",
                    other,
                    format!(" on {b}.k = "),
                    key,
                    about
                ]
            }
        }
    }

    /// A key among the rows of a query: one row, or more of them, or another one for each row outside.
    fn key_among_rows(&mut self, head: Sql, other: Sql, a: &str, b: &str) -> Sql {
        let condition = *self.random.pick(&[
            "{b}.k = {key}",
            "{b}.k = {key}",
            "{b}.k >= {key}",
            "{b}.k = {a}.n",
            "{b}.k = dice()",
            "true limit 1",
        ]);
        let condition = condition
            .replace("{a}", a)
            .replace("{b}", b)
            .replace("{key}", &Type::Int.literal(&mut self.random));
        let column = *self.random.pick(&["k", "n"]);
        let operator = *self.random.pick(&["in (", "= any (", "in (", "<= any ("]);
        sql![
            head,
            format!(" where {a}.k {operator}select {b}.{column} from "),
            other,
            format!(" where {condition})")
        ]
    }

    /// A set operation, one or both arms of which have one row.
    fn arms_of_one_row(&mut self, item: Sql, other: Sql, a: &str, b: &str) -> Sql {
        let operation = *self
            .random
            .pick(&["intersect", "intersect all", "except", "union"]);
        let (left, right) = *self
            .random
            .pick(&[(true, false), (false, true), (true, true)]);
        let literal = Type::Int.literal(&mut self.random);
        let one = |alias: &str, is_one: bool| match is_one {
            true => format!(" where {alias}.k = {literal}"),
            false => String::new(),
        };
        sql![
            format!("select {a}.n as o1 from "),
            item,
            format!("{} {operation} select {b}.n from ", one(a, left)),
            other,
            one(b, right)
        ]
    }

    /// What the checks of a table make of a condition about one of its columns.
    fn checked_rows(&mut self) -> Sql {
        let Some((item, source)) = self.named_row(|r| r.is_writable) else {
            return "select 1 as o1".into();
        };
        self.enter(source);
        let list = self.all_columns();
        let condition = self.plain_condition();
        self.levels.pop();
        sql!["select ", Sql::List(", ", list), " from ", item, condition]
    }

    /// All of a view, which may be a materialized one and older than what is declared.
    fn stored_rows(&mut self) -> Sql {
        let Some((item, source)) = self.named_row(|r| !r.is_writable) else {
            return "select 1 as o1".into();
        };
        self.enter(source);
        let list = self.all_columns();
        self.levels.pop();
        sql!["select ", Sql::List(", ", list), " from ", item]
    }

    /// A generated column is another one when what it is generated from is written.
    fn generated_columns(&mut self) -> Sql {
        let Some((item, source)) =
            self.named_row(|r| r.is_writable && r.written().count() < r.columns.len())
        else {
            return self.guarded_windows();
        };
        let alias = source.alias.clone();
        self.enter(source);
        let condition = self.proof(&format!("{alias}.g"), Type::Int);
        let column = *self.random.pick(&["k", "n"]);
        let value = match self.random.chance(60) {
            true => "null::int".to_owned(),
            false => Type::Int.literal(&mut self.random),
        };
        let list = self.all_columns();
        self.levels.pop();
        sql![
            "update ",
            item,
            format!(" set {column} = "),
            Sql::expression(Type::Int, value),
            " where ",
            condition,
            format!(" returning {alias}.g, "),
            Sql::Seq(separated(list))
        ]
    }
}
