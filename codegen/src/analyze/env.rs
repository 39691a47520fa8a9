//! The environment of an expression: its scope and the facts that hold there. It has the verdict on each kind of
//! expression.

use std::rc::Rc;

use super::context::{About, Context};
use super::facts::{Facts, Key};
use super::grouping::Grouped;
use super::reason::Verdict;
use super::rejection::Proof;
use super::scope::{Filtered, Scope};
use super::{
    aggregates, case, dml, elements, fields, from_functions, functions, logic, range_table,
    sublinks,
};
use crate::catalog::{QualifiedName, TypeKind};
use crate::nodes::{Reference, param};
use crate::tree::Node;

/// A condition that is true for the current row, because a branch of a CASE is taken.
#[derive(Clone, Copy)]
pub(super) struct Guard<'t> {
    /// The scope whose row it is about.
    pub(super) scope: usize,
    pub(super) condition: &'t Node<'t>,
    /// The expression that `CaseTestExpr` stands for, in `case argument when …`.
    pub(super) argument: Option<&'t Node<'t>>,
}

/// Which rows an expression sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sees {
    /// Those that go out: of a query that groups, the groups.
    Groups,
    /// A row that comes in: the one whose values the group has.
    OneRow,
    /// Any row that comes in. Others of the group are equal to that one, and may differ all the same, as 1 and 1.0 do.
    AnyRow,
    /// The rows of a query around this one, whose aggregate looks at them.
    OuterRows,
}

/// The environment of an expression.
#[derive(Clone)]
pub(super) struct Env<'a, 't> {
    pub(super) context: &'a Context<'t>,
    pub(super) scope: Rc<Scope<'t>>,
    pub(super) facts: Rc<Facts>,
    pub(super) sees: Sees,
    /// In a RETURNING list, which sees the written rows: the facts about the rows before.
    pub(super) before: Option<Rc<Facts>>,
    /// The expressions that a condition proves to be in the current grouping set.
    pub(super) grouped: Grouped,
    pub(super) guards: Rc<[Guard<'t>]>,
}

impl<'a, 't> Env<'a, 't> {
    /// The environment of the rows of `scope`, whose conditions hold.
    pub(super) fn new(context: &'a Context<'t>, scope: Rc<Scope<'t>>, outer: &Facts) -> Self {
        let facts = context.facts_within(&scope, Vec::new(), outer, |_| Vec::new());
        Self {
            context,
            scope,
            facts,
            sees: Sees::Groups,
            before: None,
            grouped: Grouped::default(),
            guards: Rc::default(),
        }
    }

    /// The environment of the rows of `scope`, a query inside this one.
    pub(super) fn at(&self, scope: &Rc<Scope<'t>>) -> Self {
        Self {
            before: self.before.clone(),
            ..Self::new(self.context, Rc::clone(scope), &self.facts)
        }
    }

    /// The environment of any row of this scope, not only of the current one.
    pub(super) fn of_any_row(&self) -> Self {
        Self::new(self.context, Rc::clone(&self.scope), &Facts::default())
    }

    /// This environment with more facts.
    pub(super) fn assuming(&self, proofs: Vec<Proof<'t>>) -> Self {
        if proofs.is_empty() {
            return self.clone();
        }
        Self {
            facts: Rc::new(self.with_proofs(proofs)),
            ..self.clone()
        }
    }

    fn with_proofs(&self, proofs: Vec<Proof<'t>>) -> Facts {
        let of = match self.sees {
            Sees::Groups => Filtered::Groups,
            _ => Filtered::Inputs,
        };
        self.facts.within(self.context, &self.scope, proofs, of)
    }

    /// This environment if a condition is true. `proofs` are what follows from it.
    pub(super) fn guarded(
        &self,
        condition: &'t Node<'t>,
        argument: Option<&'t Node<'t>>,
        proofs: Vec<Proof<'t>>,
    ) -> Self {
        let guard = self.expressions_hold().then_some(Guard {
            scope: self.scope.id,
            condition,
            argument,
        });
        Self {
            // A new set of facts, because verdicts are cached by the facts' number.
            facts: Rc::new(self.with_proofs(proofs)),
            guards: self.guards.iter().copied().chain(guard).collect(),
            ..self.clone()
        }
    }

