//! Splits `nodeToString` text into tokens, as PostgreSQL's `pg_strtok` does.

/// The tokens of a text.
pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// How far it has read, in bytes.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The next token without taking it.
    pub(super) fn peek(&self) -> Option<&'t str> {
        Tokens { ..*self }.next()
    }
}

impl Tokens<'_> {
    /// Whether the next token begins with this byte.
    pub(super) fn next_starts_with(&self, byte: u8) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        rest.iter().find(|b| !matches!(b, b' ' | b'\n' | b'\t')) == Some(&byte)
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = &'t str;

    /// A bracket of any kind, or a run of other characters up to the next bracket or white space; a backslash takes the
    /// next character into the run whatever it is.
    fn next(&mut self) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\n' | b'\t')) {
            self.at += 1;
        }
        let start = self.at;
        match bytes.get(start)? {
            b'(' | b')' | b'{' | b'}' => self.at += 1,
            _ => loop {
                match bytes.get(self.at) {
                    None | Some(b' ' | b'\n' | b'\t' | b'(' | b')' | b'{' | b'}') => break,
                    Some(b'\\') => {
                        // The escaped character may be of several bytes; its first is never a delimiter's continuation.
                        self.at = (self.at + 2).min(bytes.len());
                        while !self.text.is_char_boundary(self.at) {
                            self.at += 1;
                        }
                    }
                    Some(_) => self.at += 1,
                }
            },
        }
        self.text.get(start..self.at)
    }
}
