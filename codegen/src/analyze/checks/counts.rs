//! Integers in checks that count nulls or true conditions: `num_nonnulls(a, b) = 1`, `(a is null)::int + (b is
//! null)::int = 1`.

use super::Row;
use super::truth::Truth;
use crate::analyze::constants;
use crate::tree::Node;

impl Row<'_, '_, '_> {
    /// The smallest and the largest value of an integer that counts nulls or true conditions.
    pub(super) fn count(&self, node: &Node<'_>) -> Option<(i64, i64)> {
        if node.tag == "CONST" {
            let value = constants::integer(node)?;
            return Some((value, value));
        }
        let arguments: Vec<&Node<'_>> = node.nodes("args").collect();
        if !matches!(node.tag, "FUNCEXPR" | "OPEXPR") || node.flag("funcvariadic") {
            return None;
        }
        let function = self.fixed_function(node)?;
        let sum = |counts: &mut dyn Iterator<Item = (bool, bool)>| {
            counts.fold((0, 0), |(least, most), (surely, maybe)| {
                (least + i64::from(surely), most + i64::from(maybe))
            })
        };
        match (function.name.name.as_str(), &arguments[..]) {
            ("num_nonnulls", _) => Some(sum(&mut arguments.iter().map(|arg| {
                let is = self.nullness(arg);
                (!is.null, is.value)
            }))),
            ("num_nulls", _) => Some(sum(&mut arguments.iter().map(|arg| {
                let is = self.nullness(arg);
                (!is.value, is.null)
            }))),
            ("int4", [flag]) if function.signature == "int4(bool)" => {
                let truth = self.truth(flag);
                (!truth.may_be(Truth::NULL)).then(|| {
                    sum(&mut [(truth == Truth::TRUE, truth.may_be(Truth::TRUE))].into_iter())
                })
            }
            ("int4pl", [a, b]) => {
                let ((a, b), (c, d)) = (self.count(a)?, self.count(b)?);
                Some((a.checked_add(c)?, b.checked_add(d)?))
            }
            _ => None,
        }
    }
}

/// The result of comparing integers of which only the smallest and largest values are known.
pub(super) fn compared(function: &str, a: (i64, i64), b: (i64, i64)) -> Truth {
    let (surely_less, surely_greater) = (a.1 < b.0, a.0 > b.1);
    let (surely_at_most, surely_at_least) = (a.1 <= b.0, a.0 >= b.1);
    let surely_equal = surely_at_most && surely_at_least;
    let decided = |yes, no| match (yes, no) {
        (true, _) => Truth::TRUE,
        (_, true) => Truth::FALSE,
        _ => Truth::TRUE.or(Truth::FALSE),
    };
    match function {
        "int4eq" => decided(surely_equal, surely_less || surely_greater),
        "int4ne" => decided(surely_less || surely_greater, surely_equal),
        "int4lt" => decided(surely_less, surely_at_least),
        "int4le" => decided(surely_at_most, surely_greater),
        "int4gt" => decided(surely_greater, surely_at_most),
        "int4ge" => decided(surely_at_least, surely_less),
        _ => Truth::ANY,
    }
}
