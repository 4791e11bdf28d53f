//! Tests of `worktime`.
