//! The `verify` function, which compares what generated code relies on with a server's schema.

use super::layout::{Expr, Source};
use super::text::literal;
use crate::model::{Contracts, DomainUse, EnumUse};

/// The function, if there is anything to compare.
pub(crate) fn function(out: &mut Source, contracts: &Contracts) {
    if contracts.is_empty() {
        return;
    }
    out.blank();
    out.docs(
        "///",
        "Compares the tables, enums and domains that queries and structs were checked against with those of a server, in one query.\n\n\
         # Errors\n\n\
         When they differ: the error names each difference, and the queries that it touches.",
    );
    let arguments = ["executor: &(impl howdah::Executor + ?Sized)".to_owned()];
    // In a file that is included, the app may have a `Result` of its own beside it.
    let returns = "::core::result::Result<(), howdah::Error>";
    out.function("pub async fn verify", &arguments, returns, |out| {
        out.line("use howdah::verify::{DomainContract, EnumContract, TableContract};");
        out.blank();
        let tables = contracts.tables.iter().map(|(module, queries)| {
            Expr::literal(
                "TableContract",
                vec![
                    Expr::text(format!("table: &schema::{module}::TABLE")),
                    strings("queries: &", queries),
                ],
            )
        });
        out.assign(
            "const TABLES: &[TableContract]",
            &Expr::array("&", tables.collect()),
        );
        let enums = contracts.enums.iter().map(enum_contract);
        out.assign(
            "const ENUMS: &[EnumContract]",
            &Expr::array("&", enums.collect()),
        );
        let domains = contracts.domains.iter().map(domain_contract);
        out.assign(
            "const DOMAINS: &[DomainContract]",
            &Expr::array("&", domains.collect()),
        );
        out.line("howdah::verify::schema(executor, TABLES, ENUMS, DOMAINS).await");
    });
}

fn enum_contract(item: &EnumUse) -> Expr {
    Expr::literal(
        "EnumContract",
        vec![
            Expr::string_field("schema", &item.name.schema),
            Expr::string_field("name", &item.name.name),
            strings("labels: &", &item.labels),
            strings("queries: &", &item.queries),
        ],
    )
}

fn domain_contract(item: &DomainUse) -> Expr {
    let constraints = item.constraints.iter();
    let constraints = constraints.map(|constant| Expr::text(format!("schema::{constant}")));
    Expr::literal(
        "DomainContract",
        vec![
            Expr::string_field("schema", &item.name.schema),
            Expr::string_field("name", &item.name.name),
            Expr::array("constraints: &", constraints.collect()),
            strings("queries: &", &item.queries),
        ],
    )
}

fn strings(head: &str, texts: &[String]) -> Expr {
    let items = texts.iter().map(|text| Expr::text(literal(text)));
    Expr::array(head, items.collect())
}
