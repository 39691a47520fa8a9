//! A CASE without ELSE that takes one of its branches in every row, because a check allows no other values.

use super::{Row, are_checked, column_of, of_rows};
use crate::analyze::constants;
use crate::analyze::env::Env;
use crate::analyze::logic;
use crate::analyze::range_table;
use crate::analyze::reason::Verdict;
use crate::tree::Node;

/// The verdict on a CASE that compares a column that is not null, if a check would be false where none of its conditions is
/// true: `check (status in ('new', 'paid'))`, and a branch for each.
pub(in crate::analyze) fn one_is_true<'t>(
    env: &Env<'_, 't>,
    case: &'t Node<'t>,
) -> Option<Verdict> {
    const WHOLE_ROW: i64 = 0;
    if !are_checked(env) || !env.expressions_hold() {
        return None;
    }
    let argument = case.node("arg");
    let conditions = || case.nodes("args").filter_map(|when| when.node("expr"));
    let mut sides = argument
        .into_iter()
        .chain(conditions().flat_map(|condition| condition.nodes("args")));
    let (number, column) = sides.find_map(|side| column_of(env, side))?;
    let entry = env.scope.entry(number)?;
    let (relation, _) = range_table::relation_column(env, entry, column)?;
    if env.column_of(number, WHOLE_ROW).nullable {
        return None;
    }
    let mut row = Row::of(env, number, relation, &[]);
    // A condition that is not true is false if it is never null.
    let is_false = |row: &Row<'_, '_, 't>, condition: &'t Node<'t>| match argument {
        None => env.is_not_null(condition),
        Some(argument) => {
            let mut sides = condition.nodes("args");
            env.is_not_null(argument)
                && condition.tag == "OPEXPR"
                && row.is_equality(condition).is_some()
                && sides.all(|side| logic::is_argument(side) || constants::is_value(side))
        }
    };
    for condition in conditions() {
        if is_false(&row, condition) {
            row.assume(condition, false, argument);
        }
    }
    let mut checks = of_rows(env.context.catalog, relation, entry);
    let check = checks.find(|check| row.contradicts(check))?;
    let text = format!(
        "the check `{}` allows no value for which the CASE has no branch",
        check.name
    );
    Some(Verdict::not_null(text, None))
}
