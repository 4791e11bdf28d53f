//! Tests of `slots`.
