//! Random conditions of WHERE, HAVING and joins, many of which prove something that the rest of the query then meets.

use super::queries::Generator;
use super::sql::{Sql, sql};
use super::types::Type;

impl Generator<'_> {
    /// Now and then a condition, which may be left out.
    pub(super) fn condition(&mut self, word: &str, depth: usize) -> Sql {
        if self.random.chance(45) {
            return Sql::none();
        }
        let mut arms = vec![match self.random.below(100) {
            0..=29 => self.about_one(depth),
            30..=49 => self.about_key(),
            _ => self.expression(Type::Bool, depth),
        }];
        if self.random.chance(35) {
            arms.push(self.expression(Type::Bool, depth));
        }
        Sql::optional(sql![word, Sql::List(" and ", arms)])
    }

    /// A condition that proves something about an expression, which comes up again.
    fn about_one(&mut self, depth: usize) -> Sql {
        let ty = *self
            .random
            .pick(&[Type::Int, Type::Int, Type::Text, Type::Ints, Type::Bool]);
        let expression = self.expression(ty, depth.min(1));
        if let Some(level) = self.levels.last_mut() {
            level.remembered.push((expression.clone(), ty));
        }
        let test = match (ty, self.random.below(3)) {
            (Type::Int, 0) => sql![expression, " > 0"],
            (Type::Text, 0) => sql![expression, " <> ''"],
            _ => sql![expression, " is not null"],
        };
        Sql::expression(Type::Bool, sql!["(", test, ")"])
    }

    /// A condition that leaves a key, or what may be one, no choice.
    pub(super) fn about_key(&mut self) -> Sql {
        let of_type = |ty| move |(_, other): &(String, Type)| *other == ty;
        let visible: Vec<(String, Type)> = self
            .visible()
            .into_iter()
            .filter(of_type(Type::Int))
            .collect();
        if visible.is_empty() {
            return self.expression(Type::Bool, 0);
        }
        // Most keys are `k`.
        let keys: Vec<_> = visible.iter().filter(|(c, _)| c.ends_with(".k")).collect();
        let (column, _) = match !keys.is_empty() && self.random.chance(60) {
            true => (*self.random.pick(&keys)).clone(),
            false => self.random.pick(&visible).clone(),
        };
        let value = match self.random.below(12) {
            10 => self.template("flicker({int})", Type::Int, 0),
            0..=3 => Sql::expression(Type::Int, Type::Int.literal(&mut self.random)),
            4..=5 if self.allows_params => Sql::expression(Type::Int, self.param(Type::Int)),
            _ => self.expression(Type::Int, 0),
        };
        Sql::expression(Type::Bool, sql![column, " = ", value])
    }
}
