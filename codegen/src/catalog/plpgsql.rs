//! The returned expressions of a function in PL/pgSQL: the queries of RETURN QUERY and the values of RETURN, and the
//! variables that they can contain.
//!
//! It knows only where these begin and end. If a word is wrongly taken for RETURN, the server just does not understand
//! the result.

use std::collections::BTreeSet;

use super::Before;
use super::bodies::name;
use crate::source::{Lexer, Token, TokenKind};

/// The most bytes of a name that PostgreSQL keeps.
const LONGEST_NAME: usize = 63;

/// A body, split into tokens.
pub(super) struct Body<'s> {
    source: &'s str,
    tokens: Vec<Token>,
}

impl<'s> Body<'s> {
    /// The body. `None` if it sets its own rule for names that are both a variable and a column.
    pub(super) fn of(source: &'s str) -> Option<Self> {
        let is_plain = !source.contains("#variable_conflict");
        is_plain.then(|| Self {
            source,
            tokens: Lexer::new(source)
                .filter(|token| !token.is_trivia())
                .collect(),
        })
    }

    /// The returned expressions, as queries. `None` if there can be others: those of dynamic SQL, or rows that are
    /// returned one by one.
    pub(super) fn returned(&self, is_set: bool) -> Option<Vec<String>> {
        let places = (0..self.tokens.len()).filter(|place| self.is(*place, "return"));
        let mut returned = Vec::new();
        for place in places {
            let after = place + 1;
            let ends = self.tokens.get(after)?.kind == TokenKind::Semicolon;
            match is_set {
                true if ends => {}
                true if self.is(after, "query") && !self.is(after + 1, "execute") => {
                    returned.push(self.until_semicolon(after + 1)?.to_owned());
                }
                false if !ends => {
                    returned.push(format!("select {}", self.until_semicolon(after)?));
                }
                _ => return None,
            }
        }
        (!returned.is_empty()).then_some(returned)
    }

    /// What the body of a BEFORE trigger does with its row. `None` if it can be anything: if it returns other values
    /// than `new` and null, or sets `new` as a whole.
    pub(super) fn on_new(&self) -> Option<Before> {
        let is_all = |place: usize| self.kind(place + 1) == Some(TokenKind::Semicolon);
        let mut found = Before::default();
        for place in 0..self.tokens.len() {
            let after = place + 1;
            // A procedure can set its arguments.
            if self.is(place, "call") {
                return None;
            }
            if self.is(place, "return") {
                let is_null = self.is(after, "null");
                let is_known = (is_null || self.is_new(after)) && is_all(after);
                found.may_skip |= is_known.then_some(is_null)?;
            }
            if !self.is_new(place) {
                continue;
            }
            let before = place.checked_sub(1)?;
            let is_read = self.is(before, "return")
                || self.is(after, "is")
                || self.kind(before) == Some(TokenKind::OpenParen)
                    && self.kind(after) == Some(TokenKind::CloseParen);
            if self.kind(after) == Some(TokenKind::Dot) {
                // A field that is only read can be taken for one that is set. `new.*` sets nothing.
                let is_all = self.tokens.get(after + 1)?.text(self.source) == "*";
                match self.name(after + 1) {
                    Some(name) => found.sets.extend([name]),
                    None if is_all => {}
                    None => return None,
                }
            } else if !is_read {
                return None;
            }
        }
        Some(found)
    }

