//! The schema files that a lock file was made from, so that it can be told when they have changed.

use serde::{Deserialize, Serialize};

/// A schema file or migration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaFile {
    /// Its path.
    pub file: String,
    /// A hash of what is run of it.
    digest: String,
}

impl SchemaFile {
    /// The file of this path, of which this SQL is run.
    pub fn new(file: String, sql: &str) -> Self {
        Self {
            file,
            digest: format!("{:016x}", hash(sql)),
        }
    }

    /// How `now` differs from the files that there were: the first difference.
    pub(crate) fn difference(then: &[Self], now: &[Self]) -> Option<String> {
        let of = |files: &[Self], file: &str| files.iter().position(|f| f.file == file);
        for file in now {
            match of(then, &file.file).map(|at| &then[at]) {
                None => return Some(format!("{} is new", file.file)),
                Some(old) if old != file => return Some(format!("{} has changed", file.file)),
                Some(_) => {}
            }
        }
        let gone = then.iter().find(|file| of(now, &file.file).is_none());
        match gone {
            Some(gone) => Some(format!("{} is gone", gone.file)),
            None if then != now => Some("they are in another order".to_owned()),
            None => None,
        }
    }
}

/// FNV-1a, the same on every machine and in every version.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> Vec<SchemaFile> {
        let files = files.iter();
        files
            .map(|(file, sql)| SchemaFile::new((*file).to_owned(), sql))
            .collect()
    }

    #[test]
    fn the_first_difference_is_told() {
        let then = files(&[("1.sql", "a"), ("2.sql", "b")]);
        for (now, expected) in [
            (vec![("1.sql", "a"), ("2.sql", "b")], None),
            (
                vec![("1.sql", "a"), ("2.sql", "c")],
                Some("2.sql has changed"),
            ),
            (
                vec![("1.sql", "a"), ("2.sql", "b"), ("3.sql", "")],
                Some("3.sql is new"),
            ),
            (vec![("2.sql", "b")], Some("1.sql is gone")),
            (
                vec![("2.sql", "b"), ("1.sql", "a")],
                Some("they are in another order"),
            ),
        ] {
            let difference = SchemaFile::difference(&then, &files(&now));
            assert_eq!(difference.as_deref(), expected);
        }
    }

    #[test]
    fn the_hash_is_that_of_its_authors() {
        // Of the test vectors of FNV-1a for 64 bits.
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }
}
