//! The bodies of functions in SQL and PL/pgSQL, as queries whose parameters are the arguments: `$1` is the first.
//!
//! A body becomes a subquery beside its arguments, where names are resolved in the same way: first its own columns,
//! then the arguments, by name, by number, or qualified by the function's name. A body that cannot be a subquery,
//! because it writes or has several statements, is described statement by statement. A name in it that the server does
//! not know is an argument: it is replaced by the parameter, and the server is asked again. For a body in PL/pgSQL, the
//! expressions that it returns are described in this way; its variables are parameters after the arguments.

use super::name::always_quoted;
use super::plpgsql::{Body, Declared};
use super::{Catalog, CatalogError, Function, TypeKind};
use crate::describe::{ServerError, Session};
use crate::source::{Lexer, Token, TokenKind, split_statements};

/// SQLSTATE of a column that does not exist.
const UNDEFINED_COLUMN: &str = "42703";
/// SQLSTATE of a table that does not exist, such as a name before a dot.
const UNDEFINED_TABLE: &str = "42P01";

/// The most references to arguments in a statement.
const NAMES: usize = 100;

/// A statement of a function's body, in which variables can still have their names.
struct Statement<'f> {
    oid: u32,
    function: &'f Function,
    variables: &'f [Variable<'f>],
    sql: String,
    /// The names of the variables that are parameters after the arguments.
    used: Vec<&'f str>,
    state: State,
}

/// A name in a function's body.
type Variable<'f> = (String, Declared<'f>);

enum State {
    Open,
    Refused,
    Understood(String),
}

/// The trees of these functions' statements, if all are understood: for SQL all statements, for PL/pgSQL the returned
/// expressions.
pub(super) async fn statements(
    session: &mut Session,
    catalog: &Catalog,
    functions: &[u32],
) -> Result<Vec<(u32, Vec<String>)>, CatalogError> {
    let known: Vec<_> = functions
        .iter()
        .filter_map(|oid| {
            let function = catalog.functions.get(oid)?;
            let (statements, variables) = function.statements()?;
            Some((*oid, function, statements, variables))
        })
        .collect();
    let mut statements: Vec<Statement<'_>> = known
        .iter()
        .flat_map(|(oid, function, statements, variables)| {
            statements.iter().map(|sql| Statement {
                oid: *oid,
                function,
                variables,
                sql: sql.clone(),
                used: Vec::new(),
                state: State::Open,
            })
        })
        .collect();
    for _ in 0..NAMES {
        let mut open: Vec<_> = statements
            .iter_mut()
            .filter(|statement| matches!(statement.state, State::Open))
            .collect();
        if open.is_empty() {
            break;
        }
        let queries: Vec<_> = open
            .iter()
            .map(|statement| (&statement.sql[..], &statement.function.arguments[..]))
            .collect();
        let described = session.describe_typed(&queries).await?;
        for (statement, answer) in open.iter_mut().zip(described) {
            match answer {
                Ok(description) => {
                    statement.state = description.tree.map_or(State::Refused, State::Understood);
                }
                Err(error) => match statement.with_parameter(&error) {
                    Some(sql) => statement.sql = sql,
                    None => statement.state = State::Refused,
                },
            }
        }
    }
    let trees = |oid: &u32| {
        let own = statements.iter().filter(|s| s.oid == *oid);
        let trees = own.map(|statement| match &statement.state {
            State::Understood(tree) => Some(tree.clone()),
            _ => None,
        });
        Some((*oid, trees.collect::<Option<Vec<_>>>()?))
    };
    Ok(functions.iter().filter_map(trees).collect())
}