    /// The names and numbers that are targets of statements: of assignments, of INTO, of loops, of GET DIAGNOSTICS, and of
    /// procedures that are called. Others can be among them. `None` if a target can have another name.
    pub(super) fn assigned(&self) -> Option<BTreeSet<String>> {
        if !self.tokens.iter().all(|token| self.is_clear(token)) {
            return None;
        }
        let mut assigned = BTreeSet::new();
        for place in 0..self.tokens.len() {
            let after = place + 1;
            let is_parameter = |place: usize| self.kind(place) == Some(TokenKind::Parameter);
            if self.is(place, "alias") && !is_parameter(place + 2) {
                return None;
            }
            if self.starts_statement(place) {
                let (names, end) = self.target(place);
                let is_assigned = match self.kind(end) {
                    Some(TokenKind::ColonEquals | TokenKind::OpenBracket) => true,
                    // `=` before a sign is one token.
                    Some(TokenKind::Operator) => self.text(end).starts_with('='),
                    _ => false,
                };
                assigned.extend(names.into_iter().filter(|_| is_assigned));
            }
            if ["into", "for", "foreach"]
                .iter()
                .any(|word| self.is(place, word))
            {
                assigned.extend(self.targets(after + usize::from(self.is(after, "strict"))));
            }
            if self.is(place, "get") || self.is(place, "call") {
                let all = after..self.semicolon(after).unwrap_or(self.tokens.len());
                assigned.extend(all.filter_map(|place| self.variable(place)));
            }
        }
        Some(assigned)
    }

    /// Whether the token is no name, or one that means the same to the server: with no escapes, short enough not to be
    /// cut, and with no letters whose lower case depends on the encoding.
    fn is_clear(&self, token: &Token) -> bool {
        match token.kind {
            TokenKind::Identifier | TokenKind::QuotedIdentifier => name(self.source, token)
                .is_some_and(|name| {
                    name.len() <= LONGEST_NAME
                        && (name.is_ascii() || token.kind == TokenKind::QuotedIdentifier)
                }),
            _ => true,
        }
    }

    fn starts_statement(&self, place: usize) -> bool {
        let Some(before) = place.checked_sub(1) else {
            return true;
        };
        let words = ["begin", "then", "else", "loop"];
        self.kind(before) == Some(TokenKind::Semicolon)
            || words.iter().any(|word| self.is(before, word))
    }

    /// The names of targets between commas.
    fn targets(&self, place: usize) -> Vec<String> {
        let (mut names, mut end) = self.target(place);
        while self.kind(end) == Some(TokenKind::Comma) {
            let (more, next) = self.target(end + 1);
            names.extend(more);
            end = next;
        }
        names
    }

    /// The names of a target with dots between them, and the place after it.
    fn target(&self, mut place: usize) -> (Vec<String>, usize) {
        let mut names = Vec::new();
        while let Some(name) = self.variable(place) {
            names.push(name);
            place += 1;
            if self.kind(place) != Some(TokenKind::Dot) {
                break;
            }
            place += 1;
        }
        (names, place)
    }

    /// The name or the number of a variable.
    fn variable(&self, place: usize) -> Option<String> {
        match self.kind(place)? {
            TokenKind::Parameter => Some(self.text(place).to_owned()),
            _ => self.name(place),
        }
    }

    fn kind(&self, place: usize) -> Option<TokenKind> {
        self.tokens.get(place).map(|token| token.kind)
    }

