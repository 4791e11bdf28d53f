//! How postings leave: SMTP, a folder, or a script. Bytes as frozen; the outcome tells the phase it ended in.
//!
//! Not here: when and whether to send (`jobs::dispatch`), what an outcome means (`outbox`).

mod folder;
mod hello;
mod script;
mod smtp;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_server;
mod verdict;
mod wire;

pub use folder::Folder;
pub use hello::Description;
pub use script::Script;
pub use smtp::{Smtp, Timeouts};

use crate::outbox::Outcome;
use crate::settings::TransportChoice;

/// A transport of any kind.
pub enum Transport {
    /// A real server.
    Smtp(Box<Smtp>),
    /// One `.eml` for each letter.
    Folder(Folder),
    /// Remembers everything and fails on order.
    Script(Script),
}

impl Transport {
    /// As settled. Nothing is connected and no folder made until the first letter.
    pub fn open(choice: &TransportChoice) -> Transport {
        match choice {
            TransportChoice::Smtp(server) => Transport::Smtp(Box::new(Smtp::new(server.clone()))),
            TransportChoice::Folder(path) => Transport::Folder(Folder::new(path)),
        }
    }
    /// Sends one letter to one recipient. `on_data` is called (and must have made "data started" durable) before the first byte of the letter leaves;
    /// when it fails nothing is sent and the outcome is `Deferred`. The connection is kept between calls where it is sound.
    /// Dropping the future in the middle is safe for later letters: a connection with a letter under way is never used again.
    pub async fn send(&mut self, from: &str, to: &str, raw: &[u8], on_data: &mut (dyn FnMut() -> Result<(), String> + Send)) -> Outcome {
        match self {
            Transport::Smtp(t) => t.send(from, to, raw, on_data).await,
            Transport::Folder(t) => t.send(to, raw, on_data),
            Transport::Script(t) => t.send(from, to, raw, on_data),
        }
    }
    /// Ends the connection politely after a batch.
    pub async fn rest(&mut self) {
        if let Transport::Smtp(t) = self {
            t.rest().await;
        }
    }
}
