//! The builder of an insert: a method for each field, and the states of those columns that may be required. The
//! schema says which are, and the compiler compares; see `state` in howdah's own code.

mod complete;
mod finishers;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Lifetime;
use syn::ext::IdentExt;

use super::write::Written;
use crate::model::{Argument, Input, mentions, with_lifetimes};
use complete::may_be_required;

/// How many columns have their states in one type.
const GROUP: usize = 8;

/// The methods of the builder itself, which no field's method can be called like.
const RESERVED: [&str; 7] = [
    "execute",
    "finish",
    "on_conflict",
    "returning",
    "returning_as",
    "returning_columns",
    "sql",
];

/// What a method that sets a field is called: like the field, where no other method is.
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

/// The struct, all its lifetimes being this one.
pub(super) fn row_of(input: &Input, lifetime: &Lifetime) -> TokenStream {
    let Input { name, generics, .. } = input;
    let (_, arguments, _) = generics.split_for_impl();
    let lifetimes: Vec<&Lifetime> = generics.lifetimes().map(|l| &l.lifetime).collect();
    with_lifetimes(quote!(#name #arguments), &lifetimes, lifetime)
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
            /// An insert of all columns that this struct has fields for.
            #vis fn insert_row(&self) -> #howdah::Insert<'_, Self> #bounded {
                #howdah::Insert::of_row(#statement, self)
            }

            /// An insert of many rows at once.
            #vis fn insert_many(rows: &[Self]) -> #howdah::InsertMany<'_, Self> #bounded {
                #howdah::InsertMany::new(rows)
            }

            /// An insert of many rows at once, which updates those whose key is there already with all values but
            /// the key. A key may come up but once among the rows.
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
    /// The type parameters that hold states, a group of columns each.
    groups: Vec<Ident>,
}

impl<'i> Builder<'i> {
    fn new(input: &'i Input, written: &'i [Written<'i>]) -> Self {
        let required = written.iter().filter(|w| may_be_required(w)).count();
        // One at least, so that bounds which name it are checked where a method is used.
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
                /// An insert of a row, column by column. It does not compile while a column lacks its value
                /// that is not null and has no default.
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

    /// The method that sets a column; `place` is that of its state.
    fn setter(&self, written: &Written, place: Option<usize>) -> TokenStream {
        let Input {
            howdah,
            vis,
            generics,
            ..
        } = self.input;
        let Builder {
            ty,
            lifetime,
            groups,
            ..
        } = self;
        let lifetimes: Vec<&Lifetime> = generics.lifetimes().map(|l| &l.lifetime).collect();
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
