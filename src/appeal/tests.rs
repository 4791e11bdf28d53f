//! The whole state x move table, as a reviewer reads it.

use super::{Move, State, after};
use std::fmt::Write;

#[test]
fn every_state_and_move() {
    let mut table = String::new();
    for state in State::ALL {
        for step in Move::ALL {
            let cell = match after(state, step) {
                Ok(next) => next.key().to_owned(),
                Err(refusal) => format!("no: {refusal}"),
            };
            writeln!(table, "{:<10} {:<7} {cell}", state.key(), format!("{step:?}")).unwrap();
        }
    }
    insta::assert_snapshot!(table, @r"
    undecided  Assign  assigned
    undecided  Take    taken
    undecided  Invite  no: nobody has the appeal yet; assign it first (order N assign ID)
    undecided  Ask     undecided
    undecided  Extend  undecided
    undecided  Close   closed
    undecided  Reopen  no: appeal is open already
    assigned   Assign  assigned
    assigned   Take    taken
    assigned   Invite  taken
    assigned   Ask     undecided
    assigned   Extend  assigned
    assigned   Close   closed
    assigned   Reopen  no: appeal is open already
    taken      Assign  assigned
    taken      Take    taken
    taken      Invite  taken
    taken      Ask     undecided
    taken      Extend  taken
    taken      Close   closed
    taken      Reopen  no: appeal is open already
    closed     Assign  no: appeal is closed; reopen it first (order N reopen)
    closed     Take    no: appeal is closed; reopen it first (order N reopen)
    closed     Invite  no: appeal is closed; reopen it first (order N reopen)
    closed     Ask     no: appeal is closed; reopen it first (order N reopen)
    closed     Extend  no: appeal is closed; reopen it first (order N reopen)
    closed     Close   no: appeal is closed; reopen it first (order N reopen)
    closed     Reopen  assigned
    ");
}
