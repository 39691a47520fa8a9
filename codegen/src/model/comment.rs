//! What the database says of its objects by `COMMENT ON`, as documentation.

/// The comment as Markdown that shows its lines. Indented or fenced ones would be code, which `cargo test` of the app runs.
pub(super) fn documented(comment: &str) -> String {
    let lines = comment.lines().map(|line| {
        let line = line.trim_start();
        let is_fence = line.starts_with("```") || line.starts_with("~~~");
        let escape = if is_fence { "\\" } else { "" };
        format!("{escape}{line}")
    });
    lines.collect::<Vec<_>>().join("\n")
}