    /// Whether it is only about the rows of its query, and not about a place in it.
    pub(super) fn is_of_query(&self) -> bool {
        self.sees == Sees::Groups && self.grouped.is_empty() && self.guards.is_empty()
    }

    /// Whether the expression can be null here, and why.
    pub(super) fn verdict(&self, node: &'t Node<'t>) -> Verdict {
        if self.is_ungrouped(node) {
            let name = (self.scope.id, self.scope.flattened(node));
            return match self.grouped.contains(&name) {
                true => self.in_aggregate(0, Sees::OneRow).verdict(node),
                false => Verdict::nullable("a grouping set leaves it out", node.location()),
            };
        }
        let verdict = self.by_kind(node);
        if verdict.nullable && self.is_known(node) {
            return Verdict::not_null("a condition excludes null", node.location());
        }
        verdict.or_at(super::scope::first_location(node))
    }

    /// Whether the expression is not null here.
    pub(super) fn is_not_null(&self, node: &'t Node<'t>) -> bool {
        !self.verdict(node).nullable
    }

    /// Whether a condition says of the expression that it is not null.
    fn is_known(&self, node: &'t Node<'t>) -> bool {
        if !self.expressions_hold() || !self.facts.knows_expressions() {
            return false;
        }
        let canonical = node.canonical();
        let mut known = [Filtered::Inputs, Filtered::Groups]
            .into_iter()
            .filter(|of| self.meets(*of));
        known.any(|of| {
            self.facts.is_not_null(&Key::Expression {
                scope: self.scope.id,
                of,
                canonical: canonical.clone(),
            })
        })
    }

    fn is_ungrouped(&self, node: &'t Node<'t>) -> bool {
        self.sees == Sees::Groups
            && !self.scope.ungrouped.is_empty()
            && self.scope.ungrouped.contains(&self.scope.flattened(node))
    }

    /// Whether what is known of expressions is about the rows that are looked at: not about rows that have been written
    /// since, nor about groups that leave columns out, nor about the groups whose rows are looked at.
    pub(super) fn expressions_hold(&self) -> bool {
        self.before.is_none()
            && match self.sees {
                Sees::Groups => self.scope.ungrouped.is_empty(),
                Sees::OneRow | Sees::AnyRow => true,
                Sees::OuterRows => false,
            }
    }

    /// Whether what is known of expressions of such rows is about those that are looked at.
    pub(super) fn meets(&self, of: Filtered) -> bool {
        of == Filtered::Inputs
            || match self.sees {
                Sees::Groups | Sees::OneRow => self.scope.ungrouped.is_empty(),
                Sees::AnyRow | Sees::OuterRows => false,
            }
    }

