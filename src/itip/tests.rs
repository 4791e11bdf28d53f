//! Tests of `itip`.