    fn text(&self, place: usize) -> &'s str {
        let token = self.tokens.get(place);
        token.map_or("", |token| token.text(self.source))
    }

    fn is_new(&self, place: usize) -> bool {
        self.name(place).as_deref() == Some("new")
    }

    /// The declared variables. `None` if a name can mean several things.
    pub(super) fn variables(&self, arguments: &[String]) -> Option<Vec<(String, Declared<'s>)>> {
        let mut found: Vec<(String, Declared<'_>)> = Vec::new();
        let mut place = 0;
        let mut declares = false;
        while place < self.tokens.len() {
            if self.is(place, "declare") || self.is(place, "begin") {
                declares = self.is(place, "declare");
                place += 1;
                continue;
            }
            let name = match declares {
                true => self.name(place),
                // A loop with a counter has its own variable.
                false => self.name(place + 1).filter(|_| self.is(place, "for")),
            };
            let is_known = |name: &String| {
                arguments.contains(name) || found.iter().any(|(known, _)| known == name)
            };
            if name.as_ref().is_some_and(is_known) {
                return None;
            }
            if declares {
                let declared = self.declared(place + 1).unwrap_or(Declared::Otherwise);
                found.extend(name.map(|name| (name, declared)));
                place = self.semicolon(place)?;
            }
            place += 1;
        }
        Some(found)
    }

    /// The declaration at this place, if it is an argument or has an ordinary type.
    fn declared(&self, place: usize) -> Option<Declared<'s>> {
        if self.is(place, "alias") {
            let number = self.tokens.get(place + 2)?.text(self.source);
            return Some(Declared::Argument(number.strip_prefix('$')?.parse().ok()?));
        }
        let start = place + usize::from(self.is(place, "constant"));
        let is_end = |place: &usize| {
            let words = ["default", "not", "collate"];
            let token = &self.tokens[*place];
            let is_sign = matches!(token.kind, TokenKind::Semicolon | TokenKind::ColonEquals)
                || token.text(self.source) == "=";
            is_sign || words.iter().any(|word| self.is(*place, word))
        };
        let end = (start..self.tokens.len()).find(is_end)?;
        let last = self.tokens[start..end].last()?;
        let ty = &self.source[self.tokens[start].span.start..last.span.end];
        // A type such as `t.a%type` exists only in PL/pgSQL.
        (!ty.contains('%')).then_some(Declared::Type(ty))
    }

    fn until_semicolon(&self, place: usize) -> Option<&'s str> {
        let end = self.tokens[self.semicolon(place)?].span.start;
        Some(&self.source[self.tokens.get(place)?.span.start..end])
    }

    fn semicolon(&self, from: usize) -> Option<usize> {
        (from..self.tokens.len()).find(|place| self.tokens[*place].kind == TokenKind::Semicolon)
    }

    fn is(&self, place: usize, word: &str) -> bool {
        self.tokens.get(place).is_some_and(|token| {
            token.kind == TokenKind::Identifier
                && token.text(self.source).eq_ignore_ascii_case(word)
        })
    }

    fn name(&self, place: usize) -> Option<String> {
        name(self.source, self.tokens.get(place)?)
    }
}

/// The declaration of a variable.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Declared<'s> {
    /// A variable of this type.
    Type(&'s str),
    /// The argument with this number.
    Argument(usize),
    /// A cursor, or a variable with another kind of type.
    Otherwise,
}

#[cfg(test)]
mod tests {
    use super::{Body, Declared};

    #[test]
    fn what_is_returned_is_found() {
        let returned = |source, is_set| Body::of(source).and_then(|body| body.returned(is_set));
        let rows = "begin if a then return query select ';' from t; return; end if; Return Query
            update t set a = 1 returning id; end";
        assert_eq!(
            returned(rows, true).unwrap(),
            ["select ';' from t", "update t set a = 1 returning id"]
        );
        let value = "begin if not found then return false; end if; return count(*) from t; end";
        assert_eq!(
            returned(value, false).unwrap(),
            ["select false", "select count(*) from t"]
        );
        for (source, is_set) in [
            ("begin return next 1; end", true),
            ("begin return query execute 'select 1'; end", true),
            ("begin return; end", false),
            ("begin raise 'no'; end", false),
            (
                "#variable_conflict use_variable\nbegin return 1; end",
                false,
            ),
        ] {
            assert_eq!(returned(source, is_set), None, "{source}");
        }
    }