    fn by_kind(&self, node: &'t Node<'t>) -> Verdict {
        match node.tag {
            "VAR" => self.column(node),
            "CONST" if node.flag("constisnull") => Verdict::nullable("it is null", None),
            "CONST" => Verdict::not_null("it is a constant", None),
            "PARAM" => self.param(node),
            "FUNCEXPR" | "OPEXPR" if self.is_filled_up(node) => Verdict::nullable(
                "the shorter of two sets side by side is filled up with nulls",
                None,
            ),
            "FUNCEXPR" | "OPEXPR" => functions::call(self, node),
            "SCALARARRAYOPEXPR" => functions::array_comparison(self, node),
            "AGGREF" => aggregates::aggregate(self, node),
            "WINDOWFUNC" => aggregates::window(self, node),
            "GROUPINGFUNC" => Verdict::not_null("grouping() is never null", None),
            "SUBLINK" => sublinks::sublink(self, node),
            "BOOLEXPR" => logic::boolean(self, node),
            "CASEEXPR" => case::verdict(self, node),
            "COALESCEEXPR" => logic::coalesce(self, node),
            "MINMAXEXPR" => logic::any_not_null(self, node, "greatest and least skip nulls, and"),
            "DISTINCTEXPR" if !functions::has_known_operator(self, node) => {
                Verdict::nullable("its comparison can give null", None)
            }
            "NULLTEST" | "BOOLEANTEST" | "DISTINCTEXPR" => {
                Verdict::not_null("the test is never null", None)
            }
            "NULLIFEXPR" => Verdict::nullable("nullif gives null for equal arguments", None),
            "RELABELTYPE" | "COERCEVIAIO" | "ARRAYCOERCEEXPR" | "COLLATEEXPR"
            | "CONVERTROWTYPEEXPR" | "NAMEDARGEXPR" | "JSONVALUEEXPR" => self.through(node, "arg"),
            "COERCETODOMAIN" => self.domain(node),
            "ARRAYEXPR" | "ROWEXPR" => Verdict::not_null("a constructor is never null", None),
            "ROWCOMPAREEXPR" => self.all(node, &["largs", "rargs"]),
            "SUBSCRIPTINGREF" => self.subscript(node),
            "FIELDSELECT" => self.field(node),
            "FIELDSTORE" => Verdict::not_null("a row with a field set is never null", None),
            "SQLVALUEFUNCTION" => sql_value(node),
            "NEXTVALUEEXPR" | "MERGESUPPORTFUNC" => Verdict::not_null("it is never null", None),
            "XMLEXPR" => functions::xml(self, node),
            "JSONCONSTRUCTOREXPR" => functions::json_constructor(self, node),
            "JSONISPREDICATE" => self.through(node, "expr"),
            "JSONEXPR" => functions::json_query(self, node),
            "RETURNINGEXPR" => Verdict::nullable("there may be no such row", None),
            _ => Verdict::nullable("nothing is known about this expression", None),
        }
    }

    /// The verdict on an expression that is null exactly if the one in this field is.
    pub(super) fn through(&self, node: &'t Node<'t>, field: &str) -> Verdict {
        let arg = node.node(field).or_else(|| {
            // JSON's value expression has both the original and the converted expression.
            node.node("formatted_expr")
                .or_else(|| node.node("raw_expr"))
        });
        match arg {
            Some(arg) => self.verdict(arg),
            None => Verdict::nullable("its argument is not known", None),
        }
    }

    /// The verdict on an expression that is not null if everything in these lists is not null.
    pub(super) fn all(&self, node: &'t Node<'t>, fields: &[&str]) -> Verdict {
        let parts = fields.iter().flat_map(|field| node.nodes(field));
        for part in parts {
            let verdict = self.verdict(part);
            if verdict.nullable {
                return verdict;
            }
        }
        Verdict::not_null("none of its arguments may be null", None)
    }

    /// The environment, entry and column of a reference.
    pub(super) fn referred(&self, node: &Node<'_>) -> Option<(Self, usize, i64)> {
        let (scope, entry, column) = self.scope.referred(node)?;
        let here = Env {
            scope,
            ..self.clone()
        };
        Some((here, entry, column))
    }

    fn column(&self, node: &'t Node<'t>) -> Verdict {
        let Some((here, entry, column)) = self.referred(node) else {
            return Verdict::nullable("its column is not known", None);
        };
        // A subquery sees the groups of the outer query.
        if !Rc::ptr_eq(&here.scope, &self.scope) && here.scope.leaves_out(entry, column) {
            return Verdict::nullable("a grouping set leaves it out", None);
        }
        dml::old_or_new(&here, node, entry, column).unwrap_or_else(|| here.column_of(entry, column))
    }

