//! How to run a migration, according to its text: which part creates the schema, and whether in one transaction. It
//! keeps every byte offset.

/// The section of `text` that starts with the line `mark`, up to the section that reverts it. Everything else becomes
/// blanks. `None` if there is no such line.
pub(super) fn keep_up(text: &str, mark: &str) -> Option<String> {
    // The mark ends with the word "up"; other sections have another word there.
    let tool = &mark[..mark.len() - "up".len()];
    let mut kept = String::with_capacity(text.len());
    let (mut inside, mut found) = (false, false);
    for line in text.split_inclusive('\n') {
        if let Some(section) = after_ignoring_case(line, tool) {
            if after_ignoring_case(section, "up").is_some() {
                (inside, found) = (true, true);
            } else if after_ignoring_case(section, "down").is_some() {
                inside = false;
            }
        }
        if inside {
            kept.push_str(line);
        } else {
            kept.extend(
                line.bytes()
                    .map(|byte| if byte == b'\n' { '\n' } else { ' ' }),
            );
        }
    }
    found.then_some(kept)
}

/// Whether a line of `text` starts with `mark`.
pub(super) fn has_mark(text: &str, mark: &str) -> bool {
    text.lines()
        .any(|line| after_ignoring_case(line, mark).is_some())
}

/// Whether a comment asks to run the file outside of a transaction, in the syntax of sqlx, dbmate, goose or
/// sql-migrate.
pub(super) fn asks_for_no_transaction(text: &str) -> bool {
    let sqlx = text
        .lines()
        .next()
        .is_some_and(|line| line.trim_end() == "-- no-transaction");
    let has = |line: &str, mark, word: &str| {
        after_ignoring_case(line, mark)
            .is_some_and(|rest| rest.split_whitespace().any(|other| other == word))
    };
    sqlx || text.lines().any(|line| {
        has(line, "-- migrate:up", "transaction:false")
            || has(line, "-- +migrate Up", "notransaction")
            || after_ignoring_case(line, "-- +goose NO TRANSACTION").is_some()
    })
}

/// Whether diesel's `metadata.toml` says `run_in_transaction = false`.
pub(super) fn diesel_runs_outside_transaction(metadata: &str) -> Result<bool, String> {
    let table: toml::Table = metadata
        .parse()
        .map_err(|error: toml::de::Error| error.message().to_owned())?;
    Ok(table
        .get("run_in_transaction")
        .and_then(toml::Value::as_bool)
        == Some(false))
}

/// The text after `start`, whose words can have more space between them in the line. Like in the tools, there need not
/// be a space after `--`.
fn after_ignoring_case<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    let mut rest = line;
    for (number, word) in start.split(' ').enumerate() {
        let trimmed = rest.trim_start();
        let is_apart = trimmed.len() < rest.len();
        if number == 0 && is_apart || number > 1 && !is_apart {
            return None;
        }
        let (head, behind) = trimmed.split_at_checked(word.len())?;
        if !head.eq_ignore_ascii_case(word) {
            return None;
        }
        rest = behind;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_up_section_is_kept_and_offsets_stay() {
        let text = "-- é\n-- migrate:down\ndrop table t;\n-- migrate:up transaction:false\ncreate table t ();\n";
        let kept = keep_up(text, "-- migrate:up").unwrap();
        assert_eq!(
            kept.trim(),
            "-- migrate:up transaction:false\ncreate table t ();"
        );
        assert_eq!(kept.len(), text.len());
        assert_eq!(kept.find("create"), text.find("create"));
        assert!(asks_for_no_transaction(text));
    }

    #[test]
    fn marks_are_read_as_their_tools_read_them() {
        for (mark, up, down) in [
            ("-- migrate:up", "--migrate:up", "--  migrate:down"),
            (
                "-- migrate:up",
                "--\tMIGRATE:UP transaction:false",
                "-- migrate:down",
            ),
            ("-- +goose Up", "-- +goose   Up", "--+goose Down"),
            ("-- +migrate Up", "-- +migrate  up", "-- +migrate\tDown"),
        ] {
            let text = format!("{up}\ncreate table t ();\n{down}\ndrop table t;\n");
            let kept = keep_up(&text, mark).unwrap();
            assert_eq!(kept.trim(), format!("{up}\ncreate table t ();"));
        }
        for text in [
            " -- migrate:up",
            "- migrate:up",
            "-- migrate :up",
            "é- migrate:up",
        ] {
            assert_eq!(keep_up(text, "-- migrate:up"), None, "{text}");
        }
        assert_eq!(keep_up("-- +gooseUp", "-- +goose Up"), None);
    }

    #[test]
    fn a_text_without_the_mark_has_no_section() {
        assert_eq!(keep_up("create table t ();", "-- migrate:up"), None);
        assert_eq!(keep_up("-- +goose Down\n", "-- +goose Up"), None);
    }

    #[test]
    fn a_request_for_no_transaction_stands_where_its_tool_reads_it() {
        for text in [
            "-- no-transaction\nselect 1",
            "-- +goose NO TRANSACTION\n",
            "-- +migrate Up notransaction\n",
        ] {
            assert!(asks_for_no_transaction(text), "{text}");
        }
        for text in [
            "select 1;\n-- no-transaction\n",
            "-- migrate:up\n",
            "-- transaction:false\n",
        ] {
            assert!(!asks_for_no_transaction(text), "{text}");
        }
    }

    #[test]
    fn diesels_metadata_is_toml() {
        assert_eq!(
            diesel_runs_outside_transaction("run_in_transaction = false\n"),
            Ok(true)
        );
        assert_eq!(diesel_runs_outside_transaction(""), Ok(false));
        assert!(diesel_runs_outside_transaction("run_in_transaction =").is_err());
    }
}
