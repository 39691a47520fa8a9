//! Checks that no public operation is missing among those that are dropped, by comparing the public async functions in
//! the library's sources with those that the tests' operations call.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use syn::{
    Attribute, Expr, Ident, ImplItem, Item, Lit, ReturnType, Signature, Type, TypeParamBound,
    Visibility,
    visit::{self, Visit},
};

/// Public functions whose futures are dropped by the operation of this name.
const DROPPED: &[(&str, &[&str])] = &[
    ("fetch", &["DynamicQuery::fetch_all"]),
    ("execute", &["DynamicQuery::execute"]),
    ("stream", &["DynamicQuery::stream", "RowStream::next"]),
    ("script", &["Pool::batch_execute"]),
    ("get", &["Pool::get"]),
    (
        "transaction",
        &["Pool::transaction", "Transaction::transaction"],
    ),
    ("transaction with options", &["Pool::transaction_with"]),
    (
        "transaction with its own connection",
        &["Pool::begin", "Pool::begin_with"],
    ),
    (
        "rollback",
        &[
            "Connection::begin",
            "Transaction::savepoint",
            "Transaction::rollback",
        ],
    ),
    ("a user's types", &["DynamicQuery::fetch_rows"]),
    (
        "once",
        &["DynamicQuery::fetch_one", "DynamicQuery::fetch_opt"],
    ),
    (
        "pool of one's own",
        &["Pool::warm_up", "Pool::shut_down", "Pool::connect"],
    ),
    (
        "listener that connects again",
        &["ListenerBuilder::connect"],
    ),
    (
        "listener",
        &[
            "Listener::connect",
            "Listener::listen",
            "Listener::recv",
            "Listener::unlisten",
        ],
    ),
    ("copy in of rows", &["CopyIn::from_rows"]),
    ("copy in of a stream", &["CopyIn::from_stream"]),
    ("copy in of a file", &["CopyIn::from_reader"]),
    ("copy in of bytes", &["CopyIn::from_bytes"]),
    ("copy out of rows", &["CopyOut::rows", "CopyRows::collect"]),
    ("copy out row by row", &["CopyRows::next"]),
    ("copy out of bytes", &["CopyOut::bytes", "CopyBytes::next"]),
    ("copy out to a writer", &["CopyOut::to_writer"]),
    ("copy between databases", &["CopyOut::into_table"]),
    (
        "cursor",
        &[
            "CursorBuilder::open",
            "Cursor::fetch",
            "Cursor::fetch_back",
            "Cursor::fetch_at",
            "Cursor::skip",
            "Cursor::move_to",
            "Cursor::close",
        ],
    ),
    ("held cursor", &["CursorBuilder::open_held"]),
    ("batch", &["Batch::fetch", "Batch::fetch_each"]),
    (
        "lock",
        &["Pool::lock", "Pool::try_lock", "AdvisoryLock::release"],
    ),
    (
        "lock in a transaction",
        &["Transaction::lock", "Transaction::try_lock"],
    ),
    ("replica", &["Pool::written"]),
    (
        "connection of one's own",
        &[
            "Connection::connect",
            "Connection::batch_execute",
            "Connection::begin_with",
            "Connection::transaction",
            "Connection::transaction_with",
            "Transaction::batch_execute",
            "Transaction::commit",
            "Connector::open",
        ],
    ),
    (
        "statement",
        &[
            "Query::fetch",
            "Query::fetch_rows",
            "Query::execute",
            "Query::stream",
        ],
    ),
    (
        "row by its key",
        &[
            "Insert::execute",
            "Update::execute",
            "Delete::execute",
            "Built::fetch",
            "Built::execute",
        ],
    ),
    (
        "rows by a condition",
        &[
            "Select::fetch",
            "Select::fetch_first",
            "Select::stream",
            "Select::count",
            "Select::exists",
            "Built::stream",
            "Grouped::fetch",
        ],
    ),
    ("bulk insert", &["InsertMany::execute"]),
    ("bulk insert in batches", &["InsertingMany::fetch"]),
    (
        "bulk update and delete",
        &["UpdateMany::execute", "DeleteMany::execute"],
    ),
    (
        "bulk insert that is counted",
        &[
            "InsertMany::execute_counted",
            "UpdatingMany::fetch",
            "DeletingMany::fetch",
        ],
    ),
    ("verify", &["schema"]),
];

