//! Functions and operators.

use super::Fact;
use crate::catalog::{self, FIRST_OF_THE_USER, FunctionKind, QualifiedName, Volatility};
use crate::describe::{Cells, Unreadable};

pub(in crate::catalog) struct Function {
    oid: u32,
    schema: String,
    name: String,
    signature: String,
    kind: String,
    strict: bool,
    returns_set: bool,
    volatility: String,
    language: String,
    result: u32,
    arguments: Vec<u32>,
    modes: Vec<String>,
    types: Vec<u32>,
    names: Vec<String>,
    source: Option<String>,
    extension: Option<String>,
}

impl Fact for Function {
    const SQL: &'static str = include_str!("functions.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            oid: cells.number()?,
            schema: cells.text()?.to_owned(),
            name: cells.text()?.to_owned(),
            signature: cells.text()?.to_owned(),
            kind: cells.text()?.to_owned(),
            strict: cells.flag()?,
            returns_set: cells.flag()?,
            volatility: cells.text()?.to_owned(),
            language: cells.text()?.to_owned(),
            result: cells.number()?,
            arguments: cells.array()?,
            modes: cells.array()?,
            types: cells.array()?,
            names: cells.json()?,
            source: cells.optional_string()?,
            extension: cells.optional_string()?,
        })
    }
}

impl Function {
    pub(in crate::catalog) fn into_function(self) -> (u32, catalog::Function) {
        const OUTPUT: [&str; 3] = ["o", "b", "t"];
        let named = |modes: [&str; 3]| {
            let arguments = self.modes.iter().zip(&self.names);
            let named = arguments.filter(|(mode, _)| modes.contains(&mode.as_str()));
            named.map(|(_, name)| name.clone()).collect()
        };
        let typed = self.modes.iter().zip(&self.types);
        let typed = typed.filter(|(mode, _)| OUTPUT.contains(&mode.as_str()));
        let function = catalog::Function {
            // Without modes, all arguments are input.
            input_names: match self.modes.is_empty() {
                true => self.names.clone(),
                false => named(["i", "b", "v"]),
            },
            output_names: named(OUTPUT),
            output_types: typed.map(|(_, ty)| *ty).collect(),
            name: QualifiedName::new(self.schema, self.name),
            signature: self.signature,
            is_builtin: self.oid < FIRST_OF_THE_USER,
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
            trees: Vec::new(),
        };
        (self.oid, function)
    }
}

pub(in crate::catalog) struct Operator {
    oid: u32,
    name: String,
    function: u32,
    is_equality: bool,
    has_known_identity: bool,
}

impl Fact for Operator {
    const SQL: &'static str = include_str!("operators.sql");

    fn read(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            oid: cells.number()?,
            name: cells.text()?.to_owned(),
            function: cells.number()?,
            is_equality: cells.flag()?,
            has_known_identity: cells.flag()?,
        })
    }
}

impl Operator {
    pub(in crate::catalog) fn into_operator(self) -> (u32, catalog::Operator) {
        let operator = catalog::Operator {
            name: self.name,
            function: self.function,
            is_equality: self.is_equality,
            has_known_identity: self.has_known_identity,
        };
        (self.oid, operator)
    }
}
