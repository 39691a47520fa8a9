//! A struct of the app, ready to be pasted.

use super::layout::Source;
use super::row::derive;
use super::text::owned;
use crate::model::{AppStruct, Settings};

/// The source of `item`, with the `use` that it needs; `root` is the path of the generated modules.
pub(crate) fn app_struct(item: &AppStruct, settings: &Settings, root: &str) -> String {
    let mut out = Source::default();
    let uses_types = item.fields.iter().any(|f| f.field.ty.uses_generated());
    let modules = if uses_types {
        "{schema, types}"
    } else {
        "schema"
    };
    out.line(format!("use {root}::{modules};"));
    out.blank();
    out.docs("///", &item.docs.join("\n\n"));
    let reads = ["Clone", "Debug", "howdah::PgRow", "howdah::PgSelect"];
    let writes = ["howdah::PgInsert", "howdah::PgUpdate"];
    let mut always = reads.to_vec();
    if item.is_table {
        always.extend(writes);
    }
    out.line(derive(&always, &settings.derives));
    out.line(format!("#[pg(table = schema::{})]", item.module));
    out.block(format!("pub struct {}", item.name), |out| {
        for field in &item.fields {
            out.docs("///", &field.field.note);
            if !field.attributes.is_empty() {
                out.line(format!("#[pg({})]", field.attributes.join(", ")));
            }
            let ty = owned(&field.field.ty, "types::");
            out.line(format!("pub {}: {ty},", field.field.name));
        }
    });
    out.finish()
}
