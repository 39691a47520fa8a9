//! Relates parameters to columns that they are compared with, in any expression. The column names the parameter and, if
//! the parameter is one of the column's values, gives it its type.

use std::rc::Rc;

use super::columns::{base_column, below, is_unnest, outputs, unnested};
use super::{Bound, Flow, Sink, Tie};
use crate::analyze::bodies;
use crate::analyze::constants;
use crate::analyze::logic;
use crate::analyze::range_table;
use crate::analyze::scope::Scope;
use crate::analyze::typed::uncast;
use crate::catalog::Function;
use crate::nodes::oid;
use crate::tree::Node;

/// The operators and functions whose two arguments are values of one column, if both have the same type. In other
/// boolean operators and other functions, the other argument is only similar to the column's values, such as a pattern
/// or a part.
const OF_VALUES: [&str; 11] = [
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "<->",
    // PostGIS's distances. In other functions, the shapes can be of different kinds.
    "st_dwithin",
    "st_distance",
    "st_equals",
    "st_3ddwithin",
];

/// The operators with two values of one column if both are arrays, ranges or multiranges. A `jsonb` or a shape that
/// another one contains can be of another kind.
const OF_COLLECTIONS: [&str; 3] = ["@>", "<@", "&&"];

const COLLECTIONS: [u32; 3] = [oid::ANYARRAY, oid::ANYRANGE, oid::ANYMULTIRANGE];

/// The other argument beside a parameter.
#[derive(Clone)]
enum Beside<'t> {
    Column(Sink<'t>),
    /// The column inside an expression, or the key of a JSON object.
    Named(String),
}

impl Beside<'_> {
    fn loosely(&self) -> Self {
        match self {
            Self::Column(sink) => Self::Named(sink.column.name.clone()),
            Self::Named(name) => Self::Named(name.clone()),
        }
    }
}

