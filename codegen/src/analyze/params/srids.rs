//! The SRID that a parameter's shapes need: that of the shapes beside them. PostGIS finds shapes with different SRIDs unequal,
//! and most of its functions refuse them, but shapes of other crates have none of their own.
//!
//! What states an SRID is a column's or domain's declaration, a cast to such a type, and `st_transform` and `st_setsrid`.

use std::rc::Rc;

use super::Flow;
use super::columns::{below, is_unnest, outputs, unnested};
use crate::analyze::constants;
use crate::analyze::scope::Scope;
use crate::analyze::typed::{self, Typed, uncast};
use crate::catalog::{Catalog, Spatial, Type};
use crate::tree::Node;

/// That of `geography` which declares none.
pub(in crate::analyze) const WGS_84: i32 = 4326;

/// PostGIS's functions whose result has the SRID of the shapes that they are given.
const KEEPING: [&str; 34] = [
    "geography",
    "geometry",
    "st_boundary",
    "st_buffer",
    "st_centroid",
    "st_closestpoint",
    "st_collect",
    "st_convexhull",
    "st_difference",
    "st_endpoint",
    "st_envelope",
    "st_expand",
    "st_exteriorring",
    "st_force2d",
    "st_geometryn",
    "st_intersection",
    "st_lineinterpolatepoint",
    "st_makeline",
    "st_makepolygon",
    "st_makevalid",
    "st_multi",
    "st_pointn",
    "st_pointonsurface",
    "st_project",
    "st_reverse",
    "st_rotate",
    "st_scale",
    "st_shortestline",
    "st_simplify",
    "st_snaptogrid",
    "st_startpoint",
    "st_symdifference",
    "st_translate",
    "st_union",
];

/// An expression in its scope.
pub(super) type Operand<'t> = (Rc<Scope<'t>>, &'t Node<'t>);

fn shapes(catalog: &Catalog, Typed { oid, modifier }: Typed) -> Option<(&Type, i32)> {
    catalog.shapes(catalog.type_by_oid(oid)?, modifier)
}

/// Whether values of a type are `geography`, or arrays of it.
pub(in crate::analyze) fn is_geography(catalog: &Catalog, oid: u32) -> bool {
    let ty = shapes(catalog, Typed { oid, modifier: -1 });
    ty.is_some_and(|(ty, _)| ty.name.name == "geography")
}

fn srid_of(modifier: i32) -> Option<i32> {
    Spatial::from_modifier(modifier)
        .map(|declared| declared.srid)
        .filter(|srid| *srid != 0)
}

/// The SRID that an expression's type declares.
fn declared(catalog: &Catalog, node: &Node<'_>) -> Option<i32> {
    let (_, modifier) = shapes(catalog, typed::of(catalog, node)?)?;
    srid_of(modifier)
}

