//! A school's world in virtual time: people, mail servers, a machine that dies, and what must hold all the while. One seed is one simulated month and
//! the same at each run.
//!
//! Files: `luck` and `weather` draw, `people`, `hand` and `stock` write letters, `machine` runs the program, `life` is the loop, `truth` knows what
//! really happened, `invariants*` and `liveness` compare, `wrong` breaks things on purpose, `counters` and `trace` tell.

mod counters;
mod hand;
mod invariants;
mod invariants_store;
mod life;
mod liveness;
mod luck;
mod machine;
mod operator;
mod people;
mod stock;
mod trace;
mod truth;
mod weather;
mod wrong;

pub use counters::Counters;
pub use life::{Options, run};
pub use wrong::Wrong;
