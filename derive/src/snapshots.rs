//! The code that the derives generate for each shape. Each file in `derive/snapshots/` holds a struct, a line, and the
//! expansion. `BLESS=1` rewrites the expansions.

use std::{env, fs, path::Path};

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::model::Derive;
use crate::{columns, value};

/// The line between the input and the expansion.
const LINE: &str = "\n// ---- expands to ----\n\n";

#[test]
fn expansions_are_the_plain_impl() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let mut cases: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "no snapshots found");
    let stale: Vec<_> = cases.iter().filter(|case| !check(case)).collect();
    assert!(
        stale.is_empty(),
        "run with BLESS=1 to accept the expansions of {stale:?}"
    );
}

/// Whether the file holds the expansion of its input.
fn check(case: &Path) -> bool {
    let found = fs::read_to_string(case).unwrap();
    let input = found.split(LINE).next().unwrap();
    let item = syn::parse_str(input).unwrap();
    let expansion = syn::parse2(expanded(&item)).unwrap();
    let expected = format!("{input}{LINE}{}", prettyplease::unparse(&expansion));
    if env::var("BLESS").is_ok_and(|bless| bless == "1") {
        fs::write(case, &expected).unwrap();
        return true;
    }
    if found != expected {
        eprintln!("{} should be:\n{expected}", case.display());
    }
    found == expected
}

/// The code that the derives on the item generate.
fn expanded(item: &DeriveInput) -> TokenStream {
    let mut tokens = TokenStream::new();
    for attribute in item.attrs.iter().filter(|a| a.path().is_ident("derive")) {
        attribute
            .parse_nested_meta(|derive| {
                match derive.path.require_ident()?.to_string().as_str() {
                    "PgRow" => tokens.extend(columns::derive(Derive::Row, item)),
                    "PgEnum" => tokens.extend(value::pg_enum(item)),
                    "PgComposite" => tokens.extend(value::pg_composite(item)),
                    "PgDomain" => tokens.extend(value::pg_domain(item)),
                    "PgInsert" => tokens.extend(columns::derive(Derive::Insert, item)),
                    "PgUpdate" => tokens.extend(columns::derive(Derive::Update, item)),
                    "PgSelect" => tokens.extend(columns::derive(Derive::Select, item)),
                    _ => {}
                }
                Ok(())
            })
            .unwrap();
    }
    tokens
}
