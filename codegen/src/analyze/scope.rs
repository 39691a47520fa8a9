//! One query level: its range table, which joins can null-extend which relations, and which conditions hold when.
//!
//! A scope describes the query and says nothing about nulls; [`Facts`](super::facts::Facts) are derived from it.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::constants;
use super::range_table::{self, EntryKind};
use super::steady;
use crate::nodes::{Reference, grouping_set, join};
use crate::tree::{Node, Value};

/// The side of an outer join whose rows can be missing. The join is named by its place in the range table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Left(usize),
    Right(usize),
}

/// A condition that is true for every row in which all sides in `requires` are present.
pub(super) struct Condition<'t> {
    pub(super) requires: Vec<Side>,
    pub(super) expression: &'t Node<'t>,
    pub(super) of: Filtered,
}

/// The rows that a condition filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Filtered {
    /// The input rows: WHERE and ON.
    Inputs,
    /// The output rows: HAVING.
    Groups,
}

/// One query level.
pub(super) struct Scope<'t> {
    /// Distinguishes the scopes of one analysis.
    pub(super) id: usize,
    pub(super) query: &'t Node<'t>,
    pub(super) parent: Option<Rc<Scope<'t>>>,
    /// The range table; entry 1 of PostgreSQL's is entry 0 here.
    pub(super) entries: Vec<&'t Node<'t>>,
    /// The sides that must be present for the entry to be: none for an entry that is always there.
    pub(super) extended_by: HashMap<usize, Vec<Side>>,
    pub(super) conditions: Vec<Condition<'t>>,
    /// The optional sides of joins without a condition, with the entry that is all of the side.
    pub(super) unconditional: Vec<(Side, usize)>,
    /// The full joins, of which one side is always present.
    pub(super) full_joins: Vec<usize>,
    /// The position of each outer join's condition in the SQL.
    pub(super) join_locations: HashMap<usize, usize>,
    /// The grouping expressions that some grouping set leaves out, flattened.
    pub(super) ungrouped: HashSet<String>,
    /// Those of them that are columns.
    ungrouped_columns: HashSet<(usize, i64)>,
    /// The sides that are there although their join is an outer one, once it has been worked out.
    pub(super) certain_sides: RefCell<Option<Rc<[Side]>>>,
    pub(super) children: RefCell<HashMap<*const Node<'t>, Rc<Scope<'t>>>>,
    refers_out: OnceCell<bool>,
}

impl<'t> Scope<'t> {
    /// The scope of `query`, which is inside `parent`.
    pub(super) fn new(id: usize, query: &'t Node<'t>, parent: Option<Rc<Scope<'t>>>) -> Self {
        let mut scope = Self {
            id,
            query,
            parent,
            entries: query.nodes("rtable").collect(),
            extended_by: HashMap::new(),
            conditions: Vec::new(),
            unconditional: Vec::new(),
            full_joins: Vec::new(),
            join_locations: HashMap::new(),
            ungrouped: HashSet::new(),
            ungrouped_columns: HashSet::new(),
            certain_sides: RefCell::default(),
            children: RefCell::default(),
            refers_out: OnceCell::new(),
        };
        if let Some(jointree) = query.node("jointree") {
            scope.walk_joins(jointree, &mut merge_side(query));
        }
        scope.note_ungrouped();
        // With grouping sets the groups' columns are not the rows' columns, so HAVING says nothing about the rows.
        if let Some(having) = query.node("havingQual")
            && query.list("groupingSets").is_empty()
        {
            scope.conditions.push(Condition {
                requires: Vec::new(),
                expression: having,
                of: Filtered::Groups,
            });
        }
        scope
    }

    /// Whether the query refers to a column of an outer query.
    pub(super) fn refers_out(&self) -> bool {
        *self
            .refers_out
            .get_or_init(|| steady::refers_out(self.query, 0))
    }

    /// The range table entry of PostgreSQL's number `index`.
    pub(super) fn entry(&self, index: usize) -> Option<&'t Node<'t>> {
        self.entries.get(index.checked_sub(1)?).copied()
    }