impl<'t> Flow<'_, 't> {
    /// Gives the parameters in an expression the SRID that the expression asks for.
    pub(super) fn placed(
        &mut self,
        scope: &Rc<Scope<'t>>,
        node: &'t Node<'t>,
        arguments: &[&'t Node<'t>],
    ) {
        let all = |nodes: &[&'t Node<'t>]| -> Vec<Operand<'t>> {
            nodes.iter().map(|node| (Rc::clone(scope), *node)).collect()
        };
        match node.tag {
            "FUNCEXPR" if self.is_declaring_cast(node) => {
                if let (Some(srid), Some(shape)) = (self.stated(node), arguments.first()) {
                    self.needs(scope, shape, srid);
                }
            }
            "FUNCEXPR" | "OPEXPR" | "SCALARARRAYOPEXPR" | "DISTINCTEXPR" | "NULLIFEXPR"
            | "COALESCEEXPR" | "MINMAXEXPR" => self.together(&all(arguments)),
            "ROWCOMPAREEXPR" => {
                for (left, right) in node.nodes("largs").zip(node.nodes("rargs")) {
                    self.together(&all(&[left, right]));
                }
            }
            "ARRAYCOERCEEXPR" | "COERCETODOMAIN" | "RELABELTYPE" => {
                let srid = declared(self.context.catalog, node);
                if let (Some(srid), Some(shape)) = (srid, node.node("arg")) {
                    self.needs(scope, shape, srid);
                }
            }
            _ => {}
        }
    }

    /// Shapes that have to do with one another need the same SRID.
    pub(super) fn together(&mut self, operands: &[Operand<'t>]) {
        let srids = operands.iter().map(|(scope, node)| self.srid(scope, node));
        let srids: Vec<_> = srids.collect();
        for srid in srids.into_iter().flatten() {
            for (scope, node) in operands {
                self.needs(scope, node, srid);
            }
        }
    }

    /// The SRID that is known of an expression's shapes.
    fn srid(&self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>) -> Option<i32> {
        let catalog = self.context.catalog;
        let ty = typed::of(catalog, node)?;
        // This also leaves alone what has nothing to do with shapes.
        let (_, modifier) = shapes(catalog, ty)?;
        if let Some(declared) = srid_of(modifier) {
            return Some(declared);
        }
        let of_part = match node.tag {
            "FUNCEXPR" => self.stated(node).or_else(|| {
                let mut shapes = self.kept(node).into_iter();
                shapes.find_map(|shape| self.srid(scope, shape))
            }),
            "VAR" => self.srid_of_column(scope, node),
            "COALESCEEXPR" | "MINMAXEXPR" => {
                node.nodes("args").find_map(|node| self.srid(scope, node))
            }
            "ARRAYEXPR" => {
                let mut elements = node.nodes("elements");
                elements.find_map(|node| self.srid(scope, node))
            }
            "SUBSCRIPTINGREF" => self.srid(scope, node.node("refexpr")?),
            _ => match uncast(node) {
                inner if std::ptr::eq(inner, node) => None,
                inner => self.srid(scope, inner),
            },
        };
        of_part.or_else(|| {
            let is_column = matches!(node.tag, "VAR" | "FIELDSELECT");
            (is_column && is_geography(catalog, ty.oid)).then_some(WGS_84)
        })
    }

    /// That of what a column of a query further in is made of.
    fn srid_of_column(&self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>) -> Option<i32> {
        let (owner, number, column) = scope.referred(node)?;
        let array = unnested(self.context, owner.entry(number)?, column);
        if let Some(array) = array {
            return self.srid(&owner, array);
        }
        // Several are the arms of a recursive query, too, which would not end.
        match below(self.context, &owner, number, column).as_slice() {
            [(inner, expression)] => self.srid(inner, expression),
            _ => None,
        }
    }

    /// The shapes in this expression need this SRID; those of which that is known are left alone.
    fn needs(&mut self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>, srid: i32) {
        let catalog = self.context.catalog;
        let is_shape = typed::of(catalog, node).is_some_and(|ty| shapes(catalog, ty).is_some());
        if !is_shape || declared(catalog, node).is_some() {
            return;
        }
        let parts: Vec<_> = match node.tag {
            "PARAM" => {
                if let Some(found) = self.param(node) {
                    found.srid.add(srid);
                }
                return;
            }
            "VAR" => return self.column_needs(scope, node, srid),
            "FUNCEXPR" if self.stated(node).is_some() => return,
            "FUNCEXPR" => self.kept(node),
            "COALESCEEXPR" | "MINMAXEXPR" => node.nodes("args").collect(),
            "ARRAYEXPR" => node.nodes("elements").collect(),
            "CASEEXPR" => {
                let results = node.nodes("args").filter_map(|when| when.node("result"));
                results.chain(node.node("defresult")).collect()
            }
            "SUBLINK" => {
                if let Some(query) = node.node("subselect") {
                    let inner = self.context.child(scope, query);
                    for (inner, expression) in outputs(self.context, &inner, 1) {
                        self.needs(&inner, expression, srid);
                    }
                }
                return;
            }
            _ => match uncast(node) {
                inner if std::ptr::eq(inner, node) => return,
                inner => vec![inner],
            },
        };
        for part in parts {
            self.needs(scope, part, srid);
        }
    }

    /// What a column of a query further in, or of `unnest`, is made of needs this SRID.
    fn column_needs(&mut self, scope: &Rc<Scope<'t>>, node: &'t Node<'t>, srid: i32) {
        let Some((owner, number, column)) = scope.referred(node) else {
            return;
        };
        if !self.placed.insert(((owner.id, number, column), srid)) {
            return;
        }
        let entry = owner.entry(number);
        if let Some(array) = entry.and_then(|entry| unnested(self.context, entry, column)) {
            self.needs(&owner, array, srid);
        }
        for (inner, expression) in below(self.context, &owner, number, column) {
            self.needs(&inner, expression, srid);
        }
    }

    /// The arguments of a call whose SRID its result has.
    fn kept(&self, call: &'t Node<'t>) -> Vec<&'t Node<'t>> {
        let function = self.context.function(call.oid("funcid"));
        let keeps = function.is_some_and(|function| {
            function.extension.is_some() && KEEPING.contains(&function.name.name.as_str())
        });
        match keeps || is_unnest(self.context, call) {
            true => call.nodes("args").collect(),
            false => Vec::new(),
        }
    }

    /// Whether it casts shapes to a declared kind or SRID: `geometry(shape, typmod, explicit)`.
    fn is_declaring_cast(&self, call: &Node<'_>) -> bool {
        let function = self.context.function(call.oid("funcid"));
        function.is_some_and(|function| {
            function.extension.is_some()
                && ["geometry", "geography"].contains(&function.name.name.as_str())
                && function.arguments.len() == 3
        })
    }

    /// The SRID that a call says its result has.
    fn stated(&self, call: &Node<'_>) -> Option<i32> {
        let function = self.context.function(call.oid("funcid"))?;
        let number = |place: usize| {
            let number = constants::integer(call.nodes("args").nth(place)?)?;
            i32::try_from(number).ok()
        };
        if self.is_declaring_cast(call) {
            return srid_of(number(1)?);
        }
        let sets = ["st_setsrid", "st_transform"].contains(&function.name.name.as_str());
        let last = call.nodes("args").count().checked_sub(1)?;
        number(last).filter(|srid| sets && function.extension.is_some() && *srid != 0)
    }
}
