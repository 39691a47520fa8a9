//! The values of a row, in the received bytes.

/// The values of a row, which are usually read one after the other.
#[derive(Clone, Copy)]
pub(super) struct Values<'r> {
    all: &'r [u8],
    /// The values from this column on.
    rest: &'r [u8],
    next: usize,
}

impl<'r> Values<'r> {
    /// The values in these bytes, each with its length before it.
    pub(super) fn new(all: &'r [u8]) -> Self {
        Self {
            all,
            rest: all,
            next: 0,
        }
    }

    /// The value of a column, if there is one.
    #[inline]
    pub(super) fn get(&mut self, column: usize) -> Option<Option<&'r [u8]>> {
        if column != self.next {
            self.go_to(column)?;
        }
        let (length, rest) = self.rest.split_first_chunk()?;
        let length = i32::from_be_bytes(*length);
        let (value, rest) = match length {
            -1 => (None, rest),
            length => {
                let (value, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
                (Some(value), rest)
            }
        };
        (self.rest, self.next) = (rest, self.next + 1);
        Some(value)
    }

    #[inline(never)]
    fn go_to(&mut self, column: usize) -> Option<()> {
        if column < self.next {
            (self.rest, self.next) = (self.all, 0);
        }
        while self.next < column {
            self.get(self.next)?;
        }
        Some(())
    }
}
