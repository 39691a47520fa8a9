//! Structs of the app, ready to be pasted.

use super::layout::Source;
use super::row::derive;
use super::text::owned;
use crate::model::{AppStruct, Settings};

/// The source of `items`, with the `use` that they need; `root` is the path of the generated modules.
pub(crate) fn app_structs(items: &[AppStruct], settings: &Settings, root: &str) -> String {
    let mut out = Source::default();
    let mut fields = items.iter().flat_map(|item| &item.fields);
    let modules = match fields.any(|field| field.field.ty.uses_generated()) {
        true => "{schema, types}",
        false => "schema",
    };
    out.line(format!("use {root}::{modules};"));
    for item in items {
        out.blank();
        app_struct(&mut out, item, settings);
    }
    out.finish()
}

fn app_struct(out: &mut Source, item: &AppStruct, settings: &Settings) {
    out.docs("///", &item.docs.join("\n\n"));
    let mut always = vec!["Clone", "Debug", "howdah::PgRow", "howdah::PgSelect"];
    if item.is_inserted {
        always.push("howdah::PgInsert");
    }
    if item.is_updated {
        always.push("howdah::PgUpdate");
    }
    derive(out, &always, &settings.derives);
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
}
