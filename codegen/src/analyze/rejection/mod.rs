//! Null rejection: what is not null if a condition is true or false, or if an expression is not null.
//!
//! `AND` unites what its arms prove, `OR` intersects it; a strict function that is not null proves its arguments. Every
//! answer is a list of proofs; the empty list is always right.

mod conditions;
mod defaults;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::context::Context;
use super::logic::casts_only_by_name;
use super::range_table;
use super::scope::{Scope, Side};
use crate::nodes::{Reference, Version, param};
use crate::tree::Node;

/// Something that a condition proves.
#[derive(Clone, Debug)]
pub(super) enum Proof<'t> {
    /// The column of a range table entry, some levels up, is not null.
    Column {
        levels: usize,
        entry: usize,
        column: i64,
    },
    /// The parameter with this number is not null.
    Param(usize),
    /// The expression is not null.
    Expression(&'t Node<'t>),
    /// The side of an outer join is present.
    Present(Side),
}

impl Proof<'_> {
    /// Whether it proves that this column of an entry of the current query is not null.
    pub(super) fn is_of(&self, number: usize, wanted: i64) -> bool {
        matches!(self, Self::Column { levels: 0, entry, column } if (*entry, *column) == (number, wanted))
    }
}

type Proofs<'t> = Vec<Proof<'t>>;

/// The number of a reference to all columns.
const WHOLE_ROW: i64 = 0;

/// What `condition` proves by being true.
pub(super) fn when_true<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    condition: &'t Node<'t>,
) -> Proofs<'t> {
    Rejection::new(context, scope).truth(condition, true)
}

/// What `condition` proves by being false (and not null).
pub(super) fn when_false<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    condition: &'t Node<'t>,
) -> Proofs<'t> {
    Rejection::new(context, scope).truth(condition, false)
}

/// What `expression` proves by being not null.
pub(super) fn when_not_null<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    expression: &'t Node<'t>,
) -> Proofs<'t> {
    Rejection::new(context, scope).not_null(expression)
}

struct Rejection<'a, 't> {
    context: &'a Context<'t>,
    scope: &'a Rc<Scope<'t>>,
    /// What each CASE proves by being true, by being false, and by being not null.
    cases: RefCell<HashMap<(*const Node<'t>, Option<bool>), Proofs<'t>>>,
}

impl<'a, 't> Rejection<'a, 't> {
    fn new(context: &'a Context<'t>, scope: &'a Rc<Scope<'t>>) -> Self {
        Self {
            context,
            scope,
            cases: RefCell::default(),
        }
    }

    fn truth(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        match node.tag {
            "BOOLEXPR" => self.boolean(node, wanted),
            "NULLTEST" => self.null_test(node, wanted),
            "BOOLEANTEST" => self.boolean_test(node, wanted),
            "DISTINCTEXPR" => self.distinct(node, wanted),
            "SCALARARRAYOPEXPR" => self.array_comparison(node, wanted),
            "SUBLINK" => self.sublink(node, wanted),
            "COALESCEEXPR" => self.coalesce(node, wanted),
            "CASEEXPR" => self.case(node, wanted),
            "OPEXPR" => self.comparison(node, wanted),
            _ => self.not_null(node),
        }
    }

    fn boolean(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        let arms = node.nodes("args");
        match (node.text("boolop").as_deref(), wanted) {
            (Some("not"), _) => arms.flat_map(|arm| self.truth(arm, !wanted)).collect(),
            (Some("and"), true) | (Some("or"), false) => {
                arms.flat_map(|arm| self.truth(arm, wanted)).collect()
            }
            (Some("and" | "or"), _) => self.in_all(arms.map(|arm| self.truth(arm, wanted))),
            _ => Vec::new(),
        }
    }

