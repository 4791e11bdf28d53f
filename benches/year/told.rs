//! What came of the year, in numbers.
use crate::world::World;
use std::time::Duration;
/// Prints it.
pub fn tell(world: &World, took: Duration) { println!("{} {took:?}", world.seed); }