    /// The scope, entry and column that a reference is to.
    pub(super) fn referred(self: &Rc<Self>, node: &Node<'_>) -> Option<(Rc<Self>, usize, i64)> {
        let to = Reference::of(node)?;
        Some((self.ancestor(to.levels)?, to.entry, to.column))
    }

    /// The scope `levels` up.
    pub(super) fn ancestor(self: &Rc<Self>, levels: usize) -> Option<Rc<Scope<'t>>> {
        let mut scope = Rc::clone(self);
        for _ in 0..levels {
            scope = Rc::clone(scope.parent.as_ref()?);
        }
        Some(scope)
    }

    /// The sides that must be present for the range table entry to be.
    pub(super) fn extended_by(&self, index: usize) -> &[Side] {
        self.extended_by.get(&index).map_or(&[], Vec::as_slice)
    }

    /// Whether the query computes groups that are never empty: every output row stands for at least one input row.
    pub(super) fn has_nonempty_groups(&self) -> bool {
        let grouped = !self.query.list("groupClause").is_empty();
        let sets = self.query.list("groupingSets");
        grouped && (sets.is_empty() || sets.iter().any(has_no_empty_set))
    }

    /// Whether the query can return a row for no input rows: an aggregate without GROUP BY, or an empty grouping set.
    /// Facts about all input rows then do not apply to it.
    pub(super) fn may_group_nothing(&self) -> bool {
        let groups = self.query.flag("hasAggs")
            || self.query.node("havingQual").is_some()
            || !self.query.list("groupingSets").is_empty();
        groups && !self.has_nonempty_groups()
    }

    fn walk_joins(&mut self, node: &'t Node<'t>, outer: &mut Vec<Side>) {
        match node.tag {
            "RANGETBLREF" => {
                if let Some(index) = node.index("rtindex") {
                    self.extended_by.insert(index, outer.clone());
                }
            }
            "FROMEXPR" => {
                for item in node.nodes("fromlist") {
                    self.walk_joins(item, outer);
                }
                self.add_condition(node, outer.clone());
            }
            "JOINEXPR" => self.walk_join(node, outer),
            _ => {}
        }
    }

    fn walk_join(&mut self, node: &'t Node<'t>, outer: &mut Vec<Side>) {
        let Some(join) = node.index("rtindex") else {
            return;
        };
        self.extended_by.insert(join, outer.clone());
        let kind = node.number("jointype");
        let left = matches!(kind, Some(join::FULL | join::RIGHT)).then_some(Side::Left(join));
        let right = matches!(kind, Some(join::LEFT | join::FULL)).then_some(Side::Right(join));
        let is_met = |condition| constants::boolean(condition) == Some(true);
        for (child, side) in [("larg", left), ("rarg", right)] {
            if let Some(child) = node.node(child) {
                if let (Some(side), Some(entry)) = (side, range_table::referenced(child))
                    && node.node("quals").is_none_or(is_met)
                {
                    self.unconditional.push((side, entry));
                }
                let depth = outer.len();
                outer.extend(side);
                self.walk_joins(child, outer);
                outer.truncate(depth);
            }
        }
        if kind == Some(join::FULL) {
            self.full_joins.push(join);
        }
        if let Some(at) = node.node("quals").and_then(first_location) {
            self.join_locations.insert(join, at);
        }
        let mut requires = outer.clone();
        requires.extend(left);
        requires.extend(right);
        self.add_condition(node, requires);
    }

    fn add_condition(&mut self, node: &'t Node<'t>, requires: Vec<Side>) {
        if let Some(expression) = node.node("quals") {
            self.conditions.push(Condition {
                requires,
                expression,
                of: Filtered::Inputs,
            });
        }
    }

    fn note_ungrouped(&mut self) {
        let sets = self.query.list("groupingSets");
        if sets.is_empty() {
            return;
        }
        let always = always_grouped(sets);
        let grouped: Vec<i64> = self
            .query
            .nodes("groupClause")
            .filter_map(|clause| clause.number("tleSortGroupRef"))
            .filter(|reference| !always.contains(reference))
            .collect();
        for target in self.query.nodes("targetList") {
            let Some(expression) = target.node("expr") else {
                continue;
            };
            if target
                .number("ressortgroupref")
                .is_some_and(|r| grouped.contains(&r))
            {
                self.ungrouped.insert(self.flattened(expression));
                self.ungrouped_columns.extend(self.below(expression));
            }
        }
    }

    /// Whether some grouping set leaves the column out.
    pub(super) fn leaves_out(&self, entry: usize, column: i64) -> bool {
        let aliased = self
            .entry(entry)
            .and_then(|e| range_table::aliased(e, column));
        let below = aliased.and_then(|expression| self.below(expression));
        // Version 18 groups by columns of a separate entry, earlier versions by the columns that it stands for.
        let mut names = [Some((entry, column)), below].into_iter().flatten();
        names.any(|name| self.ungrouped_columns.contains(&name))
    }

    /// The canonical form of an expression, with the columns of joins resolved.
    pub(super) fn flattened(&self, expression: &'t Node<'t>) -> String {
        expression.canonical_through(&|node| self.alias_of(node, &[EntryKind::Join]))
    }

    /// The entry and column of a reference, through the columns of joins.
    fn below(&self, node: &'t Node<'t>) -> Option<(usize, i64)> {
        match self.alias_of(node, &[EntryKind::Join]) {
            Some(below) => self.below(below),
            None => Reference::of(node).map(|below| (below.entry, below.column)),
        }
    }

    /// The expression that a column stands for, if its entry is of one of these kinds.
    pub(super) fn alias_of(&self, node: &'t Node<'t>, kinds: &[EntryKind]) -> Option<&'t Node<'t>> {
        let (entry, column) = Reference::local(node)?;
        let entry = self.entry(entry)?;
        let is_wanted = kinds.contains(&range_table::kind(entry));
        is_wanted.then(|| range_table::aliased(entry, column))?
    }
}

