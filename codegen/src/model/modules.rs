//! The modules of `.sql` files. Each is named like its file, within modules named like its folders, so that another file
//! never changes the name. A file and a folder of one name are one module.

use std::collections::BTreeMap;
use std::path::Path;

use super::{CheckedFile, names};
use crate::diagnostics::Diagnostic;
use crate::portable::with_slashes;

/// The names of howdah's own modules; one called `howdah` would hide the crate, and `mod.rs` is the file of the module
/// around it.
const OWN: [&str; 4] = ["howdah", "mod", "schema", "types"];

/// The files of the modules that are taken.
#[derive(Debug, Default)]
pub(super) struct ModuleNames<'f> {
    taken: BTreeMap<Vec<String>, &'f Path>,
}

impl<'f> ModuleNames<'f> {
    /// The path of the module of `file`. It is an error if it cannot have it.
    pub(super) fn claim(
        &mut self,
        file: &CheckedFile<'f>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<String> {
        let path: Vec<String> = file
            .module
            .iter()
            .map(|name| names::module(name, "queries"))
            .collect();
        if let Some(own) = path.iter().find(|name| OWN.contains(&name.as_str())) {
            let message = format!("no module can be called `{own}`, which is howdah's own");
            diagnostics.push(refusal(file, message));
        } else if let Some(other) = self.taken.insert(path.clone(), &file.file.path) {
            let (module, other) = (path.join("::"), with_slashes(other));
            let message =
                format!("the module of this file would be `{module}`, as that of {other}");
            diagnostics.push(refusal(file, message));
        }
        path
    }
}

fn refusal(file: &CheckedFile<'_>, message: String) -> Diagnostic {
    let text = &file.file.text;
    let first_line = 0..text.find('\n').unwrap_or(text.len());
    let error = Diagnostic::error(message, &file.file.path, first_line, "in this file");
    error.help("rename the file, or its folder")
}
