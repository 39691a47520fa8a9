//! The values of a query's parameters.

use super::layout::Expr;
use crate::model::{Param, RustType};

/// The values of a query's parameters, in the order of their numbers.
pub(super) enum Values {
    Array(Expr),
    /// Parameters that are sent in parts, joined with others.
    Vec(Expr),
}

/// The values of `params`, which are fields or variables of `owner`.
pub(super) fn values(params: &[Param], owner: &str) -> Values {
    let whole = |params: &[Param], head| {
        let value = |param: &Param| Expr::text(format!("{owner}{}", param.name));
        let values = params.iter().map(|param| match param.srid {
            0 => Expr::call("Param::new", vec![value(param)]),
            srid => {
                let srid = Expr::text(srid.to_string());
                Expr::call("Param::with_srid", vec![value(param), srid])
            }
        });
        Expr::array(head, values.collect())
    };
    if params.iter().all(|param| param.parts.is_none()) {
        return Values::Array(whole(params, ""));
    }
    let runs = params.chunk_by(|a, b| a.parts.is_none() && b.parts.is_none());
    let runs = runs.map(|run| match run {
        [param] if param.parts.is_some() => {
            let value = format!("{owner}{}", param.name);
            let value = match param.ty {
                RustType::Option(_) => Expr::text(value),
                _ => Expr::text(format!("Some({value})")),
            };
            Expr::call("howdah::__private::in_parts", vec![value])
        }
        params => whole(params, "vec!"),
    });
    let mut runs: Vec<Expr> = runs.collect();
    Values::Vec(match runs.len() {
        1 => runs.remove(0),
        _ => Expr::call("howdah::__private::joined", vec![Expr::array("", runs)]),
    })
}
