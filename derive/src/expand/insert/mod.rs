//! The builder of an insert: a method for each field, and the states of those columns that may be required. The schema
//! knows which columns are required, and the compiler compares; see `build/state.rs` of the crate `howdah`.

mod complete;
mod finishers;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Lifetime;
use syn::ext::IdentExt;

use super::write::Written;
use crate::model::{Argument, Input, mentions, with_lifetimes};
use complete::may_be_required;

/// The number of columns whose states share one type parameter.
const GROUP: usize = 8;

/// The builder's own methods. A field's method cannot have one of these names.
const RESERVED: [&str; 7] = [
    "execute",
    "finish",
    "on_conflict",
    "returning",
    "returning_as",
    "returning_columns",
    "sql",
];

/// The name of the method that sets a field: the field's name, with `set_` before it if it is reserved.
pub(super) fn setter_name(member: &Ident, reserved: &[&str]) -> Ident {
    let name = member.unraw().to_string();
    if reserved.contains(&name.as_str()) {
        format_ident!("set_{name}", span = member.span())
    } else {
        member.clone()
    }
}

/// The lifetime of what is borrowed by a statement, which the struct's own may be called as well.
pub(super) fn statement_lifetime(input: &Input) -> Lifetime {
    let mut lifetimes = input.generics.lifetimes();
    let is_taken = lifetimes.any(|own| own.lifetime.ident == "statement");
    let name = if is_taken {
        "'__statement"
    } else {
        "'statement"
    };
    Lifetime::new(name, Span::call_site())
}

/// The name of a builder's type, which those of fields may be called as well.
pub(super) fn builder_name(input: &Input, statement: &str) -> Ident {
    let name = format_ident!("{}{statement}", input.name);
    let fields = || input.fields.iter().map(|field| field.ty.to_token_stream());
    match fields().any(|ty| mentions(ty, &[&name])) {
        true => format_ident!("__{name}"),
        false => name,
    }
}

/// The struct's type, with this lifetime in place of each of its own.
pub(super) fn row_of(input: &Input, lifetime: &Lifetime) -> TokenStream {
    let Input { name, generics, .. } = input;
    let (_, arguments, _) = generics.split_for_impl();
    with_lifetimes(quote!(#name #arguments), &input.lifetimes(), lifetime)
}

/// `insert_row`, and for structs without type parameters `insert` with its builder.
pub(super) fn builder(input: &Input, written: &[Written]) -> TokenStream {
    let Input {
        name,
        howdah,
        vis,
        generics,
        ..
    } = input;
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    let statement = format!("{name}::insert");
    let type_parameters = !super::generics::parameters(generics).is_empty();
    let bounds = written.iter().filter_map(|written| written.bound(input));
    let bounds: Vec<TokenStream> = bounds.collect();
    let bounded =
        (!bounds.is_empty()).then(|| quote!(where Self: #howdah::WriteRow + ::core::marker::Sync));
    let row_methods = quote! {
        #[automatically_derived]
        impl #impl_generics #name #arguments #where_clause {
            /// An insert of this struct: of all its fields except those that are `generated`.
            #vis fn insert_row(&self) -> #howdah::Insert<'_, Self> #bounded {
                #howdah::Insert::of_row(#statement, self)
            }

            /// An insert of many rows at once.
            #vis fn insert_many(rows: &[Self]) -> #howdah::InsertMany<'_, Self> #bounded {
                #howdah::InsertMany::new(rows)
            }

            /// An insert of many rows at once. If a row with the same key exists, it gets all other values. Each key
            /// may occur only once among the rows.
            #vis fn upsert_many(
                rows: &[Self],
                key: #howdah::Key<Self>,
            ) -> #howdah::InsertMany<'_, Self> #bounded {
                #howdah::InsertMany::new(rows).on_conflict(key).do_update()
            }
        }
    };
    if type_parameters {
        return row_methods;
    }
    let builder = Builder::new(input, written);
    let by_column = builder.expand();
    quote! {
        #row_methods
        const _: () = { #by_column };
    }
}