impl Statement<'_> {
    /// The statement with a parameter in place of the name that the server does not know, if that is a variable.
    fn with_parameter(&mut self, error: &ServerError) -> Option<String> {
        let is_unknown = [UNDEFINED_COLUMN, UNDEFINED_TABLE].contains(&error.sqlstate.as_str());
        let position = error.position.filter(|_| is_unknown)?;
        let position = usize::try_from(position).ok()?.checked_sub(1)?;
        let (start, _) = self.sql.char_indices().nth(position)?;
        let names = names_at(&self.sql, start);
        let variable = |name: &str| self.variables.iter().find(|(known, _)| known == name);
        let ((name, variable), end) = match &names[..] {
            // An argument can be qualified by the function's name.
            [(function, _), (name, end), ..]
                if *function == self.function.name.name
                    && self.function.input_names.contains(name) =>
            {
                (variable(name)?, *end)
            }
            [(name, end), ..] => (variable(name)?, *end),
            [] => return None,
        };
        let parameter = match variable {
            Declared::Argument(number) => format!("(${number})"),
            Declared::Type(ty) => {
                let place = self.used.iter().position(|used| used == name);
                let place = place.unwrap_or_else(|| {
                    self.used.push(name);
                    self.used.len() - 1
                });
                format!("(${}::{ty})", self.function.arguments.len() + place + 1)
            }
            Declared::Otherwise => return None,
        };
        let (before, after) = (&self.sql[..start], &self.sql[end..]);
        Some(format!("{before}{parameter}{after}"))
    }
}

impl Function {
    /// The query of the function's body, with `$1` for its first argument. `None` if the function is not in SQL.
    pub fn body_query(&self, catalog: &Catalog) -> Option<String> {
        let source = self.source.as_deref().filter(|_| !self.is_procedural())?;
        let body = text(source)?;
        let arguments: Option<Vec<String>> = (1..=self.arguments.len())
            .map(|number| {
                let name = self.input_names.get(number - 1);
                let name = name.filter(|name| !name.is_empty());
                let alias =
                    name.map_or_else(String::new, |name| format!(" as {}", always_quoted(name)));
                let ty = &catalog.type_by_oid(self.arguments[number - 1])?.name;
                Some(format!("${number}::{}{alias}", ty.to_sql()))
            })
            .collect();
        // A body can write `a.x` for a field of an argument, which elsewhere is possible only for a relation's name.
        let rows: String = (1..)
            .zip(self.arguments.iter().zip(&self.input_names))
            .filter_map(|(number, (oid, name))| {
                let ty = catalog.type_by_oid(*oid)?;
                let is_row = matches!(ty.kind, TypeKind::Composite { .. }) && !name.is_empty();
                is_row.then(|| {
                    let ty = ty.name.to_sql();
                    format!("(select (${number}::{ty}).*) as {}, ", always_quoted(name))
                })
            })
            .collect();
        Some(format!(
            "select \"the body\".* from (select {}) as {}, {rows}lateral (\n{body}\n) as \"the body\"",
            arguments?.join(", "),
            always_quoted(&self.name.name)
        ))
    }

    /// For each input argument, whether it still has the value of the call wherever the body uses it: the arguments of a
    /// function in PL/pgSQL are variables.
    pub fn kept_arguments(&self) -> Vec<bool> {
        let kept = || {
            let source = self.source.as_deref().filter(|_| self.is_procedural())?;
            let body = Body::of(source)?;
            let assigned = body.assigned()?;
            let is_assigned = |name: &str| assigned.contains(name);
            let aliases = body.variables(&self.input_names)?;
            let kept = (1..=self.arguments.len()).map(|number| {
                let mut aliases = aliases.iter();
                let is_alias = |declared: &Declared<'_>| *declared == Declared::Argument(number);
                let name = self.input_names.get(number - 1);
                !is_assigned(&format!("${number}"))
                    && !name.is_some_and(|name| is_assigned(name))
                    && !aliases.any(|(name, declared)| is_alias(declared) && is_assigned(name))
            });
            Some(kept.collect())
        };
        match self.is_procedural() {
            true => kept().unwrap_or_else(|| vec![false; self.arguments.len()]),
            false => vec![true; self.arguments.len()],
        }
    }

