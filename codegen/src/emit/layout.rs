//! Formats generated source like rustfmt with its default settings.
//!
//! Why not use a general printer: prettyplease breaks lines at 89 columns, and lists by other rules than rustfmt, so
//! `cargo fmt` would change the generated code, and `howdah generate --check` would then always fail. Generated code
//! uses few forms, and each of them is here, with the width at which rustfmt breaks it.

use unicode_width::UnicodeWidthStr;

/// The width of a line (`max_width`).
pub(super) const LINE: usize = 100;
/// The width between the brackets of a call or an array (`fn_call_width`, `array_width`).
const LIST: usize = 60;
/// The width between the braces of a struct literal (`struct_lit_width`).
const LITERAL: usize = 18;
/// The width up to which the items of an array share lines (`short_array_element_width_threshold`).
const SHORT: usize = 10;

/// An expression that can need several lines.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    /// Never broken.
    Text(String),
    /// `head[items]tail`, with one of three kinds of brackets.
    List {
        /// The text before the bracket.
        head: String,
        /// The brackets.
        kind: Brackets,
        /// The items between them.
        items: Vec<Expr>,
    },
}

/// The brackets of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Brackets {
    /// A call.
    Round,
    /// An array.
    Square,
    /// A struct literal.
    Curly,
}

impl Expr {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn call(head: impl Into<String>, items: Vec<Expr>) -> Self {
        Self::List {
            head: head.into(),
            kind: Brackets::Round,
            items,
        }
    }

    pub(crate) fn array(head: impl Into<String>, items: Vec<Expr>) -> Self {
        Self::List {
            head: head.into(),
            kind: Brackets::Square,
            items,
        }
    }

    pub(crate) fn literal(head: impl Into<String>, items: Vec<Expr>) -> Self {
        Self::List {
            head: format!("{} ", head.into()),
            kind: Brackets::Curly,
            items,
        }
    }

    /// The same expression with `prefix` right before it: a field's name, `&`.
    pub(crate) fn prefixed(self, prefix: &str) -> Self {
        match self {
            Self::Text(text) => Self::Text(format!("{prefix}{text}")),
            Self::List { head, kind, items } => Self::List {
                head: format!("{prefix}{head}"),
                kind,
                items,
            },
        }
    }

    /// `name: "value"`, a field of a struct literal.
    pub(crate) fn string_field(name: &str, value: &str) -> Self {
        Self::Text(format!("{name}: {}", super::text::literal(value)))
    }

    /// The expression on one line, if no list in it is too wide for that.
    fn flat(&self) -> Option<String> {
        let mut line = String::new();
        self.write_flat(&mut line).then_some(line)
    }

