//! The files that the command reads and writes, and those that it must leave alone.

use std::fs;

use super::{App, QUERIES};

const GENERATE: [&str; 3] = ["generate", "--schema", "schema.sql"];

#[test]
fn a_file_that_is_no_lock_file_is_not_overwritten() {
    let app = App::new();
    app.write("Cargo.lock", "version = 4\n");
    app.write("settings.json", "{\"name\": \"app\"}\n");
    for file in ["Cargo.lock", "queries/places.sql", "settings.json"] {
        let before = fs::read_to_string(app.path(file)).unwrap();
        let (code, _, stderr) = app.run(&["generate", "--schema", "schema.sql", "--lock", file]);
        assert_eq!(code, 2, "{stderr}");
        let expected = format!("{file}: it is there, and was not generated");
        assert!(stderr.contains(&expected), "{stderr}");
        assert_eq!(fs::read_to_string(app.path(file)).unwrap(), before);
        assert!(!app.path("src").exists());
    }
}

#[test]
fn a_lock_file_that_git_could_not_merge_is_made_anew() {
    let app = App::new();
    app.write("howdah.lock", "");
    assert_eq!(app.run(&GENERATE).0, 0);
    let lock = fs::read_to_string(app.path("howdah.lock")).unwrap();
    for (ours, theirs) in [
        (lock.clone(), lock.clone()),
        (
            "  \"format\": 1,\n".to_owned(),
            "  \"format\": 2,\n".to_owned(),
        ),
    ] {
        let head = if ours == lock { "" } else { "{\n" };
        let merged = format!("{head}<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n");
        app.write("howdah.lock", &merged);
        let (code, _, stderr) = app.run(&["generate", "--offline"]);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains("has the marks of a merge"), "{stderr}");
        let (code, _, stderr) = app.run(&GENERATE);
        assert_eq!(code, 0, "{stderr}");
        assert_eq!(fs::read_to_string(app.path("howdah.lock")).unwrap(), lock);
    }
}
