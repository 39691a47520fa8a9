//! Which attributes go together. Each rule is a line of a table or one small function; each message
//! names both sides and the way out. Reading attributes is not its business.

use std::collections::HashMap;

use proc_macro2::Ident;
use syn::{DeriveInput, Fields, Member};

use crate::attr::{ContainerAttrs, FieldAttrs};
use crate::errors::Errors;
use crate::model::{Derive, Field, Source, constant_name};

/// Reports settings of one field that exclude each other.
pub(crate) fn field(attrs: &FieldAttrs, errors: &Errors) {
    let rename = attrs.rename.word();
    let flatten = attrs.flatten.word();
    let default = attrs.default.word();
    let skip = attrs.skip.word();
    let json = attrs.json.word();
    let try_from = attrs.try_from.word();
    let record = attrs.record.word();
    let key = attrs.key.word();
    let version = attrs.version.word();
    let generated = attrs.generated.word();

    let skipped = "a skipped field reads no column, and is always `Default::default()`";
    let once = "the column is decoded in one way";
    let flattened = "a flattened field has no column of its own";
    let prefixed = "a flattened field has no column of its own; to rename those of the nested struct, \
                    use `flatten(prefix = \"…\")`";
    let nested_default = "a flattened field has no column of its own; put `default` on the fields of \
                          the nested struct";
    let rules: [(Option<&Ident>, Option<&Ident>, &str); 22] = [
        (skip, rename, skipped),
        (skip, flatten, skipped),
        (skip, default, skipped),
        (skip, json, skipped),
        (skip, try_from, skipped),
        (skip, record, skipped),
        (skip, key, skipped),
        (skip, version, skipped),
        (skip, generated, skipped),
        (flatten, rename, prefixed),
        (flatten, default, nested_default),
        (flatten, json, flattened),
        (flatten, try_from, flattened),
        (flatten, record, flattened),
        (json, record, once),
        (record, try_from, once),
        (flatten, key, flattened),
        (flatten, version, flattened),
        (flatten, generated, flattened),
        (
            key,
            version,
            "a key tells which row it is, and a version counts the row's changes",
        ),
        (
            version,
            generated,
            "each update writes the version; leave `generated` out",
        ),
        (
            json,
            try_from,
            "the column is decoded in one way; to convert a JSON document, put \
             `#[serde(try_from = \"…\")]` on the field's type",
        ),
    ];
    for (one, other, reason) in rules {
        if let (Some(one), Some(other)) = (one, other) {
            errors.at(
                other,
                format!("`{one}` and `{other}` exclude each other: {reason}"),
            );
        }
    }
}

/// Reports settings that do not fit the shape of the struct.
pub(crate) fn container(
    attrs: &ContainerAttrs,
    fields: &Fields,
    field_attrs: &[FieldAttrs],
    errors: &Errors,
) {
    if let Some(transparent) = attrs.transparent.word() {
        let read = field_attrs
            .iter()
            .filter(|f| f.skip.get().is_none())
            .count();
        if read != 1 {
            errors.at(
                transparent,
                format!(
                    "`transparent` needs a struct with exactly one field that is not skipped, and this has {read}"
                ),
            );
        }
        let reason =
            "a `transparent` struct is the only column of its row, whatever that is called";
        by_position("`transparent`", reason, attrs, field_attrs, errors);
    } else if matches!(fields, Fields::Unnamed(_)) {
        let reason =
            "the fields of a tuple struct are read by position; to read by name, name the fields";
        by_position("a tuple struct", reason, attrs, field_attrs, errors);
    }
}

/// Reports settings that have a meaning only for fields that are matched by name.
fn by_position(
    shape: &str,
    reason: &str,
    attrs: &ContainerAttrs,
    field_attrs: &[FieldAttrs],
    errors: &Errors,
) {
    let on_struct = [
        attrs.table.word(),
        attrs.rename_all.word(),
        attrs.default.word(),
    ];
    let on_fields = field_attrs.iter().flat_map(|field| {
        [
            field.rename.word(),
            field.flatten.word(),
            field.default.word(),
        ]
    });
    for word in on_struct.into_iter().chain(on_fields).flatten() {
        errors.at(
            word,
            format!("{shape} and `{word}` exclude each other: {reason}"),
        );
    }
}