/// The side of MERGE's source, if an action is for rows without a source: as if it were joined by an outer join with
/// the number 0.
fn merge_side(query: &Node<'_>) -> Vec<Side> {
    const NOT_MATCHED_BY_SOURCE: i64 = 1;
    let mut actions = query.nodes("mergeActionList");
    match actions.any(|a| a.number("matchKind") == Some(NOT_MATCHED_BY_SOURCE)) {
        true => vec![Side::Right(0)],
        false => Vec::new(),
    }
}

/// The grouping references that are in every set.
fn always_grouped(sets: &[Value<'_>]) -> HashSet<i64> {
    // Several items form a cross product: what one item always contains, every set contains.
    sets.iter().flat_map(always_in_item).collect()
}

/// Whether none of an item's sets is empty. Then no set of a product with it is.
fn has_no_empty_set(item: &Value<'_>) -> bool {
    item.node().is_some_and(|set| match set.number("kind") {
        Some(grouping_set::SIMPLE) => true,
        Some(grouping_set::SETS) => set.list("content").iter().all(has_no_empty_set),
        // The empty set, and rollup and cube, which include it.
        _ => false,
    })
}

fn always_in_item(item: &Value<'_>) -> HashSet<i64> {
    let Some(set) = item.node() else {
        return HashSet::new();
    };
    let content = set.list("content");
    match set.number("kind") {
        Some(grouping_set::SIMPLE) => content.iter().filter_map(Value::number).collect(),
        Some(grouping_set::SETS) => content
            .iter()
            .map(always_in_item)
            .reduce(|a, b| &a & &b)
            .unwrap_or_default(),
        // The empty set, and rollup and cube, which include it.
        _ => HashSet::new(),
    }
}

/// The position of the expression in the statement, or else the first position in its parts.
pub(super) fn first_location(node: &Node<'_>) -> Option<usize> {
    let inner = || node.children().filter_map(first_location).min();
    node.location().or_else(inner)
}
