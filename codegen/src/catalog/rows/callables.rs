//! Functions and operators, out of `functions.sql`.

use serde::Deserialize;

use super::{oid, oids};
use crate::catalog::{self, FunctionKind, QualifiedName, Volatility};

#[derive(Deserialize)]
pub(in crate::catalog) struct Callables {
    pub(in crate::catalog) functions: Vec<Function>,
    pub(in crate::catalog) operators: Vec<Operator>,
}

#[derive(Deserialize)]
pub(in crate::catalog) struct Function {
    #[serde(deserialize_with = "oid")]
    oid: u32,
    schema: String,
    name: String,
    signature: String,
    kind: String,
    strict: bool,
    returns_set: bool,
    volatility: String,
    language: String,
    #[serde(deserialize_with = "oid")]
    result: u32,
    #[serde(deserialize_with = "oids")]
    arguments: Vec<u32>,
    modes: Vec<String>,
    names: Vec<String>,
    source: Option<String>,
    extension: Option<String>,
}

impl Function {
    pub(in crate::catalog) fn into_function(self) -> (u32, catalog::Function) {
        let named = |modes: [&str; 3]| {
            let arguments = self.modes.iter().zip(&self.names);
            let named = arguments.filter(|(mode, _)| modes.contains(&mode.as_str()));
            named.map(|(_, name)| name.clone()).collect()
        };
        let function = catalog::Function {
            // Without modes, all arguments are input.
            input_names: match self.modes.is_empty() {
                true => self.names.clone(),
                false => named(["i", "b", "v"]),
            },
            output_names: named(["o", "b", "t"]),
            name: QualifiedName::new(self.schema, self.name),
            signature: self.signature,
            extension: self.extension,
            kind: match self.kind.as_str() {
                "a" => FunctionKind::Aggregate,
                "w" => FunctionKind::Window,
                "p" => FunctionKind::Procedure,
                _ => FunctionKind::Function,
            },
            strict: self.strict,
            returns_set: self.returns_set,
            volatility: match self.volatility.as_str() {
                "i" => Volatility::Immutable,
                "s" => Volatility::Stable,
                _ => Volatility::Volatile,
            },
            language: self.language,
            result: self.result,
            arguments: self.arguments,
            source: self.source,
            tree: None,
        };
        (self.oid, function)
    }
}

#[derive(Deserialize)]
pub(in crate::catalog) struct Operator {
    #[serde(deserialize_with = "oid")]
    oid: u32,
    name: String,
    #[serde(deserialize_with = "oid")]
    function: u32,
    groupable: bool,
}

impl Operator {
    pub(in crate::catalog) fn into_operator(self) -> (u32, catalog::Operator) {
        let operator = catalog::Operator {
            name: self.name,
            function: self.function,
            is_equality: self.groupable,
        };
        (self.oid, operator)
    }
}