    /// Adds the expression to `line`. False if it does not fit there; then it can be there in part.
    fn write_flat(&self, line: &mut String) -> bool {
        let (head, kind, items) = match self {
            Self::Text(text) => {
                line.push_str(text);
                // A literal can have several lines.
                return !text.contains('\n');
            }
            Self::List { head, kind, items } => (head, *kind, items),
        };
        let (room, open, close) = match kind {
            Brackets::Round => (LIST, "(", ")"),
            Brackets::Square => (LIST, "[", "]"),
            Brackets::Curly => (LITERAL, "{ ", " }"),
        };
        line.push_str(head);
        if items.is_empty() {
            line.push_str(open.trim_end());
            line.push_str(close.trim_start());
            return true;
        }
        line.push_str(open);
        let start = line.len();
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                line.push_str(", ");
            }
            if !item.write_flat(line) {
                return false;
            }
        }
        // A single argument or element can fill the line.
        let is_single = items.len() == 1 && kind != Brackets::Curly;
        let fits = is_single || width(&line[start..]) <= room;
        line.push_str(close);
        fits
    }

    /// The expression at `indent`, with `before` columns before it on the first line and `after` columns after it on
    /// the last.
    fn layout(&self, indent: usize, before: usize, after: usize) -> String {
        if let Some(flat) = self.flat()
            && before + width(&flat) + after <= LINE
        {
            return flat;
        }
        let (head, kind, items) = match self {
            Self::Text(text) => return text.clone(),
            Self::List { head, kind, items } => (head, *kind, items),
        };
        let (open, close) = match kind {
            Brackets::Round => ("(", ")"),
            Brackets::Square => ("[", "]"),
            Brackets::Curly => ("{", "}"),
        };
        // If the only item is a list itself, its brackets are joined with the outer ones.
        if let (Brackets::Round | Brackets::Square, [item @ Self::List { .. }]) =
            (kind, items.as_slice())
        {
            let item = item.layout(indent, before + width(head) + 1, after + 1);
            return format!("{head}{open}{item}{close}");
        }
        let pad = " ".repeat(indent);
        let inner = indent + 4;
        let lines = match short_items(kind, items) {
            // rustfmt keeps one column free, except in imports.
            Some(items) => fill(&items, inner, LINE - 1),
            None => {
                let item = |item: &Expr| {
                    format!("{}{},\n", " ".repeat(inner), item.layout(inner, inner, 1))
                };
                items.iter().map(item).collect()
            }
        };
        format!("{head}{open}\n{lines}{pad}{close}")
    }
}

/// The items of an array, if all are short enough to share lines.
fn short_items(kind: Brackets, items: &[Expr]) -> Option<Vec<String>> {
    if kind != Brackets::Square {
        return None;
    }
    let texts = items.iter().map(Expr::flat).collect::<Option<Vec<_>>>()?;
    texts
        .iter()
        // rustfmt counts these in bytes.
        .all(|text| text.len() <= SHORT)
        .then_some(texts)
}

fn fill(items: &[String], indent: usize, end: usize) -> String {
    let mut lines = String::new();
    let mut line = " ".repeat(indent);
    let start = line.len();
    for item in items {
        let space = usize::from(line.len() > start);
        if width(&line) + space + width(item) + 1 > end {
            lines.push_str(&line);
            lines.push('\n');
            line.truncate(start);
        } else if space == 1 {
            line.push(' ');
        }
        line.push_str(item);
        line.push(',');
    }
    lines.push_str(&line);
    lines.push('\n');
    lines
}

/// The width in columns: some characters take two, some none.
pub(super) fn width(text: &str) -> usize {
    // Nearly all text is ASCII, where each byte is a column, and this is many times as fast to see.
    if text.is_ascii() {
        text.len()
    } else {
        text.width()
    }
}

/// Generated source, built line by line.
#[derive(Debug, Default)]
pub(crate) struct Source {
    text: String,
    indent: usize,
}

