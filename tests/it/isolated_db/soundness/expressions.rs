//! Random expressions of a wanted type out of what is visible: columns of this query and those around it, parameters,
//! literals, the grammar's templates, subqueries.

use super::grammar;
use super::queries::{Generator, Manner};
use super::sql::{Sql, sql};
use super::types::Type;

/// One query level: what its expressions can name, and what they may be.
#[derive(Clone, Debug, Default)]
pub(super) struct Level {
    pub(super) sources: Vec<Source>,
    /// In a query with groups, the expressions that it groups by: nothing else can be named outside of aggregates.
    pub(super) grouped: Option<Vec<(String, Type)>>,
    /// Expressions that conditions of this level are about, to be met again: what they prove is about them.
    pub(super) remembered: Vec<(Sql, Type)>,
    pub(super) allows_aggregates: bool,
    pub(super) allows_windows: bool,
}

/// A row that can be named.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Empty for columns that are named alone, those that USING has merged.
    pub(super) alias: String,
    pub(super) columns: Vec<(String, Type)>,
}

impl Level {
    /// What can be named, with its type.
    pub(super) fn columns(&self) -> Vec<(String, Type)> {
        if let Some(grouped) = &self.grouped {
            return grouped.clone();
        }
        let of = |source: &Source| {
            let alias = source.alias.clone();
            let columns = source.columns.clone().into_iter();
            columns.map(move |(name, ty)| match alias.as_str() {
                "" => (name, ty),
                alias => (format!("{alias}.{name}"), ty),
            })
        };
        self.sources.iter().flat_map(of).collect()
    }
}

