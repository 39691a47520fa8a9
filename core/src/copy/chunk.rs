//! Collects data into `CopyData` messages of a good size ([Message
//! Formats](https://www.postgresql.org/docs/current/protocol-message-formats.html)).

use bytes::{BufMut, BytesMut};

use crate::connect::HEADER;

/// The size of a message. Larger ones are not faster.
pub(super) const CHUNK: usize = 64 * 1024;

/// Data, with room for the header of its message before it.
pub(super) struct Chunk(BytesMut);

impl Chunk {
    pub(super) fn new() -> Self {
        let mut bytes = BytesMut::with_capacity(HEADER + CHUNK + CHUNK / 4);
        bytes.put_bytes(b'd', HEADER);
        Self(bytes)
    }

    /// The buffer to append data to.
    pub(super) fn data(&mut self) -> &mut BytesMut {
        &mut self.0
    }

    pub(super) fn len(&self) -> usize {
        self.0.len() - HEADER
    }

    /// Whether it is large enough to be sent.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.len() >= CHUNK
    }

    /// The message. Empty if there is no data.
    pub(super) fn message(&mut self) -> &[u8] {
        if self.len() == 0 {
            return &[];
        }
        // The server rejects a message with such a length.
        let length = u32::try_from(self.0.len() - 1).unwrap_or(u32::MAX);
        self.0[1..HEADER].copy_from_slice(&length.to_be_bytes());
        &self.0
    }

    /// Drops the data.
    pub(super) fn clear(&mut self) {
        self.0.truncate(HEADER);
    }
}
