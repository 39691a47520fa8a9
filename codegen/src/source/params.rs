//! Numbers a query's parameters, and applies the `-- param:` lines to them.
//!
//! A name that is used twice is one parameter, numbered by its first use. Names are case-sensitive.

use std::ops::Range;

use super::{
    error::SourceError,
    names::did_you_mean,
    placeholders::{Label, Placeholder},
    query::{Override, Param},
};

/// A query's parameters, and the text that replaces each placeholder in the SQL that is sent.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    pub params: Vec<Param>,
    pub replacements: Vec<(Range<usize>, String)>,
}

/// The parameters in the order of their numbers, or all their errors.
pub(super) fn number(placeholders: &[Placeholder<'_>]) -> Result<Numbered, Vec<SourceError>> {
    if let Some(error) = mixed(placeholders) {
        return Err(vec![error]);
    }
    let mut numbered = Numbered::default();
    let mut errors = Vec::new();
    for placeholder in placeholders {
        match placeholder.label {
            Label::Name(name) => numbered.add_name(name, placeholder, &mut errors),
            Label::Number(digits) => match parse_number(digits) {
                Some(number) => numbered.add_use(None, number, &placeholder.span),
                None => errors.push(
                    SourceError::new(
                        format!("there is no parameter `${digits}`"),
                        placeholder.span.clone(),
                        "",
                    )
                    .help("parameters are numbered from `$1` to `$65535`"),
                ),
            },
        }
    }
    numbered.params.sort_by_key(|param| param.number);
    errors.extend(gaps(&numbered.params));
    if errors.is_empty() {
        Ok(numbered)
    } else {
        Err(errors)
    }
}

impl Numbered {
    fn add_name(
        &mut self,
        name: &str,
        placeholder: &Placeholder<'_>,
        errors: &mut Vec<SourceError>,
    ) {
        let known = self
            .params
            .iter()
            .find(|param| param.name.as_deref() == Some(name));
        let number = match known {
            Some(param) => param.number,
            None => match u16::try_from(self.params.len() + 1) {
                Ok(number) => number,
                Err(_) => {
                    errors.push(
                        SourceError::new(
                            "a query has at most 65535 parameters",
                            placeholder.span.clone(),
                            "one too many",
                        )
                        .help("pass the values as an array: `= any(:values)`"),
                    );
                    return;
                }
            },
        };
        self.add_use(Some(name), number, &placeholder.span);
        let space = if placeholder.touches_word { " " } else { "" };
        self.replacements
            .push((placeholder.span.clone(), format!("{space}${number}")));
    }

    fn add_use(&mut self, name: Option<&str>, number: u16, span: &Range<usize>) {
        match self.params.iter_mut().find(|param| param.number == number) {
            Some(param) => param.spans.push(span.clone()),
            None => self.params.push(Param {
                name: name.map(str::to_owned),
                number,
                spans: vec![span.clone()],
                rust_type: None,
                nullable: None,
                directive: None,
            }),
        }
    }
}

fn parse_number(digits: &str) -> Option<u16> {
    digits.parse().ok().filter(|number| *number > 0)
}

/// The error of a query with `:name` and `$1`.
fn mixed(placeholders: &[Placeholder<'_>]) -> Option<SourceError> {
    let first = |is_name: bool| {
        placeholders
            .iter()
            .find(|placeholder| matches!(placeholder.label, Label::Name(_)) == is_name)
    };
    let (name, number) = (first(true)?, first(false)?);
    Some(
        SourceError::new(
            "the query mixes `:name` and `$1` parameters",
            name.span.clone(),
            "a parameter by name",
        )
        .also(number.span.clone(), "a parameter by number")
        .help("name all parameters or number all of them"),
    )
}

/// An error for each number that is left out below the highest one: the server could not know its type.
fn gaps(params: &[Param]) -> Vec<SourceError> {
    let mut errors = Vec::new();
    let mut expected = 1;
    for param in params {
        if param.number > expected {
            errors.push(
                SourceError::new(
                    format!("the query uses `${}` but not `${expected}`", param.number),
                    param.spans[0].clone(),
                    format!("should be `${expected}`"),
                )
                .help("number the parameters without gaps, or name them: `:name`"),
            );
        }
        expected = param.number.saturating_add(1);
    }
    errors
}

/// Applies the `-- param:` lines to the parameters. The errors are lines about no parameter.
pub(super) fn apply(directives: Vec<Override>, params: &mut [Param]) -> Vec<SourceError> {
    let mut errors = Vec::new();
    for directive in directives {
        let is_meant = |param: &&mut Param| label(param) == directive.name.value;
        match params.iter_mut().find(is_meant) {
            Some(param) => {
                param.rust_type = directive.rust_type;
                param.nullable = directive.nullable;
                param.directive = Some(directive.span);
            }
            None => errors.push(unknown(&directive, params)),
        }
    }
    errors
}

/// The parameter's name in a `-- param:` line: its name, or `$1`.
fn label(param: &Param) -> String {
    param
        .name
        .clone()
        .unwrap_or_else(|| format!("${}", param.number))
}

fn unknown(directive: &Override, params: &[Param]) -> SourceError {
    let name = &directive.name.value;
    let labels: Vec<String> = params.iter().map(label).collect();
    let help = match did_you_mean(name, labels.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if labels.is_empty() => String::from("it has no parameters; remove the line"),
        None => format!("its parameters are `{}`", labels.join("`, `")),
    };
    SourceError::new(
        format!("the query has no parameter `{name}`"),
        directive.name.span.clone(),
        "",
    )
    .help(help)
}