impl Generator<'_> {
    /// Everything that can be named here.
    pub(super) fn visible(&self) -> Vec<(String, Type)> {
        self.levels.iter().rev().flat_map(Level::columns).collect()
    }

    /// An expression of the type.
    pub(super) fn expression(&mut self, ty: Type, depth: usize) -> Sql {
        if depth == 0 || self.random.chance(22) {
            return self.leaf(ty);
        }
        let level = self.levels.last().cloned().unwrap_or_default();
        let inner = if level.allows_windows && self.random.chance(12) {
            self.window(ty, depth - 1)
        } else if level.allows_aggregates && self.random.chance(35) {
            self.aggregate(ty, depth - 1)
        } else if depth > 1 && self.random.chance(10) {
            let query = self.query(&[ty], depth - 1);
            sql!["(", query, ")"]
        } else if self.random.chance(15) {
            self.of_kind(ty, depth - 1)
        } else {
            let own = grammar::of(ty);
            let choice = self.random.below(own.len() + 5);
            let template = match own.get(choice) {
                Some(template) => template,
                None => self.random.pick(&grammar::ANY),
            };
            self.template(template, ty, depth - 1)
        };
        Sql::expression(ty, sql!["(", inner, ")"])
    }

    /// A column, parameter or literal.
    fn leaf(&mut self, ty: Type) -> Sql {
        let columns: Vec<String> = self
            .visible()
            .into_iter()
            .filter(|(_, other)| *other == ty)
            .map(|(column, _)| column)
            .collect();
        let level = self.levels.last();
        let remembered: Vec<Sql> = level
            .into_iter()
            .flat_map(|level| &level.remembered)
            .filter(|(_, other)| *other == ty)
            .map(|(sql, _)| sql.clone())
            .collect();
        if !remembered.is_empty() && self.random.chance(25) {
            return self.random.pick(&remembered).clone();
        }
        // A condition that is only about constants shows nothing.
        let often = if self.manner == Manner::Plain { 95 } else { 72 };
        let leaf: Sql = if !columns.is_empty() && self.random.chance(often) {
            // The nearest come first, and are the likelier.
            let reach = 1 + self.random.below(columns.len());
            let column = columns[self.random.below(reach)].clone();
            let groups = level.and_then(|level| level.grouped.as_ref());
            let is_group = groups.is_some_and(|groups| groups.iter().any(|(g, _)| *g == column));
            match is_group && self.random.chance(20) {
                true => {
                    let other = ty.literal(&mut self.random);
                    let out = self.random.below(2);
                    format!("case when grouping({column}) = {out} then {other} else {column} end")
                        .into()
                }
                false => column.into(),
            }
        } else if self.allows_params && self.random.chance(25) {
            self.param(ty)
        } else if ty != Type::Label && self.random.chance(20) {
            format!("null::{}", ty.name()).into()
        } else {
            ty.literal(&mut self.random).into()
        };
        Sql::expression(ty, leaf)
    }

    /// A column of this query: mostly one that the condition is about, else one of that type, or any.
    pub(super) fn nearest_column(&mut self, ty: Type, condition: &Sql) -> Sql {
        let columns = self.levels.last().map(Level::columns).unwrap_or_default();
        let said = condition.render().0;
        let about: Vec<_> = columns
            .iter()
            .filter(|(name, _)| said.contains(name))
            .collect();
        let same: Vec<_> = columns.iter().filter(|(_, other)| *other == ty).collect();
        if !about.is_empty() && self.random.chance(60) {
            return self.random.pick(&about).0.clone().into();
        }
        match (same.is_empty(), columns.is_empty()) {
            (false, _) => self.random.pick(&same).0.clone().into(),
            (true, false) => self.random.pick(&columns).0.clone().into(),
            _ => self.leaf(ty),
        }
    }

    /// A column of the statement's own rows of that type, if there is one, else an expression.
    pub(super) fn own_column(&mut self, ty: Type, depth: usize) -> Sql {
        let columns = self.levels.last().map(Level::columns).unwrap_or_default();
        let same: Vec<_> = columns.iter().filter(|(_, other)| *other == ty).collect();
        match same.is_empty() {
            false => self.random.pick(&same).0.clone().into(),
            true => self.expression(ty, depth),
        }
    }

    /// A parameter, now and then one that is there already.
    pub(super) fn param(&mut self, ty: Type) -> Sql {
        let known = self.params.iter().rposition(|other| *other == ty);
        let id = match known.filter(|_| self.random.chance(25)) {
            Some(id) => id,
            None => {
                self.params.push(ty);
                self.params.len() - 1
            }
        };
        Sql::Param(id, ty)
    }

    /// A template with its places filled.
    pub(super) fn template(&mut self, template: &str, ty: Type, depth: usize) -> Sql {
        let mut parts: Vec<Sql> = Vec::new();
        let mut first: Option<Sql> = None;
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            parts.push(Sql::from(before));
            let (word, after) = after.split_once('}').unwrap();
            rest = after;
            let wanted = match word {
                "T" => Some(ty),
                "any" => Some(*self.random.pick(&Type::ALL)),
                word => Type::by_word(word),
            };
            parts.push(match wanted {
                Some(wanted) => {
                    let made = self.expression(wanted, depth);
                    first.get_or_insert_with(|| made.clone());
                    made
                }
                None if word == "same" => first.clone().unwrap_or_else(Sql::none),
                None if word == "row" => self.whole_row(),
                None => format!("{{{word}}}").into(),
            });
        }
        parts.push(rest.into());
        Sql::Seq(parts)
    }

    /// A row of this query that can be named, if there is one.
    fn whole_row(&mut self) -> Sql {
        let sources = self.levels.last().into_iter().flat_map(|l| &l.sources);
        let named = sources.filter(|source| !source.alias.is_empty());
        let aliases: Vec<String> = named.map(|source| source.alias.clone()).collect();
        match aliases.is_empty() {
            true => "row(1, null)".into(),
            false => self.random.pick(&aliases).clone().into(),
        }
    }

    /// A composite or an anonymous record, or an array of such.
    pub(super) fn record(&mut self, depth: usize) -> Sql {
        let level = self.levels.last().cloned().unwrap_or_default();
        if level.allows_aggregates {
            let template = *self.random.pick(&grammar::AGGREGATED_RECORDS);
            return self.aggregated(template, Type::Pair, depth);
        }
        let template = *self.random.pick(&grammar::RECORDS);
        self.template(template, Type::Pair, depth)
    }

    /// What only some types can be made of: quantified subqueries, whole rows.
    fn of_kind(&mut self, ty: Type, depth: usize) -> Sql {
        let level = self.levels.last().cloned().unwrap_or_default();
        let rows: Vec<Source> = level
            .sources
            .into_iter()
            .filter(|source| !source.alias.is_empty() && level.grouped.is_none())
            .collect();
        if !rows.is_empty() && self.random.chance(40) {
            let row = self.random.pick(&rows).clone();
            let alias = &row.alias;
            let columns = row.columns.iter().filter(|(_, other)| *other == ty);
            let columns: Vec<_> = columns.collect();
            match ty {
                Type::Bool => {
                    let test = ["is null", "is not null", "is distinct from null"];
                    return format!("{alias} {}", self.random.pick(&test)).into();
                }
                Type::Json => return format!("to_jsonb({alias})").into(),
                _ if !columns.is_empty() => {
                    return format!("({alias}).{}", self.random.pick(&columns).0).into();
                }
                _ => {}
            }
        }
        match ty {
            Type::Bool => self.quantified(depth),
            Type::Ints => sql!["array(", self.query(&[Type::Int], depth), ")"],
            Type::Texts => sql!["array(", self.query(&[Type::Text], depth), ")"],
            _ => {
                let template = *self.random.pick(&grammar::ANY);
                self.template(template, ty, depth)
            }
        }
    }

    /// EXISTS, IN, ANY and ALL.
    fn quantified(&mut self, depth: usize) -> Sql {
        let form = *self.random.pick(&[
            "exists",
            "not exists",
            "in",
            "not in",
            "= any",
            "<> all",
            "< all",
            "row",
            "is not distinct",
        ]);
        match form {
            "exists" | "not exists" => {
                let ty = *self.random.pick(&Type::ALL);
                sql![form, " (", self.query(&[ty], depth), ")"]
            }
            "row" => {
                let (a, b) = (
                    self.expression(Type::Int, depth),
                    self.expression(Type::Text, depth),
                );
                let query = self.query(&[Type::Int, Type::Text], depth);
                sql!["(", a, ", ", b, ") in (", query, ")"]
            }
            "is not distinct" => {
                let left = self.expression(Type::Int, depth);
                sql![
                    left,
                    " is not distinct from (",
                    self.query(&[Type::Int], depth),
                    ")"
                ]
            }
            _ => {
                let left = self.expression(Type::Int, depth);
                sql![
                    left,
                    format!(" {form} ("),
                    self.query(&[Type::Int], depth),
                    ")"
                ]
            }
        }
    }

    fn aggregate(&mut self, ty: Type, depth: usize) -> Sql {
        let templates = grammar::aggregates(ty);
        if templates.is_empty() {
            return self.leaf(ty);
        }
        let template = *self.random.pick(templates);
        self.aggregated(template, ty, depth)
    }

    /// A template whose parts are about the rows of a group, with a FILTER now and then.
    pub(super) fn aggregated(&mut self, template: &str, ty: Type, depth: usize) -> Sql {
        let Some(level) = self.levels.last_mut() else {
            return self.leaf(ty);
        };
        // Inside, the rows are visible, not the groups.
        let outside = level.clone();
        (level.grouped, level.allows_aggregates, level.allows_windows) = (None, false, false);
        let (call, cast) = match template.split_once("::int") {
            Some((call, "")) => (call, "::int"),
            _ => (template, ""),
        };
        let is_call =
            call.ends_with(')') && !call.starts_with('(') && !call.starts_with("coalesce");
        let call = self.template(call, ty, depth);
        let filter = if is_call && self.random.chance(20) {
            let condition = self.expression(Type::Bool, depth);
            Sql::optional(sql![" filter (where ", condition, ")"])
        } else {
            Sql::none()
        };
        self.levels.pop();
        self.levels.push(outside);
        sql!["(", call, filter, ")", cast]
    }

    fn window(&mut self, ty: Type, depth: usize) -> Sql {
        let template = *self.random.pick(grammar::windows(ty));
        let outside = self.without_windows();
        let call = self.template(template, ty, depth);
        let partition = match self.random.chance(40) {
            true => {
                let ty = *self.random.pick(&Type::ALL);
                Sql::optional(sql!["partition by ", self.expression(ty, depth.min(1))])
            }
            false => Sql::none(),
        };
        let ordered = self.random.chance(60);
        let order = match ordered {
            true => sql![" order by ", self.expression(Type::Int, depth.min(1))],
            false => Sql::none(),
        };
        let frame = match self.random.below(3) {
            0 => Sql::optional(Sql::from(self.frame(ordered))),
            _ => Sql::none(),
        };
        if let (Some(level), Some(outside)) = (self.levels.last_mut(), outside) {
            level.allows_windows = outside;
        }
        sql!["(", call, "(", partition, order, frame, "))"]
    }

    fn without_windows(&mut self) -> Option<bool> {
        let level = self.levels.last_mut()?;
        Some(std::mem::replace(&mut level.allows_windows, false))
    }

    pub(super) fn frame(&mut self, ordered: bool) -> String {
        let modes: &[&str] = if ordered {
            &["rows", "range", "groups"]
        } else {
            &["rows", "range"]
        };
        let mode = *self.random.pick(modes);
        let bounds: &[&str] = if mode == "range" && !ordered {
            &[
                "unbounded preceding and current row",
                "current row and unbounded following",
                "unbounded preceding and unbounded following",
            ]
        } else {
            &[
                "unbounded preceding and 1 preceding",
                "1 preceding and 1 following",
                "0 preceding and current row",
                "1 preceding and 1 preceding",
                "current row and 1 following",
                "1 following and unbounded following",
                "current row and current row",
            ]
        };
        let bounds = self.random.pick(bounds);
        let exclude = self.random.pick(&[
            "",
            "",
            " exclude current row",
            " exclude group",
            " exclude ties",
        ]);
        format!(" {mode} between {bounds}{exclude}")
    }
}