    /// The statements to describe, and the variables in them.
    fn statements(&self) -> Option<(Vec<String>, Vec<Variable<'_>>)> {
        let source = self.source.as_deref()?;
        if changes_names(source) {
            return None;
        }
        let arguments = self.input_names.iter().zip(1..);
        let mut variables: Vec<Variable<'_>> = arguments
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, number)| (name.clone(), Declared::Argument(number)))
            .collect();
        let statements = if self.is_procedural() {
            let body = Body::of(source)?;
            variables.extend(body.variables(&self.input_names)?);
            body.returned(self.returns_set)?
        } else {
            let body = text(source)?;
            let spans = split_statements(&body).into_iter();
            spans.map(|span| body[span].to_owned()).collect()
        };
        Some((statements, variables))
    }
}

/// Whether a body may change what its own names mean before it comes to them, or what is known of them: it makes a temporary
/// table that hides another, drops a NOT NULL, or sets the search path. The words can also be names, and then nothing is known
/// of a body that changes nothing.
fn changes_names(source: &str) -> bool {
    const WORDS: [&str; 13] = [
        "alter",
        "call",
        "create",
        "discard",
        "drop",
        "execute",
        "reset",
        "schema",
        "search_path",
        "set_config",
        "temp",
        "temporary",
        "role",
    ];
    let mut tokens = Lexer::new(source);
    tokens.any(|token| name(source, &token).is_some_and(|name| WORDS.contains(&name.as_str())))
}

/// The dotted names from `start` on, each with its end.
fn names_at(sql: &str, start: usize) -> Vec<(String, usize)> {
    let mut names = Vec::new();
    let mut tokens = Lexer::starting_at(sql, start);
    while let Some(token) = tokens.next() {
        names.extend(name(sql, &token).map(|name| (name, token.span.end)));
        let is_dot = |token: Token| token.kind == TokenKind::Dot;
        if !tokens.next().is_some_and(is_dot) {
            break;
        }
    }
    names
}

/// The name in a token. Like the server, it converts only ASCII letters to lower case.
pub(super) fn name(sql: &str, token: &Token) -> Option<String> {
    let written = token.text(sql);
    match token.kind {
        TokenKind::Identifier => Some(written.to_ascii_lowercase()),
        TokenKind::QuotedIdentifier => {
            let inside = written.strip_prefix('"')?.strip_suffix('"')?;
            Some(inside.replace("\"\"", "\""))
        }
        _ => None,
    }
}

/// The text of a body: the statements of `begin atomic`, the expression of RETURN, or the source itself.
fn text(source: &str) -> Option<String> {
    let source = source.trim();
    let text = match (
        source.strip_prefix("BEGIN ATOMIC"),
        source.strip_prefix("RETURN "),
    ) {
        (Some(block), _) => block.strip_suffix("END")?.trim().to_owned(),
        (_, Some(expression)) => format!("select {expression}"),
        _ => source.to_owned(),
    };
    Some(
        text.trim_end_matches(|c: char| c == ';' || c.is_whitespace())
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::{names_at, text};

    #[test]
    fn every_form_of_body_is_a_query() {
        assert_eq!(text(" select 1; \n").unwrap(), "select 1");
        assert_eq!(text("BEGIN ATOMIC\n SELECT 1;\nEND").unwrap(), "SELECT 1");
        assert_eq!(text("RETURN (a + 1)").unwrap(), "select (a + 1)");
    }

    #[test]
    fn names_are_read_as_the_server_reads_them() {
        let names = |sql| {
            let names = names_at(sql, 7).into_iter();
            names
                .map(|(name, end)| (name, &sql[end..]))
                .collect::<Vec<_>>()
        };
        assert_eq!(names("select Abc + 1"), [("abc".to_owned(), " + 1")]);
        assert_eq!(names("select ÉA + 1"), [("Éa".to_owned(), " + 1")]);
        assert_eq!(
            names("select F.\"A\"\"b\".c"),
            [
                ("f".to_owned(), ".\"A\"\"b\".c"),
                ("A\"b".to_owned(), ".c"),
                ("c".to_owned(), "")
            ]
        );
        assert_eq!(names("select 'a'"), []);
    }
}
