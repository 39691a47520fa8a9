//! Reads the structs that `howdah derive` printed, and writes for each what the test has to know of it: how its rows are
//! handed to the builders field by field, and a list of all of them.

use std::path::PathBuf;
use std::{env, fs};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Field, GenericArgument, Item, ItemStruct, PathArguments, Type};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let source = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("src/structs.rs");
    println!("cargo:rerun-if-changed={}", source.display());
    println!("cargo:rerun-if-changed=build.rs");
    let file = syn::parse_file(&fs::read_to_string(source)?)?;
    let structs = file.items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(item),
        _ => None,
    });
    let structs: Vec<Struct> = structs.map(Struct::read).collect();
    let impls = structs.iter().map(Struct::impls);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("impls.rs"), quote!(#(#impls)*).to_string())?;
    let checks = structs.iter().map(|item| {
        let (name, kind) = (&item.name, item.kind());
        let text = name.to_string();
        quote!((#text, Box::pin(check::#kind::<howdah_table_tests::structs::#name>(pool)).await))
    });
    let every = quote! {
        /// Checks every table, and returns what was found of each.
        pub(crate) async fn every(pool: &howdah::Pool) -> Vec<(&'static str, Result<Counts, String>)> {
            vec![#(#checks),*]
        }
    };
    fs::write(out.join("every.rs"), every.to_string())?;
    Ok(())
}

/// A struct of `howdah derive`.
struct Struct {
    name: Ident,
    is_written: bool,
    columns: Vec<Column>,
}

struct Column {
    member: Ident,
    name: String,
    ty: Type,
    is_key: bool,
    is_generated: bool,
}

impl Struct {
    fn read(item: &ItemStruct) -> Self {
        let derives = quote!(#item).to_string();
        Struct {
            name: item.ident.clone(),
            is_written: derives.contains("PgInsert"),
            columns: item.fields.iter().map(Column::read).collect(),
        }
    }

    fn keys(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.is_key)
    }

    fn kind(&self) -> Ident {
        let kind = match (self.is_written, self.keys().next()) {
            (false, _) => "rows",
            (true, None) => "written",
            (true, Some(_)) => "keyed",
        };
        format_ident!("{kind}")
    }

    fn impls(&self) -> TokenStream {
        let rows = self.rows();
        let written = self.is_written.then(|| self.written());
        let keyed = (self.is_written && self.keys().next().is_some()).then(|| self.keyed());
        quote!(#rows #written #keyed)
    }

    fn rows(&self) -> TokenStream {
        let name = &self.name;
        let filters = self.columns.iter().map(|column| column.filters(name));
        let orders = self.keys().map(|key| {
            let constant = key.constant();
            quote!(.order_by(#name::#constant.asc()))
        });
        quote! {
            impl crate::Rows for crate::structs::#name {
                fn filters(&self) -> Vec<crate::Test<'_, Self>> {
                    use crate::structs::#name;
                    let mut filters = Vec::new();
                    #(#filters)*
                    filters
                }

                fn sorted<'a>() -> howdah::Select<'a, Self> {
                    use crate::structs::#name;
                    #name::select() #(#orders)*
                }
            }
        }
    }

    fn written(&self) -> TokenStream {
        let name = &self.name;
        let written = self.columns.iter().filter(|column| !column.is_generated);
        let sets = written.map(|column| {
            let (setter, value) = (column.setter(&INSERT), column.value(&quote!(self)));
            quote!(.#setter(#value))
        });
        quote! {
            impl crate::Written for crate::structs::#name {
                fn by_column(&self) -> howdah::Insert<'_, Self> {
                    crate::structs::#name::insert() #(#sets)* .finish()
                }
                fn whole(&self) -> howdah::Insert<'_, Self> {
                    self.insert_row()
                }
                fn many(rows: &[Self]) -> howdah::InsertMany<'_, Self> {
                    crate::structs::#name::insert_many(rows)
                }
                fn remove_where<'a>(filter: howdah::Filter<'a, Self>) -> howdah::Delete<'a, Self, howdah::ByCondition> {
                    crate::structs::#name::delete_where(filter)
                }
            }
        }
    }

    fn keyed(&self) -> TokenStream {
        let name = &self.name;
        let plain = self.columns.iter().filter(|c| !c.is_generated && !c.is_key);
        let plain: Vec<&Column> = plain.collect();
        let sets = plain.iter().map(|column| {
            let (setter, value) = (column.setter(&UPDATE), column.value(&quote!(self)));
            quote!(.#setter(#value))
        });
        let others = self.columns.iter().filter(|c| c.is_generated || c.is_key);
        let others = others.map(|column| {
            let member = &column.member;
            quote!(#member: other.#member.clone())
        });
        let changes = !plain.is_empty();
        // Nothing of the row itself is left where all is the key's.
        let rest = changes.then(|| quote!(, ..self.clone()));
        let of_self: Vec<_> = self.keys().map(|key| key.value(&quote!(self))).collect();
        let of_key: Vec<_> = self.keys().map(|key| key.value(&quote!(key))).collect();
        let of_row: Vec<_> = self.keys().map(|key| key.value(&quote!(row))).collect();
        let tuple = match &of_row[..] {
            [one] => quote!(#one),
            many => quote!((#(#many),*)),
        };
        let conflict = match self.keys().any(|key| key.is_generated) {
            true => quote!(None),
            false => quote! {
                const {
                    match <Self as howdah::WriteRow>::TABLE.primary_key {
                        Some(key) => Some(howdah::Key::of(key)),
                        None => None,
                    }
                }
            },
        };
        quote! {
            impl crate::Keyed for crate::structs::#name {
                const CHANGES: bool = #changes;
                const TARGET: Option<howdah::Key<Self>> = #conflict;

                fn with_key_of(&self, other: &Self) -> Self {
                    crate::structs::#name { #(#others),* #rest }
                }
                fn change<'a>(&'a self, key: &'a Self) -> howdah::Update<'a, Self> {
                    crate::structs::#name::update(#(#of_key),*) #(#sets)* .finish()
                }
                fn change_whole(&self) -> howdah::Update<'_, Self> {
                    self.update_row()
                }
                fn change_many(rows: &[Self]) -> howdah::UpdateMany<'_, Self> {
                    crate::structs::#name::update_many(rows)
                }
                fn found(&self) -> howdah::Built<'_, howdah::Opt<Self>> {
                    crate::structs::#name::find(#(#of_self),*)
                }
                fn is_there(&self) -> howdah::Built<'_, howdah::One<howdah::Value<bool>>> {
                    crate::structs::#name::exists(#(#of_self),*)
                }
                fn remove(&self) -> howdah::Delete<'_, Self> {
                    crate::structs::#name::delete(#(#of_self),*)
                }
                async fn find_all(rows: &[Self], pool: &howdah::Pool) -> Result<Vec<Self>, howdah::Error> {
                    let keys: Vec<_> = rows.iter().map(|row| #tuple).collect();
                    crate::structs::#name::find_many(&keys).fetch(pool).await
                }
                async fn remove_many(rows: &[Self], pool: &howdah::Pool) -> Result<u64, howdah::Error> {
                    let keys: Vec<_> = rows.iter().map(|row| #tuple).collect();
                    crate::structs::#name::delete_many(&keys).execute(pool).await
                }
            }
        }
    }
}