struct Builder<'i> {
    input: &'i Input,
    written: &'i [Written<'i>],
    /// The name of the builder's type.
    ty: Ident,
    lifetime: Lifetime,
    /// The type parameters that hold states, each for a group of columns.
    groups: Vec<Ident>,
}

impl<'i> Builder<'i> {
    fn new(input: &'i Input, written: &'i [Written<'i>]) -> Self {
        let required = written.iter().filter(|w| may_be_required(w)).count();
        // At least one, so that bounds which name it are checked where a method is used.
        let groups = required.div_ceil(GROUP).max(1);
        Builder {
            input,
            written,
            ty: builder_name(input, "Insert"),
            lifetime: statement_lifetime(input),
            groups: (0..groups).map(|i| format_ident!("__G{i}")).collect(),
        }
    }

    fn expand(&self) -> TokenStream {
        let Builder {
            ty,
            lifetime,
            groups,
            ..
        } = self;
        let Input {
            name,
            howdah,
            vis,
            table,
            generics,
            ..
        } = self.input;
        let row = row_of(self.input, &self.lifetime);
        let (impl_generics, arguments, where_clause) = generics.split_for_impl();
        let unset = groups
            .iter()
            .map(|_| quote!(#howdah::__private::state::AllUnset));
        let statement = format!("{name}::insert");
        let setters = self.setters();
        let finishers = self.finishers();
        let complete = self.complete();
        quote! {
            #[must_use = "an insert does nothing until it is fetched or executed"]
            #vis struct #ty<#lifetime, #(#groups),*> {
                insert: #howdah::Insert<#lifetime, #row>,
                state: ::core::marker::PhantomData<(#(#groups,)*)>,
            }

            #[automatically_derived]
            impl #impl_generics #name #arguments #where_clause {
                /// An insert of a row, column by column. It compiles once every `not null` column without a default has
                /// a value.
                #vis fn insert<#lifetime>() -> #ty<#lifetime, #(#unset),*> {
                    #ty {
                        insert: #howdah::Insert::new(#statement, &#table::TABLE),
                        state: ::core::marker::PhantomData,
                    }
                }
            }

            #[automatically_derived]
            impl<#lifetime, #(#groups),*> #ty<#lifetime, #(#groups),*> {
                #setters
                #finishers
            }

            #complete
        }
    }

    fn setters(&self) -> TokenStream {
        let mut place = 0;
        self.written
            .iter()
            .map(|written| {
                if may_be_required(written) {
                    place += 1;
                    self.setter(written, Some(place - 1))
                } else {
                    self.setter(written, None)
                }
            })
            .collect()
    }

    /// The method that sets a column; `place` is the place of the column's state among those of all required columns.
    fn setter(&self, written: &Written, place: Option<usize>) -> TokenStream {
        let Input { howdah, vis, .. } = self.input;
        let Builder {
            ty,
            lifetime,
            groups,
            ..
        } = self;
        let lifetimes = self.input.lifetimes();
        let field = written.field;
        let argument = Argument::of(&field.ty, written.decoding, howdah, &lifetimes, lifetime);
        let Argument {
            ty: value, param, ..
        } = argument;
        let column = written.name;
        let Some(member) = written.member() else {
            return TokenStream::new();
        };
        let method = setter_name(member, &RESERVED);
        let docs = format!("Sets `{column}`.");
        let Some(place) = place else {
            return quote! {
                #[doc = #docs]
                #[inline]
                #vis fn #method(mut self, value: #value) -> Self {
                    self.insert = self.insert.set(#column, #param);
                    self
                }
            };
        };
        let (group, place) = (place / GROUP, place % GROUP);
        let put = &groups[group];
        let after = groups.iter().enumerate().map(|(i, name)| {
            if i == group {
                quote!(<#name as #howdah::__private::state::Put<#place>>::Output)
            } else {
                quote!(#name)
            }
        });
        quote! {
            #[doc = #docs]
            #[inline]
            #vis fn #method(self, value: #value) -> #ty<#lifetime, #(#after),*>
            where
                #put: #howdah::__private::state::Put<#place>,
            {
                #ty {
                    insert: self.insert.set(#column, #param),
                    state: ::core::marker::PhantomData,
                }
            }
        }
    }
}
