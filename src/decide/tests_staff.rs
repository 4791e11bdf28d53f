//! Letters of staff.
