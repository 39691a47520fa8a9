//! `howdah::SqlType` values for contracts.

use super::layout::Expr;
use super::text::literal;
use crate::catalog::{QualifiedName, Spatial};
use crate::model::{Carried, SqlTypeRef};

/// The imports of [`expression`] from howdah.
pub(crate) fn imports(ty: &SqlTypeRef) -> Vec<&'static str> {
    match ty {
        SqlTypeRef::Constant(_) => vec![],
        SqlTypeRef::Spatial(_, Some(declared)) if declared.z || declared.m => {
            vec!["SqlKind", "SqlType"]
        }
        SqlTypeRef::Carried(_, carried) => {
            let mut names = imports(&carried.ty);
            names.extend(["Carrier", "SqlType"]);
            names
        }
        SqlTypeRef::Base(_)
        | SqlTypeRef::Enum(_)
        | SqlTypeRef::Composite(_)
        | SqlTypeRef::Spatial(..) => vec!["SqlType"],
        SqlTypeRef::Array(_, inner)
        | SqlTypeRef::Domain(_, inner)
        | SqlTypeRef::Range(_, inner)
        | SqlTypeRef::Multirange(_, inner) => {
            let mut names = imports(inner);
            names.push("SqlType");
            names
        }
    }
}

/// The type as a constant expression.
pub(crate) fn expression(ty: &SqlTypeRef) -> Expr {
    match ty {
        SqlTypeRef::Constant(name) => Expr::text(format!("howdah::types::{name}")),
        SqlTypeRef::Base(name) => call("base", name, vec![]),
        SqlTypeRef::Enum(name) => call("enumeration", name, vec![]),
        SqlTypeRef::Composite(name) => call("composite", name, vec![]),
        SqlTypeRef::Array(name, inner) => over("array", name, inner),
        SqlTypeRef::Domain(name, inner) => over("domain", name, inner),
        SqlTypeRef::Range(name, inner) => over("range", name, inner),
        SqlTypeRef::Multirange(name, inner) => over("multirange", name, inner),
        SqlTypeRef::Spatial(name, Some(declared)) => spatial(name, declared),
        SqlTypeRef::Spatial(name, None) => {
            call("spatial", name, vec![Expr::text("\"\""), Expr::text("0")])
        }
        SqlTypeRef::Carried(name, carried) => call("carried", name, vec![carrier(carried)]),
    }
}

fn carrier(carried: &Carried) -> Expr {
    let around = |head: &str, (before, after): &(String, String)| {
        let sides = [before, after].map(|sql| Expr::text(literal(sql)));
        Expr::call(head, sides.into())
    };
    Expr::literal(
        "&Carrier",
        vec![
            expression(&carried.ty).prefixed("ty: "),
            around("leaving: ", &carried.leaving),
            match &carried.coming {
                Some(coming) => Expr::call("coming: Some", vec![around("", coming)]),
                None => Expr::text("coming: None"),
            },
        ],
    )
}

fn call(function: &str, name: &QualifiedName, more: Vec<Expr>) -> Expr {
    let mut arguments = vec![
        Expr::text(literal(&name.schema)),
        Expr::text(literal(&name.name)),
    ];
    arguments.extend(more);
    Expr::call(format!("SqlType::{function}"), arguments)
}

fn over(function: &str, name: &QualifiedName, inner: &SqlTypeRef) -> Expr {
    call(function, name, vec![expression(inner).prefixed("&")])
}

fn spatial(name: &QualifiedName, declared: &Spatial) -> Expr {
    let subtype = declared.subtype.unwrap_or_default();
    let srid = declared.srid;
    if !declared.z && !declared.m {
        let more = vec![Expr::text(literal(subtype)), Expr::text(srid.to_string())];
        return call("spatial", name, more);
    }
    let kind = Expr::literal(
        "kind: SqlKind::Spatial",
        vec![
            Expr::string_field("subtype", subtype),
            Expr::text(format!("srid: {srid}")),
            Expr::text(format!("z: {}", declared.z)),
            Expr::text(format!("m: {}", declared.m)),
        ],
    );
    let fields = vec![
        Expr::string_field("schema", &name.schema),
        Expr::string_field("name", &name.name),
        kind,
    ];
    Expr::literal("SqlType", fields)
}
