//! The input of a derive as the expansion sees it: which column each field reads, and how. Building
//! it reports every mistake of the input; it must never produce tokens.

mod argument;
mod types;

use proc_macro2::Ident;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Generics, Lifetime, Member, Path, Type, Visibility};

use crate::attr::{ContainerAttrs, FieldAttrs, check_length_for};
use crate::check;
use crate::errors::Errors;

pub(crate) use argument::{Argument, is_texts, lent, sent_as};
pub(crate) use types::{
    across, at_type, ends, in_option, in_vec, inferred, json_type, mentions, record_type, spanned,
    tidy, with_lifetimes,
};

/// Which derive an input is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Derive {
    Row,
    Insert,
    Update,
    Select,
}

/// The role of a column in its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Plain,
    /// The column identifies the row, alone or with others.
    Key,
    /// The column counts the changes of its row.
    Version,
}

impl Derive {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Derive::Row => "PgRow",
            Derive::Insert => "PgInsert",
            Derive::Update => "PgUpdate",
            Derive::Select => "PgSelect",
        }
    }
}

/// The const that stands for the column of a field: `createdAt` as `CREATEDAT`.
pub(crate) fn constant_name(member: &Ident) -> String {
    member.unraw().to_string().to_uppercase()
}

/// A struct whose fields are columns.
pub(crate) struct Input {
    pub(crate) name: Ident,
    pub(crate) vis: Visibility,
    pub(crate) generics: Generics,
    /// The path that leads to the `howdah` crate.
    pub(crate) howdah: Path,
    /// The table's module in the generated schema, for the contracts.
    pub(crate) table: Option<Path>,
    pub(crate) matching: Matching,
    pub(crate) fields: Vec<Field>,
}

/// How fields find their columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Matching {
    /// By name: structs with named fields.
    Name,
    /// By position, from the first column on: tuple structs, and `transparent` structs.
    Position,
}

/// One field of the struct.
pub(crate) struct Field {
    pub(crate) member: Member,
    pub(crate) ty: Type,
    /// Its name in messages: `Place::note`.
    pub(crate) label: String,
    pub(crate) source: Source,
    pub(crate) role: Role,
    /// The database makes the value.
    pub(crate) generated: bool,
}

/// Where the value of a field comes from.
pub(crate) enum Source {
    Column {
        name: String,
        decoding: Decoding,
        absent: Absent,
    },
    /// The columns of another struct.
    Nested { prefix: String },
    /// No column: always `Default::default()`.
    Skip,
}

/// How the value of the column becomes that of the field.
pub(crate) enum Decoding {
    /// The field's type decodes itself.
    Plain,
    /// A JSON document.
    Json,
    /// A record, a composite or a row, or an array of them.
    Record,
    /// The field's type is made from this one, which decodes itself.
    TryFrom(Box<Type>),
}

impl Decoding {
    /// The attribute that selects this decoding, as the user writes it.
    pub(crate) fn attribute(&self) -> Option<String> {
        match self {
            Decoding::Plain => None,
            Decoding::Json => Some("json".to_owned()),
            Decoding::Record => Some("record".to_owned()),
            Decoding::TryFrom(ty) => Some(format!("try_from = {}", tidy(ty))),
        }
    }
}

/// The value of a field if the result has no such column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    Error,
    /// The default of the field's type.
    FieldDefault,
    /// The same field of the struct's `Default`.
    StructDefault,
}

impl Input {
    /// Builds the model. If there are errors, it is only good for a [`skeleton`](crate::expand::skeleton), and has no
    /// fields if the item has none that could be columns.
    pub(crate) fn build(
        derive: Derive,
        item: &DeriveInput,
        attrs: &ContainerAttrs,
        errors: &Errors,
    ) -> Input {
        let none = Fields::Unit;
        let found = fields_of(derive, item, errors);
        let fields = found.unwrap_or(&none);
        let field_attrs: Vec<FieldAttrs> = fields
            .iter()
            .map(|field| FieldAttrs::read(&field.attrs, errors))
            .collect();
        if found.is_some() {
            check::container(attrs, fields, &field_attrs, errors);
        }
        if found.is_some() && derive != Derive::Row {
            check::table_derive(derive, item, attrs, fields, &field_attrs, errors);
        }
        for settings in &field_attrs {
            check::field(settings, errors);
        }

        let name = item.ident.unraw();
        let built: Vec<Field> = fields
            .members()
            .zip(fields)
            .zip(&field_attrs)
            .map(|((member, field), settings)| Field {
                label: match &member {
                    Member::Named(ident) => format!("{name}::{}", ident.unraw()),
                    Member::Unnamed(index) => format!("{name}::{}", index.index),
                },
                source: source(&member, attrs, settings, errors),
                role: role(settings),
                generated: settings.generated.get().is_some(),
                ty: field.ty.clone(),
                member,
            })
            .collect();
        check::distinct_columns(&built, errors);
        if derive == Derive::Select {
            check::distinct_constants(&built, errors);
        }

        let by_position = attrs.transparent.get().is_some() || matches!(fields, Fields::Unnamed(_));
        Input {
            name: item.ident.clone(),
            vis: item.vis.clone(),
            generics: item.generics.clone(),
            howdah: attrs.howdah(),
            table: attrs.table.get().cloned(),
            matching: if by_position {
                Matching::Position
            } else {
                Matching::Name
            },
            fields: built,
        }
    }
}

