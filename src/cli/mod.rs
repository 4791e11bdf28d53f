//! The command line: one file for each command.

pub mod check;
pub mod init;
#[cfg(test)]
mod tests;