    /// The verdict on a column of an entry of this scope.
    pub(super) fn column_of(&self, entry: usize, column: i64) -> Verdict {
        let key = Key::Column {
            scope: self.scope.id,
            entry,
            column,
        };
        // The conditions were about the row before it was written; `dml` knows which facts still hold.
        if self.before.is_some() && dml::is_target(&self.scope, entry) {
            return dml::target_column(self, entry, column);
        }
        let place = (self.scope.id, entry, column);
        let verdict = self.context.column(self, place, About::Values, || {
            range_table::column(self, entry, column)
        });
        if verdict.nullable && self.facts.is_not_null(&key) {
            return Verdict::not_null("a condition excludes null", None);
        }
        verdict
    }

    fn param(&self, node: &Node<'_>) -> Verdict {
        let Some(number) = param(node) else {
            return Verdict::nullable("it is computed elsewhere", None);
        };
        match self.context.params.get(number - 1) {
            Some(nulls) if !nulls.value => Verdict::not_null("the parameter is not null", None),
            _ if self.facts.is_not_null(&Key::Param(number)) => {
                Verdict::not_null("a condition excludes null", None)
            }
            Some(_) => Verdict::nullable("the parameter may be null", None),
            // After a function's arguments come its variables.
            None => Verdict::nullable("the variable may be null", None),
        }
    }

    /// A value that is cast to a domain, which can forbid null.
    fn domain(&self, node: &'t Node<'t>) -> Verdict {
        if self.context.refuses_null(node.oid("resulttype")) {
            return Verdict::not_null("the domain refuses null", None);
        }
        self.through(node, "arg")
    }

    fn subscript(&self, node: &'t Node<'t>) -> Verdict {
        if node.node("refassgnexpr").is_some() {
            return self.with_element_set(node);
        }
        let is_slice = !node.list("reflowerindexpr").is_empty();
        if !is_slice {
            return elements::at(self, node)
                .unwrap_or_else(|| Verdict::nullable("there may be no such element", None));
        }
        let container = self.through(node, "refexpr");
        if container.nullable {
            return container;
        }
        self.all(node, &["refupperindexpr", "reflowerindexpr"])
    }

    /// An array or a JSON value with an element set, which also creates one from null. Types of a fixed length, such as
    /// `point`, stay null.
    fn with_element_set(&self, node: &'t Node<'t>) -> Verdict {
        let ty = self
            .context
            .catalog
            .type_by_oid(node.oid("refcontainertype"));
        let grows = ty.is_some_and(|ty| {
            matches!(ty.kind, TypeKind::Array { .. }) || ty.name == QualifiedName::builtin("jsonb")
        });
        if grows {
            return Verdict::not_null("a value with an element set is never null", None);
        }
        self.through(node, "refexpr")
    }

    /// A field of a composite value. It is known if the query constructs the value, or if the value is a row of the
    /// query.
    fn field(&self, node: &'t Node<'t>) -> Verdict {
        let place = node.number("fieldnum").unwrap_or(0);
        let unknown = || Verdict::nullable("a field of a composite value may be null", None);
        let Some(arg) = node.node("arg") else {
            return unknown();
        };
        match arg.tag {
            "ROWEXPR" => {
                let place = usize::try_from(place - 1).unwrap_or(usize::MAX);
                match arg.nodes("args").nth(place) {
                    Some(field) => self.verdict(field),
                    None => unknown(),
                }
            }
            _ => {
                // A field of a whole row is a column of its relation.
                if let Some((entry, 0)) = Reference::local(arg) {
                    return self.column_of(entry, place);
                }
                let whole = self.verdict(arg);
                let called = from_functions::field(self, arg, place);
                let selected = || {
                    fields::selected(self, node).map(|field| Verdict {
                        nullable: field.nullable,
                        reason: field.reason,
                    })
                };
                let field = called.or_else(selected).filter(|_| !whole.nullable);
                field.unwrap_or_else(unknown)
            }
        }
    }
}

/// `current_date` and similar.
fn sql_value(node: &Node<'_>) -> Verdict {
    const CURRENT_SCHEMA: i64 = 14;
    if node.number("op") == Some(CURRENT_SCHEMA) {
        Verdict::nullable("no schema of the search path may exist", None)
    } else {
        Verdict::not_null("it is never null", None)
    }
}
