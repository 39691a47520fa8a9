//! Comments on database objects (`COMMENT ON`) as documentation.

/// The comment as Markdown that keeps its lines. Indented or fenced lines must not become code, which `cargo test` of
/// the app would run.
pub(super) fn documented(comment: &str) -> String {
    let lines = comment.lines().map(|line| {
        let line = line.trim_start();
        let is_fence = line.starts_with("```") || line.starts_with("~~~");
        let escape = if is_fence { "\\" } else { "" };
        format!("{escape}{line}")
    });
    lines.collect::<Vec<_>>().join("\n")
}
