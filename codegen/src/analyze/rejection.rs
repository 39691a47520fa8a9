//! Null rejection: what is not null when a condition is true, false, or an expression is not null.
//!
//! `AND` unites what its arms prove, `OR` intersects it; a strict function that is not null proves its arguments. Every
//! answer is a list of proofs; the empty list is always right.

use std::collections::HashSet;
use std::rc::Rc;

use super::constants::{self, has_elements};
use super::context::Context;
use super::range_table;
use super::scope::{Scope, Side};
use crate::catalog::Volatility;
use crate::tree::{Node, Value};

/// Something that a condition proves.
#[derive(Clone, Debug)]
pub(super) enum Proof<'t> {
    /// The column of a range table entry, some levels up, is not null.
    Column {
        levels: usize,
        entry: usize,
        column: i64,
    },
    /// The expression is not null.
    Expression(&'t Node<'t>),
    /// The side of an outer join is there.
    Present(Side),
}

impl Proof<'_> {
    /// Whether it is that this column, of an entry of the query at hand, is not null.
    pub(super) fn is_of(&self, number: usize, wanted: i64) -> bool {
        matches!(self, Self::Column { levels: 0, entry, column } if (*entry, *column) == (number, wanted))
    }
}

type Proofs<'t> = Vec<Proof<'t>>;

/// What `condition` proves by being true.
pub(super) fn when_true<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    condition: &'t Node<'t>,
) -> Proofs<'t> {
    Rejection { context, scope }.truth(condition, true)
}

/// What `condition` proves by being false (and not null).
pub(super) fn when_false<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    condition: &'t Node<'t>,
) -> Proofs<'t> {
    Rejection { context, scope }.truth(condition, false)
}

/// What `expression` proves by being not null.
pub(super) fn when_not_null<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    expression: &'t Node<'t>,
) -> Proofs<'t> {
    Rejection { context, scope }.not_null(expression)
}

struct Rejection<'a, 't> {
    context: &'a Context<'t>,
    scope: &'a Rc<Scope<'t>>,
}

