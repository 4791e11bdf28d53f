//! Otklik: letters to a school become answered appeals. The architecture is described here.

pub mod appeal;
pub mod cli;
pub mod clock;
pub mod compose;
pub mod config;
pub mod daemon;
pub mod decide;
pub mod effect;
pub mod facts;
pub mod itip;
pub mod jobs;
pub mod mailbox;
pub mod message;
pub mod outbox;
pub mod report;
pub mod settings;
pub mod slots;
pub mod store;
pub mod transport;
pub mod understand;
pub mod worktime;