    #[test]
    fn what_triggers_do_is_known() {
        let done = |source: &str| {
            let found = Body::of(source)?.on_new()?;
            Some((found.may_skip, found.sets.into_iter().collect::<Vec<_>>()))
        };
        for (source, may_skip, sets) in [
            ("begin new.a := 1; return new; end", false, &["a"][..]),
            (
                "begin if NEW is distinct from old then select max(a) into new.\"B\" from t; end if; Return New; end",
                false,
                &["B"],
            ),
            (
                "begin if new.a is null then return null; end if; return new; end",
                true,
                &["a"],
            ),
            ("begin new.Éa := 1; return new; end", false, &["Éa"]),
            ("begin perform f(new.*); return new; end", false, &[]),
            (
                "begin perform f(to_jsonb(new)); return new; end",
                false,
                &[],
            ),
        ] {
            let sets = sets.iter().map(|set| (*set).to_owned()).collect();
            assert_eq!(done(source), Some((may_skip, sets)), "{source}");
        }
        for source in [
            "begin return old; end",
            "begin new := null; return new; end",
            "begin select * into new from t; return new; end",
            "declare a int; begin select 1, t into a, \"new\" from t; return new; end",
            "begin for new in select * from t loop null; end loop; return new; end",
            "begin return (select new from t where false); end",
            "begin call p(new); return new; end",
            "begin new.U&\"a\" := null; return new; end",
            "declare n alias for new; begin n.a := 1; return new; end",
        ] {
            assert_eq!(done(source), None, "{source}");
        }
    }

    #[test]
    fn what_is_assigned_is_found() {
        let assigned = |source: &str| Body::of(source).and_then(|body| body.assigned());
        for source in [
            "begin a := 1; end",
            "begin A = 1; end",
            "begin a =-1; end",
            "begin f . a := 1; end",
            "begin a.b := 1; end",
            "begin a[1] := 1; end",
            "begin /* so */ a -- and so\n := 1; end",
            "begin if true then a := 1; end if; end",
            "begin if true then null; else a := 1; end if; end",
            "begin loop a := 1; exit; end loop; end",
            "begin \"a\" := 1; end",
            "begin null; exception when others then a = null; end",
            "begin select 1, 2 into b, a from t; end",
            "begin select 1 into strict a; end",
            "begin update t set b = 1 returning b into f.a; end",
            "begin execute 'select 1' into a using b; end",
            "begin fetch c into b, a; end",
            "begin for b, a in select 1, 2 loop null; end loop; end",
            "begin foreach a slice 1 in array b loop null; end loop; end",
            "begin get current diagnostics b = row_count, a = row_count; end",
            "begin call p(1, a); end",
        ] {
            assert!(assigned(source).unwrap().contains("a"), "{source}");
        }
        assert!(assigned("begin $1 := 2; end").unwrap().contains("$1"));
        for source in [
            "begin return a = 1 or a[1] = b.a; end",
            "begin if a = 1 then return a; end if; end",
            "begin b := a; select 1 into b from t where c = a; end",
            "begin insert into t (c) values (a); perform a = 1; end",
            "begin for b in 1..a loop b := case when true then a else a end; end loop; end",
            "begin perform 1; return f(a => a); end",
        ] {
            assert!(!assigned(source).unwrap().contains("a"), "{source}");
        }
        for source in [
            "declare b alias for a; begin b := 1; end",
            "begin U&\"\\0061\" := 1; end",
            "begin É := 1; end",
            &format!("begin {} := 1; end", "a".repeat(64)),
        ] {
            assert_eq!(assigned(source), None, "{source}");
        }
    }

    #[test]
    fn variables_have_types() {
        let arguments = ["a".to_owned()];
        let source = "declare b alias for $1; n constant numeric(5, 2) not null := 1; \"T\" text[] default '{}';
            c cursor for select 1; r t%rowtype; begin for i in 1..3 loop null; end loop; end";
        let body = Body::of(source).unwrap();
        let variables = body.variables(&arguments).unwrap();
        assert_eq!(
            variables,
            [
                ("b".to_owned(), Declared::Argument(1)),
                ("n".to_owned(), Declared::Type("numeric(5, 2)")),
                ("T".to_owned(), Declared::Type("text[]")),
                ("c".to_owned(), Declared::Type("cursor for select 1")),
                ("r".to_owned(), Declared::Otherwise),
            ]
        );
        for source in [
            "declare a int; begin return a; end",
            "declare n int; begin declare n text; begin return n; end; end",
            "begin for a in 1..3 loop return a; end loop; end",
        ] {
            assert_eq!(
                Body::of(source).unwrap().variables(&arguments),
                None,
                "{source}"
            );
        }
    }
}