impl Input {
    /// The lifetimes of the struct.
    pub(crate) fn lifetimes(&self) -> Vec<&Lifetime> {
        self.generics.lifetimes().map(|l| &l.lifetime).collect()
    }
}

impl Field {
    /// The type that the column is decoded as, which for `json` and `try_from` is not the field's.
    pub(crate) fn decoded_type(&self, howdah: &Path) -> proc_macro2::TokenStream {
        let ty = &self.ty;
        match &self.source {
            // A JSON `null` is `None` as well.
            Source::Column { decoding, .. } => decoding.column_type(ty, ty, howdah),
            _ => quote!(#ty),
        }
    }
}

impl Decoding {
    /// The type that a field of type `ty` is read or sent as, with `document` as JSON. `Option<…>` stays outside: it is the
    /// column's NULL in each case.
    pub(crate) fn column_type(
        &self,
        ty: &Type,
        document: &Type,
        howdah: &Path,
    ) -> proc_macro2::TokenStream {
        match self {
            Self::Plain => quote!(#ty),
            Self::Record => record_type(ty, howdah),
            Self::Json => json_type(ty, document, howdah),
            Self::TryFrom(other) if in_option(ty).is_some() && in_option(other).is_none() => {
                quote!(::core::option::Option<#other>)
            }
            Self::TryFrom(other) => quote!(#other),
        }
    }
}

/// The fields of a struct; anything else is an error that says what to use.
fn fields_of<'a>(derive: Derive, item: &'a DeriveInput, errors: &Errors) -> Option<&'a Fields> {
    let name = derive.name();
    match &item.data {
        Data::Struct(data) if data.fields.is_empty() => {
            let message = format!(
                "`{name}` needs a struct with fields: a row has columns, and this struct has no place for them"
            );
            errors.at(&item.ident, message);
            None
        }
        Data::Struct(data) => Some(&data.fields),
        Data::Enum(data) => {
            let message = format!(
                "`{name}` is for structs, whose fields are the columns of a row; an enum is the value of one \
                 column (for a PostgreSQL enum, `howdah generate` writes the Rust enum)"
            );
            errors.at(data.enum_token, message);
            None
        }
        Data::Union(data) => {
            let message = format!(
                "`{name}` is for structs, whose fields are the columns of a row, not for unions"
            );
            errors.at(data.union_token, message);
            None
        }
    }
}

fn role(settings: &FieldAttrs) -> Role {
    if settings.key.get().is_some() {
        Role::Key
    } else if settings.version.get().is_some() {
        Role::Version
    } else {
        Role::Plain
    }
}

/// Where a field's value comes from, by its settings.
fn source(
    member: &Member,
    container: &ContainerAttrs,
    settings: &FieldAttrs,
    errors: &Errors,
) -> Source {
    if settings.skip.get().is_some() {
        return Source::Skip;
    }
    if let Some(flatten) = settings.flatten.get() {
        let prefix = flatten.prefix.as_ref().map(syn::LitStr::value);
        return Source::Nested {
            prefix: prefix.unwrap_or_default(),
        };
    }
    let name = match (settings.rename.get(), member) {
        (Some(name), _) => name.value(),
        (None, Member::Named(ident)) => {
            let plain = ident.unraw().to_string();
            let name = match container.rename_all.get() {
                Some(case) => case.apply(&plain, &plain),
                None => plain,
            };
            check_length_for(ident, &name, "rename", errors);
            name
        }
        (None, Member::Unnamed(index)) => index.index.to_string(),
    };
    let decoding = match settings.try_from.get() {
        Some(from) => Decoding::TryFrom(Box::new(from.clone())),
        None if settings.json.get().is_some() => Decoding::Json,
        None if settings.record.get().is_some() => Decoding::Record,
        None => Decoding::Plain,
    };
    let absent = if settings.default.get().is_some() {
        Absent::FieldDefault
    } else if container.default.get().is_some() {
        Absent::StructDefault
    } else {
        Absent::Error
    };
    Source::Column {
        name,
        decoding,
        absent,
    }
}
