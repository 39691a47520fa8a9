//! `grouping(x)` as a condition: if it is 0, the current grouping set contains `x`, which then is a value of the
//! group's rows.

use std::collections::HashSet;
use std::rc::Rc;

use super::constants;
use super::env::Env;
use crate::tree::Node;

/// The expressions that are grouped by at a place in a query, by their scopes.
pub(super) type Grouped = Rc<HashSet<(usize, String)>>;

impl<'t> Env<'_, 't> {
    /// This environment if the condition, possibly of a CASE with an argument, has this result.
    pub(super) fn grouped_by(
        &self,
        argument: Option<&'t Node<'t>>,
        condition: &'t Node<'t>,
        wanted: bool,
    ) -> Self {
        let references = self.references(argument, condition, wanted);
        if references.is_empty() {
            return self.clone();
        }
        let mut grouped = HashSet::clone(&self.grouped);
        for target in self.scope.query.nodes("targetList") {
            let reference = target.number("ressortgroupref");
            let is_grouped = reference.is_some_and(|reference| references.contains(&reference));
            if let Some(expression) = target.node("expr").filter(|_| is_grouped) {
                grouped.insert((self.scope.id, self.scope.flattened(expression)));
            }
        }
        Self {
            grouped: Rc::new(grouped),
            ..self.clone()
        }
    }

    /// The expressions in the grouping set if the condition has this result: `grouping(x, y) = 0`, or not `grouping(x)
    /// = 1`.
    fn references(
        &self,
        argument: Option<&'t Node<'t>>,
        condition: &'t Node<'t>,
        wanted: bool,
    ) -> Vec<i64> {
        let function = self.context.function(condition.oid("opfuncid"));
        let is_equality = function.is_some_and(|f| f.is_builtin && f.name.name == "int4eq");
        let sides: Vec<_> = condition.nodes("args").filter(|_| is_equality).collect();
        let [left, right] = sides[..] else {
            return Vec::new();
        };
        let stands_for = |side: &'t Node<'t>| match side.tag {
            "CASETESTEXPR" => argument,
            _ => Some(side),
        };
        for (side, value) in [(left, right), (right, left)] {
            let call = stands_for(side).filter(|side| {
                side.tag == "GROUPINGFUNC" && side.number("agglevelsup").unwrap_or(0) == 0
            });
            let (Some(call), Some(value)) = (call, constants::integer(value)) else {
                continue;
            };
            let references = call.list("refs").iter().filter_map(|r| r.number());
            let references: Vec<i64> = references.collect();
            let are_grouped = match wanted {
                true => value == 0,
                false => value == 1 && references.len() == 1,
            };
            if are_grouped {
                return references;
            }
        }
        Vec::new()
    }
}
