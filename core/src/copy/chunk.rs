//! Data that is gathered into messages of a length that is worth one: `CopyData`
//! ([Message Formats](https://www.postgresql.org/docs/current/protocol-message-formats.html)).

use bytes::{BufMut, BytesMut};

use crate::connect::HEADER;

/// How many bytes are sent at once. More take no less time.
pub(super) const CHUNK: usize = 64 * 1024;

/// Data, behind room for the header of its message.
pub(super) struct Chunk(BytesMut);

impl Chunk {
    pub(super) fn new() -> Self {
        let mut bytes = BytesMut::with_capacity(HEADER + CHUNK + CHUNK / 4);
        bytes.put_bytes(b'd', HEADER);
        Self(bytes)
    }

    /// Where data is added.
    pub(super) fn data(&mut self) -> &mut BytesMut {
        &mut self.0
    }

    pub(super) fn len(&self) -> usize {
        self.0.len() - HEADER
    }

    /// Whether it is worth sending.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.len() >= CHUNK
    }

    /// The message; none where there is no data.
    pub(super) fn message(&mut self) -> &[u8] {
        if self.len() == 0 {
            return &[];
        }
        // What is longer than a message can be, the server refuses.
        let length = u32::try_from(self.0.len() - 1).unwrap_or(u32::MAX);
        self.0[1..HEADER].copy_from_slice(&length.to_be_bytes());
        &self.0
    }

    /// Drops the data.
    pub(super) fn clear(&mut self) {
        self.0.truncate(HEADER);
    }
}
