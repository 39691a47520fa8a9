//! How a struct is written: the impl of `WriteRow`, and its contracts with the table.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Generics, Member};

use super::contracts::call;
use super::generics::parameters;
use super::insert;
use crate::model::{
    Decoding, Field, Input, Role, Source, in_option, inferred, is_texts, lent, mentions,
    record_type, sent_as, tidy,
};

/// The impl of `WriteRow`, and the contracts with the table.
pub(crate) fn pg_insert(input: &Input) -> TokenStream {
    let written: Vec<Written> = input.fields.iter().filter_map(Written::inserted).collect();
    let impl_write_row = write_row(input, &written);
    let contracts = written.iter().map(|written| written.write_contract(input));
    let complete = complete(input, &written);
    let builder = insert::builder(input, &written);
    quote! {
        #impl_write_row
        #(#contracts)*
        #complete
        #builder
    }
}

/// The fields with this role.
pub(super) fn with_role<'w, 'i>(written: &'w [Written<'i>], role: Role) -> Vec<&'w Written<'i>> {
    written.iter().filter(|w| w.field.role == role).collect()
}

fn write_row(input: &Input, written: &[Written]) -> TokenStream {
    let Input {
        name,
        howdah,
        table,
        ..
    } = input;
    let generics = bounded(input, written);
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    let columns = written.iter().map(|written| written.column(input));
    let encode = encode_method(input, quote!(WriteRow), written);
    let version = with_role(written, Role::Version).first().map(|version| {
        let name = version.name;
        quote! {
            const VERSION: ::core::option::Option<&'static ::core::primitive::str> =
                ::core::option::Option::Some(#name);
        }
    });
    quote! {
        #[automatically_derived]
        impl #impl_generics #howdah::WriteRow for #name #arguments #where_clause {
            const TABLE: &'static #howdah::Table = &#table::TABLE;
            const FIELDS: &'static [#howdah::WriteField] = &[#(#columns),*];
            #version

            #encode
        }
    }
}

