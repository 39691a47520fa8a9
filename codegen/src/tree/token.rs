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
        rest.iter().find(|b| !is_white(**b)) == Some(&byte)
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = &'t str;

    /// A bracket of any kind, or a run of other characters up to the next bracket or white space; a backslash takes the
    /// next character into the run whatever it is.
    fn next(&mut self) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        let start = self.at + bytes[self.at..].iter().position(|b| !is_white(*b))?;
        self.at = start;
        if is_bracket(bytes[start]) {
            self.at += 1;
            return self.text.get(start..self.at);
        }
        loop {
            let rest = &bytes[self.at..];
            let run = rest.iter().position(|b| ENDS_RUN[usize::from(*b)]);
            self.at += run.unwrap_or(rest.len());
            if bytes.get(self.at) != Some(&b'\\') {
                return self.text.get(start..self.at);
            }
            // The escaped character may be of several bytes, none of which ends a run.
            self.at = (self.at + 2).min(bytes.len());
        }
    }
}

const fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t')
}

const fn is_bracket(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'{' | b'}')
}

/// The bytes at which a run of plain characters ends.
static ENDS_RUN: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte: u8 = 0;
    while byte < u8::MAX {
        ends[byte as usize] = is_white(byte) || is_bracket(byte) || byte == b'\\';
        byte += 1;
    }
    ends
};
