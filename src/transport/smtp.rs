//! SMTP submission, phase by phase, over lettre's low-level connection.
use crate::outbox::Outcome;
use crate::settings::Server;

/// A connection, made when needed.
pub struct Smtp {}

impl Smtp {
    /// Nothing is connected until the first letter.
    pub fn new(_server: Server) -> Smtp {
        Smtp {}
    }
    pub(super) async fn send(&mut self, _from: &str, _to: &str, _raw: &[u8], _on_data: &mut (dyn FnMut() -> Result<(), String> + Send)) -> Outcome {
        Outcome::Deferred("not yet".into())
    }
    pub(super) async fn rest(&mut self) {}
}
