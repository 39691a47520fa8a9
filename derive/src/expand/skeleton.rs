//! What the macro emits beside the errors of an input: the impls that it would have without them, so that the uses of
//! the struct are not reported as well. Methods have signatures but no bodies, and the table is an unknown one, so that
//! the compiler does not report consequences of the mistakes.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Expr, File, ImplItem, Item, ItemConst, ItemImpl, Member, Path, ReturnType, Stmt, Type,
    parse_quote,
};

use crate::model::{Derive, Input};

/// The impls for an input with errors, made from those that `expand` generates.
pub(crate) fn skeleton(
    derive: Derive,
    mut input: Input,
    expand: fn(&Input) -> TokenStream,
) -> TokenStream {
    let howdah = &input.howdah;
    let is_list = derive == Derive::Select && !input.generics.params.is_empty();
    let stand_in = is_list.then(|| quote!(#howdah::__private::unknown::RowOf<Self>));
    input.table = Some(parse_quote!(#howdah::__private::unknown));
    // Columns are named.
    input
        .fields
        .retain(|field| matches!(field.member, Member::Named(_)));
    let mut expanded = expand(&input);
    if let Some(stand_in) = &stand_in {
        expanded = with_self_as(expanded, stand_in);
    }
    let Ok(file) = syn::parse2::<File>(expanded) else {
        return TokenStream::new();
    };
    // A struct with lifetimes is no row that a list can return, so another type replaces it.
    let items = file.items.into_iter();
    let items = items.filter(|item| stand_in.is_none() || !is_select_row(item));
    items.filter_map(item).collect()
}

/// The tokens with `stand_in` for `Self`.
fn with_self_as(tokens: TokenStream, stand_in: &TokenStream) -> TokenStream {
    let replaced = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(ident) if ident == "Self" => stand_in.clone(),
        TokenTree::Group(group) => {
            let inner = with_self_as(group.stream(), stand_in);
            TokenTree::Group(Group::new(group.delimiter(), inner)).into()
        }
        other => other.into(),
    });
    replaced.collect()
}

fn item(item: Item) -> Option<TokenStream> {
    match item {
        Item::Impl(block) => Some(without_bodies(block).into_token_stream()),
        Item::Const(item) => scope(item),
        item => Some(item.into_token_stream()),
    }
}

/// `const _: () = { … }` that holds items of the derive. A contract is also a const, but is left out.
fn scope(item: ItemConst) -> Option<TokenStream> {
    let Expr::Block(block) = *item.expr else {
        return None;
    };
    let items = block.block.stmts.into_iter().filter_map(|stmt| match stmt {
        Stmt::Item(inner) => self::item(inner),
        _ => None,
    });
    Some(quote!(const _: () = { #(#items)* };))
}

fn without_bodies(mut block: ItemImpl) -> ItemImpl {
    block.attrs.push(parse_quote!(#[allow(unused)]));
    if let Some(path) = select_row(&block) {
        // Another derive decides whether the struct is a row. A bound with a lifetime of its own is accepted unchecked.
        let mut howdah = path.clone();
        howdah.segments.pop();
        howdah.segments.pop_punct();
        let clause = block.generics.make_where_clause();
        clause
            .predicates
            .push(parse_quote!(for<'any> Self: #howdah::PgRow<'any>));
    }
    for item in &mut block.items {
        match item {
            ImplItem::Fn(method) if !is_opaque(&method.sig.output) => {
                method.block = parse_quote!({ ::core::unreachable!() });
            }
            ImplItem::Const(field) if field.ident == "FIELDS" => field.expr = parse_quote!(&[]),
            _ => {}
        }
    }
    block
}

fn is_select_row(item: &Item) -> bool {
    matches!(item, Item::Impl(block) if select_row(block).is_some())
}

/// The path of the trait `SelectRow`, if this is an impl of it.
fn select_row(block: &ItemImpl) -> Option<&Path> {
    let (_, path, _) = block.trait_.as_ref()?;
    let last = path.segments.last()?;
    (last.ident == "SelectRow").then_some(path)
}

/// Whether a method returns `impl …`, whose type only the body determines. These bodies name no field.
fn is_opaque(output: &ReturnType) -> bool {
    matches!(output, ReturnType::Type(_, ty) if matches!(**ty, Type::ImplTrait(_)))
}
