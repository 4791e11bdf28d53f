//! How a connection to a server begins: over TCP, or over a pipe that a test or the simulator hands in. What is spoken over it is the same
//! either way; TLS and the rule against plain passwords belong to real connections.

use std::fmt;
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};

/// Anything bytes travel over: TCP, TLS over it, a pipe.
pub trait Io: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug> Io for T {}

/// Makes a connection, or fails as a server that is away does.
pub type Pipes = Arc<dyn Fn() -> io::Result<Box<dyn Io>> + Send + Sync>;

/// Where connections come from.
#[derive(Clone, Default)]
pub enum Dial {
    /// The server of the configuration, by TCP and as encrypted as it says.
    #[default]
    Tcp,
    /// Pipes that somebody hands in: no name is looked up, nothing is encrypted.
    Pipes(Pipes),
}

impl fmt::Debug for Dial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Dial::Tcp => "Tcp",
            Dial::Pipes(_) => "Pipes",
        })
    }
}