#[test]
fn no_public_operation_is_missing() {
    let mut public = BTreeSet::new();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src");
    for file in files(&sources) {
        add_public(&parsed(&file).items, &mut public);
    }
    let dropped = DROPPED.iter().flat_map(|(_, functions)| *functions);
    let dropped: BTreeSet<_> = dropped.map(|function| (*function).to_owned()).collect();
    let missing: Vec<_> = public.difference(&dropped).collect();
    assert!(missing.is_empty(), "dropped by no operation: {missing:?}");
    let gone: Vec<_> = dropped.difference(&public).collect();
    assert!(gone.is_empty(), "public no more: {gone:?}");
}

#[test]
fn operations_call_what_they_are_said_to_drop() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/shared_db/cancellation");
    let mut called = BTreeMap::new();
    for file in files(&folder) {
        Operations(&mut called).visit_file(&parsed(&file));
    }
    let tables = [
        super::OPERATIONS,
        super::more::OPERATIONS,
        super::built::OPERATIONS,
    ];
    for (operation, _) in tables.iter().flat_map(|table| *table) {
        assert!(
            called.contains_key(*operation),
            "`{operation}` was not read"
        );
    }
    for (operation, functions) in DROPPED {
        let called = called.get(*operation);
        let called = called.unwrap_or_else(|| panic!("there is no operation `{operation}`"));
        for function in *functions {
            let name = function.rsplit("::").next().unwrap();
            assert!(
                called.contains(name),
                "`{operation}` does not call `{function}`"
            );
        }
    }
}

/// The Rust files of a folder, and of those in it.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension() {
            _ if path.is_dir() => found.extend(files(&path)),
            Some(extension) if extension == "rs" => found.push(path),
            _ => {}
        }
    }
    found
}

fn parsed(file: &Path) -> syn::File {
    syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap()
}

/// Adds the functions among `items` that are public, documented and give a future.
fn add_public(items: &[Item], found: &mut BTreeSet<String>) {
    for item in items {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    add_public(items, found);
                }
            }
            Item::Fn(function) if is_operation(&function.vis, &function.attrs, &function.sig) => {
                found.insert(function.sig.ident.to_string());
            }
            Item::Impl(block) => {
                let Type::Path(ty) = &*block.self_ty else {
                    continue;
                };
                let ty = &ty.path.segments.last().unwrap().ident;
                for item in &block.items {
                    if let ImplItem::Fn(method) = item
                        && is_operation(&method.vis, &method.attrs, &method.sig)
                    {
                        found.insert(format!("{ty}::{}", method.sig.ident));
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_operation(visibility: &Visibility, attributes: &[Attribute], signature: &Signature) -> bool {
    let is_hidden = |attribute: &Attribute| {
        attribute.path().is_ident("doc")
            && attribute
                .parse_args::<Ident>()
                .is_ok_and(|word| word == "hidden")
    };
    matches!(visibility, Visibility::Public(_))
        && !attributes.iter().any(is_hidden)
        && (signature.asyncness.is_some() || gives_future(&signature.output))
}

fn gives_future(output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else {
        return false;
    };
    let is_named =
        |path: &syn::Path, name| path.segments.last().is_some_and(|last| last.ident == name);
    match &**ty {
        Type::ImplTrait(ty) => ty.bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => is_named(&bound.path, "Future"),
            _ => false,
        }),
        Type::Path(ty) => is_named(&ty.path, "Fetch"),
        _ => false,
    }
}

/// Reads the tables of operations: by the name of each, what it calls.
struct Operations<'f>(&'f mut BTreeMap<String, BTreeSet<String>>);

impl<'ast> Visit<'ast> for Operations<'_> {
    fn visit_expr_tuple(&mut self, tuple: &'ast syn::ExprTuple) {
        let mut elements = tuple.elems.iter();
        if let (Some(Expr::Lit(name)), Some(Expr::Closure(operation))) =
            (elements.next(), elements.next())
            && let Lit::Str(name) = &name.lit
        {
            let mut calls = Calls(BTreeSet::new());
            calls.visit_expr_closure(operation);
            self.0.insert(name.value(), calls.0);
        }
    }
}

/// The names of what is called.
struct Calls(BTreeSet<String>);

impl<'ast> Visit<'ast> for Calls {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.0.insert(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let Expr::Path(function) = &*call.func {
            let name = &function.path.segments.last().unwrap().ident;
            self.0.insert(name.to_string());
        }
        visit::visit_expr_call(self, call);
    }

    /// What stands in `assert_eq!` and the like is not parsed.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let words = call.tokens.to_string();
        let words = words.split(|c: char| !c.is_alphanumeric() && c != '_');
        self.0.extend(words.map(str::to_owned));
    }
}
