//! "Did you mean": finds the valid word nearest to one that is not valid. It only compares words and
//! must never decide what is valid.

/// The end of an "unknown …" message: a guess if a valid word is similar, and always the list of valid words.
pub(crate) fn hint(word: &str, valid: &[&str]) -> String {
    let list = valid
        .iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ");
    match nearest(word, valid) {
        Some(near) => format!("did you mean `{near}`? (valid: {list})"),
        None => format!("valid are {list}"),
    }
}

/// The valid word with the smallest edit distance, if that is at most a third of the word.
fn nearest<'a>(word: &str, valid: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    valid
        .iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), *candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be added, left out, replaced, or swapped with their neighbour to make one
/// word of the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => {
                    let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let added = rows[i - 1][j].min(rows[i][j - 1]) + 1;
                    let swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    let swapped = if swap {
                        rows[i - 2][j - 2] + 1
                    } else {
                        usize::MAX
                    };
                    replaced.min(added).min(swapped)
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let valid = ["rename", "flatten", "default", "skip"];
        assert_eq!(nearest("renam", &valid), Some("rename"));
        assert_eq!(nearest("Rename", &valid), Some("rename"));
        assert_eq!(nearest("faltten", &valid), Some("flatten"));
        assert_eq!(nearest("sikp", &valid), Some("skip"));
        assert_eq!(nearest("primary_key", &valid), None);
    }

    #[test]
    fn the_valid_words_are_always_listed() {
        assert_eq!(
            hint("x", &["a_b", "c"]),
            "did you mean `c`? (valid: `a_b`, `c`)"
        );
        assert_eq!(hint("something", &["a_b", "c"]), "valid are `a_b`, `c`");
    }
}
