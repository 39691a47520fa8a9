//! The attributes that stand on a struct. It only reads them; see [`crate::check`] for which go together.

use syn::{Attribute, Path};

use super::{Setting, flag, for_each_word, howdah_path, string, syntax};
use crate::case::Case;
use crate::errors::Errors;

/// Every word that may stand on a struct.
const WORDS: [&str; 5] = ["table", "rename_all", "transparent", "default", "crate"];

/// The settings of a struct.
#[derive(Default)]
pub(crate) struct ContainerAttrs {
    /// The table's module in the generated schema.
    pub(crate) table: Setting<Path>,
    pub(crate) rename_all: Setting<Case>,
    pub(crate) transparent: Setting<()>,
    /// Absent columns take their value from the struct's own `Default`.
    pub(crate) default: Setting<()>,
    /// Where the `howdah` crate is found, if not at `::howdah`.
    pub(crate) krate: Setting<Path>,
}

impl ContainerAttrs {
    pub(crate) fn read(attributes: &[Attribute], errors: &Errors) -> ContainerAttrs {
        let mut attrs = ContainerAttrs::default();
        for_each_word(attributes, &WORDS, "a struct", errors, |word, input| {
            match word.to_string().as_str() {
                "table" => {
                    let what = "the path of a table in the generated schema module";
                    let path = syntax(word, input, what, "schema::places")?;
                    attrs.table.set(word, path, errors);
                }
                "rename_all" => {
                    let text = string(word, input)?;
                    let case = Case::from_word(&text.value())
                        .map_err(|message| syn::Error::new(text.span(), message))?;
                    attrs.rename_all.set(word, case, errors);
                }
                "transparent" => {
                    flag(word, input)?;
                    attrs.transparent.set(word, (), errors);
                }
                "default" => {
                    flag(word, input)?;
                    attrs.default.set(word, (), errors);
                }
                "crate" => {
                    let path = syntax(word, input, "a path", "my_facade::howdah")?;
                    attrs.krate.set(word, path, errors);
                }
                _ => return Ok(false),
            }
            Ok(true)
        });
        attrs
    }

    /// The path that leads to the `howdah` crate.
    pub(crate) fn howdah(&self) -> Path {
        howdah_path(self.krate.get())
    }
}
