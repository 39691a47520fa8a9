//! Decodes rows from COPY's binary format, which arrives in pieces of any size. Values are read from the received
//! bytes; only a row that is split between pieces is copied together first.

use bytes::{Buf, Bytes, BytesMut};

use super::encoder::HEADER;
use crate::{Error, ErrorKind};

/// The bytes of a binary COPY that are not read yet.
#[derive(Default)]
pub(super) struct Decoder {
    state: State,
    /// The unread rest of the last piece.
    piece: Bytes,
    /// The start of a row or header whose end is in the next piece.
    partial: BytesMut,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Header,
    Rows,
    Ended,
}

impl Decoder {
    /// Adds a piece; the one before must have been read.
    pub(super) fn feed(&mut self, piece: Bytes) {
        if self.partial.is_empty() {
            self.piece = piece;
        } else {
            self.partial.extend_from_slice(&piece);
            self.piece = self.partial.split().freeze();
        }
    }

    /// Whether the end marker was read, with nothing after it.
    pub(super) fn is_complete(&self) -> bool {
        self.state == State::Ended && self.piece.is_empty() && self.partial.is_empty()
    }

    /// The bytes of the next row, without the number of its columns; `None` when more bytes are needed.
    pub(super) fn next(&mut self, columns: usize) -> Result<Option<Bytes>, Error> {
        if self.state == State::Header && !self.skip_header()? {
            return Ok(None);
        }
        if self.state == State::Ended {
            return match self.piece.is_empty() {
                true => Ok(None),
                false => Err(malformed("has bytes after its end")),
            };
        }
        let Some(length) = row_length(&self.piece, columns)? else {
            self.keep();
            return Ok(None);
        };
        if length == 0 {
            self.piece.advance(2);
            self.state = State::Ended;
            return self.next(columns);
        }
        let mut row = self.piece.split_to(length);
        row.advance(2);
        Ok(Some(row))
    }

    fn skip_header(&mut self) -> Result<bool, Error> {
        let fixed = HEADER.len();
        let Some(header) = self.piece.get(..fixed) else {
            self.keep();
            return Ok(false);
        };
        if header[..11] != HEADER[..11] {
            return Err(malformed("does not begin with its signature"));
        }
        // The high bits of the flags are for features that a reader must know.
        if header[11] != 0 || header[12] != 0 {
            return Err(malformed("uses a feature that howdah does not know"));
        }
        let extension = [header[15], header[16], header[17], header[18]];
        let extension = u32::from_be_bytes(extension) as usize;
        if self.piece.len() < fixed + extension {
            self.keep();
            return Ok(false);
        }
        self.piece.advance(fixed + extension);
        self.state = State::Rows;
        Ok(true)
    }

    /// Keeps the rest of the piece until the next one comes.
    fn keep(&mut self) {
        self.partial.extend_from_slice(&self.piece);
        self.piece = Bytes::new();
    }
}

/// The length of the row at the start of `bytes`: 0 for the end marker, `None` if the row is not complete.
fn row_length(bytes: &[u8], columns: usize) -> Result<Option<usize>, Error> {
    let Some((count, mut rest)) = bytes.split_first_chunk() else {
        return Ok(None);
    };
    match i16::from_be_bytes(*count) {
        -1 => return Ok(Some(0)),
        count if usize::try_from(count) == Ok(columns) => {}
        count => {
            return Err(malformed(&format!(
                "has a row of {count} columns instead of {columns}"
            )));
        }
    }
    for _ in 0..columns {
        let Some((length, tail)) = rest.split_first_chunk() else {
            return Ok(None);
        };
        let length = match i32::from_be_bytes(*length) {
            -1 => 0,
            length => usize::try_from(length)
                .map_err(|_| malformed("has a value of a negative length"))?,
        };
        let Some(tail) = tail.get(length..) else {
            return Ok(None);
        };
        rest = tail;
    }
    Ok(Some(bytes.len() - rest.len()))
}

fn malformed(what: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("the data of the COPY {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rows of two columns: (1, null) and (empty, "abc").
    fn data() -> Vec<u8> {
        let mut data = HEADER.to_vec();
        data.extend_from_slice(&[0, 2, 0, 0, 0, 1, 1, 255, 255, 255, 255]);
        data.extend_from_slice(&[0, 2, 0, 0, 0, 0, 0, 0, 0, 3, b'a', b'b', b'c']);
        data.extend_from_slice(&[255, 255]);
        data
    }

    fn read(pieces: impl IntoIterator<Item = Vec<u8>>) -> Result<(Vec<Bytes>, bool), Error> {
        let mut decoder = Decoder::default();
        let mut rows = Vec::new();
        for piece in pieces {
            decoder.feed(piece.into());
            while let Some(row) = decoder.next(2)? {
                rows.push(row);
            }
        }
        Ok((rows, decoder.is_complete()))
    }

    #[test]
    fn rows_are_read_whatever_the_pieces() {
        let whole = read([data()]).unwrap();
        assert_eq!(whole.0.len(), 2);
        assert!(whole.1);
        for size in 1..data().len() {
            assert_eq!(
                read(data().chunks(size).map(<[u8]>::to_vec)).unwrap(),
                whole
            );
        }
    }

    #[test]
    fn data_that_is_cut_short_is_not_complete() {
        for length in 0..data().len() {
            assert!(!read([data()[..length].to_vec()]).unwrap().1, "{length}");
        }
    }

    #[test]
    fn data_of_another_form_is_refused() {
        let mut bytes = data();
        bytes[0] = b'X';
        assert!(read([bytes]).is_err());
        let mut bytes = data();
        bytes[HEADER.len() + 1] = 3;
        assert!(read([bytes]).is_err());
        let mut bytes = data();
        bytes.push(0);
        assert!(read([bytes]).is_err());
    }
}
