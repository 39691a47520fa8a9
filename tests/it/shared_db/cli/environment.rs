//! What the user's environment says about other servers, and about the terminal.

use super::App;

#[test]
fn variables_for_other_servers_do_not_concern_the_throw_away_one() {
    let app = App::new();
    app.write(
        "schema.sql",
        "create table places (id int8 primary key, name text not null, opened date default '01/02/2020');",
    );
    let generate = ["generate", "--schema", "schema.sql"];
    let (code, _, stderr) = app.run(&generate);
    assert_eq!(code, 0, "{stderr}");
    for variable in [
        ("PGOPTIONS", "-c search_path=elsewhere"),
        ("PGSERVICE", "none_of_this_name"),
        ("PGREQUIREAUTH", "scram-sha-256"),
        ("PGCHANNELBINDING", "require"),
        ("PGSSLMODE", "require"),
        ("PGDATESTYLE", "ISO,DMY"),
        ("PGTARGETSESSIONATTRS", "standby"),
    ] {
        let check = ["generate", "--schema", "schema.sql", "--check"];
        let (code, stdout, stderr) = app.run_in(&[variable], &check);
        assert_eq!(code, 0, "{variable:?}: {stdout}{stderr}");
    }
}