impl Source {
    /// A line; an empty one has no indent.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) {
        let line = line.as_ref();
        if !line.is_empty() {
            self.text.push_str(&" ".repeat(self.indent));
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// `use howdah::{…};`, on several lines if it does not fit on one.
    pub(crate) fn imports(&mut self, names: &[&str]) {
        if let [name] = names {
            return self.line(format!("use howdah::{name};"));
        }
        // rustfmt keeps two columns free.
        let flat = format!("use howdah::{{{}}};", names.join(", "));
        if self.indent + width(&flat) <= LINE - 2 {
            return self.line(flat);
        }
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        self.line("use howdah::{");
        self.text.push_str(&fill(&names, self.indent + 4, LINE));
        self.line("};");
    }

    /// `#[derive(…)]`. If it does not fit, the names are on a separate line, or on one line each.
    pub(crate) fn derive(&mut self, names: &[&str]) {
        // rustfmt keeps four columns free.
        let flat = format!("#[derive({})]", names.join(", "));
        if self.indent + width(&flat) <= LINE - 4 {
            return self.line(flat);
        }
        self.line("#[derive(");
        let joined = names.join(", ");
        if self.indent + 4 + width(&joined) <= LINE {
            self.line(format!("    {joined},"));
        } else {
            for name in names {
                self.line(format!("    {name},"));
            }
        }
        self.line(")]");
    }

    /// A blank line, except at the start and after the opening of a block.
    pub(crate) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("{\n") && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// `head {`, the lines that `body` writes, if any, and `}`.
    pub(crate) fn block(&mut self, head: impl AsRef<str>, body: impl FnOnce(&mut Self)) {
        self.line(format!("{} {{", head.as_ref()));
        let start = self.text.len();
        self.indent += 4;
        body(self);
        self.indent -= 4;
        if self.text.len() == start {
            self.text.pop();
            self.text.push_str("}\n");
        } else {
            self.line("}");
        }
    }

    /// Documentation. Characters that change the direction of text are left out, because rustc rejects them.
    pub(crate) fn docs(&mut self, marker: &str, lines: &str) {
        for line in lines.lines() {
            let line: String = line
                .replace('\t', "    ")
                .chars()
                .filter(|c| !super::text::is_invisible(*c))
                .collect();
            self.line(format!("{marker} {line}").trim_end());
        }
    }

    /// An expression with `end` after it: nothing at the end of a block, or `;` for a statement.
    pub(crate) fn expr(&mut self, expr: &Expr, end: &str) {
        let text = expr.layout(self.indent, self.indent, end.len());
        self.line(format!("{text}{end}"));
    }

    /// `head = expr;`. If the expression does not fit after the `=`, but on a separate line, it gets one.
    pub(crate) fn assign(&mut self, head: &str, expr: &Expr) {
        let before = self.indent + width(head) + 3;
        if let Some(flat) = expr.flat()
            && before + width(&flat) + 1 > LINE
            && self.indent + 4 + width(&flat) < LINE
        {
            self.line(format!("{head} ="));
            self.line(format!("    {flat};"));
            return;
        }
        let text = expr.layout(self.indent, before, 1);
        let first_line = text.lines().next().unwrap_or_default();
        // rustfmt keeps one column free after `{`.
        let room = match expr {
            Expr::List {
                kind: Brackets::Curly,
                ..
            } => LINE - 1,
            _ => LINE,
        };
        if matches!(expr, Expr::List { .. }) && before + width(first_line) > room {
            let inner = self.indent + 4;
            self.line(format!("{head} ="));
            self.line(format!("    {};", expr.layout(inner, inner, 1)));
            return;
        }
        self.line(format!("{head} = {text};"));
    }

    /// `let (names) = value;`, with a variable or a chain of calls as value. If the names do not fit on one line, each
    /// has its own.
    pub(crate) fn assign_tuple(&mut self, names: &[&str], value: &str) {
        let comma = if names.len() == 1 { "," } else { "" };
        let head = format!("let ({}{comma})", names.join(", "));
        let flat = format!("{head} = {value};");
        // rustfmt keeps two columns free after a chain.
        let room = if value.ends_with('?') { LINE - 2 } else { LINE };
        if self.indent + width(&flat) <= room {
            return self.line(flat);
        }
        if self.indent + width(&head) < LINE {
            self.line(format!("{head} ="));
            return self.line(format!("    {value};"));
        }
        self.line("let (");
        for name in names {
            self.line(format!("    {name},"));
        }
        self.line(format!(") = {value};"));
    }

    /// The head of a function, with the parameters on one line, or on one line each.
    pub(crate) fn function(
        &mut self,
        head: &str,
        params: &[String],
        returns: &str,
        body: impl FnOnce(&mut Self),
    ) {
        let flat = format!("{head}({}) -> {returns}", params.join(", "));
        if self.indent + width(&flat) + 2 <= LINE || params.is_empty() {
            return self.block(flat, body);
        }
        self.line(format!("{head}("));
        for param in params {
            self.line(format!("    {param},"));
        }
        self.block(format!(") -> {returns}"), body);
    }

    /// The text.
    pub(crate) fn finish(self) -> String {
        self.text
    }
}
