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

/// Neither what `generate` says of errors nor what `describe` prints has colours where it goes to a file or a pipe, as here.
#[test]
fn colours_are_for_terminals_or_where_they_are_asked_for() {
    let app = App::new();
    let bad = "-- name: bad\nselect nmae from places;\n";
    app.write("bad/bad.sql", bad);
    let is_coloured = |variables: &[(&str, &str)]| {
        let mut variables = variables.to_vec();
        variables.push(("TERM", "xterm-256color"));
        let schema = ["--schema", "schema.sql"];
        let generate = [&["generate", "--queries", "bad"][..], &schema].concat();
        let describe = [&["describe"][..], &schema].concat();
        let escapes = [generate, describe].map(|arguments| {
            let (_, stdout, stderr) = app.run_in(&variables, &arguments);
            assert!(stdout.contains("find") || stderr.contains("nmae"));
            stdout.contains('\u{1b}') || stderr.contains('\u{1b}')
        });
        assert_eq!(escapes[0], escapes[1], "{variables:?}");
        escapes[0]
    };
    assert!(!is_coloured(&[]));
    assert!(!is_coloured(&[("NO_COLOR", "1")]));
    assert!(!is_coloured(&[("CLICOLOR", "1")]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "0")]));
    assert!(is_coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(is_coloured(&[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")]));
    assert!(is_coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}
