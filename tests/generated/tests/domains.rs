//! What domains demand: an error tells which of their constraints a value broke, and each statement which it can break.

mod support;

use howdah::PgInsert;
use howdah_generated_tests::golden::queries_domains::people::*;
use howdah_generated_tests::golden::queries_domains::types::{Contact, Digit, Email, WorkEmail};
use howdah_generated_tests::golden::queries_domains::{schema, verify};
use howdah_generated_tests::violates;
use support::pool;

fn email(text: &str) -> Email {
    text.to_owned().into()
}

fn work(text: &str) -> WorkEmail {
    Email::from(text.to_owned()).into()
}

#[tokio::test]
async fn each_constraint_of_a_domain_is_its_own_variant() {
    let (pool, _database) = pool("queries/domains").await.unwrap();
    let (at_work, at_home, nowhere) = (work("a@work"), work("a@home"), work("work"));
    let (no_mail, no_digit) = (email("none"), [Digit::from(10)]);
    let contact = Contact {
        mail: Some(email("none")),
        note: None,
    };
    let add = |mail, work, digits, contact| {
        let add = add_person("Ann", mail, work, digits, contact);
        async { add.fetch(&pool).await }
    };
    let id = add(None, &at_work, None, None).await.unwrap();
    let error = add(Some(&no_mail), &at_work, None, None).await;
    let error = violates!(error, AddPersonViolation::EmailCheck);
    assert!(error.is(&schema::email::EMAIL_CHECK));
    assert!(!error.is(&schema::work_email::EMAIL_CHECK));
    let error = add(None, &at_home, None, None).await;
    violates!(error, AddPersonViolation::AtWork);
    // The check of the domain below; the error names the one that the value was to be of.
    let error = add(None, &nowhere, None, None).await;
    let error = violates!(error, AddPersonViolation::EmailCheck2);
    assert!(error.is(&schema::work_email::EMAIL_CHECK));
    let error = add(None, &at_work, Some(&no_digit), None).await;
    violates!(error, AddPersonViolation::OneDigit);
    let error = add(None, &at_work, None, Some(&contact)).await;
    violates!(error, AddPersonViolation::EmailCheck);

    let error = set_work("", id).execute(&pool).await;
    let error = violates!(error, SetWorkViolation::WorkEmailNotNull);
    assert!(error.is(&schema::work_email::WORK_EMAIL_NOT_NULL));
    assert!(!error.is(&schema::email::EMAIL_CHECK));
    let error = add_digit(11, id).execute(&pool).await;
    violates!(error, AddDigitViolation::OneDigit);
    let error = as_email(&no_mail).fetch(&pool).await;
    violates!(error, AsEmailViolation::EmailCheck);
    assert_eq!(copy_person(id).execute(&pool).await.unwrap(), 1);
}

#[derive(Debug, PgInsert)]
#[pg(table = schema::people)]
struct Person {
    name: String,
    mail: Option<Email>,
    work: Option<WorkEmail>,
}

#[tokio::test]
async fn builders_have_the_violations_of_the_domains_of_their_table() {
    use schema::people::InsertViolation;
    let (pool, _database) = pool("queries/domains").await.unwrap();
    let person = Person {
        name: "Ann".to_owned(),
        mail: Some(email("none")),
        work: Some(work("a@work")),
    };
    let refused = person.insert_row().execute(&pool).await;
    violates!(refused, InsertViolation::EmailCheck);
    let person = Person {
        mail: None,
        work: None,
        ..person
    };
    let refused = person.insert_row().execute(&pool).await;
    violates!(refused, InsertViolation::WorkEmailNotNull);
}

#[tokio::test]
async fn verify_compares_what_domains_demand() {
    let (pool, _database) = pool("queries/domains").await.unwrap();
    verify(&pool).await.unwrap();
    pool.batch_execute(
        "alter domain email drop constraint email_check;
         alter domain work_email drop not null;
         alter table people drop column digits;
         alter domain digit set not null;
         alter domain digit add constraint even check (value % 2 = 0)",
    )
    .await
    .unwrap();
    let error = verify(&pool).await.unwrap_err();
    let differences: Vec<_> = error.differences().iter().map(|d| d.message()).collect();
    assert_eq!(
        differences,
        [
            "column `public.people.digits` is gone",
            "domain `public.digit` must not be null",
            "constraint `email_check` of `public.email` is gone",
            "domain `public.work_email` may be null",
            "constraint `email_check` of `public.work_email` is gone",
        ]
    );
    let of_email = error.differences()[2].queries();
    assert!(of_email.contains(&"people::add_person"), "{of_email:?}");
    pool.batch_execute("drop domain digit cascade")
        .await
        .unwrap();
    let error = verify(&pool).await.unwrap_err();
    assert!(
        error.to_string().contains("domain `public.digit` is gone"),
        "{error}"
    );
}
