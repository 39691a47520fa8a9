//! Finds and reads the `.sql` files.

use std::collections::HashSet;
use std::path::{self, Path, PathBuf};
use std::{env, fs, io};

use super::Failure;
use crate::config::Config;
use crate::diagnostics::{Diagnostic, Sources};
use crate::model::Tables;
use crate::portable::with_line_feeds;
use crate::source::{self, SourceFile};
use crate::write::at;

/// A `.sql` file and the path of its module.
#[derive(Debug)]
pub(crate) struct InputFile {
    /// Folders and stem, as on disk.
    pub(crate) module: Vec<String>,
    /// The file, with its name for messages.
    pub(crate) file: SourceFile,
}

/// The files that were read.
#[derive(Debug)]
pub(crate) struct Inputs {
    /// The files, sorted by path.
    pub(crate) files: Vec<InputFile>,
    /// Their texts.
    pub(crate) sources: Sources,
    /// Their errors.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// The advice if no queries are found.
const FIRST_QUERY: &str = "put a query into a file such as `queries/places.sql`, below a line `-- name: find_place`, or say \
                           where they are with `queries` in howdah.toml or on the command line";

/// Reads the `.sql` files of `config`.
///
/// # Errors
///
/// When one cannot be read, or there is none and no tables were chosen for the `schema` module either.
pub(crate) fn read_inputs(config: &Config) -> Result<Inputs, Failure> {
    let mut found = Vec::new();
    for path in config.query_paths() {
        if path.is_dir() {
            sql_files(&path, &[], &[], &mut found).map_err(Failure::io)?;
        } else if path.is_file() {
            found.push((vec![stem(&path)], path));
        } else {
            let message = format!("{}: no such file or folder of `.sql` files", path.display());
            return Err(Failure::options(message).help(FIRST_QUERY.to_owned()));
        }
    }
    if found.is_empty() && config.settings.tables == Tables::default() {
        let paths: Vec<_> = config.query_paths();
        let paths: Vec<_> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let message = format!("there are no `.sql` files in {}", paths.join(", "));
        let help = format!(
            "{FIRST_QUERY}; to have the `schema` module alone, choose its tables, as with `tables = \"all\"`"
        );
        return Err(Failure::options(message).help(help));
    }
    let mut inputs = Inputs {
        files: Vec::new(),
        sources: Sources::default(),
        diagnostics: Vec::new(),
    };
    for (module, path) in once(found) {
        let bytes = fs::read(&path).map_err(|error| Failure::io(at(&path, error)))?;
        let shown = shown(config, &path);
        let (text, fault) = text(bytes);
        inputs.sources.add(&shown, &text);
        if let Some((message, at)) = fault {
            let found = Diagnostic::error(message, &shown, at..at + 1, "here");
            inputs.diagnostics.push(found);
            // It has no queries, but it must be among the files for diagnostics.
            let (empty, _) = source::parse(&shown, String::new());
            let file = SourceFile { text, ..empty };
            inputs.files.push(InputFile { module, file });
            continue;
        }
        let (file, errors) = source::parse(&shown, text);
        inputs.diagnostics.extend(
            errors
                .into_iter()
                .map(|error| Diagnostic::from_source(&shown, error)),
        );
        inputs.files.push(InputFile { module, file });
    }
    Ok(inputs)
}

/// The text of a file, and the reason why it cannot be SQL, with its position.
fn text(bytes: Vec<u8>) -> (String, Option<(&'static str, usize)>) {
    match String::from_utf8(bytes) {
        Ok(text) => {
            let text = with_line_feeds(text);
            let nul = text.find('\0');
            let message = "the file has a NUL character, which no SQL can have";
            (text, nul.map(|at| (message, at)))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            (text, Some(("the file is not UTF-8", at)))
        }
    }
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The path without links, to recognize what is reached in several ways.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Finds the files in `dir`, whose module is `module`. A link that leads back to a folder `around` is passed over.
fn sql_files(
    dir: &Path,
    module: &[String],
    around: &[PathBuf],
    found: &mut Vec<(Vec<String>, PathBuf)>,
) -> io::Result<()> {
    let real = real(dir);
    if around.contains(&real) {
        return Ok(());
    }
    let around = [around, &[real]].concat();
    let at = |error| at(dir, error);
    for entry in fs::read_dir(dir).map_err(at)? {
        let entry = entry.map_err(at)?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            // Hidden files belong to an editor or the system.
            continue;
        }
        if path.is_dir() {
            sql_files(&path, &[module, &[name]].concat(), &around, found)?;
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            found.push(([module, &[stem(&path)]].concat(), path));
        }
    }
    Ok(())
}

/// Each file once, by a path without links if there is one, sorted.
fn once(mut found: Vec<(Vec<String>, PathBuf)>) -> Vec<(Vec<String>, PathBuf)> {
    found.sort_by_cached_key(|(_, path)| {
        let is_real = path::absolute(path).is_ok_and(|absolute| absolute == real(path));
        (!is_real, path.clone())
    });
    let mut seen = HashSet::new();
    found.retain(|(_, path)| seen.insert(real(path)));
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found
}

/// The path relative to the folder of the configuration, or else to the current one, so that it is the same on every
/// machine.
pub(super) fn shown(config: &Config, path: &Path) -> PathBuf {
    let current = env::current_dir().unwrap_or_default();
    let root = current.join(&config.root);
    let absolute = current.join(path);
    let below = [root, current]
        .into_iter()
        .find_map(|base| absolute.strip_prefix(base).ok().map(Path::to_owned));
    below.unwrap_or_else(|| path.to_owned())
}

/// The `.sql` files and their folders.
pub(super) fn watched(config: &Config) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for path in config.query_paths() {
        let mut found = Vec::new();
        // Errors are reported later, when the files are read.
        let _ = sql_files(&path, &[], &[], &mut found);
        paths.push(path);
        for (_, file) in found {
            paths.extend(file.parent().map(Path::to_owned));
            paths.push(file);
        }
    }
    paths.sort();
    paths.dedup();
    paths
}