/// The methods of the builders that are not those of columns.
const INSERT: [&str; 7] = [
    "execute",
    "finish",
    "on_conflict",
    "returning",
    "returning_as",
    "returning_columns",
    "sql",
];
const UPDATE: [&str; 9] = [
    "defaults",
    "execute",
    "finish",
    "only_where",
    "or_nothing",
    "returning",
    "returning_as",
    "returning_columns",
    "sql",
];

/// Types whose values are borrowed by builders.
const BORROWED: [&str; 22] = [
    "BigDecimal",
    "BitString",
    "Bytes",
    "Cube",
    "Ewkb",
    "Geometry",
    "HalfVector",
    "Hstore",
    "JsonPath",
    "LQuery",
    "LTree",
    "LTxtQuery",
    "Multirange",
    "Numeric",
    "Opaque",
    "Path",
    "PgSnapshot",
    "SparseVector",
    "TsQuery",
    "TsVector",
    "Value",
    "Vector",
];
const BORROWED_SHAPES: [&str; 6] = [
    "GeometryCollection",
    "LineString",
    "MultiLineString",
    "MultiPoint",
    "MultiPolygon",
    "Polygon",
];

impl Column {
    fn read(field: &Field) -> Self {
        let member = field
            .ident
            .clone()
            .unwrap_or_else(|| format_ident!("unnamed"));
        let (mut is_key, mut is_generated) = (false, false);
        let mut name = member.unraw().to_string();
        for attribute in field.attrs.iter().filter(|a| a.path().is_ident("pg")) {
            let read = attribute.parse_nested_meta(|meta| {
                is_key |= meta.path.is_ident("key");
                is_generated |= meta.path.is_ident("generated");
                if meta.path.is_ident("rename") {
                    name = meta.value()?.parse::<syn::LitStr>()?.value();
                }
                Ok(())
            });
            if let Err(error) = read {
                panic!("{member}: {error}");
            }
        }
        Column {
            ty: field.ty.clone(),
            member,
            name,
            is_key,
            is_generated,
        }
    }

