//! What stands beside the errors of an input: the impls that it would have without them, so that the uses of the
//! struct are not reported as well. Methods have their signatures and no bodies, and the table is one of which nothing
//! is known, so that nothing is said of what the mistakes have led to.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Expr, File, ImplItem, Item, ItemConst, ItemImpl, Member, ReturnType, Stmt, Type, parse_quote,
};

use crate::model::Input;

/// The impls for an input with errors, out of those that `expand` makes of it.
pub(crate) fn skeleton(mut input: Input, expand: fn(&Input) -> TokenStream) -> TokenStream {
    let howdah = &input.howdah;
    input.table = Some(parse_quote!(#howdah::__private::unknown));
    // Columns are named.
    input
        .fields
        .retain(|field| matches!(field.member, Member::Named(_)));
    let Ok(file) = syn::parse2::<File>(expand(&input)) else {
        return TokenStream::new();
    };
    file.items.into_iter().filter_map(item).collect()
}

fn item(item: Item) -> Option<TokenStream> {
    match item {
        Item::Impl(block) => Some(without_bodies(block).into_token_stream()),
        Item::Const(item) => scope(item),
        item => Some(item.into_token_stream()),
    }
}

/// `const _: () = { … }`, whose items are those of the derive; a contract is another kind of const, and is left out.
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
    if let Some((_, path, _)) = &block.trait_
        && path
            .segments
            .last()
            .is_some_and(|last| last.ident == "SelectRow")
    {
        // Whether it is a row is for another derive to say. A bound with a lifetime of its own is believed.
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

/// Whether a method returns `impl …`, which only its body says the type of. These bodies name no field.
fn is_opaque(output: &ReturnType) -> bool {
    matches!(output, ReturnType::Type(_, ty) if matches!(**ty, Type::ImplTrait(_)))
}