impl<'t> Flow<'_, 't> {
    /// Ties the parameters in an expression's arguments to the column that another argument is.
    pub(super) fn compared(
        &mut self,
        scope: &Rc<Scope<'t>>,
        node: &'t Node<'t>,
        arguments: &[&'t Node<'t>],
    ) {
        match node.tag {
            "ROWCOMPAREEXPR" => {
                for (left, right) in node.nodes("largs").zip(node.nodes("rargs")) {
                    self.tie(scope, &[left, right], Tie::Value);
                }
            }
            "COALESCEEXPR" | "MINMAXEXPR" => self.tie(scope, arguments, Tie::Value),
            "SUBLINK" => self.in_query(scope, node),
            "OPEXPR" | "SCALARARRAYOPEXPR" | "DISTINCTEXPR" | "NULLIFEXPR" => {
                let operator = self.context.catalog.operators.get(&node.oid("opno"));
                if let Some(operator) = operator
                    && let Some(function) = self.context.function(operator.function)
                {
                    self.called(scope, function, Some(&operator.name), arguments);
                    self.bounded(&operator.name, arguments);
                }
            }
            "FUNCEXPR" => {
                if let Some(function) = self.context.called(node) {
                    self.called(scope, function, None, arguments);
                    self.named_arguments(function, arguments);
                }
            }
            _ => {}
        }
    }

    /// Names the parameters that a value is computed from after the column that it is stored in.
    pub(super) fn made_into(&mut self, scope: &Rc<Scope<'t>>, value: &'t Node<'t>, column: &str) {
        self.tie_to(scope, value, &Beside::Named(column.to_owned()));
    }

    /// `id in (select …)`, also with a row on the left: the query's columns are the arguments on the right.
    fn in_query(&mut self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>) {
        let (Some(test), Some(query)) = (node.node("testexpr"), node.node("subselect")) else {
            return;
        };
        let inner = self.context.child(scope, query);
        for comparison in logic::conjuncts(test) {
            let mut sides = comparison.nodes("args");
            let (Some(left), Some(right)) = (sides.next(), sides.next()) else {
                continue;
            };
            let column = uncast(right).number("paramid").unwrap_or_default();
            let made_of = outputs(self.context, &inner, column);
            let mut operands = made_of.clone();
            operands.push((Rc::clone(scope), left));
            self.together(&operands);
            for (inner, expression) in made_of {
                if let Some(beside) = self.beside(scope, left, Tie::Value) {
                    self.tie_to(&inner, expression, &beside);
                } else if let Some(beside) = self.beside(&inner, expression, Tie::Value) {
                    self.tie_to(scope, left, &beside);
                }
            }
        }
    }

    /// Notes whether a parameter is a lower or an upper bound.
    fn bounded(&mut self, operator: &str, arguments: &[&'t Node<'t>]) {
        let [left, right] = arguments else {
            return;
        };
        let (of_left, of_right) = match operator {
            "<" | "<=" => (Bound::Min, Bound::Max),
            ">" | ">=" => (Bound::Max, Bound::Min),
            _ => return,
        };
        for (side, bound) in [(left, of_left), (right, of_right)] {
            if let Some(param) = self.param(uncast(side)) {
                param.bound.get_or_insert(bound);
            }
        }
    }

    /// The arguments of an operator, or of a function, that have the column's type.
    fn called(
        &mut self,
        scope: &Rc<Scope<'t>>,
        function: &Function,
        operator: Option<&str>,
        arguments: &[&'t Node<'t>],
    ) {
        let is_operator = operator.is_some();
        let name = operator.unwrap_or(&function.name.name);
        let types = &function.arguments;
        let ty = |place: usize| {
            types
                .get(bodies::place_of(arguments[place], place))
                .copied()
        };
        let column = (0..arguments.len()).find(|&place| {
            match self.beside(scope, arguments[place], Tie::Value) {
                Some(Beside::Column(_)) => true,
                // Another argument beside an expression in a call can be anything.
                Some(Beside::Named(_)) => is_operator,
                None => false,
            }
        });
        let Some(of_column) = column.and_then(ty) else {
            return;
        };
        let tie = if OF_VALUES.contains(&name)
            || OF_COLLECTIONS.contains(&name) && COLLECTIONS.contains(&of_column)
        {
            Tie::Value
        } else if function.result != of_column {
            Tie::Like
        } else {
            // A function that returns the column's type computes a new value from the column: `split_part(bio, $1, 1)`.
            return;
        };
        let alike: Vec<_> = (0..arguments.len())
            .filter(|&place| ty(place) == Some(of_column))
            .map(|place| arguments[place])
            .collect();
        self.tie(scope, &alike, tie);
    }

    /// The first operand that is or contains a column names the parameters that are, or are in, the other operands.
    fn tie(&mut self, scope: &Rc<Scope<'t>>, operands: &[&'t Node<'t>], tie: Tie) {
        let found = operands
            .iter()
            .enumerate()
            .find_map(|(place, operand)| Some((place, self.beside(scope, operand, tie)?)));
        let Some((column, beside)) = found else {
            return;
        };
        for (place, operand) in operands.iter().enumerate() {
            if place != column {
                self.tie_to(scope, operand, &beside);
            }
        }
    }

    /// The column that an operand is, or is computed from.
    fn beside(&self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>, tie: Tie) -> Option<Beside<'t>> {
        if let Some((relation, column)) = base_column(self.context, scope, node) {
            return Some(Beside::Column(Sink {
                relation,
                column,
                tie,
                in_field: false,
            }));
        }
        let node = uncast(node);
        if let Some(key) = self.key(node) {
            return Some(Beside::Named(key));
        }
        let inside = match node.tag {
            "VAR" => return self.beside_column(scope, node, tie),
            "FUNCEXPR" | "OPEXPR" => self.null_with(node)?,
            "COALESCEEXPR" => node.nodes("args").next()?,
            _ => return None,
        };
        self.beside(scope, inside, tie).map(|found| found.loosely())
    }

    /// The table's column that a column of an inner query stands for, or else the inner column's name.
    fn beside_column(
        &self,
        scope: &Rc<Scope<'t>>,
        node: &'t Node<'t>,
        tie: Tie,
    ) -> Option<Beside<'t>> {
        let (owner, number, column) = scope.referred(node)?;
        let made_of = below(self.context, &owner, number, column);
        if let [(inner, expression)] = made_of.as_slice()
            && let found @ Some(_) = self.beside(inner, expression, tie)
        {
            return found;
        }
        let place = usize::try_from(column).ok()?.checked_sub(1)?;
        let names = range_table::column_names(owner.entry(number)?);
        let name = names.get(place)?.text()?.into_owned();
        Some(Beside::Named(name))
    }

    /// The key in `settings ->> 'theme'`.
    fn key(&self, node: &Node<'_>) -> Option<String> {
        let operator = self.context.catalog.operators.get(&node.oid("opno"))?;
        let is_access = node.tag == "OPEXPR" && ["->", "->>"].contains(&operator.name.as_str());
        constants::text(node.nodes("args").nth(1).filter(|_| is_access)?)
    }

    /// Ties the parameters that an operand is, or is computed from.
    fn tie_to(&mut self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>, beside: &Beside<'t>) {
        let node = uncast(node);
        let all = |flow: &mut Self, field: &str| {
            for element in node.nodes(field) {
                flow.tie_to(scope, element, beside);
            }
        };
        match node.tag {
            "PARAM" => match beside {
                Beside::Column(sink) => self.associate(node, *sink),
                Beside::Named(name) => self.like(node, name),
            },
            "ARRAYEXPR" => all(self, "elements"),
            "COALESCEEXPR" | "MINMAXEXPR" => all(self, "args"),
            "FUNCEXPR" if is_unnest(self.context, node) => all(self, "args"),
            "FUNCEXPR" | "OPEXPR" => {
                if let Some(argument) = self.null_with(node) {
                    self.tie_to(scope, argument, &beside.loosely());
                }
            }
            "VAR" => self.tie_column(scope, node, beside),
            _ => {}
        }
    }

    /// Ties the parameters that a column of an inner query, or of `unnest`, is computed from.
    fn tie_column(&mut self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>, beside: &Beside<'t>) {
        let Some((owner, number, column)) = scope.referred(node) else {
            return;
        };
        if !self.tied.insert((owner.id, number, column)) {
            return;
        }
        let entry = owner.entry(number);
        if let Some(array) = entry.and_then(|entry| unnested(self.context, entry, column)) {
            self.tie_to(&owner, array, beside);
        }
        for (inner, expression) in below(self.context, &owner, number, column) {
            self.tie_to(&inner, expression, beside);
        }
    }
}
