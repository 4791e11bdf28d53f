//! What an understood letter looks like in a log or a panic: what it is, not what it says.
//!
//! Not here: the words with reasons, for whoever asks for them (`explain`).

use super::Understanding;
use std::fmt;

impl fmt::Debug for Understanding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Understanding")
            .field("kind", &self.kind)
            .field("ignored", &self.ignored)
            .field("category", &self.category)
            .field("confidence", &self.confidence)
            .field("urgent", &self.urgent)
            .finish_non_exhaustive()
    }
}
