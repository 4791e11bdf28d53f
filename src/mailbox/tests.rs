//! Tests of `mailbox`: a fake server on loopback, and the parts.

mod fake;
mod folders;
mod letters_lost;
mod odd_servers;
mod parts;
mod recorded;
mod times;
