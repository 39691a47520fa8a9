//! The bodies of SQL functions, as queries whose parameters are the arguments: `$1` is the first.
//!
//! A body is a subquery beside its arguments, which names its columns the same way: columns of its own first, then the
//! arguments, by name, by number, or by the function's name and theirs. A body that cannot stand there, as it writes or has
//! several statements, is described statement by statement. A name in it that the server knows nothing of is an argument's: it
//! is replaced by the parameter, and the server asked again.

use super::name::always_quoted;
use super::{Catalog, CatalogError, Function, TypeKind};
use crate::describe::{ServerError, Session};
use crate::source::{Lexer, Token, TokenKind, split_statements};

/// SQLSTATE of a column that does not exist.
const UNDEFINED_COLUMN: &str = "42703";
/// SQLSTATE of a table that does not exist, which what stands before a dot may be.
const UNDEFINED_TABLE: &str = "42P01";

/// How often arguments may be named in a statement.
const NAMES: usize = 100;

/// A statement of a function's body.
struct Statement {
    function: u32,
    sql: String,
    state: State,
}

enum State {
    Open,
    Refused,
    Understood(String),
}

/// The trees of these functions' statements, the last of which gives the result, where all are understood.
pub(super) async fn statements(
    session: &mut Session,
    catalog: &Catalog,
    functions: &[u32],
) -> Result<Vec<(u32, Vec<String>)>, CatalogError> {
    let mut statements: Vec<Statement> = functions
        .iter()
        .filter_map(|oid| Some((*oid, catalog.functions.get(oid)?.statements(catalog)?)))
        .flat_map(|(function, bodies)| {
            bodies.into_iter().map(move |sql| Statement {
                function,
                sql,
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
        let queries: Vec<&str> = open.iter().map(|statement| &statement.sql[..]).collect();
        let described = session.describe(&queries).await?;
        for (statement, answer) in open.iter_mut().zip(described) {
            let function = &catalog.functions[&statement.function];
            match answer {
                Ok(description) => {
                    statement.state = description.tree.map_or(State::Refused, State::Understood);
                }
                Err(error) => match function.with_argument(catalog, &statement.sql, &error) {
                    Some(sql) => statement.sql = sql,
                    None => statement.state = State::Refused,
                },
            }
        }
    }
    let trees = |oid: &u32| {
        let own = statements.iter().filter(|s| s.function == *oid);
        let trees = own.map(|statement| match &statement.state {
            State::Understood(tree) => Some(tree.clone()),
            _ => None,
        });
        Some((*oid, trees.collect::<Option<Vec<_>>>()?))
    };
    Ok(functions.iter().filter_map(trees).collect())
}

impl Function {
    /// The query that is the function's body, `$1` being its first argument; none if it is not one in SQL.
    pub fn body_query(&self, catalog: &Catalog) -> Option<String> {
        let body = text(self.source.as_deref()?)?;
        let arguments: Option<Vec<String>> = (1..=self.arguments.len())
            .map(|number| {
                let name = self.input_names.get(number - 1);
                let name = name.filter(|name| !name.is_empty());
                let alias =
                    name.map_or_else(String::new, |name| format!(" as {}", always_quoted(name)));
                Some(format!("{}{alias}", self.parameter(catalog, number)?))
            })
            .collect();
        // A body may say `a.x` of an argument that is a row, which elsewhere only a relation's name takes.
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

    /// The statements of the body, in which arguments may be called by their names yet.
    fn statements(&self, catalog: &Catalog) -> Option<Vec<String>> {
        let body = text(self.source.as_deref()?)?;
        let statements = split_statements(&body).into_iter();
        statements
            .map(|span| self.with_types(catalog, &body[span]))
            .collect()
    }

    /// The statement with the type of each argument that is called by its number.
    fn with_types(&self, catalog: &Catalog, statement: &str) -> Option<String> {
        Lexer::new(statement)
            .map(|token| match token.kind {
                TokenKind::Parameter => {
                    self.parameter(catalog, token.text(statement)[1..].parse().ok()?)
                }
                _ => Some(token.text(statement).to_owned()),
            })
            .collect()
    }

    /// The statement with a parameter for what the server does not know, if that is an argument.
    fn with_argument(&self, catalog: &Catalog, sql: &str, error: &ServerError) -> Option<String> {
        let is_unknown = [UNDEFINED_COLUMN, UNDEFINED_TABLE].contains(&error.sqlstate.as_str());
        let position = error.position.filter(|_| is_unknown)?;
        let position = usize::try_from(position).ok()?.checked_sub(1)?;
        let (start, _) = sql.char_indices().nth(position)?;
        let names = names_at(sql, start);
        let number = |name: &str| {
            let place = self.input_names.iter().position(|input| input == name);
            place.map(|place| place + 1)
        };
        let (number, end) = match &names[..] {
            [(function, _), (argument, end), ..]
                if *function == self.name.name && number(argument).is_some() =>
            {
                (number(argument)?, *end)
            }
            [(argument, end), ..] => (number(argument)?, *end),
            [] => return None,
        };
        let parameter = self.parameter(catalog, number)?;
        Some(format!("{}{parameter}{}", &sql[..start], &sql[end..]))
    }

    /// The parameter of this number, with its type.
    fn parameter(&self, catalog: &Catalog, number: usize) -> Option<String> {
        let oid = self.arguments.get(number.checked_sub(1)?)?;
        let ty = catalog.type_by_oid(*oid)?.name.to_sql();
        Some(format!("(${number}::{ty})"))
    }
}

/// The dotted names from there on, each with where it ends.
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

/// The name that a token is.
fn name(sql: &str, token: &Token) -> Option<String> {
    let written = token.text(sql);
    match token.kind {
        TokenKind::Identifier => Some(written.to_lowercase()),
        TokenKind::QuotedIdentifier => {
            let inside = written.strip_prefix('"')?.strip_suffix('"')?;
            Some(inside.replace("\"\"", "\""))
        }
        _ => None,
    }
}

/// The text of a body: the statements of `begin atomic`, what RETURN returns, or the source itself.
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
