//! Shows diagnostics in the style of rustc: message, file, line and column, the source underlined, notes, help.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity};
use crate::portable::with_slashes;

/// The texts of the files that diagnostics point into.
#[derive(Clone, Debug, Default)]
pub struct Sources(BTreeMap<PathBuf, String>);

impl Sources {
    /// Adds a file under the name that diagnostics use.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) {
        self.0.insert(path.into(), text.into());
    }

    /// The text of a file.
    pub fn text(&self, path: &Path) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }
}

/// Whether messages have colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without colour: for files, pipes and tests.
    Plain,
    /// With colour, for a terminal.
    Coloured,
}

/// A diagnostic that is about no file, as text, without a count.
pub(crate) fn render_one(diagnostic: &Diagnostic, style: Style) -> String {
    one(diagnostic, &Sources::default(), &renderer(style)) + "\n"
}

fn renderer(style: Style) -> Renderer {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    renderer.decor_style(DecorStyle::Ascii).term_width(140)
}

/// The diagnostics as text, one after the other, with a count at the end.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let renderer = renderer(style);
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&one(diagnostic, sources, &renderer));
        text.push_str("\n\n");
    }
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|d| d.severity == severity)
            .count()
    };
    if let Some(summary) = summary(count(Severity::Error), count(Severity::Warning)) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{summary}");
    }
    text
}

fn summary(errors: usize, warnings: usize) -> Option<String> {
    let counted = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    match (errors, warnings) {
        (0, 0) => None,
        (errors, 0) => Some(counted(errors, "error")),
        (0, warnings) => Some(counted(warnings, "warning")),
        (errors, warnings) => Some(format!(
            "{}, {}",
            counted(errors, "error"),
            counted(warnings, "warning")
        )),
    }
}

fn one(diagnostic: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let path = diagnostic.path.as_deref();
    let shown_path = path.map(with_slashes);
    let text = path.and_then(|path| sources.text(path));
    let title = level.primary_title(diagnostic.message.as_str());
    let mut group = match (text, &shown_path) {
        (Some(text), Some(path)) => {
            let primary = AnnotationKind::Primary.span(within(text, &diagnostic.span));
            let primary = match diagnostic.label.as_str() {
                "" => primary,
                label => primary.label(label),
            };
            let mut snippet = Snippet::source(text)
                .path(path.as_str())
                .line_start(1)
                .annotation(primary);
            if let Some((span, label)) = &diagnostic.also {
                let span = within(text, span);
                snippet =
                    snippet.annotation(AnnotationKind::Context.span(span).label(label.as_str()));
            }
            title.element(snippet)
        }
        (None, Some(path)) => {
            Group::with_title(title).element(Level::NOTE.message(format!("in {path}")))
        }
        (_, None) => Group::with_title(title),
    };
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// `span`, cut to the length of `text`.
fn within(text: &str, span: &Range<usize>) -> Range<usize> {
    let mut start = span.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = span.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}