/// The struct's generics, with a bound for each field whose type names one of them.
pub(super) fn bounded(input: &Input, written: &[Written]) -> Generics {
    let mut generics = input.generics.clone();
    let bounds: Vec<TokenStream> = written.iter().filter_map(|w| w.bound(input)).collect();
    if !bounds.is_empty() {
        let clause = generics.make_where_clause();
        clause.predicates.extend(
            bounds
                .into_iter()
                .map(|bound| -> syn::WherePredicate { syn::parse_quote!(#bound) }),
        );
    }
    generics
}

/// The method `encode` of a trait whose `FIELDS` are these.
pub(super) fn encode_method(
    input: &Input,
    of_trait: TokenStream,
    written: &[Written],
) -> TokenStream {
    let howdah = &input.howdah;
    let arms = written.iter().enumerate().map(|(index, written)| {
        let encode = written.encode(input);
        quote!(#index => #encode)
    });
    quote! {
        #[inline]
        fn encode(
            &self,
            field: ::core::primitive::usize,
            ty: &#howdah::Type,
            out: &mut #howdah::BytesMut,
        ) -> ::core::result::Result<#howdah::IsNull, #howdah::EncodeError> {
            let srid = match <Self as #howdah::#of_trait>::FIELDS.get(field) {
                ::core::option::Option::Some(field) => field.srid,
                ::core::option::Option::None => 0,
            };
            match field {
                #(#arms,)*
                _ => ::core::result::Result::Err(#howdah::EncodeError::no_field(field)),
            }
        }
    }
}

/// The contract that all columns which need a value get one.
fn complete(input: &Input, written: &[Written]) -> TokenStream {
    let Input {
        name,
        howdah,
        table,
        ..
    } = input;
    // A column that the database sets is not missing, even if a trigger does it, which the schema's constants do not
    // tell.
    let made = input.fields.iter().filter(|field| field.generated);
    let made: Vec<Written> = made.filter_map(Written::read).collect();
    let columns = written.iter().chain(&made).map(|written| written.name);
    let text = name.to_string();
    let arguments = quote!(&#table::TABLE, #text, &[#(#columns),*]);
    call(name, quote!(#howdah::check::insert_columns), arguments)
}

/// A field that is written into a column.
pub(super) struct Written<'i> {
    pub(super) field: &'i Field,
    pub(super) name: &'i str,
    pub(super) decoding: &'i Decoding,
}

impl<'i> Written<'i> {
    /// A field that an insert writes.
    pub(super) fn inserted(field: &'i Field) -> Option<Self> {
        Self::read(field).filter(|_| !field.generated)
    }

    /// A field that an update writes, or finds its row by.
    pub(super) fn updated(field: &'i Field) -> Option<Self> {
        Self::read(field).filter(|_| !field.generated || field.role == Role::Key)
    }

    /// A field that is a column.
    pub(super) fn read(field: &'i Field) -> Option<Self> {
        match &field.source {
            Source::Column { name, decoding, .. } => Some(Self {
                field,
                name,
                decoding,
            }),
            _ => None,
        }
    }

    /// The field's name.
    pub(super) fn member(&self) -> Option<&Ident> {
        match &self.field.member {
            Member::Named(ident) => Some(ident),
            Member::Unnamed(_) => None,
        }
    }

    /// The type that is sent, which for `json` and `try_from` is not the field's.
    pub(super) fn sent_type(&self, input: &Input) -> TokenStream {
        let ty = &self.field.ty;
        let document = in_option(ty).unwrap_or(ty);
        self.decoding.column_type(ty, document, &input.howdah)
    }

    /// The element of `FIELDS`.
    pub(super) fn column(&self, input: &Input) -> TokenStream {
        let (name, label, written) = (self.name, &self.field.label, tidy(&self.field.ty));
        let through = self.decoding.attribute();
        let through = through.map(|attribute| quote!(.through(#attribute)));
        let Sender { path, optional, .. } = self.sender(input);
        let or_null = optional.then(|| quote!(.or_null()));
        let table = &input.table;
        let column = quote! {
            #path::FIELD.of_column(&#table::TABLE, #name, #label, #written) #through #or_null
        };
        in_body(input, column)
    }

    /// The expression that encodes the field.
    fn encode(&self, input: &Input) -> TokenStream {
        let member = &self.field.member;
        let Sender { path, optional, .. } = self.sender(input);
        let value = match (self.decoding, optional) {
            (Decoding::Plain, _) if self.is_lent(input) => {
                lent(&self.field.ty, quote!(self.#member))
            }
            (Decoding::Plain | Decoding::Record, _) => quote!(&self.#member),
            (_, true) => quote!(::core::option::Option::as_ref(&self.#member)),
            (_, false) => quote!(::core::option::Option::Some(&self.#member)),
        };
        let encode = quote!(#path::encode_at(#value, srid, ty, out));
        in_body(input, encode)
    }

    /// The trait that sends the field.
    fn sender(&self, input: &Input) -> Sender {
        let howdah = &input.howdah;
        let ty = &self.field.ty;
        let inner = in_option(ty);
        let of = |ty: TokenStream, of_trait: TokenStream, optional: bool| Sender {
            path: quote!(<#ty as #of_trait>),
            bound: quote!(#ty: #of_trait),
            optional,
        };
        match self.decoding {
            Decoding::Plain => {
                let sent = if self.is_lent(input) {
                    sent_as(ty)
                } else {
                    quote!(#ty)
                };
                of(sent, quote!(#howdah::Encode), false)
            }
            Decoding::Record => of(record_type(ty, howdah), quote!(#howdah::Encode), false),
            Decoding::Json => {
                let document = inner.unwrap_or(ty);
                let of_trait = quote!(#howdah::__private::JsonField);
                of(quote!(#document), of_trait, inner.is_some())
            }
            Decoding::TryFrom(sent) => {
                let inner = inner.filter(|_| in_option(sent).is_none());
                let from = inner.unwrap_or(ty);
                let of_trait = quote!(#howdah::__private::SentFor<#from>);
                of(quote!(#sent), of_trait, inner.is_some())
            }
        }
    }

    /// Whether the field is sent in its borrowed form, as the methods that set it do. Lists of texts, which these
    /// methods take in several forms, are sent as they are, and so are fields whose type is known only where a generic
    /// struct is used.
    fn is_lent(&self, input: &Input) -> bool {
        let ty = &self.field.ty;
        let parameters = parameters(&input.generics);
        !is_texts(in_option(ty).unwrap_or(ty)) && !mentions(quote!(#ty), &parameters)
    }

    /// The bound that a field needs whose type names a generic parameter.
    pub(super) fn bound(&self, input: &Input) -> Option<TokenStream> {
        let bound = self.sender(input).bound;
        mentions(bound.clone(), &parameters(&input.generics)).then_some(bound)
    }

    /// The contract of a field that is written into its column.
    pub(super) fn write_contract(&self, input: &Input) -> TokenStream {
        let written = self.contract(
            input,
            &format_ident!("insert_field"),
            &format_ident!("insert_column"),
        );
        let is_known = !mentions(self.sent_type(input), &parameters(&input.generics));
        let is_version = self.field.role == Role::Version;
        let counts = (is_version && is_known).then(|| self.version_contract(input));
        quote!(#written #counts)
    }

    /// The contract of a field that counts the changes of its row.
    fn version_contract(&self, input: &Input) -> TokenStream {
        let (howdah, table) = (&input.howdah, &input.table);
        let column = self.column(input);
        call(
            &self.field.ty,
            quote!(#howdah::check::version_field),
            quote!(&#table::TABLE, &#column),
        )
    }

    /// The contract of a field that a row is found by.
    pub(super) fn key_contract(&self, input: &Input) -> TokenStream {
        self.contract(
            input,
            &format_ident!("key_field"),
            &format_ident!("table_column"),
        )
    }

    /// A call of `typed`, or of `untyped` where the type is known only where the generic struct is used.
    fn contract(&self, input: &Input, typed: &Ident, untyped: &Ident) -> TokenStream {
        let (howdah, table) = (&input.howdah, &input.table);
        let (name, label) = (self.name, &self.field.label);
        if mentions(self.sent_type(input), &parameters(&input.generics)) {
            let arguments = quote!(&#table::TABLE, #name, #label);
            return call(&self.field.ty, quote!(#howdah::check::#untyped), arguments);
        }
        let column = self.column(input);
        call(
            &self.field.ty,
            quote!(#howdah::check::#typed),
            quote!(&#table::TABLE, &#column),
        )
    }
}

/// The trait that sends a field.
struct Sender {
    /// `<T as Trait>`: with the tokens of the field's type, so that errors underline it. All code about the field uses
    /// this path, so that the compiler reports an error once.
    path: TokenStream,
    bound: TokenStream,
    /// Whether the field is an `Option` of what the trait sends.
    optional: bool,
}

/// Tokens about a field, for use in a function body.
fn in_body(input: &Input, tokens: TokenStream) -> TokenStream {
    inferred(tokens, &input.lifetimes())
}