    /// The proofs that all lists have in common.
    fn in_all(&self, mut lists: impl Iterator<Item = Proofs<'t>>) -> Proofs<'t> {
        let Some(mut common) = lists.next() else {
            return Vec::new();
        };
        for list in lists {
            let keys: HashSet<String> = list.iter().map(identity).collect();
            common.retain(|proof| keys.contains(&identity(proof)));
        }
        common
    }

    /// What an expression proves by being not null.
    fn not_null(&self, node: &'t Node<'t>) -> Proofs<'t> {
        let through = |field: &str| match node.node(field) {
            Some(arg) => self.not_null(arg),
            None => Vec::new(),
        };
        let through_all = || node.nodes("args").flat_map(|arg| self.not_null(arg));
        match node.tag {
            "VAR" if self.is_row_if_absent(node) => Vec::new(),
            "VAR" => self.column(node),
            "PARAM" => param(node).map(Proof::Param).into_iter().collect(),
            "FUNCEXPR" | "OPEXPR" => {
                let mut proofs = Vec::new();
                if self.context.is_strict(node) && !node.flag("funcretset") {
                    proofs.extend(through_all());
                }
                if is_repeatable(self.context, node) {
                    proofs.push(Proof::Expression(node));
                }
                proofs
            }
            "RELABELTYPE" | "COERCEVIAIO" | "ARRAYCOERCEEXPR" | "COLLATEEXPR"
            | "CONVERTROWTYPEEXPR" => through("arg"),
            "FIELDSELECT" => {
                let mut proofs = through("arg");
                if is_repeatable(self.context, node) {
                    proofs.push(Proof::Expression(node));
                }
                proofs
            }
            "SUBSCRIPTINGREF" if node.node("refassgnexpr").is_none() => {
                let mut proofs = through("refexpr");
                for field in ["refupperindexpr", "reflowerindexpr"] {
                    proofs.extend(node.nodes(field).flat_map(|index| self.not_null(index)));
                }
                if is_repeatable(self.context, node) {
                    proofs.push(Proof::Expression(node));
                }
                proofs
            }
            "BOOLEXPR" if node.text("boolop").as_deref() == Some("not") => through_all().collect(),
            // `(a, b) < (c, d)` looks at `b` and `d` only if `a` and `c` are equal.
            "ROWCOMPAREEXPR" => {
                let first = |field: &str| node.nodes(field).next();
                let firsts = [first("largs"), first("rargs")].into_iter().flatten();
                firsts.flat_map(|operand| self.not_null(operand)).collect()
            }
            "COALESCEEXPR" | "CASEEXPR" | "AGGREF" | "WINDOWFUNC" | "MINMAXEXPR" | "NULLIFEXPR" => {
                let mut proofs = match node.tag {
                    "CASEEXPR" => self.case_not_null(node),
                    // `nullif(a, b)` is `a` or null.
                    "NULLIFEXPR" => node
                        .nodes("args")
                        .next()
                        .map_or_else(Vec::new, |a| self.not_null(a)),
                    _ => Vec::new(),
                };
                if is_repeatable(self.context, node) {
                    proofs.push(Proof::Expression(node));
                }
                proofs
            }
            _ => Vec::new(),
        }
    }

    /// Whether it is a whole row that is not null even where there is none.
    fn is_row_if_absent(&self, node: &Node<'_>) -> bool {
        let whole = Reference::of(node).filter(|to| to.column == WHOLE_ROW);
        whole.is_some_and(|to| {
            let scope = self.scope.ancestor(to.levels);
            let entry = scope.as_ref().and_then(|scope| scope.entry(to.entry));
            entry.is_some_and(|entry| range_table::is_row_if_absent(self.context.catalog, entry))
        })
    }

    /// What a reference proves whose column is not null, or whose row has no null in it.
    fn column(&self, node: &'t Node<'t>) -> Proofs<'t> {
        // The conditions were not about the rows `old` and `new` of RETURNING.
        let Some(Reference {
            levels,
            entry,
            column,
            version: Version::Current,
        }) = Reference::of(node)
        else {
            return Vec::new();
        };
        let mut proofs = vec![Proof::Column {
            levels,
            entry,
            column,
        }];
        // Arms of an OR about different columns of a relation agree that the relation is present.
        let sides = if levels == 0 {
            self.scope.extended_by(entry)
        } else {
            &[]
        };
        proofs.extend(sides.iter().copied().map(Proof::Present));
        // A column of a join or of the grouping entry is an expression over inner columns.
        let aliased = self.scope.entry(entry).filter(|_| levels == 0);
        if let Some(expression) = aliased.and_then(|entry| range_table::aliased(entry, column)) {
            proofs.extend(self.not_null(expression));
        }
        proofs
    }
}

/// Whether the expression has the same value wherever it occurs in the query.
pub(super) fn is_repeatable(context: &Context<'_>, node: &Node<'_>) -> bool {
    let own = match node.tag {
        "SUBLINK" | "NEXTVALUEEXPR" | "CASETESTEXPR" => false,
        "PARAM" => param(node).is_some(),
        _ => !context.is_volatile(node),
    };
    // What stands for an array's element that keeps its value is of no concern.
    let skipped = if casts_only_by_name(node) {
        "elemexpr"
    } else {
        ""
    };
    let mut children = node.children_but(skipped);
    own && children.all(|child| is_repeatable(context, child))
}

/// A text that is the same for two proofs of the same fact.
fn identity(proof: &Proof<'_>) -> String {
    match proof {
        Proof::Column {
            levels,
            entry,
            column,
        } => format!("{levels}.{entry}.{column}"),
        Proof::Param(number) => format!("${number}"),
        Proof::Expression(expression) => expression.canonical(),
        Proof::Present(side) => format!("{side:?}"),
    }
}