/// Reports what makes a struct unusable for a derive that writes statements about a table.
pub(crate) fn table_derive(
    derive: Derive,
    item: &DeriveInput,
    attrs: &ContainerAttrs,
    fields: &Fields,
    field_attrs: &[FieldAttrs],
    errors: &Errors,
) {
    let writes = derive != Derive::Select;
    if !writes && !item.generics.params.is_empty() {
        errors.at(
            &item.generics,
            "`PgSelect` needs a struct without lifetimes and type parameters: its rows are kept in lists",
        );
    }
    let versions = field_attrs.iter().filter_map(|field| field.version.word());
    for second in versions.skip(1) {
        errors.at(
            second,
            "a row has one `version`: leave it at one of the fields",
        );
    }
    let keys = field_attrs.iter().filter(|field| field.key.get().is_some());
    if derive == Derive::Update && keys.count() == 0 {
        for version in field_attrs.iter().filter_map(|field| field.version.word()) {
            let message =
                "a `version` needs a `key`: it is compared with that of the row with the key";
            errors.at(version, message);
        }
    }
    let name = &item.ident;
    let derive = derive.name();
    if attrs.table.get().is_none() && attrs.transparent.get().is_none() {
        errors.at(
            name,
            format!("`{derive}` needs to know the table: add `#[pg(table = schema::…)]`"),
        );
    }
    if let Some(transparent) = attrs.transparent.word() {
        let message = format!(
            "`{derive}` and `transparent` exclude each other: the fields of a table's row are its columns"
        );
        errors.at(transparent, message);
    } else if matches!(fields, Fields::Unnamed(_)) {
        let message =
            format!("`{derive}` needs named fields: each is written into the column of its name");
        errors.at(name, message);
    }
    let sent = field_attrs
        .iter()
        .filter(|field| writes && (field.generated.get().is_none() || field.key.get().is_some()));
    for record in sent.filter_map(|field| field.record.word()) {
        let message = "a field with `record` is read, and never sent: derive `PgComposite` on its type, \
                       or mark the field `generated`";
        errors.at(record, message);
    }
    let flattened = field_attrs.iter().filter_map(|field| field.flatten.word());
    for flatten in flattened.filter(|_| writes) {
        let message = format!(
            "`{derive}` and `flatten` exclude each other: put the fields into this struct, or `skip` the field"
        );
        errors.at(flatten, message);
    }
}

/// Reports fields whose columns would become consts of the same name.
pub(crate) fn distinct_constants(fields: &[Field], errors: &Errors) {
    let mut named: HashMap<String, &Ident> = HashMap::new();
    let columns = fields
        .iter()
        .filter(|field| matches!(field.source, Source::Column { .. }));
    for field in columns {
        let Member::Named(member) = &field.member else {
            continue;
        };
        let name = constant_name(member);
        if let Some(first) = named.insert(name.clone(), member) {
            let message = format!(
                "the columns of `{first}` and `{member}` would both become the const `{name}`: give one of these fields \
                 another name, and `rename` it to its column"
            );
            errors.at(member, message);
        }
    }
}

/// Reports fields that would read the same column.
pub(crate) fn distinct_columns(fields: &[Field], errors: &Errors) {
    let mut readers: HashMap<&str, &Field> = HashMap::new();
    for field in fields {
        let Source::Column { name, .. } = &field.source else {
            continue;
        };
        if let Some(first) = readers.insert(name, field) {
            errors.at(
                &field.member,
                format!(
                    "`{}` and `{}` both read column `{name}`: `rename` one of them, or `skip` it",
                    first.label, field.label
                ),
            );
        }
    }
}
