//! What tests, comparisons with arrays, sublinks and choices prove by being true or false.

use std::collections::HashSet;

use super::{Proof, Proofs, Rejection, WHOLE_ROW, identity, when_true};
use crate::analyze::constants::{self, has_elements};
use crate::analyze::range_table::{self, EntryKind};
use crate::nodes::{BooleanTest, Reference, null_test, sublink};
use crate::tree::Node;

impl<'t> Rejection<'_, 't> {
    pub(super) fn null_test(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        let proves_not_null = (node.number("nulltesttype") == Some(null_test::IS_NULL)) != wanted;
        let Some(arg) = node.node("arg").filter(|_| proves_not_null) else {
            return Vec::new();
        };
        let proofs = self.of_test(node, arg, wanted);
        match self.context.reads_foreign.get() {
            true => proofs
                .into_iter()
                .filter(|proof| !matches!(proof, Proof::Column { .. }))
                .collect(),
            false => proofs,
        }
    }

    fn of_test(&self, node: &'t Node<'t>, arg: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        if node.flag("argisrow") {
            // `row is not null` is true if all fields are not null; `not (row is null)` says only that some field is
            // not null.
            let fields = arg.nodes("args").map(|field| self.not_null(field));
            return match arg.tag {
                "ROWEXPR" if wanted => fields.flatten().collect(),
                "ROWEXPR" => self.in_all(fields),
                "VAR" if wanted => self.whole_row(arg),
                _ => self.not_null(arg),
            };
        }
        self.not_null(arg)
    }

    /// A whole row of FROM that `is not null`: none of its columns is null.
    fn whole_row(&self, row: &'t Node<'t>) -> Proofs<'t> {
        let mut proofs = self.column(row);
        let Some(Reference {
            levels,
            entry,
            column: WHOLE_ROW,
            ..
        }) = Reference::of(row)
        else {
            return proofs;
        };
        let scope = self.scope.ancestor(levels);
        let Some(item) = scope.as_ref().and_then(|scope| scope.entry(entry)) else {
            return proofs;
        };
        let is_plain = matches!(
            range_table::kind(item),
            EntryKind::Relation | EntryKind::Subquery | EntryKind::CommonTableExpression
        );
        let names = range_table::column_names(item).len();
        let columns = (1..).take(if is_plain { names } else { 0 });
        proofs.extend(columns.map(|column| Proof::Column {
            levels,
            entry,
            column,
        }));
        proofs
    }

    pub(super) fn boolean_test(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        let Some(test) = BooleanTest::of(node) else {
            return Vec::new();
        };
        match (test.value, test.says(wanted)) {
            (_, Some(value)) => self.truth(test.arg, value),
            (None, _) if test.negated == wanted => self.not_null(test.arg),
            _ => Vec::new(),
        }
    }

    /// `a is distinct from b`: if it is false and one side is not null, neither is; if it is true and one side is the
    /// null constant, the other is not null.
    pub(super) fn distinct(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        let args: Vec<_> = node.nodes("args").collect();
        let [a, b] = args[..] else {
            return Vec::new();
        };
        let decides = |other: &Node<'t>| match wanted {
            true => constants::is_null(other),
            false => constants::is_value(other),
        };
        match (decides(a), decides(b)) {
            (true, _) => self.not_null(b),
            (_, true) => self.not_null(a),
            _ => Vec::new(),
        }
    }

    /// `x = any (array)`: true means that an element matched; `x <> all (array)` is also true of an empty array.
    pub(super) fn array_comparison(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        let args: Vec<_> = node.nodes("args").collect();
        let [scalar, array] = args[..] else {
            return Vec::new();
        };
        if !self.context.is_strict(node) {
            return Vec::new();
        }
        let mut proofs = self.not_null(array);
        if node.flag("useOr") == wanted || has_elements(array) {
            proofs.extend(self.not_null(scalar));
        }
        proofs
    }

    pub(super) fn sublink(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        match (node.number("subLinkType"), wanted) {
            (Some(sublink::ANY), true) => node
                .node("testexpr")
                .map_or_else(Vec::new, |test| self.truth(test, true)),
            // A row was found, so what its conditions prove about the outer columns holds.
            (Some(sublink::EXISTS), true) => {
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
                        Proof::Param(_) => Some(proof),
                        _ => None,
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// What a CASE proves if its result is this truth value.
    pub(super) fn case(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        self.once(node, Some(wanted), || {
            let can_be = |result: &Node<'_>| !is_never(result, wanted);
            let mut proofs = self.in_branches(node, can_be, |result| self.truth(result, wanted));
            proofs.extend(self.not_null(node));
            proofs
        })
    }

    /// What a CASE proves by being not null.
    pub(super) fn case_not_null(&self, node: &'t Node<'t>) -> Proofs<'t> {
        self.once(node, None, || {
            let can_be = |result: &Node<'_>| !constants::is_null(result);
            self.in_branches(node, can_be, |result| self.not_null(result))
        })
    }

    /// What a CASE proves by having this truth value, or by being not null, worked out once: each is part of the other, at
    /// each CASE of those that stand in one another.
    fn once(
        &self,
        case: &'t Node<'t>,
        wanted: Option<bool>,
        work_out: impl FnOnce() -> Proofs<'t>,
    ) -> Proofs<'t> {
        let key = (std::ptr::from_ref(case), wanted);
        if let Some(known) = self.cases.borrow().get(&key) {
            return known.clone();
        }
        let mut proofs = work_out();
        let mut seen = HashSet::new();
        proofs.retain(|proof| seen.insert(identity(proof)));
        self.cases.borrow_mut().insert(key, proofs.clone());
        proofs
    }

    /// The common proofs of all branches of a CASE that can have this result: those of the result, and those of the
    /// conditions that lead to it.
    fn in_branches(
        &self,
        node: &'t Node<'t>,
        can_be: impl Fn(&Node<'t>) -> bool,
        proven: impl Fn(&'t Node<'t>) -> Proofs<'t>,
    ) -> Proofs<'t> {
        let mut passed = Vec::new();
        let mut branches = Vec::new();
        for when in node.nodes("args") {
            let (Some(condition), Some(result)) = (when.node("expr"), when.node("result")) else {
                return Vec::new();
            };
            if can_be(result) {
                let mut proofs = passed.clone();
                proofs.extend(self.truth(condition, true));
                proofs.extend(proven(result));
                branches.push(proofs);
            }
            // A null test is never null, so it was false for later branches.
            if matches!(condition.tag, "NULLTEST" | "BOOLEANTEST" | "DISTINCTEXPR") {
                passed.extend(self.truth(condition, false));
            }
        }
        if let Some(result) = node.node("defresult").filter(|result| can_be(result)) {
            passed.extend(proven(result));
            branches.push(passed);
        }
        self.in_all(branches.into_iter())
    }

    /// `coalesce(x, false)` is true only if `x` is.
    pub(super) fn coalesce(&self, node: &'t Node<'t>, wanted: bool) -> Proofs<'t> {
        let decides = |arm: &&'t Node<'t>| !is_never(arm, wanted);
        let arms: Vec<_> = node.nodes("args").filter(decides).collect();
        match arms[..] {
            [only] => self.truth(only, wanted),
            _ => Vec::new(),
        }
    }
}

/// Whether it is a constant that is not this truth value.
fn is_never(node: &Node<'_>, wanted: bool) -> bool {
    node.tag == "CONST" && (node.flag("constisnull") || constants::boolean(node) == Some(!wanted))
}