    fn setter(&self, reserved: &[&str]) -> Ident {
        let name = self.member.unraw().to_string();
        match reserved.contains(&name.as_str()) {
            true => format_ident!("set_{name}"),
            false => self.member.clone(),
        }
    }

    fn constant(&self) -> Ident {
        format_ident!("{}", self.member.unraw().to_string().to_uppercase())
    }

    /// The field as a builder takes it.
    fn value(&self, row: &TokenStream) -> TokenStream {
        let member = &self.member;
        let borrowed = |ty: &Type| match last(ty).as_str() {
            name if BORROWED.contains(&name) || BORROWED_SHAPES.contains(&name) => {
                Borrow::Reference
            }
            "String" | "Vec" => Borrow::Deref,
            _ => Borrow::Not,
        };
        match argument(&self.ty, "Option") {
            Some(inner) => match borrowed(inner) {
                Borrow::Reference => quote!(#row.#member.as_ref()),
                Borrow::Deref => quote!(#row.#member.as_deref()),
                Borrow::Not => quote!(#row.#member.clone()),
            },
            None => match borrowed(&self.ty) {
                Borrow::Reference => quote!(&#row.#member),
                Borrow::Deref => quote!(&#row.#member[..]),
                Borrow::Not => quote!(#row.#member.clone()),
            },
        }
    }

    /// The conditions that the column holds what it holds in this row, and that it holds less.
    fn filters(&self, name: &Ident) -> TokenStream {
        let (member, constant, column) = (&self.member, self.constant(), &self.name);
        let tests = quote! {
            filters.push((#column, "=", #name::#constant.eq(value)));
            filters.push((#column, "<", #name::#constant.lt(value)));
            filters.push((#column, "=", #name::#constant.is_in(std::slice::from_ref(value))));
        };
        match argument(&self.ty, "Option") {
            Some(_) => quote! {
                match &self.#member {
                    Some(value) => { #tests }
                    None => {
                        filters.push((#column, "is not distinct from", #name::#constant.is_null()));
                        filters.push((#column, "is distinct from", #name::#constant.is_not_null()));
                    }
                }
            },
            None => quote!({ let value = &self.#member; #tests }),
        }
    }
}

enum Borrow {
    Reference,
    Deref,
    Not,
}

/// The last name of a type's path.
fn last(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|s| s.ident.to_string()),
        _ => None,
    }
    .unwrap_or_default()
}

/// The `T` of `name<T>`.
fn argument<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = ty else {
        return None;
    };
    let segment = path.path.segments.last().filter(|s| s.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}