impl<'t> Rejection<'_, 't> {
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

    /// What every one of the lists proves.
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

    fn null_test(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        const IS_NULL: i64 = 0;
        let proves_not_null = (node.number("nulltesttype") == Some(IS_NULL)) != wanted;
        let Some(arg) = node.node("arg").filter(|_| proves_not_null) else {
            return Vec::new();
        };
        if node.flag("argisrow") {
            // `row is not null` is true when all fields are not null; `not (row is null)` says only that some field is.
            return match arg.tag {
                "ROWEXPR" if wanted => arg.nodes("args").flat_map(|a| self.not_null(a)).collect(),
                _ if wanted => self.not_null(arg),
                _ => Vec::new(),
            };
        }
        self.not_null(arg)
    }

    fn boolean_test(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        let Some(arg) = node.node("arg") else {
            return Vec::new();
        };
        // IS TRUE, IS NOT TRUE, IS FALSE, IS NOT FALSE, IS UNKNOWN, IS NOT UNKNOWN.
        match (node.number("booltesttype"), wanted) {
            (Some(0), true) | (Some(1), false) => self.truth(arg, true),
            (Some(2), true) | (Some(3), false) => self.truth(arg, false),
            (Some(4), false) | (Some(5), true) => self.not_null(arg),
            _ => Vec::new(),
        }
    }

    /// `a is distinct from b`: false with one side not null makes both so, true with one side the null constant the other.
    fn distinct(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        let args: Vec<_> = node.nodes("args").collect();
        let [a, b] = args[..] else {
            return Vec::new();
        };
        let decides = |other: &Node<'t>| match wanted {
            true => other.tag == "CONST" && other.flag("constisnull"),
            false => other.tag == "CONST" && !other.flag("constisnull"),
        };
        match (decides(a), decides(b)) {
            (true, _) => self.not_null(b),
            (_, true) => self.not_null(a),
            _ => Vec::new(),
        }
    }

    /// `x = any (array)`: true means that an element matched; `x <> all (array)` is also true of an empty array.
    fn array_comparison(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        let args: Vec<_> = node.nodes("args").collect();
        let [scalar, array] = args[..] else {
            return Vec::new();
        };
        if !self.context.is_strict(node.oid("opfuncid")) {
            return Vec::new();
        }
        let mut proofs = self.not_null(array);
        if node.flag("useOr") == wanted || has_elements(array) {
            proofs.extend(self.not_null(scalar));
        }
        proofs
    }

    fn sublink(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        const EXISTS: i64 = 0;
        const ANY: i64 = 2;
        match (node.number("subLinkType"), wanted) {
            (Some(ANY), true) => node
                .node("testexpr")
                .map_or_else(Vec::new, |test| self.truth(test, true)),
            // A row was found: what its conditions prove of the outer columns holds.
            (Some(EXISTS), true) => {
                let Some(query) = node.node("subselect") else {
                    return Vec::new();
                };
                let inner = self.context.child(self.scope, query);
                let is_plain = query.list("groupClause").is_empty() && !inner.may_group_nothing();
                let conditions = inner
                    .conditions
                    .iter()
                    .filter(|c| is_plain && c.requires.is_empty());
                conditions
                    .flat_map(|c| when_true(self.context, &inner, c.expression))
                    .filter_map(|proof| match proof {
                        Proof::Column {
                            levels,
                            entry,
                            column,
                        } if levels > 0 => Some(Proof::Column {
                            levels: levels - 1,
                            entry,
                            column,
                        }),
                        _ => None,
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// What is common to the branches of a CASE that can come out so: what each result proves, and the conditions that lead to it.
    fn case(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        let mut passed = Vec::new();
        let mut branches = Vec::new();
        for when in node.nodes("args") {
            let (Some(condition), Some(result)) = (when.node("expr"), when.node("result")) else {
                return Vec::new();
            };
            if !is_never(result, wanted) {
                let mut proofs = passed.clone();
                proofs.extend(self.truth(condition, true));
                proofs.extend(self.truth(result, wanted));
                branches.push(proofs);
            }
            // A test is never null, so it was false for what comes after.
            if matches!(condition.tag, "NULLTEST" | "BOOLEANTEST" | "DISTINCTEXPR") {
                passed.extend(self.truth(condition, false));
            }
        }
        if let Some(result) = node.node("defresult").filter(|r| !is_never(r, wanted)) {
            passed.extend(self.truth(result, wanted));
            branches.push(passed);
        }
        let mut proofs = self.in_all(branches.into_iter());
        proofs.extend(self.not_null(node));
        proofs
    }

    /// `coalesce(x, false)` is true only if `x` is.
    fn coalesce(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        let decides = |arm: &&'t Node<'t>| !is_never(arm, wanted);
        let arms: Vec<_> = node.nodes("args").filter(decides).collect();
        match arms[..] {
            [only] => self.truth(only, wanted),
            _ => Vec::new(),
        }
    }

    /// What an expression proves by being not null.
    fn not_null(&self, node: &'t Node<'t>) -> Proofs<'t> {
        let through = |field: &str| match node.node(field) {
            Some(arg) => self.not_null(arg),
            None => Vec::new(),
        };
        let through_all = || node.nodes("args").flat_map(|arg| self.not_null(arg));
        match node.tag {
            "VAR" => self.column(node),
            "FUNCEXPR" | "OPEXPR" => {
                let field = if node.tag == "OPEXPR" {
                    "opfuncid"
                } else {
                    "funcid"
                };
                let function = node.oid(field);
                let mut proofs = Vec::new();
                if self.context.is_strict(function) && !node.flag("funcretset") {
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
            // `(a, b) < (c, d)` looks at `b` and `d` only where `a` and `c` are equal.
            "ROWCOMPAREEXPR" => {
                let first = |field: &str| node.nodes(field).next();
                let firsts = [first("largs"), first("rargs")].into_iter().flatten();
                firsts.flat_map(|operand| self.not_null(operand)).collect()
            }
            "COALESCEEXPR" | "CASEEXPR" | "AGGREF" | "WINDOWFUNC" | "MINMAXEXPR" | "NULLIFEXPR"
                if is_repeatable(self.context, node) =>
            {
                let mut proofs = vec![Proof::Expression(node)];
                // `nullif(a, b)` is `a` or null.
                if node.tag == "NULLIFEXPR" {
                    proofs.extend(
                        node.nodes("args")
                            .next()
                            .map_or_else(Vec::new, |a| self.not_null(a)),
                    );
                }
                proofs
            }
            _ => Vec::new(),
        }
    }

    fn column(&self, node: &'t Node<'t>) -> Proofs<'t> {
        let (Some(entry), Some(column), Some(levels)) = (
            super::scope::index(node, "varno"),
            node.number("varattno"),
            node.number("varlevelsup")
                .and_then(|n| usize::try_from(n).ok()),
        ) else {
            return Vec::new();
        };
        // `old.x` and `new.x` of RETURNING are not the row that the conditions were about.
        if node.number("varreturningtype").unwrap_or(0) != 0 {
            return Vec::new();
        }
        let mut proofs = vec![Proof::Column {
            levels,
            entry,
            column,
        }];
        // Arms of an OR that speak of different columns of a relation agree that it is there.
        let sides = if levels == 0 {
            self.scope.extended_by(entry)
        } else {
            &[]
        };
        proofs.extend(sides.iter().copied().map(Proof::Present));
        // A column of a join or of the groups is an expression over columns below.
        let aliased = self.scope.entry(entry).filter(|_| levels == 0);
        if let Some(expression) = aliased.and_then(|entry| range_table::aliased(entry, column)) {
            proofs.extend(self.not_null(expression));
        }
        proofs
    }
}

/// Whether the expression gives the same value wherever it stands in the query.
pub(super) fn is_repeatable(context: &Context<'_>, node: &Node<'_>) -> bool {
    let own = match node.tag {
        "FUNCEXPR" => context.volatility(node.oid("funcid")) != Volatility::Volatile,
        "OPEXPR" | "SCALARARRAYOPEXPR" | "DISTINCTEXPR" | "NULLIFEXPR" => {
            context.volatility(node.oid("opfuncid")) != Volatility::Volatile
        }
        "SUBLINK" | "NEXTVALUEEXPR" | "CASETESTEXPR" => false,
        "PARAM" => node.number("paramkind") == Some(0),
        _ => true,
    };
    own && node.fields.iter().all(|(_, value)| match value {
        Value::Node(node) => is_repeatable(context, node),
        Value::List(elements) => elements
            .iter()
            .filter_map(Value::node)
            .all(|node| is_repeatable(context, node)),
        _ => true,
    })
}

/// Whether it is a constant that is not this truth value.
fn is_never(node: &Node<'_>, wanted: bool) -> bool {
    node.tag == "CONST" && (node.flag("constisnull") || constants::boolean(node) == Some(!wanted))
}

/// What two proofs of the same thing share.
fn identity(proof: &Proof<'_>) -> String {
    match proof {
        Proof::Column {
            levels,
            entry,
            column,
        } => format!("{levels}.{entry}.{column}"),
        Proof::Expression(expression) => expression.canonical(),
        Proof::Present(side) => format!("{side:?}"),
    }
}
