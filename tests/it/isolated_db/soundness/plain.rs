//! Plain queries and statements: columns as they are, under few conditions about them, so that a verdict rests on one fact
//! and shows when that fact does not hold; with nothing around it that hides it.

use super::expressions::{Level, Source};
use super::grammar;
use super::queries::{Generator, Manner, named, separated};
use super::schema::Relation;
use super::sql::{Sql, sql};
use super::types::Type;

/// As many columns as a plain statement returns.
const MOST_COLUMNS: usize = 12;

impl Generator<'_> {
    /// What is made in the plain manner.
    pub(super) fn plainly(&mut self, make: impl FnOnce(&mut Self) -> Sql) -> Sql {
        let manner = std::mem::replace(&mut self.manner, Manner::Plain);
        let made = make(self);
        self.manner = manner;
        made
    }

    /// A condition or two of a plain query. The columns that it names come up again.
    pub(super) fn plain_condition(&mut self) -> Sql {
        let arms: Vec<Sql> = (0..1 + self.random.below(4) / 3)
            .map(|_| self.plain_test())
            .collect();
        let separator = *self.random.pick(&[" and ", " and ", " or "]);
        let condition = Sql::List(separator, arms);
        let said = condition.render().0;
        let named = self
            .visible()
            .into_iter()
            .filter(|(name, _)| said.contains(name))
            .map(|(name, ty)| (name.into(), ty));
        let named: Vec<(Sql, Type)> = named.collect();
        self.level().remembered.extend(named);
        Sql::optional(sql![" where ", condition])
    }

    /// A template whose parts are plain; often one that proves something.
    pub(super) fn plain_test(&mut self) -> Sql {
        let templates: &[&str] = match self.random.below(100) {
            0..=34 => &[],
            35..=69 => &grammar::PROOFS,
            _ => grammar::of(Type::Bool),
        };
        let inner = self.plainly(|generator| match templates.is_empty() {
            true => generator.about_key(),
            false => {
                let template = *generator.random.pick(templates);
                generator.template(template, Type::Bool, 0)
            }
        });
        Sql::expression(Type::Bool, sql!["(", inner, ")"])
    }

    /// FROM of a plain query: a table, or two that are joined by their keys, or anything.
    pub(super) fn plain_items(&mut self, depth: usize) -> Sql {
        let choice = self.random.below(100);
        if choice >= 70 {
            return self.joined_items(depth.min(2));
        }
        let (item, mut sources) = self.item(&[], 0);
        if choice < 40 {
            self.level().sources = sources;
            return sql![" from ", item];
        }
        let (other, more) = self.item(&[], 0);
        let keys: Vec<String> = sources.iter().chain(&more).filter_map(first_int).collect();
        sources.extend(more);
        self.level().sources = sources;
        let kind =
            *self
                .random
                .pick(&["join", "left join", "left join", "right join", "full join"]);
        let condition = match &keys[..] {
            [a, b] => Sql::from(format!("{a} = {b}")),
            _ => "true".into(),
        };
        // A full join takes no other conditions than those that can be hashed or merged.
        let more = match kind != "full join" && self.random.chance(50) {
            true => Sql::optional(sql![" and ", self.plain_test()]),
            false => Sql::none(),
        };
        let join = sql![item, format!(" {kind} "), other, " on ", condition, more];
        sql![" from ", Sql::from_item(join)]
    }

    /// A result column of a plain query: a column, or an aggregate of one.
    pub(super) fn plain_output(&mut self, ty: Type, condition: &Sql) -> Sql {
        if self.random.chance(8) {
            return self.plain_subquery(ty);
        }
        let level = self.level();
        let has_groups = level.grouped.as_ref().is_some_and(|g| !g.is_empty());
        if !level.allows_aggregates || (has_groups && self.random.chance(50)) {
            return self.nearest_column(ty, condition);
        }
        let ty = match grammar::aggregates(ty).is_empty() {
            true => Type::Int,
            false => ty,
        };
        let template = *self.random.pick(grammar::aggregates(ty));
        let aggregate = self.plainly(|generator| generator.aggregated(template, ty, 0));
        Sql::expression(ty, aggregate)
    }

    /// A scalar subquery that gives what stands outside of it, or an aggregate, under a condition about both.
    fn plain_subquery(&mut self, ty: Type) -> Sql {
        let columns = self.visible();
        let any = self.own_column(ty, 0);
        self.levels.push(Level::default());
        let (item, sources) = self.item(&[], 0);
        self.level().sources = sources;
        let condition = self.plain_condition();
        let said = condition.render().0;
        let about = columns.iter().find(|(name, _)| said.contains(name));
        let output = match about {
            Some((name, ty)) if self.random.chance(75) => Sql::expression(*ty, name.clone()),
            _ => any,
        };
        let rows = *self.random.pick(&[
            " having count(*) >= 0",
            " having count(*) >= 0",
            " having count(*) > 0",
            " limit 1",
        ]);
        self.levels.pop();
        let rows = Sql::optional(rows);
        sql!["(select ", output, " from ", item, condition, rows, ")"]
    }

    /// What a plain statement gives a column: null, another column, or something that is not null.
    pub(super) fn plain_value(&mut self, ty: Type) -> Sql {
        let given: Sql = match self.random.below(10) {
            0..=2 if ty != Type::Label => format!("null::{}", ty.name()).into(),
            3 => return self.own_column(ty, 0),
            4 => return "default".into(),
            5 => self.param(ty),
            _ => ty.literal(&mut self.random).into(),
        };
        Sql::expression(ty, given)
    }

    /// All columns of the sources, as they are.
    pub(super) fn all_columns(&mut self) -> Vec<Sql> {
        let mut columns = self.levels.last().map(Level::columns).unwrap_or_default();
        while columns.len() > MOST_COLUMNS {
            let place = self.random.below(columns.len());
            columns.swap_remove(place);
        }
        let columns = columns.into_iter();
        columns
            .map(|(name, ty)| Sql::expression(ty, name))
            .collect()
    }

    /// A recursive query whose columns hand their values on to one another, and in the end perhaps null.
    pub(super) fn recursive_statement(&mut self) -> Sql {
        let ty = *self
            .random
            .pick(&[Type::Int, Type::Text, Type::Ints, Type::Bool]);
        let mut types = vec![Type::Int];
        types.extend((0..2 + self.random.below(3)).map(|_| ty));
        let name = self.alias("q");
        let table = Relation {
            name: name.clone(),
            columns: named(&types),
            is_writable: false,
            keys: Vec::new(),
            required: Vec::new(),
        };
        let source = Source {
            alias: name.clone(),
            columns: table.columns.clone(),
        };
        let first: Vec<Sql> = types
            .iter()
            .map(|ty| match self.random.chance(85) {
                true => Sql::expression(*ty, ty.literal(&mut self.random)),
                false => self.expression(*ty, 0),
            })
            .collect();
        self.levels.push(Level {
            sources: vec![source],
            ..Level::default()
        });
        let mut next = vec![sql![format!("{name}.o1 + 1")]];
        for ty in &types[1..] {
            next.push(match self.random.below(10) {
                0 => Sql::expression(*ty, format!("null::{}", ty.name())),
                1..=6 => self.own_column(*ty, 0),
                _ => self.expression(*ty, 1),
            });
        }
        let list = self.all_columns();
        self.levels.pop();
        let names: Vec<&str> = table.columns.iter().map(|(c, _)| c.as_str()).collect();
        sql![
            format!("with recursive {name} ({}) as (select ", names.join(", ")),
            Sql::Seq(separated(first)),
            " union all select ",
            Sql::Seq(separated(next)),
            format!(" from {name} where {name}.o1 < 5) select "),
            Sql::List(", ", list),
            format!(" from {name}")
        ]
    }
}

/// The first integer column of the source.
fn first_int(source: &Source) -> Option<String> {
    let (column, _) = source.columns.iter().find(|(_, ty)| *ty == Type::Int)?;
    Some(format!("{}.{column}", source.alias))
}
